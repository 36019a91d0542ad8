#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ERP as a folder: its files are messages, what goes to it becomes files.

begin folders "$root/mappings/standard.map" --seed cloud.CorporateAccount=3
MAPC_SYSTEMS_ERP_KIND=files MAPC_SYSTEMS_ERP_FOLDER=erp
export MAPC_SYSTEMS_ERP_KIND MAPC_SYSTEMS_ERP_FOLDER
p load --quiet 0
ends "folders: no folder" 2 "systems.erp: " "No such file"
mkdir "$dir/erp"
p load --quiet 0
ends "folders: load" 0 "created 3"
same "folders: a file each" 3 "$(ls "$dir/erp/out" | wc -l | tr -d ' ')"

# A message from later than what was written: the newer value wins.
sleep 2
day=$(date -u +%Y%m%d) hour=$(date -u +%H%M%S)
sed -e "s/<CREDAT>[0-9]*/<CREDAT>$day/; s/<CRETIM>[0-9]*/<CRETIM>$hour/" \
    -e "s/<SERIAL>[0-9]*/<SERIAL>$day$hour/" \
    -e 's/<MSGFN>005/<MSGFN>004/' -e 's|<ORT01>[^<]*|<ORT01>Ordnerdorf|' \
    -e 's/<DOCNUM>[0-9]*/<DOCNUM>0000000000990001/' \
    "$(ls "$dir"/erp/out/* | head -n 1)" > "$dir/erp/in/one.xml"
printf 'no document\n' > "$dir/erp/in/two.xml"
mkdir "$dir/erp/in/folder"
mkfifo "$dir/erp/in/pipe"
# The made-up contacts have no last name and are parked.
p once
ends "folders: a file goes over, another one can't be read" 3 \
    "Account          cloud       updated 1" \
    "1 of the files could not be read, at last erp: two.xml: no map takes"
p once
ends "folders: what is none is left alone" 0
ask_for cloud 'records?object=CorporateAccount'
expect "folders: it is there" 200 '"City":"Ordnerdorf"'
[ -e "$dir/erp/done/one.xml" ] && ok "folders: done" ||
    bad "folders: done" "$(ls "$dir"/erp/*)"
[ -e "$dir/erp/bad/two.xml" ] && ok "folders: bad" ||
    bad "folders: bad" "$(ls "$dir"/erp/*)"
unset MAPC_SYSTEMS_ERP_KIND MAPC_SYSTEMS_ERP_FOLDER
stop $box
