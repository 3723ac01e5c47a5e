"""Mixed traffic with churn for a long time, and whether memory, descriptors and files stay as they are: soak.py BINARY [options].

People who stay talk, read by polls, consumers and streams, rename themselves and edit their lists; others come, talk and leave for
good. First they do so in a hurry until whatever has a limit is full (journals, the messages and the answers under a key that are
kept, the tokens that are known to be gone), and until memory and the database have stopped growing: what is let go and made anew
leaves holes, and is only level when all of it was made anew more than once. Then nothing may grow. Each sample is a row of a CSV
file, a plot is drawn of it, and the last line is `N passed, N failed`.
"""

import argparse
import asyncio
import collections
import contextlib
import csv
import json
import os
import pathlib
import random
import signal
import statistics
import sys
import time

from world import AGAIN, ROOT, World

sys.path.insert(0, str(ROOT / "Benchmarks"))

from plots import timeline  # noqa: E402

STAYING, VISITING = 24, 12
# Messages that each of those who stay sends at once: the gateway keeps the last 1,000 of a session and as many answers under a
# key, and 4,096 events, of which each message is three, the one that comes back among them.
FILLING = 1400
# Messages of each of those who stay after which all that is kept of them was made anew by mixed traffic, twice.
MADE_ANEW = FILLING + 2 * 1000
# Tokens of sessions that are gone which the gateway remembers (`RetiredTokens.most`), and those that a session has at most.
RETIRED, TOKENS = 20_000, 16
# Seconds between two actions of one person, on average: in the hour, and of those who stay, and those who come and go, while all
# is filled. A higher pace of the latter has more sessions wait to be forgotten than ever in the hour, and memory with room for them.
PACE, HURRY, VISITING_HURRY = 1.0, 1 / 16, 1 / 4
# Seconds between two samples.
SAMPLED = 5
# All is level once the median of so many samples is at most by so large a share above that of as many before them.
LEVEL, LEVEL_SHARE = 24, 0.01
# Seconds after which filling is given up; it takes ten minutes or so.
LONGEST_FILLING = 1800
# Seconds for which a session that was deleted can still be read (a setting), after which nothing of it is left.
DELETED_AGE = 15
# Seconds after which nothing is left of sessions that were deleted, nor of connections that are idle (30 s); and some more.
FORGOTTEN = 75
# Descriptors that a process may have beyond those that it had when it was new.
LAZILY_OPENED = 16
MIB = 1 << 20


