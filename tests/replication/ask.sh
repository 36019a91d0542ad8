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

clash() {       # NUMBER
    tell a edit "{\"object\":\"Account\",\"key\":\"$1\",\"set\":{\"Rate\":\"links\"}}"
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

# The same while a program runs: it is asked to.
clash 3
p once
parked_id 3
serve
p parked show "$id"
ends "ask: seen beside a running program" 0 'a          "links"'
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
