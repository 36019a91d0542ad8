#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs into an empty folder and makes a program of a delivered package from
# elsewhere, with nothing that points back to this tree.
#   tests/install.sh BUILD MODE
set -u
cd "$(dirname "$0")/.." || exit 2
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
unset MAPC_HOME MAPC_PATH

result() {
    if [ "$1" -eq 0 ]; then echo "ok $2"; else echo "FAIL $2"; fi
}

make -s --no-print-directory MODE="$2" BUILD="$1" PREFIX="$dir/usr" install
result $? "make install"
printf 'language 1\ndeployment mine {\n  use erp.account\n}\n' >"$dir/mine.map"
(cd "$dir" && "$dir/usr/bin/mapc" build -o mine mine.map &&
    ./mine about | grep -q '^mine, made by mapc')
result $? "an installed mapc builds a package"
