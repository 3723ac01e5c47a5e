#!/usr/bin/env bash
# Measures what many sessions with parked polls cost, with a release build: bench-sessions.sh [SESSIONS [EVENTS-A-SECOND]]
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release --product msnp-gateway
bin=$(swift build -c release --show-bin-path)
exec python3 Benchmarks/sessions.py "$bin/msnp-gateway" "$@"
