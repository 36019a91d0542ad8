#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# flow_answers.sh TABLE FOLDER: for each document of the table what the called
# system answers, FOLDER/NUMBER.xml: its header, and the steps that it is an end
# of. Lines "document" and "step" as in data/flow.txt.
awk -v folder="$2" '
function element(name, value) {
    return value == "" || value == "-" ? "" : "<" name ">" value "</" name ">"
}
function category(number) {
    if (number in kind)
        return kind[number]
    return number ~ /^008/ ? "J" : number ~ /^009/ ? "M" : "C"
}
$1 == "document" {
    order[++documents] = $2; kind[$2] = $3
    header[$2] = element("DOC_NUMBER", $2) element("DOC_DATE", $4) \
        element("SD_DOC_CAT", $3) element("NET_VAL_HD", $5) \
        element("CURRENCY", $6)
    state[$2] = element("SD_DOC", $2) element("PRC_STAT_H", $7)
}
$1 == "step" { step[++steps] = $0 }
END {
    for (i = 1; i <= documents; i++) {
        number = order[i]
        file = folder "/" number ".xml"
        print "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">" \
            "<e:Body><n:BAPI_QUOTATION_GETDETAILBOS.Response" \
            " xmlns:n=\"urn:sap-com:document:sap:rfc:functions\">" \
            "<QUOTATIONHEADER>" header[number] "</QUOTATIONHEADER>" \
            "<QUOTATIONFLOWS>" > file
        for (k = 1; k <= steps; k++) {
            split(step[k], s, " ")
            if (s[2] == number || s[4] == number || s[2] ~ /^008/)
                print "<item>" element("PRECSDDOC", s[2]) \
                    element("PREDITDOC", s[3]) element("SUBSSDDOC", s[4]) \
                    element("SUBSITDOC", s[5]) \
                    element("DOCCATEGOR", category(s[2])) \
                    element("REFERENVAL", s[6]) element("STATISCURR", "EUR") \
                    element("DOC_CAT_SD", category(s[4])) \
                    element("LEVELFLOWR", "00") "</item>" > file
        }
        print "</QUOTATIONFLOWS><QUOTATIONSTATUSHEADERS><item>" state[number] \
            "</item></QUOTATIONSTATUSHEADERS>" \
            "</n:BAPI_QUOTATION_GETDETAILBOS.Response></e:Body></e:Envelope>" > file
        close(file)
    }
}' "$1"
