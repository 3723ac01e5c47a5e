#!/usr/bin/env bash
# Plants faults around the built program, and expects `msnp-gateway doctor` to find each of them, and nothing where all is
# well; `check-doctor.sh FAULT` for one of them.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(MSNP_GATEWAY_STRICT=1 swift build --show-bin-path)
exec python3 Tests/EndToEnd/doctor.py "$bin/msnp-gateway" "$@"
