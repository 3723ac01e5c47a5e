"""Makes docs/performance.md and its pictures of what a run has measured."""

import os
import platform
import statistics
import subprocess

from plots import chart
from subjects import TITLES

REFERENCE = "mhd"
EVENTS = {"kind": "events", "sessions": 1000, "rate": 1000}
BUSY = 0.1
"""The share of the processors that others may have before a run's times are worth little."""


def machine():
    """In general words: what is measured depends on it, whose it is doesn't matter."""
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo", encoding="ascii") if line.startswith("MemTotal"))
    library = subprocess.run(["pkg-config", "--modversion", "libmicrohttpd"], capture_output=True, text=True,
                             check=True).stdout.strip()
    kernel = ".".join(platform.release().split(".")[:2])
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return (f"{os.cpu_count()} cores ({platform.machine()}), {round(memory / 1024 / 1024)} GB of memory, Linux {kernel}, "
            f"{system}, libmicrohttpd {library}")


class Figures:
    """Medians over rounds, and ratios to the reference, each of one round."""

    def __init__(self, notes):
        self.notes = notes

    def each(self, subject, field, **wanted):
        """`{round: value}`."""
        return {note["round"]: note[field] for note in self.notes if note["subject"] == subject and field in note
                and all(note.get(name) == value for name, value in wanted.items())}

    def median(self, subject, field, **wanted):
        values = [value for value in self.each(subject, field, **wanted).values() if value is not None]
        return statistics.median(values) if values else None

    def ratio(self, subject, field, **wanted):
        own, other = self.each(subject, field, **wanted), self.each(REFERENCE, field, **wanted)
        ratios = [own[turn] / other[turn] for turn in own if other.get(turn) and own[turn] is not None]
        return statistics.median(ratios) if ratios else None


def shown(value, unit=1.0, digits=None):
    """A figure with some three digits."""
    if value is None:
        return ""
    value /= unit
    if digits is None:
        digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def rows():
    """The table: title, field, what to look for, unit."""
    for sessions, rate in ((1000, 500), (1000, 1000), (1000, 4000), (9000, 1000)):
        title = f"µs of processor time an event, {sessions:,} sessions, {rate:,}/s"
        yield title, "us", {**EVENTS, "sessions": sessions, "rate": rate}, 1
    for sessions in (1000, 9000):
        wanted = {**EVENTS, "sessions": sessions}
        for field, name in (("p50", "p50"), ("p99", "p99"), ("p999", "p99.9")):
            yield f"{name} in ms, {sessions:,} sessions, 1,000/s", field, wanted, 1000
    yield "context switches an event, 1,000 sessions, 1,000/s", "switches", EVENTS, 1
    yield "µs of processor time a sign-in, 1,000 sessions", "us", {"kind": "signin", "sessions": 1000}, 1
    yield "sign-ins a second, 1,000 sessions", "rate", {"kind": "signin", "sessions": 1000}, 1
    for sessions in (1000, 4000, 9000):
        yield f"KB a session, {sessions:,} sessions", "rss_kb", {"kind": "memory", "sessions": sessions}, 1
    for what in ("presence", "contacts", "snapshot"):
        yield f"reads of {what} a second", "rate", {"kind": "read", "what": what}, 1
        yield f"µs of processor time a read of {what}", "us", {"kind": "read", "what": what}, 1
    yield "µs of processor time a snapshot of 600 contacts", "us", {"kind": "large"}, 1
    yield "events a second, nothing lost and p99 ≤ 10 ms", "rate", {"kind": "capacity"}, 1
    yield "idle: anonymous memory in MB", "anonymous_kb", {"kind": "idle", "sessions": 1000}, 1024
    yield "idle: all memory in MB", "rss_kb", {"kind": "idle", "sessions": 1000}, 1024


