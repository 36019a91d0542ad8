# SPDX-License-Identifier: Apache-2.0
# Chains of documents. Sourced by run, which has `ok`, `bad`, `ends`, `same`.

flows= waiting=
trap '[ -z "$program$server$flows" ] ||
        kill $program $server $flows 2> /dev/null
    rm -rf "$tmp"' EXIT

# system TABLE [DELAY]: a called system that has these documents.
system() {
    [ -z "$flows" ] || { kill $flows; wait $flows; } 2> /dev/null
    rm -rf "$tmp/flows" "$tmp/flow.ready" "$tmp/flow.ready.log"
    mkdir "$tmp/flows"
    tests/calls/flow_answers.sh "$1" "$tmp/flows"
    cp $data/fault.xml "$tmp/flows/fault.xml"
    "$tmp/flow_server" "$tmp/flow.ready" "$tmp/flows" ${2:-0} &
    flows=$!
    n=0
    until [ -s "$tmp/flow.ready" ] || [ $n -ge 100 ]; do
        sleep 0.05
        n=$((n + 1))
    done
    echo '{"systems": {"erp": {"url": "http://127.0.0.1:'"$(cat "$tmp/flow.ready")"'/sap/bc/soap/rfc"}}}' > "$tmp/p.json"
}

# d ARGUMENT…: a docflow; $code, $tmp/out, $tmp/err
d() {
    timeout 60 "$tmp/flow" docflow -c "$tmp/p.json" "$@" > "$tmp/out" \
        2> "$tmp/err" < /dev/null
    code=$?
}

# A table with lines of a chain, on standard input.
table() {
    cat > "$tmp/table"
    system "$tmp/table" "$@"
}

${CC:-cc} -O2 -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra \
    -o "$tmp/flow_server" tests/calls/flow_server.c || exit 2
"$mapc" build -o "$tmp/flow" tests/calls/flow.map || exit 2

system $data/flow.txt 300
begun=$(date +%s%N)
d 20000001
took=$((($(date +%s%N) - begun) / 1000000))
same "a chain as a tree" $data/flow.tree "$tmp/out"
[ "$code" = 0 ] && [ ! -s "$tmp/err" ] && ok "… and nothing else" ||
    bad "… and nothing else" "code $code: $(head -c 300 "$tmp/err")"
awk '{ n += $1 == "begin" ? 1 : -1; if (n > most) most = n }
     END { exit most != 3 }' "$tmp/flow.ready.log" &&
    ok "the second round is asked side by side" ||
    bad "the second round is asked side by side" "$(cat "$tmp/flow.ready.log")"
sort "$tmp/flow.ready.log" | grep begin > "$tmp/asked"
printf 'begin %s\n' 0000000042 0000000043 0010000001 0020000001 > "$tmp/want"
same "each is asked for once, and only these types" "$tmp/want" "$tmp/asked"
[ $took -lt 1500 ] && ok "two rounds take two times" ||
    bad "two rounds take two times" "$took ms"
d SalesDocuments 0020000001 --json
same "as JSON" $data/flow.json "$tmp/out"
d 20000001 --svg
if command -v xmllint > /dev/null; then
    xmllint --noout "$tmp/out" && ok "the picture is XML" ||
        bad "the picture is XML" "$(head -c 300 "$tmp/out")"
fi
[ "$(grep -c '<rect' "$tmp/out")" = 6 ] &&
    [ "$(grep -c 'class="line"' "$tmp/out")" = 6 ] &&
    ok "a box a document, a line a step" ||
    bad "a box a document, a line a step" "$(grep -c . "$tmp/out") lines"

table <<'END'
document 0000000001 B 2024-01-01 1.00 EUR A
document 0000000002 C 2024-01-02 1.00 EUR A
step 0000000001 000010 0000000002 000010 1.00
step 0000000002 000010 0000000001 000010 1.00
step 0000000002 000020 0000000002 000030 1.00
END
d 1
ends "a circle" 0 '^   |- 1  (goes round)$'
d 1 --json
ends "… in JSON" 0 '"from":"2","to":"1","items":1,"amount":"1","currency":"EUR","closes_circle":true'
d 2 --svg
ends "… in a picture" 0 'class="back"'

table <<'END'
document 0000000001 B 2024-01-01 1.00 EUR A
step 0000000001 000010 0000000077 000010 1.00
END
d 1
ends "what can't be looked into" 1 \
    "warning, item 77: it was not looked into: SALES_ORG 9999 is not defined"
ends "… is shown all the same" 1 '^`- 77  order'
d 1 --json
ends "… in JSON" 1 '"complete":false}$'
d 2
ends "the first one is not there" 1 "erp refused it: SALES_ORG 9999 is not defined"

table <<'END'
document 0000000001 B 2024-01-01 1.00 &lt;&amp; A
END
d 1 --svg
ends "a picture of one, escaped" 0 '>1 &lt;&amp;</text>'
! command -v xmllint > /dev/null || xmllint --noout "$tmp/out" ||
    bad "a picture of one, escaped" "it is no XML"

d 'a"b\c' --request
ends "any key" 0 '<SALESDOCUMENT>a"b\\c</SALESDOCUMENT>'
d 12345678901
ends "a key that a rule refuses" 1 "refused on the way there"
d
ends "no key" 2 "say which document"
d 1 --json --svg
ends "two forms" 2 "say one"
d Nothing 1
ends "a wrong name" 2 "there is no docflow Nothing"
"$tmp/flow" call SalesDocuments < /dev/null > "$tmp/out" 2> "$tmp/err"
code=$?
ends "a docflow is no call" 2 "there is no call SalesDocuments"

