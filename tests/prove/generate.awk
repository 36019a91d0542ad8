# SPDX-License-Identifier: Apache-2.0
# Small two-way rules by the hundred, each with fields of its own: random types
# at both ends and random conversions between them that fit by kind.
#   awk -v seed=1 -v count=300 -v dir=DIR -f generate.awk
# writes DIR/left.edmx, DIR/right.json and DIR/rules, a rule a line. Not every
# rule compiles: lengths and scales are left to chance.

function pick(n) { return int(rand() * n) }
function one_of(list,   parts, n) { n = split(list, parts, " "); return parts[1 + pick(n)] }

# One conversion from `kind`: sets conv and kind.
function step(   which, n) {
    n = 1 + pick(4)
    if (kind == "text") {
        which = pick(20)
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
    if (kind == "text" && pick(4) == 0)
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
    left = dir "/left.edmx"; right = dir "/right.json"; rules = dir "/rules"
    print "<edmx:Edmx xmlns:edmx=\"http://schemas.microsoft.com/ado/2007/06/edmx\" Version=\"1.0\"><edmx:DataServices><Schema xmlns=\"http://schemas.microsoft.com/ado/2008/09/edm\" xmlns:sap=\"http://www.sap.com/Protocols/SAPData\" Namespace=\"t\"><EntityType Name=\"Thing\"><Key><PropertyRef Name=\"ID\"/></Key><Property Name=\"ID\" Type=\"Edm.String\" Nullable=\"true\" MaxLength=\"3\"/>" > left
    print "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"Part\", \"type\": \"object\", \"properties\": {\n    \"ID\": {\"type\": \"string\", \"maxLength\": 3}" > right
    for (i = 1; i <= count; i++) {
        kind = pick(3) ? "text" : one_of("number date moment bool guid")
        left_type(i)
        chain = ""
        for (n = (kind == "text" ? pick(4) : pick(3)); n > 0; n--) {
            step()
            chain = chain (chain == "" ? "  : " : ", ") conv
        }
        right_type(i)
        print "  l.L" i "  <->  r.R" i chain > rules
    }
    print "</EntityType><EntityContainer Name=\"c\"><EntitySet Name=\"ThingCollection\" EntityType=\"t.Thing\"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>" > left
    print "\n}}" > right
}
