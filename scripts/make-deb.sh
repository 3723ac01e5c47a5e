#!/usr/bin/env bash
# Makes a Debian package of what is checked out: make-deb.sh [DIRECTORY], by default .build-package/deb. Prints its path.
#
# The same commit gives the same package, on the same machine. VERSION=… takes the place of what scripts/source.sh says;
# PROGRAM=FILE is a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p "${1:-.build-package/deb}"
out=$(realpath "${1:-.build-package/deb}")
readonly out
readonly source=packaging/debian

fail() {
    printf 'make-deb: %s\n' "$@" >&2
    exit 1
}

for tool in dpkg-deb dpkg-shlibdeps; do
    command -v "$tool" >/dev/null || fail "there is no $tool; on Debian it comes with apt-get install dpkg-dev"
done

version=${VERSION:-$(scripts/source.sh version)}
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(scripts/source.sh date)}
export SOURCE_DATE_EPOCH
# Whatever the umask of whoever runs this.
umask 022

# The one package in its directory is the newest one.
rm -f "$out"/msnp-gateway_*.deb
work=$(mktemp -d "$out/work.XXXXXX")
readonly work
trap 'rm -rf "$work"' EXIT
readonly root=$work/root
chmod 755 "$work"
mkdir -p "$root"

scripts/install.sh /usr "$root" >&2

# Units belong where Debian 12 has them, from which later ones take them, too.
mkdir -p "$root/lib"
mv "$root/usr/lib/systemd" "$root/lib/systemd"
rmdir "$root/usr/lib"

# A fresh package serves the sandbox, on loopback, and keeps its state: it starts, and it can be tried at once.
install -D -m 644 packaging/gateway.yaml "$root/etc/msnp-gateway/gateway.yaml"
sed -i 's|^#\(sandbox.enabled: \)false$|# Take this line away once there are backends of your own.\n\1true|
        s|^#\(stateDirectory: /var/lib/msnp-gateway\)$|\1|' "$root/etc/msnp-gateway/gateway.yaml"
grep -qx 'sandbox.enabled: true' "$root/etc/msnp-gateway/gateway.yaml" || fail 'the sample has no sandbox.enabled'
grep -qx 'stateDirectory: /var/lib/msnp-gateway' "$root/etc/msnp-gateway/gateway.yaml" ||
    fail 'the sample has no stateDirectory'

readonly doc=$root/usr/share/doc/msnp-gateway
rm "$doc/LICENSE"
install -m 644 "$source/copyright" "$doc/copyright"
maintainer=$(sed -n 's/^Maintainer: //p' "$source/control")
{
    printf 'msnp-gateway (%s) unstable; urgency=medium\n\n' "$version"
    printf '  * What has changed is in /usr/share/doc/msnp-gateway/CHANGELOG.md.\n\n'
    printf ' -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$doc/changelog.gz"
find "$root/usr/share/man" -name '*.1' -exec gzip -9n {} + 2>/dev/null || true

# What the program links; libcurl, which it opens when there is a first webhook, is in the control file.
mkdir -p "$work/debian"
printf 'Source: msnp-gateway\n\nPackage: msnp-gateway\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info root/usr/bin/msnp-gateway 2>/dev/null |
    sed -n 's/^shlibs:Depends=//p')
[[ -n $depends ]] || fail 'dpkg-shlibdeps does not say what the program needs'

mkdir "$root/DEBIAN"
sed -e "s|@version@|$version|; s|@architecture@|$architecture|; s|@depends@|$depends|" \
    -e "s|@size@|$(du -k -s --apparent-size "$root" | cut -f 1)|" "$source/control" >"$root/DEBIAN/control"
echo /etc/msnp-gateway/gateway.yaml >"$root/DEBIAN/conffiles"
install -m 755 "$source/postinst" "$source/prerm" "$source/postrm" "$root/DEBIAN/"
(cd "$root" && find . -type f ! -path './DEBIAN/*' ! -path './etc/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) \
    >"$root/DEBIAN/md5sums"
chmod 644 "$root/DEBIAN/md5sums" "$root/DEBIAN/control" "$root/DEBIAN/conffiles"
find "$root" -depth -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

readonly package=$out/msnp-gateway_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >&2
echo "$package"
