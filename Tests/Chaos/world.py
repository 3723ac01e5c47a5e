"""A gateway with state, an MSN server, and what fails between them; people and readers at the gateway's API."""

import collections
import contextlib
import http.client
import json
import os
import pathlib
import queue
import random
import resource
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

# Seconds that a call is tried again for while the gateway is away or can't do it now; it only ends what hangs, which is more
# than the longest waits of a session that comes back.
LONGEST = 1200
# Lines of the log that are kept.
LINES = 3000
# Seconds between two attempts.
PAUSE = 0.05
# What says that the same call makes sense again, its outcome being none so far.
AGAIN = {"reconnecting", "backend-busy", "state-unavailable", "shutting-down", "idempotency-in-progress", "rate-limited",
         "gateway-full"}
# Ends of sessions that what a server said wrongly explains.
ENDS = {"protocolError"}
# Pages of which one is read once more now and then: some hundred events, more than memory has of a session.
LOOKED_BACK = 200


class Gone(Exception):
    """The run is over."""


class World:
    """The processes."""

    def __init__(self, binary, accounts, with_state, settings=None):
        """`settings` are variables of the gateway's environment."""
        self.binary, self.with_state = binary, with_state
        self.environment = {**os.environ, **(settings or {})}
        self.scratch = tempfile.TemporaryDirectory()
        self.state = self.scratch.name + "/state"
        self.key = subprocess.run(
            [binary, "keys", "add", "chaos", "--state", self.state], capture_output=True, text=True, timeout=PATIENCE,
            check=True).stdout.strip()
        # A pipe: a limit of the sizes of files is not to concern it.
        self.lines = collections.deque(maxlen=LINES)
        server = stable_port()
        self.server = subprocess.Popen(
            [binary, "sandbox", "--listen", f"127.0.0.1:{server}", "--accounts", str(accounts)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
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
        # The process that runs, and the one that was told to end.
        self.gateway = self._killed = None
        # Nobody reads any more, or nobody calls.
        self.is_read = self.is_over = False
        self.start()

    def start(self):
        self.gateway = subprocess.Popen([self.binary, *self.arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment)
        threading.Thread(target=self._listen, args=(self.gateway,), daemon=True).start()

    def _listen(self, process):
        for line in process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip())

    def kill(self, sign):
        """Ends the gateway; its status."""
        self.check()
        self._killed = self.gateway
        self.gateway.send_signal(sign)
        return self.gateway.wait(PATIENCE)

    def check(self):
        """Throws where the gateway has ended by itself."""
        gateway = self.gateway
        status = gateway.poll()
        assert status is None or gateway is self._killed, f"the gateway has ended by itself, with {status}"

    def limit_files(self, size):
        """Has no file of the gateway grow beyond so many bytes, as on a full disk; nil for any size, as it is for a new process."""
        hard = resource.prlimit(self.gateway.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.gateway.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def log_size(self):
        """Bytes of the file in which what changes is written first."""
        return pathlib.Path(self.state + "/state.db-wal").stat().st_size

    def close(self):
        self.is_over = self.is_read = True
        self._killed = self.gateway
        for process in (self.gateway, self.server):
            process.kill()
            process.wait()
        self.proxy.close()
        self.scratch.cleanup()

    def said(self):
        return "\n".join(self.lines)

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

    def call(self, method, path, token=None, body=None, headers=None, repeats=True, attempts=None):
        """Status and JSON of the answer that is one; None where there was none and the call is not to be repeated.

        `attempts` takes in what came of each.
        """
        end = time.monotonic() + LONGEST
        while True:
            if self.is_over:
                raise Gone
            self.check()
            assert time.monotonic() < end, f"{method} {path} gets no answer"
            try:
                status, text = self.once(method, path, token, body, headers)
            except OSError as error:
                if attempts is not None:
                    attempts.append(repr(error))
                if not repeats:
                    return None, {}
                time.sleep(PAUSE)
                continue
            answer = json.loads(text) if text else {}
            if attempts is not None and (not attempts or attempts[-1] != (status, answer.get("code"))):
                attempts.append((status, answer.get("code")))
            if answer.get("code") not in AGAIN:
                return status, answer
            time.sleep(PAUSE)


class Grant:
    """A session of a person, with the last token of it."""

    def __init__(self, session, token):
        self.session, self.token = session, token
        self.path = f"/v1/sessions/{session}"


class Person:
    """An account at the gateway: one thread that does things, one that reads, and one that reads by name."""

    def __init__(self, world, ledger, account, number):
        self.world, self.ledger, self.account, self.number = world, ledger, account, number
        # All that there were; there is another only when one has ended by what made no sense.
        self.grants = []
        self.work = queue.Queue()
        self._renewing = threading.Lock()

    @property
    def grant(self):
        return self.grants[-1]

    def begin(self):
        self.sign_in()
        for body in (self._act, self._read, self._consume):
            threading.Thread(target=self._guarded, args=(body,), daemon=True).start()

    def sign_in(self):
        while True:
            status, answer = self.world.call(
                "POST", "/v1/sessions", body={"account": self.account, "password": "sandbox"}, headers={"Prefer": "wait=50"})
            if status in (200, 201):
                break
            # Its first connections fail as all others do.
            assert status >= 500 or answer["code"] == "session-ended", (self.account, status, answer)
            time.sleep(PAUSE)
        grant = Grant(answer["session"]["id"], answer["token"])
        if any(grant.session == other.session for other in self.grants):
            self.ledger.complain(f"{self.account} is given {grant.session} again, which has ended")
        self.grants.append(grant)

    def renew(self, grant):
        """Signs in anew where a session has ended, as a user would, if there is a reason for its end."""
        with self._renewing:
            if grant is not self.grant or self.world.is_read:
                return
            status, answer = self.world.call("GET", grant.path, grant.token)
            if status != 200 or answer["state"] != "ended" or answer.get("reason") not in ENDS:
                self.ledger.complain(f"{self.account}: {grant.session} ended: {status} {answer}")
                raise Gone
            self.ledger.count(f"sessions ended by {answer['reason']}")
            self.sign_in()

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
        while True:
            action = self.work.get()
            action(self)
            self.work.task_done()

    def call(self, what, method, path, body=None, headers=None, repeats=True, attempts=None):
        grant = self.grant
        status, answer = self.world.call(method, grant.path + path, grant.token, body, headers, repeats, attempts)
        self.ledger.answered(what, status, answer.get("code"))
        if status in (401, 404, 410) and answer.get("code") != "contact-not-found":
            self.ledger.complain(f"{self.account}: {what} is answered {status} {answer}")
        if answer.get("code") == "session-ended":
            self.renew(grant)
        return status, answer, grant.session

    def send(self, to, text, has_key):
        headers = {"Idempotency-Key": f'"{text}"'} if has_key else {}
        body = {"to": to, "text": text}
        attempts = self.ledger.attempts[text]
        attempts.append("with a key" if has_key else "once")
        status, answer, session = self.call("send", "POST", "/messages", body, headers, has_key, attempts)
        if status in (201, 202):
            self.ledger.accept(session, answer["message"]["id"], text, body if has_key else None)
        elif status == 422:
            self.ledger.complain(f"{text} is refused as another message")

    # MARK: - Reading

    def _read(self):
        """Reads everything, and now and then something once more."""
        chance = random.Random(self.number)
        while True:
            grant = self.grant
            after, cursor, had = 0, "oldest", collections.deque(maxlen=LOOKED_BACK)
            while True:
                status, text = self._page(grant, f"after={cursor}&wait=2&limit={chance.choice([1, 7, 100, 500])}")
                if status != 200:
                    self.ledger.complain(f"{self.account}: a poll after {cursor} is answered {status} {text[:300]}")
                    raise Gone
                page, answer = raw_events(text), json.loads(text)
                after, cursor = self.ledger.read("poll", grant.session, page, after), answer["next"]
                had.append((after, cursor))
                if page and chance.random() < 0.1:
                    before, earlier = chance.choice(had)
                    status, text = self._page(grant, f"after={earlier}&wait=0&limit=50")
                    if status == 200:
                        self.ledger.read("second look", grant.session, raw_events(text), before)
                    else:
                        self.ledger.complain(f"{self.account}: a second look after {earlier} is answered {status}")
                if answer.get("ended"):
                    break
            self.renew(grant)

    def _consume(self):
        """Reads by name, and says what it has only after it had it."""
        chance = random.Random(~self.number)
        while True:
            grant = self.grant
            had, committed = None, 0
            while True:
                # Without `after` nothing is said, and the same comes again.
                if chance.random() < 0.7 and had is not None:
                    committed, place = had[0], f"&after={had[1]}"
                else:
                    place = ""
                status, text = self._page(grant, f"consumer=chaos&wait=2&limit=20{place}")
                if status != 200:
                    self.ledger.complain(f"{self.account}: a consumer's poll is answered {status} {text[:300]}")
                    raise Gone
                page, answer = raw_events(text), json.loads(text)
                last = self.ledger.read("consumer", grant.session, page, committed)
                had = (last, answer["next"]) if page else had
                if answer.get("ended"):
                    break
            self.renew(grant)

    def _page(self, grant, query):
        while True:
            if self.world.is_read or self.world.is_over:
                raise Gone
            self.world.check()
            try:
                status, text = self.world.once("GET", f"{grant.path}/events?{query}", grant.token)
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
