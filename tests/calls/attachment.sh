# SPDX-License-Identifier: Apache-2.0
# Attachments, from one system to the other. Sourced by run, behind document.sh.

"$mapc" build -o "$tmp/attachment" tests/calls/attachment.map || exit 2
rm -f "$tmp/stream.ready"
"$tmp/stream_server" "$tmp/stream.ready" &
streams=$!
n=0
until [ -s "$tmp/stream.ready" ] || [ $n -ge 100 ]; do
    sleep 0.05
    n=$((n + 1))
done
there=http://127.0.0.1:$(cat "$tmp/stream.ready")
echo '{"systems": {"erp": {"url": "'"$there"'/erp/"}, "cloud": {"url": "'"$there"'/cloud/"}},
 "inbound": {"listen": "127.0.0.1:0"}}' > "$tmp/p.json"

# a NAME KEY: an attachment; $code, $tmp/out, $tmp/err
a() {
    rm -f "$tmp/stream.ready.made"
    timeout 60 "$tmp/attachment" attachment "$1" "$2" -c "$tmp/p.json" \
        > "$tmp/out" 2> "$tmp/err" < /dev/null
    code=$?
}

# made NAME JSON: that record is there
made() {
    echo "$2" > "$tmp/want"
    same "$1" "$tmp/want" "$tmp/stream.ready.made"
}

# none NAME CODE WORDS: and nothing is there
none() {
    ends "$1" "$2" "$3"
    [ ! -s "$tmp/stream.ready.made" ] ||
        [ "$(cat "$tmp/stream.ready.made")" = "cut off" ] ||
        bad "$1" "there is $(cat "$tmp/stream.ready.made")"
}

for n in 8 1000 1001 1002; do
    a ToErp whole$n
    made "attachment: $n bytes" \
        '{"Number":"00163E","FileName":"whole'$n'","MimeType":"application/pdf","Content":"'$n'}'
done
ends "attachment: says how many" 0 '^1002 bytes$'
a ToErp parts100000
made "attachment: of a length that nobody knows" \
    '{"Number":"00163E","FileName":"parts100000","MimeType":"application/pdf","Content":"100000}'
a ToCloud plain5000
made "attachment: the other way" \
    '{"ParentObjectID":"77","Name":"plain5000","TypeCode":"10001","CategoryCode":"2","MimeType":"application/pdf","Binary":"5000}'
a ToErp gone
none "attachment: not there" 1 'cloud refused it: V1/302: Document is not there'
a ToErp cut400000
none "attachment: cut off" 3 'cloud: it was cut off'
a ToErp half400000
none "attachment: cut off between chunks" 3 'cloud: it was cut off'
a ToErp stop400000
none "attachment: stopped" 3 'cloud: it stopped in the middle for 2000 ms'
a ToErp hang
none "attachment: no answer" 3 'cloud: no answer within 2000 ms'
a ToErp lie
none "attachment: other bytes" 3 'begins otherwise than application/pdf does'
a ToErp empty
none "attachment: no bytes" 3 'there is no document in its answer'
a ToCloud whole2000000
none "attachment: too large, it says" 3 'erp: it is larger than 1000000 bytes'
a ToCloud parts2000000
none "attachment: too large" 3 'erp: it is larger than 1000000 bytes'
a ToErp whole2000000refused
none "attachment: refused there" 1 'erp refused it: V1/302'
a ToErp whole2000000stuck
none "attachment: stuck there" 3 'erp: no answer within 2000 ms'
grep -q 'whether it was done there is not known' "$tmp/err" &&
    ok "attachment: then nobody knows" || bad "attachment: then nobody knows" "$(cat "$tmp/err")"
a ToErp ''
ends "attachment: no key" 2 'say which attachment'
a ToErp "O'B/../x"
none "attachment: an odd key" 1 'cloud refused it'

rm -f "$tmp/log"
timeout --foreground -k 10 100 "$tmp/attachment" serve -c "$tmp/p.json" \
    2> "$tmp/log" &
program=$!
n=0
until grep -q listening "$tmp/log" 2> /dev/null || [ $n -ge 400 ]; do
    sleep 0.05
    n=$((n + 1))
done
at=http://127.0.0.1:$(sed -n 's/.*listening: port //p' "$tmp/log")
served=$(ps -o pid= --ppid $program | head -n 1 | tr -d ' ')
before=$(most "${served:-$program}")
ask /attachment/ToErp/whole200000000 -X POST -m 60
answers "attachment: 200 MB" 200 '^{"bytes":200000000}$'
made "attachment: all of it is there" \
    '{"Number":"00163E","FileName":"whole200000000","MimeType":"application/pdf","Content":"200000000}'
after=$(most "${served:-$program}")
[ -n "$before" ] && [ $((after - before)) -lt 32768 ] &&
    ok "attachment: memory stays flat" ||
    bad "attachment: memory stays flat" "from $before kB to $after kB"
ask /attachment/ToErp/whole2000000refused -X POST
answers "attachment: refused over HTTP" 502 '"system":"erp","detail":"V1/302'
ask /attachment/ToErp/half400000 -X POST
answers "attachment: cut off over HTTP" 502 '"system":"cloud","detail":"it was cut off'
ask /attachment/ToErp/hang -X POST -H 'Prefer: wait=1'
answers "attachment: in a hurry" 504 'no answer within 1000 ms'
rm -f "$tmp/stream.ready.made"
curl -s -m 0.3 -o /dev/null -X POST "$at/attachment/ToErp/whole100000000"
n=0
until ask /metrics && grep -q 'abandoned_total{call="ToErp"} 1' "$tmp/body" || [ $n -ge 50 ]; do
    sleep 0.1
    n=$((n + 1))
done
answers "attachment: its caller goes away" 200 'mapc_calls_abandoned_total{call="ToErp"} 1'
ask /attachment/Nothing/7 -X POST
answers "attachment: no such one" 404 'there is no attachment of this name'
ask /attachment/ToErp/7
answers "attachment: with POST" 405 'not this method'
ask /openapi.json
answers "attachment: in the OpenAPI" 200 '"/attachment/ToCloud/{key}":{"post"'
quiet_end
[ "$code" = 0 ] && ok "attachment: it stops" || bad "attachment: it stops" "code $code"
kill $streams && wait $streams 2> /dev/null
streams=
