#!/usr/bin/env bash
# Uses the dashboard as people do: Debian's Chromium, driven by Playwright, against the built program and its sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-web requirements=Tests/Web/requirements.txt

# Whether what is required was installed here once, and still runs: a newer Python leaves the packages of the older behind.
is_complete() {
    cmp -s "$requirements" "$venv/requirements.txt" &&
        "$venv/bin/python" -c 'import axe_playwright_python, playwright.sync_api' 2>/dev/null </dev/null
}

if ! is_complete; then
    echo "check-web: installing $requirements into $venv"
    python3 -m venv --clear "$venv" </dev/null
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --requirement "$requirements" \
        </dev/null
    # Last, so that what was broken off is begun again.
    cp "$requirements" "$venv/requirements.txt"
fi

# The one that the tests have just built: what is checked here is the page, not the gateway's speed.
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec "$venv/bin/python" Tests/Web/check.py "$bin/msnp-gateway" "$@"
