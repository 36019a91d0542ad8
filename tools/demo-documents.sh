#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shows maps and documents, without systems: maps are checked and compiled, documents go through
# the program both ways, some do not get through, a mistake is found. All
# values that are shown come out of the programs; whole documents stay in the
# folder documents of the build. Ends with a failure where a step does.
#   tools/demo-documents.sh BUILD
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."
mapc=$1/mapc
demo=$1/documents
program=$demo/standard
samples=mappings/erp/samples
MAPC_HOME=$(pwd)
export MAPC_HOME
rm -rf "$demo"
mkdir -p "$demo"

bold='' dim='' plain='' color=never
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
    color=always
fi

say() { printf '  %s\n' "$1"; }
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
shown() { printf '%s  $ %s%s\n' "$dim" "$*" "$plain"; }
indent() { sed 's/^./  &/' "$1"; }
fail() { echo "demo: $1" >&2; exit 1; }
# In nanoseconds, where date knows them.
now() { date +%s%N | sed 's/%*N$/000000000/'; }
ms_since() { echo $((($(now) - $1) / 1000000)); }
size() { wc -c <"$1" | tr -d ' '; }

# Shows a command and runs it, as it is.
run() {
    shown "$@"
    "$@"
}

# What must end with this code and no other.
expect() {              # CODE COMMAND...
    wanted=$1
    shift
    code=0
    "$@" || code=$?
    [ "$code" -eq "$wanted" ] || fail "$1 ended with $code, not $wanted"
}

# The first value of that name in a document that is written a line each;
# NAME@TEXT is the first one behind a line with that text.
value_of() {            # FILE NAME
    from=.
    case $2 in *@*) from=${2#*@} ;; esac
    name=${2%%@*}
    case $1 in
    *.json) find='^ *"'$name'": *"\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$' ;;
    *.xml) find="^ *<$name>\(.*\)</$name>\$" ;;
    esac
    sed -n "\|$from|,\$ { \|$find|{ s||\1|; p; q; }; }" "$1"
}

source_values() {       # FILE NAME,NAME
    echo "$2" | tr , '\n' | while read -r one; do
        value=$(value_of "$1" "$one")
        printf '%s' "${value:-nothing}, "
    done | sed 's/, $//'
}

# Filled up by characters, not bytes.
columns() {             # FILE
    awk -F '\t' 'function pad(text, width,    chars) {
        chars = text; gsub(/[\200-\277]/, "", chars)
        return sprintf("%s%*s", text, width - length(chars), "")
    }
    { printf "  %s  %s  %s\n", pad($1, 24), pad($2, 21), $3 }' "$1"
}

# One document through the program; then, for each line of standard input, the
# values on both sides and the rule that the program says it was. A line names
# the fields in the source, the field in the target, and the target field as
# its rule has it.
convert() {             # MAP FROM TO SAMPLE RESULT
    "$program" map "$1" --from "$2" --ids "$samples/ids.csv" --pretty \
        -o "$demo/$5" "$samples/$4"
    printf '\n%s  %s, %s -> %s%s  %s, %s bytes -> %s, %s bytes\n' "$bold" \
        "$1" "$2" "$3" "$plain" "$4" "$(size "$samples/$4")" \
        "$5" "$(size "$demo/$5")"
    while read -r from to target; do
        "$program" map "$1" --from "$2" --ids "$samples/ids.csv" \
            --trace "$target" "$samples/$4" \
            >/dev/null 2>"$demo/trace.txt" || fail "no trace of $target"
        rule=$(sed -n '2s/^  [^ ]*: //p' "$demo/trace.txt")
        traced=$(sed -n 's/^  result *"\(.*\)"$/\1/p' "$demo/trace.txt" | head -n 1)
        result=$(value_of "$demo/$5" "$to")
        case $result in
        '/Date('*) ;;
        '' | "$traced") [ -n "$result" ] || fail "$5 has no $to" ;;
        *) fail "$to is $result in $5, but its rule made $traced" ;;
        esac
        printf '%s\t%s\t%s\n' "$(source_values "$samples/$4" "$from")" \
            "$result" "$rule"
    done >"$demo/table.txt"
    columns "$demo/table.txt"
}

title '1  Check and compile: four maps between Cloud for Customer and SAP ERP'
start=$(now)
shown "$mapc check mappings/standard.map"
"$mapc" check --color $color mappings/standard.map
took=$(ms_since "$start")
"$mapc" dump plan mappings/standard.map >"$demo/plan.txt"
sed -n 's/^ *set_[^ ]*  \(.*\)$/\1/p' "$demo/plan.txt" | sort -u >"$demo/rules.txt"
awk -v took="$took" -v rules="$(grep -c . "$demo/rules.txt")" \
    -v both="$(grep -c ' <[~-]> ' "$demo/rules.txt")" '
/^codes / { tables++; rows += $3 > $7 ? $3 : $7 }
END {
    printf "  No findings, %d ms: %d rules, %d of them both ways, ", took, rules, both
    printf "%d code tables, %d rows,\n", tables, rows
    print "  all checked against the schemas of both systems."
}' "$demo/plan.txt"
start=$(now)
run "$mapc" build --keep -d "$demo/c" -o "$program" mappings/standard.map
took=$(ms_since "$start")
say "$(cat "$demo"/c/*.c | grep -c .) lines of C, one program of $(($(size "$program") / 1024)) KB, $took ms."

