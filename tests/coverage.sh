#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which lines of the codecs, and of what shares a stream among jobs, the tests
# of documents reach: a line for each file and one for all of runtime/codec.
# Fails where those are fewer than 95 % or where a test fails.
#   tests/coverage.sh BUILD      a folder built with MODE=coverage
# SEEDS: how many of differ, of each format (2000). LINES=1 lists what is not
# reached.
set -u
cd "$(dirname "$0")/.." || exit 2
build=$(cd "$1" && pwd) || exit 2
seeds=${SEEDS:-2000}
MAPC=$build/mapc
# Programs that mapc builds are not measured themselves.
CC="${CC:-cc} -Wl,--whole-archive -lgcov -Wl,--no-whole-archive"
export MAPC CC
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
trap 'exit 2' HUP INT TERM
failed=0

quietly() {
    "$@" >"$out/log" 2>&1 && return
    echo "FAIL $*"
    grep '^FAIL' "$out/log" | head -5
    failed=1
}

find "$build" -name '*.gcda' -exec rm -f {} +
for test in "$build"/tests/unit/test_*.gcno; do
    quietly "${test%.gcno}"
done
for test in "$build"/tests/fuzz/fuzz_*.gcno; do
    name=$(basename "$test" .gcno)
    quietly "${test%.gcno}" "tests/fuzz/corpus/${name#fuzz_}"
done
for format in json xml; do
    quietly "$build/differ" $format --seeds "$seeds"
    quietly "$build/differ" $format --bytes 32
done
quietly tests/run tests/lang
quietly tests/jobs.sh
# Not tests/sweep: what counts the lines does not bear failing allocations.

# Lines of a header are in several objects: reached in one is reached.
for file in runtime/codec/*.c runtime/host/jobs.c runtime/host/chunks.c \
    runtime/host/seam.c runtime/host/lane.c runtime/host/notes.c \
    runtime/host/map.c; do
    gcov -t -o "$build/${file%.c}.o" "$file" 2>"$out/log" || cat "$out/log"
done | awk -F: -v list="${LINES:-0}" '
    $2 ~ /^ *0$/ && $3 == "Source" { file = $4; next }
    $2 + 0 == 0 || $1 ~ /^ *-$/ { next }
    file !~ /^runtime\/(codec|host)\// { next }
    {
        line = file ":" $2 + 0
        if (!(line in reached)) {
            if (!(file in lines)) name[++n] = file
            lines[file]++
            reached[line] = 0
        }
        if ($1 !~ /[#=]/ && !reached[line]) {
            reached[line] = 1
            hits[file]++
        }
    }
    END {
        for (i = 1; i <= n; i++) {
            file = name[i]
            if (file ~ /host\/[a-z]*\.h$/)
                continue
            printf "%5.1f %% of %4d  %s\n", 100 * hits[file] / lines[file],
                   lines[file], file
            if (file ~ /codec/) {
                all += lines[file]
                got += hits[file]
            }
        }
        if (list != 0)
            for (line in reached)
                if (!reached[line])
                    print "not reached: " line
        if (all == 0) { print "FAIL coverage: nothing was measured"; exit 1 }
        printf "%s lines of the codecs: %.1f %% of %d reached\n",
               100 * got < 95 * all ? "FAIL" : "ok", 100 * got / all, all
        exit 100 * got < 95 * all
    }' || failed=1
exit $failed
