"""Random actions, faults, kills and restarts, and then what has to hold whatever happened: chaos.py BINARY [options].

The order of what is done comes from the seed alone, which is printed; when what happens, does not.
Closes with a line `N passed, N failed`.
"""

import argparse
import collections
import hashlib
import math
import os
import pathlib
import random
import re
import sys
import time
import typing

from feeds import FeedReaders
from ledger import Ledger
from world import LONGEST, PAUSE, Gone, Person, World, signals

from harness import PATIENCE
from talker import Line

PEOPLE = 6
# Steps between two kills of the gateway, on average.
KILLED_EACH = 100
# Steps that may wait to be done, for each person: who waits for a server to come back holds the others up only then.
AHEAD = 12
# Seconds that a step may have to wait for a person before what is wrong with everything ends early.
LASTS = 1
# Faults that last for some steps.
LASTING = {"hold", "refuse", "disk"}
# Descriptors and threads that a process may have beyond those that it had when it was new: what is opened when it is needed first.
LAZILY_OPENED = 16
# Bytes of anonymous memory that each session may have left: its journal and its messages are that at the most, and what is let
# go leaves holes that the allocator keeps.
KEPT_FOR_EACH = 4 << 20
# Messages under a key that are asked for once more at the end.
REPEATED = 50


class Chaos:
    """One run."""

    def __init__(self, binary, options, kills):
        self.random = random.Random(options.seed)
        self.seed, self.steps, self.kills = options.seed, options.steps, kills
        self.faults = 0 if options.without_faults else 0.06
        self.with_state = not options.without_state
        self.ledger = Ledger()
        self.world = World(os.path.abspath(binary), PEOPLE, self.with_state)
        self.people = [
            Person(self.world, self.ledger, f"user{number:04}@example.com", number) for number in range(1, PEOPLE + 1)]
        self.feeds = FeedReaders(self.world, self.ledger, options.seed)
        self.texts = 0
        self.killed = collections.Counter()
        # Until which step something lasts that was begun.
        self.lasting = {}

    def run(self):
        self.feeds.begin()
        for person in self.people:
            person.begin()
        for person in self.people:
            for other in self.people:
                if other is not person:
                    person.call("add", "PUT", f"/contacts/{other.account}", {})
        began = time.monotonic()
        kill_at = set(self.random.sample(range(self.steps), self.kills)) if self.kills else set()
        for step in range(self.steps):
            self._end_what_is_over(step)
            if step in kill_at:
                self._kill()
            elif self.random.random() < self.faults:
                self._fault(step)
            else:
                self._act()
            if self.ledger.complaints:
                # What is under way would be found missing.
                print(f"found at step {step}", flush=True)
                return
            if step % 1000 == 999:
                print(f"{step + 1} steps, {time.monotonic() - began:.0f} s", flush=True)
        self._end_what_is_over(math.inf)
        self.world.proxy.heal()
        self._settle()
        if not self.ledger.complaints:
            self._judge()

    # MARK: - Steps

    def _act(self):
        person = self.random.choice(self.people)
        other = self.random.choice([one for one in self.people if one is not person]).account
        kind = self.random.choices(
            ["send", "status", "name", "block", "unblock", "remove", "add", "typing", "snapshot"],
            [60, 5, 5, 3, 6, 2, 6, 5, 8])[0]
        if kind == "send":
            self.texts += 1
            text, has_key = f"t{self.seed}-{self.texts}", self.random.random() < 0.8
            action = lambda one: one.send(other, text, has_key)  # noqa: E731
        elif kind == "status":
            status = self.random.choice(["online", "busy", "away"])
            action = lambda one: one.call(kind, "PUT", "/presence", {"status": status})  # noqa: E731
        elif kind == "name":
            name = f"N {self.random.randrange(1000)} é"
            action = lambda one: one.call(kind, "PATCH", "", {"displayName": name})  # noqa: E731
        elif kind in ("block", "unblock"):
            action = lambda one: one.call(  # noqa: E731
                kind, "PATCH", f"/contacts/{other}", {"blocked": kind == "block"})
        elif kind == "remove":
            action = lambda one: one.call(kind, "DELETE", f"/contacts/{other}")  # noqa: E731
        elif kind == "add":
            action = lambda one: one.call(kind, "PUT", f"/contacts/{other}", {})  # noqa: E731
        elif kind == "typing":
            action = self._typing
        else:
            action = lambda one: one.call(kind, "GET", "/snapshot")  # noqa: E731
        began = time.monotonic()
        while person.work.unfinished_tasks > AHEAD:
            if time.monotonic() > began + LASTS:
                # The end of what makes them wait may be the next step.
                self._end_what_is_over(math.inf)
            self.world.check()
            assert time.monotonic() < began + LONGEST, f"{person.account} hangs"
            time.sleep(0.002)
        person.work.put(action)

    @staticmethod
    def _typing(person):
        status, answer, _ = person.call("conversations", "GET", "/conversations")
        if status == 200 and answer["conversations"]:
            person.call("typing", "POST", f"/conversations/{answer['conversations'][0]['id']}/typing")

    def _fault(self, step):
        kind = self.random.choice(
            ["cut", "cut", "cut", "half_close", "garble", "slow", "hold", "refuse", *(["disk"] if self.with_state else [])])
        self.ledger.count(kind)
        is_at_once = self.random.random() < 0.5
        if kind in LASTING:
            self.lasting[kind] = step + self.random.randint(1, 20)
            if kind == "disk":
                # One that finds a full disk at its start says so and ends.
                self.world.call("GET", "/livez")
                # Nothing can be written any more, or what is there can be written once more.
                self.world.limit_files(0 if is_at_once else self.world.log_size())
            else:
                getattr(self.world.proxy, kind)(True)
        else:
            self.world.proxy.fault(kind, self.random)

    def _end_what_is_over(self, step):
        for kind in [kind for kind, end in self.lasting.items() if end <= step]:
            del self.lasting[kind]
            if kind == "disk":
                self.world.limit_files(None)
            else:
                getattr(self.world.proxy, kind)(False)

    def _kill(self):
        sign = signals(self.random.randrange(100))
        during_start = self.random.random() < 0.2
        again, delay = signals(self.random.randrange(100)), self.random.random() * 0.15
        # Another process has a disk of its own.
        self.lasting.pop("disk", None)
        self._end(sign)
        self.world.start()
        if during_start:
            time.sleep(delay)
            self.killed["during start"] += 1
            self._end(again)
            self.world.start()

    def _end(self, sign):
        self.killed[sign.name] += 1
        status = self.world.kill(sign)
        # Before it watches for the signal it ends by it.
        if status not in (-sign, 0):
            self.ledger.complain(f"the gateway ended with {status}, and not by {sign.name}")

    # MARK: - The end

    def _settle(self):
        """All is done that was begun, everybody is online, and all events are read."""
        end = time.monotonic() + LONGEST
        for person in self.people:
            while person.work.unfinished_tasks:
                if self.ledger.complaints:
                    return
                assert time.monotonic() < end, f"{person.account} hangs"
                time.sleep(PAUSE)
        for person in self.people:
            while (state := self._session(person.grant)["state"]) != "online":
                if state == "ended":
                    person.renew(person.grant)
                assert time.monotonic() < end, f"{person.account} stays {state}: {self._session(person.grant)}"
                time.sleep(PAUSE)
            # The readers have seen the last event when they have seen this one.
            person.call("name", "PATCH", "", {"displayName": "The end"})
        for person in self.people:
            for grant in person.grants:
                head = int(self._session(grant)["cursor"].rpartition(".")[2])
                while len(self.ledger.events[grant.session]) < head:
                    if self.ledger.complaints:
                        return
                    assert time.monotonic() < end, f"of {head} events of {grant.session} some are not read"
                    time.sleep(PAUSE)
                while behind := self.feeds.behind(grant.session, head):
                    if self.ledger.complaints:
                        return
                    assert time.monotonic() < end, f"{behind} of the feed have not read {head} events of {grant.session}"
                    time.sleep(PAUSE)

    def _session(self, grant):
        return self.world.call("GET", grant.path, grant.token)[1]

    def _judge(self):
        self._ask_again()
        self.ledger.judge(self.world.proxy.texts, self.world.proxy.refused)
        # Asking the server ends their sessions.
        self.world.is_read = True
        lists = {person: self._lists(person.grant) for person in self.people}
        for person in self.people:
            theirs = server_lists(self.world.server_port, person.account)
            if lists[person] != theirs:
                self.ledger.complain(f"the lists of {person.account} are {lists[person]}, and at the server {theirs}")
        self._leave()

    def _ask_again(self):
        """What was taken under a key is the same when it is asked for again, and nothing goes out for it."""
        grants = {person.grant.session: person.grant for person in self.people}
        asked = [entry for entry in self.ledger.keyed if entry[0] in grants][-REPEATED:]
        before = dict(self.world.proxy.texts)
        for session, message, body in asked:
            grant, key = grants[session], {"Idempotency-Key": f'"{body["text"]}"'}
            now = self.world.call("GET", f"{grant.path}/messages/{message}", grant.token)[1].get("delivery")
            if now == "failed":
                # Its key brings that, or, where nothing of it went out, sends it anew.
                continue
            status, answer = self.world.call("POST", grant.path + "/messages", grant.token, body, key)
            is_same = status in (201, 202) and answer["message"]["id"] == message
            if not is_same or (status == 202 and now not in (None, "pending")):
                self.ledger.complain(f"{session}: {body['text']} was message {message}, and is {status} {answer}")
        self.ledger.count("asked for again", len(asked))
        if dict(self.world.proxy.texts) != before:
            self.ledger.complain("something went out when it was asked for again")

    def _lists(self, grant):
        _, answer = self.world.call("GET", grant.path + "/contacts", grant.token)
        names = {"forward": "FL", "allow": "AL", "block": "BL", "reverse": "RL"}
        found = {name: set() for name in names.values()}
        for contact in answer["contacts"]:
            for name in contact["lists"]:
                found[names[name]].add(contact["account"])
        return found

    def _leave(self):
        """Nothing is left in the process of those who have left."""
        for person in self.people:
            self.world.call("DELETE", person.grant.path, person.grant.token)
        self.world.is_over = True
        fresh = self._fresh()
        sessions = sum(len(person.grants) for person in self.people)
        allowed = Held(
            fresh.descriptors + LAZILY_OPENED, fresh.threads + LAZILY_OPENED, fresh.anonymous + sessions * KEPT_FOR_EACH, fresh.tasks)
        end = time.monotonic() + PATIENCE
        while True:
            held = Held.of(self.world)
            if all(ours <= most for ours, most in zip(held, allowed)):
                break
            if time.monotonic() > end:
                self.ledger.complain(f"at the end there are {held}, and at most {allowed} are allowed")
                break
            time.sleep(PAUSE)
        print(f"at the end: {held}; allowed: {allowed}")

    def _fresh(self):
        other = World(self.world.binary, 1, self.with_state)
        try:
            other.call("GET", "/v1")
            return Held.of(other)
        finally:
            other.close()


