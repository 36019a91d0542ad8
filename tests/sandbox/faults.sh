#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Mishaps: each does what it says, when it says, and goes away again.

start faults --seed cloud.CorporateAccount=20
accounts=CorporateAccountCollection

fault() {       # RULE…
    control cloud faults "{\"seed\":7,\"rules\":[$*]}"
    [ "$status" = 200 ] || bad "faults: $*" "$(cat "$tmp/body")"
}
took() {        # COMMAND…: milliseconds
    from=$(date +%s%N)
    "$@"
    ms=$((($(date +%s%N) - from) / 1000000))
}

fault '{"do":"latency","ms":300}'
took read_cloud $accounts
[ "$status" = 200 ] && [ $ms -ge 300 ] && ok "faults: latency" ||
    bad "faults: latency" "$status after $ms ms"
fault '{"do":"slow","bytes_per_second":40000}'
took read_cloud $accounts
n=$(wc -c < "$tmp/body" | tr -d ' ')
[ "$status" = 200 ] && [ $ms -ge $((n / 50)) ] && ok "faults: a slow answer" ||
    bad "faults: a slow answer" "$status, $n bytes after $ms ms"
fault '{"do":"status","status":429,"retry_after":3,"times":1}'
read_cloud $accounts
expect "faults: 429" 429 'retry-after: 3'
read_cloud $accounts
expect "faults: once is once" 200
fault '{"do":"status","status":503,"on":"read","every":2}'
said=
for i in 1 2 3 4; do
    read_cloud $accounts
    said="$said $status"
done
same "faults: every second one" " 200 503 200 503" "$said"
fault '{"do":"garbage"}'
read_cloud $accounts
grep -q '<html>' "$tmp/body" && ok "faults: garbage" ||
    bad "faults: garbage" "$(head -c 100 "$tmp/body")"
fault
fetch_token
fault '{"do":"cut_before","on":"create"}'
write_cloud POST $accounts '{"AccountID":"1","Name":"M","RoleCode":"CRM000"}'
same "faults: cut before the work: no answer" 000 "$status"
fault '{"do":"cut_after","on":"create"}'
write_cloud POST $accounts '{"AccountID":"2","Name":"M","RoleCode":"CRM000"}'
same "faults: cut after the work: no answer" 000 "$status"
look cloud "record?object=CorporateAccount&key=1"
expect "faults: nothing was done before" 404
look cloud "record?object=CorporateAccount&key=2"
expect "faults: all was done after" 200
fault '{"do":"csrf","times":1}'
write_cloud POST $accounts '{"AccountID":"3","Name":"M","RoleCode":"CRM000"}'
expect "faults: a forgotten token" 403 "CSRF"
token=
write_cloud POST $accounts '{"AccountID":"3","Name":"M","RoleCode":"CRM000"}'
expect "faults: a new one is good" 201
fault '{"do":"down","seconds":3}'
read_cloud $accounts
same "faults: down" 000 "$status"
is_up() {
    read_cloud $accounts
    [ "$status" = 200 ]
}
until_true is_up
expect "faults: up again" 200
fault '{"do":"skew","seconds":3600}'
write_cloud POST $accounts '{"AccountID":"4","Name":"M","RoleCode":"CRM000"}'
soon=$(($(date +%s) + 3000))
sed 's/.*"ChangedOn":"\\\/Date(\([0-9]*\)[0-9][0-9][0-9]).*/\1/' "$tmp/body" \
    > "$tmp/when"
[ "$(cat "$tmp/when")" -gt $soon ] && ok "faults: a wrong clock" ||
    bad "faults: a wrong clock" "$(cat "$tmp/when")"
fault '{"do":"status","status":412,"on":"update"}'
write_cloud PATCH "$accounts('1')" '{}'
expect "faults: 412" 412
control cloud faults '{"rules":[{"do":"latency","msx":1}]}'
expect "faults: an unknown setting" 400 "did you mean ms?"
control cloud faults '{"rules":[{"do":"status","status":200}]}'
expect "faults: a status that is none" 400 "400 to 599"
stop "$pid"
