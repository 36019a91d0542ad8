#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A field of each type, entity sets with names of their own, lists without
# ParentObjectID, fields that may not stand in a filter.

standard=$served
served=$root/tests/sandbox/types.map
start types --seed right.Thing=3
served=$standard
cloud=$(sed -n 's/^left //p' "$dir/ready")
cp "$dir/p.left.secret" "$dir/p.cloud.secret"
control_cloud=${cloud%/sap/*}/sandbox

write_cloud POST ThingSet '{"ID":"1","Count":-7,"Small":200,"Big":"9007199254740993",
    "Price":"12.5","Flag":true,"Uuid":"00163e03-a070-1ee2-88be-9895233ebd27",
    "Day":"2026-01-31T00:00:00","Moment":"/Date(1490902810849)/",
    "Clock":"PT13H45M00S","Worth":{"currencyCode":"EUR","content":"1"},
    "Secret":"x","Parts":[{"Number":"1"},{"Number":"2"}]}'
expect "types: one of each" 201 '"type":"muster.things.Thing"' '"Count":-7' \
    '"Big":"9007199254740993"' '"Price":"12.50"' '"Flag":true' \
    '"Uuid":"00163E03-A070-1EE2-88BE-9895233EBD27"' \
    '"Day":"\/Date(1769817600000)\/"' '"Moment":"\/Date(1490902810849)\/"' \
    '"Clock":"PT13H45M00S"' '"Worth":{"currencyCode":"EUR","content":"1.00"}'
thing=$(member ObjectID)
write_cloud POST ThingSet '{"ID":"2"}'
expect "types: nothing of each" 201 '"Count":0' '"Price":"0.00"' \
    '"Flag":false' '"Uuid":null' '"Day":null' '"Clock":null' '"Worth":null' \
    '"Secret":""'

takes_not() {   # NAME WORDS FIELD
    write_cloud POST ThingSet "{\"ID\":\"9\",$3}"
    expect "types: refused, $1" 400 "$2"
}
takes_not "a text for a number" "Count" '"Count":"7"'
takes_not "a number out of range" "out of range" '"Small":300'
takes_not "too many decimals" "too many decimals" '"Price":"1.234"'
takes_not "too many digits" "too many digits" '"Price":"123456789.00"'
takes_not "no decimal" "no decimal" '"Price":"1,5"'
takes_not "no truth" "neither true nor false" '"Flag":"true"'
takes_not "no GUID" "no GUID" '"Uuid":"00163e03"'
takes_not "no date" "no date" '"Day":"31.01.2026"'
takes_not "a month that is none" "no date" '"Day":"2026-13-01T00:00:00"'
takes_not "no time" "no time" '"Clock":"13:45"'
takes_not "a member of a complex value" "no member" '"Worth":{"unit":"x"}'
takes_not "a value in a complex value" "longer" \
    '"Worth":{"currencyCode":"EURO"}'
takes_not "a list for one" "no object" '"Worth":[]'

found_things() {        # NAME COUNT FILTER
    read_cloud 'ThingSet/$count' -G --data-urlencode "\$filter=$3"
    same "types: filter, $1" "$2" "$(cat "$tmp/body")"
}
found_things "numbers" 1 "Count lt 0"
found_things "decimals" 1 "Price eq 12.5M"
found_things "big numbers" 1 "Big gt 9007199254740992L"
found_things "truth" 1 "Flag eq true"
found_things "GUIDs" 1 "Uuid eq guid'00163e03-a070-1ee2-88be-9895233ebd27'"
found_things "days" 1 "Day eq datetime'2026-01-31T00:00:00'"
found_things "moments" 1 "Moment le datetimeoffset'2017-03-30T19:40:10.849Z'"
found_things "nothing" 1 "Day eq null"
read_cloud ThingSet -G --data-urlencode "\$filter=Secret eq 'x'"
expect "types: filter refused, not filterable" 400 "not filterable"
read_cloud "ThingSet?\$orderby=Price%20desc&\$select=ID"
same "types: order by number" "1 2" "$(grep -o '"ID":"[0-9]*' "$tmp/body" |
    sed 's/.*"//' | tr '\n' ' ' | sed 's/ $//')"

read_cloud "ThingSet('$thing')/Parts?\$select=Number"
expect "types: a list of its own" 200 '"Number":"1"' '"Number":"2"'
write_cloud POST "ThingSet('$thing')/Parts" '{"Number":"3"}'
expect "types: created below" 201
part=$(member ObjectID)
write_cloud PATCH "PartSet('$part')" '{"Number":"4"}'
expect "types: a set that can't be changed" 400 "can't be changed"
write_cloud DELETE "ThingSet('$thing')" ''
expect "types: deleting" 204
read_cloud "PartSet('$part')"
expect "types: with all that is below" 404
request "$(sed -n 's/^right //p' "$dir/ready" | sed 's|/sap/.*||')/sandbox/stats"
expect "types: made-up records of any map" 200 '"Thing":3'
stop "$pid"
