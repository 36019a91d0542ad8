#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Orders: created with one type of message, changed with another, to a folder,
# where the messages can be looked at, and to a system that knows both.

seed_orders() {     # NAME
    begin "$1" "$root/mappings/standard.map" --seed cloud.CorporateAccount=3 \
        --seed cloud.CustomerOrder=2
}
an_order() {        # sets $order to the number of one
    ask_for cloud 'records?object=CustomerOrder'
    order=$(head -n 1 "$tmp/body" | grep -o '"ID":"[0-9]*"' | head -n 1 |
        tr -dc 0-9)
}

seed_orders orders
MAPC_SYSTEMS_ERP_KIND=files MAPC_SYSTEMS_ERP_FOLDER=erp
export MAPC_SYSTEMS_ERP_KIND MAPC_SYSTEMS_ERP_FOLDER
mkdir "$dir/erp"
p load --quiet 0
ends "orders: load" 0 "Order            erp         created 2"
same "orders: items are added" 2 \
    "$(cat "$dir"/erp/out/* |
        grep -c '<POSEX>000010</POSEX><ACTION>001</ACTION>')"
same "orders: ORDERS creates" 2 \
    "$(cat "$dir"/erp/out/* | grep -c '<MESTYP>ORDERS</MESTYP>')"
rm -f "$dir"/erp/out/*
an_order
tell cloud edit "{\"object\":\"CustomerOrder\",\"key\":\"$order\",
    \"set\":{\"BuyerID\":\"Muster-7\",
        \"CustomerOrderItem[ID=10].Description\":\"Musterventil\"}}"
tell cloud edit '{"object":"CorporateAccount","key":"5000001",
    "set":{"Name":"Muster Eins GmbH"}}'
p once
ends "orders: two changes" 0 "Order            erp         updated 1" \
    "Account          erp         updated 1"
cat "$dir"/erp/out/* > "$tmp/sent"
same "orders: ORDCHG changes" 1 "$(grep -c '<MESTYP>ORDCHG</MESTYP>' "$tmp/sent")"
same "orders: of the same type" 1 \
    "$(grep '<MESTYP>ORDCHG</MESTYP>' "$tmp/sent" |
        grep -c '<IDOCTYP>ORDERS05</IDOCTYP>')"
same "orders: an item is changed, not added" 1 \
    "$(grep -c '<POSEX>000010</POSEX><ACTION>002</ACTION>' "$tmp/sent")"
same "orders: no item is added" 0 "$(grep -c '<ACTION>001' "$tmp/sent")"
same "orders: only orders" 1 "$(grep -c '<MESTYP>DEBMAS</MESTYP>' "$tmp/sent")"
same "orders: nothing else" 0 "$(grep -c '<MESTYP>ORDERS</MESTYP>' "$tmp/sent")"
unset MAPC_SYSTEMS_ERP_KIND MAPC_SYSTEMS_ERP_FOLDER
stop $box

seed_orders ordchg
p load --quiet 0
ends "orders: load over HTTP" 0 "Order            erp         created 2"
an_order
tell cloud edit "{\"object\":\"CustomerOrder\",\"key\":\"$order\",
    \"set\":{\"BuyerID\":\"Muster-7\"}}"
p once
ends "orders: a change over HTTP" 0 "Order            erp         updated 1"
ask_for erp "record?object=ORDERS05&key=$order"
expect "orders: it is there" 200 '"BELNR":"Muster-7"'

# The account may come; the currency has to be mended by somebody.
tell cloud create '{"object":"CustomerOrder","record":{"ProcessingTypeCode":"OR",
    "BuyerPartyID":"4711","CurrencyCode":"QQQ","ID":"7700001"}}'
p once
ends "orders: two things are wrong" 1 "parked 1"
p parked list
ends "orders: the one to mend is told" 0 "rule      Order" \
    "erp.E1EDK01.CURCY: the code table has no row for it"
stop $box

# The answer to a creation gets lost, the program dies, and the order is edited:
# what is sent then is another message. A person says that it is there.
seed_orders lost
tell erp faults '{"rules":[{"on":"idoc","do":"cut_after","every":2}]}'
(cd "$dir" && MAPC_LIMITS_BACKOFF_MS=60000 exec "$program" load \
    -c "$dir/p.json" --quiet 0) > "$tmp/out" 2>&1 &
load=$!
started="$started $load"
has_orders() {
    ask_for erp stats
    [ "$(member ORDERS05)" = 2 ]
}
until_true has_orders || bad "orders: sent" "$(head -c 300 "$tmp/body")"
kill -9 $load
wait $load 2> /dev/null
tell erp faults '{}'
an_order
tell cloud edit "{\"object\":\"CustomerOrder\",\"key\":\"$order\",
    \"set\":{\"BuyerID\":\"Muster-7\"}}"
p load --quiet 0
ends "orders: the same again is none, another one is refused" 1 \
    "Order            cloud       echo 1  parked 1"
p parked list
ends "orders: it waits" 0 "$order" "status 51" "exists already"
printf 'map,left,right\nOrder,%s,%s\n' "$order" "$order" > "$dir/pair.csv"
p ids import "$dir/pair.csv"
ends "orders: it is there" 0 "1 links made"
p once
ends "orders: so it is changed" 0 "Order            erp         updated 1"
p parked list
ends "orders: nothing waits" 0 "nothing is parked"
ask_for erp "record?object=ORDERS05&key=$order"
expect "orders: by ORDCHG" 200 '"MESTYP":"ORDCHG"' '"BELNR":"Muster-7"'
stop $box

# One that is not there can't be changed, but made.
seed_orders messages
printf 'user = "mapc:%s"\n' "$(cat "$dir/p.erp.secret")" > "$dir/curl.erp"
post_order() {      # MESTYP DOCNUM
    printf '<?xml version="1.0"?><ORDERS05><IDOC BEGIN="1"><EDI_DC40
SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><DOCNUM>%s</DOCNUM><DIRECT>2</DIRECT>
<IDOCTYP>ORDERS05</IDOCTYP><MESTYP>%s</MESTYP><SNDPOR>CLOUD</SNDPOR>
<SNDPRT>LS</SNDPRT><SNDPRN>CLOUD</SNDPRN><RCVPOR>ERP</RCVPOR><RCVPRT>LS</RCVPRT>
<RCVPRN>ERP</RCVPRN></EDI_DC40>
<E1EDK01 SEGMENT="1"><BELNR>4711</BELNR></E1EDK01></IDOC></ORDERS05>' \
        "$2" "$1" > "$dir/order.xml"
    request -K "$dir/curl.erp" -H 'content-type: text/xml' \
        --data-binary @"$dir/order.xml" "$(sed -n 's/^erp //p' "$dir/ready")"
}
post_order ORDCHG 1001
expect "orders: no such order" 200 "<STATUS>51</STATUS>" \
    "there is no such record to be changed"
post_order ORDERS 1002
expect "orders: a new order" 200 "<STATUS>53</STATUS>"
post_order ORDCHG 1003
expect "orders: now there is" 200 "<STATUS>53</STATUS>"
post_order ORDERS 1004
expect "orders: it exists already" 200 "<STATUS>51</STATUS>" \
    "record 4711 exists already"
post_order ORDERS 1002
expect "orders: the same message again is none" 200 "<STATUS>53</STATUS>"
stop $box
