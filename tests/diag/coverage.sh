#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Is there a test for every finding? A file tests/diag/mNNNN_*.map must expect
# the finding it is named for. Those that need large or many files are made
# here. Prints a line for each.
set -u
cd "$(dirname "$0")/../.."
mapc=${MAPC:-build/release/mapc}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failed=0

report() {              # CODE, whether it was found
    if [ "$2" = yes ]; then
        echo "ok finding $1"
    else
        echo "FAIL finding $1: $3"
        failed=1
    fi
}

check_file() {          # CODE FILE: does mapc find CODE in FILE?
    "$mapc" check --color never --max 0 "$2" >"$tmp/out" 2>&1
    if grep -q "error $1:" "$tmp/out"; then
        report "$1" yes
    else
        report "$1" no "not found in a file made for it"
    fi
}

too_large() {           # more than 4 MB of remarks
    awk 'BEGIN { for (i = 0; i < 70000; i++)
        print "-- a remark of sixty characters, many times over, and again" }' \
        >"$tmp/large.map"
    check_file M0109 "$tmp/large.map"
}

too_many() {            # what is no map at all
    awk 'BEGIN { for (i = 0; i < 400; i++) print "4711;Muster GmbH" }' \
        >"$tmp/many.map"
    check_file M0114 "$tmp/many.map"
}

many_codes() {          # a table of 65535 rows
    awk 'BEGIN { print "cloud,erp"
        for (i = 0; i < 65535; i++) print i "," i }' >"$tmp/codes.csv"
    echo 'codes Many from "codes.csv"' >"$tmp/codes.map"
    check_file M0509 "$tmp/codes.map"
}

too_deep() {            # 40 files, each of which uses the next one
    i=0
    while [ $i -lt 40 ]; do
        echo "use \"$((i + 1)).map\"" >"$tmp/$i.map"
        i=$((i + 1))
    done
    : >"$tmp/40.map"
    check_file M0704 "$tmp/0.map"
}

a_package() {           # in a folder of its own
    mkdir -p "$tmp/$1/schemas"
    cp tests/lang/layers/package.map "$tmp/$1"
    cp tests/lang/layers/schemas/* "$tmp/$1/schemas"
}

locked() {              # and then edited
    a_package locked
    "$mapc" lock "$tmp/locked/package.map" >"$tmp/out" 2>&1
    echo "-- one more remark" >>"$tmp/locked/package.map"
    check_file M0713 "$tmp/locked/package.map"
}

no_lock() {
    a_package damaged
    "$mapc" lock "$tmp/damaged/package.map" >"$tmp/out" 2>&1
    echo "<<<<<<<" >>"$tmp/damaged/mapc.lock"
    check_file M0714 "$tmp/damaged/package.map"
}

for code in $("$mapc" explain --list | cut -d ' ' -f 1); do
    number=m${code#M}
    case $code in
    M0109) too_large ;;
    M0114) too_many ;;
    M0509) many_codes ;;
    M0704) too_deep ;;
    M0713) locked ;;
    M0714) no_lock ;;
    M0901) ;;           # a fault of mapc itself: no map leads there on purpose
    *)
        if cat tests/diag/"$number"_*.map 2>/dev/null |
            grep -aq "^--| .*[a-z] $code: "; then
            report "$code" yes
        else
            report "$code" no "no file tests/diag/${number}_*.map expects it"
        fi ;;
    esac
done
exit $failed
