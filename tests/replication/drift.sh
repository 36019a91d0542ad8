#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A service that is not as it was: each kind of change is told with the rules
# that it matters to, and nothing else is.

begin drift "$root/tests/sim/sim.map"
edmx=$root/tests/sim/a.edmx

# shown SED-SCRIPT: $metadata of system a, changed, is shown and checked.
shown() {
    sed "$1" "$edmx" > "$tmp/changed.edmx"
    cmp -s "$edmx" "$tmp/changed.edmx" && bad "drift: $1" "changes nothing"
    at=$(sed -n "s/^a //p" "$dir/ready" | sed 's|\(//[^/]*\)/.*|\1|')
    request --data-binary @"$tmp/changed.edmx" "$at/sandbox/metadata"
    p check
}

# lines NAME N: so many lines speak of a change.
lines() {
    same "$1" "$2" "$(grep -c '^\(WRONG\|note\)  *a ' "$tmp/out")"
}

# of FIELD: its line in the map.
of() {
    grep -n -F "$1" "$root/tests/sim/sim.map" | head -n 1 | cut -d : -f 1
}

p check
ends "drift: none" 0 "fields are used, all as they were"
lines "drift: none is silent" 0

shown '1,/Name="Phone"/{/Name="Phone"/s/"30"/"20"/}'
ends "drift: narrower" 5 \
    "WRONG  a          sim.map:$(of a.Phone): Account.Phone holds 20 characters now, 30 when" \
    "a.Phone <-> b.Tel" "1 changed: 1 holds less"
lines "drift: narrower is all" 1

shown '1,/Name="Phone"/{/Name="Phone"/s/"30"/"60"/}'
ends "drift: wider" 0 "note   a          sim.map:$(of a.Phone): Account.Phone holds 60" \
    "1 changed: 1 may be widened"
lines "drift: wider is all" 1

shown '/Name="Note" Type="Edm.String"/d'
ends "drift: gone" 5 "sim.map:$(of a.Note): Account.Note is gone" "1 is gone"
lines "drift: gone is all" 1

shown '/Name="Low"/s/Int32/String/'
ends "drift: type" 5 "sim.map:$(of a.Low): Account.Low is Edm.String now, it was Edm.Int32" \
    "1 has another type"
lines "drift: type is all" 1

shown '/EntityType Name="Account"/,/<.EntityType/s|<Key>.*</Key>|<Key><PropertyRef Name="Number"/></Key>|'
ends "drift: key" 5 "sim.map:$(of a.Number): Account.Number is part of the key now" \
    "replicate Account" "Account.ObjectID is no part of the key any more" \
    "2 keys changed"

shown '/Name="Nick"/s|/>| sap:creatable="false"/>|'
ends "drift: not creatable" 5 \
    "sim.map:$(of a.Nick): Account.Nick can't be given any more" \
    "1 is not creatable any more"
lines "drift: not creatable is all" 1

shown '/Name="Nick"/s|/>| sap:updatable="false"/>|'
ends "drift: not updatable" 5 \
    "sim.map:$(of a.Nick): Account.Nick can't be changed any more" \
    "1 is not updatable any more"
lines "drift: not updatable is all" 1

shown '/Name="Nick"/s|/>| Nullable="false"/>|'
ends "drift: required" 5 "sim.map:$(of a.Nick): Account.Nick must not be empty any more" \
    "1 is required now"
lines "drift: required is all" 1

shown 's|<EntityType Name="Contact">|&<Property Name="Muster" Type="Edm.String" Nullable="false"/>|'
ends "drift: a new required one" 5 "Contact.Muster must be given now" \
    "sim.map:$(of 'each a.Contacts')" "1 is required now"
lines "drift: a new required one is all" 1
shown 's|<EntityType Name="Contact">|&<Property Name="Muster" Type="Edm.String" Nullable="false" DefaultValue="1"/>|'
ends "drift: one with a default" 0 "all as they were"
shown 's|<EntityType Name="Contact">|&<Property Name="Muster" Type="Edm.String"/>|'
ends "drift: a new one" 0 "all as they were"
lines "drift: a new one is silent" 0

shown 's|<EntitySet Name="AccountSet" [^/]*|& sap:creatable="false"|'
ends "drift: a set without creation" 5 "takes no new records any more"
lines "drift: a set without creation is all" 1

# Grade is read only: less of it harms nobody.
shown '/Name="Grade" Type="Edm.String"/s/40/4/'
ends "drift: narrower, and only read" 0 "all as they were"
lines "drift: narrower, and only read, is silent" 0

shown '1,/Name="Phone"/{/Name="Phone"/s/"30"/"20"/}'
(cd "$dir" && timeout 100 "$program" check --format json -c "$dir/p.json") \
    > "$tmp/out" 2> "$tmp/err"
code=$?
ends "drift: as JSON" 5 '"change":"narrower","field":"Account.Phone","rule":"a.Phone <-> b.Tel'
! command -v python3 > /dev/null ||
    same "drift: JSON" yes "$(python3 -m json.tool < "$tmp/out" > /dev/null && echo yes)"
stop $box
