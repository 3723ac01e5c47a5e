#!/usr/bin/env bash
# Writes the manual's pages and the shells' completions into .build/share, for whoever packages the program:
# man/man1/*.1, completions/bash/msnp-gateway, completions/zsh/_msnp-gateway, completions/fish/msnp-gateway.fish.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly share=.build/share
readonly pages=.build/plugins/GenerateManual/outputs/GatewayCommand

swift build -c release --product msnp-gateway
program=$(swift build -c release --show-bin-path)/msnp-gateway
# The same pages from the same commit, whenever that is built.
day=$(git log -1 --format=%cs 2>/dev/null || date +%F)
rm -rf "$pages" "$share"
swift package generate-manual --multi-page --date "$day"

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
"$program" --generate-completion-script bash >"$share/completions/bash/msnp-gateway"
"$program" --generate-completion-script zsh >"$share/completions/zsh/_msnp-gateway"
"$program" --generate-completion-script fish >"$share/completions/fish/msnp-gateway.fish"
echo "$share: $(find "$share" -type f | wc -l) files"
