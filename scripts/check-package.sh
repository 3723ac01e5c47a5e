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
for script in scripts/install.sh scripts/make-deb.sh scripts/deb-check.sh packaging/debian/try.sh; do bash -n "$script"; done
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
