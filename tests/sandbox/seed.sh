#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Made-up records: the same ones for the same number, and all of them go
# through the maps; those made with a flaw do not.

objects='cloud.CorporateAccount cloud.CustomerOrder erp.DEBMAS06 erp.MATMAS05
    erp.ORDERS05'

plant() {       # NAME OPTION…: files $tmp/NAME.OBJECT
    planted=$1
    shift
    start "$planted" --seed cloud.CorporateAccount=40 \
        --seed cloud.CustomerOrder=40 --seed erp.ORDERS05=40 \
        --seed erp.DEBMAS06=40 --seed erp.MATMAS05=40 "$@"
    for object in $objects; do
        system=${object%%.*}
        form=json
        [ "$system" = erp ] && form=xml
        look "$system" "records?object=${object#*.}&format=$form"
        sed 's|<CRE.*</SERIAL>||' "$tmp/body" > "$tmp/$planted.${object#*.}"
    done
    stop "$pid"
}
plant first
plant again
plant other --seed-number 2
plant flawed --flawed 100
same_files() {
    for object in $objects; do
        cmp -s "$tmp/$1.${object#*.}" "$tmp/$2.${object#*.}" || return 1
    done
}
same_files first again && ok "seed: the same number, the same records" ||
    bad "seed: the same number, the same records" "they differ"
cmp -s "$tmp/first.DEBMAS06" "$tmp/other.DEBMAS06" &&
    bad "seed: another number, other records" "they are the same" ||
    ok "seed: another number, other records"

"$mapc" build -o "$tmp/standard" "$root/mappings/standard.map" \
    > "$tmp/said" 2>&1 || bad "seed: the maps" "$(head -n 3 "$tmp/said")"
{ echo map,left,right
    n=0
    while [ $n -lt 40 ]; do
        printf 'Account,%d,%010d\n' $((5000000 + n)) $((5000000 + n))
        printf 'Account,%d,%010d\n' $((1000000 + n)) $((1000000 + n))
        n=$((n + 1))
    done; } > "$tmp/ids.csv"
map_all() {     # WHICH CODE
    for row in Account:cloud:CorporateAccount Order:cloud:CustomerOrder \
        Account:erp:DEBMAS06 Contact:erp:DEBMAS06 Product:erp:MATMAS05 \
        Order:erp:ORDERS05; do
        map=${row%%:*} object=${row##*:} system=${row#*:}
        system=${system%%:*}
        [ "$map:$2" = Contact:1 ] && continue
        "$tmp/standard" map "$map" --from "$system" --ids "$tmp/ids.csv" \
            "$tmp/$1.$object" > /dev/null 2> "$tmp/said"
        same "seed: $1 ones through $map from $system" "$2" $?
    done
}
map_all first 0
map_all flawed 1
same "seed: each flawed one is parked" \
    "40 documents: 0 mapped, 40 parked or rejected, 0 left out, 0 refused" \
    "$(tail -n 1 "$tmp/said")"
