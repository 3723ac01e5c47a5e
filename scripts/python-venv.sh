#!/usr/bin/env bash
# Installs what the checks in Tests/Contract need into .venv, unless it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv requirements=Tests/Contract/requirements.txt

# Whether what is required was installed here once, and still runs: a newer Python leaves the packages of the older behind.
is_complete() {
    cmp -s "$requirements" "$venv/requirements.txt" &&
        "$venv/bin/python" -c 'import jsonschema, openapi_spec_validator, schemathesis, yaml' 2>/dev/null </dev/null
}

if ! is_complete; then
    echo "installing $requirements into $venv"
    python3 -m venv --clear "$venv" </dev/null
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --requirement "$requirements" \
        </dev/null
    # Last, so that what was broken off is begun again.
    cp "$requirements" "$venv/requirements.txt"
fi
