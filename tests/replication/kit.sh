#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the tests of programs share: making one, its sandbox, and what is
# expected of a command. Sourced behind the sandbox's kit.

# make_program MAP: $program, made once for each map.
make_program() {
    program=$tmp/$(basename "$1" .map)
    [ -x "$program" ] && return
    "$mapc" build -o "$program" "$1" > "$tmp/made" 2>&1 && return
    echo "FAIL make: $1: $(head -n 3 "$tmp/made")"
    exit 1
}

# begin NAME MAP OPTION…: a sandbox for MAP in $dir, whose configuration is
# $dir/p.json; $program is the program of MAP.
begin() {
    dir=$tmp/$1
    make_program "$2"
    mkdir -p "$dir"
    map=$2
    shift 2
    "$mapc" sandbox --config "$dir/p.json" --ready "$dir/ready" \
        --stop-after 300 "$@" "$map" > "$dir/said" 2>&1 &
    box=$!
    started="$started $box"
    if ! until_true test -e "$dir/ready"; then
        echo "FAIL begin: $(head -n 3 "$dir/said")"
        exit 1
    fi
}

# tell SYSTEM COMMAND BODY: the sandbox's control interface; $status, $tmp/body.
tell() {
    at=$(sed -n "s/^$1 //p" "$dir/ready" | sed 's|\(//[^/]*\)/.*|\1|')
    request --data-binary "$3" "$at/sandbox/$2"
    [ "$status" = 200 ] || bad "tell $1 $2" "$(head -c 300 "$tmp/body")"
}

ask_for() {     # SYSTEM WHAT?QUERY
    at=$(sed -n "s/^$1 //p" "$dir/ready" | sed 's|\(//[^/]*\)/.*|\1|')
    request "$at/sandbox/$2"
}

# p ARGUMENT…: the program with this sandbox's configuration; $code, $tmp/out,
# $tmp/err.
p() {
    (cd "$dir" && timeout 100 "$program" "$@" -c "$dir/p.json") \
        > "$tmp/out" 2> "$tmp/err"
    code=$?
}

# ends NAME CODE [WORDS…]: how the last command ended, and what it said.
ends() {
    name=$1 wanted=$2
    shift 2
    if [ "$code" != "$wanted" ]; then
        bad "$name" "code $code, not $wanted: $(head -c 300 "$tmp/out" "$tmp/err")"
        return
    fi
    for words in "$@"; do
        grep -q -F -e "$words" "$tmp/out" "$tmp/err" || {
            bad "$name" "not there: $words, in $(head -c 600 "$tmp/out" "$tmp/err")"
            return
        }
    done
    ok "$name"
}

# lacks NAME WORDS: the last command did not say that.
lacks() {
    if grep -q -F -e "$2" "$tmp/out" "$tmp/err"; then
        bad "$1" "is there: $2"
    else
        ok "$1"
    fi
}

# serve ARGUMENT…: the program runs until `served`; its log is $dir/log.
serve() {
    (cd "$dir" && exec "$program" run -c "$dir/p.json" "$@") > "$dir/log" 2>&1 &
    served=$!
    started="$started $served"
    inbound=$(sed -n 's/.*"listen": "\(.*\)".*/\1/p' "$dir/p.json")
    until_true curl -s -o "$tmp/body" "http://$inbound/healthz" ||
        bad "serve" "$(head -n 3 "$dir/log")"
}

has_line() {    # WORDS
    grep -q -F -e "$1" "$dir/log"
}
