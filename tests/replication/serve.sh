#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The inbound endpoint: messages are kept before they are answered, what is
# wrong is refused and kept nowhere.

begin serve "$root/mappings/standard.map" --seed erp.DEBMAS06=5
serve
printf 'user = "erp:%s"\n' "$(cat "$dir/p.inbound.secret")" > "$dir/curl.in"
post() {        # FILE CURL-ARGUMENT…
    file=$1
    shift
    request -K "$dir/curl.in" -H "content-type: ${type:-text/xml}" \
        --data-binary @"$file" "$@" "http://$inbound/idoc/erp"
}

request "http://$inbound/healthz"
expect "serve: health" 200 ok
request "http://$inbound/readyz"
expect "serve: ready" 200 ready
request -I "http://$inbound/healthz"
expect "serve: health without its body" 200 "Content-Length: 3"
request -I "http://$inbound/idoc/erp"
expect "serve: messages can't be got" 405 "Allow: POST"
request "http://$inbound/metrics"
expect "serve: metrics" 200 "mapc_links 0" \
    "# TYPE mapc_records_total counter" "# TYPE mapc_up_seconds gauge"

tell erp edit '{"object":"DEBMAS06","key":"0001000001",
    "set":{"ORT01":"Neumusterstadt"}}'
created() {
    ask_for cloud 'records?object=CorporateAccount'
    grep -q '"City":"Neumusterstadt"' "$tmp/body"
}
until_true created && ok "serve: a message goes over" ||
    bad "serve: a message goes over" "$(tail -n 3 "$dir/log")"

cat > "$dir/one.xml" << 'X'
<?xml version="1.0"?><DEBMAS06><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1">
<TABNAM>EDI_DC40</TABNAM><DOCNUM>0000000000990001</DOCNUM><IDOCTYP>DEBMAS06</IDOCTYP>
<MESTYP>DEBMAS</MESTYP><SNDPRN>ERP</SNDPRN></EDI_DC40><E1KNA1M SEGMENT="1">
<MSGFN>009</MSGFN><KUNNR>0000990001</KUNNR><KTOKD>0001</KTOKD><LAND1>DE</LAND1>
<NAME1>Muster Neun GmbH</NAME1><ORT01>Neundorf</ORT01></E1KNA1M></IDOC></DEBMAS06>
X
post "$dir/one.xml"
expect "serve: kept" 200 "<DOCNUM>0000000000990001</DOCNUM><STATUS>64</STATUS>"

# An older message that comes behind a newer one changes nothing: neither the
# customer nor the contact below, which is a record of another map.
older() {       # TIME CITY NAME
    sed "s|0000990001</KUNNR>|0000990005</KUNNR>|
        s|<SNDPRN>ERP</SNDPRN>|&<SERIAL>20260101$1</SERIAL>|
        s|Neundorf</ORT01>|$2</ORT01><E1KNVKM SEGMENT=\"1\"><MSGFN>009</MSGFN><PARNR>0000770001</PARNR><NAME1>$3</NAME1></E1KNVKM>|" \
        "$dir/one.xml" > "$dir/older.xml"
    post "$dir/older.xml"
    expect "serve: of $1" 200 "<STATUS>64"
}
arrived() {     # CITY NAME
    ask_for cloud 'record?object=CorporateAccount&key=990005'
    grep -q "\"City\":\"$1\"" "$tmp/body" || return
    ask_for cloud 'record?object=Contact&key=770001'
    grep -q "\"LastName\":\"$2\"" "$tmp/body"
}
older 080000 Altdorf Muster
until_true arrived Altdorf Muster && ok "serve: a contact goes over, too" ||
    bad "serve: a contact goes over, too" "$(tail -n 3 "$dir/log")"
older 080200 Neudorf Beispiel
until_true arrived Neudorf Beispiel && ok "serve: a newer one" ||
    bad "serve: a newer one" "$(tail -n 3 "$dir/log")"
older 080100 Mitteldorf Probst
nothing_waits() {
    request "http://$inbound/metrics"
    grep -q '^mapc_inbox_messages 0' "$tmp/body"
}
until_true nothing_waits
arrived Neudorf Beispiel && ok "serve: an older one changes nothing" ||
    bad "serve: an older one changes nothing" "$(cat "$tmp/body")"

# Of a message of two, in which one is parked, the other one's texts go.
{
    sed 's|</DEBMAS06>||; s|990001</K|990006</K|; s|Muster Neun|Muster Sechs|' \
        "$dir/one.xml"
    sed '1s|.*<DEBMAS06>||; s|990001</K|990007</K|; s|Muster Neun|Muster Sieben|
        s|>DE<|>QQ<|' "$dir/one.xml"
} > "$dir/both.xml"
post "$dir/both.xml"
expect "serve: two in one" 200 "</IDOC><IDOC>"
one_is_parked() {
    request "http://$inbound/metrics"
    grep -q '^mapc_parked 1' "$tmp/body"
}
until_true one_is_parked && ok "serve: one of them is parked" ||
    bad "serve: one of them is parked" "$(tail -n 3 "$dir/log")"
