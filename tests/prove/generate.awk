# SPDX-License-Identifier: Apache-2.0
# Small two-way rules by the hundred, each with fields of its own: random types
# at both ends and random conversions between them that fit by kind.
#   awk -v seed=1 -v count=300 -v dir=DIR -f generate.awk
# writes DIR/left.edmx, DIR/right.json, DIR/converts and DIR/rules, a rule a
# line. Not every rule compiles: lengths and scales are left to chance.

function pick(n) { return int(rand() * n) }
function one_of(list, between,   parts, n) { n = split(list, parts, between == "" ? " " : between); return parts[1 + pick(n)] }

# One conversion from `kind`: sets conv and kind.
function step(   which, n) {
    n = 1 + pick(4)
    if (kind == "text") {
        which = pick(26)
        if (which == 0) conv = "trim"
        else if (which == 1) conv = "condense"
        else if (which == 2) conv = "upper"
        else if (which == 3) conv = "lower"
        else if (which == 4) conv = "pad(" n ")"
        else if (which == 5) conv = "pad(" n ", \"0\")"
        else if (which == 6) conv = "reverse pad(" n ", \"-\")"
        else if (which == 7) conv = "alpha(" n ")"
        else if (which == 8) conv = "reverse alpha(" n ")"
        else if (which == 9) conv = "numc(" n ")"
        else if (which == 10) conv = "reverse numc(" n ")"
        else if (which == 11) conv = "prefix(\"A\")"
        else if (which == 12) conv = "reverse prefix(\"0\")"
        else if (which == 13) conv = "max(" n ")"
        else if (which == 14) conv = "codes Some"
        else if (which == 15) conv = "codes Rest"
        else if (which == 16) { conv = "number"; kind = "number" }
        else if (which == 17) { conv = "reverse number_text"; kind = "number" }
        else if (which == 18) { conv = "reverse implied(1)"; kind = "number" }
        else if (which == 19) conv = (pick(3) ? "" : "reverse ") "cut(" n ")"
        else if (which < 25) conv = (pick(3) ? "" : "reverse ") "own" (1 + pick(OWN))
        else { conv = "reverse date(\"" one_of("yyyymmdd yyyy-mm-dd") "\")"; kind = "date" }
    } else if (kind == "number") {
        which = pick(6)
        if (which == 0) conv = "scale(" pick(3) ")"
        else if (which == 1) conv = "quantity(" pick(4) ")"
        else if (which == 2) { conv = "number_text"; kind = "text" }
        else if (which == 3) { conv = "reverse number"; kind = "text" }
        else if (which == 4) { conv = "implied(" pick(3) ")"; kind = "text" }
        else { conv = "number_text(\"" one_of("1,5 1.5-") "\")"; kind = "text" }
    } else if (kind == "date") {
        if (pick(2)) { conv = "date(\"" one_of("yyyymmdd dd.mm.yyyy yyyy-mm-dd") "\")"; kind = "text" }
        else { conv = "reverse date_of" (pick(2) ? "" : "(\"Europe/Berlin\")"); kind = "moment" }
    } else if (kind == "moment") {
        which = pick(3)
        if (which == 0) { conv = "date_of"; kind = "date" }
        else if (which == 1) { conv = "date_of(\"Europe/Berlin\")"; kind = "date" }
        else { conv = "datetime(\"yyyymmddhhiiss\"" (pick(2) ? "" : ", \"Europe/Berlin\"") ")"; kind = "text" }
    } else if (kind == "bool") {
        conv = one_of("flag(\"X\") flag(\"1\",\"0\") flag(\"A\",\"a\")"); kind = "text"
    } else {
        conv = "guid"; kind = "text"
    }
    sub(/,"/, ", \"", conv)
}

# The ways of a conversion of one's own: what it makes of some texts, and of the
# others.
function way(n,   i, body) {
    body = ""
    for (i = 1; i <= n; i++)
        body = body "if value = \"" from[i] "\" then \"" to[i] "\" else "
    return body
}

function own(name,   n, i, k, body, back, others) {
    n = pick(4)
    for (i = 1; i <= n; i++) { from[i] = one_of("A a 7 0 X AA A7"); to[i] = one_of("A a 7 0 X - 07 A7") }
    others = one_of("value value value \"A\" value+\"7\"")
    body = way(n) others
    if (pick(3) == 0) { for (i = 1; i <= n; i++) { from[i] = one_of("A a 7 0 X"); to[i] = one_of("A a 7 0 X") } }
    else { for (i = 1; i <= n; i++) { k = from[i]; from[i] = to[i]; to[i] = k } }
    back = way(n) one_of("value value value \"a\"")
    gsub(/\+/, " + ", body)
    print "convert " name " text <-> text {\n  -> " body "\n  <- " back "\n}" > converts
}

