#!/usr/bin/env bash
# Measures what keeping state in a file costs, and kills its writer many times, with a release build: bench-state.sh [KILLS]
set -euo pipefail
cd "$(dirname "$0")/.."

export MSNP_GATEWAY_BENCH=1
bin=$(scripts/release.sh state-bench)
exec python3 Benchmarks/state.py "$bin" "$@"