p privacy disclose 990006
ends "serve: the other one is not kept" 0 "link " " of Account"
lacks "serve: nor its message" "message"
p privacy disclose 0000990007
ends "serve: of the parked one is told" 0 "of Account, rule" \
    "  its IDoc, " "Muster Sieben"
lacks "serve: and nothing of the other one" "Sechs"
p privacy erase 0000990007
ends "serve: the parked one is removed" 0 "removed: parked records 1"
until_true nothing_waits && ok "serve: and its message" ||
    bad "serve: and its message" "$(cat "$tmp/body")"
p privacy disclose 0000990007
ends "serve: nothing is left of it" 0 "nothing is kept of"
printf '<DEBMAS06><IDOC BEGIN="1"><EDI_DC40' > "$dir/broken.xml"
post "$dir/broken.xml"
expect "serve: malformed" 400 "<error>" "line 1, column "
printf '<ANYTHING/>' > "$dir/other.xml"
post "$dir/other.xml"
expect "serve: no message of ours" 400 "<error>"
: > "$dir/empty.xml"
post "$dir/empty.xml"
expect "serve: empty" 400 "there is nothing in it"
type=application/json post "$dir/one.xml"
expect "serve: wrong type" 415
post "$dir/one.xml" -u erp:falsch
expect "serve: wrong credentials" 401
request -H 'content-type: text/xml' --data-binary @"$dir/one.xml" \
    "http://$inbound/idoc/erp"
expect "serve: none" 401
request -K "$dir/curl.in" -H 'content-type: text/xml' \
    --data-binary @"$dir/one.xml" "http://$inbound/idoc/cloud"
expect "serve: a system that sends none" 404
request "http://$inbound/etc/passwd"
expect "serve: nothing there" 404
created_nine() {
    ask_for cloud 'records?object=CorporateAccount'
    grep -q '"City":"Neundorf"' "$tmp/body"
}
until_true created_nine && ok "serve: the good one went over" ||
    bad "serve: the good one went over" "$(tail -n 3 "$dir/log")"
request "http://$inbound/metrics"
expect "serve: nothing is left over" 200 "mapc_inbox_messages 0"
judged=$(awk -f "$root/tests/replication/exposition.awk" "$tmp/body")
series=${judged% series}
[ "$series" -ge 12 ] 2> /dev/null && ok "serve: metrics by the rules" ||
    bad "serve: metrics by the rules" "$(echo "$judged" | head -n 3)"
if grep -q -e Neundorf -e "Muster Neun" "$dir/log"; then
    bad "serve: no value in the log" "$(grep -m 1 Neun "$dir/log")"
else
    ok "serve: no value in the log"
fi

# Killed at once after the answer: the message is there afterwards.
sed 's/990001/990002/g; s/Neundorf/Zehndorf/' "$dir/one.xml" > "$dir/two.xml"
tell cloud faults '{"rules":[{"do":"status","status":503}]}'
post "$dir/two.xml"
expect "serve: kept while the cloud is down" 200
kill -9 $served
wait $served 2> /dev/null
tell cloud faults '{"rules":[]}'
p once
ends "serve: done after a crash" 0 "created 1"
ask_for cloud 'records?object=CorporateAccount'
expect "serve: it is there" 200 '"City":"Zehndorf"'

# Whoever asks for a change and says no more doesn't hold up the end.
MAPC_LOG_FORMAT=json serve
sleep 9 | curl -s -m 9 --unix-socket "$dir/standard.db.sock" \
    telnet://localhost > /dev/null 2>&1 &
silent=$!
sleep 0.3
begun=$(date +%s)
stop $served
[ $(($(date +%s) - begun)) -le 4 ] && ok "serve: ends at once" ||
    bad "serve: ends at once" "$(($(date +%s) - begun)) s"
kill $silent 2> /dev/null
has_line '"event":"stopped"' && ok "serve: the log as JSON" ||
    bad "serve: the log as JSON" "$(tail -n 1 "$dir/log")"
stop $box

# Products come from ERP and their key goes one way: of such a link only the
# cloud's key is known, so it is no pair.
begin oneway "$root/mappings/demo.map" --seed erp.MATMAS05=2
serve
tell erp send '{"object":"MATMAS05"}'
two_links() {
    p ids export --technical
    [ "$(grep -c '^Product,[0-9]*,,' "$tmp/out")" = 2 ]
}
until_true two_links && ok "serve: links of one key" ||
    bad "serve: links of one key" "$(cat "$tmp/out" "$tmp/err")"
lacks "serve: --technical leaves none out" "not among them"
p ids export
ends "serve: they are no pairs, which is said" 0 \
    "2 links are not among them: only one side's key"
same "serve: only the line of names" "map,left,right" "$(cat "$tmp/out")"
stop $served
stop $box
