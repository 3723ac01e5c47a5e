"""Holds what is counted of an event, a sign-in and a read to bounds.json: check.py BINARY

The build is the one that the other checks use, for debugging, and the bounds are for it: its code is not specialized and
allocates several times what a release does (`make bench` counts that one), but it does so in the same places, and a second build would
cost minutes. Nothing here looks at a clock: things are done one after the other, counted, and divided by how many they were.
"""

import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))

import costs  # noqa: E402
from load import build  # noqa: E402
from subjects import Gateway  # noqa: E402

# Calls whose number says who waited for whom: on a busy machine there are more of them, up to twice as many in all. What is left
# is the same anywhere, and its bound is close; that of all calls is wide.
WAITING = {"epoll_ctl", "epoll_wait", "futex", "mprotect", "madvise", "recvfrom", "restart_syscall", "timerfd_settime"}
# So it is with stored reads: one that comes while what it shows is still being written waits for that, which costs several times as much.
# On a machine that is quiet none does, and their bounds are for one that isn't.
BOUNDS = pathlib.Path(__file__).with_name("bounds.json")
LOOSE = 0.6
"""Of a bound; what is below it has got better, and the bound should follow."""


def counted(tools, binary, store):
    """What each thing costs with that store: `{what: {measure: number}}`."""
    make = lambda environment: Gateway(tools, binary, environment, store=store)  # noqa: E731
    counts = {what: {"allocations": calls, "bytes": size} for what, (calls, size) in costs.allocations(tools, make).items()}
    calls = costs.system_calls(tools, make)
    if calls is None:
        print("system calls are not counted: there is no strace, or it may not look at other processes")
    else:
        counts["event"]["system calls"] = sum(calls.values())
        counts["event"]["system calls, steady"] = sum(count for name, count in calls.items() if name not in WAITING)
    return counts


def main():
    binary = sys.argv[1]
    bounds = json.loads(BOUNDS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as directory:
        tools = build(pathlib.Path(directory), ["driver", "counting.so"])
        counts = counted(tools, binary, "memory")
        # With a store that outlives the process each event is written, too; reads that nothing waits for are as with the other.
        counts |= {f"{what}, stored": count for what, count in counted(tools, binary, "sqlite").items()}
    worse = []
    for what, bound in bounds.items():
        for name, most in bound.items():
            if name not in counts[what]:
                continue
            found = counts[what][name]
            verdict = "above its bound" if found > most else "far below its bound, which may go down" if found < most * LOOSE else ""
            print(f"{what + ', ' + name:40} {found:10.1f} of {most:8} {verdict}".rstrip())
            worse += [f"{what}, {name}: {found:.1f}, and {most} at most"] if found > most else []
    unbounded = set(counts) - set(bounds)
    if unbounded:
        worse.append(f"without a bound: {', '.join(sorted(unbounded))}")
    if worse:
        sys.exit("costs: " + "; ".join(worse) + f"\n{BOUNDS.relative_to(ROOT)} has the bounds; "
                 "python3 Benchmarks/sites.py says which functions allocate")


main()