class Channel:
    """One connection to the gateway, opened anew where it ended."""

    def __init__(self, soak):
        self.soak = soak
        self.reader = self.writer = None

    async def once(self, method, path, token, body=None, headers=()):
        """Status and JSON of one attempt; throws `OSError` where there was no whole answer."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.soak.world.port)
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", f"Content-Length: {len(data)}",
                 *(["Content-Type: application/json"] if data else []), *headers]
        try:
            self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + data)
            return await self._answer()
        except (OSError, asyncio.IncompleteReadError, IndexError, ValueError) as error:
            self.close()
            raise OSError(str(error)) from error

    async def _answer(self):
        status = int((await self.reader.readline()).split()[1])
        length = 0
        while (line := (await self.reader.readline()).lower()) != b"\r\n":
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif not line:
                raise OSError("the answer breaks off")
        text = await self.reader.readexactly(length)
        return status, json.loads(text) if text else {}

    async def call(self, what, method, path, token, body=None, headers=()):
        """Status and JSON of the answer that is one."""
        while True:
            try:
                status, answer = await self.once(method, path, token, body, headers)
            except OSError:
                await asyncio.sleep(0.2)
                continue
            self.soak.answered(what, status, answer.get("code"))
            if answer.get("code") not in AGAIN:
                return status, answer
            await asyncio.sleep(1)

    def close(self):
        if self.writer is not None:
            self.writer.close()
            self.writer = None


class Somebody:
    """An account of the gateway."""

    def __init__(self, soak, number):
        self.soak, self.number = soak, number
        self.account = f"user{number:04}@example.com"
        self.channel = Channel(soak)
        self.random = random.Random(soak.seed * 1000 + number)
        self.path = self.token = None
        self.sent = 0
        # Tokens that it was given since it came.
        self.tokens = 0
        # The ID of the first message that it sent.
        self.first = None

    async def sign_in(self):
        while True:
            status, answer = await self.channel.call(
                "sign-in", "POST", "/v1/sessions", self.soak.world.key, {"account": self.account, "password": "sandbox"},
                ["Prefer: wait=50"])
            if status in (200, 201):
                break
            await asyncio.sleep(1)
        self.path, self.token = f"/v1/sessions/{answer['session']['id']}", answer["token"]

    async def do(self, what, method, path, body=None, headers=()):
        return await self.channel.call(what, method, self.path + path, self.token, body, headers)

    async def send(self, other, text="x" * 60):
        self.sent += 1
        key = f'Idempotency-Key: "{self.account}-{self.sent}"'
        body = {"to": other, "text": f"{self.sent} {text}"}
        return await self.do("send", "POST", "/messages", body, [key])

    # MARK: - Those who stay

    def partner(self):
        """One of few, so that conversations go on."""
        return f"user{(self.number - 1 ^ 1) + 1:04}@example.com"

    async def fill(self):
        # The answer waits for the server, so that several are under way at the same time.
        channels = [Channel(self.soak) for _ in range(4)]

        async def some(channel):
            while self.sent < FILLING:
                self.sent += 1
                key = f'Idempotency-Key: "{self.account}-{self.sent}"'
                body = {"to": self.partner(), "text": f"{self.sent} " + "x" * 60}
                status, answer = await channel.call("send", "POST", self.path + "/messages", self.token, body, [key])
                if self.first is None and status in (201, 202):
                    self.first = answer["message"]["id"]
            channel.close()

        await asyncio.gather(*map(some, channels))

    async def lacking(self, channel):
        """What is not full, or was not made anew, of all that the gateway keeps of somebody who stays."""
        if self.sent < MADE_ANEW:
            yield f"{self.account} has sent {self.sent} of {MADE_ANEW} messages"
            return
        status, page = await channel.call("oldest", "GET", self.path + "/events?after=oldest&wait=0&limit=1", self.token)
        if status == 200 and page["events"] and page["events"][0]["seq"] == 1:
            yield f"the journal of {self.account} has let nothing go"
        status, _ = await channel.call("first", "GET", f"{self.path}/messages/{self.first}", self.token)
        if status == 200:
            yield f"the first message of {self.account} is still kept"

    async def stay(self):
        while True:
            await asyncio.sleep(self.random.expovariate(1 / self.soak.pace))
            other = f"user{self.random.randrange(STAYING) + 1:04}@example.com"
            kind = self.random.choices(
                ["send", "status", "name", "edit", "typing", "snapshot", "list", "again"], [55, 8, 2, 8, 8, 8, 6, 5])[0]
            if kind == "send":
                # Now and then somebody else, whose conversation falls silent and is closed by the server.
                await self.send(self.partner() if self.random.random() < 0.9 or other == self.account else other)
            elif kind == "status":
                status = self.random.choice(["online", "busy", "away"])
                await self.do(kind, "PUT", "/presence", {"status": status})
            elif kind == "name":
                await self.do(kind, "PATCH", "", {"displayName": f"N {self.random.randrange(1000)}"})
            elif kind == "edit":
                # Somebody who comes and goes, whether they are on the list or not.
                visitor = f"user{STAYING + 1 + self.random.randrange(VISITING):04}@example.com"
                if self.random.random() < 0.5:
                    await self.do("add", "PUT", f"/contacts/{visitor}", {})
                else:
                    await self.do("remove", "DELETE", f"/contacts/{visitor}")
            elif kind == "typing":
                status, answer = await self.do("conversations", "GET", "/conversations")
                if status == 200 and answer["conversations"]:
                    which = self.random.choice(answer["conversations"])["id"]
                    await self.do(kind, "POST", f"/conversations/{which}/typing")
            elif kind == "again":
                # Another token of the same session; the oldest one goes, and this is among the last.
                await self.sign_in()
            else:
                await self.do(kind, "GET", {"snapshot": "/snapshot", "list": "/contacts"}[kind])

    async def read(self):
        """Polls, by name or not, or a stream that is cut now and then."""
        kind = ["poll", "consumer", "stream"][self.number % 3]
        if kind == "stream":
            await self.soak.stream(lambda: (self.path + "/stream", self.token), self.random)
            return
        channel, cursor = Channel(self.soak), None
        while True:
            place = f"after={cursor}" if cursor else ("" if kind == "consumer" else "after=now")
            name = "consumer=soak&" if kind == "consumer" else ""
            status, page = await channel.call(kind, "GET", f"{self.path}/events?{name}wait=20&{place}", self.token)
            if status == 200:
                cursor = page["next"]
                self.soak.counts["events"] += len(page["events"])
            elif status == 410:
                cursor = None
            else:
                await asyncio.sleep(1)

    # MARK: - Those who come and go

    async def visit(self):
        while True:
            for _ in range(TOKENS if self.soak.phase == "filling" else 1):
                await self.sign_in()
                self.tokens += 1
            other = f"user{self.random.randrange(STAYING) + 1:04}@example.com"
            await self.do("add", "PUT", f"/contacts/{other}", {})
            for _ in range(self.random.randrange(12)):
                await self.send(other)
                await self.do("poll", "GET", "/events?after=oldest&wait=0&limit=500")
                await asyncio.sleep(self.random.expovariate(1 / self.soak.visiting_pace))
            await self.do("remove", "DELETE", f"/contacts/{other}")
            await self.leave()
            self.soak.counts["visits"] += 1
            self.soak.counts["tokens"] += self.tokens
            self.tokens = 0
            self.channel.close()
            await asyncio.sleep(self.random.expovariate(1 / self.soak.visiting_pace))

    async def leave(self):
        await self.do("leave", "DELETE", "")


class Soak:
    """One run."""

    def __init__(self, options):
        self.seed, self.seconds, self.kills = options.seed, options.seconds, options.kills
        self.world = World(os.path.abspath(options.binary), STAYING + VISITING, True,
                           {"MSNP_GATEWAY_LIMITS_DELETED_SESSION_AGE": str(DELETED_AGE)})
        self.samples = []
        self.answers, self.counts = collections.Counter(), collections.Counter()
        self.staying = [Somebody(self, number + 1) for number in range(STAYING)]
        self.visiting = [Somebody(self, STAYING + number + 1) for number in range(VISITING)]
        self.killed_at = []
        self.phase, self.pace, self.visiting_pace = "filling", HURRY, VISITING_HURRY

    def answered(self, what, status, code):
        self.answers[f"{what} {status}{' ' + code if code else ''}"] += 1

    async def stream(self, where, chance):
        """Reads a stream, and goes on where it was after each end."""
        last = ""
        while True:
            path, token = where()
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.world.port)
                try:
                    lines = [f"GET {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}"]
                    lines += [f"Last-Event-ID: {last}"] if last else []
                    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
                    async with asyncio.timeout(chance.uniform(20, 120)):
                        while line := await reader.readline():
                            if line.startswith(b"id:"):
                                last = line[3:].strip().decode()
                            elif line.startswith(b"data:"):
                                self.counts["events"] += 1
                            elif line.startswith(b"event: gap"):
                                last = ""
                finally:
                    writer.close()
            await asyncio.sleep(0.5)

    async def feed(self):
        channel, cursor = Channel(self), "now"
        while True:
            status, page = await channel.call("feed", "GET", f"/v1/events?wait=20&limit=500&after={cursor}", self.world.key)
            cursor = page["next"] if status == 200 else "now"
            self.counts["events"] += len(page.get("events", ()))

    async def run(self):
        self.began = time.monotonic()
        await Channel(self).call("fresh", "GET", "/v1", self.world.key)
        self.measure("fresh")
        await asyncio.gather(*(one.sign_in() for one in self.staying))
        reading = [asyncio.create_task(one.read()) for one in self.staying]
        reading.append(asyncio.create_task(self.feed()))
        reading.append(asyncio.create_task(self.stream(lambda: ("/v1/stream", self.world.key), random.Random(self.seed))))
        sampling = asyncio.create_task(self.sample())
        for one in self.staying:
            await one.do("add", "PUT", f"/contacts/{one.partner()}", {})
        await asyncio.gather(*(one.fill() for one in self.staying))
        doing = [asyncio.create_task(one.stay()) for one in self.staying]
        doing += [asyncio.create_task(one.visit()) for one in self.visiting]
        await self.fill(reading + doing)
        self.filled = time.monotonic() - self.began
        print(f"filled after {self.filled:.0f} s", flush=True)
        self.phase, self.pace, self.visiting_pace = "steady", PACE, PACE
        await self.wait(reading + doing)
        self.phase = "leaving"
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        for one in self.staying + self.visiting:
            # What was cancelled in its midst left an answer in the channel.
            one.channel.close()
            if one.token:
                await one.leave()
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        await asyncio.sleep(FORGOTTEN)
        sampling.cancel()
        self.measure("left")

    async def fill(self, tasks):
        """Until whatever has a limit is full, and nothing grows any more."""
        channel = Channel(self)
        while True:
            await asyncio.sleep(SAMPLED)
            self.check(tasks)
            lacking = [what for one in self.staying async for what in one.lacking(channel)] or list(self.growing())
            if self.counts["tokens"] < RETIRED:
                lacking.append(f"{self.counts['tokens']} of {RETIRED} tokens are gone")
            if not lacking:
                channel.close()
                return
            assert time.monotonic() - self.began < LONGEST_FILLING, (
                f"not all is full and level after {LONGEST_FILLING} s: " + "; ".join(lacking))

    def growing(self):
        """What still grows while all is filled."""
        recent = [one for one in self.samples if one["phase"] == "filling"][-2 * LEVEL:]
        if len(recent) < 2 * LEVEL:
            yield f"{len(recent)} samples are too few to tell what grows"
            return
        for name in ("anonymous", "database"):
            before, after = (statistics.median(one[name] for one in part) for part in (recent[:LEVEL], recent[LEVEL:]))
            if after > before * (1 + LEVEL_SHARE):
                yield f"{name} has grown from {before / MIB:.1f} to {after / MIB:.1f} MiB in {LEVEL * SAMPLED} s"

    def check(self, tasks):
        """Throws what ended one of the tasks, or where the gateway has ended."""
        for task in tasks:
            if task.done():
                task.result()
        assert self.world.gateway.poll() is None, "the gateway has ended"

    async def wait(self, tasks):
        """For as long as the traffic is to last, killing the gateway as often as was asked for."""
        for number in range(self.kills + 1):
            await asyncio.sleep(self.seconds / (self.kills + 1))
            self.check(tasks)
            if number < self.kills:
                self.world.kill(signal.SIGKILL)
                self.world.start()
                self.killed_at.append(time.monotonic() - self.began)

    async def sample(self):
        while True:
            await asyncio.sleep(SAMPLED)
            self.measure(self.phase)

    def measure(self, phase):
        process = self.world.gateway.pid
        with contextlib.suppress(OSError, StopIteration):
            status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines())
            state = pathlib.Path(self.world.state)
            sizes = {path.suffix if path.suffix else path.name: path.stat().st_size for path in state.iterdir()}
            database = sum(size for name, size in sizes.items() if name.endswith(".db"))
            wal = sum(size for name, size in sizes.items() if name.endswith("-wal"))
            self.samples.append({
                "seconds": round(time.monotonic() - self.began), "phase": phase,
                "resident": int(status["VmRSS"].split()[0]) * 1024, "anonymous": int(status["RssAnon"].split()[0]) * 1024,
                "descriptors": len(os.listdir(f"/proc/{process}/fd")), "threads": int(status["Threads"]),
                "database": database, "wal": wal, "directory": sum(sizes.values()),
                "events": self.counts["events"], "visits": self.counts["visits"]})

    # MARK: - The end

    def verdicts(self):
        """What was looked at, and whether it stayed as it was."""
        since = max([self.filled + FORGOTTEN, *[at + FORGOTTEN for at in self.killed_at]])
        steady = [one for one in self.samples if one["phase"] == "steady" and one["seconds"] >= since]
        if len(steady) < 8:
            yield f"{len(steady)} samples since {since:.0f} s are too few", False
            return
        quarter = len(steady) // 4
        first, last = steady[:quarter], steady[-quarter:]

        def compare(name, unit, share, more, why):
            before, after = (statistics.median(one[name] for one in part) for part in (first, last))
            most = before * (1 + share) + more
            yield (f"{name}: {before / unit:.1f} in the first quarter, {after / unit:.1f} in the last, at most {most / unit:.1f}:"
                   f" {why}"), after <= most

        yield from compare("anonymous", MIB, 0.05, 2 * MIB, "whatever has a limit is full, and the allocator's holes remain")
        yield from compare("descriptors", 1, 0.1, 8, "conversations that are open differ from moment to moment")
        yield from compare("threads", 1, 0, os.cpu_count(), "Dispatch starts and ends workers, at most one for each core")
        yield from compare("database", MIB, 0.05, 8 * MIB, "rows are deleted thousands at a time, and their pages used again")
        wal = max(one["wal"] for one in steady)
        yield f"wal: at most {wal / MIB:.1f} MiB, and 64 are allowed: it is begun anew at each checkpoint", wal <= 64 * MIB
        fresh, left = self.samples[0]["descriptors"], self.samples[-1]
        yield (f"left: {left['anonymous'] / MIB:.1f} MiB and {left['descriptors']} descriptors once everybody has gone, and at most"
               f" {fresh + LAZILY_OPENED}: those of a new process and what is opened when it is needed first"
               ), left["descriptors"] <= fresh + LAZILY_OPENED

    def failures(self):
        """Answers that nobody should have had."""
        for name, count in self.answers.items():
            status = int(name.split()[1])
            # Of the oldest events of a journal that moves on quickly some go while they are read.
            if status == 500 or status in (400, 401, 410, 422) and not name.startswith("oldest "):
                yield f"{name}: {count} times"

    def write(self, table, plot):
        with open(table, "w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, self.samples[0])
            rows.writeheader()
            rows.writerows(self.samples)
        lines = {title: [(one["seconds"] / 60, one[name] / MIB) for one in self.samples]
                 for name, title in (("resident", "all memory"), ("anonymous", "anonymous memory"), ("database", "database"),
                                     ("wal", "WAL"))}
        drawn = timeline(f"{STAYING} people who stay, {VISITING} who come and go", "minutes", "MiB", lines)
        plot.write_text(drawn, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=3600, help="of traffic once all is full")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--csv", type=pathlib.Path, default=ROOT / ".build/soak.csv")
    parser.add_argument("--plot", type=pathlib.Path, default=ROOT / "docs/soak.svg")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.seconds} s, {options.kills} kills", flush=True)
    soak = Soak(options)
    passed = []
    try:
        asyncio.run(soak.run())
        soak.write(options.csv, options.plot)
        for text, holds in soak.verdicts():
            print("ok   " if holds else "WRONG", text)
            passed.append(holds)
        for text in soak.failures():
            print("WRONG", text)
            passed.append(False)
    except AssertionError as failure:
        print(f"WRONG {failure}\n" + "\n".join(soak.world.said().splitlines()[-40:]))
        passed.append(False)
    finally:
        soak.world.close()
    print(f"{dict(soak.counts)}\nanswers: {dict(sorted(soak.answers.items()))}")
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
