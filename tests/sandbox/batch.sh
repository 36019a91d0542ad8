#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# $batch: order, change sets as a whole, what is malformed.

start batch

post() {        # a change set with one creation: ID NAME
    printf -- '--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n'
    printf 'Content-Type: application/http\n'
    printf 'Content-Transfer-Encoding: binary\n\n'
    printf 'POST CorporateAccountCollection HTTP/1.1\n'
    printf 'Content-Type: application/json\n\n'
    printf '{"AccountID":"%s","Name":"%s","RoleCode":"CRM000"}\n' "$1" "$2"
    printf -- '--c--\n'
}
get() {         # ADDRESS
    printf -- '--b\nContent-Type: application/http\n'
    printf 'Content-Transfer-Encoding: binary\n\nGET %s HTTP/1.1\n\n\n' "$1"
}

{ post 1 Eins; get 'CorporateAccountCollection/$count'; post 1 Nochmal
    post 2 Zwei; echo '--b--'; } > "$tmp/b"
batch "$tmp/b"
expect "batch: parts by themselves" 202 'multipart/mixed; boundary=ejjeeffe0'
same "batch: answered in their order" "201 200 400 201" \
    "$(tr -d '\r' < "$tmp/body" | sed -n 's|^HTTP/1.1 \([0-9]*\).*|\1|p' |
        tr '\n' ' ' | sed 's/ $//')"
same "batch: a part sees those before it" 1 \
    "$(tr -d '\r' < "$tmp/body" | grep -c '^1$')"

cat > "$tmp/b" <<'B'
--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-ID: 7

POST CorporateAccountCollection HTTP/1.1

{"AccountID":"3","Name":"Drei","RoleCode":"CRM000"}
--c
Content-Type: application/http

POST $7/CorporateAccountSalesData HTTP/1.1

{"SalesOrganisationID":"1000"}
--c--
--b--
B
batch "$tmp/b"
expect "batch: a content id" 202 'Content-ID: 7' \
    '"SalesOrganisationID":"1000"'

cat > "$tmp/b" <<'B'
--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http

POST CorporateAccountCollection HTTP/1.1

{"AccountID":"4","Name":"Vier","RoleCode":"CRM000"}
--c
Content-Type: application/http

POST CorporateAccountCollection HTTP/1.1

{"AccountID":"5","Name":"Fünf"}
--c--
--b--
B
batch "$tmp/b"
expect "batch: a change set that fails" 202 "400 Bad Request" "mandatory"
same "batch: has one answer" 1 "$(grep -c '^HTTP/1.1' "$tmp/body")"
read_cloud 'CorporateAccountCollection/$count'
same "batch: and nothing of it stays" 3 "$(cat "$tmp/body")"

malformed() {   # NAME: $tmp/b
    batch "$tmp/b"
    expect "batch: refused, $1" 400 "Malformed"
}
{ post 6 Sechs; echo '--b'; } > "$tmp/b"
malformed "without an end"
echo 'nothing' > "$tmp/b"
malformed "without a boundary"
{ post 6 Sechs; printf -- '--b\nContent-Type: application/http\n\n'
    printf 'DELETE CorporateAccountCollection HTTP/1.1\n\n--b--\n'
    } > "$tmp/b"
malformed "a write outside of a change set"
{ printf -- '--b\nContent-Type: text/plain\n\nx\n--b--\n'; } > "$tmp/b"
malformed "a part that is none"
{ post 6 Sechs | sed 's/^POST.*/GET/'; echo '--b--'; } > "$tmp/b"
malformed "no request line"
read_cloud 'CorporateAccountCollection/$count'
same "batch: a malformed one changes nothing" 3 "$(cat "$tmp/body")"
stop "$pid"
