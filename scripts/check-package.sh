#!/usr/bin/env bash
# What of the package can be looked at without building it: the sample is what the page says, units are what systemd understands and as
# closed as they are said to be, scripts are sound. `make check-deb` builds and tries the package itself.
set -euo pipefail
cd "$(dirname "$0")/.."

# At most this, of 10 (systemd-analyze(1), security).
readonly most_exposed=2.0

fail() {
    printf 'check-package: %s\n' "$@" >&2
    exit 1
}

scripts/sample-config.py --check
for script in scripts/{install,make-deb,deb-check,share,source,record-page}.sh packaging/debian/try.sh; do bash -n "$script"; done
for script in packaging/debian/{postinst,prerm,postrm}; do sh -n "$script"; done

# In a tree of their own, with a program that is there.
scratch=$(mktemp -d)
readonly scratch
trap 'rm -rf "$scratch"' EXIT
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
sed "s|/usr/bin/msnp-gateway|$bin/msnp-gateway|" packaging/msnp-gateway.service >"$scratch/msnp-gateway.service"
cp packaging/msnp-gateway.socket "$scratch/"
said=$(systemd-analyze verify --man=no "$scratch/msnp-gateway.socket" "$scratch/msnp-gateway.service" 2>&1 |
    grep -F msnp-gateway || true)
[[ -z $said ]] || fail "$said"

exposed=$(systemd-analyze security --offline=true packaging/msnp-gateway.service | sed -n 's/.*: \([0-9.]*\) .*/\1/p' | tail -1)
awk -v score="$exposed" -v most="$most_exposed" 'BEGIN { exit !(score > 0 && score <= most) }' ||
    fail "systemd-analyze security gives the service $exposed; at most $most_exposed is wanted"
echo "check-package: the service's exposure is $exposed"

# What is checked out, in each kind of folder: an archive, somebody else's repository, a commit, changed files, a version.
tree="$scratch/a folder/sources"
mkdir -p "$tree/scripts" "$tree/Sources/Gateway/Configuration"
cp scripts/source.sh "$tree/scripts/"
cp Sources/Gateway/Configuration/GatewayConfiguration.swift "$tree/Sources/Gateway/Configuration/"
cp CHANGELOG.md "$tree/"
touch --date=@1000000000 "$tree/CHANGELOG.md"
in_git() { git -c user.name=somebody -c user.email=somebody@example.com -C "$@" >/dev/null 2>&1; }
# says WORD PATTERN: an extended regular expression of all that it says.
says() {
    local said
    said=$("$tree/scripts/source.sh" "$1" 2>/dev/null)
    [[ $said =~ ^($2)$ ]] || fail "source.sh $1 says '$said' and not '$2'"
    last=$said
}
number='[0-9]+\.[0-9]+\.[0-9]+'
says version "$number~0"
oldest=$last
says commit ''
says date 1000000000
in_git "$scratch/a folder" init
in_git "$scratch/a folder" add .
in_git "$scratch/a folder" commit -m 'Somebody else'
says version "$number~0"
says commit ''
in_git "$tree" init
says version "$number~0"
in_git "$tree" add .
in_git "$tree" commit -m 'Ours'
says version "$number~1\.[0-9a-f]{10}"
ordered=("$oldest" "$last")
says commit '[0-9a-f]{40}'
touch "$tree/Sources/new.swift"
says version "$number~1\.[0-9a-f]{10}\+modified"
ordered+=("$last")
says commit '[0-9a-f]{40}-modified'
rm "$tree/Sources/new.swift"
in_git "$tree" tag another
in_git "$tree" tag "v${oldest%"~0"}"
says version "$number"
ordered+=("$last")
for ((index = 1; index < ${#ordered[@]}; index++)); do
    dpkg --compare-versions "${ordered[index - 1]}" lt "${ordered[index]}" ||
        fail "${ordered[index - 1]} does not come before ${ordered[index]}"
done
echo "check-package: ${ordered[*]}"

# Installed from any umask behind any DESTDIR, and with a PREFIX that units can have in them. What is installed here is no gateway.
export PROGRAM=/bin/true WITHOUT_MANUAL=1
stage="$scratch/a stage & \$HOME"
(umask 077 && scripts/install.sh /opt/gateway "$stage")
for file in bin/msnp-gateway share/msnp-gateway/web/index.html share/doc/msnp-gateway/docs/webhook-bot.py; do
    [[ -e $stage/opt/gateway/$file ]] || fail "there is no $file"
done
closed=$(find "$stage" -mindepth 1 ! -perm -u=r,g=r,o=r)
[[ -z $closed ]] || fail "others can't read $closed"
units=("$stage"/opt/gateway/lib/systemd/system/*)
((${#units[@]} == 2)) || fail "these are not the units: ${units[*]}"
if grep -n '/usr/share\|/usr/bin' "${units[@]}"; then fail 'a unit names what is somewhere else'; fi
grep -q '^ExecStart=/opt/gateway/bin/msnp-gateway serve ' "$stage/opt/gateway/lib/systemd/system/msnp-gateway.service" ||
    fail 'the unit does not start what was installed'
for prefix in '' / relative '/with blanks' /with%specifier '/with"quotes' '/with&and' '/with\backslash' /with\$dollar; do
    if said=$(scripts/install.sh "$prefix" "$scratch/nowhere" 2>&1); then fail "PREFIX may be '$prefix'"; fi
    [[ $said == 'install: PREFIX '* ]] || fail "of the PREFIX '$prefix' it says $said"
done
[[ ! -e $scratch/nowhere ]] || fail 'something was installed below a PREFIX that is none'
