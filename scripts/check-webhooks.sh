#!/usr/bin/env bash
# Has the built program push events to receivers, those of docs/webhooks.md among them; `check-webhooks.sh CHECK` for one of
# the checks. Signatures are checked with the library of Standard Webhooks.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-webhooks

scripts/python-venv.sh "$venv" Tests/Webhooks/requirements.txt standardwebhooks
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec "$venv/bin/python" Tests/Webhooks/check.py "$bin/msnp-gateway" "$@"
