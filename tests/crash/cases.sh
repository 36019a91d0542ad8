#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trouble that lasts: a disk that is full, a store that can't be written, a
# system that is away or is none, callers that never finish. The program says
# what is wrong and ends in time, nothing is lost, and once all is well again
# both systems become equal.
#   tests/crash/cases.sh BUILD [PART…]     away disk readonly odd slow
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$(pwd)
mapc=$1/mapc
case $mapc in /*) ;; *) mapc=$root/$mapc ;; esac
MAPC_HOME=${MAPC_HOME:-$root}
export MAPC_HOME
shift
tmp=$(mktemp -d) || exit 2
mounted=
. tests/crash/kit.sh
clean() {
    stop_all 2> /dev/null
    [ -z "$mounted" ] || umount "$mounted"
    rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 2' HUP INT TERM

begin() {       # NAME: a sandbox with a few records, whose messages wait
    start "$1" --seed erp.DEBMAS06=30 --seed erp.MATMAS05=30 \
        --seed cloud.CustomerOrder=30
    box=$pid
}

# ended NAME CODE WORDS: how the last program ended, and what it said.
ended() {
    if [ "$code" = "$2" ] && grep -q -e "$3" "$tmp/out" "$tmp/err"; then
        ok "$1"
    else
        bad "$1" "code $code, not $2: $(head -c 400 "$tmp/out" "$tmp/err")"
    fi
}

# took NAME SECONDS COMMAND…: the command takes no longer than that.
took() {
    name=$1 most=$2
    shift 2
    from=$(date +%s)
    "$@"
    seconds=$(($(date +%s) - from))
    [ $seconds -le "$most" ] && ok "$name" ||
        bad "$name" "$seconds seconds, not $most"
}

# All is well again: what was held up goes over.
recovers() {    # NAME
    program load --quiet 2
    same "$1: goes on" "0" "$code"
    settled "$1"
    equal "$1"
    stop "$box"
}

away() {
    begin away
    control cloud faults '{"rules":[{"do":"down","seconds":600}]}'
    send_all
    took "away: a load gives up in time" 30 program load --quiet 1 --patience 3
    ended "away: it says so" 3 "does not answer"
    look erp stats
    same "away: messages were taken nevertheless" "0" "$(member queue)"
    took "away: a round does not wait" 30 program once
    ended "away: a round says so" 3 "does not answer"
    program status
    ended "away: status counts what waits" 0 "messages"
    control cloud faults '{"rules":[]}'
    recovers away
}

# A small disk of our own; else files may not grow. false: neither works.
small_disk() {
    disk=$tmp/disk
    mkdir -p "$disk"
    if [ "$(id -u)" = 0 ] &&
        mount -t tmpfs -o size=700k none "$disk" 2> /dev/null; then
        mounted=$disk
    fi
}

disk() {
    begin disk
    small_disk
    export MAPC_STORE_FILE="$disk/store.db"
    send_all
    if [ -n "$mounted" ]; then
        program load --quiet 2
        ended "disk: full is said" 4 "full"
        mount -o remount,size=64m "$disk"
    else
        (
            # A write beyond the limit fails instead of killing.
            trap '' XFSZ
            ulimit -f 700
            program load --quiet 2
            exit $code
        )
        code=$?
        ended "disk: full is said" 4 "too large\|full\|I/O error"
    fi
    # How much was taken before it was full differs; that all of it was kept
    # shows in the comparison.
    recovers disk
    unset MAPC_STORE_FILE
    if [ -n "$mounted" ]; then
        umount "$disk" && mounted=
    fi
}

readonly_store() {
    begin readonly
    disk=$tmp/readonly
    mkdir -p "$disk"
    if [ "$(id -u)" = 0 ]; then
        mount -t tmpfs -o size=64m none "$disk" 2> /dev/null && mounted=$disk
        if [ -z "$mounted" ]; then
            echo "skipped readonly: root may write everywhere here"
            stop "$box"
            return
        fi
    fi
    export MAPC_STORE_FILE="$disk/store.db"
    program once
    same "readonly: a round before, in which orders wait" 1 $code
    if [ -n "$mounted" ]; then
        mount -o remount,ro "$disk"
    else
        chmod a-w "$disk" "$disk"/*
    fi
    send_all
    program load --quiet 1
    ended "readonly: it is said" 4 "store.db"
    look erp stats
    same "readonly: nothing was taken" 60 "$(member queue)"
    if [ -n "$mounted" ]; then
        program status
        ended "readonly: status can be asked for" 0 "parked"
        mount -o remount,rw "$disk"
    else
        chmod u+w "$disk" "$disk"/*
    fi
    recovers readonly
    unset MAPC_STORE_FILE
    if [ -n "$mounted" ]; then
        umount "$disk" && mounted=
    fi
}

# A server in the cloud's place that answers as no such system does.
odd() {
    ${CC:-cc} -O2 -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -o "$tmp/odd_server" \
        tests/crash/odd_server.c || exit 2
    begin odd
    export MAPC_SYSTEMS_CLOUD_TIMEOUT=2 MAPC_LIMITS_BREAKER=3
    for how in noise page deep cut endless head silent; do
        rm -f "$tmp/odd_port"
        "$tmp/odd_server" $how "$tmp/odd_port" &
        server=$!
        started="$started $server"
        until_true test -s "$tmp/odd_port"
        export MAPC_SYSTEMS_CLOUD_URL="http://127.0.0.1:$(cat "$tmp/odd_port")/"
        took "odd: $how, in time" 40 program once
        case $code in
        1 | 3) ok "odd: $how: ended with $code" ;;
        *) bad "odd: $how" "code $code: $(head -c 400 "$tmp/err")" ;;
        esac
        took "odd: $how: a check, in time" 20 program check
        same "odd: $how: a check fails" 5 $code
        same "odd: $how: it says so" 1 "$(grep -c '^WRONG  cloud' "$tmp/out")"
        unset MAPC_SYSTEMS_CLOUD_URL
        stop $server
    done
    unset MAPC_SYSTEMS_CLOUD_TIMEOUT MAPC_LIMITS_BREAKER
    send_all
    recovers odd
}

serve() {
    "$tmp/standard" run -c "$dir/p.json" > "$tmp/out" 2> "$tmp/log" &
    served=$!
    started="$started $served"
    inbound=$(sed -n 's/.*"listen": "\(.*\)".*/\1/p' "$dir/p.json")
    printf 'user = "erp:%s"\n' "$(cat "$dir/p.inbound.secret")" \
        > "$dir/curl.in"
    healthy() {
        curl -s -f -m 5 -o /dev/null "http://$inbound/healthz"
    }
    until_true healthy || bad "slow: it serves" "$(head -n 3 "$tmp/log")"
}

