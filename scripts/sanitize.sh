#!/usr/bin/env bash
# Runs the tests under one sanitizer, in a build of its own: scripts/sanitize.sh thread|address [swift test options]
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    echo "usage: $0 thread|address [swift test options]" >&2
    exit 2
}

[[ $# -ge 1 ]] || usage
readonly sanitizer=$1
shift

# Suppressions hide real defects with false ones, so each line of such a file carries its reason in a comment above it.
suppressions() {
    local file=scripts/suppressions/$1.txt
    if [[ -f $file ]]; then
        echo ":suppressions=$PWD/$file"
    fi
}

case $sanitizer in
    thread)
        # Stops at the first race: what follows one is often its echo.
        export TSAN_OPTIONS="halt_on_error=1$(suppressions thread)${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
        ;;
    address)
        export ASAN_OPTIONS="detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
        export LSAN_OPTIONS="report_objects=1$(suppressions leak)${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
        ;;
    *) usage ;;
esac

# Sanitizers see the same in a crowd of a hundred as in one of a thousand, and take many times as long over each.
export MSNP_GATEWAY_TEST_SESSIONS=${MSNP_GATEWAY_TEST_SESSIONS:-100}
export MSNP_GATEWAY_TEST_SEEDS=${MSNP_GATEWAY_TEST_SEEDS:-2}

# What makes a build from nothing a fifth shorter: whole modules, and no line numbers in what a sanitizer reports; those of
# tests that fail are Swift Testing's own. `scripts/sanitize.sh thread -debug-info-format dwarf` brings them back.
readonly build=(-Xswiftc -wmo -Xswiftc -num-threads -Xswiftc 2 -debug-info-format none)

# What takes long here and has nothing that is shared, unsafe or in need of being let go: tests of values alone, those that
# look at the command from outside, as a process of its own, the longest of the storms, which differ in their words, and the
# hundreds of damaged files, which differ in a page or a column.
readonly skipped='^MSNPTests\.|^MSNPClientTests\.FloodTests/listStorm|^MSNPSandboxTests\.(RandomCommandTests|RandomConversationTests)/|^GatewayServiceTests\.(KeysCommandTests|CommandTests|StateCommandTests|StateSettingsTests|EveryColumnTests)/|^SQLiteStorageTests\.JournalLossTests/everyPage'

# Without the XCTest runner, which leaks some memory of its own on Linux and would fail every search for leaks. It has
# nothing to run: all tests are Swift Testing's.
# One after the other, as in test.sh.
swift test --sanitize="$sanitizer" --scratch-path ".build-$sanitizer" --disable-xctest --no-parallel \
    "${build[@]}" --skip "$skipped" "$@" </dev/null
