#!/usr/bin/env bash
# What two people notice of an attacker on the same processors: scripts/hostile-bench.sh [ATTACK...]
#
# By hand, on a build for release and a quiet machine; prints a table, and no verdict.
set -euo pipefail
cd "$(dirname "$0")/.."

ulimit -n "$(ulimit -Hn)"
bin=$(scripts/release.sh)
exec python3 Benchmarks/hostile.py "$bin" "$@"
