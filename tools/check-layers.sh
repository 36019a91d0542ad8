#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails when a file includes a header from a folder that its own folder may not
# depend on (tools/layers.txt). `mr/` is the contract that all may see.
set -eu
cd "$(dirname "$0")/.."
find compiler runtime -name '*.[ch]' | sort | xargs awk -v table=tools/layers.txt '
BEGIN {
    while ((getline line < table) > 0) {
        if (line ~ /^#/ || line !~ /:/) continue
        split(line, half, ":"); known[half[1]] = 1
        n = split(half[2], dep, " ")
        for (i = 1; i <= n; i++) may[half[1], dep[i]] = 1
    }
}
FNR == 1 { split(FILENAME, part, "/"); root = part[1]; from = part[1] "/" part[2] }
/^#[ \t]*include "/ {
    split($0, q, "\""); path = q[2]
    if (path !~ /\//) next
    split(path, seg, "/"); to = root "/" seg[1]
    if (seg[1] == "mr" || path ~ /^\.\.\/\.\.\/stdlib\//) next
    if (!(from in known)) { print FILENAME ": folder " from " is not in " table; bad = 1 }
    if (to != from && !((from, to) in may)) {
        print FILENAME ":" FNR ": " from " may not include " path; bad = 1
    }
}
END { exit bad }'
