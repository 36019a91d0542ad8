#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates and tokens through a whole program: outbound to a receiver that
# wants them, inbound from senders that show them. They are made for the test.

${CC:-cc} -O1 -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -o "$tmp/guarded" \
    "$root/tests/replication/guarded.c" -lmicrohttpd -lgnutls || exit 2
guard=$tmp/guarded.keys
mkdir "$guard"
"$tmp/guarded" "$guard" 200 &
guarded=$!
started="$started $guarded"
until_true test -s "$guard/port" || bad "login: a receiver" "it does not listen"
receiver=https://127.0.0.1:$(cat "$guard/port")

# received NAME N: so many IDocs came, since the last time.
received() {
    same "$1" "$2" "$(grep -o '<IDOC ' "$guard/received" | wc -l | tr -d ' ')"
    : > "$guard/received"
}

begin login "$root/mappings/standard.map" --seed cloud.CorporateAccount=5
export MAPC_HTTP_CA="$guard/ca.pem" MAPC_SYSTEMS_ERP_BATCH=1
export MAPC_SYSTEMS_ERP_CONNECTIONS=1

# --- a client certificate ---
export MAPC_SYSTEMS_ERP_URL="$receiver/cert" MAPC_SYSTEMS_ERP_AUTH_KIND=certificate
export MAPC_SYSTEMS_ERP_AUTH_CERT="$guard/client.pem"
export MAPC_SYSTEMS_ERP_AUTH_KEY="$guard/client.key"
p check
ends "login: check with a certificate" 0 \
    "credentials: accepted; without them it answers HTTP 401"
chmod 0640 "$guard/client.key"
p check
ends "login: a key that others may read" 2 "systems.erp.auth.key: others may use"
chmod 0600 "$guard/client.key"
p load --quiet 0
ends "login: load with a certificate" 0 "created 5"
received "login: it was let in" 5

export MAPC_SYSTEMS_ERP_AUTH_CERT="$guard/stranger.pem"
export MAPC_SYSTEMS_ERP_AUTH_KEY="$guard/stranger.key"
p check
ends "login: check with a stranger's" 5 "WRONG  erp"
tell cloud edit '{"object":"CorporateAccount","key":"5000001",
    "set":{"Name":"Muster Eins GmbH"}}'
p once
ends "login: a stranger's is refused" 3
received "login: it was kept out" 0
p status --format json
ends "login: nothing is lost" 0 '"parked":0'
export MAPC_SYSTEMS_ERP_AUTH_CERT="$guard/client.pem"
p check
ends "login: certificate and key of two" 5 "WRONG  erp"
export MAPC_SYSTEMS_ERP_AUTH_KEY="$guard/client.key"
p once
ends "login: it goes on with the right one" 0 "updated 1"
received "login: the change went over" 1
# The receiver has to show a certificate, too.
MAPC_HTTP_CA="$guard/other.pem" p check
ends "login: a receiver of another authority" 5 "WRONG  erp"

# --- OAuth2, client credentials ---
unset MAPC_SYSTEMS_ERP_AUTH_CERT MAPC_SYSTEMS_ERP_AUTH_KEY
export MAPC_SYSTEMS_ERP_URL="$receiver/bearer" MAPC_SYSTEMS_ERP_AUTH_KIND=oauth2
export MAPC_SYSTEMS_ERP_AUTH_TOKEN_URL="$receiver/token"
export MAPC_SYSTEMS_ERP_AUTH_CLIENT_ID=mapc-client
export MAPC_SYSTEMS_ERP_AUTH_CLIENT_SECRET=env:OAUTH_SECRET
export OAUTH_SECRET=Muster-Geheimnis
p check
ends "login: check with a token" 0 "credentials: accepted"
: > "$guard/tokens"
for n in 0 1 2 3 4; do
    tell cloud edit "{\"object\":\"CorporateAccount\",\"key\":\"500000$n\",
        \"set\":{\"Name\":\"Muster Nummer $n GmbH\"}}"
done
p once
ends "login: with tokens" 0 "updated 5"
received "login: each once" 5
# A token is good for two messages here, whatever was said of its time.
same "login: fetched again when it is refused" yes \
    "$([ "$(wc -c < "$guard/tokens")" -ge 3 ] && echo yes)"
