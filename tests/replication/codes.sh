#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Code tables against the code lists of the systems: codes that came and codes
# that went are told with the rule whose table they matter to.

sed 's|<Schema |&xmlns:c4c="http://www.sap.com/Protocols/C4CData" |
     s|Name="Status"|& c4c:value-help="AccountStatusCodeCollection"|
     s|Name="Rank"|& c4c:value-help="AccountRankCodeCollection"|
     s|Name="Nick"|& c4c:value-help="AccountNickCodeCollection"|' \
    "$root/tests/sim/a.edmx" > "$tmp/a.edmx"
cp "$root/tests/sim/b.edmx" "$tmp/b.edmx"
cat > "$tmp/tables.map" <<'END'
language 1
system a "A" : odata2 "a.edmx" {
  bytes 4 : Nick
}
system b "B" : odata2 "b.edmx"
codes Status {
  "1" <-> "A"
  "2" <-> "B"
  "3"  -> "B"
  "2" <-  "C"
  else park
}
codes Rank between b and a {
  "first"  -> "1"
  "second" -> "2"
  else park
}
map Account between a.Account and b.Customer {
  key a.Number  <->  b.Code    : alpha(10)
  else park
  a.Status      <->  b.Grade   : codes Status
  a.Rank        <-   b.Rank    : codes Rank
  a.Nick         ->  b.Alias
}
replicate Account {
  a -> b every 1 s changed ChangedOn
  b -> a every 1 s changed ChangedOn
}
END
begin codes "$tmp/tables.map"

# lines NAME N: so many lines speak of codes.
lines() {
    same "$1" "$2" "$(grep -c '^\(WRONG\|note\)  *a ' "$tmp/out")"
}

p check --live
ends "codes: as they were" 0 "fields are used, all as they were" "2 read: 0 codes without a row, 0 codes of rows are gone" \
    "no field with a code table names one"
lines "codes: as they were is silent" 0

tell a codes '{"list": "AccountStatusCodeCollection", "add": ["7", "8"]}'
p check
ends "codes: not without --live" 0
lacks "codes: lists are not read" "code lists"
p check --live
ends "codes: new ones" 0 'note   a          tables.map:21: Account.Status can have 2 codes of' \
    'AccountStatusCodeCollection that codes Status has no row for: "7", "8"' \
    "a.Status <-> b.Grade : codes Status" "2 codes without a row, 0 codes"
lines "codes: new ones is all" 1

# What is read alone harms nobody; "3" is never written.
tell a codes '{"list": "AccountStatusCodeCollection", "remove": ["7", "8", "3"]}'
p check --live
ends "codes: one that is only read" 0 "0 codes without a row, 0 codes"
lines "codes: one that is only read is silent" 0

tell a codes '{"list": "AccountStatusCodeCollection", "remove": ["2"]}'
p check --live
ends "codes: gone" 5 'WRONG  a          tables.map:21: Account.Status is written by 2 rows of codes Status for what AccountStatusCodeCollection does not have: "2": the service refuses it'
lines "codes: gone is all" 1
tell a codes '{"list": "AccountStatusCodeCollection", "add": ["2"]}'

# A rule that only writes need not know new codes.
tell a codes '{"list": "AccountRankCodeCollection", "add": ["3"], "remove": ["1"]}'
p check --live
ends "codes: gone, of a table turned round" 5 \
    'tables.map:22: Account.Rank is written by 1 row of codes Rank for what AccountRankCodeCollection does not have: "1"'
lines "codes: gone, of a table turned round, is all" 1
(cd "$dir" && timeout 100 "$program" check --live --format json -c "$dir/p.json") \
    > "$tmp/out" 2> "$tmp/err"
code=$?
ends "codes: as JSON" 5 '"change":"code gone","field":"Account.Rank","rule":"a.Rank <- b.Rank'

# More codes than a page has; controls are not shown.
tell a reset '{}'
tell a codes "$(awk 'BEGIN { printf "{\"list\": \"AccountStatusCodeCollection\", \"add\": [\"\\u001b[1m\""
    for (i = 0; i < 2345; i++) printf ", \"N%d\"", i; print "]}" }')"
p check --live
ends "codes: pages" 0 'can have 2346 codes of AccountStatusCodeCollection that codes Status has no row for: "?[1m", "N0", "N1", "N10", "N100", "N1000", "N1001", "N1002" and 2338 more'

# Of the answers the second one, to the first list.
tell a faults '{"rules": [{"do": "status", "status": 404, "on": "token", "every": 2}]}'
p check --live
ends "codes: a list that can't be read" 5 "WRONG  a          AccountStatusCodeCollection: " \
    "code lists: 1 read"
stop $box
