# SPDX-License-Identifier: Apache-2.0
# Calls of function modules that `mapc sandbox` plays. Sourced by run.

# play MAP OPTION…: a sandbox from now on; $sandbox, $url, the program's p.json
play() {
    [ -z "$server" ] || { kill $server; wait $server; } 2> /dev/null
    rm -f "$tmp/where"
    map=$1
    shift
    timeout --foreground -k 10 120 "$mapc" sandbox --config "$tmp/p.json" --ready "$tmp/where" \
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
    'warning 555, item 10: Item 000010: 35.000 of 50.000 are there, the rest on '
ends "sandbox: free goods below their item" 0 '"ItemID":"11","NetAmount":"0.0000"'
changed $data/quote.json 's/MAT-A/998123/'
p
ends "sandbox: a blocked material" 1 "error 390, item 20: Item 000020: material 998123 is blocked"
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

# Documents. The same map of chains as in flow.sh, with modules that create.
cp tests/calls/documents.wsdl "$tmp"
sed 's/flow\.wsdl/documents.wsdl/' tests/calls/flow.map > "$tmp/documents.map"
"$mapc" build -o "$tmp/documents" "$tmp/documents.map" || exit 2
play "$tmp/documents.map" --data "$tmp/documents.db"
type='text/xml; charset=utf-8'
action='""'

# module NAME PARAMETERS: $tmp/out
module() {
    cat > "$tmp/in.xml" <<END
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<f:$1 xmlns:f="urn:sap-com:document:sap:rfc:functions">$2</f:$1></e:Body></e:Envelope>
END
    post "sandbox: $1" 200 "$tmp/in.xml"
}

# creates PREFIX MODULE HEADER [MATERIAL [MORE]]: $document
creates() {
    module "$2" "<$1_HEADER_IN>$3</$1_HEADER_IN>
<$1_ITEMS_IN><item><ITM_NUMBER>000010</ITM_NUMBER><MATERIAL>${4:-4711}</MATERIAL>
<TARGET_QTY>5.5</TARGET_QTY></item></$1_ITEMS_IN>
<$1_PARTNERS><item><PARTN_ROLE>AG</PARTN_ROLE><PARTN_NUMB>0001000042</PARTN_NUMB></item></$1_PARTNERS>
<RETURN/>${5:-}"
    document=$(sed -n 's|.*<SALESDOCUMENT>\(.*\)</SALESDOCUMENT>.*|\1|p' "$tmp/out")
}

creates INQUIRY BAPI_INQUIRY_CREATEFROMDATA2 \
    '<DOC_TYPE>AF</DOC_TYPE><PURCH_NO_C>MUSTER-1</PURCH_NO_C>'
inquiry=$document
ends "sandbox: an inquiry" 0 '<SALESDOCUMENT>00100000[0-9]*</SALESDOCUMENT>'
ends "sandbox: what it says" 0 \
    "<TYPE>S</TYPE><ID>V1</ID><NUMBER>311</NUMBER><MESSAGE>Document $inquiry has been saved"
creates QUOTATION BAPI_QUOTATION_CREATEFROMDATA2 \
    "<DOC_TYPE>AG</DOC_TYPE><PURCH_NO_C>MUSTER-1</PURCH_NO_C><REF_DOC>$inquiry</REF_DOC>"
quotation=$document
creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 \
    "<DOC_TYPE>TA</DOC_TYPE><PURCH_NO_C>MUSTER-1</PURCH_NO_C><REF_DOC>$quotation</REF_DOC>"
order=$document
creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 '<DOC_TYPE>TA</DOC_TYPE><PURCH_NO_C>MUSTER-2</PURCH_NO_C>'
[ -n "$quotation" ] && [ -n "$order" ] && [ -n "$document" ] &&
    [ "$order" != "$document" ] && ok "sandbox: each has a number of its own" ||
    bad "sandbox: each has a number of its own" "$order $document"

creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 '<DOC_TYPE>TA</DOC_TYPE><PURCH_NO_C>MUSTER-3</PURCH_NO_C>' 998001
ends "sandbox: a blocked material is not ordered" 0 '<SALESDOCUMENT></SALESDOCUMENT>.*<TYPE>E</TYPE>.*998001 is blocked'
creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 '<DOC_TYPE>TA</DOC_TYPE><REF_DOC>4711</REF_DOC>'
ends "sandbox: nothing follows what is not there" 0 '<TYPE>E</TYPE>.*Document 4711 is not there'
creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 '<DOC_TYPE>TA</DOC_TYPE><PURCH_NO_C>MUSTER-3</PURCH_NO_C>' 4711 '<TESTRUN>X</TESTRUN>'
ends "sandbox: a test run has no number" 0 '<SALESDOCUMENT></SALESDOCUMENT>'
creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 '<DOC_TYPE>TA</DOC_TYPE>' 4711 '<SALESDOCUMENTIN>42</SALESDOCUMENTIN>'
ends "sandbox: a number that is given" 0 '<SALESDOCUMENT>0000000042</SALESDOCUMENT>'
creates ORDER BAPI_SALESORDER_CREATEFROMDAT2 '<DOC_TYPE>TA</DOC_TYPE>' 4711 '<SALESDOCUMENTIN>0000000042</SALESDOCUMENTIN>'
ends "sandbox: … but not twice" 0 'Document 0000000042 is there already'

# listed PURCHASE-ORDER GROUP: the numbers of documents
listed() {
    module BAPI_SALESORDER_GETLIST "<CUSTOMER_NUMBER>1000042</CUSTOMER_NUMBER>
<PURCHASE_ORDER>$1</PURCHASE_ORDER><TRANSACTION_GROUP>$2</TRANSACTION_GROUP><SALES_ORDERS/>"
    listed=$(sed 's|</item>|&\n|g' "$tmp/out" | sed -n 's|.*<SD_DOC>\(.*\)</SD_DOC>.*|\1|p')
}
listed MUSTER-1 ''
[ "$listed" = "$order" ] && ok "sandbox: found by its purchase number" ||
    bad "sandbox: found by its purchase number" "$listed, not $order"
ends "sandbox: with its items" 0 '<MATERIAL>4711</MATERIAL><REQ_QTY>5.500</REQ_QTY>'
listed MUSTER-1 2
[ "$listed" = "$quotation" ] && ok "sandbox: … and its kind" ||
    bad "sandbox: … and its kind" "$listed, not $quotation"
listed MUSTER-3 ''
[ -z "$listed" ] && ok "sandbox: what was refused is not kept" ||
    bad "sandbox: what was refused is not kept" "$listed"

# An answer that is lost: the document is there all the same, once for each call.
faults '{"rules": [{"on": "call", "do": "cut_after", "times": 1}]}'
curl -s -m 20 -o "$tmp/out" -u "mapc:$(cat "$tmp/p.erp.secret")" \
    -H "SOAPAction: $action" -H "Content-Type: $type" --data-binary @- "$url" <<END
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<f:BAPI_SALESORDER_CREATEFROMDAT2 xmlns:f="urn:sap-com:document:sap:rfc:functions">
<ORDER_HEADER_IN><DOC_TYPE>TA</DOC_TYPE><PURCH_NO_C>MUSTER-4</PURCH_NO_C></ORDER_HEADER_IN>
<ORDER_PARTNERS><item><PARTN_ROLE>AG</PARTN_ROLE><PARTN_NUMB>1000042</PARTN_NUMB></item></ORDER_PARTNERS>
</f:BAPI_SALESORDER_CREATEFROMDAT2></e:Body></e:Envelope>
END
[ $? = 52 ] && ok "sandbox: no answer" || bad "sandbox: no answer" "$(cat "$tmp/out")"
listed MUSTER-4 ''
[ "$(echo "$listed" | grep -c '^00300000')" = 1 ] &&
    ok "sandbox: … but a document" || bad "sandbox: … but a document" "$listed"

# follows KEY: what a user of ERP does next
follows() {
    curl -s -m 20 -d "{\"key\": \"$1\"}" "${url%/sap/bc/soap/rfc}/sandbox/follow" > "$tmp/out"
}
chain() {
    timeout 60 "$tmp/documents" docflow "$quotation" -c "$tmp/p.json" > "$tmp/out" 2> "$tmp/err"
    code=$?
}
code=0
follows "$order"
delivery=$(sed -n 's/^{"document":"\([0-9]*\)"}$/\1/p' "$tmp/out")
[ -n "$delivery" ] || bad "sandbox: an order is delivered" "$(cat "$tmp/out")"
chain
ends "sandbox: a chain" 0 "inquiry"
ends "sandbox: … down to the delivery" 0 "$(echo "$delivery" | sed 's/^0*//')"
grep -q invoice "$tmp/out" && bad "sandbox: no invoice yet" "$(cat "$tmp/out")" ||
    ok "sandbox: no invoice yet"
follows "$delivery"
follows "$delivery"
chain
ends "sandbox: it has grown" 0 "invoice"
ends "sandbox: goods have left" 0 "goods issue"
follows "$delivery"
ends "sandbox: nothing follows what is billed" 0 "nothing follows this document"
code=0
module BAPI_QUOTATION_GETDETAILBOS '<SALESDOCUMENT>4711</SALESDOCUMENT><RETURN/>'
ends "sandbox: a document that is not there" 0 'Document 4711 is not there'
play "$tmp/documents.map" --data "$tmp/documents.db"
listed MUSTER-1 ''
[ "$listed" = "$order" ] && ok "sandbox: documents stay in the file" ||
    bad "sandbox: documents stay in the file" "$listed, not $order"
kill $server
wait $server 2> /dev/null
code=$?
server=
ends "sandbox: it stops" 0 '^'