def table(figures, costs, names):
    lines = ["| | " + " | ".join(TITLES[name] for name in names) + " | over C |", "| --- |" + " --- |" * (len(names) + 1)]
    for title, field, wanted, unit in rows():
        values = [shown(figures.median(name, field, **wanted), unit) for name in names]
        if any(values):
            lines.append(f"| {title} | " + " | ".join(values) + f" | {shown(figures.ratio('gateway', field, **wanted), 1, 2)} |")
    counted = [("event", "an event"), ("sign-in", "a sign-in")] + [(f"read of {what}", f"a read of {what}")
                                                                    for what in ("presence", "contacts", "snapshot")]
    for what, title in counted:
        for place, name in ((0, "allocations"), (1, "bytes")):
            own, other = (costs[subject]["allocations"][what][place] for subject in ("gateway", REFERENCE))
            lines.append(f"| {name} {title} | " + " | ".join(
                shown(costs[name_]["allocations"][what][place]) if name_ in costs else "" for name_ in names)
                + f" | {shown(own / other, 1, 2)} |")
    if all(costs[name]["calls"] for name in costs):
        sums = {name: sum(costs[name]["calls"].values()) for name in costs}
        lines.append("| system calls an event | " + " | ".join(shown(sums.get(name)) for name in names)
                     + f" | {shown(sums['gateway'] / sums[REFERENCE], 1, 2)} |")
    return lines


GOALS = [
    ("µs of processor time an event over C, 1,000 sessions, 1,000/s", "us", EVENTS, 1, 1.4, True),
    ("µs of processor time an event over C, 9,000 sessions, 1,000/s", "us", {**EVENTS, "sessions": 9000}, 1, 1.4, True),
    ("p50 in ms, 9,000 sessions, 1,000/s", "p50", {**EVENTS, "sessions": 9000}, 1000, 0.1, False),
    ("p99 in ms, 9,000 sessions, 1,000/s", "p99", {**EVENTS, "sessions": 9000}, 1000, 0.3, False),
    ("KB a session, 4,000 sessions", "rss_kb", {"kind": "memory", "sessions": 4000}, 1, 22, False),
    ("µs of processor time a sign-in", "us", {"kind": "signin", "sessions": 1000}, 1, 300, False),
    ("reads of presence a second over C", "rate", {"kind": "read", "what": "presence"}, 1, -0.85, True),
    ("reads of contacts a second over C", "rate", {"kind": "read", "what": "contacts"}, 1, -0.85, True),
    ("reads of snapshot a second over C", "rate", {"kind": "read", "what": "snapshot"}, 1, -0.85, True),
    ("µs of processor time a snapshot of 600 contacts", "us", {"kind": "large"}, 1, 150, False),
    ("events a second, nothing lost and p99 ≤ 10 ms", "rate", {"kind": "capacity"}, 1, -20_000, False),
    ("messages a second", "rate", {"kind": "messages"}, 1, -12_000, False),
    ("idle: anonymous memory in MB", "anonymous_kb", {"kind": "idle", "sessions": 1000}, 1024, 4, False),
    ("idle: all memory in MB", "rss_kb", {"kind": "idle", "sessions": 1000}, 1024, 28, False),
]
"""Title, field, what to look for, unit, the goal (negative: at least so much), and whether it is the ratio to the reference."""


def goals(figures, costs):
    """What is wanted, and what of it is there, as a table."""
    lines = ["| | goal | measured | |", "| --- | --- | --- | --- |"]

    def add(title, found, goal):
        met = found <= goal if goal > 0 else found >= -goal
        limit = f"{'≤' if goal > 0 else '≥'} {shown(abs(goal), 1, 0 if abs(goal) >= 10 or abs(goal) == int(abs(goal)) else None)}"
        lines.append(f"| {title} | {limit} | {shown(found)} | {'' if met else 'missed'} |")

    for title, field, wanted, unit, goal, is_ratio in GOALS:
        found = (figures.ratio if is_ratio else figures.median)("gateway", field, **wanted)
        if found is not None:
            add(title, found / unit, goal)
    for what, goal in (("event", 40), ("sign-in", 800)):
        add(f"allocations, {what}", costs["gateway"]["allocations"][what][0], goal)
    return lines


