#!/usr/bin/env bash
# Records the page in motion for the README: record-page.sh [DIRECTORY], where its frames go as single pictures, to be looked at.
set -euo pipefail
cd "$(dirname "$0")/.."

# A venv of its own, as `make test` has no use for Pillow.
readonly venv=.venv-recording

scripts/python-venv.sh "$venv" Tests/Web/recording.txt PIL.Image,playwright.sync_api
bin=$(scripts/release.sh)
exec "$venv/bin/python" Tests/Web/recording.py "$bin" docs/images/recording.webp "$@"
