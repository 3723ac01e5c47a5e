"""What many sessions cost: sessions.py PATH-OF-MSNP-GATEWAY [SESSIONS [EVENTS-A-SECOND]]

Each session has 20 contacts and a parked poll on a connection of its own. Printed are the time until the gateway is ready,
what each session adds to its resident memory, what one event from the backend to the answer of a parked poll takes of its
processor time (that poll's request and the next one's parking among it), and the time from the backend's write to the
client's read. Backend and clients are one process with one thread: with thousands of events a second, the last one is
theirs.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

CONTACTS = 20
SIGN_INS = 64
"""At the same time, as many as the gateway lets in."""
SECONDS = 20
"""For which events come."""


class Backend:
    """A server that lets everybody in and has everybody's contacts online."""

    def __init__(self):
        self.writers = {}

    async def play(self, reader, writer):
        # Sessions and the benchmark end in the middle of anything.
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await self.converse(reader, writer)

    async def converse(self, reader, writer):
        account = None
        members = [f"c{number}@example.com" for number in range(CONTACTS)]
        while line := await reader.readline():
            command, *words = line.decode().split()
            number = words[0] if words else ""
            if command == "VER":
                answer = [f"VER {number} MSNP6"]
            elif command == "INF":
                answer = [f"INF {number} MD5"]
            elif command == "USR" and words[2] == "I":
                account = words[3]
                answer = [f"USR {number} MD5 S 1"]
            elif command == "USR":
                answer = [f"USR {number} OK {account} {account} 1"]
            elif command == "SYN":
                answer = [f"SYN {number} 3"]
                # Who has the lists of this version gets none.
                for name in ("FL", "AL", "BL", "RL") if words[1] != "3" else ():
                    of = members if name != "BL" else []
                    answer += [f"LST {number} {name} 3 {i + 1} {len(of)} {who} Contact%20{i}" for i, who in enumerate(of)]
                    answer += [f"LST {number} {name} 3 0 0"] if not of else []
            elif command == "CHG":
                answer = [line.decode().strip()] + [f"ILN {number} NLN {who} Contact" for who in members]
                self.writers[account] = writer
            elif command == "PNG":
                answer = ["QNG"]
            else:
                answer = []
            writer.write("".join(word + "\r\n" for word in answer).encode())


class Reader:
    """A session and the connection that polls it."""

    def __init__(self, account):
        self.account = account

    async def call(self, head, body=b""):
        self.writer.write(head.encode() + body)
        status = await self.reader.readline()
        length = 0
        while (line := await self.reader.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        answer = json.loads(await self.reader.readexactly(length))
        assert status.split()[1] in (b"200", b"201"), answer
        return answer

    async def sign_in(self, port, key):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        body = json.dumps({"account": self.account, "password": "x"}).encode()
        answer = await self.call(
            f"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n", body)
        self.path = f"/v1/sessions/{answer['session']['id']}/events?types=presence.changed&wait=50&after="
        self.auth = f"Host: localhost\r\nAuthorization: Bearer {answer['token']}"
        self.cursor = answer["session"]["cursor"]

    async def read(self, sent, seconds):
        """Polls for ever; notes how long each event was under way."""
        while True:
            page = await self.call(f"GET {self.path}{self.cursor} HTTP/1.1\r\n{self.auth}\r\n\r\n")
            self.cursor = page["next"]
            for event in page["events"]:
                if began := sent.pop((self.account, event["data"]["displayName"]), None):
                    seconds.append(time.monotonic() - began)


def memory(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) * 1024


def processor(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(process, port, key, backend, count, rate):
    idle = memory(process)
    readers = [Reader(f"user{number}@example.com") for number in range(count)]
    turns = asyncio.Semaphore(SIGN_INS)

    async def enter(reader):
        async with turns:
            await reader.sign_in(port, key)

    began, used = time.monotonic(), processor(process)
    await asyncio.gather(*(enter(reader) for reader in readers))
    spent, used = time.monotonic() - began, processor(process) - used
    print(f"sign-ins      {count / spent:.0f}/s; the gateway's processor time for each {used / count * 1e6:.0f} µs")
    sent, seconds = {}, []
    polls = [asyncio.create_task(reader.read(sent, seconds)) for reader in readers]
    # All of them parked, and the events that a session begins with, read.
    await asyncio.sleep(5)
    print(f"memory        {idle / 1e6:.1f} MB idle, {(memory(process) - idle) / count / 1000:.1f} kB for each session")
    seconds.clear()
    used, began = processor(process), time.monotonic()
    statuses = {reader.account: "NLN" for reader in readers}
    for number in range(rate * SECONDS):
        account = random.choice(readers).account
        statuses[account] = "AWY" if statuses[account] == "NLN" else "NLN"
        sent[account, f"n{number}"] = time.monotonic()
        backend.writers[account].write(f"NLN {statuses[account]} c0@example.com n{number}\r\n".encode())
        if (ahead := began + (number + 1) / rate - time.monotonic()) > 0:
            await asyncio.sleep(ahead)
    await asyncio.sleep(1)
    used = processor(process) - used
    assert seconds, "no event came"
    centiles = statistics.quantiles(seconds, n=100)
    print(f"events        {len(seconds)} of {rate * SECONDS} at {rate}/s; processor time for each {used / len(seconds) * 1e6:.0f} µs; "
          f"latency median {centiles[49] * 1e3:.2f} ms, p99 {centiles[98] * 1e3:.2f} ms")
    for poll in polls:
        poll.cancel()


async def main():
    binary = os.path.abspath(sys.argv[1])
    count, rate = (int(word) for word in (sys.argv[2:] + ["4000", "500"][len(sys.argv) - 2:]))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    backend = Backend()
    server = await asyncio.start_server(backend.play, "127.0.0.1", 0, backlog=1024)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with tempfile.TemporaryDirectory() as state:
        key = subprocess.run([binary, "keys", "add", "bench", "--state", state], capture_output=True, text=True,
                             check=True).stdout.strip()
        began = time.monotonic()
        process = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", "--backend", f"bench={address}",
                                    "--state", state], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env={"MSNP_GATEWAY_STORE": "memory", "MSNP_GATEWAY_BACKEND_BENCH_SIGN_INS_PER_SECOND": "0",
                                        **os.environ})
        try:
            while "http://127.0.0.1:" not in (line := process.stdout.readline()):
                assert line, "the gateway ended"
            port = int(re.search(r"http://127\.0\.0\.1:(\d+)", line)[1])
            print("commands      one at a time to the server: the quirk pipelines is not set")
            print(f"ready         {(time.monotonic() - began) * 1e3:.0f} ms after its start")
            # Nobody else reads what it says, and a full pipe would hold it up.
            asyncio.get_running_loop().run_in_executor(None, process.stdout.read)
            await measure(process, port, key, backend, count, rate)
        finally:
            process.terminate()
            process.wait()
            server.close()


if __name__ == "__main__":
    asyncio.run(main())
