#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shows the main job once: two systems on this machine, made from the schemas of
# the packaged maps; the initial load; edits on both sides, some of the same
# record and of the same field; what became of them and why. All that is shown
# comes out of the programs and the systems. Ends with a failure where a step
# does not do what it says. KEEP=1 leaves both systems and the program running.
#   tools/demo.sh BUILD [RECORDS]
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."
records=${2:-1000}
mapc=$1/mapc
demo=$1/demo
program=$demo/demo
MAPC_HOME=$(pwd)
export MAPC_HOME
mkdir -p "$demo"
rm -rf "$demo/live"
mkdir "$demo/live"
live=$demo/live
MAPC_CONFIG=$live/demo.json
export MAPC_CONFIG
keep=${KEEP:-0}
sandbox='' running=''

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi

say() { printf '  %s\n' "$1"; }
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
shown() { printf '%s  $ %s%s\n' "$dim" "$*" "$plain"; }
indent() { sed 's/^./  &/'; }
fail() { echo "demo: $1" >&2; exit 1; }
run() {
    shown "$@"
    "$@" | indent
}

# Only what was started here, by its number.
stop() {
    [ -z "$running" ] || kill "$running" 2>/dev/null || true
    [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Tries until it is so, at most so many tenths of a second.
until_so() {            # TENTHS WHAT COMMAND...
    left=$1 what=$2
    shift 2
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "$what took too long"
        sleep 0.1
    done
}

# --- the sandbox's control address ---

control() {             # URL PATH [JSON]
    if [ $# -eq 3 ]; then
        curl -s -S -f -o "$live/answer.json" -d "$3" "$1/sandbox/$2"
    else
        curl -s -S -f "$1/sandbox/$2"
    fi || fail "the sandbox refused $2: $(cat "$live/answer.json" 2>/dev/null)"
}
number() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"; }
# The first value of that name: fields of the record stand before its rows.
field() {               # URL OBJECT KEY FIELD
    control "$1" "record?object=$2&key=$3" |
        sed -n "s/^[^[]*[{,]\"$4\": *\"\{0,1\}\([^\",]*\).*/\1/p" | head -n 1
}
queue_empty() { [ "$(control "$erp" stats | number queue)" = 0 ]; }
idle() {
    queue_empty && ! "$program" status | grep -q ' in work' &&
        "$program" status | grep -q ' 0 writes open'
}

title "1  Two systems on this machine, made from the maps' schemas"
"$mapc" build -o "$program" mappings/demo.map
shown "$mapc sandbox --seed erp.DEBMAS06=$records …"
"$mapc" sandbox --stop-after "$([ "$keep" = 0 ] && echo 300 || echo 0)" \
    --config "$MAPC_CONFIG" --ready "$live/ready" \
    --seed "erp.DEBMAS06=$records" --seed "erp.MATMAS05=$records" \
    --seed "cloud.CustomerOrder=$records" --packet 20 \
    mappings/demo.map >"$live/sandbox.log" 2>&1 &
sandbox=$!
until_so 300 "starting the sandbox" test -s "$live/ready"
cloud=$(sed -n 's|^cloud *\(http://[^/]*\)/.*|\1|p' "$live/ready")
erp=$(sed -n 's|^erp *\(http://[^/]*\)/.*|\1|p' "$live/ready")
say "Cloud for Customer at $cloud: $records orders"
say "ERP at $erp: $records customers with contacts, $records materials"
run "$program" check

title '2  Initial load: what one of them has, the other one gets'
control "$erp" send '{"object":"DEBMAS06"}'
control "$erp" send '{"object":"MATMAS05"}'
say "ERP sends all customers and materials as IDocs; orders are read by OData and"
say "wait for the accounts that they name."
shown "$program load"
"$program" load --quiet 2 >"$live/load.txt" 2>&1 || true
grep -v '^[0-9]* of ' "$live/load.txt" | indent
have=$(control "$cloud" stats)
[ "$(echo "$have" | number CorporateAccount)" = "$records" ] ||
    fail "not every customer is in the cloud"
[ "$(echo "$have" | number Product)" = "$records" ] ||
    fail "not every material is in the cloud"
[ "$(control "$erp" stats | number ORDERS05)" = "$records" ] ||
    fail "not every order is in ERP"

title '3  Users edit on both sides'
edit() {                # SYSTEM OBJECT KEY SET WORDS
    eval "url=\$$1"
    # shellcheck disable=SC2154
    control "$url" edit "{\"object\":\"$2\",\"key\":\"$3\",\"set\":$4}"
    printf '  %-6s %-10s %s\n' "$1" "$3" "$5"
}
edit cloud CorporateAccount 1000001 '{"Mobile":"+49 170 5550001"}' \
    'a mobile number'
edit erp DEBMAS06 0001000002 '{"BRAN1":"AUTO"}' 'another industry'
edit cloud CorporateAccount 1000003 '{"Phone":"+49 711 555333"}' \
    'a phone number, while …'
edit erp DEBMAS06 0001000003 '{"BRAN1":"CHEM"}' \
    '… ERP changes the industry of the same customer'
edit cloud CorporateAccount 1000004 \
    '{"Phone":"+49 711 555444","City":"Musterdorf"}' 'phone number and city, while …'
sleep 1.1                # IDocs tell when they were made in seconds
edit erp DEBMAS06 0001000004 '{"TELF1":"+49 711 555999","ORT01":"Musterburg"}' \
    '… ERP changes the same fields of the same customer'
edit cloud CorporateAccount 1000005 \
    '{"Name":"Muster Maschinenbau und Anlagentechnik"}' \
    'a name of 38 characters: ERP has 35'

title '4  Replication'
shown "$program run"
"$program" run >"$live/run.log" 2>&1 &
running=$!
until_so 200 "the program's start" grep -q ' listening' "$live/run.log"
until_so 300 "replication" grep -q 'parked map=Account' "$live/run.log"
until_so 300 "replication" idle
sed -n 's/^[^ ]*T\([0-9:]*\)[^ ]* [a-z]* *\(created\|updated\|conflict\|parked\) /\1 \2 /p' \
    "$live/run.log" | indent

title '5  The outcome, as both systems have it now'
row() {                 # KEY CLOUD_FIELD ERP_FIELD
    left=$(field "$cloud" CorporateAccount "100000$1" "$2")
    right=$(field "$erp" DEBMAS06 "000100000$1" "$3")
    printf '  %-9s %-21s %-40s %-6s %s\n' "100000$1" "$2" "${left:-nothing}" \
        "$3" "${right:-nothing}"
}
same() {
    row "$@"
    [ "$left" = "$right" ] || fail "$2 and $3 of $1 differ"
}
same 1 Mobile TELF2
same 2 IndustrialSectorCode BRAN1
same 3 Phone TELF1
same 3 IndustrialSectorCode BRAN1
same 4 Phone TELF1
[ "$left" = '+49 711 555444' ] || fail "the phone number is the cloud's by its rule"
same 4 City ORT01
[ "$left" = Musterburg ] || fail "the newest city should have won"
row 5 Name NAME1
[ "$left" != "$right" ] || fail "a name that is too long got through"

title '6  Why? The conflict, and what waits'
run "$program" explain cloud Account 1000004 City
run "$program" explain cloud Account 1000004 Phone
run "$program" parked list

if [ "$keep" != 0 ]; then
    title 'Running'
    say "cloud  $cloud/sap/c4c/odata/v1/c4codataapi/"
    say "erp    $erp/idoc"
    say "export MAPC_CONFIG=$live/demo.json"
    say "$program status"
    say "curl $cloud/sandbox/edit -d '{\"object\":\"CorporateAccount\",\"key\":\"1000009\",\"set\":{\"City\":\"Musterau\"}}'"
    say "tail -f $live/run.log"
    say "kill $running $sandbox        stops both"
    trap - EXIT
    exit 0
fi

title '7  Nothing is left to do'
kill "$running"
wait "$running" || fail "the program did not stop well"
running=''
before=$(control "$cloud" stats | number updates)
run "$program" once
[ "$(control "$cloud" stats | number updates)" = "$before" ] ||
    fail "something was written although nothing had changed"

title 'Next'
say "make demo KEEP=1 leaves all of it running"
say "make demo-documents: maps and documents, without systems"
say "README.md has the tour, docs/ the rest"
