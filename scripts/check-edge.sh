#!/usr/bin/env bash
# Uses the built program as hostile, slow and vanishing clients do, and through nginx and Caddy; reads its metrics as Prometheus does.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv-edge

scripts/python-venv.sh "$venv" Tests/EndToEnd/requirements.txt prometheus_client
# As many descriptors as are allowed: the check holds thousands.
ulimit -n "$(ulimit -Hn)"
bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec "$venv/bin/python" Tests/EndToEnd/edge.py "$bin/msnp-gateway" "$@"
