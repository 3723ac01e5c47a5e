#!/usr/bin/env bash
# Measures what sessions that are flooded cost the others, with a release build: bench-flood.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release --product msnp-gateway
bin=$(swift build -c release --show-bin-path)
exec python3 Benchmarks/flood.py "$bin/msnp-gateway" "$@"
