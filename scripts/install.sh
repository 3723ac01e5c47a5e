#!/usr/bin/env bash
# Builds for release and installs: install.sh PREFIX [DESTDIR]. What is built needs Debian's libraries and no Swift.
#
# PROGRAM=FILE takes a program that is built already; with WITHOUT_MANUAL=1 neither manual pages nor completions are made.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly prefix=${1%/} root=${2:-}
readonly share=$root$prefix/share

fail() {
    printf 'install: %s\n' "$@" >&2
    exit 1
}

# Before anything is built. It stands in the units, where blanks, quotes and % mean something.
[[ $prefix =~ ^(/[A-Za-z0-9_.+-]+)+$ ]] ||
    fail "PREFIX is an absolute path of letters, digits and _.+-, such as /usr/local, and not '$1'"
# Whatever the umask of whoever runs this.
umask 022

program=${PROGRAM:-$(scripts/release.sh)}

# files MODE DIRECTORY FILE...
files() {
    local mode=$1 directory=$2
    shift 2
    install -d "$directory"
    install -m "$mode" "$@" "$directory"
}

if ldd "$program" | grep -E 'libswift|libFoundation|libdispatch|not found' >&2; then
    fail 'the program needs libraries that are not in Debian'
fi
install -d "$root$prefix/bin"
install -m 755 -s "$program" "$root$prefix/bin/msnp-gateway"

# Where the program looks for it, beside its own directory.
while IFS= read -r -d '' file; do
    install -D -m 644 "web-static/$file" "$share/msnp-gateway/web/$file"
done < <(cd web-static && find . -type f -print0)

# Which commit this is, for --version: a file, so that no build differs from another by it.
commit=$(scripts/source.sh commit)
if [[ -n $commit ]]; then
    echo "$commit" >"$share/msnp-gateway/commit"
    chmod 644 "$share/msnp-gateway/commit"
else
    rm -f "$share/msnp-gateway/commit"
fi

files 644 "$share/doc/msnp-gateway" README.md CHANGELOG.md LICENSE packaging/gateway.yaml
# As in the sources, so that the pages find each other.
files 644 "$share/doc/msnp-gateway/docs" docs/*.md docs/*.svg docs/*-bot.*
files 644 "$share/doc/msnp-gateway/docs/images" docs/images/*
for unit in msnp-gateway.service msnp-gateway.socket; do
    sed "s|/usr/bin/|$prefix/bin/|g; s|/usr/share/|$prefix/share/|g" "packaging/$unit" |
        install -D -m 644 /dev/stdin "$root$prefix/lib/systemd/system/$unit"
done

# Made by the program itself; pages and completions, where man and each shell look for them. Nobody reads them in an image.
if [[ -z ${WITHOUT_MANUAL:-} ]]; then
    PROGRAM=$program scripts/share.sh >&2
    files 644 "$share/man/man1" .build/share/man/man1/*
    files 644 "$share/bash-completion/completions" .build/share/completions/bash/*
    # Where zsh looks for those of packages, and of what is installed by hand.
    zsh=zsh/site-functions
    if [[ $prefix == /usr ]]; then zsh=zsh/vendor-completions; fi
    files 644 "$share/$zsh" .build/share/completions/zsh/*
    files 644 "$share/fish/vendor_completions.d" .build/share/completions/fish/*
fi