def where_time_goes(figures, sampled):
    """What an event's processor time is spent on, as a table: shares of samples, of the medians of unsampled rounds."""
    if not sampled:
        return "Not sampled: there is no `perf`, or it may not look."
    whole = {name: figures.median(name, "us", **EVENTS) for name in sampled}
    lines = ["| | " + " | ".join(TITLES[name] for name in sampled) + " |", "| --- |" + " --- |" * len(sampled)]
    groups = {group: None for name in sampled for group in sampled[name]}
    for group in sorted(groups, key=lambda group: -max(sampled[name].get(group, 0) * whole[name] for name in sampled)):
        figures_of = [sampled[name].get(group, 0) * whole[name] for name in sampled]
        if max(figures_of) >= 0.1:
            lines.append(f"| {group} | " + " | ".join(shown(value, 1, 1) if value >= 0.05 else "" for value in figures_of) + " |")
    lines.append("| all | " + " | ".join(shown(whole[name], 1, 1) for name in sampled) + " |")
    return "\n".join(lines)


def pictures(figures, names, folder):
    """Writes the charts; lines that show them."""
    def by(kind, field, axis, unit=1.0, **fixed):
        series = {}
        for name in names:
            xs = sorted({note[axis] for note in figures.notes if note["subject"] == name and note["kind"] == kind and axis in note
                         and all(note.get(key) == value for key, value in fixed.items())})
            points = [(x, figures.median(name, field, kind=kind, **{axis: x}, **fixed)) for x in xs]
            series[name] = [(x, y / unit) for x, y in points if y]
        return series

    wanted = [
        ("events", "Processor time an event, 1,000 sessions", "events a second", "µs",
         by("events", "us", "rate", sessions=1000)),
        ("latency", "From due to heard, 99 of 100, 1,000 sessions", "events a second", "ms",
         by("events", "p99", "rate", 1000, sessions=1000)),
        ("sessions", "Processor time an event, 1,000 events a second", "sessions", "µs",
         by("events", "us", "sessions", rate=1000)),
        ("memory", "Memory a session", "sessions", "KB", by("memory", "rss_kb", "sessions")),
    ]
    lines = []
    for name, title, across, up, series in wanted:
        if sum(map(len, series.values())) == 0:
            continue
        (folder / f"performance-{name}.svg").write_text(chart(title, across, up, series, TITLES), encoding="utf-8")
        lines.append(f"![{title}](images/performance-{name}.svg)\n")
    return lines


