"""What two people notice of an attacker: hostile.py PATH-OF-MSNP-GATEWAY [ATTACK...]

The attacker is a process of its own, at the lowest priority, that repeats one attack for 20 seconds at a rate that the table
says. Beside it one person writes to another twenty times a second; what is measured is the time from the call to the event.
Sixty seconds after the attack the gateway's memory, descriptors and processor time are looked at.
"""

import contextlib
import http.client
import itertools
import json
import multiprocessing
import os
import pathlib
import statistics
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Hostile"))

import attacks  # noqa: E402
from evil import BOB, Evil  # noqa: E402
from target import Raw, Target  # noqa: E402

# Seconds of each attack, between it and the last look, and between two messages.
ATTACK, AFTER, PAUSE = 20, 60, 0.05


def once(port, text, read=False):
    """Says something on a connection of its own, and leaves."""
    with contextlib.suppress(OSError):
        raw = Raw(port, text)
        if read:
            raw.socket.settimeout(2)
            raw.answer()
        raw.close()


def member_names(port, token, evil):
    once(port, attacks.request("POST", "/v1/sessions", BIG, attacks.JSON), read=True)


def small_member_names(port, token, evil):
    once(port, attacks.request("POST", "/v1/sessions", SMALL, attacks.JSON), read=True)


def header_values(port, token, evil):
    once(port, f"GET /v1 HTTP/1.1\r\n{attacks.HOST}Accept: {attacks.utf8(attacks.MARKS * 1_700)}\r\n\r\n", read=True)


def endless_chunk(port, token, evil):
    once(port, attacks.ENDLESS_CHUNK)


def unread_faults(port, token, evil):
    raw = Raw(port)
    with contextlib.suppress(OSError):
        raw.say(attacks.request("POST", "/v1/sessions", MANY, attacks.JSON))
    HELD.append(raw)


def unread_pages(port, token, evil):
    raw = Raw(port)
    with contextlib.suppress(OSError):
        raw.say(f"GET /docs HTTP/1.1\r\n{attacks.HOST}\r\n" * 30)
    HELD.append(raw)


def failing_sign_ins(port, token, evil):
    body = json.dumps({"account": f"user{next(NUMBERS) % 50:04}@example.com", "password": "wrong", "backend": "sandbox"})
    once(port, attacks.request("POST", "/v1/sessions", body, attacks.JSON + "Prefer: respond-async\r\n"), read=True)


def sign_in_at_evil(port, token, evil):
    """Signs in at the hostile backend, writes there, and signs out."""
    def call(method, path, body=None, bearer=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(
            method, path, json.dumps(body) if body else None,
            {"Content-Type": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})})
        answer = json.loads(connection.getresponse().read() or b"{}")
        connection.close()
        return answer

    with contextlib.suppress(OSError, http.client.HTTPException, KeyError, ValueError):
        answer = call("POST", "/v1/sessions", {"account": "alice@example.com", "password": "x", "backend": "evil"})
        path, secret = f"/v1/sessions/{answer['session']['id']}", answer["token"]
        call("POST", path + "/messages", {"to": BOB, "text": "hi"}, secret)
        call("DELETE", path, bearer=secret)


BIG, SMALL, MANY = attacks.long_member(1 << 20), attacks.long_member(7_000), attacks.many_members(8_000)
HELD, NUMBERS = [], itertools.count()
# What is repeated, how many times a second, and the hostile backend's script.
ATTACKS = {
    "nothing": (None, 1, "friendly"),
    "member names of 1 MiB": (member_names, 50, "friendly"),
    "member names of 7 KB": (small_member_names, 500, "friendly"),
    "header values of 7 KB": (header_values, 500, "friendly"),
    "endless chunks": (endless_chunk, 200, "friendly"),
    "unread faults": (unread_faults, 50, "friendly"),
    "unread pages": (unread_pages, 10, "friendly"),
    "failing sign-ins": (failing_sign_ins, 500, "friendly"),
    "long handles": (sign_in_at_evil, 1, "long handles"),
    "long fields": (sign_in_at_evil, 5, "long fields"),
    "long fonts": (sign_in_at_evil, 5, "long fonts"),
    "somebody else first": (sign_in_at_evil, 20, "somebody else first"),
}


