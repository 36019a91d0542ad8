# SPDX-License-Identifier: Apache-2.0
# Calls over HTTP. Sourced by run.

program=
trap '[ -z "$program$server" ] || kill $program $server 2> /dev/null
    rm -rf "$tmp"' EXIT

# listen SETTINGS: the program, for the system of the last `serve`; $at
listen() {
    cat > "$tmp/s.json" <<END
{"systems": {"erp": {"url": "http://127.0.0.1:$(cat "$tmp/ready")/sap/bc/soap/rfc"}},
 "inbound": {"listen": "127.0.0.1:0",
             "limits": {"connections": 12000, "per_address": 12000}}$1}
END
    rm -f "$tmp/log"
    P=geheim timeout --foreground -k 10 60 "$tmp/pricing" serve -v -c "$tmp/s.json" \
        2> "$tmp/log" &
    program=$!
    listens
}

quiet_end() {
    kill $program
    wait $program
    code=$?
    program=
}

# ask PATH CURL-OPTION…: $status, $tmp/body, $tmp/head
ask() {
    path=$1
    shift
    status=$(curl -s -m 20 -o "$tmp/body" -D "$tmp/head" -w '%{http_code}' \
        "$@" "$at$path")
}

post() {            # FILE CURL-OPTION…
    from=$1
    shift
    ask /call/QuotePrices -H 'Content-Type: application/json' \
        --data-binary "@$from" "$@"
}

answers() {         # NAME STATUS WORDS
    if [ "$status" != "$2" ]; then
        bad "$1" "status $status, not $2: $(head -c 300 "$tmp/body")"
    elif ! grep -q -- "$3" "$tmp/body"; then
        bad "$1" "does not say '$3': $(head -c 300 "$tmp/body")"
    else
        ok "$1"
    fi
}

"$mapc" build -o "$tmp/pricing" tests/calls/pricing.map || exit 2
serve 200 $data/answer.xml
listen ''
post $data/quote.json
answers "serve: an answer" 200 '"ItemID":"20","NetAmount":"99.9000"'
answers "serve: its messages" 200 '"severity":"warning","number":"555"'
P=geheim timeout 20 "$tmp/pricing" call QuotePrices --json -c "$tmp/s.json" \
    $data/quote.json > "$tmp/out" 2> "$tmp/err"
same "serve: as on the command line" "$tmp/out" "$tmp/body"
grep -qi '^content-type: application/json' "$tmp/head" &&
    ok "serve: its type" || bad "serve: its type" "$(cat "$tmp/head")"
post $data/quote.json -H 'Prefer: respond-async, wait=2'
tr -d '\r' < "$tmp/ready.request" | grep -qix 'prefer: wait=2' &&
    ok "serve: how long is told on" ||
    bad "serve: how long is told on" "$(head -n 12 "$tmp/ready.request")"
sed 's/"1000"/"10000"/' $data/quote.json > "$tmp/changed"
post "$tmp/changed"
answers "serve: a rule that refuses" 422 'erp.ORDER_HEADER_IN.SALES_ORG'
head -c 40 $data/quote.json > "$tmp/changed"
post "$tmp/changed"
answers "serve: half a record" 400 '"reason":"unreadable"'
ask /call/QuotePrices -d x
answers "serve: another content type" 415 'not this content type'
ask /call/Prices -H 'Content-Type: application/json' -d '{}'
answers "serve: another name" 404 'there is no call of this name'
ask /call/QuotePrices
answers "serve: not posted" 405 'not this method'
ask /healthz
answers "serve: healthz" 200 '^ok$'
ask /readyz
answers "serve: readyz" 200 '^ready$'
ask /metrics
answers "serve: counts" 200 '^mapc_calls_total{call="QuotePrices",end="answered"} 2$'
answers "serve: times" 200 '^mapc_call_seconds_count{call="QuotePrices"} 4$'
ask /openapi.json
answers "serve: openapi.json" 200 '"/call/QuotePrices":{"post":{"operationId":"QuotePrices"'
"$tmp/pricing" serve --openapi > "$tmp/out"
same "serve: --openapi" "$tmp/out" "$tmp/body"
quiet_end
[ $code = 0 ] && ok "serve: a clean end" || bad "serve: a clean end" "code $code"
grep -q 'SALES_ORG\|4711\|10000' "$tmp/log" &&
    bad "serve: no values in the log" "$(cat "$tmp/log")" ||
    ok "serve: no values in the log"

serve 500 $data/fault.xml
listen ''
post $data/quote.json
answers "serve: a fault" 502 '"reason":"fault".*SALES_ORG 9999 is not defined'
quiet_end

# A system that is slow: one after the other, half a second each.
serve 200 $data/answer.xml 500
listen ', "calls": {"in_flight": 2}'
for i in 1 2 3 4 5; do
    curl -s -m 20 -o /dev/null -D "$tmp/head.$i" -w '%{http_code}\n' \
        -H 'Content-Type: application/json' \
        --data-binary "@$data/quote.json" "$at/call/QuotePrices" \
        > "$tmp/status.$i" &
    eval "asked$i=\$!"
