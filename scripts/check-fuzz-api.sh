#!/usr/bin/env bash
# Fuzzes the built program with its sandbox from its description; `check-fuzz-api.sh long` takes half an hour.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/python-venv.sh .venv Tests/Contract/requirements.txt jsonschema,openapi_spec_validator,schemathesis,yaml
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec .venv/bin/python Tests/Contract/fuzz_api.py "$bin/msnp-gateway" "${1:-short}"
