#!/usr/bin/env bash
# Uses the commands of the built program as scripts and people do, in pipes and on a terminal.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec python3 Tests/EndToEnd/cli.py "$bin/msnp-gateway" "$@"
