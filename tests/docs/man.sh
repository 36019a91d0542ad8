#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Do the manual pages name every option and command, and no others? Compares
# them with what --help prints. MAPC names the compiler; MAPC_HOME is set here.
set -u
cd "$(dirname "$0")/../.."
MAPC_HOME=$(pwd)
export MAPC_HOME
mapc=${MAPC:-build/release/mapc}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
failed=0

# Text without the signs of the macros, and without examples.
plain() { sed '/^.SH EXAMPLES/q; s/\\-/-/g; s/\\f[A-Z]//g; s/"//g' "$1"; }
options() { grep -o -e '--[a-z][a-z-]*' | sort -u; }

compare() {             # PAGE: $tmp/help is what the program says
    options <"$tmp/help" >"$tmp/said"
    plain "$1" | options >"$tmp/page"
    if diff "$tmp/said" "$tmp/page" >"$tmp/log"; then
        echo "ok $1: options"
    else
        echo "FAIL $1: options of --help (<) and of the page (>) differ"
        cat "$tmp/log"
        failed=1
    fi
}

commands_in() {         # PAGE: the commands that the program lists
    for command in $(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$tmp/top"); do
        if plain "$1" | grep -q -w "$command"; then
            echo "ok $1: $command"
        else
            echo "FAIL $1: does not name $command"
            failed=1
        fi
    done
}

layout() {              # PAGE
    command -v groff >/dev/null 2>&1 || return 0
    if groff -man -Tutf8 -ww "$1" 2>"$tmp/log" >/dev/null && [ ! -s "$tmp/log" ]; then
        echo "ok $1: layout"
    else
        echo "FAIL $1: groff complains"
        cat "$tmp/log"
        failed=1
    fi
}

page=docs/man/mapc.1
"$mapc" --help >"$tmp/top" || exit 2
for command in check build test prove fmt explain dump resolve lock upgrade \
    sandbox; do
    "$mapc" "$command" --help || exit 2
done >"$tmp/help"
compare $page
commands_in $page
layout $page

page=docs/man/mapc-program.7
"$mapc" build -o "$tmp/program" mappings/standard.map || exit 2
"$tmp/program" --help >"$tmp/top" || exit 2
for command in map about selftest run once load plan parked explain status \
    check ids privacy config; do
    "$tmp/program" "$command" --help || exit 2
done >"$tmp/help"
"$mapc" build -o "$tmp/caller" tests/calls/pricing.map || exit 2
"$tmp/caller" --help >>"$tmp/top" || exit 2
for command in call docflow serve; do
    "$tmp/caller" "$command" --help || exit 2
done >>"$tmp/help"
compare $page
commands_in $page
layout $page
exit $failed
