#!/usr/bin/env bash
# An hour of mixed traffic with a build for release, and the plot in docs/soak.svg: soak.sh [OPTION...]
set -euo pipefail
cd "$(dirname "$0")/.."

ulimit -n "$(ulimit -Hn)"
swift build -c release --product msnp-gateway
bin=$(swift build -c release --show-bin-path)
exec python3 Tests/Chaos/soak.py "$bin/msnp-gateway" "$@"
