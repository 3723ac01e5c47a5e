"""A gateway as a process, a raw MSNP client, and HTTP, with nothing but the standard library."""

import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import struct
import subprocess
import threading
import time

# For anything that has to happen at all; nothing is measured with it.
PATIENCE = 60


def stable_port():
    """One that nobody else is given by chance while nobody listens there: below those that the system hands out."""
    while True:
        port = random.SystemRandom().randint(20000, 29999)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class ClosedPort:
    """A port where nobody listens, and nobody else can until it is closed: it is bound and no more."""

    def __init__(self):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()


def seen(method, path, answer, data):
    """Notes an answer for Tests/Contract/check_answers.py, if the variable SEEN_ANSWERS says where."""
    if "SEEN_ANSWERS" in os.environ:
        line = json.dumps({
            "method": method, "path": path.split("?")[0], "route": None, "status": answer.status,
            "headers": answer.headers.items(), "body": data.decode(errors="replace")})
        with open(os.environ["SEEN_ANSWERS"], "a", encoding="utf-8") as file:
            file.write(line + "\n")


class Gateway:
    """`msnp-gateway serve --sandbox` on free ports."""

    def __init__(self, binary, *arguments, environment=None, prepare=None):
        """`prepare` runs in the new process before the gateway does."""
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--sandbox", "0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=prepare,
            env={**os.environ, **(environment or {})})
        self.log = []
        self.listening = threading.Event()
        self.port = self.sandbox_port = None
        threading.Thread(target=self._read, daemon=True).start()
        if not self.listening.wait(PATIENCE):
            self.process.kill()
            raise AssertionError("the gateway does not say where it listens:\n" + "".join(self.log))

    def _read(self):
        for line in self.process.stdout:
            self.log.append(line)
            if not self.port and '"message":"listening"' in line:
                said = json.loads(line)
                self.port, self.sandbox_port = (int(said[name].rpartition(":")[2]) for name in ("url", "sandbox"))
                self.listening.set()

    def call(self, method, path, token=None, body=None, headers=None):
        """Status, headers and JSON (or text) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE + 60)
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        seen(method, path, answer, data)
        try:
            return answer.status, answer.headers, json.loads(data)
        except ValueError:
            return answer.status, answer.headers, data.decode(errors="replace")

    def sign_in(self, account, password="sandbox"):
        status, _, answer = self.call("POST", "/v1/sessions", body={"account": account, "password": password})
        assert status == 201, answer
        return answer["session"]["id"], answer["token"]

    def stop(self):
        """Ends it as an operator would; its exit status and the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE), time.monotonic() - started
        finally:
            if self.process.poll() is None:
                self.process.kill()


class Raw:
    """A connection on which anything can be said."""

    def __init__(self, port, text=""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.say(text)

    def say(self, text):
        self.socket.sendall(text.encode("latin-1"))

    def rest(self):
        """Everything until the other side closes."""
        data = b""
        try:
            while more := self.socket.recv(65536):
                data += more
        except ConnectionResetError:
            pass
        return data.decode("latin-1")

    def answer(self):
        """The status and the body of the next answer."""
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        return answer.status, answer.read()

    def status(self):
        """The status of the next answer, whose body is read too."""
        return self.answer()[0]

    def until_read(self):
        """Waits until the other side's process has all that was said, and returns this."""
        own, other = (f":{name[1]:04X}" for name in (self.socket.getsockname(), self.socket.getpeername()))
        end = time.monotonic() + PATIENCE
        while True:
            with open("/proc/net/tcp", encoding="utf-8") as table:
                lines = [line.split() for line in table.readlines()[1:]]
            ends = {(line[1][-5:], line[2][-5:]): line[4].split(":") for line in lines}
            if int(ends[own, other][0], 16) == 0 == int(ends[other, own][1], 16):
                return self
            assert time.monotonic() < end, "it is not read"
            time.sleep(0.005)

    def reset(self):
        """Breaks off without a goodbye."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()


class Messenger:
    """A client of the protocol that knows no more than `nc` and a person would.

    It speaks the last dialect without challenges: who leaves one unanswered is signed out within a minute.
    """

    def __init__(self, port, account, password="sandbox"):
        self.account = account
        self.connect(port)
        self.number = 0
        self.say("VER", "MSNP5 CVR0")
        self.say("INF")
        place = self.say("USR", f"MD5 I {account}").split()[3]
        self.socket.close()
        self.connect(int(place.split(":")[1]))
        self.say("VER", "MSNP5 CVR0")
        self.say("INF")
        challenge = self.say("USR", f"MD5 I {account}").split()[4]
        self.say("USR", "MD5 S " + hashlib.md5((challenge + password).encode()).hexdigest())
        self.say("SYN", "0")
        self.say("CHG", "NLN")

    def connect(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.lines = self.socket.makefile("rb")

    def say(self, command, rest=""):
        """Sends a command and returns the first line that carries its number."""
        self.number += 1
        self.socket.sendall(f"{command} {self.number} {rest}".strip().encode() + b"\r\n")
        return self.wait(lambda words: words[1:2] == [str(self.number)])

    def wait(self, wanted):
        while True:
            line = self.lines.readline()
            assert line, "the server closed"
            text = line.decode().rstrip("\r\n")
            words = text.split(" ")
            if words[0] in ("MSG", "NOT", "IPG"):
                self.lines.read(int(words[-1]))
            if wanted(words):
                return text

    def leave(self):
        self.socket.sendall(b"OUT\r\n")
        self.socket.close()
