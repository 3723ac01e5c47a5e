#!/usr/bin/env bash
# Counts allocations, bytes and system calls of an event, a sign-in and reads, and holds them to Tests/Costs/bounds.json.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
# Answers that other checks have looked at.
unset SEEN_ANSWERS
exec python3 Tests/Costs/check.py "$bin/msnp-gateway"
