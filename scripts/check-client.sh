#!/usr/bin/env bash
# Generates a client from the description that the built program serves, and signs in and polls with it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/python-venv.sh .venv Tests/Contract/requirements.txt jsonschema,openapi_spec_validator,schemathesis,yaml
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec .venv/bin/python Tests/Contract/check_client.py "$bin/msnp-gateway"
