#!/usr/bin/env bash
# Random actions, faults, kills and restarts of a build for release: chaos.sh SEEDS STEPS [OPTION...]
set -euo pipefail
cd "$(dirname "$0")/.."

read -ra seeds <<<"$1"
readonly steps=$2
shift 2
bin=$(scripts/release.sh)
failed=0
for seed in "${seeds[@]}"; do
    python3 Tests/Chaos/chaos.py "$bin" --seed "$seed" --steps "$steps" "$@" || failed=1
done
exit "$failed"
