#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes sure that what the build and the tests need is there: on Debian with the
# right to install, installs what is missing; elsewhere names it and stops.
#   tools/need.sh build|check|bench
set -eu

build="gcc make flex bison pkg-config libxml2-dev libjansson-dev libpcre2-dev"
build="$build libmicrohttpd-dev libsqlite3-dev libcurl4-openssl-dev"
build="$build libsodium-dev libgnutls28-dev curl"
check="$build tzdata clang clang-format"
bench="$check g++ libsimdjson-dev"
case "${1:-build}" in
build) wanted=$build ;;
check) wanted=$check ;;
bench) wanted=$bench ;;
*) echo "usage: tools/need.sh build|check|bench" >&2; exit 2 ;;
esac

# Without dpkg there is no way to ask by package; look for what they bring.
if ! command -v dpkg-query >/dev/null 2>&1; then
    missing=
    for tool in cc flex bison pkg-config; do
        command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
    done
    for lib in libxml-2.0 jansson libpcre2-8 libmicrohttpd sqlite3 libcurl \
        libsodium gnutls; do
        pkg-config --exists "$lib" 2>/dev/null || missing="$missing $lib"
    done
    [ -z "$missing" ] && exit 0
    echo "Missing on this system:$missing" >&2
    echo "Debian's names of all that is needed: $wanted" >&2
    exit 1
fi

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo=sudo
else
    echo "Missing packages:$missing" >&2
    echo "Install them, as root:  apt-get install$missing" >&2
    exit 1
fi
echo "Installing:$missing" >&2
install() {
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q \
        --no-install-recommends $missing >"$log" 2>&1
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install; then
    # The package lists may be missing or old.
    $sudo apt-get update -q >>"$log" 2>&1 || true
    if ! install; then
        tail -n 20 "$log" >&2
        echo "Could not install:$missing" >&2
        exit 1
    fi
fi