post() {        # FILE
    request -K "$dir/curl.in" -H 'content-type: text/xml' \
        --data-binary @"$1" "http://$inbound/idoc/erp"
}

# Those who never finish are sent away; the others do not notice.
slow() {
    begin slow
    records erp DEBMAS06 xml "$tmp/all.xml"
    export MAPC_INBOUND_LIMITS_TIMEOUT=3 MAPC_INBOUND_LIMITS_BODY_MB=1
    serve
    n=0 callers=
    while [ $n -lt 20 ]; do
        # One sends its head byte by byte and stops, one its body.
        { printf 'POST /idoc/erp HTTP/1.1\r\nHost: a\r\nX-Slow: '
            sleep 20; } | curl -s -m 30 "telnet://$inbound" \
            > "$tmp/head.$n" 2>&1 &
        callers="$callers $!"
        curl -s -m 30 -o /dev/null -w '%{http_code}\n' -K "$dir/curl.in" \
            -H 'content-type: text/xml' --limit-rate 60 \
            --data-binary @"$tmp/all.xml" "http://$inbound/idoc/erp" \
            > "$tmp/slow.$n" 2>&1 &
        callers="$callers $!"
        n=$((n + 1))
    done
    started="$started $callers"
    post "$tmp/all.xml"
    expect "slow: a message beside twenty that never end" 200 "<STATUS>64"
    sleep 6
    n=0
    for caller in $callers; do
        kill -0 "$caller" 2> /dev/null && n=$((n + 1))
    done
    kept=$(cat "$tmp"/slow.* | grep -c '^200')
    same "slow: none of them was kept" 0 "$kept"
    # Half of them are pipes whose writer sleeps on: only the others count.
    [ $n -le 20 ] && ok "slow: they were sent away" ||
        bad "slow: they were sent away" "$n are still there"
    head -c 1200000 /dev/zero | tr '\0' ' ' > "$tmp/large.xml"
    post "$tmp/large.xml"
    expect "slow: too large" 413
    kill $served
    wait $served
    same "slow: it stops when it is told" 0 $?
    unset MAPC_INBOUND_LIMITS_TIMEOUT MAPC_INBOUND_LIMITS_BODY_MB
    send_all
    recovers slow
}

# They wait most of the time, so all go at once, each in a folder of its own.
run_part() {    # PART
    part=$1 started= failed=0 mounted=
    trap clean EXIT
    trap 'exit 2' HUP INT TERM
    mkdir "$tmp/$part" && ln "$tmp/standard" "$tmp/compare" "$tmp/$part" ||
        exit 2
    tmp=$tmp/$part
    hurry
    $part
    exit $failed
}

make_ready
parts= failed=0
for part in ${*:-away disk readonly_store odd slow}; do
    [ "$part" = readonly ] && part=readonly_store
    (run_part $part) > "$tmp/$part.said" 2>&1 &
    parts="$parts $part:$!"
done
for part in $parts; do
    wait "${part#*:}" || failed=1
    cat "$tmp/${part%:*}.said"
done
exit $failed
