#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OData as Cloud for Customer speaks it: reading, writing, what is refused.

start odata
accounts=CorporateAccountCollection

# --- the service, who may come in ---

read_cloud ""
expect "odata: service document" 200 '"CorporateAccountCollection"' \
    '"ProductCollection"'
read_cloud '$metadata'
cmp -s "$tmp/body" mappings/erp/schemas/c4c.edmx &&
    ok "odata: metadata is the schema" || bad "odata: metadata" "differs"
request "$cloud"
expect "odata: no password" 401 www-authenticate
request -u mapc:wrong "$cloud"
expect "odata: a wrong password" 401
token=wrong
write_cloud POST $accounts '{"Name":"Muster","RoleCode":"CRM000"}'
expect "odata: a wrong token" 403 "CSRF token validation failed"
fetch_token
request -K "$(secret cloud)" -H "x-csrf-token: $token" \
    -H 'content-type: application/json' \
    -d '{"Name":"Muster","RoleCode":"CRM000"}' "$cloud$accounts"
expect "odata: a token without its session" 403 "CSRF token validation failed"
read_cloud NothingCollection
expect "odata: an unknown set" 404 "NothingCollection"

# --- creating ---

write_cloud POST $accounts '{"Name":"Muster Eins GmbH","RoleCode":"CRM000",
    "AccountID":"417","CorporateAccountSalesData":[
    {"SalesOrganisationID":"1000","DistributionChannelCode":"10",
     "DivisionCode":"00","CurrencyCode":"EUR"},
    {"SalesOrganisationID":"2000","DistributionChannelCode":"10",
     "DivisionCode":"00"}]}'
expect "odata: deep insert" 201 '"d":{"results":{"__metadata"' \
    '"AccountID":"417"' 'location: ' 'etag: W/"datetimeoffset' \
    '"City":""' '"LastVisitingDate":null' '"POBoxIndicator":false'
id=$(member ObjectID)
same "odata: an ObjectID has 32 digits" 32 "${#id}"
one="$accounts('$id')"
write_cloud POST $accounts '{"Name":"Muster","RoleCode":"CRM000",
    "AccountID":"417"}'
expect "odata: the same key again" 400 "already exists"
write_cloud POST $accounts '{"Name":"Muster Zwei","RoleCode":"CRM000"}'
expect "odata: a number from the range" 201 '"AccountID":"1000000"'
write_cloud POST $accounts '{"Name":"Muster"}'
expect "odata: something mandatory is missing" 400 "RoleCode" "mandatory"
write_cloud POST $accounts '{"Name":"M","RoleCode":"CRM000","Nmae":"x"}'
expect "odata: an unknown property" 400 "Nmae is not defined"
write_cloud POST $accounts '{"Name":1,"RoleCode":"CRM000"}'
expect "odata: a number for a text" 400 "is no string"
write_cloud POST $accounts '{"Name":"M","RoleCode":"CRM000",
    "ChangedOn":"2026-01-01T00:00:00Z"}'
expect "odata: not given at creation" 400 "ChangedOn"
write_cloud POST $accounts '{"Name":"M","RoleCode":"CRM000","City":
    "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"}'
expect "odata: 40 characters fit, however many bytes" 201
write_cloud POST $accounts '{"Name":"M","RoleCode":"CRM000","City":
    "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"}'
expect "odata: 41 do not" 400 "City" "longer than 40 characters"
write_cloud POST $accounts '{"Name":"M","RoleCode":"CRM000",'
expect "odata: a body that is no JSON" 400 "no JSON"
write_cloud POST $accounts '{"Name":"M","RoleCode":"CRM000"}' \
    -H 'odata-no-response-payload: true'
expect "odata: no payload where none is wanted" 201 'location: '
same "odata: nothing in the body then" 0 "$(wc -c < "$tmp/body" | tr -d ' ')"
write_cloud POST ProductCollection '{"ProductID":"P1","Description":"Band",
    "Language":"DE","ProductCategoryID":"1","BaseUOM":"PCE",
    "ProductQuantityConversion":[{"Unit":"PF","Quantity":"1",
    "CorrespondingQty":"4.5","CorrespondingQtyUOM":"PCE"}]}'
expect "odata: decimals in texts" 201
read_cloud 'ProductQuantityConversionCollection?$select=CorrespondingQty'
expect "odata: decimals have all their places" 200 '"4.50000000000000"'

