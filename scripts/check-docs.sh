#!/usr/bin/env bash
# Whatever pages link to, comments cite and architecture.md sends its readers to is there.
set -euo pipefail
cd "$(dirname "$0")/.."

exec python3 Tests/Docs/check.py
