#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The initial load and rounds after it, with the standard maps: accounts of the
# cloud go to ERP.

begin load "$root/mappings/standard.map" --seed cloud.CorporateAccount=40

p check
ends "load: check" 0 "ok     cloud" "ok     erp" \
    "credentials: accepted; without them it answers HTTP 401"
mv "$dir/p.erp.secret" "$dir/kept"
(umask 077 && printf falsch > "$dir/p.erp.secret")
p check
ends "load: check with another password" 5 \
    "WRONG  erp        the credentials are refused (HTTP 401)"
mv "$dir/kept" "$dir/p.erp.secret"
ask_for erp stats
expect "load: checks have no effect" 200 '"creates":0' '"refused":0'
p plan --samples 1
ends "load: plan" 0 "created 40" "Account erp created 50000"
ask_for erp stats
expect "load: it wrote nothing" 200 '"creates":0'
p status
ends "load: nor a store" 0 "nothing has run"

p load --quiet 1 --format json
ends "load: all of them" 0 '"complete":true' '"system":"erp","created":40'
ask_for erp stats
expect "load: they are there" 200 '"creates":40'
p once --format json
ends "load: nothing more" 0 '"system":"erp","created":0,"updated":0'
p load --quiet 0 --format json
ends "load: nor by another load" 0 '"system":"erp","created":0,"updated":0'
ask_for erp stats
expect "load: no duplicates" 200 '"creates":40' '"updates":0'

tell cloud edit '{"object":"CorporateAccount","key":"5000007",
    "set":{"City":"Neumusterstadt"}}'
p plan
ends "load: plan shows a change" 0 "updated 1" '"Neumusterstadt" replaces'
p once
ends "load: a change goes over" 0 "Account          erp         updated 1"
ask_for erp 'record?object=DEBMAS06&key=0005000007'
expect "load: it is there" 200 '"ORT01":"Neumusterstadt"'

p explain erp Account 5000007 ORT01
ends "load: explain" 0 "is one with cloud CorporateAccount 5000007" \
    "the value came from cloud" 'result       "Neumusterstadt"'
p explain cloud Account 5000007 Phone --json
ends "load: personal values are not in the JSON" 0 \
    '"field":"cloud.Phone","state":"value","personal":true'
lacks "load: not one" '"value":'
p explain cloud Account 5000007 Phone --json --show-personal
ends "load: unless asked for" 0 '"field":"cloud.Phone","state":"value","value":"'
p explain erp DEBMAS06 5000007 ORT02X
ends "load: explain a field that isn't" 2 "did you mean ORT02?"
p explain erp Acount 5000007
ends "load: explain an object that isn't" 2 "did you mean Account?"
p status --format json
ends "load: status" 0 '"links":40,"messages":0,"intents":0,"parked":0'

p ids export
ends "load: ids" 0 "map,left,right" "Account,5000007,0005000007"
same "load: a row each" 41 "$(wc -l < "$tmp/out" | tr -d ' ')"
cp "$tmp/out" "$dir/ids.csv"
cp "$tmp/out" "$dir/kept.csv"
p ids import "$dir/ids.csv"
ends "load: ids known" 0 "0 links made, 40 known"
{ printf '\357\273\277' && cat "$dir/kept.csv"; } > "$dir/ids.csv"
p ids import "$dir/ids.csv"
ends "load: ids of a spreadsheet" 0 "0 links made, 40 known"
printf 'Account,5000007,0009999999\n' > "$dir/ids.csv"
p ids import "$dir/ids.csv"
ends "load: ids that can't be" 2 "line 1: one of the keys has another partner" \
    "nothing was imported"
printf 'map,left,right\nAccount,4711,0000004711\nAcount,1,2\n' > "$dir/ids.csv"
p ids import "$dir/ids.csv"
ends "load: all or none" 2 "line 3: there is no replicated map"
p status --format json
ends "load: none" 0 '"links":40'

p load --quiet 0
p privacy disclose 5000007
ends "load: what is kept" 0 "link" "key 0005000007" "decision of" \
    "cloud     a hash of the record's bytes as they last came" \
    "created: the value of cloud, by the record as a whole"
p privacy erase 5000007
ends "load: erase keeps the link" 0 "stays, with keys and hashes"
p privacy erase 5000007 --forget
ends "load: unless told" 0 "links 1"
p privacy disclose 5000007
ends "load: nothing is kept" 0 "nothing is kept of 5000007"