function left_type(i,   p, s) {
    printf "        <Property Name=\"L%d\" Nullable=\"true\" Type=\"", i > left
    if (kind == "text") printf "Edm.String\" MaxLength=\"%d\"", (pick(8) ? 1 + pick(4) : 30) > left
    else if (kind == "number") { p = 1 + pick(4); s = pick(p + 1); printf "Edm.Decimal\" Precision=\"%d\" Scale=\"%d\"", p, s > left }
    else if (kind == "date") printf "Edm.DateTime\" sap:display-format=\"Date\" Precision=\"0\"" > left
    else if (kind == "moment") printf "Edm.DateTimeOffset\" Precision=\"7\"" > left
    else if (kind == "bool") printf "Edm.Boolean\"" > left
    else printf "Edm.Guid\"" > left
    print "/>" > left
}

function right_type(i,   n) {
    n = (pick(8) ? 1 + pick(4) : 30)
    printf "%s\n    \"R%d\": ",  ",", i > right
    if (long) printf "{\"type\": \"string\", \"maxLength\": 30}" > right
    else if (kind == "text" && pick(4) == 0)
        printf "{\"type\": \"string\", \"pattern\": \"^[0-9]{%d}$\"}", (1 + pick(4)) > right
    else if (kind == "text" && pick(8) == 0)
        printf "{\"type\": \"string\", \"enum\": [\"A\", \"a\", \" A\", \"07\", \"7\"]}" > right
    else if (kind == "text") printf "{\"type\": \"string\", \"maxLength\": %d}", n > right
    else if (kind == "number" && pick(2))
        printf "{\"type\": \"integer\", \"minimum\": %d, \"maximum\": %d}", one_of("-10 0 1"), one_of("1 9 12 99") > right
    else if (kind == "number") printf "{\"type\": \"number\"}" > right
    else if (kind == "date") printf "{\"type\": \"string\", \"format\": \"date\"}" > right
    else if (kind == "moment") printf "{\"type\": \"string\", \"format\": \"date-time\"}" > right
    else if (kind == "bool") printf "{\"type\": \"boolean\"}" > right
    else printf "{\"type\": \"string\", \"format\": \"uuid\"}" > right
}

BEGIN {
    srand(seed)
    left = dir "/left.edmx"; right = dir "/right.json"; rules = dir "/rules"; converts = dir "/converts"
    OWN = 12
    for (i = 1; i <= OWN; i++) own("own" i)
    print "convert before text <-> text {\n  -> \"A\" + value\n  <- if starts_with(value, \"A\") then substring(value, 2) else value\n}" > converts
    print "<edmx:Edmx xmlns:edmx=\"http://schemas.microsoft.com/ado/2007/06/edmx\" Version=\"1.0\"><edmx:DataServices><Schema xmlns=\"http://schemas.microsoft.com/ado/2008/09/edm\" xmlns:sap=\"http://www.sap.com/Protocols/SAPData\" Namespace=\"t\"><EntityType Name=\"Thing\"><Key><PropertyRef Name=\"ID\"/></Key><Property Name=\"ID\" Type=\"Edm.String\" Nullable=\"true\" MaxLength=\"3\"/>" > left
    print "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"Part\", \"type\": \"object\", \"properties\": {\n    \"ID\": {\"type\": \"string\", \"maxLength\": 3}" > right
    for (i = 1; i <= count; i++) {
        kind = pick(3) ? "text" : one_of("number date moment bool guid")
        left_type(i)
        chain = ""
        long = kind == "text" && pick(12) == 0
        if (long) chain = "  : max(3), before"
        for (n = (long ? 0 : kind == "text" ? pick(4) : pick(3)); n > 0; n--) {
            step()
            chain = chain (chain == "" ? "  : " : ", ") conv
        }
        right_type(i)
        keeps = ""
        if (pick(5) == 0) keeps = "  remember" one_of(",,  else keep,  else \"A\"", ",")
        print "  l.L" i "  " (pick(9) ? "<->" : "<~>") "  r.R" i chain keeps > rules
    }
    print "</EntityType><EntityContainer Name=\"c\"><EntitySet Name=\"ThingCollection\" EntityType=\"t.Thing\"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>" > left
    print "\n}}" > right
}
