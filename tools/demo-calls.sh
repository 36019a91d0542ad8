#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shows what a user waits for: the prices of a quote, documents that follow an
# opportunity, the chain of them, one as PDF; from a system that the sandbox
# plays, on the command line and over HTTP. All values that are shown come out
# of the programs. Ends with a failure where a step does.
#   tools/demo-calls.sh BUILD
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."
mapc=$1/mapc
demo=$1/calls
program=$demo/calls
quote=mappings/erp/samples/quote_cloud.json
MAPC_HOME=$(pwd)
export MAPC_HOME
rm -rf "$demo"
mkdir -p "$demo"
MAPC_CONFIG=$demo/calls.json
export MAPC_CONFIG
sandbox='' serving=''

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi

say() { printf '  %s\n' "$1"; }
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
shown() { printf '%s  $ %s%s\n' "$dim" "$*" "$plain"; }
indent() { sed 's/^./  &/'; }
fail() { echo "demo: $1" >&2; exit 1; }

# Only what was started here, by its number.
stop() {
    [ -z "$serving" ] || kill "$serving" 2>/dev/null || true
    [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

until_there() {         # WHAT COMMAND...
    left=100 what=$1
    shift
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "$what took too long"
        sleep 0.1
    done
}

# The items of an answer, a line each.
items() {
    printf '%-5s %-22s %10s %12s %10s %12s\n' item material quantity net tax gross
    awk -F'"' '
        /"ItemID"/ { item = $4 }
        /^ *"Description"/ { name = $4 }
        /"Quantity"/ && !quantity { quantity = $4 }
        /"NetAmount"/ { net = $4 }
        /"GrossAmount"/ { gross = $4 }
        /"TaxAmount"/ {
            printf "%-5s %-22s %10s %12s %10s %12s\n", item, name, quantity,
                net, $4, gross
            asked = 1
        }
        /SalesQuoteItemScheduleLine/ { quantity = "-" }
        /^    }/ { quantity = "" }' "$1"
}

# Where the price of an item comes from.
conditions() {          # FILE ITEM
    awk -F'"' -v want="$2" '
        /"ItemID"/ { item = $4 }
        item != want { next }
        /"TypeCode"/ { type = $4 }
        /"RateDecimalValue"/ { rate = $4 + 0 }
        /"CalculatedAmount"/ { printf "%-6s rate %9.2f   %12.2f\n", type, rate, $4 }
    ' "$1"
}

price() {               # FILE TO
    shown "calls call QuotePrices --pretty $1"
    "$program" call QuotePrices --pretty "$1" >"$2" 2>"$demo/said"
    items "$2" | indent
    sed 's/^calls: //' "$demo/said" | indent
}

title '1. A program, and a system to call'
shown mapc build mappings/calls.map
"$mapc" build -o "$program" mappings/calls.map
shown mapc sandbox mappings/calls.map
"$mapc" sandbox --config "$MAPC_CONFIG" --ready "$demo/ready" --stop-after 300 \
    mappings/calls.map >"$demo/sandbox.out" 2>&1 &
sandbox=$!
until_there 'the sandbox' test -s "$demo/ready"
"$program" check | indent

title '2. The prices of a quote'
price "$quote" "$demo/first.json"
say 'Item 20, condition by condition:'
conditions "$demo/first.json" 20 | indent

title '3. The user gives a discount of 2.5 percent on item 20'
awk '/"ItemID": "20"/ { print; print "      \"MainDiscount\": \"-2.5\","; next } 1' \
    "$quote" >"$demo/quote.json"
price "$demo/quote.json" "$demo/second.json"
grep -q '"TypeCode": "RA00"' "$demo/second.json" || fail 'the discount is not there'

# follows CALL TYPE: a document behind the opportunity; $number, and the
# opportunity with it.
follows() {
    shown "calls call $1 opportunity.json"
    "$program" call "$1" "$demo/opportunity.json" >"$demo/answer.json" \
        2>"$demo/said"
    sed 's/^calls: //' "$demo/said" | indent
    number=$(sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p' "$demo/answer.json")
    [ -n "$number" ] || fail "$1 gave no number: $(cat "$demo/answer.json")"
    row="{ \"ID\": \"$number\", \"TypeCode\": \"$2\" }"
    awk -v row="$row" '
        /"OpportunityItem"/ && !done {
            print "  \"OpportunityBusinessTransactionDocumentReference\": [" row "],"
            done = 1
        }
        !/OpportunityBusinessTransactionDocumentReference/' \
        "$demo/opportunity.json" >"$demo/next.json"
    mv "$demo/next.json" "$demo/opportunity.json"
}

title '4. An opportunity becomes an inquiry, a quotation, an order'
cp mappings/erp/samples/opportunity_cloud.json "$demo/opportunity.json"
follows OpportunityInquiry ERPINQ
follows OpportunityQuotation ERPQUO
quotation=$number
cp "$demo/opportunity.json" "$demo/before.json"
follows OpportunityOrder ERPORD
order=$number
say 'The answer is lost on the way, and the caller asks once more:'
shown calls call OpportunityOrder opportunity.json
"$program" call OpportunityOrder "$demo/before.json" >"$demo/again.json" \
    2>"$demo/said"
sed 's/^calls: //' "$demo/said" | indent
again=$(sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p' "$demo/again.json")
[ "$again" = "$order" ] || fail "a second order, ${again:-without a number}"
say "Still order $again, and no second one."

title '5. What became of the quotation, after some days'
rfc=$(sed -n 's/^erp_rfc //p' "$demo/ready")
deliver() {
    curl -s -S -f -o "$demo/followed.json" -d "{\"key\": \"$1\"}" \
        "${rfc%/sap/bc/soap/rfc}/sandbox/follow" || fail "$1 was not delivered"
}
deliver "$order"
delivery=$(sed -n 's/.*"document":"0*\([0-9]*\)".*/\1/p' "$demo/followed.json")
deliver "$delivery"
deliver "$delivery"
shown "calls docflow QuoteDocuments $quotation"
"$program" docflow QuoteDocuments "$quotation" >"$demo/flow.txt"
indent <"$demo/flow.txt"
[ "$(grep -c ' ' "$demo/flow.txt")" -ge 5 ] || fail 'the chain is too short'
"$program" docflow QuoteDocuments "$quotation" --svg >"$demo/flow.svg"
say "the same as a picture: $demo/flow.svg"
shown "calls document QuotePdf $quotation -o quote.pdf"
"$program" document QuotePdf "$quotation" -o "$demo/quote.pdf" 2>"$demo/said"
sed 's/^calls: //' "$demo/said" | indent
case $(head -c 5 "$demo/quote.pdf") in
%PDF-) say "$(wc -c <"$demo/quote.pdf" | tr -d ' ') bytes of PDF: $demo/quote.pdf" ;;
*) fail 'that is no PDF' ;;
esac

title '6. The same over HTTP, as the caller does it'
shown calls serve
"$program" serve >"$demo/serve.out" 2>&1 &
serving=$!
at=http://$(sed -n 's/.*"listen": "\(.*\)".*/\1/p' "$MAPC_CONFIG")
until_there 'serving' curl -s -f -o "$demo/health" "$at/healthz"
shown "curl --data-binary @quote.json $at/call/QuotePrices"
begun=$(date +%s%N)
curl -s -S -f -u "erp:$(cat "$demo/calls.inbound.secret")" \
    -H 'Content-Type: application/json' --data-binary "@$demo/quote.json" \
    -o "$demo/served.json" "$at/call/QuotePrices"
took=$((($(date +%s%N) - begun) / 1000000))
say "answered in $took ms with $(wc -c <"$demo/served.json" | tr -d ' ') bytes: $(
    sed 's/.*"messages":\[\({[^}]*}\).*/\1/' "$demo/served.json")"

title "All documents are in $demo."
