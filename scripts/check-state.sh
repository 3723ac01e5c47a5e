#!/usr/bin/env bash
# Ends and starts the built program as machines and operators do; `check-state.sh CHECK` for one of the checks.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec python3 Tests/EndToEnd/state.py "$bin/msnp-gateway" "$@"
