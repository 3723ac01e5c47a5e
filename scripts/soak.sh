#!/usr/bin/env bash
# An hour of mixed traffic with a build for release, and the plot in docs/soak.svg: soak.sh [OPTION...]
set -euo pipefail
cd "$(dirname "$0")/.."

ulimit -n "$(ulimit -Hn)"
bin=$(scripts/release.sh)
exec python3 Tests/Chaos/soak.py "$bin" "$@"
