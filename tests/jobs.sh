#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# map --jobs: whatever the stream, and wherever it is cut, what comes out is
# what one job gives: results, messages with their numbers and places, exit
# code. MAPC names the compiler.
set -u
cd "$(dirname "$0")/.." || exit 2
root=$(pwd)
mapc=${MAPC:-build/release/mapc}
case $mapc in /*) ;; *) mapc=$root/$mapc ;; esac
MAPC_HOME=${MAPC_HOME:-$root}
export MAPC_HOME
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
failed=0
"$mapc" build -o "$tmp/thing" tests/lang/thing/case.map || exit 2
"$mapc" build -o "$tmp/order" tests/lang/order/case.map || exit 2
cd "$tmp" || exit 2

# json FORM COUNT: documents as FORM says, each of some 400 bytes
json() {
    awk -v form="$1" -v count="$2" '
    function thing(i,  pad, lines, kind) {
        pad = substr("Stra\303\237e und Hausnummer/Ort/Land/Kommentar", 1,
                     10 + i * 7 % 30)
        kind = form == "held" && i % 3 == 0 ? "x" : "a"
        if (form == "strings")
            pad = "}\\n{\\\"id\\\":\\\"1\\\"},{\"" ",\"more\":[{\"id\":\"7\"," \
                  "\"kind\":\"b\"},{\"id\":\"8\"}],\"end\":\""
        lines = "{\"no\":1,\"text\":\"a<b&c\",\"qty\":1.25},{\"no\":" i "}"
        return "{\"id\":\"" i "\",\"kind\":\"" kind "\",\"price\":{\"amount\":" \
               i % 977 ".5,\"currency\":\"EUR\"},\"extra\":\"" pad \
               "\",\"lines\":[" lines "]}"
    }
    function broken(text, i) {
        if (i % 4 == 0) return substr(text, 1, i % length(text))
        if (i % 4 == 1) return text "}"
        if (i % 4 == 2) return "\377" text
        return substr(text, 1, 40) "\"" substr(text, 41)
    }
    BEGIN {
        list = form ~ /list/
        if (list) printf "["
        for (i = 1; i <= count; i++) {
            text = thing(i)
            if (form ~ /broken/ && i % 397 == 5) text = broken(text, i)
            if (form == "large" && i % 5000 == 4999) {
                long = "0123456789abcdef"
                while (length(long) < 1500000) long = long long
                text = "{\"skip\":\"" long "\"," substr(text, 2)
            }
            if (form == "pretty")
                gsub(/,"/, ",\n    \"", text)
            if (form == "mixed" && i == int(count / 2)) { printf "["; list = 1 }
            printf "%s", text
            if (i < count) printf "%s", form == "onelist" ? "," : list ? ",\n " : "\n"
        }
        if (list) printf "]"
        if (form != "cut") print ""
        else printf "\n{\"id\":\"5"
    }' </dev/null
}

# xml FORM COUNT: documents of the right side
xml() {
    awk -v form="$1" -v count="$2" '
    BEGIN {
        for (i = 1; i <= count; i++) {
            head = "<o:Order xmlns:o=\"urn:muster:order\" kind=\"" i % 2 + 1 "\">"
            line = "<o:Line><o:No>" i "</o:No><o:Text>a &amp; b</o:Text></o:Line>"
            if (form == "lookalike" && i % 5 == 0)
                line = line "<!-- </o:Order>\n" head " --><x><![CDATA[</o:Order>\n" \
                       head "]]></x>"
            text = head "\n <o:Number>" i "</o:Number>" line \
                   "<o:Price currency=\"EUR\">12.50</o:Price></o:Order>"
            if (form == "prefixes" && i > count / 2) {
                gsub(/o:/, "p:", text)
                sub(/xmlns:o/, "xmlns:p", text)
            }
            if (form == "broken" && i % 397 == 5)
                text = substr(text, 1, i % length(text)) (i % 2 ? "<" : "\377")
            if (form == "declared")
                text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" text
            if (form == "latin")
                text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n" text
            print text
        }
        if (form == "cut") printf "<o:Order xmlns:o=\"urn:mu"
    }' </dev/null
}

# idocs FORM COUNT: many in one document element, or in one each
idocs() {
    awk -v form="$1" -v count="$2" '
    BEGIN {
        if (form != "each") printf "<?xml version=\"1.0\"?>\n<PARTNER1>"
        for (i = 1; i <= count; i++) {
            text = "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><MESTYP>M</MESTYP>" \
                   "<DOCNUM>" i "</DOCNUM></EDI_DC40><E1HEAD SEGMENT=\"1\">" \
                   "<KUNNR>" i "</KUNNR><LAND1>DE</LAND1><REGIO>09</REGIO>" \
                   "<NAME1>Muster &amp; Co</NAME1></E1HEAD></IDOC>"
            if (form == "broken" && i == int(count / 2))
                text = substr(text, 1, 150) "<" substr(text, 151)
            if (form == "each") text = "<PARTNER1>" text "</PARTNER1>"
            print text
        }
        if (form != "each") print "</PARTNER1>"
    }' </dev/null
}

# alike NAME CODE SIDE OPTIONS…: of the file `in`, from a file and from a pipe
alike() {
    name=$1 code=$2 side=$3 program="./thing map Thing"
    [ "$side" = erp ] && program="./order map Partner"
    shift 3
    $program --from "$side" "$@" in >out1 2>err1
    got=$?
    bad=
    [ $got -eq "$code" ] || bad="exit code $got"
    [ -s out1 ] || bad="nothing came out"
    for n in 2 3 8; do
        $program --from "$side" --jobs $n "$@" in >out2 2>err2
        [ $? -eq $got ] || bad="another exit code with $n jobs"
        cmp -s out1 out2 || bad="other results with $n jobs"
        cmp -s err1 err2 || bad="other messages with $n jobs"
        # shellcheck disable=SC2002
        cat in | $program --from "$side" --jobs $n "$@" >out2 2>err2
        { cmp -s out1 out2 && cmp -s err1 err2; } ||
            bad="other results from a pipe with $n jobs"
    done
    if [ -z "$bad" ]; then
        echo "ok $name"
    else
        echo "FAIL $name: $bad"
        failed=1
    fi
}

for form in lines list onelist pretty strings mixed large; do
    json $form 12000 >in
    alike "JSON, $form" 0 left
done
json held 9000 >in
alike "JSON, values that are held" 1 left
alike "JSON, indented" 1 left --pretty
alike "JSON, traced" 1 left --trace right.kind
for form in broken cut; do
    json $form 9000 >in
    alike "JSON, $form" 3 left
done
json brokenlist 9000 >in
alike "JSON, a broken list" 3 left
json large 9000 >in
alike "JSON, too large" 3 left --limit 300000
for form in documents lookalike prefixes declared latin; do
    xml $form 14000 >in
    alike "XML, $form" 0 right
done
for form in broken cut; do
    xml $form 14000 >in
    alike "XML, $form" 3 right
done

for form in one each; do
    idocs $form 14000 >in
    alike "IDocs, $form" 0 erp
done
idocs broken 14000 >in
alike "IDocs, a broken one" 3 erp

json lines 12000 >in
if ./thing map Thing --from left --jobs 2 in >/dev/full 2>err2; [ $? -eq 4 ] &&
    [ "$(grep -c 'can not be written' err2)" -eq 1 ]; then
    echo "ok output that is full"
else
    echo "FAIL output that is full: $(head -c 300 err2)"
    failed=1
fi

# ends NAME TAKEN OPTIONS…: nobody takes more than TAKEN bytes of what comes out
# of `in`, behind which the input, a pipe, falls silent without an end
mkfifo pipe || exit 2
ends() {
    name=$1 taken=$2
    shift 2
    exec 9<>pipe
    cat in >pipe 9>&- &
    {
        timeout 20 ./thing map Thing --from left "$@" <pipe 2>err2 9>&-
        echo $? >code
    } | head -c "$taken" >/dev/null
    exec 9>&-
    wait
    if [ "$(cat code)" -eq 4 ] && [ "$(grep -c 'can not be written' err2)" -eq 1 ]
    then
        echo "ok $name"
    else
        echo "FAIL $name: exit code $(cat code), $(head -c 300 err2)"
        failed=1
    fi
}
./thing map Thing --from left in >out1
size=$(wc -c <out1)
for n in 1 2 3; do
    for tenths in 2 8; do
        ends "output that ends, silent input, $n jobs, $tenths tenths" \
            $((size * tenths / 10)) --jobs $n
    done
done
json lines 1 >in
ends "output that ends in front of the first document" 0
exit $failed
