#!/usr/bin/env bash
# Writes the manual's pages and the shells' completions into .build/share, for whoever packages the program:
# man/man1/*.1, completions/bash/msnp-gateway, completions/zsh/_msnp-gateway, completions/fish/msnp-gateway.fish.
#
# PROGRAM=FILE takes a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly share=.build/share

program=${PROGRAM:-$(scripts/release.sh)}
# The tool of the argument parser's plug-in, which would build the program once more, for debugging.
manual=$(scripts/release.sh generate-manual)
# The same pages from the same commit, whenever that is built.
day=$(date --utc --date="@$(scripts/source.sh date)" +%F)
pages=$(mktemp -d)
readonly pages
trap 'rm -rf "$pages"' EXIT
rm -rf "$share"
"$manual" "$program" --multi-page --date "$day" --output-directory "$pages"

mkdir -p "$share"/man/man1 "$share"/completions/{bash,zsh,fish}
for page in "$pages"/*.1; do
    name=$(basename "$page" .1)
    # What 'help' does is said on each page.
    [[ $name == *.help ]] && continue
    # Pages of commands are called msnp-gateway-keys-add, and the commands msnp-gateway keys add.
    sed -E '/^\.(Dt|Xr) /s/\.([A-Za-z])/-\1/2g' "$page" | awk '
        /^\.Nm "/ { command = $0; gsub(/ /, "-"); sub(/-/, " "); gsub(/"/, "") }
        /^\.Nm$/ && command { $0 = command }
        { print }' | sed 's/^$/.Pp/' >"$share/man/man1/${name//./-}.1"
done
# It is read by a shell that runs, and is no program.
"$program" --generate-completion-script bash | sed '1{/^#!/d}' >"$share/completions/bash/msnp-gateway"
"$program" --generate-completion-script zsh >"$share/completions/zsh/_msnp-gateway"
"$program" --generate-completion-script fish >"$share/completions/fish/msnp-gateway.fish"
echo "$share: $(find "$share" -type f | wc -l) files" >&2
