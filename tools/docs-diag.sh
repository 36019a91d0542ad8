#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the page with its list of findings made anew from `mapc explain`. The
# list stands between the lines <!-- findings --> and <!-- end of findings -->.
#   tools/docs-diag.sh MAPC PAGE >NEW
set -eu
mapc=$1
page=$2

findings() {
    "$mapc" explain --list | while read -r code severity title; do
        echo
        if [ "$severity" = error ]; then
            echo "### $code: $title"
        else
            echo "### $code: $title ($severity)"
        fi
        echo
        # Examples are indented, which makes code of them with four blanks.
        "$mapc" explain "$code" | sed '1,2d; s/^ /   /; s/[ ]*$//'
    done
    echo
}

sed '/^<!-- findings -->$/q' "$page"
findings
sed -n '/^<!-- end of findings -->$/,$p' "$page"
