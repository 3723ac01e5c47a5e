#!/usr/bin/env bash
# Uses the dashboard as people do: Debian's Chromium, driven by Playwright, against the built program and its sandbox. Before
# that, what of the page is pure functions is tested with Node, where a Node that reads modules is there.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-web

# From 20.19 and 22.7 on a module needs no word about it beside it.
if node --input-type=module -e 'await import("./web-static/js/state/reducer.js")' 2>/dev/null; then
    node --test Tests/Web/unit/*.test.mjs
else
    echo 'skipped: Tests/Web/unit, for which there is no Node, or one older than 20.19'
fi
scripts/python-venv.sh "$venv" Tests/Web/requirements.txt axe_playwright_python,playwright.sync_api
# The one that the tests have just built: what is checked here is the page, not the gateway's speed.
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec "$venv/bin/python" Tests/Web/check.py "$bin/msnp-gateway" "$@"
