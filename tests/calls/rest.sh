# SPDX-License-Identifier: Apache-2.0
# Calls of operations with JSON. Sourced by run.

# shop URL-BEHIND-PORT: the configuration for the system of the last `serve`
shop() {
    echo '{"systems": {"shop": {"url": "http://127.0.0.1:'"$(cat "$tmp/ready")$1"'",
        "auth": {"kind": "basic", "user": "MAPC", "password": "env:P"}}},
        "inbound": {"listen": "127.0.0.1:0"}}' > "$tmp/p.json"
}

# r NAME ARGUMENT…: a call with $input
r() {
    P=geheim timeout 60 "$tmp/rest" call "$@" -c "$tmp/p.json" \
        > "$tmp/out" 2> "$tmp/err" < "$input"
    code=$?
}

# line WORDS…: the first line of the last request
first_line() {
    got=$(tr -d '\r' < "$tmp/ready.request" | head -n 1)
    [ "$got" = "$2" ] && ok "$1" || bad "$1" "$got"
}

"$mapc" build -o "$tmp/rest" tests/calls/rest.map || exit 2
input=$data/quote.json
r Prices --request
same "rest: the request" "$data/basket.json" "$tmp/out"

serve 200 $data/basket_prices.json
shop '/v1/?sap-client=100'
r Prices
ends "rest: an answer" 0 \
    '^{"SalesQuoteItem":\[{"ItemID":"20","NetAmount":"99.90","NetAmountCurrencyCode":"EUR"},{"ItemID":"10","NetAmount":"55.00","NetAmountCurrencyCode":"EUR"}\]}$'
ends "rest: messages beside it" 0 'warning, item 10: Only 3 are there'
first_line "rest: its address" \
    'POST /v1/sales/1000/prices?sap-client=100&currency=EUR HTTP/1.1'
tr -d '\r' < "$tmp/ready.request" > "$tmp/request"
sed -n '/^$/,$p' "$tmp/request" | sed 1d > "$tmp/body"
sed 1d $data/basket.json > "$tmp/body.want"
same "rest: what was sent" "$tmp/body.want" "$tmp/body"
grep -qx 'Content-Type: application/json' "$tmp/request" &&
    grep -qx 'Accept: application/json' "$tmp/request" &&
    ok "rest: types" || bad "rest: types" "$(head -n 12 "$tmp/request")"
changed $data/quote.json 's/"CurrencyCode": "EUR"/"CurrencyCode": "EUR", "PriceDateTime": "\/Date(1706661296000)\/"/'
r Prices
first_line "rest: a time in the address" \
    'POST /v1/sales/1000/prices?sap-client=100&currency=EUR&on=2024-01-31T00%3A34%3A56Z HTTP/1.1'

shop ''
printf '{"ProductInternalID": "A/B c&\\u00e4\\"", "ItemID": "1"}' > "$tmp/in.json"
input=$tmp/in.json
echo '{"material": "A/B", "free": "3.5", "unit": "EA"}' > "$tmp/stock.json"
serve 200 "$tmp/stock.json"
shop ''
r Stock
ends "rest: without a body" 0 \
    '^{"Description":"A/B","Quantity":"3.5","QuantityMeasureUnitCode":"EA"}$'
first_line "rest: what stands in a path is encoded" \
    'GET /stock/A%2FB%20c%26%C3%A4%22?plant=1000 HTTP/1.1'
grep -qi '^Content-' "$tmp/ready.request" &&
    bad "rest: no body" "$(head -n 12 "$tmp/ready.request")" ||
    ok "rest: no body"
echo '{"ProductInternalID": ".."}' > "$tmp/in.json"
r Stock
ends "rest: dots make no other path" 3 "it can't be dots"
echo '{"ProductInternalID": "A"}' > "$tmp/in.json"

# refused NAME STATUS BODY CODE WORDS
refused() {
    printf '%s' "$3" > "$tmp/refusal.json"
    serve "$2" "$tmp/refusal.json"
    shop ''
    r Stock
    ends "rest: $1" "$4" "$5"
}

refused "problem details" 422 \
    '{"type": "about:blank", "title": "Unknown material", "status": 422, "detail": "A is not\nsold"}' \
    1 'shop refused it: Unknown material: A is not sold$'
refused "an error of OData" 400 \
    '{"error": {"code": "SD/1", "message": {"lang": "en", "value": "No \"A\" \u00fcberhaupt"}}}' \
    1 'shop refused it: SD/1: No "A" überhaupt$'
refused "a message" 409 '{"error": "locked", "n": [1, {"message": "deep"}]}' \
    1 'shop refused it: locked$'
refused "a refusal without words" 404 '{"x": "y"}' 3 'it answered with status 404'
refused "a refusal that is no JSON" 400 '<html>{"message": "x"}' 3 \
    'it answered with status 400'
refused "a refusal that ends early" 400 '{"title": "Half' 3 \
    'it answered with status 400'
refused "one that says later" 429 '{"message": "slow down"}' 3 \
    'it answered with status 429'
refused "a failure is no refusal" 500 '{"message": "dump"}' 3 \
    'it answered with status 500'
refused "wrong credentials" 403 '{"message": "no"}' 3 'it refused the credentials'
refused "no record" 200 '["a"]' 3 'what came is no answer to stock'
refused "nothing" 200 '' 3 'what came is no answer to stock'
refused "half an answer" 200 '{"material": "A"' 3 'what came is no answer'
refused "a value that is none" 200 '{"material": "A", "free": "many"}' 1 \
    'refused on the way back'

# checked NAME CODE WORDS
checked() {
    P=geheim timeout 60 "$tmp/rest" check -c "$tmp/p.json" > "$tmp/out" \
        2> "$tmp/err"
    code=$?
    ends "check: $1" "$2" "$3"
}

serve 404 "$tmp/stock.json"
shop '/v1'
checked "a system that is there" 0 '^ok     shop       reached, it answers (HTTP 404)$'
ends "check: credentials nobody looks at" 0 \
    'credentials: not verified: it answers the same without them'
first_line "check: nothing is called" 'GET /v1 HTTP/1.1'
serve 401 "$tmp/stock.json"
shop ''
checked "wrong credentials" 5 '^WRONG  shop       the credentials are refused (HTTP 401)$'
serve 302 "$tmp/stock.json"
shop ''
checked "a redirect" 5 'a redirect: to a log-in, probably (HTTP 302)'
kill $server && wait $server 2> /dev/null
server=
checked "a system that is away" 5 '^WRONG  shop '
P=geheim timeout 60 "$tmp/rest" check --format json -c "$tmp/p.json" > "$tmp/out" 2> "$tmp/err"
code=$?
ends "check: as JSON" 5 '^\[{"good":true,"about":"settings",.*"about":"shop"'

# Over HTTP: what stands in the address is a part of what is kept.
serve 200 "$tmp/stock.json"
shop ''
P=geheim timeout --foreground -k 10 60 "$tmp/rest" serve -v -c "$tmp/p.json" 2> "$tmp/log" &
program=$!
listens
for id in A B A; do
    rm -f "$tmp/ready.request"
    ask /call/Stock -H 'Content-Type: application/json' \
        -d '{"ProductInternalID": "'$id'"}'
    sed -n '1s/ HTTP.*//p' "$tmp/ready.request" 2> /dev/null || echo kept
done > "$tmp/asked"
printf 'GET /stock/A\nGET /stock/B\nkept\n' > "$tmp/want"
same "rest: kept by what stands in the address" "$tmp/want" "$tmp/asked"
answers "rest: how old it is" 200 '^{"age":0,"answer":{"Description":"A/B"'
quiet_end
