#!/usr/bin/env bash
# Checks that the API's description is valid and says what the gateway's sources say.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv requirements=Tests/Contract/requirements.txt

# Whether what is required was installed here once, and still runs: a newer Python leaves the packages of the older behind.
is_complete() {
    cmp -s "$requirements" "$venv/requirements.txt" &&
        "$venv/bin/python" -c 'import jsonschema, openapi_spec_validator, yaml' 2>/dev/null </dev/null
}

if ! is_complete; then
    echo "check-openapi: installing $requirements into $venv"
    python3 -m venv --clear "$venv" </dev/null
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --requirement "$requirements" \
        </dev/null
    # Last, so that what was broken off is begun again.
    cp "$requirements" "$venv/requirements.txt"
fi

exec "$venv/bin/python" Tests/Contract/check_openapi.py
