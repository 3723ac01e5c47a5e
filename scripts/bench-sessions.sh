#!/usr/bin/env bash
# Measures what many sessions with parked polls cost, with a release build: bench-sessions.sh [SESSIONS [EVENTS-A-SECOND]]
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(scripts/release.sh)
exec python3 Benchmarks/sessions.py "$bin" "$@"