cp tests/calls/flow.wsdl "$tmp"
sed 's/within 10 s/within 700 ms/' tests/calls/flow.map > "$tmp/hasty.map"
"$mapc" build -o "$tmp/flow" "$tmp/hasty.map" || exit 2
system $data/flow.txt 400
d 20000001
ends "the time is over in the second round" 1 \
    "item 42: it was not looked into: no answer within"
ends "… and the first one is shown" 1 "42 .*order"
system $data/flow.txt 1500
begun=$(date +%s%N)
d 20000001
ends "the time is over in the first round" 3 "erp: no answer within 700 ms"
took=$((($(date +%s%N) - begun) / 1000000))
[ $took -lt 1400 ] && ok "nobody waited for it" ||
    bad "nobody waited for it" "$took ms"

# --- over HTTP ---

# offer: `serve` for the present system; $at
offer() {
    sed '$s/}$/, "inbound": {"listen": "127.0.0.1:0"}}/' "$tmp/p.json" \
        > "$tmp/s.json"
    rm -f "$tmp/log"
    timeout --foreground -k 10 60 "$tmp/flow" serve -v -c "$tmp/s.json" 2> "$tmp/log" &
    program=$!
    listens
}

"$mapc" build -o "$tmp/flow" tests/calls/flow.map || exit 2
system $data/flow.txt
offer
ask /docflow/SalesDocuments/20000001
same "over HTTP" $data/flow.json "$tmp/body"
[ "$status" = 200 ] && grep -qi '^content-type: application/json' "$tmp/head" &&
    ok "… as JSON" || bad "… as JSON" "$(cat "$tmp/head")"
ask '/docflow/SalesDocuments/20000001?form=svg'
answers "a picture over HTTP" 200 '^<svg '
grep -qi '^content-type: image/svg+xml' "$tmp/head" && ok "… and its type" ||
    bad "… and its type" "$(cat "$tmp/head")"
ask '/docflow/SalesDocuments/20000001?form=pdf'
answers "another form" 400 'the only choice'
ask /docflow/SalesDocuments/
answers "no key over HTTP" 404 'say which document'
ask /docflow/Nothing/1
answers "no such docflow" 404 'there is no docflow of this name'
ask /docflow/SalesDocuments/9
answers "a fault over HTTP" 502 '"reason":"fault"'
ask /docflow/SalesDocuments/123456%2F789012
answers "a rule over HTTP" 422 '"reason":"refused_by_rule"'
ask /call/SalesDocuments -H 'Content-Type: application/json' -d '{"ID":"1"}'
answers "a docflow is not posted" 404 'there is no call of this name'
ask /openapi.json
answers "it is described" 200 '"/docflow/SalesDocuments/{key}":{"get"'
! command -v python3 > /dev/null ||
    python3 -m json.tool < "$tmp/body" > /dev/null ||
    bad "it is described" "it is no JSON"
kill $program && wait $program
program=

system $data/flow.txt 2000
offer
ask /docflow/SalesDocuments/20000001 -H 'Prefer: wait=1'
answers "a caller who waits less long" 504 'in time'
curl -s -m 0.5 "$at/docflow/SalesDocuments/20000001" > /dev/null
sleep 0.5
ask /metrics
answers "a caller who goes away" 200 'under_way 0$'
for i in 1 2 3; do
    curl -s -m 20 -o "$tmp/$i.body" -w '%{http_code}' \
        "$at/docflow/SalesDocuments/20000001" > "$tmp/$i.status" &
    waiting="$waiting $!"
done
sleep 0.5
kill $program && wait $program
[ $? = 0 ] && ok "it stops while chains are under way" ||
    bad "it stops while chains are under way" "$(tail -n 3 "$tmp/log")"
program=
wait $waiting

"$mapc" build -o "$tmp/flow" tests/calls/steps.map || exit 2
table <<'END'
document 0000000001 B - - - -
step 0000000001 000010 0080000001 000010 1.00
END
d 0000000001
ends "documents that only steps name" 0 '^`- 0080000001 *1.00 EUR  (not found)$'
d 0000000001 --json
ends "… in JSON" 0 '"number":"0080000001","amount":"1","currency":"EUR","added_up":true,"level":1,"missing":true'
table <<'END'
document 0000000001 B - - - -
END
d 0000000001
ends "no documents" 0 "no documents"
d 0000000001 --svg
ends "… in a picture" 0 "no documents"
kill $flows && wait $flows 2> /dev/null
flows=

# --- a service with JSON ---

"$mapc" build -o "$tmp/flow" tests/calls/chain.map || exit 2
serve 200 $data/chain.json
echo '{"systems": {"shop": {"url": "http://127.0.0.1:'"$(cat "$tmp/ready")"'/v1"}}}' \
    > "$tmp/p.json"
d 1
ends "by JSON" 0 '^`- 2  order$'
tr -d '\r' < "$tmp/ready.request" | head -n 1 > "$tmp/first"
echo 'GET /v1/flow/2 HTTP/1.1' > "$tmp/want"
same "the second is asked for in the address" "$tmp/want" "$tmp/first"
