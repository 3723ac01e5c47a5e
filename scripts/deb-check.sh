#!/usr/bin/env bash
# Makes the Debian package, and tries it in a root of its own that systemd boots: installed, started, reloaded, watched, upgraded with a
# session that comes back, removed, purged. As root; takes minutes and the network of Debian's packages, and so is no part of
# `make test`.
#
# PACKAGE=FILE takes a package that is made already.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly work=$PWD/.build-package
# As debootstrap has made it, and as it is tried, anew each time.
readonly fresh=$work/fresh root=$work/root

fail() {
    printf 'deb-check: %s\n' "$@" >&2
    exit 1
}

(($(id -u) == 0)) || fail 'this takes root'
missing=()
for pair in lintian:lintian debootstrap:debootstrap systemd-nspawn:systemd-container; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if ((${#missing[@]} > 0)); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
fi

package=${PACKAGE:-$(scripts/make-deb.sh)}
echo "== $(basename "$package"): $(du -h "$package" | cut -f 1)"

echo '== lintian'
# Errors and warnings; as root it wants to be told that this is meant.
lintian --allow-root --fail-on error,warning --display-level '>=warning' "$package"

if [[ ! -e $fresh/etc/debian_version ]]; then
    echo '== debootstrap'
    rm -rf "$fresh" "$work/half"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,curl,ca-certificates,procps \
        "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$work/half" \
        "$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)" >"$work/debootstrap.log"
    mv "$work/half" "$fresh"
fi
rm -rf "$root"
cp -a --reflink=auto "$fresh" "$root"

echo '== the package before this one, for the upgrade'
readonly old=$work/old
rm -rf "$old"
dpkg-deb -R "$package" "$old"
sed -i 's/^Version: .*/Version: 0.0.1/' "$old/DEBIAN/control"
dpkg-deb --root-owner-group --build "$old" "$root/root/old.deb" >/dev/null
rm -rf "$old"
cp "$package" "$root/root/new.deb"
# What it depends on, and what the README has its readers install, and no more: the package itself is installed once systemd runs.
cat /etc/resolv.conf >"$root/etc/resolv.conf"
depends=$(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g')
# shellcheck disable=SC2086
chroot "$root" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"' \
    _ $depends curl python3 >"$work/apt.log" 2>&1 || fail "see $work/apt.log"
echo '== a root in which nothing runs, and that has no /proc'
chroot "$root" dpkg -i /root/old.deb >>"$work/apt.log" 2>&1 || fail "it can't be installed there; see $work/apt.log"
grep -qE '^[0-9a-f]{16} [A-Za-z0-9+/]{43}=$' "$root/etc/msnp-gateway/state.key" || fail 'there is no key for passwords'
if chroot "$root" msnp-gateway --version >/dev/null 2>&1; then fail 'it does not say that it knows none of its arguments'; fi
chroot "$root" dpkg -P msnp-gateway >>"$work/apt.log" 2>&1 || fail "it can't be purged there; see $work/apt.log"
install -m 755 packaging/debian/try.sh "$root/root/try.sh"
rm -f "$root/root/try.log" "$root/root/try.status"
cat >"$root/etc/systemd/system/try.service" <<'UNIT'
[Unit]
After=multi-user.target
SuccessAction=poweroff
FailureAction=poweroff
[Service]
Type=oneshot
ExecStart=/bin/sh -c '/root/try.sh >/root/try.log 2>&1; echo $? >/root/try.status'
[Install]
WantedBy=graphical.target
UNIT
chroot "$root" systemctl enable --quiet try.service

echo '== a machine that installs, upgrades, removes and purges it'
timeout --kill-after=10 600 systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit --private-network \
    --machine="msnp-gateway-$$" </dev/null >"$work/boot.log" 2>&1 || true
cat "$root/root/try.log" 2>/dev/null || fail "it did not boot; see $work/boot.log"
[[ $(cat "$root/root/try.status" 2>/dev/null) == 0 ]] || fail 'the package does not do what it should'
echo 'deb-check: everything is as it should be'
