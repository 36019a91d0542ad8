# SPDX-License-Identifier: Apache-2.0
# Calls with one effect for each key: whatever breaks, the sandbox has one order
# for each quote in the end. Sourced by run, behind sandbox.sh.
once_seed=${ONCE_SEED:-1}
once_keys=${ONCE_KEYS:-6}

# o PROGRAM KEY: a call; $code, $tmp/out, $tmp/err
o() {
    echo "{\"ID\": \"$2\", \"BuyerPartyID\": \"1000042\", \"SalesQuoteItem\":
        [{\"ItemID\": \"10\", \"ProductInternalID\": \"4711\", \"Quantity\": \"${3:-1}\"},
         {\"ItemID\": \"20\", \"ProductInternalID\": \"4711\", \"Quantity\": \"1\"}]}" |
        timeout 60 "$tmp/$1" call Order -c "$tmp/p.json" --json > "$tmp/out" 2> "$tmp/err"
    code=$?
}

# orders KEY: the numbers of its orders, a line each
orders() {
    curl -s -m 20 "${url%/sap/bc/soap/rfc}/sandbox/records?object=SalesDocument" |
        sed 's/{"SD_DOC_CAT"/\n&/g' | grep "\"PURCH_NO_C\":\"$1\"" |
        sed 's/.*"SD_DOC":"0*\([0-9]*\)".*/\1/'
}

# broken PROGRAM KEY FAULT: a call to which this happens
broken() {
    faults "{\"rules\": [{\"on\": \"call\", $3, \"times\": 1}]}"
    o "$1" "$2"
    faults '{}'
}

"$mapc" build -o "$tmp/once" tests/calls/once.map || exit 2
sed '/effect once/d' tests/calls/once.map > "$tmp/often.map"
sed 's/within 400 ms/within 1500 ms/' tests/calls/once.map > "$tmp/longer.map"
cp tests/calls/cloud.edmx tests/calls/documents.wsdl "$tmp"
"$mapc" build -o "$tmp/often" "$tmp/often.map" || exit 2
"$mapc" build -o "$tmp/longer" "$tmp/longer.map" || exit 2
play tests/calls/once.map

"$tmp/once" config template > "$tmp/out"
code=$?
ends "once: the journal has a place" 0 '"file": "muster.once.db"'
o once Q1
ends "once: an order" 0 '^{"answer":.*"ProductInternalID":"30000001"'
o once Q1
ends "once: again" 0 '^{"repeated":true,"answer":.*"30000001".*it was done before: this'
o once Q1 2
ends "once: again, with another quantity" 0 '"30000001".*"warning","text":"it was done before, by a request that'
[ "$(orders Q1)" = 30000001 ] && ok "once: there is one" || bad "once: there is one" "$(orders Q1)"
o once ""
ends "once: without a key" 3 "ID is empty: nothing would tell"

broken once Q2 '"do": "cut_after"'
ends "once: the answer is lost" 3 "whether it was done there is not known"
o once Q2
# The list that is looked in has a row for each item.
ends "once: … and found" 0 '^{"repeated":true,"answer":{"SalesQuoteItem":\[{"ItemID":"30000002"}\]}.*it was done before'
[ "$(orders Q2)" = 30000002 ] && ok "once: … there is one" || bad "once: … there is one" "$(orders Q2)"
broken once Q3 '"do": "cut_before"'
o once Q3
ends "once: it may still be under way" 3 "it was sent before, and may still be under way there"
sleep 0.5
o once Q3
ends "once: then it is sent once more" 0 '^{"answer":.*"30000003"'
broken once Q4 '"do": "latency", "ms": 900'
ends "once: too late" 3 "no answer within 400 ms"
sleep 0.8
o once Q4
ends "once: what came late is found" 0 '^{"repeated":true'
echo '{"ID": "Q5", "BuyerPartyID": "1000042", "SalesQuoteItem":
    [{"ItemID": "10", "ProductInternalID": "998001", "Quantity": "1"}]}' |
    "$tmp/once" call Order -c "$tmp/p.json" --json > "$tmp/out" 2> "$tmp/err"
code=$?
ends "once: a refusal makes nothing" 1 "998001 is blocked"
o once Q5
ends "once: … and is no end" 0 '^{"answer":.*"30000005"'

# Two at a time: one waits for the other, or is told to come back.
faults '{"rules": [{"on": "call", "do": "latency", "ms": 250, "times": 1}]}'
(o once Q6; cp "$tmp/out" "$tmp/first") &
first=$!
sleep 0.1
timeout 60 "$tmp/once" call Order -c "$tmp/p.json" > "$tmp/out" 2> "$tmp/err" <<END
{"ID": "Q6", "BuyerPartyID": "1000042", "SalesQuoteItem": [{"ItemID": "10", "ProductInternalID": "4711", "Quantity": "1"}]}
END
code=$?
ends "once: another one is at it" 3 "another call is at it"
wait $first
faults '{}'
grep -q '^{"answer"' "$tmp/first" && ok "once: … which ends well" ||
    bad "once: … which ends well" "$(cat "$tmp/first")"

# Over HTTP, too, and in an envelope.
timeout --foreground -k 10 60 "$tmp/once" serve -c "$tmp/p.json" > "$tmp/served" 2>&1 &
server2=$!
at=http://$(sed -n 's/.*"listen": "\(.*\)".*/\1/p' "$tmp/p.json")
n=0
until curl -s -f -o "$tmp/health" "$at/healthz" || [ $n -ge 100 ]; do
    sleep 0.05
    n=$((n + 1))
done
over() {            # TYPE BODY
    got=$(curl -s -m 20 -o "$tmp/out" -D "$tmp/head" -w '%{http_code}' \
        -u "erp:$(cat "$tmp/p.inbound.secret")" -H "Content-Type: $1" \
        -H 'SOAPAction: ""' --data-binary "$2" "$at/call/Order")
    code=0
}
envelope() {        # KEY
    echo "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>
<n:Order xmlns:n='$space'><SalesQuote><ID>$1</ID><BuyerPartyID>1000042</BuyerPartyID>
<SalesQuoteItem><ItemID>10</ItemID><ProductInternalID>4711</ProductInternalID><Quantity>1</Quantity>
</SalesQuoteItem></SalesQuote></n:Order></e:Body></e:Envelope>"
}
quote() {           # KEY
    echo "{\"ID\": \"$1\", \"BuyerPartyID\": \"1000042\", \"SalesQuoteItem\":
        [{\"ItemID\": \"10\", \"ProductInternalID\": \"4711\", \"Quantity\": \"1\"}]}"
}
space=$(curl -s -u "erp:$(cat "$tmp/p.inbound.secret")" "$at/call/Order?wsdl" |
    sed -n 's/.*targetNamespace="\([^"]*\)".*/\1/p' | head -n 1)
over application/json "$(quote Q2)"
ends "once: served, done by another program" 0 '^{"repeated":true,.*"30000002"'
over text/xml "$(envelope Q2)"
ends "once: in an envelope, as it was found" 0 '<ProductInternalID>\|<ItemID>30000002</ItemID>'
over text/xml "$(envelope Q7)"
ends "once: in an envelope" 0 '<ProductInternalID>30000007</ProductInternalID>'
over text/xml "$(envelope Q7)"
ends "once: … again" 0 '<ProductInternalID>30000007</ProductInternalID>'
ends "once: … and says so" 0 'it was done before'
faults '{"rules": [{"on": "call", "do": "latency", "ms": 250, "times": 1}]}'
for n in 1 2 3 4 5 6; do
    curl -s -m 20 -o "$tmp/out.$n" -w '%{http_code}\n' -D "$tmp/head.$n" \
        -u "erp:$(cat "$tmp/p.inbound.secret")" -H 'Content-Type: application/json' \
        --data-binary "$(quote Q8)" "$at/call/Order" > "$tmp/status.$n" &
    calls="${calls:-} $!"
done
# shellcheck disable=SC2086
wait $calls
[ "$(sort "$tmp"/status.? | uniq -c | tr -s ' \n' ' ')" = " 1 200 5 409 " ] &&
    ok "once: six at a time" || bad "once: six at a time" "$(cat "$tmp"/status.?)"
cat "$tmp"/head.? | grep -qi '^retry-after: 1' && ok "once: … told to come back" ||
    bad "once: … told to come back" "$(cat "$tmp/head.1")"
[ "$(orders Q8 | wc -l)" -eq 1 ] && ok "once: … one order" || bad "once: … one order" "$(orders Q8)"
kill $server2
wait $server2 2> /dev/null

# At random: for each quote calls until one ends well, to each of which
# something happens; some are killed. What the sandbox works on it ends within
# the time of the call, also where the machine is busy: behind that nothing is
# promised.
random() {          # N: below N
    once_seed=$(((once_seed * 1103515245 + 12345) % 2147483648))
    drawn=$((once_seed / 65536 % $1))
}
happens() {
    random 7
    case $drawn in
    0) echo '{"rules": [{"on": "call", "do": "cut_after", "times": 1}]}' ;;
    1) echo '{"rules": [{"on": "call", "do": "cut_before", "times": 1}]}' ;;
    2) echo '{"rules": [{"on": "call", "do": "status", "status": 503, "times": 1}]}' ;;
    3) echo '{"rules": [{"on": "call", "do": "latency", "ms": 300, "times": 1}]}' ;;
    4) echo '{"rules": [{"on": "call", "do": "latency", "ms": 30}]}' ;;
    *) echo '{}' ;;
    esac > "$tmp/rule"
}
at_random() {       # PROGRAM KEY
    tries=0
    while [ $tries -lt 60 ]; do
        happens
        faults "$(cat "$tmp/rule")"
        random 3
        if [ "$drawn" = 0 ]; then
            random 40
            (quote "$2" | timeout -s KILL "0.0$((drawn + 10))" "$tmp/$1" call Order \
                -c "$tmp/p.json" > "$tmp/out") 2> "$tmp/err"
        else
            o "$1" "$2"
            [ "$code" = 0 ] && break
        fi
        tries=$((tries + 1))
        sleep 0.15
    done
    faults '{}'
}
wrong=
n=0
while [ $n -lt "$once_keys" ]; do
    n=$((n + 1))
    at_random longer "R$n"
    found=$(orders "R$n")
    [ "$(echo "$found" | grep -c .)" = 1 ] && grep -q "\"$found\"" "$tmp/out" ||
        wrong="$wrong R$n: $(echo $found) $(head -c 100 "$tmp/out")"
done
[ -z "$wrong" ] && ok "once: $once_keys quotes at random, an order for each" ||
    bad "once: an order for each of $once_keys quotes" "$wrong"
n=0
twice=0
while [ $n -lt 6 ]; do
    n=$((n + 1))
    broken often "T$n" '"do": "cut_after"'
    o often "T$n"
    [ "$(orders "T$n" | grep -c .)" -gt 1 ] && twice=$((twice + 1))
done
[ $twice = 6 ] && ok "once: without it there would be two" ||
    bad "once: without it there would be two" "$twice of 6"
