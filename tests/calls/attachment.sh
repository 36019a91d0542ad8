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
 "inbound": {"listen": "127.0.0.1:0"}, "calls": {"in_flight": 4}}' > "$tmp/p.json"

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
a ToErp packed400000
none "attachment: packed" 3 'cloud: what came is packed: gzip'
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
# (A sanitizer keeps what was freed, for a while.)
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1 \
    timeout --foreground -k 10 100 "$tmp/attachment" serve -c "$tmp/p.json" \
    2> "$tmp/log" &
program=$!
listens
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
for i in 1 2 3 4; do
    curl -s -m 20 -o /dev/null -X POST -H 'Prefer: wait=1' \
        "$at/attachment/ToErp/hang" &
    waiting="$waiting $!"
done
sleep 0.3
ask /attachment/ToErp/whole1000 -X POST
answers "attachment: too many at once" 503 'too many calls at once'
for i in $waiting; do wait $i; done
waiting=
ask /attachment/ToErp/whole1000 -X POST
answers "attachment: then there is room" 200 '^{"bytes":1000}$'
curl -s -m 20 -o "$tmp/last" -X POST "$at/attachment/ToErp/whole30000000" &
waiting=$!
sleep 0.3
quiet_end
[ "$code" = 0 ] && ok "attachment: it stops" || bad "attachment: it stops" "code $code"
wait $waiting
waiting=
[ "$(cat "$tmp/last")" = '{"bytes":30000000}' ] &&
    ok "attachment: what was under way ends" ||
    bad "attachment: what was under way ends" "$(head -c 300 "$tmp/last")"
made "attachment: and is there" \
    '{"Number":"00163E","FileName":"whole30000000","MimeType":"application/pdf","Content":"30000000}'
kill $streams && wait $streams 2> /dev/null
streams=

# --- with the sandbox on both sides ---

play tests/calls/attachment.map --bytes 900000 \
    --seed cloud.SalesQuoteAttachmentFolder=2
cloud=$(sed -n 's/^cloud //p' "$tmp/where")
folder=${cloud}SalesQuoteAttachmentFolderCollection files=${url}FileSet

# look SYSTEM ADDRESS: what the service shows there; $tmp/out
look() {
    curl -s -m 20 -u "mapc:$(cat "$tmp/p.$1.secret")" -o "$tmp/out" "$2"
}

# id SYSTEM ADDRESS FIELD: of the last record that was made
id() {
    look "$1" "$2?\$format=json&\$select=$3"
    tr ',{' '\n\n' < "$tmp/out" | sed -n 's/^"'"$3"'":"\(.*\)".*/\1/p' | tail -n 1
}

# how_many SYSTEM ADDRESS
how_many() {
    look "$1" "$2/\$count"
    cat "$tmp/out"
}

# mishap SYSTEM-ADDRESS RULE: what goes wrong from now on
mishap() {
    curl -s -m 20 -d '{"rules": ['"$2"']}' "${1%/sap/*}/sandbox/faults" > "$tmp/set"
}

first=$(id cloud "$folder" ObjectID)
a ToErp "$first"
ends "attachment: into the sandbox" 0 '^9000[0-9][0-9] bytes$'
look cloud "$folder('$first')/Binary/\$value"
mv "$tmp/out" "$tmp/file"
made=$(id erp "$files" ID)
look erp "$files('$made')/Content/\$value"
same "attachment: the same bytes there" "$tmp/file" "$tmp/out"
look erp "$files('$made')?\$format=json"
grep -q '"FileName":"Muster 2.pdf","MimeType":"application/pdf"' "$tmp/out" &&
    ok "attachment: its name there" || bad "attachment: its name there" "$(head -c 600 "$tmp/out")"
a ToCloud "$made"
ends "attachment: back from the sandbox" 0 '^9000[0-9][0-9] bytes$'
look cloud "$folder('$(id cloud "$folder" ObjectID)')/Binary/\$value"
same "attachment: the same bytes back" "$tmp/file" "$tmp/out"
[ "$(how_many cloud "$folder")" = 3 ] && ok "attachment: one more" ||
    bad "attachment: one more" "there are $(cat "$tmp/out")"

