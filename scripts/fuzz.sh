#!/usr/bin/env bash
# Fuzzes what takes bytes from outside apart: scripts/fuzz.sh [SECONDS [TARGET...]]
#
# Each target (`Tests/Fuzz/Targets/FuzzTarget.swift` lists them) runs for so long, 60 seconds unless said otherwise, from the
# corpus of the repository. What trips it is a finding: a crash, a broken promise, ten seconds for one input, 2 GiB of memory.
# The input is then in .build-fuzz/findings, and belongs into Tests/Fuzz/corpus with the mend. New inputs that reach further
# are gathered in .build-fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly seconds=${1:-60}
[[ $seconds =~ ^[0-9]+$ ]] || {
    echo "usage: $0 [SECONDS [TARGET...]]" >&2
    exit 2
}
targets=("${@:2}")
if ((${#targets[@]} == 0)); then
    for folder in Tests/Fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi

# As fast as what is released. The address sanitizer beside it is unreliable with Swift; `scripts/sanitize.sh address` replays
# the corpus instead.
readonly build=(swift build -c release --scratch-path .build-fuzz --product fuzz --sanitize=fuzzer
    -Xswiftc -enable-testing)
MSNP_GATEWAY_FUZZ=1 "${build[@]}"
program=$(MSNP_GATEWAY_FUZZ=1 "${build[@]}" --show-bin-path)/fuzz
mkdir -p .build-fuzz/findings

# Of the targets, those where something was found.
declare -a failed=()
for target in "${targets[@]}"; do
    echo "== $target"
    mkdir -p ".build-fuzz/corpus/$target"
    log=.build-fuzz/$target.log
    # Seconds for one input, MiB of memory, and bytes: a payload's worth, so that work that grows with the square shows.
    options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1
        -artifact_prefix=".build-fuzz/findings/$target-")
    # Swift's own account of a trap would end the process before libFuzzer has kept the input.
    if ! FUZZ_TARGET=$target SWIFT_BACKTRACE=enable=no "$program" "${options[@]}" \
        ".build-fuzz/corpus/$target" "Tests/Fuzz/corpus/$target" </dev/null >"$log" 2>&1; then
        failed+=("$target")
    fi
    grep -aE 'ERROR|SUMMARY|Fatal error|stat::(number|average|peak)|^Done' "$log" || true
done
echo "$((${#targets[@]} - ${#failed[@]})) passed, ${#failed[@]} failed${failed[*]:+: ${failed[*]}}"
((${#failed[@]} == 0))
