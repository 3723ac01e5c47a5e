#!/usr/bin/env bash
# Everything a change has to pass, one step after the other, stopping at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
readonly log
declare -a report=()
current='before the first step'
started=$SECONDS

# What the run says last: each step with its duration, then what `swift test` itself said: of the plain run, or when
# something failed of all.
finish() {
    local status=$?
    printf '\n== Result\n'
    if ((${#report[@]} > 0)); then printf '%s\n' "${report[@]}"; fi
    if ((status != 0)); then
        printf 'FAILED, %ss: %s\n' "$((SECONDS - started))" "$current"
        grep -a 'Test run with' "$log" || true
    else
        grep -a -m 1 'Test run with' "$log"
    fi
    rm -f "$log"
    exit "$status"
}
trap finish EXIT

# Seconds; several times what any step takes on two cores. One that hangs is to end with a word, before CI's patience does.
readonly step_limit=1500

# step HEADING COMMAND...: runs the command under its heading, to the log too.
step() {
    current=$1
    shift
    printf '\n== %s\n' "$current"
    started=$SECONDS
    timeout --kill-after=10 "$step_limit" "$@" </dev/null 2>&1 | tee -a "$log"
    report+=("ok, $((SECONDS - started))s: $current")
    echo "== $current: $((SECONDS - started))s"
}

step 'Set-up' scripts/setup.sh test
step 'Format' swift format lint --strict -r Sources Tests Snippets Examples Package.swift
step 'Comments and lengths' python3 scripts/check_sources.py
# In the environment of both, or the second would build everything again.
step 'Build, warnings are errors' env MSNP_GATEWAY_STRICT=1 swift build --build-tests
# One after the other: beside tests that fill both cores for half a minute, those with a server's time-outs starve.
# Each answer is noted, for check-seen-answers.sh; the end-to-end checks add theirs.
export SEEN_ANSWERS="$PWD/.build/seen-answers.jsonl"
rm -f "$SEEN_ANSWERS"
step 'Tests' env MSNP_GATEWAY_STRICT=1 swift test --skip-build --no-parallel
step 'Tests under the thread sanitizer' env -u SEEN_ANSWERS scripts/sanitize.sh thread
step 'Tests under the address sanitizer' env -u SEEN_ANSWERS scripts/sanitize.sh address
for check in scripts/check-*.sh; do
    # Without a match the pattern stands for itself.
    if [[ -e $check ]]; then step "$(basename "$check" .sh)" "$check"; fi
done
