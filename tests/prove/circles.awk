# SPDX-License-Identifier: Apache-2.0
# Circles of rules at random, each over fields of its own: there and back
# between two systems, or round three.
#   awk -v seed=1 -v count=200 -v dir=DIR -f circles.awk
# writes DIR/{l,r,m}.json, DIR/circles (a circle's rules in one line: its
# number, then MAP RULE, with tabs between) and DIR/values (a document a line).
# The last rule of a circle writes K, of the same type as the L it began with:
# round and round is L, K, and K for L again.

function pick(n) { return int(rand() * n) }

function step(   n) {
    n = 1 + pick(4)
    return one[1 + pick(kinds)] == "" ? "" : fill(one[1 + pick(kinds)], n)
}

function fill(conv, n) { sub(/#/, n, conv); return conv }

# `back` undoes the chain that is made.
function make_chain(   n, conv, undone) {
    chain = back = ""
    for (n = pick(3); n > 0; n--) {
        conv = step()
        undone = conv ~ /^reverse / ? substr(conv, 9) : conv ~ /^(left|cut)/ ? conv : "reverse " conv
        if (conv ~ /^(trim|condense|upper|lower|max)/) undone = conv
        chain = chain (chain == "" ? "" : ", ") conv
        back = undone (back == "" ? "" : ", ") back
    }
}

function of(chain) { return (chain == "" ? "" : " : " chain) " else keep" }

function member(name, max) { return ",\n    \"" name "\": {\"type\": \"string\", \"maxLength\": " max "}" }

BEGIN {
    srand(seed)
    kinds = split("trim|condense|upper|lower|pad(#)|pad(#, \"0\")|reverse pad(#)|alpha(#)|reverse alpha(#)|numc(#)|reverse numc(#)|prefix(\"A\")|reverse prefix(\"A\")|max(#)|left(#)|cut(#)|codes Some|codes Two|codes Rest|reverse codes Two", one, "|")
    head = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"Thing\", \"type\": \"object\", \"properties\": {\n    \"ID\": {\"type\": \"string\", \"maxLength\": 5}"
    l = r = m = head
    for (i = 1; i <= count; i++) {
        max = pick(4) ? 30 : 1 + pick(4)
        length_of[i] = max
        l = l member("L" i, max) member("K" i, max)
        r = r member("R" i, pick(4) ? 30 : 1 + pick(4))
        m = m member("M" i, pick(4) ? 30 : 1 + pick(4))
        make_chain(); there = chain; undo = back
        line = i "\tLR l.L" i " -> r.R" i of(there)
        if (pick(3)) {
            if (pick(2)) make_chain(); else chain = undo
            line = line "\tRL l.K" i " <- r.R" i of(chain)
        } else {
            make_chain(); line = line "\tRM r.R" i " -> m.M" i of(chain)
            if (pick(2)) make_chain(); else chain = back (back != "" && undo != "" ? ", " : "") undo
            line = line "\tML m.M" i " -> l.K" i of(chain)
        }
        print line > (dir "/circles")
    }
    print l "\n}}" > (dir "/l.json")
    print r "\n}}" > (dir "/r.json")
    print m "\n}}" > (dir "/m.json")
    n = split("a|A|0|7|X| |-", sign, "|")
    for (x = 0; x <= n; x++) for (y = x ? 1 : 0; y <= n; y++) for (z = 1; z <= n; z++) {
        value = sign[x] sign[y] sign[z]
        printf "{\"ID\": \"%d\"", ++number > (dir "/values")
        for (i = 1; i <= count; i++)
            if (length(value) <= length_of[i]) printf ",\"L%d\":\"%s\"", i, value > (dir "/values")
        print "}" > (dir "/values")
    }
}