# Without its key the store is no use, and another key is refused.
mv "$dir/standard.key" "$dir/other.key"
p status
ends "load: no key" 2 "standard.key"
(umask 077 && printf "%064d\n" 7 > "$dir/standard.key")
p once
ends "load: another key" 2 "made with another key"
mv "$dir/other.key" "$dir/standard.key"

# A system that is down: what can't be done waits.
tell cloud edit '{"object":"CorporateAccount","key":"5000008",
    "set":{"City":"Warteburg"}}'
MAPC_SYSTEMS_ERP_URL=http://127.0.0.1:9/idoc MAPC_LIMITS_BACKOFF_MS=1 \
    MAPC_LIMITS_BREAKER=2 p once
ends "load: a system is down" 3 "a system does not answer" \
    "the last failure of erp: "
p once
ends "load: it is made up for" 0 "updated 1"

# It answers, but not so that a search gets on: which one, and why.
wrong=$(sed -n 's/^cloud //p' "$dir/ready" | sed 's/c4codataapi/c4cwrong/')
for command in "load --quiet 0 --patience 2" once plan; do
    MAPC_SYSTEMS_CLOUD_URL=$wrong p $command
    ends "load: a wrong address: $command" 3 "the last failure of cloud: HTTP 404"
done
(umask 077 && printf falsch > "$dir/wrong.secret")
for command in "load --quiet 0 --patience 2" once plan; do
    MAPC_SYSTEMS_CLOUD_AUTH_PASSWORD="file:$dir/wrong.secret" p $command
    ends "load: a wrong password: $command" 3 \
        "the last failure of cloud: HTTP 401"
done
export MAPC_SYSTEMS_CLOUD_URL="$wrong" MAPC_STORE_FILE="$dir/new.db"
serve
until_true has_line "warning retry map=Account system=cloud: HTTP 404" &&
    ok "load: run says that it can't search" ||
    bad "load: run says that it can't search" "$(tail -n 3 "$dir/log")"
p status
ends "load: so does status" 0 "cloud failed last at " ": HTTP 404"
p status --format json
ends "load: and its JSON" 0 '"failures":[{"system":"cloud","left_alone":false,"at":"'
stop $served

# Gone, and back: the log says both.
unset MAPC_SYSTEMS_CLOUD_URL
export MAPC_LIMITS_BREAKER=2 MAPC_LIMITS_BREAKER_PAUSE_MS=200
tell cloud faults '{"rules":[{"do":"down","seconds":600}]}'
serve
until_true has_line "warning breaker map=Account system=cloud" &&
    ok "load: run says that a system is gone" ||
    bad "load: run says that a system is gone" "$(tail -n 3 "$dir/log")"
tell cloud faults '{"rules":[]}'
until_true has_line "info recovered: cloud answers again" &&
    ok "load: run says that it is back" ||
    bad "load: run says that it is back" "$(tail -n 3 "$dir/log")"
stop $served
unset MAPC_STORE_FILE MAPC_LIMITS_BREAKER MAPC_LIMITS_BREAKER_PAUSE_MS
stop $box

# ERP's message may be from before what was written there, so its value, which
# won, is written once more: it is still ERP's.
begin origin "$root/mappings/standard.map" --seed cloud.CorporateAccount=2
p load --quiet 0
tell cloud edit '{"object":"CorporateAccount","key":"5000001",
    "set":{"City":"Musterdorf"}}'
p once
ends "load: the cloud's value goes over" 0 "updated 1"
sleep 1.1
tell erp edit '{"object":"DEBMAS06","key":"0005000001",
    "set":{"ORT01":"Musterburg"}}'
p load --quiet 1
# A contact whose name is only in the cloud can't be made of it.
ends "load: a conflict" 1 "conflict 1" "Contact          erp         parked 1"
p explain cloud Account 5000001 City
ends "load: whose value it is" 0 "the value came from erp" \
    "conflict, newest: erp's value" "written once more: erp's value"
p explain cloud Account 5000001 City --json
ends "load: whose value it is, as JSON" 0 '"from":"erp","row":false}' \
    '"outcome":"written once more","policy":"","from":"erp"'
ask_for erp 'record?object=DEBMAS06&key=0005000001'
expect "load: it has it" 200 '"ORT01":"Musterburg"'
stop $box
