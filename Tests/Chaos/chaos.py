"""Random actions, faults, kills and restarts, and then what has to hold whatever happened: chaos.py BINARY [options].

The order of what is done comes from the seed alone, which is printed; when what happens, does not.
Closes with a line `N passed, N failed`.
"""

import argparse
import collections
import hashlib
import os
import random
import sys
import time

from ledger import Ledger
from world import PAUSE, Gone, Person, World, signals

from harness import PATIENCE
from talker import Line

PEOPLE = 6
# Steps between two kills of the gateway, on average.
KILLED_EACH = 100
# Steps that may wait to be done, for each person: what is asked for at one moment is seconds of work.
AHEAD = 3
# Descriptors that a process may have beyond those that it had when it was new: what is opened when it is needed first.
LAZILY_OPENED = 16


class Chaos:
    """One run."""

    def __init__(self, binary, seed, steps, kills, with_state):
        self.random = random.Random(seed)
        self.seed, self.steps, self.kills = seed, steps, kills
        self.ledger = Ledger()
        self.world = World(os.path.abspath(binary), PEOPLE, with_state)
        self.people = [
            Person(self.world, self.ledger, f"user{number:04}@example.com", number) for number in range(1, PEOPLE + 1)]
        self.texts = 0
        self.killed = collections.Counter()
        # Until which step something lasts that was begun.
        self.lasting = {}

    def run(self):
        self.baseline = None
        for person in self.people:
            person.begin()
        for person in self.people:
            for other in self.people:
                if other is not person:
                    person.call("add", "PUT", f"/contacts/{other.account}", {})
        kill_at = set(self.random.sample(range(self.steps), self.kills)) if self.kills else set()
        for step in range(self.steps):
            self._end_what_is_over(step)
            if step in kill_at:
                self._kill()
            elif self.random.random() < 0.06:
                self._fault(step)
            else:
                self._act()
        self.world.proxy.heal()
        self._settle()
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
        end = time.monotonic() + PATIENCE * 4
        while person.work.unfinished_tasks > AHEAD:
            assert time.monotonic() < end, f"{person.account} hangs"
            time.sleep(0.002)
        person.work.put(action)

    @staticmethod
    def _typing(person):
        status, answer = person.call("conversations", "GET", "/conversations")
        if status == 200 and answer["conversations"]:
            person.call("typing", "POST", f"/conversations/{answer['conversations'][0]['id']}/typing")

    def _fault(self, step):
        kind = self.random.choice(["cut", "cut", "cut", "half_close", "garble", "slow", "hold", "refuse"])
        self.ledger.count(kind)
        if kind in ("hold", "refuse"):
            getattr(self.world.proxy, kind)(True)
            self.lasting[kind] = step + self.random.randint(1, 20)
        else:
            self.world.proxy.fault(kind, self.random)

    def _end_what_is_over(self, step):
        for kind in [kind for kind, end in self.lasting.items() if end <= step]:
            del self.lasting[kind]
            getattr(self.world.proxy, kind)(False)

    def _kill(self):
        sign = signals(self.random.randrange(100))
        self.killed[sign.name] += 1
        self.world.kill(sign)
        self.world.start()

    # MARK: - The end

    def _settle(self):
        """All is done that was begun, everybody is online, and all events are read."""
        end = time.monotonic() + PATIENCE * 4
        for person in self.people:
            while person.work.unfinished_tasks:
                assert time.monotonic() < end, f"{person.account} hangs"
                time.sleep(PAUSE)
        for person in self.people:
            while (state := self._session(person)["state"]) != "online":
                assert time.monotonic() < end, f"{person.account} stays {state}: {self._session(person)}"
                time.sleep(PAUSE)
        for person in self.people:
            # The readers have seen the last event when they have seen this one.
            person.call("name", "PATCH", "", {"displayName": "The end"})
            cursor = self._session(person)["cursor"]
            head = int(cursor.rpartition(".")[2])
            while len(self.ledger.events[person.session]) < head:
                if self.ledger.complaints:
                    break
                assert time.monotonic() < end, f"of {head} events of {person.account} some are not read"
                time.sleep(PAUSE)

    def _session(self, person):
        return self.world.call("GET", person.path, person.token)[1]

    def _judge(self):
        self.ledger.judge()
        # Asking the server ends their sessions.
        self.world.is_read = True
        lists = {person: self._lists(person) for person in self.people}
        for person in self.people:
            theirs = server_lists(self.world.server_port, person.account)
            if lists[person] != theirs:
                self.ledger.complain(f"the lists of {person.account} are {lists[person]}, and at the server {theirs}")
        self._leave()

    def _lists(self, person):
        _, answer = self.world.call("GET", person.path + "/contacts", person.token)
        names = {"forward": "FL", "allow": "AL", "block": "BL", "reverse": "RL"}
        found = {name: set() for name in names.values()}
        for contact in answer["contacts"]:
            for name in contact["lists"]:
                found[names[name]].add(contact["account"])
        return found

    def _leave(self):
        """Nothing is left in the process of those who have left."""
        for person in self.people:
            self.world.call("DELETE", person.path, person.token)
        self.world.is_over = True
        end = time.monotonic() + PATIENCE
        while True:
            metrics = self.world.once("GET", "/metrics")[1]
            held = descriptors(self.world.gateway.pid)
            if held <= self._fresh_descriptors() + LAZILY_OPENED:
                break
            if time.monotonic() > end:
                self.ledger.complain(f"{held} descriptors are open at the end:\n{metrics}")
                break
            time.sleep(PAUSE)

    def _fresh_descriptors(self):
        if self.baseline is None:
            other = World(self.world.binary, 1, self.world.with_state)
            try:
                other.call("GET", "/v1")
                self.baseline = descriptors(other.gateway.pid)
            finally:
                other.close()
        return self.baseline


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


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
    options = parser.parse_args()
    kills = 0 if options.without_state else (
        options.steps // KILLED_EACH if options.kills is None else options.kills)
    print(f"seed {options.seed}, {options.steps} steps, {kills} kills", flush=True)
    chaos = Chaos(options.binary, options.seed, options.steps, kills, not options.without_state)
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
