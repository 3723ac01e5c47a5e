#!/usr/bin/env bash
# Measures how long the dashboard takes to open with much in it; on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-web

scripts/python-venv.sh "$venv" Tests/Web/requirements.txt axe_playwright_python,playwright.sync_api
bin=$(scripts/release.sh)
exec "$venv/bin/python" Benchmarks/page.py "$bin"
