"""A gateway with state, an MSN server, and what fails between them; people and readers at the gateway's API."""

import http.client
import json
import os
import pathlib
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from faulty_proxy import FaultyProxy  # noqa: E402
from harness import PATIENCE, stable_port  # noqa: E402
from ledger import raw_events  # noqa: E402

# Seconds that a call is tried again for while the gateway is away or can't do it now; it only ends what hangs.
LONGEST = 120
# Seconds between two attempts.
PAUSE = 0.05
# What says that the same call makes sense again, its outcome being none so far.
AGAIN = {"reconnecting", "backend-busy", "state-unavailable", "shutting-down", "idempotency-in-progress", "rate-limited",
         "gateway-full"}


class Gone(Exception):
    """The run is over."""


class World:
    """The processes."""

    def __init__(self, binary, accounts, with_state):
        self.binary, self.with_state = binary, with_state
        self.scratch = tempfile.TemporaryDirectory()
        self.state = self.scratch.name + "/state"
        self.key = subprocess.run(
            [binary, "keys", "add", "chaos", "--state", self.state], capture_output=True, text=True, timeout=PATIENCE,
            check=True).stdout.strip()
        self.log = open(self.scratch.name + "/log", "w+b")
        server = stable_port()
        self.server = subprocess.Popen(
            [binary, "sandbox", "--listen", f"127.0.0.1:{server}", "--accounts", str(accounts)], stdout=self.log,
            stderr=subprocess.STDOUT)
        self.server_port = server
        self.proxy = FaultyProxy(server)
        self.port = stable_port()
        self.arguments = [
            "serve", "--listen", f"127.0.0.1:{self.port}", "--backend", f"msn=127.0.0.1:{self.proxy.port}", "--state", self.state]
        if with_state:
            self.state_key = self.scratch.name + "/state.key"
            line = subprocess.run([binary, "state", "key"], capture_output=True, timeout=PATIENCE, check=True).stdout
            pathlib.Path(self.state_key).write_bytes(line)
            os.chmod(self.state_key, 0o600)
            self.arguments += ["--state-key", self.state_key]
        self.gateway = None
        # Nobody reads any more, or nobody calls.
        self.is_read = self.is_over = False
        self.start()

    def start(self):
        self.gateway = subprocess.Popen([self.binary, *self.arguments], stdout=self.log, stderr=subprocess.STDOUT)

    def kill(self, sign):
        self.gateway.send_signal(sign)
        self.gateway.wait(PATIENCE)

    def close(self):
        self.is_over = self.is_read = True
        for process in (self.gateway, self.server):
            process.kill()
            process.wait()
        self.proxy.close()
        self.log.close()
        self.scratch.cleanup()

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    # MARK: - HTTP

    def once(self, method, path, token=None, body=None, headers=None):
        """Status and text of one attempt; throws `OSError` where there was no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE + 60)
        try:
            sent = {"Authorization": f"Bearer {token or self.key}", **(headers or {})}
            if body is not None:
                body = json.dumps(body)
                sent["Content-Type"] = "application/json"
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def call(self, method, path, token=None, body=None, headers=None, repeats=True):
        """Status and JSON of the answer that is one; None where there was none and the call is not to be repeated."""
        end = time.monotonic() + LONGEST
        while True:
            if self.is_over:
                raise Gone
            assert time.monotonic() < end, f"{method} {path} gets no answer"
            try:
                status, text = self.once(method, path, token, body, headers)
            except OSError:
                if not repeats:
                    return None, {}
                time.sleep(PAUSE)
                continue
            answer = json.loads(text) if text else {}
            if answer.get("code") not in AGAIN:
                return status, answer
            time.sleep(PAUSE)


class Person:
    """An account at the gateway: one thread that does things, one that reads, and one that reads by name."""

    def __init__(self, world, ledger, account, number):
        self.world, self.ledger, self.account, self.number = world, ledger, account, number
        self.session = self.token = None
        self.work = queue.Queue()
        self.threads = []

    def begin(self):
        self.sign_in()
        for body in (self._act, self._read, self._consume):
            thread = threading.Thread(target=self._guarded, args=(body,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def sign_in(self):
        status, answer = self.world.call(
            "POST", "/v1/sessions", body={"account": self.account, "password": "sandbox"}, headers={"Prefer": "wait=50"})
        assert status in (200, 201), (self.account, status, answer)
        session = answer["session"]["id"]
        if self.session not in (None, session):
            self.ledger.complain(f"{self.account} has another session: {self.session} became {session}")
        self.session, self.token = session, answer["token"]
        self.path = f"/v1/sessions/{session}"

    def _guarded(self, body):
        try:
            body()
        except Gone:
            pass
        except BaseException as error:
            self.ledger.complain(f"{self.account}: {body.__name__} ended: {error!r}")
            raise

    # MARK: - Doing

    def _act(self):
        while (action := self.work.get()) is not None:
            action(self)
            self.work.task_done()
        self.work.task_done()

    def call(self, what, method, path, body=None, headers=None, repeats=True):
        status, answer = self.world.call(method, self.path + path, self.token, body, headers, repeats)
        self.ledger.answered(what, status, answer.get("code"))
        if status in (401, 404, 410) and answer.get("code") not in ("contact-not-found",):
            self.ledger.complain(f"{self.account}: {what} is answered {status} {answer}")
        return status, answer

    def send(self, to, text, has_key):
        headers = {"Idempotency-Key": f'"{text}"'} if has_key else {}
        status, answer = self.call("send", "POST", "/messages", {"to": to, "text": text}, headers, repeats=has_key)
        if status in (201, 202):
            self.ledger.accept(self.session, answer["message"]["id"], text)
        elif status is None or answer.get("code") == "outcome-unknown":
            self.ledger.cannot_tell(text)
        elif status == 422:
            self.ledger.complain(f"{text} is refused as another message")

    # MARK: - Reading

    def _read(self):
        """Reads everything, and now and then something once more."""
        after, cursor = 0, "oldest"
        chance = random.Random(self.number)
        old = []
        while True:
            status, text = self._page(f"after={cursor}&wait=2&limit={chance.choice([1, 7, 100, 500])}")
            if status != 200:
                self.ledger.complain(f"{self.account}: a poll after {cursor} is answered {status} {text[:300]}")
                raise Gone
            page = raw_events(text)
            after = self.ledger.read("poll", self.session, page, after)
            answer = json.loads(text)
            cursor = answer["next"]
            if answer.get("ended") and not self.world.is_read:
                self.ledger.complain(f"{self.account}: the session ended")
                raise Gone
            old = [*old, (after, cursor)][-20:]
            if page and chance.random() < 0.1:
                before, earlier = chance.choice(old)
                status, text = self._page(f"after={earlier}&wait=0&limit=50")
                if status == 200:
                    self.ledger.read("second look", self.session, raw_events(text), before)
                else:
                    self.ledger.complain(f"{self.account}: a second look after {earlier} is answered {status}")

    def _consume(self):
        """Reads by name, and says what it has only after it had it."""
        had = None
        chance = random.Random(~self.number)
        while True:
            # Without `after` nothing is said, and the same comes again.
            commit = chance.random() < 0.7 and had is not None
            status, text = self._page(f"consumer=chaos&wait=2&limit=20{f'&after={had[1]}' if commit else ''}")
            if status != 200:
                self.ledger.complain(f"{self.account}: a consumer's poll is answered {status} {text[:300]}")
                raise Gone
            page = raw_events(text)
            committed = had[0] if commit else getattr(self, "_committed", 0)
            self._committed = committed
            last = self.ledger.read("consumer", self.session, page, committed)
            had = (last, json.loads(text)["next"]) if page else had

    def _page(self, query):
        while True:
            if self.world.is_read or self.world.is_over:
                raise Gone
            try:
                status, text = self.world.once("GET", f"{self.path}/events?{query}", self.token)
            except OSError:
                time.sleep(PAUSE)
                continue
            if status == 503:
                time.sleep(PAUSE)
                continue
            return status, text


def signals(number):
    """How a gateway ends: mostly at once."""
    return signal.SIGTERM if number % 4 == 0 else signal.SIGKILL
