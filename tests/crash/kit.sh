#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the tests of programs that are killed or get into trouble share: a
# sandbox and a program beside it, and whether both systems are equal in the
# end. Sourced; expects $root, $mapc and $tmp, and has the words of the
# sandbox's kit.

. "$root/tests/sandbox/kit.sh"

# The program and what compares, once.
make_ready() {
    # shellcheck disable=SC2046
    ${CC:-cc} -O2 -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra \
        $(pkg-config --cflags libxml-2.0) -o "$tmp/compare" \
        "$root/tests/crash/compare.c" -lxml2 -ljansson || exit 2
    "$mapc" build -o "$tmp/standard" "$root/mappings/standard.map" \
        > "$tmp/said" 2>&1 || {
        echo "FAIL build: $(head -n 3 "$tmp/said")"
        exit 1
    }
}

# Short waits: what takes minutes in a real outage takes seconds here. A record
# is not given up for a while, so that none is parked for bad luck.
hurry() {
    export MAPC_LIMITS_BACKOFF_MS=50 MAPC_LIMITS_BACKOFF_MAX_MS=800
    export MAPC_LIMITS_BREAKER_PAUSE_MS=400 MAPC_LIMITS_TRIES=60
    export MAPC_LIMITS_STALE_TRIES=20
}

# program COMMAND OPTION…: its output is in $tmp/out and $tmp/err, its code in
# $code. It is stopped after two minutes.
program() {
    command=$1
    shift
    timeout 120 "$tmp/standard" "$command" -c "$dir/p.json" "$@" \
        > "$tmp/out" 2> "$tmp/err"
    code=$?
}

# Messages wait for the program from now on.
send_all() {
    for object in DEBMAS06 MATMAS05; do
        control erp send "{\"object\":\"$object\"}"
    done
}

# records SYSTEM OBJECT FORM FILE
records() {
    case $1 in cloud) at=$control_cloud ;; *) at=$control_erp ;; esac
    curl -s -m 60 -o "$4" "$at/records?object=$2&format=$3"
}

# How many records were written to both systems since the start.
written() {
    n=0
    for system in cloud erp; do
        look $system stats
        for what in creates updates deletes; do
            n=$((n + $(member $what)))
        done
    done
    echo $n
}

# there OBJECT SYSTEM: how many records.
there() {
    look "$2" stats
    member "$1"
}

# compared NAME MAP FROM OBJECT KEY SYSTEM OBJECT [IGNORED…]: the records of
# one system, mapped, against those of the other.
compared() {
    name=$1 map=$2 from=$3 object=$4 key=$5 system=$6 other=$7
    shift 7
    form=json other_form=xml
    [ "$from" = erp ] && form=xml other_form=json
    records "$from" "$object" $form "$tmp/from"
    records "$system" "$other" $other_form "$tmp/have"
    "$tmp/standard" map "$map" --from "$from" --ids "$tmp/ids.csv" \
        -o "$tmp/want" "$tmp/from" > /dev/null 2> "$tmp/said"
    if "$tmp/compare" "$key" "$tmp/want" "$tmp/have" "$@" > "$tmp/said"; then
        ok "$name: $(tail -n 1 "$tmp/said")"
    else
        bad "$name" "$(tail -n 1 "$tmp/said"); $(head -n 5 "$tmp/said" |
            tr '\n' ' ')"
    fi
}

# Both systems have the same records, each once.
equal() {
    program ids export -o "$tmp/ids.csv"
    same "$1: the pairs of keys" 0 $code
    compared "$1: accounts" Account erp DEBMAS06 AccountID cloud \
        CorporateAccount
    compared "$1: contacts" Contact erp DEBMAS06 ContactID cloud Contact
    compared "$1: products" Product erp MATMAS05 ProductID cloud Product
    compared "$1: orders" Order cloud CustomerOrder E1EDK01.BELNR erp ORDERS05
}

# What was not written yet may be written by one more round; then nothing is.
settled() {
    program once --format json
    same "$1: one more round" 0 $code
    before=$(written)
    program once --format json
    same "$1: nothing more to write" "0 $before" "$code $(written)"
    program parked list
    same "$1: nothing is parked" "nothing is parked" \
        "$(head -n 2 "$tmp/out")"
}
