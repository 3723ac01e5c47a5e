#!/usr/bin/env bash
# Checks for what a build needs and installs the Debian packages that are missing; `setup.sh test` does the same for
# what only `make test` needs besides, `setup.sh package` for `make deb`, `setup.sh recording` for `make recording`.
# Touches neither network nor package manager when nothing is missing.
set -euo pipefail

# The oldest compiler that builds the package, as "major minor".
readonly swift_major=6 swift_minor=3

# One line for each package: its name, then how to know that it is there:
# "library" (a pkg-config module), "command" (a program on PATH), "python" (a module of python3) or "file" and its name.
readonly packages='
pkg-config           command  pkg-config
libmicrohttpd-dev    library  libmicrohttpd
libssl-dev           library  libcrypto
libyaml-dev          library  yaml-0.1
libsqlite3-dev       library  sqlite3
libcurl4-openssl-dev library  libcurl
curl                 command  curl
python3              command  python3
python3-venv         python   ensurepip
'

# Only tests have use for browsers, which the dashboard's drive, for proxies in front of the gateway and its certificates, for
# what the bot in bash needs, and for the PHP of a webhook's receiver: some 3 MB to fetch and 16 MB of disk. Node would be 50 MB
# and is used where it is there.
readonly test_packages='
chromium             command  chromium
firefox-esr          command  firefox-esr
nginx-light          command  nginx
caddy                command  caddy
systemd              command  systemd-analyze
jq                   command  jq
openssl              command  openssl
php-cli              command  php
'

readonly package_packages='
dpkg-dev             command  dpkg-shlibdeps
binutils             command  strip
'

# The page in motion looks better with emoji.
readonly recording_packages='
chromium               command  chromium
fonts-noto-color-emoji file     /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
'

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

check_swift() {
    command -v swift >/dev/null ||
        fail "Swift is not on PATH; install $swift_major.$swift_minor or later: https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null </dev/null)
    if [[ ! $version =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        fail "can't tell the version of $(command -v swift)"
    fi
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    if ((major < swift_major || (major == swift_major && minor < swift_minor))); then
        fail "Swift $major.$minor is too old; install $swift_major.$swift_minor or later: https://www.swift.org/install/linux/"
    fi
}

is_there() {
    local kind=$1 name=$2
    case $kind in
        # Servers are in a directory that is not on everybody's PATH.
        command) PATH=$PATH:/usr/sbin command -v "$name" >/dev/null ;;
        library) command -v pkg-config >/dev/null && pkg-config --exists "$name" ;;
        file) [[ -e $name ]] ;;
        python) command -v python3 >/dev/null && python3 -c "import $name" 2>/dev/null ;;
        *) fail "no way to check for a $kind" ;;
    esac
}

# Prints the packages that are missing, one on each line.
missing_packages() {
    local package kind name
    while read -r package kind name; do
        if [[ -n $package ]] && ! is_there "$kind" "$name"; then
            echo "$package"
        fi
    done <<<"$wanted"
}

install() {
    command -v apt-get >/dev/null ||
        fail "missing, and there is no apt-get here; install what your system calls these: $*"
    local as_root=()
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            fail 'missing packages; run this as root, then try again:' \
                "    apt-get update && apt-get install --yes --no-install-recommends $*"
        fi
        as_root=(sudo -n)
    fi
    echo "setup: installing $*"
    "${as_root[@]}" apt-get update -qq </dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --quiet --no-install-recommends "$@" </dev/null
}

wanted=$packages
case ${1:-} in
    '') ;;
    test) wanted+=$test_packages ;;
    package) wanted+=$package_packages ;;
    recording) wanted+=$recording_packages ;;
    *) fail "there is no set-up for '$1'" ;;
esac
readonly wanted

check_swift
mapfile -t missing < <(missing_packages)
if ((${#missing[@]} > 0)); then
    install "${missing[@]}"
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} > 0)); then
        fail "installed, but still not to be found: ${missing[*]}"
    fi
fi
echo 'setup: everything is there'
