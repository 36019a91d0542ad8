#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# IDocs on their way: from one sandbox into the ERP of another, which fails.

start to
to_erp=$control_erp
where="http://mapc:$(cat "$dir/p.erp.secret")@${erp#http://}"
to_pid=$pid
start from --seed erp.DEBMAS06=300 --deliver "erp=$where" --packet 7

records() {     # CONTROL FILE
    curl -s -m 30 "$1/records?object=DEBMAS06" > "$2"
}
is_empty() {
    curl -s -m 30 "$control_erp/stats" | grep -q '"queue":0'
}
arrives() {     # NAME
    until_true is_empty || bad "$1" "the queue is not empty"
    records "$to_erp" "$tmp/there"
    records "$control_erp" "$tmp/here"
    if [ -s "$tmp/here" ] && cmp -s "$tmp/here" "$tmp/there"; then
        ok "$1"
    else
        bad "$1" "$(diff "$tmp/here" "$tmp/there" | head -n 2 | cut -c 1-150)"
    fi
}

request --data-binary '{"seed":3,"rules":[
    {"on":"idoc","do":"status","status":503,"probability":0.2},
    {"on":"idoc","do":"cut_after","probability":0.2},
    {"on":"idoc","do":"cut_before","probability":0.1}]}' "$to_erp/faults"
control erp faults '{"rules":[{"on":"delivery","do":"duplicate",
    "every":3}]}'
control erp send '{"object":"DEBMAS06"}'
expect "queue: an initial load" 200
arrives "queue: all arrive, whatever goes wrong"
curl -s -m 30 "$to_erp/stats" > "$tmp/body"
status=200
expect "queue: each record was made once" 200 '"creates":300,'
for city in Eins Zwei Drei Vier Fünf; do
    control erp edit "{\"object\":\"DEBMAS06\",\"key\":\"0001000005\",
        \"set\":{\"ORT01\":\"$city\"}}"
done
arrives "queue: changes of one record stay in order"
control erp faults '{"rules":[{"on":"delivery","do":"reorder","every":2}]}'
for city in Eins Zwei Drei; do
    control erp edit "{\"object\":\"DEBMAS06\",\"key\":\"0001000007\",
        \"set\":{\"ORT01\":\"$city\"}}"
done
until_true is_empty
request "$to_erp/record?object=DEBMAS06&key=0001000007"
expect "queue: the second one is overtaken by the third" 200 \
    '"ORT01":"Zwei"'
control erp faults '{}'
control erp edit '{"object":"DEBMAS06","key":"0001000007","set":
    {"ORT01":"Vier"}}'
control erp delete '{"object":"DEBMAS06","key":"0001000006"}'
arrives "queue: a deletion arrives, too"
stop "$pid"
stop "$to_pid"

start echo
control erp faults '{"rules":[{"do":"echo"}]}'
send_idoc mappings/erp/samples/account_erp.xml
look erp stats
expect "queue: an echo" 200 '"queue":1'
stop "$pid"
