"""A server that outlives the gateways in front of it, and the directory that they leave to each other."""

import base64
import contextlib
import pathlib
import signal
import sqlite3
import subprocess
import tempfile
import time

from harness import PATIENCE, Gateway, stable_port

# Seconds between two looks at something that has to happen; it decides nothing.
PAUSE = 0.02
ALICE, BOB = "alice@example.com", "bob@example.com"


def until(look, what):
    """What a look finds, once it finds something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"it never happens: {what}"
        time.sleep(PAUSE)
    return found


class Stage:
    """A server that outlives the gateways in front of it, and the directory that they leave to each other."""

    def __init__(self, binary, with_key=True, server=None):
        self.binary = binary
        self.scratch = tempfile.TemporaryDirectory()
        self.state = self.scratch.name + "/state"
        self.key = self.run("keys", "add", "bot", "--state", self.state).strip()
        self.options = ["--state", self.state]
        if with_key:
            key = pathlib.Path(self.scratch.name, "state.key")
            key.touch(0o600)
            line = self.run("state", "key")
            key.write_text(line)
            self.sealing = base64.b64decode(line.split()[1])
            self.options += ["--state-key", str(key)]
        self.server = None
        if server is None:
            server = stable_port()
            self.server = subprocess.Popen(
                [binary, "sandbox", "--listen", f"127.0.0.1:{server}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.server_port = server
        self.options += ["--backend", f"msn=127.0.0.1:{server}"]
        self.gateways = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for gateway in self.gateways:
            if gateway.process.poll() is None:
                gateway.process.kill()
                gateway.process.wait()
        if self.server:
            self.server.send_signal(signal.SIGCONT)
            self.server.kill()
            self.server.wait()
        self.scratch.cleanup()

    def run(self, *words):
        return subprocess.run([self.binary, *words], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout

    def start(self, *options, environment=None):
        gateway = Gateway(self.binary, *self.options, *options, environment=environment)
        self.gateways.append(gateway)
        return gateway

    def sign_in(self, gateway, account, password="sandbox", status=201):
        found, _, answer = gateway.call("POST", "/v1/sessions", self.key, {"account": account, "password": password})
        assert found == status, (found, answer)
        return (answer["session"]["id"], answer["token"]) if status < 300 else None

    def rows(self, query):
        """What the database says, from beside the gateway."""
        with contextlib.closing(sqlite3.connect(f"file:{self.state}/state.db?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def files(self):
        return {path.name: path.read_bytes() for path in pathlib.Path(self.state).iterdir() if path.is_file()}


def kill(gateway):
    gateway.process.kill()
    gateway.process.wait()
