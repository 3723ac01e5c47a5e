#!/usr/bin/env bash
# Measures a start that finds many sessions, with a release build: bench-restart.sh [--sessions N] [--events N] …
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(scripts/release.sh)
exec python3 Benchmarks/restart.py "$bin" "$@"