export OAUTH_SECRET=falsch
tell cloud edit '{"object":"CorporateAccount","key":"5000002",
    "set":{"Name":"Muster Zwei GmbH"}}'
p once
ends "login: another secret" 3
lacks "login: it is not told" falsch
received "login: nothing was sent" 0
p check
ends "login: check says so" 5 "WRONG  erp"
export OAUTH_SECRET=Muster-Geheimnis
p once
ends "login: the change waited" 0 "updated 1"
received "login: and went over" 1
unset MAPC_SYSTEMS_ERP_AUTH_TOKEN_URL MAPC_SYSTEMS_ERP_AUTH_CLIENT_ID \
    MAPC_SYSTEMS_ERP_AUTH_CLIENT_SECRET OAUTH_SECRET MAPC_SYSTEMS_ERP_URL \
    MAPC_SYSTEMS_ERP_AUTH_KIND MAPC_HTTP_CA MAPC_SYSTEMS_ERP_BATCH \
    MAPC_SYSTEMS_ERP_CONNECTIONS

# --- inbound: the sender shows a certificate ---
export MAPC_INBOUND_AUTH_KIND=certificate MAPC_INBOUND_AUTH_CA="$guard/ca.pem"
export MAPC_INBOUND_TLS_CERT="$guard/server.pem"
export MAPC_INBOUND_TLS_KEY="$guard/server.key"
cat > "$dir/one.xml" << 'X'
<?xml version="1.0"?><DEBMAS06><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1">
<TABNAM>EDI_DC40</TABNAM><DOCNUM>0000000000990001</DOCNUM><IDOCTYP>DEBMAS06</IDOCTYP>
<MESTYP>DEBMAS</MESTYP><SNDPRN>ERP</SNDPRN></EDI_DC40><E1KNA1M SEGMENT="1">
<MSGFN>009</MSGFN><KUNNR>0000990001</KUNNR><KTOKD>0001</KTOKD><LAND1>DE</LAND1>
<NAME1>Muster Neun GmbH</NAME1><ORT01>Neundorf</ORT01></E1KNA1M></IDOC></DEBMAS06>
X
(cd "$dir" && exec "$program" run -c "$dir/p.json") > "$dir/log" 2>&1 &
served=$!
started="$started $served"
inbound=$(sed -n 's/.*"listen": "\(.*\)".*/\1/p' "$dir/p.json")
until_true curl -s -o "$tmp/body" --cacert "$guard/ca.pem" \
    "https://$inbound/healthz" || bad "login: it serves" "$(head -n 3 "$dir/log")"
post() {        # CURL-ARGUMENT…
    request --cacert "$guard/ca.pem" -H 'content-type: text/xml' \
        --data-binary @"$dir/one.xml" "$@" "https://$inbound/idoc/erp"
}
post
expect "login: no certificate" 403
post --cert "$guard/stranger.pem" --key "$guard/stranger.key"
case $status in
200) bad "login: a stranger's certificate" "it was let in" ;;
*) ok "login: a stranger's certificate" ;;
esac
post -u erp:"$(cat "$dir/p.inbound.secret")"
expect "login: a password instead" 403
post --cert "$guard/client.pem" --key "$guard/client.key"
expect "login: a certificate" 200 \
    "<DOCNUM>0000000000990001</DOCNUM><STATUS>64</STATUS>"
request "http://$inbound/healthz"
case $status in
200) bad "login: no TLS" "it was answered" ;;
*) ok "login: no TLS" ;;
esac
came() {
    ask_for cloud 'records?object=CorporateAccount'
    grep -q '"City":"Neundorf"' "$tmp/body"
}
until_true came && ok "login: the message goes over" ||
    bad "login: the message goes over" "$(tail -n 3 "$dir/log")"
stop $served
unset MAPC_INBOUND_AUTH_KIND MAPC_INBOUND_AUTH_CA MAPC_INBOUND_TLS_CERT \
    MAPC_INBOUND_TLS_KEY
stop $guarded
stop $box
