"""Where the processor time of an event goes: shares.py BINARY

Samples the gateway and the reference in C with `perf` while events come, and sorts each sample by what its function is part of;
the kernel's by the system call that it is in. Shares of the time, not times: sampling itself costs.
"""

import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from load import HERE, Driver, build
from subjects import Gateway, MicroHTTPD

SESSIONS, RATE, MILLISECONDS = 1000, 1000, 10_000
FREQUENCY = 4_999
"""Samples a second of each processor; no divisor of anything that happens every millisecond."""
KERNEL = "[kernel"
GATEWAY = "/msnp-gateway"
SYSTEM_CALLS = {"wait": "kernel: waiting", "send": "kernel: sending", "recv": "kernel: receiving"}
ALLOCATOR = re.compile(r"^(?:_int_|__libc_)?(?:malloc|free|calloc|realloc|memalign)|^cfree|^tcache|^unlink_chunk|^sysmalloc|^arena_get")
RUNTIME = re.compile(r"^\$s[sS]|W[a-zA-Z]{1,2}$")
"""Swift's runtime and library, and what the compiler makes of types: accessors, witnesses, copies."""
OWN = re.compile(r"^\$s(\d+)(\w+)")


def group(symbol, file):
    """What a function of user space is part of."""
    if "microhttpd" in file:
        return "libmicrohttpd"
    if ALLOCATOR.match(symbol):
        return "allocating and freeing"
    if "libc.so" in file or "vdso" in file:
        return "libc"
    if ".so" in file:
        return "other libraries"
    if not file.endswith(GATEWAY):
        return "own: the program in C"
    found = OWN.match(symbol)
    # What is not Swift is the runtime itself, which is in the program.
    return f"own: {found[2][:int(found[1])]}" if found and not RUNTIME.search(symbol) else "Swift's runtime and library"


def sorted_samples(lines):
    """How many samples of each group are in what `perf script` prints: stacks, innermost function first, with an empty line between."""
    found, stack = collections.Counter(), []
    for line in [*lines, ""]:
        if frame := re.match(r"\s*[0-9a-f]+ (.*) \((.*)\)$", line.rstrip()):
            stack.append((re.sub(r"\+0x[0-9a-f]+$", "", frame[1]), frame[2]))
        elif not line.strip() and stack:
            if KERNEL in stack[0][1]:
                call = next((name for name, file in stack if KERNEL not in file), "")
                found[next((title for part, title in SYSTEM_CALLS.items() if part in call), "kernel: everything else")] += 1
            else:
                found[group(*stack[0])] += 1
            stack = []
    return found


def shares(tools, make):
    """`{group: share}` of one server."""
    with Driver(tools, SESSIONS) as driver, make().start(driver) as subject, tempfile.TemporaryDirectory() as directory:
        driver.say("signin", SESSIONS)
        driver.say("park")
        driver.say("settle", 1500)
        driver.say("events", RATE, 500)
        path = pathlib.Path(directory, "samples")
        sampler = subprocess.Popen(["perf", "record", "-q", "-o", path, "-e", "cpu-clock", "-F", str(FREQUENCY), "-g", "-p",
                                    str(subject.processes[0])], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        driver.say("events", RATE, MILLISECONDS)
        sampler.terminate()
        sampler.wait()
        said = subprocess.run(["perf", "script", "-i", path, "-F", "ip,sym,dso"], capture_output=True, text=True, check=False).stdout
        found = sorted_samples(said.splitlines())
    total = sum(found.values())
    return {name: number / total for name, number in found.most_common()} if total else None


def both(tools, binary):
    """Of the gateway and of the reference; None where there is no `perf`, or it may not look."""
    if not shutil.which("perf"):
        return None
    found = {kind.name: shares(tools, lambda kind=kind: kind(tools, binary)) for kind in (Gateway, MicroHTTPD)}
    return found if all(found.values()) else None


if __name__ == "__main__":
    print(json.dumps(both(build(HERE.parent / ".build/bench"), sys.argv[1]), indent=1))
