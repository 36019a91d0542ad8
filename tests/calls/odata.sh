# SPDX-License-Identifier: Apache-2.0
# Calls of an OData service. Sourced by run.

# gateway STATUS BODY [TOKENS]: the service, and the configuration for it
gateway() {
    printf '%s' "$2" > "$tmp/gateway.json"
    serve "$1" "$tmp/gateway.json" 0 0 "${3:-0}"
    echo '{"systems": {"erp": {"url": "http://127.0.0.1:'"$(cat "$tmp/ready")"'/erp/?sap-client=100",
        "auth": {"kind": "basic", "user": "MAPC", "password": "env:P"}}}}' \
        > "$tmp/p.json"
}

o() {
    P=geheim timeout 60 "$tmp/odata" call "$@" -c "$tmp/p.json" \
        > "$tmp/out" 2> "$tmp/err" < "$input"
    code=$?
}

"$mapc" build -o "$tmp/odata" tests/calls/odata.map || exit 2
input=$data/quote.json
made='{"d":{"__metadata":{"type":"erp.Order"},"Number":"77","Net":"5.00","Currency":"EUR","Items":{"results":[{"Item":"10","Net":"2.00"},{"Item":"20","Net":"3.00"}]}}}'

for tokens in 0 1 2; do
    gateway 201 "$made" $tokens
    o Order
    ends "odata: a record is made, token $tokens" 0 \
        '^{"ID":"77","NetAmount":"5.00","SalesQuoteItem":\[{"ItemID":"10","NetAmount":"2.00"},{"ItemID":"20","NetAmount":"3.00"}\]}$'
    [ $tokens = 0 ] && continue
    tr -d '\r' < "$tmp/ready.request" | grep -qx "x-csrf-token: T$tokens" &&
        ok "odata: the token, $tokens" ||
        bad "odata: the token, $tokens" "$(head -n 12 "$tmp/ready.request")"
done
first_line "odata: where to" 'POST /erp/OrderSet?sap-client=100 HTTP/1.1'
tr -d '\r' < "$tmp/ready.request" | sed '1,/^$/d' > "$tmp/body"
echo '{"Type":"TA","Customer":"1000042","Currency":"EUR","Items":[{"Item":"10","Material":"4711","Quantity":"5.500"},{"Item":"20","Material":"MAT-A","Quantity":"1.000"}]}' > "$tmp/want"
same "odata: what was sent" "$tmp/want" "$tmp/body"
gateway 201 "$made" 3
o Order
ends "odata: a token that is refused again" 3 'it refused the credentials (status 403)'
gateway 400 '{"error":{"code":"V1/302","message":{"lang":"en","value":"Sold-to party 1000042 not maintained"}}}'
o Order
ends "odata: refused" 1 'erp refused it: V1/302: Sold-to party 1000042 not maintained'
gateway 200 '{"d":{"CheckCredit":{"__metadata":{"type":"erp.Credit"},"Limit":"500.00","Good":true}}}' 1
cat > "$tmp/in.json" <<'END'
{"ID": "5", "BuyerPartyID": "O'B&C", "NetAmount": "12.345", "PriceDateTime": "/Date(1706661296000)/"}
END
input=$tmp/in.json
o Credit
ends "odata: a function" 0 '^{"Name":"good","GrossAmount":"500.00"}$'
first_line "odata: literals" \
    "GET /erp/CheckCredit?sap-client=100&Customer='O''B%26C'&Amount=12.35M&On=datetime'2024-01-31T00%3A34%3A56' HTTP/1.1"
gateway 200 '{"d":{"__metadata":{},"Number":"5","Net":"9.00"}}' 1
o Release
ends "odata: a function that is posted" 0 '^{"ID":"5","NetAmount":"9.00"}$'
first_line "odata: its parameters, too" \
    "POST /erp/Release?sap-client=100&Number='5' HTTP/1.1"
gateway 200 '{"d":{"results":[{"Item":"10","Material":"A"},{"Item":"20","Material":"B"}]}}'
o Open
ends "odata: a list" 0 \
    '^{"SalesQuoteItem":\[{"ItemID":"10","ProductInternalID":"A"},{"ItemID":"20","ProductInternalID":"B"}\]}$'
gateway 200 '{"d":{"Next":"4712"}}'
o Next
ends "odata: a value" 0 '^{"ID":"4712"}$'
gateway 200 '<html>log in</html>'
o Next
ends "odata: no answer of the service" 3 'what came is no answer to Next'
gateway 503 '' 9
rm -f "$tmp/ready.request"
kill $server && wait $server 2> /dev/null
server=
input=$data/quote.json
o Order
ends "odata: not reached for the token" 3 'erp: it was not reached'
grep -q 'is not known' "$tmp/err" &&
    bad "odata: then nothing was done" "$(cat "$tmp/err")" ||
    ok "odata: then nothing was done"
