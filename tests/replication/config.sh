#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The configuration: template, schema, what is wrong and how that is said.

make_program "$root/mappings/standard.map"
dir=$tmp/config
mkdir -p "$dir"
c() {
    (cd "$dir" && "$program" config "$@") > "$tmp/out" 2> "$tmp/err"
    code=$?
}

c template
ends "config: a template" 0 '"cloud": {' '"password": "env:ERP_PASSWORD"'
cp "$tmp/out" "$dir/standard.json"
c show
ends "config: the template is good" 0 '"kind": "odata"' '"queue": 1024'
c template --all
ends "config: all settings" 0 '"backoff_max_ms": 60000'
cp "$tmp/out" "$dir/all.json"
c show -c all.json
ends "config: they are good, too" 0
c schema
if cmp -s "$tmp/out" "$root/docs/config.schema.json"; then
    ok "config: docs/config.schema.json is current"
else
    bad "config: docs/config.schema.json is current" \
        "PROGRAM config schema >docs/config.schema.json"
fi
c shwo
ends "config: a wrong word" 2 "did you mean show?"
c show -c nowhere.json
ends "config: no file" 2 "nowhere.json: No such file" "config template"

# wrong NAME WORDS JSON
wrong() {
    printf '%s' "$3" > "$dir/wrong.json"
    c show -c wrong.json
    ends "config: $1" 2 "wrong.json: $2"
}
wrong "no JSON" "line 1, column 1" '{'
wrong "a key twice" "line 1" '{"store":{},"store":{}}'
wrong "an unknown key" 'there is no setting "sotre"; did you mean store?' \
    '{"sotre":{}}'
wrong "an unknown key below" \
    'systems.erp.auth: there is no setting "usr"; did you mean user?' \
    '{"systems":{"erp":{"auth":{"usr":"x"}}}}'
wrong "an unknown system" 'systems: standard replicates no system "epr"; did you mean erp?' '{"systems":{"epr":{}}}'
wrong "out of range" "limits.queue: 0 is not from 1 to 100000" \
    '{"limits":{"queue":0}}'
wrong "no number" "limits.queue: needs a whole number" \
    '{"limits":{"queue":"512"}}'
wrong "an unknown choice" \
    'systems.erp.auth.kind: there is no "bsic"; did you mean basic?' \
    '{"systems":{"erp":{"auth":{"kind":"bsic"}}}}'
wrong "a secret in clear" "systems.erp.auth.password: a secret does not stand" \
    '{"systems":{"erp":{"auth":{"password":"muster-geheim"}}}}'
lacks "config: it is not repeated" muster-geheim
wrong "an object for a text" "store.file: needs a text" '{"store":{"file":{}}}'
wrong "what basic needs" "systems.erp.auth.password: is missing" \
    '{"systems":{"erp":{"auth":{"kind":"basic","user":"x"}}}}'
wrong "http beyond this machine" "systems.erp.url: http is not encrypted" \
    '{"systems":{"erp":{"url":"http://erp.example.com/"}}}'
wrong "listening without credentials" "inbound.auth.kind: none is for" \
    '{"inbound":{"listen":"0.0.0.0:8090"}}'
wrong "listening without TLS" "inbound.tls.cert: is missing" \
    '{"inbound":{"listen":"0.0.0.0:8090","auth":{"kind":"bearer","token":"env:T"}}}'
wrong "no port" "inbound.listen: needs address and port" \
    '{"inbound":{"listen":"localhost"}}'

MAPC_SYSTEMS_ERP_BATCH=7 c show
ends "config: from the environment" 0 '"batch": 7'
MAPC_SYSTEMS_ERP_BATCH=7x c show
ends "config: a wrong one" 2 "MAPC_SYSTEMS_ERP_BATCH: systems.erp.batch: needs"
MAPC_LIMITS_QEUE=7 c show
ends "config: an unknown one" 2 "did you mean MAPC_LIMITS_QUEUE?"
MAPC_LIMIT_QUEUE=7 c show
ends "config: nearly one" 2 "did you mean MAPC_LIMITS_QUEUE?"
MAPC_CALLS_IN_FLIHGT=7 c show
ends "config: one of calls" 2 "did you mean MAPC_CALLS_IN_FLIGHT?"
MAPC_HOME_DIR=7 MAPC_QUEUE=1 c show
ends "config: those of others" 0
MAPC_CONFIG=all.json c show
ends "config: the file, too" 0

status_of() {
    (cd "$dir" && "$program" status "$@") > "$tmp/out" 2> "$tmp/err"
    code=$?
}
status_of
ends "config: status makes no store" 0 "nothing has run"
if [ -e "$dir/standard.db" ] || [ -e "$dir/standard.key" ]; then
    bad "config: no file" "$(ls "$dir")"
else
    ok "config: no file"
fi
(cd "$dir" && "$program" load) > "$tmp/out" 2> "$tmp/err"
code=$?
ends "config: a secret that is not there" 2 "the environment has no"

# A secret that others may read is refused, with what mends it; as ssh does.
begin secrets "$root/tests/sim/sim.map"
p load --quiet 0
ends "secrets: 0600" 0
key=$dir/sim.key
for mode in 0640 0604 0620 0666; do
    chmod $mode "$key"
    p status
    ends "secrets: a store's key with $mode" 2 "store.key: others may use $key" \
        "(mode $mode)" "chmod go= '$key'"
done
chmod 0400 "$key"
p status
ends "secrets: a store's key with 0400" 0
chmod 0644 "$dir/p.a.secret"
p check
ends "secrets: a password" 2 "systems.a.auth.password: others may use"
eval "$(sed -n "s/.*mend it with: \(chmod go= '.*'\)\$/\1/p" "$tmp/err")"
p check
ends "secrets: the command mends it" 0 "store"
# Somebody else's file is not ours to mend.
if [ "$(id -u)" = 0 ] && chown 1 "$key" && chmod 0644 "$key"; then
    p status
    ends "secrets: of another user" 0
fi
stop $box
