"""Who allocates: sites.py FILE-OF-COUNTING BINARY MAPS COUNT [TOP]

For each of the innermost functions of the program itself, its allocations and bytes for each of COUNT things that were done.
MAPS is a copy of /proc/PID/maps from then.
"""

import bisect
import collections
import mmap
import re
import struct
import subprocess
import sys

RECORD = 32
"""Numbers of 64 bits in each record: its bytes, then the stack."""
MACHINERY = re.compile(
    r"^(?:malloc|calloc|realloc|posix_memalign|aligned_alloc|memalign|note|swift_\w+|_swift_\w+|operator new.*|void\* swift.*)$"
    r"|^swift::|^\(anonymous namespace\)::|^std::|_allocateUninitializedArray|^generic specialization.*(?:ContiguousArray|Array|Dictionary"
    r"|_copyToNewBuffer|_NativeDictionary|_NativeSet|Set|String|Deque|Optional)")


class Symbols:
    """The functions of one file, by address."""

    def __init__(self, path):
        lines = subprocess.run(f"{{ nm -n --defined-only '{path}'; nm -Dn --defined-only '{path}'; }} 2>/dev/null | grep -i ' [tw] '",
                               shell=True, capture_output=True, text=True).stdout.split("\n")
        pairs = sorted({(int(line.split()[0], 16), line.split()[2]) for line in lines if line})
        self.starts = [start for start, _ in pairs]
        self.names = [name for _, name in pairs]

    def name(self, address):
        place = bisect.bisect_right(self.starts, address) - 1
        return self.names[place] if place >= 0 else hex(address)


def main():
    path, binary, maps, count = sys.argv[1:5]
    top = int(sys.argv[5]) if len(sys.argv) > 5 else 60
    files, first, known = [], {}, {}
    for line in open(maps, encoding="utf-8"):
        words = line.split()
        if len(words) == 6 and words[5].startswith("/"):
            start, stop = (int(word, 16) for word in words[0].split("-"))
            first.setdefault(words[5], start - int(words[2], 16))
            files.append((start, stop, words[5]))
    symbols = {}

    def name(address):
        if address not in known:
            known[address] = ""
            for start, stop, file in files:
                if start <= address < stop:
                    table = symbols.setdefault(file, None) or symbols.setdefault(file + "!", Symbols(file))
                    symbols[file] = table
                    known[address] = table.name(address - first[file])
        return known[address]

    stacks = collections.Counter()
    sizes = collections.Counter()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
        used = struct.unpack_from("<5Q", memory)[4]
        for place in range(1, used + 1):
            if (place + 1) * RECORD * 8 >= len(memory):
                break
            numbers = struct.unpack_from(f"<{RECORD}Q", memory, place * RECORD * 8)
            stack = tuple(name(number) for number in numbers[1:] if number)
            stacks[stack] += 1
            sizes[stack] += numbers[0]
    names = sorted({name for stack in stacks for name in stack})
    plain = subprocess.run(["swift", "demangle", "--simplified", "--compact"], input="\n".join(names), capture_output=True,
                           text=True).stdout.split("\n")
    plain = dict(zip(names, plain))
    short = collections.Counter()
    bytes_of = collections.Counter()
    for stack, number in stacks.items():
        words = [plain[word] for word in stack]
        own = [word for word in words if not MACHINERY.search(word)]
        key = " < ".join(own[:4]) or " < ".join(words[:5])
        short[key] += number
        bytes_of[key] += sizes[stack]
    count = float(count)
    print(f"{sum(stacks.values()) / count:.1f} allocations and {sum(sizes.values()) / count:.0f} bytes for each")
    print(f"{'allocs':>8} {'bytes':>8}  innermost functions of the program < their callers")
    for key, number in short.most_common(top):
        print(f"{number / count:8.2f} {bytes_of[key] / count:8.0f}  {key}")


main()