class Held(typing.NamedTuple):
    """What a process has."""

    descriptors: int
    threads: int
    anonymous: int
    tasks: float

    @classmethod
    def of(cls, world):
        process = pathlib.Path(f"/proc/{world.gateway.pid}")
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        metrics = world.once("GET", "/metrics")[1]
        tasks = sum(
            float(value) for name, value in re.findall(r"^(msnp_gateway_(?:tasks|parked_polls|streams)\S*) (\S+)$", metrics, re.M))
        return cls(len(list((process / "fd").iterdir())), int(status["Threads"]), int(status["RssAnon"].split()[0]) * 1024, tasks)


def server_lists(port, account):
    """The lists as the server has them, asked by another client, which throws the gateway's session out."""
    found = collections.defaultdict(set)
    finished = []

    def heard(_, words, __):
        # LST number list version item total account name
        if words[0] == "LST":
            if len(words) > 6:
                found[words[2]].add(words[6])
            if words[2] == "RL" and words[4] == words[5]:
                finished.append(True)

    line = Line(port, heard)
    line.start()
    line.ask("VER", "MSNP5 CVR0")
    line.ask("INF")
    place = line.ask("USR", f"MD5 I {account}")[3].split(":")
    line.close()
    line = Line(int(place[1]), heard)
    line.start()
    line.ask("VER", "MSNP5 CVR0")
    line.ask("INF")
    challenge = line.ask("USR", f"MD5 I {account}")[4]
    line.ask("USR", "MD5 S " + hashlib.md5((challenge + "sandbox").encode()).hexdigest())
    line.ask("SYN", "0")
    assert line.wait(lambda: finished), f"the lists of {account} do not come"
    line.close()
    return {name: found[name] for name in ("FL", "AL", "BL", "RL")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--kills", type=int, help="of the gateway; a hundredth of the steps unless said")
    parser.add_argument("--without-state", action="store_true", help="never kills the gateway, which keeps nothing")
    parser.add_argument("--without-faults", action="store_true", help="has the gateway killed, and nothing else fail")
    options = parser.parse_args()
    kills = 0 if options.without_state else (
        options.steps // KILLED_EACH if options.kills is None else options.kills)
    print(f"seed {options.seed}, {options.steps} steps, {kills} kills", flush=True)
    chaos = Chaos(options.binary, options, kills)
    started = time.monotonic()
    try:
        chaos.run()
    except (AssertionError, Gone) as failure:
        chaos.ledger.complain(f"the run ended early: {failure!r}")
    finally:
        log = chaos.world.said()
        chaos.world.close()
    ledger = chaos.ledger
    print(f"{time.monotonic() - started:.0f} s; killed: {dict(chaos.killed)}; {dict(ledger.counts)}")
    print(f"events: {dict(ledger.types.most_common())}")
    print(f"answers: {dict(sorted(ledger.answers.items()))}")
    for complaint in ledger.complaints[:50]:
        print("WRONG", complaint)
    if ledger.complaints:
        print("the log ends with:\n" + "\n".join(log.splitlines()[-40:]))
    print(f"{int(not ledger.complaints)} passed, {int(bool(ledger.complaints))} failed")
    sys.exit(1 if ledger.complaints else 0)


if __name__ == "__main__":
    main()
