#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every test and prints a line for each; the last line counts them. Called
# by `make check` with the build folder and its mode; exits with 1 where
# anything failed.
#   tests/all.sh BUILD MODE
set -u
cd "$(dirname "$0")/.."
build=$1
mode=$2
log=$build/check.log
steps=$build/steps
MAPC_SAMPLES=${MAPC_SAMPLES:-$(tools/samples.sh)}
export MAPC_SAMPLES
rm -rf "$steps"
mkdir -p "$steps"

# One step more at a time than there are processors (or as JOBS says), as many
# wait more than they work: a pipe holds a line for each that may begin.
mkfifo "$steps/free"
exec 3<>"$steps/free"
for free in $(seq "${JOBS:-$(($(nproc) + 1))}"); do echo "$free" >&3; done

# A step prints `ok NAME` and `FAIL NAME: why` lines. One that ends badly
# without a FAIL line of its own counts as a failure, and so does one that
# prints no result at all.
run_step() {
    said=$1
    name=$2
    shift 2
    began=$(date +%s)
    "$@" >"$said" 2>&1
    code=$?
    if [ $code -ne 0 ] && ! grep -q '^FAIL ' "$said"; then
        echo "FAIL $name: ended with $code" >>"$said"
    elif [ $code -eq 0 ] && ! grep -q '^ok ' "$said"; then
        echo "FAIL $name: reported nothing" >>"$said"
    fi
    if grep -q '^FAIL ' "$said"; then
        cat "$said"
    else
        echo "  $name: $(grep -c '^ok ' "$said") ok ($(($(date +%s) - began)) s)"
        grep '^skipped ' "$said"
    fi
}

# Starts one as soon as there is room; what it says is shown when it ends.
number=0
step() {
    number=$((number + 1))
    read -r free <&3
    {
        run_step "$steps/$number.log" "$@" >"$steps/$number.shown"
        cat "$steps/$number.shown"
        echo "$free" >&3
    } &
}

# A command that says nothing when all is well.
quiet() {
    name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "FAIL $name: see above"; return 1; fi
}

same_stdlib() {
    tools/stdlib-docs | cmp - docs/stdlib.md
}

MAPC=$build/mapc
export MAPC
if [ "$mode" = asan ]; then
    # Programs that mapc builds link with the instrumented runtime.
    CC="${CC:-cc} -fsanitize=address,undefined -fno-sanitize-recover=all"
    export CC
fi

# What does not depend on the mode is tried once.
once() {
    [ "$mode" = asan ] || step "$@"
}

once layers quiet layers tools/check-layers.sh
once headers quiet headers tools/check-headers.sh
once tree quiet tree tools/check-tree.sh
for test in tests/unit/test_*.c tests/codec/test_*.c; do
    [ -e "$test" ] || continue
    step "$(basename "$test" .c)" "$build/${test%.c}"
done
for target in tests/fuzz/fuzz_*.c; do
    [ -e "$target" ] || continue
    name=$(basename "$target" .c)
    step "$name" quiet "$name corpus" "$build/tests/fuzz/$name" \
        "tests/fuzz/corpus/${name#fuzz_}"
done
# Seeds by the thousand; `make differ` runs them by the million.
seeds=1000
bytes=8
[ "$mode" = asan ] && seeds=100 && bytes=128
for format in json xml; do
    step "$format changed" "$build/differ" $format --seeds $seeds
    step "$format, every byte" "$build/differ" $format --bytes $bytes
done
step lang tests/run
step sweep tests/sweep/run "$build"
once findings tests/diag/coverage.sh
step commands tests/commands.sh
once packages tests/packages.sh
step jobs tests/jobs.sh
step sandbox tests/sandbox/run
step replication tests/replication/run
step calls tests/calls/run
# Seeds by the thousand; `make explore` runs them by the million.
seeds=2000
[ "$mode" = asan ] && seeds=100
certificates=2
[ "$mode" = asan ] && certificates=1
step certificates tests/prove/run 1 $certificates
step circles tests/prove/circles 1 $certificates
step "circles, one planted" tests/prove/circles --plant 1 1
step simulation "$build/explore" --open tests/sim/open.txt --seeds $seeds
# Seeds beyond these that found a mistake once; what they try is not memory.
if [ "$mode" != asan ]; then
    for seed in 2007 2409 2479 2828 2927 3110 3284 3298 3764 3820 3927 3968 3995 \
        4552 4584 4629 4754 4899 7169 10971 11366 13421 43898 56504 60051 60715 60945 63381 \
        61245 63766 65922; do
        step "simulation, seed $seed" "$build/explore" --from $seed --seeds 1
    done
fi
step "simulation on SQLite" "$build/explore" --sqlite --seeds 12
step "bugs planted" "$build/explore" --bugs 500
step crash tests/crash/run "$build"
step trouble tests/crash/cases.sh "$build"
once fmt quiet "maps are formatted" "$MAPC" fmt --check mappings/*.map \
    mappings/*/*.map stdlib/*.map tests/bench/*.map tests/calls/*.map
once stdlib quiet "docs/stdlib.md is current" same_stdlib
once docs tests/docs/run
once man tests/docs/man.sh
for map in mappings/standard.map mappings/calls.map mappings/erp/files.map; do
    step mappings quiet $map "$MAPC" test $map
done
once install tests/install.sh "$build" "$mode"
once demo quiet "the demo" tools/demo.sh "$build"
once documents quiet "the demo of documents" tools/demo-documents.sh "$build"
once calls quiet "the demo of calls" tools/demo-calls.sh "$build"

wait
cat "$steps"/*.log >"$log"
passed=$(grep -c '^ok ' "$log")
failed=$(grep -c '^FAIL ' "$log")
skipped=$(grep -c '^skipped ' "$log")
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
