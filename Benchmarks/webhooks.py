"""What webhooks bear, on a build for release: webhooks.py PATH-OF-MSNP-GATEWAY [PATH-OF-AN-OLDER-ONE]

Says how many events go through one endpoint in a second, with and without a state directory; how long an event takes to 200
endpoints, alone and beside some that are stopped; and what an idle process has of memory, the older one's beside it, and with
its first webhook.
"""

import contextlib
import datetime
import http.server
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "EndToEnd"))

from harness import Gateway
from stage import BOB, until
from talker import Talker

# More from one room would be a flood, and of what is ahead of the receiver a journal keeps 1 MiB.
EVENTS, AHEAD = 12_000, 1_000
KEYS, ENDPOINTS, ROUNDS = 4, 50, 40


class Receiver:
    """Says 204 to everything, and notes when which event came."""

    def __init__(self):
        self.count, self.delays = 0, []
        self.changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                now = time.time()
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                events = json.loads(body)["events"]
                with receiver.changed:
                    receiver.count += len(events)
                    receiver.delays += [now - datetime.datetime.fromisoformat(e["time"]).timestamp() for e in events]
                    receiver.changed.notify_all()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, *_):
                """A gateway that ends breaks connections off."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: self.count >= count, 120), (self.count, count)

    def take(self):
        with self.changed:
            delays, self.delays = self.delays, []
        return delays


class Stopped:
    """Takes connections, and never says anything."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"


@contextlib.contextmanager
def gateway(binary, keys, options=()):
    """A gateway with so many API keys, and these."""
    with tempfile.TemporaryDirectory() as folder:
        made = [
            subprocess.run(
                [binary, "keys", "add", f"k{number}", "--state", folder], capture_output=True, text=True, check=True
            ).stdout.strip() for number in range(keys)]
        config = pathlib.Path(folder, "config.yaml")
        config.write_text("\n".join(["sandbox:", "  accounts: 20", *options]) + "\n", encoding="utf-8")
        running = Gateway(binary, "--state", folder, "--config", str(config), "--webhook-allow", "127.0.0.1")
        try:
            yield running, made
        finally:
            running.stop()


def call(running, method, path, key, body=None):
    status, _, answer = running.call(method, path, key, body)
    assert status in (200, 201), answer
    return answer


def rate(binary, name, options):
    receiver = Receiver()
    with gateway(binary, 1, options) as (running, keys):
        alice = {"account": "alice@example.com", "password": "sandbox"}
        call(running, "POST", "/v1/sessions", keys[0], alice)
        call(running, "POST", "/v1/webhooks", keys[0], {"url": receiver.url, "types": ["message.*"]})
        talker = Talker(running.sandbox_port, BOB, alice["account"], lambda _: None)
        room = until(talker.call, "a room")
        payload = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nHow is the weather there?"
        started = time.monotonic()
        for first in range(0, EVENTS, 500):
            for _ in range(500):
                room.say("MSG", "N", payload)
            receiver.wait(first + 500 - AHEAD)
        receiver.wait(EVENTS)
        print(f"{name}: {EVENTS / (time.monotonic() - started):.0f} events/s through one endpoint")
        talker.leave()


def beside(binary):
    receiver, stopped = Receiver(), Stopped()
    with gateway(binary, KEYS) as (running, keys):
        sessions = []
        for number, key in enumerate(keys):
            who = {"account": f"user{number + 1:04}@example.com", "password": "sandbox"}
            sessions.append((key, call(running, "POST", "/v1/sessions", key, who)["session"]["id"]))
            for _ in range(ENDPOINTS):
                call(running, "POST", "/v1/webhooks", key, {"url": receiver.url, "types": ["presence.own"]})

        def measure(name):
            receiver.take()
            for number in range(ROUNDS):
                for key, session in sessions:
                    before = receiver.count
                    status = "busy" if number % 2 else "away"
                    call(running, "PUT", f"/v1/sessions/{session}/presence", key, {"status": status})
                    receiver.wait(before + ENDPOINTS)
            delays = sorted(receiver.take())
            print(f"{name}: p50 {statistics.median(delays) * 1000:.1f} ms, p99 {delays[len(delays) * 99 // 100] * 1000:.1f} ms "
                  f"of {len(delays)} deliveries to {KEYS * ENDPOINTS} endpoints")

        time.sleep(1)
        measure("nobody stopped")
        for key, _ in sessions:
            call(running, "POST", "/v1/webhooks", key, {"url": stopped.url, "types": ["presence.own"]})
        measure("one endpoint of each key stopped")
        measure("nobody stopped, or so it was before")


def memory(binary, name, with_webhook=False):
    def anonymous(running):
        time.sleep(3)
        text = pathlib.Path(f"/proc/{running.process.pid}/smaps_rollup").read_text(encoding="utf-8")
        return int(text.split("Anonymous:")[1].split()[0])

    found = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            key = subprocess.run(
                [binary, "keys", "add", "k", "--state", folder], capture_output=True, text=True, check=True).stdout.strip()
            running = Gateway(binary, "--state", folder)
            if with_webhook:
                call(running, "POST", "/v1/webhooks", key, {"url": "https://bot.example.com/"})
            found.append(anonymous(running))
            running.stop()
    print(f"{name}: {statistics.median(found)} KiB anonymous ({', '.join(map(str, found))})")


if __name__ == "__main__":
    new = sys.argv[1]
    for older in sys.argv[2:]:
        memory(older, "idle, older")
    memory(new, "idle")
    memory(new, "with a webhook", with_webhook=True)
    rate(new, "in memory", ["store: memory"])
    rate(new, "with state", [])
    beside(new)