done
wait $asked1 $asked2 $asked3 $asked4 $asked5
cat "$tmp"/status.? | sort | uniq -c | tr -s ' ' > "$tmp/all"
[ "$(cat "$tmp/all")" = " 2 200
 3 503" ] && ok "serve: no more than there is room for" ||
    bad "serve: no more than there is room for" "$(cat "$tmp/all")"
cat "$tmp"/head.? | tr -d '\r' | grep -qix 'retry-after: 1' &&
    ok "serve: when to come back" || bad "serve: when to come back" "not said"
post $data/quote.json
answers "serve: and then there is room" 200 '"answer"'
ask /metrics
answers "serve: who was sent away is counted" 200 \
    '^mapc_calls_sent_away_total{call="QuotePrices"} 3$'
curl -s -m 20 -o /dev/null -w '%{http_code}\n' \
    -H 'Content-Type: application/json' --data-binary "@$data/quote.json" \
    "$at/call/QuotePrices" > "$tmp/status.1" &
asked1=$!
sleep 0.2
quiet_end
wait $asked1
[ "$code $(cat "$tmp/status.1")" = "0 200" ] &&
    ok "serve: what is under way may end" ||
    bad "serve: what is under way may end" "$code $(cat "$tmp/status.1")"

serve 200 $data/answer.xml 2500
listen ''
post $data/quote.json -m 0.3
sleep 0.5
ask /metrics
answers "serve: a caller that went away" 200 \
    '^mapc_calls_abandoned_total{call="QuotePrices"} 1$'
answers "serve: nobody works for it" 200 '^mapc_calls_under_way 0$'
quiet_end

# Many who say nothing, and a shell that allows few files: ten thousand, or as
# many as the machine allows.
${CC:-cc} -O2 -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -o "$tmp/idle" \
    tests/calls/idle.c || exit 2
many=$(ulimit -Hn)
case $many in unlimited) many=20000 ;; esac
[ "$many" -gt 10500 ] && many=10000 || many=$((many - 500))
serve 200 $data/answer.xml
few=$(ulimit -Sn)
ulimit -Sn 100
listen ''
ulimit -Sn "$few"
"$tmp/idle" "${at##*:}" "$many" "$tmp/idle.ready" &
idle=$!
n=0
until [ -s "$tmp/idle.ready" ] || [ $n -ge 600 ]; do
    sleep 0.05
    n=$((n + 1))
done
begun=$(date +%s%N)
for _ in 1 2 3 4 5 6 7 8 9 10; do
    post $data/quote.json
done
took=$((($(date +%s%N) - begun) / 1000000))
answers "serve: beside $many who say nothing" 200 '"answer"'
[ $took -lt 5000 ] && ok "serve: ten of them soon" ||
    bad "serve: ten of them soon" "$took ms"
kill $idle
wait $idle 2> /dev/null
post $data/quote.json
answers "serve: when they are gone" 200 '"answer"'
quiet_end

# Nobody answers: within its time each caller has an answer.
serve 200 $data/answer.xml 20000
listen ''
begun=$(date +%s%N)
post $data/quote.json -H 'Prefer: wait=1'
took=$((($(date +%s%N) - begun) / 1000000))
answers "serve: a system that hangs" 504 'no answer within 1000 ms'
[ $took -ge 900 ] && [ $took -lt 1600 ] &&
    ok "serve: within its time" || bad "serve: within its time" "$took ms"
quiet_end

# What has no effect is sent once more.
serve 200 $data/answer.xml 0 1
listen ''
post $data/quote.json
answers "serve: a connection that broke" 200 '"ItemID":"20"'
quiet_end
serve 200 $data/answer.xml 0 9
listen ''
post $data/quote.json
answers "serve: and broke again" 502 '"reason":"broken"'
quiet_end
sed '/effect none/d' tests/calls/pricing.map > "$tmp/once.map"
"$mapc" build -o "$tmp/once" "$tmp/once.map" || exit 2
serve 200 $data/answer.xml 0 1
configure "$(cat "$tmp/ready")"
P=geheim timeout 20 "$tmp/once" call QuotePrices -c "$tmp/p.json" \
    $data/quote.json > "$tmp/out" 2> "$tmp/err"
code=$?
ends "call: what may have an effect is not" 3 'whether it was done there is not known'

"$mapc" build -o "$tmp/pricing" tests/calls/kept.map || exit 2
serve 200 $data/answer.xml
listen ''
post $data/quote.json
answers "kept: at first it is asked for" 200 '^{"answer":'
rm -f "$tmp/ready.request"
post $data/quote.json
answers "kept: then it is kept" 200 '^{"age":0,"answer":{"SalesQuoteItem":\[{"ItemID":"20"'
[ -e "$tmp/ready.request" ] && bad "kept: nothing is asked" "it was" ||
    ok "kept: nothing is asked"
sed 's/"20"/"30"/' $data/quote.json > "$tmp/changed"
post "$tmp/changed"
answers "kept: not for another record" 200 '^{"answer":'
sleep 1.2
post $data/quote.json
answers "kept: for its time only" 200 '^{"answer":'
sleep 1.2
kill $server
wait $server 2> /dev/null
server=
post $data/quote.json
answers "kept: the last one, where none comes" 200 '^{"age":1,"stale":true,"answer":'
sed 's/"20"/"40"/' $data/quote.json > "$tmp/changed"
post "$tmp/changed"
answers "kept: if there is one" 502 '"reason":"not_reached"'
ask /metrics
answers "kept: it is counted" 200 '^mapc_calls_kept_total{call="QuotePrices"} 1$'
quiet_end
serve 200 $data/answer.xml
listen ', "calls": {"cache_mb": 0}'
post $data/quote.json
post $data/quote.json
answers "kept: no memory, nothing kept" 200 '^{"answer":'
quiet_end

echo '{"systems": {"erp": {"url": "http://127.0.0.1:9/"}}}' > "$tmp/s.json"
timeout 20 "$tmp/pricing" serve -c "$tmp/s.json" > "$tmp/out" 2> "$tmp/err"
code=$?
ends "serve: nowhere to listen" 2 'inbound.listen: is missing'
