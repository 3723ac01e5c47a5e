#!/usr/bin/env bash
# Measures what sessions that are flooded cost the others, with a release build: bench-flood.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(scripts/release.sh)
exec python3 Benchmarks/flood.py "$bin" "$@"