def attacker(name, port, evil, done):
    """Repeats the attack at its rate, as far as its priority lets it, and says how often that was."""
    os.nice(19)
    action, rate, _ = ATTACKS[name]
    count, start = 0, time.monotonic()
    while (now := time.monotonic()) - start < ATTACK:
        if action:
            action(port, None, evil)
            count += 1
            # More unread ones than this are closed by limits anyway; the oldest goes.
            if len(HELD) > 200:
                HELD.pop(0).close()
        time.sleep(max(0, start + count / rate - time.monotonic()) if action else 1)
    done.put(count)


class Pair:
    """One person who writes to another, and the milliseconds until the other hears it."""

    def __init__(self, target):
        self.target = target
        self.sent, self.delays, self.failures = {}, [], 0
        (self.mine, self.token), (self.theirs, self.key) = (
            target.sign_in_at("sandbox", f"user{number:04}@example.com") for number in (1, 2))
        self.going = True
        self.threads = [threading.Thread(target=self._listen), threading.Thread(target=self._write)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        for thread in self.threads:
            thread.join()
        for session, secret in ((self.mine, self.token), (self.theirs, self.key)):
            self.target.call("DELETE", f"/v1/sessions/{session}", secret)

    def _write(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.target.port, timeout=60)
        for number in itertools.count():
            if not self.going:
                break
            self.sent[str(number)] = time.monotonic()
            connection.request(
                "POST", f"/v1/sessions/{self.mine}/messages", json.dumps({"to": "user0002@example.com", "text": str(number)}),
                {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            answer.read()
            self.failures += answer.status != 201
            time.sleep(PAUSE)
        connection.close()

    def _listen(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.target.port, timeout=60)
        after = "now"
        while self.going:
            connection.request(
                "GET", f"/v1/sessions/{self.theirs}/events?after={after}&wait=1&types=message.received",
                headers={"Authorization": f"Bearer {self.key}"})
            page = json.loads(connection.getresponse().read())
            now, after = time.monotonic(), page["next"]
            for event in page["events"]:
                self.delays.append((now - self.sent[event["data"]["text"]]) * 1000)
        connection.close()


def run(binary, name):
    _, rate, script = ATTACKS[name]
    with Evil(script) as evil, Target(binary, evil=evil) as target:
        target.serves()
        memory, descriptors = target.memory(), target.descriptors()
        done = multiprocessing.Queue()
        with Pair(target) as pair:
            process = multiprocessing.Process(target=attacker, args=(name, target.port, None, done))
            process.start()
            count = done.get(timeout=10 * ATTACK)
            process.join()
            peak = target.memory()
        time.sleep(AFTER)
        ticks = target.ticks()
        time.sleep(2)
        ticks = target.ticks() - ticks
        delays = sorted(pair.delays)
        p99 = delays[min(len(delays) - 1, int(len(delays) * 0.99))]
        print(
            f"{name:24} {rate:5}/s asked {count / ATTACK:6.0f}/s done | {len(delays):4} heard, {pair.failures} failed, "
            f"p50 {statistics.median(delays):6.1f} ms, p99 {p99:7.1f} ms, longest {delays[-1]:7.1f} ms | "
            f"MB {memory:4.0f}, {peak:4.0f} at the end, {target.memory() - memory:+5.0f} after {AFTER} s | "
            f"descriptors {target.descriptors() - descriptors:+d} | {ticks / 2:.0f} % of a processor", flush=True)


if __name__ == "__main__":
    for wanted in sys.argv[2:] or ATTACKS:
        run(os.path.abspath(sys.argv[1]), wanted)
