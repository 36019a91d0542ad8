#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the sandbox's tests share: starting and stopping one, requests to it,
# and what is expected of an answer. Sourced; expects $mapc, $root and $tmp.

failed=0
started=
served=$root/mappings/standard.map

# start NAME OPTION…: a sandbox of $served; its files are in $tmp/box.NAME. Sets
# cloud, erp, control_cloud, control_erp and pid.
start() {
    dir=$tmp/box.$1
    shift
    mkdir -p "$dir"
    rm -f "$dir/ready"
    "$mapc" sandbox --config "$dir/p.json" --ready "$dir/ready" \
        --stop-after 240 "$@" "$served" \
        > "$dir/said" 2>&1 &
    pid=$!
    started="$started $pid"
    tries=0
    while [ ! -e "$dir/ready" ] && [ $tries -lt 300 ] &&
        kill -0 $pid 2> /dev/null; do
        sleep 0.1
        tries=$((tries + 1))
    done
    if [ ! -e "$dir/ready" ]; then
        echo "FAIL start: $(head -n 3 "$dir/said")"
        exit 1
    fi
    cloud=$(sed -n 's/^cloud //p' "$dir/ready")
    erp=$(sed -n 's/^erp //p' "$dir/ready")
    control_cloud=${cloud%/sap/*}/sandbox
    control_erp=${erp%/idoc}/sandbox
    jar=$dir/jar
    : > "$jar"
    token=
}

stop() {        # PID
    kill "$1" 2> /dev/null
    wait "$1" 2> /dev/null
}

stop_all() {
    for p in $started; do
        kill "$p" 2> /dev/null
    done
    wait
}

# Secrets stay out of the lists of processes: curl reads them from a file.
secret() {      # SYSTEM
    printf 'user = "mapc:%s"\n' "$(cat "$dir/p.$1.secret")" > "$dir/curl.$1"
    echo "$dir/curl.$1"
}

# Requests leave the answer in $tmp/body, its head in $tmp/head, and the status
# in $status.
request() {     # CURL-ARGUMENT…
    status=$(curl -s -m 30 -o "$tmp/body" -D "$tmp/head" \
        -w '%{http_code}' "$@")
}

read_cloud() {  # ADDRESS BELOW THE SERVICE, CURL-ARGUMENT…
    address=$1
    shift
    request -K "$(secret cloud)" -b "$jar" -c "$jar" "$@" "$cloud$address"
}

fetch_token() {
    read_cloud "" -H 'x-csrf-token: fetch'
    token=$(tr -d '\r' < "$tmp/head" | sed -n 's/^[Xx]-[Cc].*: //p')
}

write_cloud() { # METHOD ADDRESS BODY CURL-ARGUMENT…
    [ -n "$token" ] || fetch_token
    method=$1 address=$2
    printf '%s' "$3" > "$tmp/sent"
    shift 3
    read_cloud "$address" -X "$method" -H "x-csrf-token: $token" \
        -H 'content-type: application/json' --data-binary @"$tmp/sent" "$@"
}

batch() {       # FILE
    [ -n "$token" ] || fetch_token
    sed 's/$/\r/' "$1" > "$tmp/sent"
    read_cloud '$batch' -H "x-csrf-token: $token" \
        -H 'content-type: multipart/mixed; boundary=b' \
        --data-binary @"$tmp/sent"
}

send_idoc() {   # FILE CURL-ARGUMENT…
    file=$1
    shift
    request -K "$(secret erp)" -H 'content-type: application/xml' "$@" \
        --data-binary @"$file" "$erp"
}

control() {     # SYSTEM COMMAND BODY
    case $1 in cloud) at=$control_cloud ;; *) at=$control_erp ;; esac
    request --data-binary "$3" "$at/$2"
}

look() {        # SYSTEM WHAT?QUERY
    case $1 in cloud) at=$control_cloud ;; *) at=$control_erp ;; esac
    request "$at/$2"
}

# The first value of a JSON member in the last answer.
member() {
    sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$tmp/body" | head -n 1
}

# --- what is expected ---

ok() {
    echo "ok $1"
}

bad() {         # NAME WHY
    echo "FAIL $1: $2"
    failed=1
}

# expect NAME STATUS [WORDS…]: the last answer has this status and these words.
expect() {
    name=$1 wanted=$2
    shift 2
    if [ "$status" != "$wanted" ]; then
        bad "$name" "status $status, not $wanted: $(head -c 200 "$tmp/body")"
        return
    fi
    for words in "$@"; do
        grep -q -F -e "$words" "$tmp/body" "$tmp/head" || {
            bad "$name" "not there: $words, in $(head -c 300 "$tmp/body")"
            return
        }
    done
    ok "$name"
}

same() {        # NAME WANTED GOT
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        bad "$1" "\"$3\" is not \"$2\""
    fi
}

# Waits up to thirty seconds until the command succeeds.
until_true() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || return 1
        sleep 0.1
    done
}
