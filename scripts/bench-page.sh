#!/usr/bin/env bash
# Measures how long the dashboard takes to open with much in it; on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-web

scripts/python-venv.sh "$venv" Tests/Web/requirements.txt axe_playwright_python,playwright.sync_api
swift build -c release --product msnp-gateway
exec "$venv/bin/python" Benchmarks/page.py "$(swift build -c release --show-bin-path)/msnp-gateway"
