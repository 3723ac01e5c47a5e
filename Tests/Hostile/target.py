"""A gateway under attack: how it is started, what it holds, and two people beside the attacker."""

import contextlib
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

import checks  # noqa: E402
from harness import PATIENCE, Gateway, Messenger, Raw  # noqa: E402

__all__ = ["KEPT", "PATIENCE", "ROOT", "Messenger", "Raw", "Target", "checks", "until"]

# MB that the process may hold more than before, once an attack is over: what an allocator keeps for itself, in a debug build
# that has never been busy before. What was found to be kept was some 100 and more.
KEPT = 60
# Processor ticks (10 ms) in two seconds of nothing to do; a loop that spins has 200, or its share of a busy machine.
IDLE_TICKS = 30
# Accounts `user0001@example.com` ... of the sandbox.
ACCOUNTS = 60


class Target(Gateway):
    """`serve --sandbox`, perhaps with a backend named `evil`, and what `/proc` says of it."""

    def __init__(self, binary, *arguments, evil=None, environment=None, prepare=None):
        if evil:
            arguments = ("--backend", evil.backend, *arguments)
            # The attack is not to be slowed down.
            environment = {"MSNP_GATEWAY_BACKEND_EVIL_SIGN_INS_PER_SECOND": "0", **(environment or {})}
        super().__init__(
            binary, *arguments, prepare=prepare,
            environment={"MSNP_GATEWAY_SANDBOX_ACCOUNTS": str(ACCOUNTS), **(environment or {})})
        self._next = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        alive = self.process.poll() is None
        if alive:
            self.stop()
        assert alive, "the gateway has died:\n" + "".join(self.log[-20:])

    # What it holds.

    def memory(self):
        """MB resident."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def ticks(self):
        """Processor time, in ticks."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    @contextlib.contextmanager
    def unharmed(self, kept=KEPT):
        """Whatever happens inside: afterwards it serves, and holds what it held before."""
        self.serves()
        memory, descriptors = self.memory(), self.descriptors()
        yield
        self.serves()
        until(lambda: self.descriptors() <= descriptors, lambda: f"descriptors: {descriptors}, then {self.descriptors()}")
        until(lambda: self.memory() <= memory + kept, lambda: f"MB: {memory:.0f}, then {self.memory():.0f}")
        self.rests()
        print(f"    {memory:.0f} MB before, {self.memory():.0f} MB after; {self.descriptors()} descriptors")

    # Whether it serves.

    def serves(self):
        """The probe answers, and two people sign in, and what the one says the other hears."""
        assert self.call("GET", "/livez")[0] == 200
        names = [f"user{1 + (self._next + place) % ACCOUNTS:04}@example.com" for place in range(2)]
        self._next += 2
        (mine, token), (theirs, key) = (self.sign_in_at("sandbox", name) for name in names)
        cursor = self.call("GET", f"/v1/sessions/{theirs}", key)[2]["cursor"]
        status, _, answer = self.call(
            "POST", f"/v1/sessions/{mine}/messages", token, {"to": names[1], "text": f"round {self._next}"})
        assert status == 201, answer
        heard = []
        while not heard:
            _, _, page = self.call("GET", f"/v1/sessions/{theirs}/events?after={cursor}&types=message.received", key)
            cursor = page["next"]
            heard = [event["data"]["text"] for event in page["events"]]
        assert heard == [f"round {self._next}"], heard
        for session, secret in ((mine, token), (theirs, key)):
            assert self.call("DELETE", f"/v1/sessions/{session}", secret)[0] == 204

    def rests(self):
        """Nothing is computed while nothing happens: what is measured is the process's own time, not the clock's."""
        session, token = self.sign_in_at("sandbox", "erin@example.com")
        spent = []
        # What was under way at the end of an attack may take a moment.
        for _ in range(3):
            before = self.ticks()
            # Of events that do not exist: two seconds by the gateway's own clock.
            self.call("GET", f"/v1/sessions/{session}/events?wait=2&types=journal.*", token)
            spent.append(self.ticks() - before)
            if spent[-1] <= IDLE_TICKS:
                break
        assert spent[-1] <= IDLE_TICKS, f"ticks in two idle seconds: {spent}"
        self.call("DELETE", f"/v1/sessions/{session}", token)

    def sign_in_at(self, backend, account, password="sandbox", headers=None):
        status, _, answer = self.call(
            "POST", "/v1/sessions", body={"account": account, "password": password, "backend": backend}, headers=headers)
        assert status in (200, 201), answer
        return answer["session"]["id"], answer["token"]

    def logged(self, pattern):
        """Waits for a line of the log that matches."""
        until(lambda: any(pattern.search(line) for line in list(self.log)), lambda: f"no line like {pattern.pattern}")

    def spends(self, action):
        """Processor ticks that the process needs while something is done."""
        before = self.ticks()
        action()
        return self.ticks() - before


def until(condition, description):
    """Waits for something that has to happen at all."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, description()
        time.sleep(0.05)
