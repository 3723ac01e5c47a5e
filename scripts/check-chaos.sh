#!/usr/bin/env bash
# Some hundred random actions, faults, kills and restarts of the seed 4711, and whether the planted bugs can still be planted.
set -euo pipefail
cd "$(dirname "$0")/.."

git apply --check Tests/Chaos/planted/*.patch
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
# Thousands of answers of the same kind, with texts and names of no interest.
unset SEEN_ANSWERS
exec python3 Tests/Chaos/chaos.py "$bin/msnp-gateway" --seed 4711 --steps 250 --kills 6
