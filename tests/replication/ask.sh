#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two systems that can be read: conflicts that a person decides, by commands
# alone and by a running program.

begin ask "$root/tests/sim/sim.map"
rate=$(grep -n 'a\.Rate' "$root/tests/sim/sim.map" | cut -d: -f1)
for n in 1 2 3; do
    tell a create "{\"object\":\"Account\",\"record\":{\"Number\":\"$n\",
        \"Name\":\"Muster $n GmbH\",\"Rate\":\"alt\"}}"
done
p load --quiet 1
ends "ask: load" 0 "created 3"

clash() {       # NUMBER [VALUE]
    tell a edit "{\"object\":\"Account\",\"key\":\"$1\",
        \"set\":{\"Rate\":\"${2:-links}\"}}"
    tell b edit "{\"object\":\"Customer\",\"key\":\"000000000$1\",
        \"set\":{\"Mark\":\"rechts\"}}"
}
# The number of what is parked of account $1.
parked_id() {
    p parked list --format json
    id=$(grep "\"key\":\"0*$1\"" "$tmp/out" |
        sed -n 's/^{"id":\([0-9]*\),.*/\1/p')
}

clash 1
p once
ends "ask: both sides changed it" 1 "conflict"
p parked list
ends "ask: it is parked" 0 "ask" "a person has to decide"
grep -q '  ask  *Account  *a  *1  ' "$tmp/out" && ok "ask: whose change it is" ||
    bad "ask: whose change it is" "$(cat "$tmp/out")"
same "ask: once" 1 "$(wc -l < "$tmp/out" | tr -d ' ')"
parked_id 1
p parked show "$id"
ends "ask: both values" 0 "a.Rate <-> b.Mark" 'a          "links"' \
    'b          "rechts"'
p parked list --kind guard
ends "ask: of this kind is none" 0 "nothing is parked"
p parked list --kind gard
ends "ask: no such kind" 2 "did you mean guard?"
p parked show 4711
ends "ask: no such one" 2 "nothing is parked as 4711"
p parked retry "$id"
ends "ask: tried again in vain" 1 "$id is tried again" \
    "$id is parked again: " "a person has to decide"
p parked retry all
ends "ask: all of them in vain" 1 "1 tried again" "$id is parked again: " \
    "a person has to decide"
p parked retry all --kind ref
ends "ask: all of none" 0 "0 tried again"
lacks "ask: none is told of" "$id is"
p parked resolve "$id" c
ends "ask: resolved by whom?" 2 "is between a and b"
p parked resolve "$id" b
ends "ask: resolved" 0 "is resolved: the values of b"
ask_for a 'record?object=Account&key=1'
expect "ask: it went over" 200 '"Rate":"rechts"'
p parked list
ends "ask: nothing waits" 0 "nothing is parked"
p explain a Account 1 Rate
ends "ask: explained" 0 "the value came from b" "both systems agree" "conflict, ask"

p explain a Account 1 Rate --json
ends "ask: explained as JSON" 0 \
    '{"system":"a","object":"Account","map":"Account","key":"1","field":"Rate","found":true,"link":{"system":"b","object":"Customer","key":"0000000001","record":"' \
    '"deleted_in":[]},"parked":[],"rules":[{"at":"sim.map:'"$rate"'","rule":"a.Rate <-> b.Mark owner ask","agreed":[{"at":"' \
    '"from":"b","row":false}],"now":[{"field":"a.Rate","state":"value","value":"rechts","system":"a"},{"field":"b.Mark","state":"value","value":"rechts","system":"b"}],"next":{"what":"nothing"},"decisions":[{"at":"' \
    '"outcome":"conflict","policy":"ask","from":"b","candidates":[{"system":"a","value":"links"},{"system":"b","value":"rechts"}]}' \
    '"takes_part":true,"findings":[],"steps":[{"field":"a.Rate","at":"sim.map:'"$rate"'","rule":"a.Rate <-> b.Mark owner ask","reads":[{"field":"b.Mark","state":"value","value":"rechts"}],"steps":[],"more_steps":0,"result":{"state":"value","value":"rechts"}}]}'
same "ask: one line" 1 "$(wc -l < "$tmp/out" | tr -d ' ')"
p explain b Customer 0000000001 Code --json
ends "ask: its steps" 0 '"reads":[{"field":"a.Number","state":"value","value":"1"}],"steps":[{"name":"alpha","state":"value","value":"0000000001"}],"more_steps":0,"result":{"state":"value","value":"0000000001"}}'
p explain b Customer 0000000001 Tel --json
ends "ask: nothing is no value" 0 '{"field":"b.Tel","state":"empty","system":"b"}'
p explain a Account 4711 --json
ends "ask: no such record" 2 '"found":false,"link":null,"parked":[]}'
p explain a Account 1 Rat --json
ends "ask: no such field" 2 "did you mean Rate?"
same "ask: no half an object" 0 "$(wc -c < "$tmp/out" | tr -d ' ')"
p explain a Account 1 Rate --json --format text
ends "ask: both formats" 2 "--json and --format text"

