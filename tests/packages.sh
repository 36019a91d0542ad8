#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Packages that are locked and taken in anew below a customer's layer. MAPC
# names the compiler. Prints a line for each.
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
        echo "FAIL $name: $(head -30 "$tmp/log")"
        failed=1
    fi
}

# --- mapc lock: the layers of tests/lang, and the package in three places ---

cp -R tests/lang/layers "$tmp/own"
mkdir "$tmp/own/package"
mv "$tmp/own/package.map" "$tmp/own/package"
cp -R "$tmp/own/schemas" "$tmp/own/package"
sed -i 's|"package.map"|"package/package.map"|' "$tmp/own/case.map"
cd "$tmp/own" || exit 2

says "lock: it is written" runs 0 "mapc.lock" "$mapc" lock case.map
says "lock: the package and its version" \
    runs 0 "" grep -q "^package muster.account \"1.0\"$" mapc.lock
cat > "$tmp/want" <<END
$(sha256sum < package/package.map | cut -c 1-64)  package.map
END
sed -n 's/^  //p' mapc.lock > "$tmp/held"
says "lock: what the layer names itself is not in it" \
    cmp "$tmp/want" "$tmp/held"
says "lock: all is as it was" runs 0 "" "$mapc" check case.map
echo '-- ours' >> case.map
says "lock: one's own file may change" runs 0 "" "$mapc" check case.map
cp package/package.map "$tmp/package.map"
echo '-- edited' >> package/package.map
says "lock: the package may not" \
    runs 1 "package.map holds something else" "$mapc" check case.map
says "lock: nor for a build" \
    runs 1 "error M0713" "$mapc" build -o made case.map
sed 's/"1.0"/"1.1"/' "$tmp/package.map" > package/package.map
says "lock: another version" runs 1 'that was "1.0"' "$mapc" check case.map
printf 'codes Other {\n  "A" <-> "B"\n}\n' > package/other.map
{ cat "$tmp/package.map"; echo 'use "other.map"'; } > package/package.map
says "lock: one more file" \
    runs 1 "other.map was not among its files" "$mapc" check case.map
cp "$tmp/package.map" package/package.map
says "lock: as it was again" runs 0 "" "$mapc" check case.map
mkdir "$tmp/elsewhere"
mv package "$tmp/elsewhere"
ln -s "$tmp/elsewhere/package" package
sed -i "s|\"package/package.map\"|\"$tmp/elsewhere/package/package.map\"|" \
    case.map
says "lock: wherever the package lies" runs 0 "" "$mapc" check case.map
says "lock: the package alone, with its schemas" \
    runs 0 "" "$mapc" lock package/package.map
says "lock: each schema by its path in the package" \
    runs 0 "" grep -q "  schemas/cloud.edmx$" package/mapc.lock
echo 'language 1' > empty.map
rm mapc.lock
says "lock: no package" runs 1 "" "$mapc" lock empty.map
says "lock: which file" runs 2 "which file" "$mapc" lock
sed '/^package/d' package/package.map > package/none.map
says "lock: maps of no package" \
    runs 1 "uses no package" "$mapc" lock package/none.map
exit $failed
