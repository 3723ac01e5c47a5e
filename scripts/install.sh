#!/usr/bin/env bash
# Builds for release and installs: install.sh PREFIX [DESTDIR]. What is built needs Debian's libraries and no Swift.
#
# PROGRAM=FILE takes a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly prefix=$1 root=${2:-}
readonly share=$root$prefix/share
# A build of its own, beside the one for the desk, which links the Swift library dynamically.
readonly build=(swift build -c release --static-swift-stdlib --scratch-path .build-package --product msnp-gateway)

fail() {
    printf 'install: %s\n' "$@" >&2
    exit 1
}

[[ $prefix == /* ]] || fail "PREFIX has to be an absolute path, and $prefix is none"

program=${PROGRAM:-}
if [[ -z $program ]]; then
    "${build[@]}"
    program=$("${build[@]}" --show-bin-path)/msnp-gateway
fi

# files MODE DIRECTORY FILE...
files() {
    local mode=$1 directory=$2
    shift 2
    install -d "$directory"
    install -m "$mode" "$@" "$directory"
}

install -d "$root$prefix/bin"
install -m 755 -s "$program" "$root$prefix/bin/msnp-gateway"
if ldd "$root$prefix/bin/msnp-gateway" | grep -E 'libswift|libFoundation|libdispatch|not found'; then
    fail 'the program needs libraries that are not in Debian'
fi

# Where the program looks for it, beside its own directory.
while IFS= read -r -d '' file; do
    install -D -m 644 "web-static/$file" "$share/msnp-gateway/web/$file"
done < <(cd web-static && find . -type f -print0)

# Which commit this is, for --version: a file, so that no build differs from another by it.
if commit=$(git rev-parse HEAD 2>/dev/null); then
    [[ -z $(git status --porcelain --untracked-files=no) ]] || commit+=-modified
    echo "$commit" >"$share/msnp-gateway/commit"
    chmod 644 "$share/msnp-gateway/commit"
fi

files 644 "$share/doc/msnp-gateway" README.md CHANGELOG.md LICENSE packaging/gateway.yaml
# As in the sources, so that the pages find each other.
files 644 "$share/doc/msnp-gateway/docs" docs/*.md docs/echo-bot.*
files 644 "$share/doc/msnp-gateway/docs/images" docs/images/*
sed "s|/usr/bin/|$prefix/bin/|; s|/usr/share/|$prefix/share/|" packaging/msnp-gateway.service |
    install -D -m 644 /dev/stdin "$root$prefix/lib/systemd/system/msnp-gateway.service"
install -D -m 644 packaging/msnp-gateway.socket "$root$prefix/lib/systemd/system/msnp-gateway.socket"

# Made by the program itself, where there is a rule for it.
if make -n share >/dev/null 2>&1; then make share >&2; fi

# What `make share` has made: manual pages, and completions where each shell looks for them.
shared() {
    local from=.build/share/$1 to=$share/$2
    if compgen -G "$from" >/dev/null; then
        # Unquoted, so that the pattern counts; it has no blanks.
        # shellcheck disable=SC2086
        files 644 "$to" $from
    fi
}
shared 'man/man1/*.1' man/man1
shared 'completions/bash/*' bash-completion/completions
shared 'completions/zsh/*' zsh/vendor-completions
shared 'completions/fish/*' fish/vendor_completions.d
