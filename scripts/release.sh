#!/usr/bin/env bash
# Builds a program for release and says where it is: release.sh [PRODUCT]
#
# What the build says goes to standard error. Swift's own libraries are linked in where the toolchain has them to link: the
# program then runs without a toolchain, needs 2 MB of memory less, and an event costs some 5 % less.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly product=${1:-msnp-gateway}

declare -a options=(-c release)
libraries=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1_static/p')
if [[ -d $libraries ]]; then options+=(--static-swift-stdlib); fi

swift build "${options[@]}" --product "$product" >&2
echo "$(swift build "${options[@]}" --show-bin-path)/$product"
