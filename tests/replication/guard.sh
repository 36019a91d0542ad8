#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Deleted records: found by searching, passed on, and stopped by the guard
# (40 % in this map) until a person allows it.

# The share is not rounded: three of six are more, as two of six are not.
begin share "$root/tests/sim/sim.map"
for n in 1 2 3 4 5 6; do
    tell a create "{\"object\":\"Account\",\"record\":{\"Number\":\"$n\",
        \"Name\":\"Muster $n GmbH\"}}"
done
p load --quiet 0
for n in 1 2 3; do
    tell a delete "{\"object\":\"Account\",\"key\":\"$n\"}"
done
p once --sweep
ends "guard: three of six" 1 "guard 3"
stop $box

begin guard "$root/tests/sim/sim.map"
for n in 1 2 3 4 5 6; do
    tell a create "{\"object\":\"Account\",\"record\":{\"Number\":\"$n\",
        \"Name\":\"Muster $n GmbH\"}}"
done
p load --quiet 0
ends "guard: load" 0 "created 6"
p once
left_in_b() {   # NAME NUMBER
    ask_for b 'records?object=Customer'
    same "$1" "$2" "$(wc -l < "$tmp/body" | tr -d ' ')"
}

tell a delete '{"object":"Account","key":"1"}'
p plan
ends "guard: plan shows a deletion" 0 "deleted 1"
left_in_b "guard: it deletes nothing" 6
p once --sweep
ends "guard: one deletion" 0 "deleted 1"
left_in_b "guard: it went over" 5

for n in 2 3 4 5; do
    tell a delete "{\"object\":\"Account\",\"key\":\"$n\"}"
done
p once --sweep
ends "guard: four of five" 1 "guard 4" "parked 4"
left_in_b "guard: nothing was deleted" 5
p once --sweep
lacks "guard: told once" "guard 4"
p parked list --kind guard
same "guard: parked once" 4 "$(wc -l < "$tmp/out" | tr -d ' ')"
id=$(sed -n '1s/^ *\([0-9]*\) .*/\1/p' "$tmp/out")
p parked drop "$id"
ends "guard: one is to stay" 0 "is dropped"
p parked list --kind guard
ends "guard: they are listed" 0 "more than the guard allows"
p parked retry all --kind guard
ends "guard: allowed by a person" 0 "3 tried again" \
    "is no longer parked"
same "guard: it is said of each" 3 \
    "$(grep -c 'is no longer parked$' "$tmp/out")"
left_in_b "guard: deleted now" 2
p parked list
ends "guard: nothing waits" 0 "nothing is parked"
p once --sweep
ends "guard: what was to stay is not found again" 0
left_in_b "guard: it stays" 2
stop $box