PAGE = """# Performance

`make bench` writes this page: what the gateway costs, beside programs that do the same job with the same bytes on the same
machine in the same run. Figures are medians of {rounds}; *over C* is the median of each round's ratio of the gateway
to the reference, which is a program in C on the same library that the gateway uses. What others have measured elsewhere
can't be compared with it, the ratios can. {quick}

The machine: {machine}. Driver and server share its cores.

{table}

{messages}

{pictures}
## Goals

{goals}

What is missed is in [decisions.md](decisions.md#speed), with what it would take.

## Where an event's time goes

Microseconds of processor time, 1,000 sessions, 1,000/s: `perf` samples what each is in, the kernel by the system call, the gateway by
the target of its functions.

{profile}

## What is measured

One process in C is an MSN server and the clients of all accounts (`Benchmarks/driver`). Events come by a schedule,
whatever comes back, and an event's time counts from when it was due, not from when it was sent; so waiting is not hidden.
The driver's own part, {driver} µs an event, is not counted. Processor time comes from the kernel's clock of each process, in
nanoseconds.

* **The job**: an account signs in with 20 contacts, whose addresses have 24 characters and are nobody else's contacts. Its
  client parks a poll on the same connection, for `presence.changed` alone. An event is a contact's change of presence: the
  server says `NLN`, the poll is answered, and the client parks the next one.
* **The gateway** is a build for release with its defaults, and signs in with an API key.
* **C on libmicrohttpd** (`Benchmarks/peers/mhd.c`) has the gateway's shape: a loop for each core, 512 daemons in all, suspended
  connections, the same header fields and JSON, a journal of 64 events. It has no limits, no time-outs of its server, no
  reconnects, no hashes of tokens.
* **Bare epoll** (`epoll.c`) is the same without a library: it reads requests of the driver and no others.
* **Node** (`server.mjs`) and **aiohttp** (`server.py`) are what anybody would write in an afternoon, on one thread.
* **Prosody** and **ejabberd** speak XMPP over BOSH: a component sends presence, and the waiting request is answered. Accounts
  are anonymous and have no contacts.
* **Reads** are asked for by 16 connections, each again when the answer is there.
* **Memory** is what the resident set grew by, for each session, once all of them have parked.
* **Allocations** are counted by an interposed `malloc`, one thing after the other; a `realloc` counts as one. System calls are
  counted by `strace` in the same way.
* **Context switches** are those of all threads, in the kernel's books.

{skipped}
## Commands

```sh
make bench            # all of it, some 25 minutes
make bench QUICK=1    # one round of the most of it, some 3 minutes
python3 Benchmarks/run.py BINARY --only gateway,mhd --quick --add   # some servers, as further rounds
python3 Benchmarks/run.py BINARY --report-only                      # this page from the last figures
python3 Benchmarks/costs.py BINARY                                  # allocations and system calls alone
python3 Benchmarks/sites.py BINARY event                            # which functions allocate
python3 Benchmarks/shares.py BINARY                                 # where the time goes
```

It needs a C compiler and 20,000 descriptors; whatever else is not there is left out, and named here. It installs nothing.
`--ahead` lets driver and servers go before other programs, which makes up for some of what a busy machine does to the times, and
for nothing of what it does to caches. `make test` holds what can be counted to the bounds of `Tests/Costs/bounds.json`.
"""


def write(results, docs):
    """The page and its pictures."""
    figures = Figures(results["notes"])
    names = [name for name in TITLES if any(note["subject"] == name for note in results["notes"])]
    count = figures.median("gateway", "rate", kind="messages")
    share = figures.median("gateway", "driver_share", kind="capacity")
    said = []
    if count:
        said.append(f"Messages from HTTP over the sandbox's servers to HTTP, 50 pairs, `pipelines` set: {shown(count)} a second.")
    if share:
        said.append(f"At the highest rate of events the driver took {share:.0%} of the processor time of both.")
    others = figures.median("gateway", "foreign", kind="events")
    if others is not None:
        said.append(f"Other programs had {others:.0%} of the processors meanwhile"
                    + ("; driver and servers went before them (`--ahead`)." if results["ahead"] else ".")
                    + (" Times and rates say little then." if others > BUSY else ""))
    calls = results["costs"]["gateway"]["calls"]
    if calls:
        said.append("The gateway's system calls an event: " + ", ".join(
            f"`{name}` {shown(number, 1, 1)}" for name, number in calls.items() if number >= 0.05) + ".")
    page = PAGE.format(
        rounds=f"{results['rounds']} rounds" if results["rounds"] > 1 else "one round",
        quick="This was a short run: take it as rough." if results["quick"] else "",
        machine=results["machine"], table="\n".join(table(figures, results["costs"], names)), messages="\n".join(said),
        goals="\n".join(goals(figures, results["costs"])), profile=where_time_goes(figures, results.get("profile")),
        pictures="\n".join(pictures(figures, names, docs / "images")),
        driver=shown(figures.median("gateway", "driver_us", **EVENTS)),
        skipped="".join(f"Left out here: {TITLES[name]} ({why}).\n" for name, why in results["skipped"].items()))
    (docs / "performance.md").write_text(page, encoding="utf-8")
