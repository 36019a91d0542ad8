# SPDX-License-Identifier: Apache-2.0
# Calls of function modules that `mapc sandbox` plays. Sourced by run.

# play MAP OPTION…: a sandbox from now on; $sandbox, $url, the program's p.json
play() {
    [ -z "$server" ] || { kill $server; wait $server; } 2> /dev/null
    rm -f "$tmp/where"
    map=$1
    shift
    timeout 120 "$mapc" sandbox --config "$tmp/p.json" --ready "$tmp/where" \
        --stop-after 100 "$@" "$map" > "$tmp/played" 2>&1 &
    server=$!
    n=0
    until [ -s "$tmp/where" ] || [ $n -ge 100 ]; do
        sleep 0.05
        n=$((n + 1))
    done
    url=$(sed -n 's/^erp //p' "$tmp/where")
}

action='""'
type='text/xml; charset=utf-8'

# post NAME STATUS FILE CURL-OPTION…: an envelope by hand; $tmp/out
post() {
    name=$1 wanted=$2 file=$3
    shift 3
    got=$(curl -s -m 20 -o "$tmp/out" -w '%{http_code}' \
        -u "mapc:$(cat "$tmp/p.erp.secret")" -H "SOAPAction: $action" \
        -H "Content-Type: $type" --data-binary "@$file" "$@" "$url")
    code=0
    [ "$got" = "$wanted" ] || bad "$name" "status $got: $(head -c 300 "$tmp/out")"
}

faults() {          # JSON
    curl -s -m 20 -d "$1" "${url%/sap/bc/soap/rfc}/sandbox/faults" > "$tmp/set"
}

"$mapc" build -o "$tmp/pricing" tests/calls/pricing.map || exit 2
play tests/calls/pricing.map
input=$data/quote.json
p --json
ends "sandbox: a quote is priced" 0 '"number":"V1311"'
p
sum=$(tr '{' '\n' < "$tmp/out" | awk -F'"' '
    /ItemID/ { split($8, n, "."); if (items++) print total - net
               net = n[1] n[2]; total = 0 }
    /TypeCode/ && !/MWST/ { v = $(NF - 1); sub(/[.]/, "", v); total += v / 100 }
    END { print total - net }')
[ "$sum" = "$(printf '0\n0')" ] && ok "sandbox: conditions add up to the net" ||
    bad "sandbox: conditions add up to the net" "$sum $(head -c 600 "$tmp/out")"
cp "$tmp/out" "$tmp/first"
p
same "sandbox: prices do not change" "$tmp/first" "$tmp/out"

changed $data/quote.json 's/"4711"\(.*\)"5.5"/"4713"\1"50"/'
p
ends "sandbox: too little in stock" 0 \
    'warning 555, item 000000001: Item 000010: 35.000 of 50.000 are there, the rest on '
ends "sandbox: free goods below their item" 0 '"ItemID":"11","NetAmount":"0.0000"'
changed $data/quote.json 's/MAT-A/998123/'
p
ends "sandbox: a blocked material" 1 "error 390, item 000000002: Item 000020: material 998123 is blocked"
changed $data/quote.json 's/1000042/9990042/'
p
ends "sandbox: an unknown customer" 1 "error VP199: Customer 9990042 is not there"
changed $data/quote.json 's/1000042/9980042/'
p
ends "sandbox: credit that is used up" 0 "warning 153.*Credit limit of 9980042 is exceeded by"

input=$data/quote.json
faults '{"rules": [{"on": "call", "do": "status", "status": 503, "times": 1}]}'
p
ends "sandbox: a fault, and the call once more" 0 '"ItemID":"10"'
faults '{"rules": [{"on": "call", "do": "status", "status": 500}]}'
p
ends "sandbox: a fault that stays" 3 "it answered with status 500"
faults '{"rules": [{"on": "call", "do": "cut_after"}]}'
p
ends "sandbox: answers are cut" 3 "erp: "
faults '{}'

post "sandbox: an envelope" 200 $data/simulate.xml
ends "sandbox: tables that came are answered" 0 '<MESSAGETABLE></MESSAGETABLE>'
sed 's|<ORDER_CONDITION_EX></ORDER_CONDITION_EX>||' $data/simulate.xml > "$tmp/in.xml"
post "sandbox: without conditions" 200 "$tmp/in.xml"
grep -q CONDITION "$tmp/out" && bad "sandbox: others are not" "they are" ||
    ok "sandbox: others are not"
refused() {         # NAME SED WORDS
    sed "$2" $data/simulate.xml > "$tmp/in.xml"
    cmp -s "$tmp/in.xml" $data/simulate.xml && bad "$1" "nothing was changed"
    post "sandbox: $1" 500 "$tmp/in.xml"
    ends "sandbox: $1" 0 "<faultstring>$3"
}
refused "an unknown field" 's/SALES_UNIT/SALE_UNIT/g' 'line 3: item has no SALE_UNIT'
refused "a value too long" 's/>1000</>10000</' 'line 3: SALES_ORG is longer than 4 characters'
refused "letters in digits" 's/0000000005500/5 pieces/' 'line 3: REQ_QTY takes digits only'
refused "what is missing" 's|<ORDER_PARTNERS>.*</ORDER_PARTNERS>||' \
    'line 3: BAPI_SALESORDER_SIMULATE lacks ORDER_PARTNERS'
refused "a field twice" 's|<DIVISION>.*</DIVISION>|&&|' 'line 3: there are too many of DIVISION'
refused "an unknown module" 's/BAPI_SALESORDER_SIMULATE/BAPI_PO_CREATE1/g' \
    'line 3: there is no function module BAPI_PO_CREATE1 here'
refused "another SOAP" 's|schemas.xmlsoap.org/soap/envelope/|www.w3.org/2003/05/soap-envelope|' \
    'line 2: no envelope of SOAP 1.1'
refused "a document type" 's|^<n1:Envelope|<!DOCTYPE x [<!ENTITY a "b">]>&|' 'a document type'
refused "half an envelope" '3,$d' 'it is no XML'
refused "a header to be understood" \
    's|<n1:Body>|<n1:Header><x:y xmlns:x="urn:x" n1:mustUnderstand="1"/></n1:Header>&|' \
    'line 2: a header that is not known here'
action='"urn:other"'
post "sandbox: another action" 500 $data/simulate.xml
ends "sandbox: another action" 0 'the header SOAPAction does not say'
action=http://www.sap.com/BAPI_SALESORDER_SIMULATE
post "sandbox: the action, without quotes" 200 $data/simulate.xml
ends "sandbox: the action, without quotes" 0 '<TYPE>S</TYPE>'
post "sandbox: a wrong password" 401 $data/simulate.xml -u mapc:wrong
type=application/json
post "sandbox: another type" 415 $data/simulate.xml
ends "sandbox: another type" 0 'Calls of SOAP 1.1 come as text/xml'
kill $server
wait $server 2> /dev/null
code=$?
server=
ends "sandbox: it stops" 0 '^'