# --- changing ---

read_cloud "$one"
etag=$(tr -d '\r' < "$tmp/head" | sed -n 's/^etag: //p')
write_cloud PATCH "$one" '{"City":"Musterstadt"}' -H 'If-Match: W/"x"'
expect "odata: an old ETag" 412
write_cloud PATCH "$one" '{"City":"Musterstadt"}' -H "If-Match: $etag"
expect "odata: the right ETag" 204 'etag: W/'
write_cloud PATCH "$one" '{"District":"Nord"}' -H "If-Match: $etag"
expect "odata: that ETag is old now" 412
write_cloud PATCH "$one" '{"AccountID":"418"}'
expect "odata: the key stays" 400 "AccountID"
write_cloud PATCH "$one" '{"AccountID":"417","CityText":"x"}'
expect "odata: an unknown one in a change" 400 "CityText"
write_cloud PATCH "$one" '{"Name":""}'
expect "odata: mandatory in a change, too" 400 "mandatory"
write_cloud PUT "$one" '{"Name":"Muster Eins AG","RoleCode":"CRM000"}'
expect "odata: PUT" 204
read_cloud "$one?\$select=Name,City"
expect "odata: PUT clears what it does not say" 200 '"City":""' \
    '"Name":"Muster Eins AG"'
write_cloud MERGE "$one" '{"City":"Musterstadt"}'
expect "odata: MERGE" 204

# --- what stands below ---

read_cloud "$one"
etag=$(tr -d '\r' < "$tmp/head" | sed -n 's/^etag: //p')
read_cloud "$one/CorporateAccountSalesData?\$filter=SalesOrganisationID%20eq%20'2000'"
expect "odata: a navigation with a filter" 200 '"SalesOrganisationID":"2000"'
below=$(member ObjectID)
write_cloud PATCH "CorporateAccountSalesDataCollection('$below')" \
    '{"CurrencyCode":"CHF"}'
expect "odata: a change below" 204
write_cloud PATCH "$one" '{"City":"X"}' -H "If-Match: $etag"
expect "odata: it changes the ETag of the root" 412
write_cloud POST "$one/CorporateAccountTaxNumber" \
    '{"TaxTypeCode":"1","CountryCode":"DE","TaxID":"DE999999999"}'
expect "odata: creating below a record" 201 "\"ParentObjectID\":\"$id\""
write_cloud POST CorporateAccountTaxNumberCollection \
    '{"TaxTypeCode":"2","CountryCode":"DE","TaxID":"99/815"}'
expect "odata: below which?" 400 "ParentObjectID"
write_cloud POST CorporateAccountTaxNumberCollection \
    "{\"ParentObjectID\":\"$id\",\"TaxTypeCode\":\"2\",
      \"CountryCode\":\"DE\",\"TaxID\":\"99/815\"}"
expect "odata: below this one" 201
tax=$(member ObjectID)
read_cloud "CorporateAccountTaxNumberCollection('$tax')/CorporateAccount?\$select=AccountID"
expect "odata: and back up" 200 '"AccountID":"417"'
write_cloud DELETE "CorporateAccountTaxNumberCollection('$tax')" ''
expect "odata: deleting below" 204
read_cloud "CorporateAccountTaxNumberCollection('$tax')"
expect "odata: it is gone" 404
write_cloud DELETE "$one" ''
expect "odata: accounts stay" 405

# --- asking ---

read_cloud "$one?\$select=AccountID,CorporateAccountSalesData/CurrencyCode&\$expand=CorporateAccountSalesData"
expect "odata: select and expand" 200 '"CorporateAccountSalesData":{"results":[' \
    '"CurrencyCode":"CHF"}]}'
grep -q -e '"Name"' -e SalesOrganisationID "$tmp/body" &&
    bad "odata: select leaves out" "$(cat "$tmp/body")" ||
    ok "odata: select leaves out"
