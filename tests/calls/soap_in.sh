# SPDX-License-Identifier: Apache-2.0
# Calls that come in envelopes of SOAP. Sourced by run.

envelope() {        # FILE CURL-OPTION…
    from=$1
    shift
    ask /call/QuotePrices -H 'Content-Type: text/xml; charset=utf-8' \
        -H 'SOAPAction: "QuotePrices"' --data-binary "@$from" "$@"
    tr -d '\n' < "$tmp/body" > "$tmp/flat"
    mv "$tmp/flat" "$tmp/body"
}

"$mapc" build -o "$tmp/pricing" tests/calls/pricing.map || exit 2
serve 200 $data/answer.xml
listen ''
ask '/call/QuotePrices?wsdl'
answers "soap: a WSDL" 200 '<soap:address location="http://127.0.0.1:0/call/QuotePrices"/>'
cp "$tmp/body" "$tmp/quote.wsdl"
"$mapc" dump schema "$tmp/quote.wsdl" > "$tmp/dumped" 2>&1
grep -q '^  QuotePrices  *QuotePrices -> QuotePricesResponse action="QuotePrices"$' "$tmp/dumped" &&
    ok "soap: … of what can be called" ||
    bad "soap: … of what can be called" "$(head -n 20 "$tmp/dumped")"
grep -q '^  ItemID  *text' "$tmp/dumped" && ok "soap: … with its fields" ||
    bad "soap: … with its fields" "$(head -n 40 "$tmp/dumped")"
ask '/call/Nothing?wsdl'
answers "soap: no WSDL of another name" 404 'there is no call'

envelope $data/quote.xml
answers "soap: an answer" 200 \
    '<SalesQuoteItem><ItemID>20</ItemID><NetAmount>99.9000</NetAmount>'
answers "soap: its element" 200 \
    '<n:QuotePricesResponse xmlns:n="urn:mapc:call:QuotePrices"><SalesQuote>'
answers "soap: its messages" 200 \
    '<Message><Severity>warning</Severity><Number>555</Number><Item>10</Item><Text>Only 3'
grep -qi '^content-type: text/xml' "$tmp/head" && ok "soap: its type" ||
    bad "soap: its type" "$(cat "$tmp/head")"
tr -d '\r' < "$tmp/ready.request" > "$tmp/request"
sed -n '/^$/,$p' "$tmp/request" | sed 1d > "$tmp/body.got"
same "soap: it becomes the same request" "$data/simulate.xml" "$tmp/body.got"
xmllint --noout "$tmp/body" 2> /dev/null || [ $? = 127 ] &&
    ok "soap: it is XML" || bad "soap: it is XML" "$(head -c 300 "$tmp/body")"

sed 's/<SalesOrganisationID>1000</<SalesOrganisationID>1000\&amp;0\&lt;</' \
    $data/quote.xml > "$tmp/changed"
envelope "$tmp/changed"
answers "soap: a rule that refuses" 500 \
    '<soap:Fault><faultcode>soap:Client</faultcode><faultstring>a rule refused the record: .*SALES_ORG.*</faultstring><detail><Reason>refused_by_rule</Reason></detail></soap:Fault>'
head -c 500 $data/quote.xml > "$tmp/changed"
envelope "$tmp/changed"
answers "soap: half an envelope" 500 '<faultcode>soap:Client</faultcode>.*<Reason>unreadable'
sed 's/q:QuotePrices/q:Prices/g' $data/quote.xml > "$tmp/changed"
envelope "$tmp/changed"
answers "soap: another element" 500 '<Reason>unreadable'
envelope $data/quote.json
answers "soap: no envelope" 500 '<Reason>unreadable'
ask /call/Nothing -H 'Content-Type: text/xml' --data-binary "@$data/quote.xml"
answers "soap: another name" 500 'there is no call of this name'
quiet_end
serve 500 $data/fault.xml
listen ''
envelope $data/quote.xml
answers "soap: a fault of the called system" 500 \
    '<faultcode>soap:Server</faultcode><faultstring>the called system refused it: SALES_ORG 9999 is not defined<'
quiet_end

serve 200 $data/answer.xml 1500
listen ', "calls": {"in_flight": 1}'
curl -s -m 20 -o /dev/null -H 'Content-Type: application/json' \
    --data-binary "@$data/quote.json" "$at/call/QuotePrices" &
asked1=$!
sleep 0.3
envelope $data/quote.xml
answers "soap: no more than there is room for" 503 '<faultstring>too many calls at once<'
tr -d '\r' < "$tmp/head" | grep -qix 'retry-after: 1' &&
    ok "soap: when to come back" || bad "soap: when to come back" "not said"
wait $asked1
quiet_end

sed 's/  effect none/&\n  cache 1 min/' tests/calls/pricing.map > "$tmp/kept.map"
"$mapc" build -o "$tmp/pricing" "$tmp/kept.map" || exit 2
serve 200 $data/answer.xml
listen ''
post $data/quote.json
envelope $data/quote.xml
answers "soap: what is kept for JSON is JSON" 200 \
    '<soap:Envelope.*<n:QuotePricesResponse [^>]*><SalesQuote>'
envelope $data/quote.xml
answers "soap: how old it is" 200 \
    '<n:QuotePricesResponse [^>]*><Age>[0-9]*</Age><SalesQuote>.*</soap:Envelope>'
quiet_end
