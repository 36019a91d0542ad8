# SPDX-License-Identifier: Apache-2.0
# A system that hangs: each of its callers has an answer within its time, memory
# stays as it was, and as soon as it answers again so does the program. Sourced
# by run, behind sandbox.sh.
"$mapc" build -o "$tmp/pricing" tests/calls/pricing.map || exit 2
play tests/calls/pricing.map
sed 's/"listen": "[^"]*",/"listen": "127.0.0.1:0", "limits": {"connections": 500, "per_address": 500},/' \
    "$tmp/p.json" > "$tmp/s.json"
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1 \
    timeout --foreground -k 10 100 "$tmp/pricing" serve -v -c "$tmp/s.json" \
    2> "$tmp/log" &
program=$!
listens

# one: a call, and how it was answered: status, seconds
one() {
    curl -s -m 20 -o "$tmp/body.$1" -w '%{http_code} %{time_total}\n' \
        -u "erp:$(cat "$tmp/p.inbound.secret")" -H 'Prefer: wait=1' \
        -H 'Content-Type: application/json' \
        --data-binary "@$data/quote.json" "$at/call/QuotePrices"
}

# crowd N: so many callers at a time; a line each in $tmp/crowd
crowd() {
    n=0
    crowd=
    : > "$tmp/crowd"
    while [ $n -lt "$1" ]; do
        one $n >> "$tmp/crowd" &
        crowd="$crowd $!"
        n=$((n + 1))
    done
    # shellcheck disable=SC2086
    wait $crowd
}

most() {            # the most memory that it ever had, in kB
    sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' \
        "/proc/$(ps -o pid= --ppid $program | head -n 1 | tr -d ' ')/status"
}

crowd 20
[ "$(grep -c '^200 ' "$tmp/crowd")" = 20 ] && ok "hang: before, all are answered" ||
    bad "hang: before, all are answered" "$(sort "$tmp/crowd" | head -n 5)"
faults '{"rules": [{"on": "call", "do": "latency", "ms": 20000}]}'
crowd 30
before=$(most)
for _ in 1 2 3; do
    crowd 30
    cat "$tmp/crowd"
done > "$tmp/crowds"
after=$(most)
[ "$(awk '$1 == 504 && $2 >= 0.9 && $2 < 4' "$tmp/crowds" | wc -l)" = 90 ] &&
    ok "hang: each one has an answer in its time" ||
    bad "hang: each one has an answer in its time" "$(sort "$tmp/crowds" | uniq -c | sort -rn | head -n 5)"
[ $((after - before)) -lt 4096 ] && ok "hang: memory stays as it was" ||
    bad "hang: memory stays as it was" "from $before kB to $after kB"
faults '{}'
begun=$(date +%s%N)
crowd 20
took=$((($(date +%s%N) - begun) / 1000000))
[ "$(grep -c '^200 ' "$tmp/crowd")" = 20 ] && [ $took -lt 4000 ] &&
    ok "hang: at once all is well again" ||
    bad "hang: at once all is well again" "$took ms: $(sort "$tmp/crowd" | head -n 5)"
kill $program
wait $program
program=
