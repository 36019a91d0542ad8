# SPDX-License-Identifier: Apache-2.0
# Documents as streams of bytes. Sourced by run, which has `ok`, `bad`, `ends`.

streams=
trap '[ -z "$program$server$flows$streams" ] ||
        kill $program $server $flows $streams 2> /dev/null
    rm -rf "$tmp"' EXIT

${CC:-cc} -O2 -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra \
    -o "$tmp/stream_server" tests/calls/stream_server.c || exit 2
"$mapc" build -o "$tmp/document" tests/calls/document.map || exit 2
"$tmp/stream_server" "$tmp/stream.ready" &
streams=$!
n=0
until [ -s "$tmp/stream.ready" ] || [ $n -ge 100 ]; do
    sleep 0.05
    n=$((n + 1))
done
there=http://127.0.0.1:$(cat "$tmp/stream.ready")
echo '{"systems": {"erp": {"url": "'"$there"'/erp/"}, "rfc": {"url": "'"$there"'/rfc"}},
 "inbound": {"listen": "127.0.0.1:0"}, "calls": {"in_flight": 4}}' > "$tmp/p.json"

# b NAME KEY: a document into a file; $code, $tmp/file, $tmp/out, $tmp/err
b() {
    rm -f "$tmp/file"
    timeout 60 "$tmp/document" document "$1" "$2" -c "$tmp/p.json" \
        -o "$tmp/file" > "$tmp/out" 2> "$tmp/err" < /dev/null
    code=$?
}

# is NAME BYTES FILE: it is the document of so many bytes
is() {
    if "$tmp/stream_server" make "$2" | cmp -s - "$3"; then
        ok "$1"
    else
        bad "$1" "$(ls -l "$3" 2>&1) $(head -c 300 "$tmp/err")"
    fi
}

# not NAME CODE WORDS: refused, and no file is left
not() {
    ends "$1" "$2" "$3"
    left=$(ls "$tmp"/file* 2> /dev/null)
    [ -z "$left" ] || bad "$1" "there is $left"
}

"$tmp/document" document Printout "O'B/1" --request > "$tmp/out" 2> "$tmp/err"
code=$?
ends "document: the request" 0 \
    "^GET /PrintoutSet(Number='O''B%2F1',Form='QUOT')/\$value\$"
"$tmp/document" document Scan 7 --request > "$tmp/out" 2> "$tmp/err"
code=$?
ends "document: of a field" 0 "^GET /ScanSet(ID='7')/Image/\$value\$"
"$tmp/document" document 7 > "$tmp/out" 2> "$tmp/err"
code=$?
ends "document: which one" 2 'say which one: Printout Scan Print'

b Printout whole2000
is "document: as it is" 2000 "$tmp/file"
timeout 60 "$tmp/document" document Printout parts100000 -c "$tmp/p.json" \
    > "$tmp/file" 2> "$tmp/err"
is "document: in pieces, to standard output" 100000 "$tmp/file"
b Printout plain9
is "document: a type that says nothing" 9 "$tmp/file"
b Printout short
is "document: shorter than any" 5 "$tmp/file"
b Print rows1000
is "document: base64 in rows" 1000 "$tmp/file"
b Print rows255
is "document: base64 in one row" 255 "$tmp/file"

