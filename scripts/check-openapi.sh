#!/usr/bin/env bash
# Checks that the API's description is valid and says what the gateway's sources say.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/python-venv.sh .venv Tests/Contract/requirements.txt jsonschema,openapi_spec_validator,schemathesis,yaml
exec .venv/bin/python Tests/Contract/check_openapi.py