mishap "$cloud" '{"on": "bytes", "do": "cut_middle"}'
a ToErp "$first"
ends "attachment: the sandbox cuts it" 3 'cloud: it was cut off'
mishap "$cloud" '{"on": "bytes", "do": "garbage"}'
a ToErp "$first"
ends "attachment: the sandbox gives something else" 3 'begins otherwise than application/pdf does'
mishap "$cloud" '{"on": "bytes", "do": "status", "status": 503, "times": 1}'
a ToErp "$first"
ends "attachment: the sandbox is busy once" 0 '^9000[0-9][0-9] bytes$'
mishap "$cloud" '{"on": "bytes", "do": "slow", "bytes_per_second": 400000}'
a ToErp "$first"
ends "attachment: the sandbox is slow" 0 '^9000[0-9][0-9] bytes$'
mishap "$cloud" ''
mishap "$url" '{"on": "create", "do": "status", "status": 500}'
a ToErp "$first"
ends "attachment: not taken" 3 'erp: it answered with status 500'
[ "$(how_many erp "$files")" = 3 ] && ok "attachment: nothing by half" ||
    bad "attachment: nothing by half" "there are $(cat "$tmp/out")"
mishap "$url" '{"on": "create", "do": "cut_after"}'
a ToErp "$first"
ends "attachment: it is there, and no answer" 3 'whether it was done there is not known'
[ "$(how_many erp "$files")" = 4 ] && ok "attachment: then it may be there" ||
    bad "attachment: then it may be there" "there are $(cat "$tmp/out")"
mishap "$url" ''

# The token of the first one is no good for the second.
rm -f "$tmp/log"
timeout --foreground -k 10 100 "$tmp/attachment" serve -c "$tmp/p.json" \
    2> "$tmp/log" &
program=$!
listens
in="erp:$(cat "$tmp/p.inbound.secret")"
ask "/attachment/ToErp/$first" -X POST -u "$in"
answers "attachment: served with the sandbox" 200 '^{"bytes":9000[0-9][0-9]}$'
mishap "$url" '{"on": "read", "do": "csrf"}'
how_many erp "$files" > "$tmp/set"
ask "/attachment/ToErp/$first" -X POST -u "$in"
answers "attachment: tokens were forgotten" 200 '^{"bytes":9000[0-9][0-9]}$'
ask "/attachment/ToErp/$first" -X POST
answers "attachment: who asks says who it is" 401 ''
quiet_end
[ "$(how_many erp "$files")" = 6 ] && ok "attachment: two more" ||
    bad "attachment: two more" "there are $(cat "$tmp/out")"

# --- the packaged maps ---

"$mapc" build -o "$tmp/attachment" mappings/erp/files.map || exit 2
play mappings/erp/files.map --seed erp_files.File=8 \
    --seed cloud.SalesQuoteAttachmentFolder=1
cloud=$(sed -n 's/^cloud //p' "$tmp/where")
files=$(sed -n 's/^erp_files //p' "$tmp/where")FileSet
orders=${cloud}CustomerOrderAttachmentFolderCollection
a QuoteFile "$(id cloud "${cloud}SalesQuoteAttachmentFolderCollection" ObjectID)"
ends "attachment: a file of a quote" 0 ' bytes$'
made=$(id erp_files "$files" FileID)
look erp_files "$files('$made')?\$format=json"
grep -q '"ObjectType":"BUS2031","ObjectKey":"0002000001"' "$tmp/out" &&
    ok "attachment: at the quote there" ||
    bad "attachment: at the quote there" "$(head -c 600 "$tmp/out")"
a OrderFileBack "$made"
ends "attachment: no file of an order" 1 'cloud.CategoryCode'
look erp_files "$files?\$format=json&\$select=FileID,ObjectType"
order=$(tr '{' '\n' < "$tmp/out" |
    sed -n 's/.*"FileID":"\([^"]*\)","ObjectType":"BUS2032".*/\1/p' | head -n 1)
a OrderFileBack "$order"
ends "attachment: a file of an order" 0 ' bytes$'
look cloud "$orders?\$format=json"
grep -q '"SalesOrderID":"300000[1-8]","TypeCode":"10001"' "$tmp/out" &&
    ok "attachment: at the order there" ||
    bad "attachment: at the order there" "$(head -c 600 "$tmp/out")"
[ "$(how_many cloud "$orders")" = 1 ] && ok "attachment: and no other" ||
    bad "attachment: and no other" "there are $(cat "$tmp/out")"
kill $server && wait $server 2> /dev/null
server=