title '2  Map: documents as the systems write them, with made-up values'
shown "$program map Account --from cloud --pretty $samples/account_cloud.json"
say "and so on. What came in, what went out, and the rule between them:"
convert Account cloud erp account_cloud.json account_to_erp.xml <<'ROWS'
AccountID KUNNR KUNNR
Name SORTL SORTL
Street,HouseNumber STRAS STRAS
LanguageCode SPRAS SPRAS
StateCode REGIO REGIO
CustomerABCClassificationCode KUKLA KUKLA
ROWS
convert Account erp cloud account_erp.xml account_to_cloud.json <<'ROWS'
KUNNR AccountID AccountID
SPRAS LanguageCode LanguageCode
LOEVM,SPERR LifeCycleStatusCode LifeCycleStatusCode
PFACH POBoxIndicator POBoxIndicator
AUTLF CompleteDeliveryRequestedIndicator CompleteDeliveryRequestedIndicator
ROWS
convert Product erp cloud product_erp.xml product_to_cloud.json <<'ROWS'
MATNR ProductID ProductID
MEINS BaseUOM BaseUOM
MATKL ProductCategoryID ProductCategoryID
ROWS
convert Order cloud erp order_cloud.json order_to_erp.xml <<'ROWS'
DateTime DATUM E1EDK03[IDDAT = "012"].DATUM
ProcessingTypeCode BSART E1EDK01.BSART
BuyerPartyID PARTN E1EDKA1[PARVW = "AG"].PARTN
ROWS
convert Order erp cloud order_erp.xml order_to_cloud.json <<'ROWS'
DATUM@<IDDAT>012< DateTime DateTime
ORGID@<QUALF>012< ProcessingTypeCode ProcessingTypeCode
PARTN@<PARVW>AG< BuyerPartyID BuyerPartyID
ROWS

copies=500
i=0
while [ $i -lt $copies ]; do
    cat "$samples/account_cloud.json"
    i=$((i + 1))
done >"$demo/stream.json"
start=$(now)
"$program" map Account --from cloud -o "$demo/stream.xml" "$demo/stream.json"
took=$(ms_since "$start")
[ "$(grep -o '<KUNNR>' "$demo/stream.xml" | grep -c .)" -eq $copies ] ||
    fail "not every document of the stream came out"
echo
say "A stream of $copies accounts, $(($(size "$demo/stream.json") / 1024)) KB in $took ms."
rm "$demo/stream.json" "$demo/stream.xml"

title '3  Trace: how one value came about'
run "$program" map Account --from cloud --trace STRAS \
    "$samples/account_cloud.json" 2>"$demo/trace.txt" >"$demo/command.txt"
sed -n 1p "$demo/command.txt"
indent "$demo/trace.txt"
say "and the C that did it:"
awk '/^\/\*/ { text = "" }
     { text = text "    " $0 "\n" }
     /^set_erp_STRAS\(/ { wanted = 1 }
     /^}/ { if (wanted) { printf "%s", text; exit } text = "" }
     END { exit !wanted }' "$demo/c/account.c"

title '4  What does not get through is said, and the rest goes on'
cat >"$demo/four.json" <<'DOCUMENTS'
{"AccountID": "4711", "RoleCode": "CRM000", "Name": "Muster GmbH", "CountryCode": "XX"}
{"AccountID": "4712", "RoleCode": "CRM000", "Name": "Muster Maschinenbau und Anlagentechnik"}
{"AccountID": "4713", "RoleCode": "CRM000", "Name": "Muster \ud800 GmbH"}
{"AccountID": "4714", "RoleCode": "CRM000", "Name": "Muster AG", "CountryCode": "DE"}
DOCUMENTS
shown "$program map Account --from cloud $demo/four.json"
expect 3 "$program" map Account --from cloud --pretty -o "$demo/four.xml" \
    "$demo/four.json" 2>"$demo/four.txt"
indent "$demo/four.txt"
grep -q '<KUNNR>0000004714</KUNNR>' "$demo/four.xml" || fail "4714 was not mapped"

title '5  A mistake in a map is found before anything runs'
cat >"$demo/broken.map" <<MAP
language 1
use "$MAPC_HOME/mappings/erp/systems.map"

map Account between cloud.CorporateAccount and erp.DEBMAS06.E1KNA1M {
  key cloud.AccountID  <->  erp.KUNNR  : alpha(10)
  else park
  cloud.RoleCode        ->  erp.KTOKD  : left(4)
  cloud.Name           <->  erp.NAME1
  cloud.CountyCode     <->  erp.LAND1  : codes Country
}
MAP
shown "$mapc check $demo/broken.map"
expect 1 "$mapc" check --color $color "$demo/broken.map" >"$demo/found.txt"
indent "$demo/found.txt"
grep -q M0402 "$demo/found.txt" || fail "the long value was not found"
grep -q M0303 "$demo/found.txt" || fail "the unknown field was not found"

title '6  Self-test: the tests in the maps, then each two-way rule there and back'
shown "$program selftest"
"$program" selftest >"$demo/selftest.txt" || {
    cat "$demo/selftest.txt"
    fail "the self-test found something"
}
tail -n 2 "$demo/selftest.txt" >"$demo/sums.txt"
indent "$demo/sums.txt"

cd "$demo"
rm -f command.txt found.txt plan.txt rules.txt sums.txt table.txt trace.txt
cd - >/dev/null

title 'Next'
say "$demo/ holds the documents, the C and the program"
say "$mapc explain M0402"
say "$program map --help"
say "mappings/erp/account.map: change a rule, then $mapc check mappings/standard.map"
say "README.md has the tour, docs/ the rest"
