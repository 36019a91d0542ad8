#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What must hold of the text of the tree: nothing is put off, no path of one
# machine is in it, sources say their licence, the lists of files in
# compiler/README.md and runtime/README.md are complete, links lead somewhere.
set -u
cd "$(dirname "$0")/.."
bad=0
say() { echo "$1"; bad=1; }

files=$(find Makefile README.md HACKING.md grammar compiler runtime stdlib \
    mappings docs tools tests .ci -type f ! -path '*/corpus/*' | sort)

# The words are in parts here, so that this file does not find itself.
for word in 'TO''DO' 'FIX''ME' 'XX''X:' '/wo''rk/' '/ho''me/'; do
    # shellcheck disable=SC2086
    grep -n -- "$word" $files /dev/null && say "\"$word\" should not be in the tree"
done

for file in $files; do
    case $file in
    tests/emit/*) continue ;;
    *.c | *.h | *.def | *.y | *.l | *.sh | tests/run | tests/*/run | .ci/run)
        head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
            say "$file: no SPDX line" ;;
    esac
done

# A file is named by its base, or with its ending.
for root in compiler runtime; do
    for file in $(find $root -name '*.[ch]' -o -name '*.def' | sort); do
        base=${file##*/}
        grep -q -w -e "${base%.*}" -e "$base" $root/README.md ||
            say "$root/README.md does not name $file"
    done
done

for page in README.md HACKING.md $(find docs compiler runtime grammar mappings tests -name '*.md'); do
    dir=$(dirname "$page")
    for link in $(grep -o ']([^)# ]*[)#]' "$page" | sed 's/^](//; s/[)#]$//'); do
        case $link in http*) continue ;; '') continue ;; esac
        [ -e "$dir/$link" ] || say "$page: no $link"
    done
done
exit $bad
