#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What commands do with the files and folders they write: where they may not,
# where they must not, and what is left behind. MAPC names the compiler.
set -u
cd "$(dirname "$0")/.."
root=$(pwd)
mapc=${MAPC:-build/release/mapc}
case $mapc in /*) ;; *) mapc=$root/$mapc ;; esac
MAPC_HOME=${MAPC_HOME:-$root}
export MAPC_HOME
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
failed=0

# runs CODE WORDS COMMAND...: it must end with CODE and say WORDS
runs() {
    code=$1 words=$2
    shift 2
    "$@" > "$tmp/said" 2>&1
    got=$?
    if [ $got -eq "$code" ] &&
        { [ -z "$words" ] || grep -q -F -e "$words" "$tmp/said"; }; then
        return 0
    fi
    echo "exit code $got, not $code, or not the words: $words"
    cat "$tmp/said"
    return 1
}

says() {        # NAME COMMAND...: the command must succeed
    name=$1
    shift
    if "$@" > "$tmp/log" 2>&1; then
        echo "ok $name"
    else
        echo "FAIL $name: $(head -3 "$tmp/log")"
        failed=1
    fi
}

same_tree() {
    find "$work" | sort > "$tmp/now"
    diff "$tmp/before" "$tmp/now"
}

# A folder whose name needs care, with a map of its own in it.
work="$tmp/it's a \"folder\" \$x"
mkdir "$work"
mkdir "$work/schemas"
cp tests/lang/schemas/* "$work/schemas"
sed 's|\.\./schemas|schemas|' tests/lang/convert/case.map > "$work/one.map"
cp "$work/one.map" "$tmp/one.map"
cd "$work" || exit 2
mkdir "$work/closed"
find "$work" | sort > "$tmp/before"

says "build: a folder that is not there" \
    runs 4 "nowhere/one" "$mapc" build -o nowhere/one one.map
says "build: a folder in the program's place" \
    runs 4 "closed" "$mapc" build -o closed one.map
says "build: not over the map" \
    runs 2 "one.map is what the program is made of" \
    "$mapc" build -o one.map one.map
says "build: not over a schema" \
    runs 2 "bill.schema.json is what" \
    "$mapc" build -o schemas/bill.schema.json one.map
says "build: the map is as it was" cmp one.map "$tmp/one.map"
says "build: a C compiler that fails" \
    runs 3 "the C compiler failed" env CC=false "$mapc" build one.map
says "build: a C compiler that is not there" \
    runs 3 "can't be run" env CC=no-such-cc "$mapc" build one.map
says "build: nothing is left behind" same_tree
says "build: a name that looks like an option" \
    runs 0 "" "$mapc" build -o -one one.map
says "build: it runs" runs 0 "tests.convert" ./-one about
says "build: no folder in the C files" \
    runs 0 "" "$mapc" build --emit-c -d -c -o x "$work/one.map"
says "build: C files" test -s ./-c/program.c
says "build: without the folder's name" \
    runs 1 "" grep -r -F -e "$tmp" -e "folder" ./-c
says "test: TMPDIR says where the program is made" \
    runs 4 "no-such-folder/mapc-test-" \
    env TMPDIR="$tmp/no-such-folder" "$mapc" test one.map
exit $failed
