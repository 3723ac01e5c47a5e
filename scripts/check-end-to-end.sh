#!/usr/bin/env bash
# Uses the built program as its users do: the README's commands, two people, a stop with a thousand polls.
set -euo pipefail
cd "$(dirname "$0")/.."

# The one that the tests have just built: what is checked here is behaviour, not speed.
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec python3 Tests/EndToEnd/check.py "$bin/msnp-gateway"
