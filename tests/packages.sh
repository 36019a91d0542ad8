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

# --- the package that comes with mapc, below a deployment's own file ---

mkdir "$tmp/acme"
cd "$tmp/acme" || exit 2
printf 'language 1\ndeployment acme {\n  use erp.account\n  use "own.map"\n}\n' \
    > acme.map
printf 'language 1\nlayer customer\nextend Account {\n%s\n}\n' \
    '  tighten cloud.Name : max(30)' > own.map
says "shipped: a layer for it" \
    runs 0 "max(30), max(35)" "$mapc" resolve acme.map
says "shipped: it is locked" runs 0 "mapc.lock" "$mapc" lock acme.map
says "shipped: with its tables, wherever it lies" \
    grep -q "  ../codes/country.csv$" mapc.lock
says "shipped: as it was locked" runs 0 "" "$mapc" check acme.map

# --- mapc upgrade: version 2 below a layer that changes much ---

mkdir "$tmp/up" "$tmp/up/muster"
cp -R "$root/tests/lang/layers/schemas" "$tmp/up"
cp -R "$root/tests/lang/layers/schemas" "$tmp/up/muster"
cd "$tmp/up" || exit 2
cat > muster/account.map <<END
language 1
package muster.account version "1.0"
system cloud  : odata2  "schemas/cloud.edmx"
system erp    : idoc    "schemas/customer.xsd"
map Account between cloud.Account and erp.DEBMAS06.E1KNA1M {
  key cloud.ExternalID  <->  erp.KUNNR  : alpha(10)      final
  create none
  else park
  cloud.Name            <->  erp.NAME1  : max(35)
  cloud.City            <->  erp.ORT01  : max(35)
  cloud.Phone           <->  erp.TELF1  : max(16)
  cloud.CountryCode     <->  erp.LAND1  : codes Country
  cloud.Note             ->  erp.NAME2  : first
  cloud.Street          <->  erp.STRAS  : max(35)
  cloud.PostalCode      <->  erp.PSTLZ
  cloud.LanguageCode    <->  erp.SPRAS  : max(1)
  each cloud.Contacts <-> erp.E1KNVKM  match cloud.ID <-> erp.PARNR {
    cloud.LastName   <->  erp.NAME1  : max(35)
    cloud.FirstName  <->  erp.NAMEV  : max(35)
  }
}
convert first() text -> text { -> left(value, 35) }
codes Country {
  "EL"  <->  "GR"
  "UK"  <->  "GB"
  "XK"  <->  "KV"
  "AA"  <->  "AA"
}
END
cat > own.map <<END
language 1
layer customer
use "muster/account.map"
extend system cloud {
  schema "schemas/cloud_own.edmx"
}
extend Account {
  add cloud.LoyaltyCode_KUT -> erp.SORTL
  replace cloud.Phone <-> erp.TELF1 : max(12)
  replace cloud.Street <-> erp.STRAS : max(10)
  replace cloud.PostalCode <-> erp.PSTLZ : max(5)
  add cloud.StateCode <-> erp.REGIO : max(2)
  replace cloud.LanguageCode -> erp.SPRAS : left(1)
  tighten cloud.Name : max(30)
  each erp.E1KNVKM {
    remove cloud.FirstName
  }
}
extend codes Country {
  replace "EL" <-> "EL"
  replace "XK" <-> "XK"
  replace "UK" <-> "UK"
  add "DE" <-> "D"
}
END
cp -R muster muster-2
sed -i 's/"1.0"/"2.0"/
    /cloud.City/s/: max/: trim, max/
    /cloud.Phone/s/16/14/
    /cloud.Street/s/35/10/
    /cloud.PostalCode/d
    /cloud.FirstName/s/35/30/
    /cloud.LanguageCode/a\  cloud.StateCode <-> erp.REGIO : max(3)
    s/left(value/left(trim(value)/
    /"UK"/s/GB/G/
    /"XK"/s/KV/XK/' muster-2/account.map
cat > "$tmp/want" <<END
package muster.account: 1.0 -> 2.0
7 to decide
  Account: the package changed what you changed: is yours still right?
    was    cloud.Phone <-> erp.TELF1 : max(16)  (muster/account.map:11)
    is     cloud.Phone <-> erp.TELF1 : max(14)  (muster-2/account.map:11)
    yours  replace cloud.Phone <-> erp.TELF1 : max(12)  (own.map:9)
  Account: the package says the same now: drop yours
    was    cloud.Street <-> erp.STRAS : max(35)  (muster/account.map:14)
    is     cloud.Street <-> erp.STRAS : max(10)  (muster-2/account.map:14)
    yours  replace cloud.Street <-> erp.STRAS : max(10)  (own.map:10)
  Account: what you changed is there no more: drop yours, or \`add\` it
    was    cloud.PostalCode <-> erp.PSTLZ  (muster/account.map:15)
    yours  replace cloud.PostalCode <-> erp.PSTLZ : max(5)  (own.map:11)
  Account: you added it, and the package has it now: \`replace\` it, or drop yours
    is     cloud.StateCode <-> erp.REGIO : max(3)  (muster-2/account.map:16)
    yours  add cloud.StateCode <-> erp.REGIO : max(2)  (own.map:12)
  Account, each erp.E1KNVKM: the package changed what you changed: is yours still right?
    was    cloud.FirstName <-> erp.NAMEV : max(35)  (muster/account.map:19)
    is     cloud.FirstName <-> erp.NAMEV : max(30)  (muster-2/account.map:19)
    yours  remove cloud.FirstName  (own.map:16)
  codes Country: the package says the same now: drop yours
    was    "XK" <-> "KV"  (muster/account.map:26)
    is     "XK" <-> "XK"  (muster-2/account.map:26)
    yours  replace "XK" <-> "XK"  (own.map:21)
  codes Country: the package changed what you changed: is yours still right?
    was    "UK" <-> "GB"  (muster/account.map:25)
    is     "UK" <-> "G"  (muster-2/account.map:25)
    yours  replace "UK" <-> "UK"  (own.map:22)
2 changed by the package alone
  Account: changed
    was    cloud.City <-> erp.ORT01 : max(35)  (muster/account.map:10)
    is     cloud.City <-> erp.ORT01 : trim, max(35)  (muster-2/account.map:10)
  convert first: changed
    was    convert first  (muster/account.map:22)
    is     convert first  (muster-2/account.map:22)
10 as they were; 5 of yours stay as they are
END
upgrade() {
    "$mapc" upgrade --from muster --to muster-2 --with own.map "$@"
}
upgrade --all > "$tmp/got" 2> "$tmp/said"
says "upgrade: line by line" diff "$tmp/want" "$tmp/got"
says "upgrade: what is not built as it stands" \
    grep -q "own.map:11:11: error M0710" "$tmp/said"
says "upgrade: something to decide" runs 1 "7 to decide" upgrade
says "upgrade: for programs" runs 1 '"toDecide": 7' upgrade --json
says "upgrade: not by hand where nothing differs" \
    runs 0 "12 as they were; 12 of yours stay" \
    "$mapc" upgrade --from muster --to muster/ --with own.map
sed -i 's|"muster/|"muster-2/|' own.map
upgrade --all > "$tmp/got" 2> "$tmp/said"
says "upgrade: the same where the new one is in place already" \
    diff "$tmp/want" "$tmp/got"

# --- recorded documents, through both ---

sed -i '/cloud.Name/s/: max/: upper, max/; /cloud.Name/s/<->/<~>/' \
    muster-2/account.map
cat > own_name.map <<END
language 1
layer customer
use "muster/account.map"
extend Account {
  tighten cloud.Name : max(35) personal
}
END
cat > recorded.json <<END
{"ExternalID": "1", "Name": "Muster & Co", "City": "Ulm ", "PostalCode": "7"}
{"ExternalID": "2", "City": "Muster <Stadt>", "CountryCode": "XK",
 "Contacts": [{"ID": "1", "LastName": "A"}, {"ID": "2", "LastName": "B "}]}
{"ExternalID": "3", "City": "Bonn", "Street": "Beispielstrasse 10"}
{"ExternalID": "4", "City": "Bonn"}
END
cat > "$tmp/want" <<END
replayed documents: 4 came out, 3 do now; 3 differ
  E1KNA1M.NAME1: 1
    0000000001: "…" -> "…"
  E1KNA1M.ORT01: 1
    0000000001: "Ulm " -> "Ulm"
  E1KNA1M.PSTLZ: 3
    0000000001: "7" -> missing
    0000000002: "/" -> missing
    0000000004: "/" -> missing
  E1KNA1M.REGIO: 3
    0000000001: missing -> "/"
    0000000002: missing -> "/"
    0000000004: missing -> "/"
  E1KNA1M.LAND1: 1
    0000000002: "KV" -> "XK"
  1 come out no more: 0000000003
END
replay() {
    "$mapc" upgrade --from muster --to muster-2 --with own_name.map \
        --replay recorded.json "$@"
}
replay > "$tmp/got" 2> "$tmp/said"
sed -n '/^replayed/,$p' "$tmp/got" > "$tmp/fields"
says "replay: field by field" diff "$tmp/want" "$tmp/fields"
says "replay: personal values where they are asked for" \
    runs 1 '"Muster & Co" -> "MUSTER & CO"' replay --show-personal
says "replay: for programs" runs 1 '"field": "E1KNA1M.LAND1"' replay --json
"$mapc" build -q -o old muster/account.map > "$tmp/said" 2>&1
./old map Account --from cloud -o recorded.xml recorded.json 2> "$tmp/said"
says "replay: the other way, by what the file looks like" \
    runs 1 'PostalCode: 1' replay --map Account recorded.xml
says "replay: the same package twice" runs 0 \
    "replayed documents: 4 came out, 4 do now; 0 differ" \
    "$mapc" upgrade --from muster --to muster/ --with own_name.map \
    --replay recorded.json
says "replay: no such map" runs 2 "with --map: Account" replay --map Acount
says "replay: a file that is not there" runs 4 "none.json" replay none.json
echo '{"ExternalID": ' > broken.json
says "replay: a file that is none" \
    runs 1 "broken.json is not mapped" replay broken.json

echo >> muster-2/schemas/cloud.edmx
says "upgrade: a schema that changed, and one's own for it" \
    runs 1 "fetch yours from your system anew" upgrade
says "upgrade: a package that the layer does not use" \
    runs 2 "uses no file of" \
    "$mapc" upgrade --from schemas --to schemas --with own.map
says "upgrade: no layer" runs 2 "is no layer" \
    "$mapc" upgrade --from muster --to muster --with muster/account.map
says "upgrade: from what" runs 2 "from what to what" "$mapc" upgrade
exit $failed
