#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes the files named as a C file with their bytes, in the order given, to
# standard output: the table of compiler/sema/stdlib.h.
set -eu
LC_ALL=C
export LC_ALL

echo '/* Made by tools/embed.sh from stdlib; do not edit. */'
echo '#include "sema/stdlib.h"'
i=0
for file in "$@"; do
    test -r "$file" || { echo "embed.sh: can't read $file" >&2; exit 1; }
    echo
    echo "static const char file_$i[] = {"
    od -An -v -tu1 "$file" | awk '{
        line = ""
        for (k = 1; k <= NF; k++)
            line = line ($k > 127 ? $k - 256 : $k) ","
        print "    " line
    }'
    echo '    0'
    echo '};'
    i=$((i + 1))
done
echo
echo 'const struct stdlib_file stdlib_files[] = {'
i=0
for file in "$@"; do
    echo "    { \"$(basename "$file")\", file_$i, sizeof file_$i - 1 },"
    i=$((i + 1))
done
echo '    { NULL, NULL, 0 }'
echo '};'
