#!/usr/bin/env bash
# Uses the built program as hostile, slow and vanishing clients do, and through nginx; reads its metrics as Prometheus does.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-edge requirements=Tests/EndToEnd/requirements.txt

# Whether what is required was installed here once, and still runs: a newer Python leaves the packages of the older behind.
is_complete() {
    cmp -s "$requirements" "$venv/requirements.txt" &&
        "$venv/bin/python" -c 'import prometheus_client' 2>/dev/null </dev/null
}

if ! is_complete; then
    echo "check-edge: installing $requirements into $venv"
    python3 -m venv --clear "$venv" </dev/null
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --requirement "$requirements" \
        </dev/null
    # Last, so that what was broken off is begun again.
    cp "$requirements" "$venv/requirements.txt"
fi

# As many descriptors as are allowed: the check holds thousands.
ulimit -n "$(ulimit -Hn)"
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec "$venv/bin/python" Tests/EndToEnd/edge.py "$bin/msnp-gateway" "$@"