read_cloud "$accounts(ObjectID='$id')"
expect "odata: a key with its name" 200 '"AccountID":"417"'
read_cloud "$accounts('00163E')"
expect "odata: no such record" 404
found() {       # NAME COUNT FILTER
    read_cloud "$accounts/\$count" -G --data-urlencode "\$filter=$3"
    same "odata: filter, $1" "$2" "$(cat "$tmp/body")"
}
found "eq" 1 "AccountID eq '417'"
found "or" 2 "AccountID eq '417' or AccountID eq '1000000'"
found "and, parentheses" 1 "(City eq 'Musterstadt') and AccountID eq '417'"
found "ne" 3 "AccountID ne '417'"
found "startswith" 2 "startswith(Name,'Muster')"
found "endswith" 1 "endswith(Name,'Zwei')"
found "a wildcard" 1 "Name eq 'Mus*AG'"
found "quotes in a text" 0 "Name eq 'it''s'"
found "dates" 4 "ChangedOn ge datetimeoffset'2020-01-01T00:00:00Z'"
found "dates to come" 0 "ChangedOn gt datetimeoffset'2999-01-01T00:00:00Z'"
found "yes or no" 4 "POBoxIndicator eq false"
wrong() {       # NAME WORDS FILTER
    read_cloud $accounts -G --data-urlencode "\$filter=$3"
    expect "odata: filter refused, $1" 400 "$2"
}
wrong "unknown property" "no such property" "Nmae eq 'x'"
wrong "or on two properties" 'one property only at \"City eq' \
    "Name eq 'x' or City eq 'y'"
wrong "no literal" "quotes" "Name eq x"
wrong "an open quote" "not closed" "Name eq 'x"
wrong "the wrong type" "does not suit" "ChangedOn ge 'x'"
wrong "something behind" "is left" "Name eq 'x' City"
read_cloud "$accounts?\$select=Nmae"
expect "odata: select of nothing" 400 Nmae
read_cloud "$accounts?\$expand=Nothing"
expect "odata: expand of nothing" 400 Nothing
read_cloud "$accounts?\$select=AccountID&\$orderby=AccountID%20desc&\$top=2&\$skip=1&\$inlinecount=allpages"
expect "odata: order, top, skip, count" 200 '"__count":"4"'
same "odata: in that order" "1000002 1000001" "$(grep -o '"AccountID":"[0-9]*' \
    "$tmp/body" | sed 's/.*"//' | tr '\n' ' ' | sed 's/ $//')"
read_cloud "$accounts?\$skiptoken=1001"
expect "odata: a token of somebody else" 400 skiptoken
read_cloud "$accounts?\$skiptoken="
expect "odata: no token at all" 400 skiptoken
stop "$pid"

# --- pages ---

start pages --seed cloud.CorporateAccount=2100
all_pages() {   # ADDRESS: AccountIDs of all pages, one a line
    next=$cloud$1
    pages=0
    while [ -n "$next" ] && [ $pages -lt 100 ]; do
        request -K "$(secret cloud)" "$next"
        pages=$((pages + 1))
        grep -o '"AccountID":"[0-9]*"' "$tmp/body"
        next=$(sed -n 's/.*"__next":"\([^"]*\)".*/\1/p' "$tmp/body")
    done
}
all_pages "$accounts?\$select=AccountID" > "$tmp/ids"
same "odata: every record is on a page" 2100 "$(sort -u "$tmp/ids" | wc -l |
    tr -d ' ')"
same "odata: none is on two" 2100 "$(wc -l < "$tmp/ids" | tr -d ' ')"
all_pages "$accounts?\$select=AccountID&\$top=1500" > "$tmp/ids"
same "odata: top goes over pages" 1500 "$(wc -l < "$tmp/ids" | tr -d ' ')"
all_pages "$accounts?\$select=AccountID,ChangedOn&\$orderby=ChangedOn,ObjectID&\$filter=ChangedOn%20ge%20datetimeoffset'2020-01-01T00:00:00Z'" \
    > "$tmp/ids"
same "odata: pages by change" 2100 "$(sort -u "$tmp/ids" | wc -l | tr -d ' ')"
all_pages "$accounts?\$select=AccountID,Name&\$orderby=Name" > "$tmp/ids"
same "odata: pages of a sorted list" 2100 "$(sort -u "$tmp/ids" | wc -l |
    tr -d ' ')"
read_cloud "$accounts?\$select=AccountID&\$expand=CorporateAccountSalesData"
same "odata: expanded pages are short" 100 "$(grep -o \
    'type":"c4codata.CorporateAccount"' "$tmp/body" | wc -l | tr -d ' ')"
stop "$pid"
