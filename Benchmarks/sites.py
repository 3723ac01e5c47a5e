"""Which functions allocate: sites.py BINARY [event|sign-in|presence|contacts|snapshot [TOP]]

Starts the gateway with the counting allocator, does the same thing some hundred times, one after the other, and prints a line
for each place that allocates: how often and how much for each time, the innermost functions of the program, and their callers.
"""

import bisect
import collections
import mmap
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

from costs import SIGN_INS, TIMES
from load import HERE, Driver, build
from subjects import Gateway

RECORD = 32
"""Numbers of 64 bits in each record: its bytes, then the stack."""
WANTED = 24
"""Where in the file the number is that asks for call sites."""
SHOWN = 4
"""Functions of each stack."""
# What allocates for others: allocators, the runtime, and growing collections.
MACHINERY = re.compile(
    r"^(?:malloc|calloc|realloc|posix_memalign|aligned_alloc|memalign|note|_?swift_\w+|operator new.*|void\* swift.*)$"
    r"|^swift::|^\(anonymous namespace\)::|^std::|_allocateUninitializedArray"
    r"|^(?:specialized )?(?:static )?(?:_?ContiguousArray|_ArrayBuffer|_copyCollection|_copySequence|_allocateString|__StringStorage|_StringGuts"
    r"|_DictionaryStorage|_NativeDictionary|_NativeSet|Array\.|String\.|Dictionary[._]|Collection\.|Sequence\.)")


class Symbols:
    """The functions of one file, by address."""

    def __init__(self, path):
        listed = "".join(subprocess.run(["nm", *flags, "--defined-only", path], capture_output=True, text=True, check=False).stdout
                         for flags in ([], ["-D"]))
        pairs = sorted({(int(row[1], 16), row[2]) for row in re.finditer(r"^([0-9a-f]+) [tTwW] (\S+)", listed, re.M)})
        self.starts = [start for start, _ in pairs]
        self.names = [name for _, name in pairs]

    def name(self, address):
        place = bisect.bisect_right(self.starts, address) - 1
        return self.names[place] if place >= 0 else hex(address)


class Names:
    """Names of the addresses of a process, by its map of memory."""

    def __init__(self, maps):
        self.files, self.first, self.symbols, self.known = [], {}, {}, {}
        for line in maps.splitlines():
            words = line.split()
            if len(words) == 6 and words[5].startswith("/"):
                start, stop = (int(word, 16) for word in words[0].split("-"))
                self.first.setdefault(words[5], start - int(words[2], 16))
                self.files.append((start, stop, words[5]))

    def name(self, address):
        if address not in self.known:
            file = next((file for start, stop, file in self.files if start <= address < stop), None)
            if file and file not in self.symbols:
                self.symbols[file] = Symbols(file)
            self.known[address] = self.symbols[file].name(address - self.first[file]) if file else "?"
        return self.known[address]


def stacks(memory, names):
    """`{stack: (allocations, bytes)}` of what was recorded; a stack is the names of its functions."""
    found = collections.defaultdict(lambda: [0, 0])
    used = struct.unpack_from("<5Q", memory)[4]
    for place in range(1, min(used, len(memory) // (RECORD * 8) - 1) + 1):
        size, *addresses = struct.unpack_from(f"<{RECORD}Q", memory, place * RECORD * 8)
        counts = found[tuple(names.name(address) for address in addresses if address)]
        counts[0] += 1
        counts[1] += size
    return found


def demangled(found):
    """`{name: what people call it}` of all functions of the stacks."""
    names = sorted({name for stack in found for name in stack})
    if not shutil.which("swift"):
        return dict(zip(names, names))
    plain = subprocess.run(["swift", "demangle", "--simplified", "--compact"], input="\n".join(names), capture_output=True, text=True,
                           check=True).stdout.split("\n")
    return dict(zip(names, plain))


def tell(found, times, top):
    """Prints the table."""
    plain = demangled(found)
    lines = collections.defaultdict(lambda: [0, 0])
    for stack, counts in found.items():
        words = [plain[name] for name in stack]
        own = [word for word in words if not MACHINERY.search(word)] or words
        for place in range(2):
            lines[" < ".join(own[:SHOWN])][place] += counts[place]
    print(f"{sum(calls for calls, _ in lines.values()) / times:.1f} allocations and "
          f"{sum(size for _, size in lines.values()) / times:.0f} bytes for each")
    print(f"{'allocs':>8} {'bytes':>8}  innermost functions of the program < their callers")
    for line, (calls, size) in sorted(lines.items(), key=lambda item: -item[1][0])[:top]:
        print(f"{calls / times:8.2f} {size / times:8.0f}  {line}")


def main():
    binary, what = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "event"
    top = int(sys.argv[3]) if len(sys.argv) > 3 else 80
    tools = build(HERE.parent / ".build/bench", ["driver", "counting.so"])
    work = {"event": ("count", TIMES), "sign-in": ("signin", SIGN_INS)}.get(what, ("reads", f"/{what}", TIMES))
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "counting")
        environment = {"LD_PRELOAD": str(tools / "counting.so"), "COUNTING": path}
        with Driver(tools, 2 * SIGN_INS) as driver, Gateway(tools, binary, environment).start(driver) as subject:
            driver.say("signin", SIGN_INS)
            if what == "event":
                driver.say("park")
                driver.say("settle", 500)
            if what != "sign-in":
                # What is made once, is there.
                driver.say(*work)
            with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
                struct.pack_into("<Q", memory, WANTED, 1)
                driver.say(*work)
                struct.pack_into("<Q", memory, WANTED, 0)
                names = Names(pathlib.Path(f"/proc/{subject.process.pid}/maps").read_text(encoding="utf-8"))
                found = stacks(memory, names)
    tell(found, work[-1], top)


if __name__ == "__main__":
    main()
