#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the command says about its arguments, and the files that it writes.

refused() {     # NAME WORDS ARGUMENT…
    name=$1 words=$2
    shift 2
    "$mapc" sandbox --stop-after 1 "$@" > "$tmp/body" 2>&1
    code=$?
    if [ $code -eq 2 ] && grep -q -F -e "$words" "$tmp/body"; then
        ok "$name"
    else
        bad "$name" "code $code: $(head -c 200 "$tmp/body")"
    fi
}

standard=$root/mappings/standard.map
refused "command: no file" "which deployment?"
refused "command: an unknown system" "there is no system eerp" \
    --seed eerp.DEBMAS06=1 "$standard"
refused "command: an unknown object" "did you mean DEBMAS06" \
    --seed erp.DEBMAS6=1 "$standard"
refused "command: no number" "how many?" --seed erp.DEBMAS06=x "$standard"
refused "command: a port that is none" "--port takes a number" \
    --port 70000 "$standard"
refused "command: IDocs of a system without" "speaks idoc" \
    --deliver cloud=http://127.0.0.1:1/ "$standard"
echo '{"erp": [{"do": "lateny"}]}' > "$tmp/f.json"
refused "command: an unknown fault" "did you mean latency?" \
    --faults "$tmp/f.json" "$standard"

start files
same "command: addresses, a line each" 2 "$(wc -l < "$dir/ready" | tr -d ' ')"
same "command: secrets are their owner's" "-rw-------" \
    "$(ls -l "$dir/p.cloud.secret" | cut -c 1-10)"
same "command: no secret in the configuration" 0 \
    "$(grep -c -F -f "$dir/p.cloud.secret" "$dir/p.json")"
same "command: no secret in what is said" 0 \
    "$(grep -c -F -f "$dir/p.cloud.secret" "$dir/said")"
kill -TERM "$pid"
wait "$pid"
same "command: stops when it is told to" 0 $?
