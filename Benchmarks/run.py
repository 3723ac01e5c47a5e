"""Measures the gateway and its peers in one run, and writes docs/performance.md: run.py BINARY [OPTIONS]

Each round starts every server anew, one after the other, so that what the machine does meanwhile meets all of them; what is
reported are medians over the rounds, and medians of each round's ratios. By hand, on a machine that does nothing else.
"""

import argparse
import json
import resource
import sys
import time

import costs
import load
import report
import shares
from load import HERE, Driver, build
from subjects import AIOHTTP, Epoll, Gateway, MicroHTTPD, Node, Sandbox
from xmpp import XMPP, Ejabberd, Prosody

ROOT = HERE.parent
OUT = ROOT / ".build/bench"
READS = {"presence": "/presence", "contacts": "/contacts", "snapshot": "/snapshot"}
PAIRS = 50


class Plan:
    """What is measured, and for how long."""

    def __init__(self, quick, rounds=None):
        self.rounds = rounds or (1 if quick else 5)
        self.milliseconds = 2000 if quick else 3000
        self.settle = 1500 if quick else 3000
        few, many = [500, 1000, 4000], [100, 500, 1000, 2000, 4000, 8000]
        alone = [1000]
        # The rates of each number of sessions, for each server.
        self.rates = {
            "gateway": {1000: few, 9000: alone} if quick else {100: alone, 1000: many, 4000: alone, 9000: alone},
            "epoll": {1000: few} if quick else {1000: few, 9000: alone},
            "node": {1000: few} if quick else {1000: many, 4000: alone, 9000: alone},
            "aiohttp": {1000: [500, 1000]},
            "prosody": {1000: [500, 1000]},
            "ejabberd": {1000: [500, 1000]},
        }
        # Rounds of those that take long to start, and are far off.
        self.few_rounds = {"prosody": 1, "ejabberd": 1, "aiohttp": 1} if quick else {"prosody": 3, "ejabberd": 3, "aiohttp": 3}
        self.rates["mhd"] = self.rates["gateway"]
        # Rounds in which the rest of what takes long is measured.
        self.capacity_rounds = 1 if quick else 3
        steps = [5000, 10000, 15000, 20000, 30000]
        self.capacity = steps if quick else sorted([*steps, 7500, 12500, 25000, 40000])