b Printout cut40000
not "document: cut off" 3 'erp: it was cut off'
b Printout half40000
not "document: cut off between chunks" 3 'erp: it was cut off'
b Print lost3000
not "document: cut off between rows" 3 'rfc: it was cut off'
b Printout type30
not "document: another type" 3 'what came is text/html, and no application/pdf'
b Printout lie
not "document: other bytes" 3 'what came begins otherwise than application/pdf does'
b Printout empty
not "document: no bytes" 3 'there is no document in its answer'
b Print rows0
not "document: no rows" 3 'there is no document in its answer'
b Printout gone
not "document: refused" 1 'erp refused it: V1/302: Document is not there'
b Printout whole400000000
not "document: too large, it says" 3 'it is larger than 300000000 bytes'
b Scan parts2000000
not "document: not of its types" 3 'what came is Application/PDF; x=y, and no image/png'
b Printout stop30000
not "document: stopped" 3 'it stopped in the middle for 2000 ms'
b Printout hang
not "document: no answer" 3 'no answer within 2000 ms'
b Printout "123456789012345678901"
not "document: a rule refuses" 1 'refused on the way there'
b Printout packed2000
not "document: packed" 3 'what came is packed: gzip'
mkdir "$tmp/none"
timeout 60 "$tmp/document" document Printout whole2000 -c "$tmp/p.json" \
    -o "$tmp/none/there/file" > "$tmp/out" 2> "$tmp/err"
code=$?
not "document: no such folder" 4 'none/there/file: No such file or directory'
if [ -w /dev/full ]; then
    timeout 60 "$tmp/document" document Printout whole2000 -c "$tmp/p.json" \
        > /dev/full 2> "$tmp/err"
    code=$?
    not "document: a full disk" 4 'No space left on device'
fi

# --- over HTTP ---

rm -f "$tmp/log"
# (A sanitizer keeps what was freed, for a while.)
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1 \
    timeout --foreground -k 10 100 "$tmp/document" serve -c "$tmp/p.json" \
    2> "$tmp/log" &
program=$!
listens

