#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone; those that generated code sees also compile as
# strict C11 with pedantic warnings.
set -eu
cd "$(dirname "$0")/.."
cc=${CC:-cc}
xml=$(pkg-config --cflags libxml-2.0)
bad=0
for h in $(find compiler runtime -name '*.h' | sort); do
    case $h in
    runtime/include/mr/*) flags="-Wpedantic -Iruntime/include" ;;
    runtime/*) flags="-D_DEFAULT_SOURCE -Iruntime -Iruntime/include" ;;
    *) flags="-D_DEFAULT_SOURCE -Icompiler -Iruntime/include $xml" ;;
    esac
    # shellcheck disable=SC2086
    $cc -std=c11 -Wall -Wextra -Werror -Wno-unused-function \
        -Wno-unused-variable $flags -fsyntax-only -x c "$h" || bad=1
done
exit $bad
