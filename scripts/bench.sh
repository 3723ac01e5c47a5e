#!/usr/bin/env bash
# Measures the gateway beside programs that do the same job, and writes docs/performance.md: bench.sh [--quick]
#
# By hand, on a machine that does nothing else: some 25 minutes, or 3 with --quick. Installs nothing; what is not there is
# left out, with a word.
set -euo pipefail
cd "$(dirname "$0")/.."

# Two for each of 9,000 sessions, on either side.
ulimit -n "$(ulimit -Hn)"
bin=$(scripts/release.sh)
exec python3 Benchmarks/run.py "$bin" "$@"
