#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Where metadata of real systems is, for the tests and benchmarks that use it
# when it is at hand: a folder `samples` in a folder beside this one. Prints
# its name, or `samples` where there is none.
cd "$(dirname "$0")/.." || exit 1
for dir in ../*/samples; do
    if [ -d "$dir/sap" ]; then
        echo "$dir"
        exit 0
    fi
done
echo samples
