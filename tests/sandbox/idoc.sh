#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# IDocs that come in: taken, repeated, refused; what they do to a record.

start idoc

message() {     # DOCNUM SEGMENTS…: one IDoc of DEBMAS06 in $tmp/idoc
    docnum=$1
    shift
    { printf '<DEBMAS06><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1">'
        printf '<TABNAM>EDI_DC40</TABNAM><DOCNUM>%s</DOCNUM>' "$docnum"
        printf '<DIRECT>2</DIRECT><IDOCTYP>DEBMAS06</IDOCTYP>'
        printf '<SNDPOR>CLOUD</SNDPOR><SNDPRT>LS</SNDPRT>'
        printf '<SNDPRN>CLOUD</SNDPRN><RCVPOR>ERP</RCVPOR>'
        printf '<RCVPRN>ERP</RCVPRN></EDI_DC40>%s</IDOC></DEBMAS06>' "$*"
        } > "$tmp/idoc"
}
customer() {    # FIELDS…: E1KNA1M of number 417
    printf '<E1KNA1M SEGMENT="1"><KUNNR>0000000417</KUNNR>%s</E1KNA1M>' "$*"
}
area() {        # VKORG FIELDS
    printf '<E1KNVVM SEGMENT="1"><VKORG>%s</VKORG><VTWEG>10</VTWEG>' "$1"
    printf '<SPART>00</SPART>%s</E1KNVVM>' "$2"
}
record='record?object=DEBMAS06&key=0000000417'

send_idoc mappings/erp/samples/account_erp.xml
expect "idoc: a whole customer" 200 '<DOCNUM>0000000000417001</DOCNUM>' \
    '<STATUS>53</STATUS>'
send_idoc mappings/erp/samples/order_erp.xml
expect "idoc: an order" 200 '<STATUS>53</STATUS>'
send_idoc mappings/erp/samples/product_erp.xml
expect "idoc: a material" 200 '<STATUS>53</STATUS>'
look erp 'records?object=ORDERS05&format=xml'
expect "idoc: back as XML" 200 '<ORDERS05><IDOC' '<BELNR>4711</BELNR>'

message 1 "$(customer '<NAME1>Muster</NAME1><ORT01>Musterstadt</ORT01>' \
    '<STRAS>Weg 1</STRAS>' "$(area 1000 '<KDGRP>01</KDGRP>')" \
    "$(area 2000 '<KDGRP>02</KDGRP>')")"
send_idoc "$tmp/idoc"
expect "idoc: a new customer" 200 '<STATUS>53</STATUS>'
message 2 "$(customer '<NAME1>/</NAME1><ORT01></ORT01>' \
    "$(area 2000 '<KDGRP>03</KDGRP>')")"
send_idoc "$tmp/idoc"
look erp "$record"
expect "idoc: / leaves alone" 200 '"NAME1":"Muster"'
grep -q ORT01 "$tmp/body" && bad "idoc: empty clears" "$(cat "$tmp/body")" ||
    ok "idoc: empty clears"
expect "idoc: what is not there stays" 200 '"STRAS":"Weg 1"' \
    '"VKORG":"1000","VTWEG":"10","SPART":"00","KDGRP":"01"'
expect "idoc: rows are told apart by their keys" 200 \
    '"VKORG":"2000","VTWEG":"10","SPART":"00","KDGRP":"03"'
message 2 "$(customer '<NAME1>Nochmal</NAME1>')"
send_idoc "$tmp/idoc"
expect "idoc: a number again is taken" 200 '<STATUS>53</STATUS>'
look erp "$record"
expect "idoc: and has no effect" 200 '"NAME1":"Muster"'
message 3 "$(customer "$(area 1000 '<MSGFN>003</MSGFN>' |
    sed 's|\(.*\)<MSGFN>003</MSGFN>|\1|; s|<VKORG>|<MSGFN>003</MSGFN><VKORG>|')")"
send_idoc "$tmp/idoc"
look erp "$record"
grep -q '"VKORG":"1000"' "$tmp/body" &&
    bad "idoc: 003 deletes a row" "$(cat "$tmp/body")" ||
    ok "idoc: 003 deletes a row"

message 4 "$(customer '<NAME9>x</NAME9>')"
send_idoc "$tmp/idoc"
expect "idoc: an unknown field" 200 '<STATUS>56</STATUS>' "no NAME9"
message 5 "$(customer '<SPERR>XX</SPERR>')"
send_idoc "$tmp/idoc"
expect "idoc: too long" 200 '<STATUS>56</STATUS>' "SPERR"
message 6 '<E1KNA1M SEGMENT="1"><NAME1>x</NAME1></E1KNA1M>'
send_idoc "$tmp/idoc"
expect "idoc: no key" 200 '<STATUS>51</STATUS>' "no key"
message '' "$(customer '<NAME1>x</NAME1>')"
send_idoc "$tmp/idoc"
expect "idoc: no number" 200 '<STATUS>56</STATUS>' DOCNUM
message 7 "$(customer '<NAME1>Sieben</NAME1>')"
sed 's|</DEBMAS06>||' "$tmp/idoc" > "$tmp/two"
message 8 "$(customer '<NAME1>Acht</NAME1><NAME9>x</NAME9>')"
sed 's|<DEBMAS06>||' "$tmp/idoc" >> "$tmp/two"
send_idoc "$tmp/two"
expect "idoc: one of two" 200 '<DOCNUM>7</DOCNUM><STATUS>53</STATUS>' \
    '<DOCNUM>8</DOCNUM><STATUS>56</STATUS>'
look erp "$record"
expect "idoc: the good one of two counts" 200 '"NAME1":"Sieben"'
message 9 "$(customer '<MSGFN>003</MSGFN>')"
send_idoc "$tmp/idoc"
look erp "$record"
expect "idoc: 003 at the top deletes it all" 404

printf '<DEBMAS06><IDOC>' > "$tmp/idoc"
send_idoc "$tmp/idoc"
expect "idoc: no XML" 400 "no XML"
printf '<!DOCTYPE x [<!ENTITY a "b">]><DEBMAS06><IDOC/></DEBMAS06>' \
    > "$tmp/idoc"
send_idoc "$tmp/idoc"
expect "idoc: a document type" 400 "document type"
printf '<DEBMAS6/>' > "$tmp/idoc"
send_idoc "$tmp/idoc"
expect "idoc: an unknown message" 400 "did you mean DEBMAS06"
request -K "$(secret erp)" -H 'content-type: text/plain' \
    --data-binary @mappings/erp/samples/account_erp.xml "$erp"
expect "idoc: not as XML" 415
request -u mapc:wrong -H 'content-type: text/xml' -d '<x/>' "$erp"
expect "idoc: a wrong password" 401
head -c 70000000 /dev/zero > "$tmp/huge"
send_idoc "$tmp/huge" -H 'Expect:'
expect "idoc: too large" 413
rm "$tmp/huge"
send_idoc mappings/erp/samples/product_erp.xml
expect "idoc: it goes on afterwards" 200 '<STATUS>53</STATUS>'
stop "$pid"
