#!/usr/bin/env bash
# Compares every answer that the tests before it saw with the API's description.
#
# By its name it comes after check-end-to-end.sh, whose answers are among them. By hand:
# SEEN_ANSWERS=$PWD/.build/seen-answers.jsonl swift test && scripts/check-seen-answers.sh
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/python-venv.sh .venv Tests/Contract/requirements.txt jsonschema,openapi_spec_validator,schemathesis,yaml
exec .venv/bin/python Tests/Contract/check_answers.py "${SEEN_ANSWERS:-.build/seen-answers.jsonl}"