p privacy disclose 1
ends "ask: disclosed by names" 0 "sim.map:$rate: a.Rate <-> b.Mark" \
    "the value of b, by sim.map" "    a         links" "    b         rechts" \
    "created: the value of a, by the record as a whole"
lacks "ask: no numbers of rules" "rule "

clash 2
p once
parked_id 2
p privacy disclose 2
ends "ask: disclosed while it waits" 0 \
    "values   of sim.map:$rate: a.Rate <-> b.Mark" "    a         links" \
    "    b         rechts"
p parked drop "$id"
ends "ask: dropped" 0 "is dropped"
p parked list
ends "ask: it is gone" 0 "nothing is parked"

# It stays away until one of the values changes.
clash 2
p once
ends "ask: not asked again" 0
lacks "ask: no conflict" "conflict"
p parked list
ends "ask: dropped is dropped" 0 "nothing is parked"

# What b has no room for is kept until somebody wants it erased, and comes back
# where b wins the group.
street=$(grep -n 'a\.Street  <~>  b' "$root/tests/sim/sim.map" | cut -d: -f1)
tell a create '{"object":"Account","record":{"Number":"8",
    "Name":"Muster 8 GmbH","Street":"Musterweg 1"}}'
p once
ask_for b 'record?object=Customer&key=0000000008'
expect "ask: cut" 200 '"Street":"Musterwe"'
p privacy disclose 8
ends "ask: remembered" 0 "  remembered of sim.map:$street: a.Street <~> b.Street" \
    "    a         g 1"
tell a edit '{"object":"Account","key":"8","set":{"Street":"Beispielstr. 2"}}'
sleep 1          # times are compared, and some systems tell seconds
tell b edit '{"object":"Customer","key":"0000000008",
    "set":{"City":"Musterstadt","Mark":"neu"}}'
p once
ask_for a 'record?object=Account&key=8'
expect "ask: one side's address" 200 '"City":"Musterstadt"'
expect "ask: with all that was there" 200 '"Street":"Musterweg 1"'
p privacy erase 8
ends "ask: parts are erased" 0 "remembered parts 1, links 0"
p privacy disclose 8
lacks "ask: and gone" "remembered"
clash 2 neu
p once
ends "ask: another value, another question" 1 "conflict"
p explain a Account 2 Rate --json
ends "ask: explained while it waits" 0 '"kind":"ask","reason":"' \
    '"value":"neu","system":"a"' '"next":{"what":"ask"}'
parked_id 2
p parked drop "$id"
tell a edit '{"object":"Account","key":"2","set":{"Note":"links"}}'
p explain a Account 2 Note --json
ends "ask: what comes next" 0 '"next":{"what":"write","from":"a"}'

# The same while a program runs: it is asked to.
clash 3
p once
parked_id 3
serve
p parked show "$id"
ends "ask: seen beside a running program" 0 'a          "links"'
p parked retry "$id"
ends "ask: the running one tries in vain" 1 "$id is parked again: "
p once
ends "ask: one program a store" 6 "is in use by another program"
p status
ends "ask: it runs" 0 "a program is at work"
p parked resolve "$id" a
ends "ask: the running one resolves" 0 "is resolved: the values of a"
went_over() {
    ask_for b 'record?object=Customer&key=0000000003'
    grep -q '"Mark":"links"' "$tmp/body"
}
until_true went_over && ok "ask: it went over, too" ||
    bad "ask: it went over, too" "$(head -c 300 "$tmp/body")"
printf 'Account,77,0000000077\n' > "$dir/ids.csv"
p ids import "$dir/ids.csv"
ends "ask: the running one imports" 0 "1 links made"
p privacy erase 77 --forget
ends "ask: and erases" 0 "links 1"
mode=$(ls -l "$dir/sim.db.sock" | cut -c1-10)
same "ask: nobody else may ask" "srw-------" "$mode"
stop $served
has_line "stopped" && ok "ask: a clean stop" || bad "ask: a clean stop" \
    "$(tail -n 2 "$dir/log")"
[ -e "$dir/sim.db.sock" ] && bad "ask: no socket stays" "it is there" ||
    ok "ask: no socket stays"
stop $box
