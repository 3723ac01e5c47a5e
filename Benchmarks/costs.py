"""What one event, one sign-in and one read cost in allocations, bytes and system calls: costs.py BINARY

Counted, not timed, one thing after the other: an interposed malloc counts (counting/), strace does where it is there. The
numbers differ a little from run to run, by what timers and metrics do meanwhile.
"""

import collections
import json
import mmap
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

from load import HERE, Driver, build
from subjects import Gateway, MicroHTTPD

TIMES = 300
"""Events and reads that are counted."""
SIGN_INS = 64
FILE = "counting"


class Counter:
    """The numbers that the interposed malloc keeps."""

    def __init__(self, path):
        self.file = open(path, "r+b")
        self.memory = mmap.mmap(self.file.fileno(), 4096)

    def now(self):
        calls, size = struct.unpack_from("<2Q", self.memory)
        return calls, size


def allocations(tools, make):
    """`{what: [allocations, bytes]}` of each thing."""
    counts = {}
    # How a dictionary of Swift's grows must not depend on a seed.
    environment = {"LD_PRELOAD": str(tools / "counting.so"), "SWIFT_DETERMINISTIC_HASHING": "1"}
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, FILE)
        with Driver(tools, 3 * SIGN_INS) as driver, make({**environment, "COUNTING": path}).start(driver):
            counter = Counter(path)

            def count(what, times, *words):
                # Nothing of what came before is still under way, and what is made once is there.
                driver.say("settle", 300)
                before = counter.now()
                driver.say(*words)
                counts[what] = [(now - then) / times for now, then in zip(counter.now(), before)]

            driver.say("signin", SIGN_INS)
            count("sign-in", SIGN_INS, "signin", SIGN_INS)
            for what in ("presence", "contacts", "snapshot"):
                driver.say("reads", f"/{what}", TIMES)
                count(f"read of {what}", TIMES, "reads", f"/{what}", TIMES)
            driver.say("park")
            driver.say("settle", 500)
            driver.say("count", TIMES)
            count("event", TIMES, "count", TIMES)
    return counts


def system_calls(tools, make):
    """`{name: how many for each event}`; None where there is no strace, or it may not look."""
    if not shutil.which("strace"):
        return None
    with Driver(tools, SIGN_INS) as driver, make(None).start(driver) as subject, tempfile.TemporaryDirectory() as directory:
        driver.say("signin", SIGN_INS)
        driver.say("park")
        driver.say("count", TIMES)
        path = os.path.join(directory, "calls")
        tracer = subprocess.Popen(["strace", "-f", "-c", "-o", path, "-p", str(subject.processes[0])], stderr=subprocess.PIPE,
                                  text=True)
        # One line for each thread that it has attached to; the first says that it looks.
        if "attached" not in tracer.stderr.readline():
            tracer.wait()
            return None
        driver.say("settle", 500)
        driver.say("count", TIMES)
        tracer.terminate()
        tracer.stderr.read()
        tracer.wait()
        found = collections.Counter()
        for line in pathlib.Path(path).read_text(encoding="ascii").split("\n"):
            if row := re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", line):
                found[row[2]] += int(row[1])
        found.pop("total", None)
        return {name: number / TIMES for name, number in found.most_common()}


def count(tools, binary):
    """All of it, for the gateway and for the reference."""
    made = {
        "gateway": lambda environment: Gateway(tools, binary, environment),
        "mhd": lambda environment: MicroHTTPD(tools, binary, environment),
    }
    return {name: {"allocations": allocations(tools, make), "calls": system_calls(tools, make)} for name, make in made.items()}


if __name__ == "__main__":
    print(json.dumps(count(build(HERE.parent / ".build/bench"), sys.argv[1]), indent=1))
