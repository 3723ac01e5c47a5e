#!/usr/bin/env bash
# Kills and restarts gateway, server and proxy under the example bots; `check-bots.sh long` for some minutes. A number
# repeats the run of that seed.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec python3 Tests/EndToEnd/bots.py "$bin/msnp-gateway" "$@"
