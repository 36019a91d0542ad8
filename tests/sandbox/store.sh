#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --data: what was acknowledged is there after kill -9, queued IDocs too.

start kept --data "$tmp/kept.db" --seed erp.DEBMAS06=5
write_cloud POST CorporateAccountCollection \
    '{"AccountID":"1","Name":"Muster","RoleCode":"CRM000"}'
control erp send '{"object":"DEBMAS06"}'
kill -9 "$pid"
wait "$pid" 2> /dev/null
start kept --data "$tmp/kept.db"
look cloud 'record?object=CorporateAccount&key=1'
expect "store: the account is there" 200 '"Name":"Muster"'
look erp stats
expect "store: so are the customers and their IDocs" 200 '"DEBMAS06":5' \
    '"queue":5'
token=
write_cloud POST CorporateAccountCollection \
    '{"AccountID":"1","Name":"Muster","RoleCode":"CRM000"}'
expect "store: and the key is taken" 400 "already exists"
stop "$pid"