most() {            # the most memory that it ever had, in kB
    sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

served=$(ps -o pid= --ppid $program | head -n 1 | tr -d ' ')
before=$(most "${served:-$program}")
ask /document/Printout/whole200000000
is "document: 200 MB over HTTP" 200000000 "$tmp/body"
grep -qi '^Content-Length: 200000000' "$tmp/head" &&
    grep -qi '^Content-Type: application/pdf' "$tmp/head" &&
    grep -qi '^Content-Disposition: inline; filename="whole200000000.pdf"' "$tmp/head" &&
    ok "document: its headers" || bad "document: its headers" "$(cat "$tmp/head")"
ask /document/Print/rows20000000
is "document: 20 MB of base64 over HTTP" 20000000 "$tmp/body"
curl -s -m 20 --limit-rate 1M -o "$tmp/body" "$at/document/Printout/whole3000000"
is "document: a slow reader" 3000000 "$tmp/body"
after=$(most "${served:-$program}")
[ -n "$before" ] && [ $((after - before)) -lt 32768 ] &&
    ok "document: memory stays flat" ||
    bad "document: memory stays flat" "from $before kB to $after kB"
rm -f "$tmp/body"

curl -s -m 20 -o "$tmp/body" "$at/document/Printout/half40000"
code=$?
[ $code = 18 ] && ok "document: a cut shows" ||
    bad "document: a cut shows" "curl ends with $code"
curl -s -m 20 -o "$tmp/body" "$at/document/Printout/stop40000"
code=$?
[ $code = 18 ] && ok "document: a stop shows" ||
    bad "document: a stop shows" "curl ends with $code"
ask /document/Printout/lie
answers "document: other bytes over HTTP" 502 'begins otherwise'
ask /document/Printout/gone
answers "document: refused over HTTP" 502 'V1/302: Document is not there'
ask /document/Printout/hang
answers "document: late over HTTP" 504 'no answer within 2000 ms'
ask /document/Printout/hang -H 'Prefer: wait=1'
answers "document: its caller is in a hurry" 504 'no answer within 1000 ms'
ask /document/Printout/
answers "document: no key" 404 'say which document'
ask /document/Nothing/7
answers "document: no such one" 404 'there is no document of this name'
ask /call/Printout -H 'Content-Type: application/json' -d '{}'
answers "document: it is no call" 404 'there is no call of this name'

# Those that go away make room for others.
for i in 1 2 3 4; do
    curl -s -m 0.5 --limit-rate 1k -o /dev/null \
        "$at/document/Printout/whole100000000" &
    waiting="$waiting $!"
done
sleep 0.2
ask /document/Printout/whole2000
answers "document: too many at once" 503 'too many calls at once'
for i in $waiting; do wait $i; done
waiting=
n=0
until ask /document/Printout/whole2000 && [ "$status" = 200 ] || [ $n -ge 50 ]; do
    sleep 0.1
    n=$((n + 1))
done
is "document: there is room again" 2000 "$tmp/body"
ask /metrics
answers "document: counted" 200 'mapc_calls_abandoned_total{call="Printout"} 4'
ask /openapi.json
answers "document: in the OpenAPI" 200 '"/document/Scan/{key}":.*"image/jpeg":{"schema":{"type":"string","format":"binary"}}'
quiet_end
[ "$code" = 0 ] && ok "document: it stops" || bad "document: it stops" "code $code"
kill $streams && wait $streams 2> /dev/null
streams=

# --- of the system that the sandbox plays ---

"$mapc" build -o "$tmp/calls" mappings/calls.map || exit 2
timeout --foreground -k 10 120 "$mapc" sandbox --config "$tmp/p.json" \
    --ready "$tmp/where" --stop-after 100 mappings/calls.map \
    > "$tmp/played" 2>&1 &
server=$!
n=0
rm -f "$tmp/where"
until [ -s "$tmp/where" ] || [ $n -ge 100 ]; do
    sleep 0.05
    n=$((n + 1))
done
url=$(sed -n 's/^erp_rfc //p' "$tmp/where")
cp "$tmp/calls" "$tmp/document"
"$tmp/calls" call OpportunityQuotation -c "$tmp/p.json" \
    mappings/erp/samples/opportunity_cloud.json > "$tmp/out" 2> "$tmp/err"
code=$?
number=$(sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p' "$tmp/out")
ends "document: one is made" 0 'ERPQUO'

# The table of a PDF says where its objects stand.
b QuotePdf "$number"
[ "$code" = 0 ] && ok "document: its PDF" ||
    bad "document: its PDF" "code $code: $(cat "$tmp/err")"
grep -aqx "(Quotation $number) Tj T\*" "$tmp/file" &&
    ok "document: it has the number" || bad "document: it has the number" "$(head -c 900 "$tmp/file")"
LC_ALL=C awk '
    { at[NR] = bytes; line[NR] = $0; bytes += length($0) + 1 }
    /^startxref$/ { getline; at[NR] = bytes; bytes += length($0) + 1; xref = $0 }
    END {
        for (i = 1; i <= NR; i++)
            if (at[i] == xref)
                first = i
        wrong = first == "" || line[first] != "xref"
        for (n = 1; n <= 5; n++)
            for (i = 1; i <= NR; i++)
                if (line[i] == n " 0 obj" && line[first + 2 + n] != sprintf("%010d 00000 n ", at[i]))
                    wrong = 1
        exit wrong
    }' "$tmp/file" && ok "document: a reader opens it" ||
    bad "document: a reader opens it" "$(tail -n 15 "$tmp/file")"
b QuotePdf 77
not "document: the sandbox has none" 1 'Document 0000000077 is not there'
faults '{"rules": [{"on": "call", "do": "cut_middle"}]}'
b QuotePdf "$number"
not "document: the sandbox cuts it" 3 'it was cut off'
faults '{"rules": [{"on": "call", "do": "garbage"}]}'
b QuotePdf "$number"
not "document: the sandbox gives something else" 3 'its answer is cut off'
faults '{"rules": [{"on": "call", "do": "slow", "bytes_per_second": 3000}]}'
b QuotePdf "$number"
[ "$code" = 0 ] && ok "document: the sandbox is slow" ||
    bad "document: the sandbox is slow" "code $code: $(cat "$tmp/err")"
kill $server && wait $server 2> /dev/null
server=
