#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What users of both systems do, by the control interface.

start edits --seed cloud.CorporateAccount=3 --seed erp.DEBMAS06=3

control cloud edit '{"object":"CorporateAccount","key":"5000001","set":
    {"City":"Neustadt","CorporateAccountSalesData[0].CurrencyCode":"USD"}}'
expect "edits: an account" 200
look cloud 'record?object=CorporateAccount&key=5000001'
expect "edits: both are there" 200 '"City":"Neustadt"' '"CurrencyCode":"USD"'
control cloud edit '{"object":"CorporateAccount","key":"5000001","set":
    {"City":"Altstadt","Nmae":"x"}}'
expect "edits: an unknown field" 400 Nmae
look cloud 'record?object=CorporateAccount&key=5000001'
expect "edits: all or nothing" 200 '"City":"Neustadt"'
control cloud edit '{"object":"CorporateAccount","key":"1","set":{}}'
expect "edits: an unknown record" 200
control cloud edit '{"object":"CorporateAcount","key":"1","set":{}}'
expect "edits: an unknown object" 404 "did you mean CorporateAccount"
control cloud delete '{"object":"CorporateAccount","key":"5000002"}'
expect "edits: a person may delete" 200
look cloud 'records?object=CorporateAccount'
same "edits: two are left" 2 "$(wc -l < "$tmp/body" | tr -d ' ')"

control erp edit '{"object":"DEBMAS06","key":"0001000001","set":
    {"ORT01":"Neustadt","E1KNVVM[VKORG=1000].KDGRP":"07"}}'
expect "edits: a customer" 200
look erp 'record?object=DEBMAS06&key=0001000001'
expect "edits: and its sales area" 200 '"ORT01":"Neustadt"' '"KDGRP":"07"'
control erp edit '{"object":"DEBMAS06","key":"0001000001","set":
    {"SPERR":"XX"}}'
expect "edits: too long" 400 "longer than 1"
control erp create '{"object":"DEBMAS06","record":{"KUNNR":"77","NAME1":7}}'
expect "edits: a number for a text" 400 "NAME1 is a text"
control erp create '{"object":"DEBMAS06","record":{"KUNNR":"77","E1KNVVM":{}}}'
expect "edits: an object for a list" 400 "E1KNVVM is a list"
control erp create '{"object":"DEBMAS06","record":{"KUNNR":"77",
    "E1KNVVM":[{"VKORG":"1000"}]}}'
expect "edits: a new customer" 200
control erp create '{"object":"DEBMAS06","record":{"KUNNR":"77"}}'
expect "edits: not twice" 400 "there is a record"
control erp edit 'no json'
expect "edits: no JSON" 400 "no JSON"
look erp stats
expect "edits: they are counted, an IDoc each" 200 '"updates":1' \
    '"creates":1' '"queued":2'
control erp reset '{}'
look erp stats
expect "edits: a reset forgets them" 200 '"queue":0' '"DEBMAS06":0'
stop "$pid"
