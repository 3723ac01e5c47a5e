#!/usr/bin/env bash
# Uses the dashboard as people do: Debian's Chromium, driven by Playwright, against the built program and its sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-web

scripts/python-venv.sh "$venv" Tests/Web/requirements.txt axe_playwright_python,playwright.sync_api
# The one that the tests have just built: what is checked here is the page, not the gateway's speed.
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec "$venv/bin/python" Tests/Web/check.py "$bin/msnp-gateway" "$@"
