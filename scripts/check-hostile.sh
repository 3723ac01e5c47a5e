#!/usr/bin/env bash
# Attacks the built program, as a hostile caller and as a hostile backend do: scripts/check-hostile.sh [ATTACK...]
set -euo pipefail
cd "$(dirname "$0")/.."

# As many descriptors as are allowed: the attacker holds hundreds.
ulimit -n "$(ulimit -Hn)"
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
# Thousands of answers of the same kind, some of them long: other checks look at one of each.
unset SEEN_ANSWERS
exec python3 Tests/Hostile/check.py "$bin/msnp-gateway" "$@"
