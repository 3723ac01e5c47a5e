"""How long a start takes that finds many sessions: restart.py PATH-OF-MSNP-GATEWAY [--sessions N] [--events N] [--contacts N]
[--rates 0,50] [--end kill|term]

Signs sessions in at a server of its own, has events happen in each, and ends the gateway, once for each of the rates of
sign-ins (0: as many as are let in at a time). Printed are, of the directory, what it takes; of each start, the time until
`/readyz` is 200, until a session can be read that was picked at random, until all are online again, and what the gateway has of
memory then. The server is a program in Python: of a start without a rate it may be the half.
"""

import argparse
import asyncio
import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import tempfile
import time

import sessions

SIGN_INS = 64
"""At the same time, as many as the gateway lets in."""
PAUSE = 0.02
"""Seconds between two looks."""
LONGEST = 900
"""Seconds after which something hangs."""
ROUND = 20
"""Events of a session that come together: a burst of all would be more than may wait to be written."""


class Process:
    """A gateway with a state directory."""

    def __init__(self, binary, folder, address, rate, key):
        self.key = key
        self.began = time.monotonic()
        command = [binary, "serve", "--listen", "127.0.0.1:0", "--backend", f"bench={address}", "--state", f"{folder}/state",
                   "--state-key", f"{folder}/key"]
        # Elsewhere than in a pipe, which nobody would read.
        with open(f"{folder}/log", "wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT,
                env={**os.environ, "MSNP_GATEWAY_BACKEND_BENCH_SIGN_INS_PER_SECOND": str(rate)})
        self.log = pathlib.Path(folder, "log")

    async def listens(self):
        """Waits for the port."""
        while not (found := re.search(rb"http://127\.0\.0\.1:(\d+)", self.log.read_bytes())):
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            await asyncio.sleep(PAUSE / 4)
        self.port = int(found[1])

    async def get(self, path, key=None):
        """The status and the body of an answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        auth = f"Authorization: Bearer {key}\r\n" if key else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{auth}Connection: close\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        return int(head.split()[1]), body.decode()

    async def metric(self, name, label=""):
        """The sum over all that have a label."""
        status, text = await self.get("/metrics", self.key)
        assert status == 200, text
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.split("\n")
                   if re.match(rf"{name}[ {{]", line) and label in line)

    async def until(self, what, condition):
        """Seconds from the start of the process until a condition holds."""
        while not await condition():
            assert time.monotonic() - self.began < LONGEST, f"{what} takes more than {LONGEST} s"
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            await asyncio.sleep(PAUSE)
        return time.monotonic() - self.began

    def end(self, how):
        """Seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait()
        return time.monotonic() - began


async def fill(gateway, key, backend, options):
    """Signs in and has events come; the sessions' IDs."""
    readers = [sessions.Reader(f"user{number}@example.com") for number in range(options.sessions)]
    turns = asyncio.Semaphore(SIGN_INS)

    async def enter(reader):
        async with turns:
            await reader.sign_in(gateway.port, key)
            reader.writer.close()

    await asyncio.gather(*(enter(reader) for reader in readers))
    for first in range(0, options.events, ROUND):
        numbers = range(first, min(first + ROUND, options.events))
        for reader in readers:
            writer = backend.writers[reader.account]
            writer.write("".join(f"NLN NLN c0@example.com n{number}\r\n" for number in numbers).encode())
            await writer.drain()
    ids = [reader.path.split("/")[3] for reader in readers]

    async def has_last(session):
        path = f"/v1/sessions/{session}/contacts/c0@example.com"
        return f'"n{options.events - 1}"' in (await gateway.get(path, key))[1]

    for session in ids if options.events else []:
        await gateway.until("events", lambda session=session: has_last(session))
    return ids


async def start(gateway, ids, key, rate, options):
    async def is_ready():
        return (await gateway.get("/readyz"))[0] == 200

    async def is_all_online():
        return await gateway.metric("msnp_gateway_sessions", 'state="online"') >= len(ids)

    await gateway.listens()
    ready = await gateway.until("readiness", is_ready)
    status, body = await gateway.get(f"/v1/sessions/{random.choice(ids)}/events?after=oldest&wait=0&limit=500", key)
    read = time.monotonic() - gateway.began
    assert status == 200, body
    count = len(json.loads(body)["events"])
    assert count >= min(options.events, 500), f"{count} events can be read"
    online = await gateway.until("coming back", is_all_online)
    print(f"start         {'no rate' if not rate else f'{rate}/s':8} ready {ready:.2f} s, a session read {read:.2f} s "
          f"({count} events), all online {online:.1f} s; {sessions.memory(gateway.process) / 1e6:.0f} MB resident")


async def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("binary")
    parser.add_argument("--sessions", type=int, default=9000)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--contacts", type=int, default=20)
    parser.add_argument("--rates", default="0,50")
    parser.add_argument("--end", choices=["kill", "term"], default="kill")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    sessions.CONTACTS = options.contacts
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    backend = sessions.Backend()
    server = await asyncio.start_server(backend.play, "127.0.0.1", 0, backlog=1024)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    how = signal.SIGKILL if options.end == "kill" else signal.SIGTERM
    with tempfile.TemporaryDirectory() as folder:
        def command(*words):
            return subprocess.run([binary, *words], capture_output=True, text=True, check=True).stdout.strip()

        key = command("keys", "add", "bench", "--admin", "--state", f"{folder}/state")
        pathlib.Path(folder, "key").touch(mode=0o600)
        pathlib.Path(folder, "key").write_text(command("state", "key") + "\n", encoding="ascii")
        gateway = Process(binary, folder, address, 0, key)
        try:
            await gateway.listens()
            ids = await fill(gateway, key, backend, options)
            filled = time.monotonic() - gateway.began
            print(f"sessions      {len(ids)} with {options.contacts} contacts and {options.events} events each, in {filled:.1f} s; "
                  f"{sessions.memory(gateway.process) / 1e6:.0f} MB resident")
            dropped = await gateway.metric("msnp_gateway_journal_events_dropped_total")
            if dropped:
                print(f"dropped       {dropped:.0f} events, as there were too many")
            for rate in map(int, options.rates.split(",")):
                took = gateway.end(how)
                size = sum(file.stat().st_size for file in pathlib.Path(folder, "state").iterdir())
                print(f"end           {options.end}, {took:.2f} s; the directory has {size / 1e6:.1f} MB")
                gateway = Process(binary, folder, address, rate, key)
                await start(gateway, ids, key, rate, options)
        finally:
            gateway.end(signal.SIGKILL)
            server.close()


asyncio.run(main())
