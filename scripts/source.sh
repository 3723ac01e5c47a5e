#!/usr/bin/env bash
# Says what is checked out here, for whoever makes a package of it:
#
#     source.sh commit     its commit, with -modified behind it where files differ from that; nothing where nobody knows it, as in an
#                          archive without history, and below somebody else's repository
#     source.sh date       when that was made, in seconds since 1970; without history, when the changelog was
#     source.sh version    the program's version where the commit has its tag. Other commits come before that one, in their order:
#                          0.1.0~123.0123abcdef, and 0.1.0~0 without history. +modified says that files differ.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf 'source: %s\n' "$@" >&2
    exit 1
}

# Whether this is the top of a repository that has a commit, and git wants to look at it.
has_history() { [[ -z $(git rev-parse --show-prefix 2>&1) ]] && git rev-parse --quiet --verify HEAD >/dev/null; }

is_modified() { [[ -n $(git status --porcelain) ]]; }

commit() {
    if ! has_history; then return; fi
    local name
    name=$(git rev-parse HEAD)
    if is_modified; then name+=-modified; fi
    echo "$name"
}

date_() {
    if has_history; then git log -1 --format=%ct; else stat -c %Y CHANGELOG.md; fi
}

version() {
    local version
    version=$(sed -n 's/.*static let currentVersion = "\(.*\)"/\1/p' Sources/Gateway/Configuration/GatewayConfiguration.swift)
    [[ -n $version ]] || fail 'the sources do not say which version they are'
    if ! has_history; then
        # Says why git does not look at what is there, such as that it belongs to somebody else.
        if [[ -e .git ]]; then git rev-parse --verify HEAD >/dev/null || true; fi
        echo "$version~0"
        return
    fi
    local tags
    tags=$'\n'$(git tag --points-at HEAD)$'\n'
    if [[ $tags != *$'\n'"v$version"$'\n'* ]]; then
        version+="~$(git rev-list --count HEAD).$(git rev-parse --short=10 HEAD)"
    fi
    if is_modified; then version+=+modified; fi
    echo "$version"
}

case ${1:-} in
    commit) commit ;;
    date) date_ ;;
    version) version ;;
    *) fail 'say commit, date or version' ;;
esac