def measure(subject, driver, sessions, plan, notes):
    """One server with so many sessions: everything that is measured of it."""
    def note(kind, result, **more):
        notes.append({"subject": subject.name, "sessions": sessions, "kind": kind, **more, **result})

    driver.say("settle", 500)
    idle = driver.say("memory")
    note("idle", idle)
    note("signin", driver.say("signin", sessions))
    driver.say("park")
    driver.say("settle", plan.settle)
    full = driver.say("memory")
    note("memory", {name: (full[name] - idle[name]) / sessions for name in full})
    for rate in plan.rates[subject.name][sessions]:
        # The first second of a rate is not like the others.
        driver.say("events", rate, 500)
        note("events", driver.say("events", rate, plan.milliseconds), rate=rate)
    if sessions == 1000 and not isinstance(subject, XMPP):
        for name, path in READS.items():
            note("read", driver.say("read", path, 16, plan.milliseconds // 2), what=name)


def one(make, tools, sessions, plan, notes, contacts=20):
    """Starts a server, measures it and ends it."""
    began = time.monotonic()
    with Driver(tools, sessions, contacts) as driver, make().start(driver) as subject:
        measure(subject, driver, sessions, plan, notes)
    print(f"  {subject.name} with {sessions} sessions: {time.monotonic() - began:.0f} s", flush=True)


def large_snapshot(make, tools, notes):
    """Sessions with 600 contacts: what a snapshot of them takes."""
    with Driver(tools, 4, 600) as driver, make().start(driver) as subject:
        driver.say("signin", 4)
        driver.say("settle", 1000)
        notes.append({"subject": subject.name, "kind": "large", **driver.say("read", "/snapshot", 2, 1000)})


def capacity(make, tools, plan, notes):
    """How many events a second come through, with nothing lost and 99 of 100 within 10 ms."""
    best, share = None, None
    with Driver(tools, 1000) as driver, make().start(driver) as subject:
        driver.say("signin", 1000)
        driver.say("park")
        driver.say("settle", 1000)
        for rate in plan.capacity:
            result = driver.say("events", rate, 2000)
            if result["heard"] < result["sent"] or result["p99"] > 10000:
                break
            best = rate
            share = result["driver_us"] / (result["driver_us"] + result["us"])
        notes.append({"subject": subject.name, "kind": "capacity", "rate": best, "driver_share": share})


def messages(tools, binary, notes):
    """Messages from HTTP over the sandbox's servers to HTTP."""
    with Driver(tools, 2 * PAIRS) as driver, Sandbox(tools, binary, 2 * PAIRS).start(driver):
        driver.say("sandbox")
        driver.say("signin", 2 * PAIRS)
        # Milliseconds: none of them comes to the 2,000 that a session may send at once.
        notes.append({"subject": "gateway", "kind": "messages", **driver.say("messages", 1500)})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, help="how often everything is measured; 5, and 1 with --quick")
    parser.add_argument("--report-only", action="store_true", help="writes the page anew from the last run's figures")
    parser.add_argument("--add", action="store_true", help="adds rounds to the last run's figures")
    parser.add_argument("--only", help="servers to measure, with commas between their names")
    parser.add_argument("--ahead", action="store_true", help="lets driver and servers go before whatever else runs")
    arguments = parser.parse_args()
    load.ahead = arguments.ahead
    results = OUT / "results.json"
    if not arguments.report_only:
        results.parent.mkdir(parents=True, exist_ok=True)
        found = run(arguments.binary, arguments.quick, arguments.only, arguments.rounds)
        if arguments.add and results.exists():
            found = joined(json.loads(results.read_text(encoding="utf-8")), found)
        results.write_text(json.dumps(found), encoding="utf-8")
    report.write(json.loads(results.read_text(encoding="utf-8")), ROOT / "docs")


def joined(old, new):
    """The rounds of two runs of the same programs."""
    notes = old["notes"] + [{**note, "round": note["round"] + old["rounds"]} for note in new["notes"]]
    return {**new, "notes": notes, "rounds": old["rounds"] + new["rounds"], "skipped": {**old["skipped"], **new["skipped"]}}


def run(binary, quick, only=None, rounds=None):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    plan, tools, notes = Plan(quick, rounds), build(OUT), []
    skipped = {kind.name: why for kind in (Node, AIOHTTP, Prosody, Ejabberd) if (why := kind.missing())}
    for name, why in skipped.items():
        print(f"skipped: {name}: {why}")
    kinds = [kind for kind in (MicroHTTPD, Gateway, Epoll, Node, AIOHTTP, Prosody, Ejabberd) if kind.name not in skipped
             and (only is None or kind.name in only.split(","))]
    makers = {kind.name: lambda kind=kind: kind(tools, binary) for kind in kinds}
    largest = (most - 2000) // 2
    for turn in range(plan.rounds):
        print(f"round {turn + 1} of {plan.rounds}", flush=True)
        for sessions in (100, 1000, 4000, 9000):
            for kind in kinds:
                if sessions not in plan.rates[kind.name] or turn >= plan.few_rounds.get(kind.name, plan.rounds):
                    continue
                if sessions > largest:
                    print(f"  left out: {sessions} sessions need {2 * sessions + 2000} descriptors, and there are {most}")
                    continue
                found = []
                one(makers[kind.name], tools, sessions, plan, found)
                notes += [{"round": turn, **note} for note in found]
        found = []
        both = [name for name in ("mhd", "gateway") if name in makers]
        for name in both:
            large_snapshot(makers[name], tools, found)
        if turn < plan.capacity_rounds:
            for name in both:
                capacity(makers[name], tools, plan, found)
            if "gateway" in both:
                messages(tools, binary, found)
        notes += [{"round": turn, **note} for note in found]
    counted = costs.count(tools, binary)
    sampled = None if quick else shares.both(tools, binary)
    return {"quick": quick, "ahead": load.ahead, "rounds": plan.rounds, "notes": notes, "costs": counted, "profile": sampled,
            "skipped": skipped, "machine": report.machine()}


if __name__ == "__main__":
    sys.exit(main())
