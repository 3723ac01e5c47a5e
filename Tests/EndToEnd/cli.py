"""Uses the commands of the built program as scripts and people do: cli.py PATH-OF-MSNP-GATEWAY [CHECK...]

Closes with a line `N passed, N failed` and fails if any check did.
"""

import contextlib
import http.client
import http.server
import itertools
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import socketserver
import ssl
import stat
import subprocess
import sys
import tempfile
import termios
import threading
import time
import urllib.parse

import checks
from harness import PATIENCE, ClosedPort, Gateway, stable_port
from stage import ALICE, BOB, Stage, until

PASSWORD = "sandbox"


class Person:
    """Somebody at a machine, with a directory for what commands keep."""

    def __init__(self, binary, url):
        self.binary, self.url = binary, url
        self.scratch = tempfile.TemporaryDirectory()
        self.home = pathlib.Path(self.scratch.name)
        self.environment = {
            "HOME": str(self.home), "XDG_STATE_HOME": str(self.home / "state"), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.scratch.cleanup()

    def run(self, *words, input="", status=0, cwd=None):
        """Runs a command to its end, which has to be this one; what it said on both sides."""
        done = subprocess.run(
            [self.binary, *words], input=input, capture_output=True, text=True, errors="surrogateescape", timeout=PATIENCE,
            env=self.environment, cwd=cwd)
        assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout, done.stderr

    def login(self, account=ALICE, *words):
        self.run("login", account, "--gateway", self.url, *words, input=PASSWORD + "\n")

    def start(self, *words, **options):
        """Begins a command, whose output is read line by line."""
        return Command(subprocess.Popen(
            [self.binary, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment, **options))

    def kept(self, name="default"):
        return self.home / "state/msnp-gateway/sign-ins" / f"{name}.json"


class Command:
    """A command that runs."""

    def __init__(self, process):
        self.process = process
        self.complaints = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        self.complaints += self.process.stderr

    def line(self):
        """The next line that it says, however long that takes; nothing at its end."""
        return self.process.stdout.readline()

    def ends(self, status=0):
        """Its complaints, once it has ended as it should."""
        found = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        assert found == status, (found, self.complaints)
        return self.complaints


@contextlib.contextmanager
def served(binary):
    """A gateway with its sandbox, and somebody who uses it."""
    gateway = Gateway(binary)
    try:
        with Person(binary, f"http://127.0.0.1:{gateway.port}") as person:
            yield gateway, person
    finally:
        gateway.stop()


def polls(gateway):
    """How many polls wait in a gateway."""
    return int(re.search(r"^msnp_gateway_parked_polls (\d+)", gateway.call("GET", "/metrics")[2], re.M)[1])


def begin(gateway, person, *words):
    """A command that listens by now; the poll of one that has ended may be in the gateway for a moment yet."""
    until(lambda: not polls(gateway), "nobody listens any more")
    begun = person.start(*words)
    until(lambda: polls(gateway), "it listens")
    return begun


def day(binary):
    """Somebody signs in, looks around, talks and signs out; in pipes all of it is the API's JSON."""
    with served(binary) as (gateway, person):
        said, complaint = person.run("login", ALICE, "--gateway", person.url, input=PASSWORD + "\n")
        assert json.loads(said)["account"] == ALICE and complaint == "", (said, complaint)
        password = person.home / "password"
        password.touch(0o600)
        password.write_text(PASSWORD + "\nsecond line\n")
        person.run("login", BOB, "--gateway", person.url, "--password-file", str(password), "--as", "bob")
        assert json.loads(person.run("status")[0])["state"] == "online"
        assert json.loads(person.run("status", "--as", "bob")[0])["account"] == BOB
        contacts = json.loads(person.run("contacts")[0])["contacts"]
        assert {"bob@example.com", "dave@example.com"} <= {contact["account"] for contact in contacts}
        message = json.loads(person.run("send", BOB, "Zoë ☕")[0])
        assert message["delivery"] == "delivered" and message["text"] == "Zoë ☕"
        assert json.loads(person.run("send", BOB, "-", input="two\nlines\n\n")[0])["text"] == "two\nlines"
        assert person.run("api", "PUT", "presence", "status=busy")[0] == '{"status":"busy"}\n'
        assert json.loads(person.run("api", "PATCH", "contacts/dave@example.com", "allowed:=true")[0])["pending"] is False
        assert json.loads(person.run("api", "/v1/errors/911")[0])["code"] == 911
        listed = json.loads(person.run("api", "GET", "contacts", "pending=true")[0])
        assert listed == {"contacts": []}, listed
        assert person.run("api", "DELETE", "contacts/erin@example.com") == ("", "")
        assert person.run("logout") == ("", "")
        assert not person.kept().exists() and person.kept("bob").exists()
        _, complaint = person.run("status", status=78)
        assert complaint == "msnp-gateway: nobody is signed in here: msnp-gateway login ACCOUNT\n"
        # The gateway has forgotten the session, or never knew it: then it is as well signed out.
        kept = json.loads(person.kept("bob").read_text())
        gateway.call("DELETE", f"/v1/sessions/{kept['session']}", kept["token"])
        person.run("logout", "--as", "bob")
        assert not person.kept("bob").exists()


def endings(binary):
    """`listen` ends after so many events or so much time, and writes each event at once, as the API has it."""
    with served(binary) as (gateway, person):
        person.login()
        person.login(BOB, "--as", "bob")
        assert person.run("listen", "--type", "alert.*", "-C", "1", "-W", "0.3", status=124) == ("", "")
        assert person.run("listen", "--type", "alert.*", "-W", "0.3", status=124) == ("", "")
        listening = begin(gateway, person, "listen", "--as", "bob", "--type", "message.received", "-C", "2", "-W", str(PATIENCE))
        for text in ("first", "second"):
            person.run("send", BOB, text)
            # At once, and not with the next, or at the end.
            event = json.loads(listening.line())
            assert event["data"]["text"] == text, event
        assert listening.line() == "" and listening.ends() == []
        # The same lines that a poll has.
        kept = json.loads(person.kept("bob").read_text())
        page = gateway.call("GET", f"/v1/sessions/{kept['session']}/events?after=oldest&wait=0&limit=500", kept["token"])[2]
        lines = person.run("listen", "--as", "bob", "--after", "oldest", "-C", str(len(page["events"])))[0].splitlines()
        assert [json.loads(line) for line in lines] == page["events"]
        after = page["events"][-2]["id"]
        lines = person.run("listen", "--as", "bob", "--after", after, "-W", "0.3")[0].splitlines()
        assert [json.loads(line)["id"] for line in lines] == [page["events"][-1]["id"]], lines
        found = person.run(
            "listen", "--as", "bob", "--after", "oldest", "--from", ALICE.upper(), "--type", "message.*", "-C", "1")[0]
        assert json.loads(found)["data"]["from"] == ALICE
        # Signed out meanwhile.
        listening = begin(gateway, person, "listen", "--as", "bob")
        gateway.call("DELETE", f"/v1/sessions/{kept['session']}", kept["token"])
        assert listening.ends(4) == ["msnp-gateway: the session has ended: signedOut\n"], listening.complaints


def consumer(binary):
    """With a name `listen` goes on where it was: what it has written comes again to nobody of that name, and nothing is left out."""
    with served(binary) as (_, person):
        person.login()
        person.login(BOB, "--as", "bob")
        texts = [str(number) for number in range(4)]
        for text in texts:
            person.run("send", BOB, text)
        heard = []
        words = ["listen", "--as", "bob", "--type", "message.received", "--consumer", "script"]
        for _ in texts[:2]:
            heard += person.run(*words, "-C", "1")[0].splitlines()
        # Whoever reads takes one line of it, and goes.
        with subprocess.Popen([binary, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=person.environment) as listening:
            heard.append(listening.stdout.readline())
            rest = listening.stdout.readline()
            listening.stdout.close()
            assert listening.wait(PATIENCE) == 0 and listening.stderr.read() == ""
        assert [json.loads(line)["data"]["text"] for line in [*heard, rest]] == texts
        assert person.run(*words, "-C", "1", "-W", "0.3", status=124)[0] == ""


def closed(binary):
    """A pipe that nobody reads any more ends `listen` quietly, also while nothing comes."""
    with served(binary) as (gateway, person):
        person.login()
        listening = begin(gateway, person, "listen", "--type", "alert.*")
        listening.process.stdout.close()
        assert listening.ends() == []
        trace = person.start("api", "trace")
        for status in itertools.cycle(["busy", "away"]):
            # Until it is there to hear it.
            person.run("api", "PUT", "presence", f"status={status}")
            if select.select([trace.process.stdout], [], [], 0.05)[0]:
                break
        trace.process.stdout.close()
        assert trace.ends() == []


def full(binary):
    """What can't be written is no success: one line says so."""
    with served(binary) as (_, person):
        person.login()
        for words in (["status"], ["api", "contacts"], ["api", "GET", "stream", "after=oldest"],
                      ["listen", "--after", "oldest", "-C", "1"]):
            with open("/dev/full", "w", encoding="utf-8") as disk:
                done = subprocess.run(
                    [binary, *words], stdout=disk, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
                    env=person.environment)
            assert done.returncode == 78, (words, done)
            assert done.stderr == "msnp-gateway: standard output can't be written: no space is left\n", (words, done)


def offline(binary):
    """Whoever is offline can't be sent anything: 4, and `contact-offline`."""
    with served(binary) as (_, person):
        person.login()
        said, complaint = person.run("send", "carol@example.com", "hi", status=4)
        assert said == "" and complaint.startswith("msnp-gateway: contact-offline: "), (said, complaint)


def gap(binary):
    """Events that are no longer kept are a line on standard error, with their number, and the others come."""
    gateway = Gateway(binary, environment={"MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS": "10"})
    try:
        with Person(binary, f"http://127.0.0.1:{gateway.port}") as person:
            person.login()
            first = json.loads(person.run("api", "GET", "events", "after=oldest", "wait=0")[0])["events"][0]
            for number in range(12):
                person.run("api", "PUT", "presence", f"status={['busy', 'away'][number % 2]}")
            said, complaint = person.run("listen", "--after", first["id"], "-C", "10")
            numbers = [json.loads(line)["seq"] for line in said.splitlines()]
            assert numbers == list(range(numbers[0], numbers[0] + 10)), numbers
            missed = numbers[0] - first["seq"] - 1
            assert complaint == f"msnp-gateway: gap: {missed} events are no longer kept\n", (complaint, numbers)
    finally:
        gateway.stop()


def completions(binary):
    """Shells are told what can be typed."""
    for shell in ("bash", "zsh", "fish"):
        script = subprocess.run(
            [binary, "--generate-completion-script", shell], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
        assert "listen" in script and "consumer" in script, shell
    line = """
        source <("$1" --generate-completion-script bash)
        COMP_WORDS=(msnp-gateway log) COMP_CWORD=1 COMP_LINE='msnp-gateway log' COMP_POINT=16
        _msnp-gateway msnp-gateway log msnp-gateway
        printf '%s ' "${COMPREPLY[@]}"
    """
    found = subprocess.run(["bash", "-c", line, "-", binary], capture_output=True, text=True, timeout=PATIENCE)
    assert found.stdout.split() == ["login", "logout"], found


def restart(binary):
    """A gateway that restarts under `listen` is one line on standard error, and no event is missing or comes twice."""
    with Stage(binary) as stage:
        port = stable_port()
        gateway = stage.start("--listen", f"127.0.0.1:{port}")
        with Person(binary, f"http://127.0.0.1:{port}") as person:
            key = person.home / "key"
            key.touch(0o600)
            key.write_text(stage.key + "\n")
            person.login(ALICE, "--key-file", str(key))
            person.login(BOB, "--key-file", str(key), "--as", "bob")
            listening = person.start("listen", "--as", "bob", "--type", "message.received")
            until(lambda: polls_with(gateway, stage), "it listens")
            person.run("send", BOB, "before")
            assert json.loads(listening.line())["data"]["text"] == "before"
            gateway.process.kill()
            gateway.process.wait()
            until(lambda: listening.complaints, "it says that the gateway is away")
            stage.start("--listen", f"127.0.0.1:{port}")
            # The server's word that both are there again comes when it comes: until then nobody can be sent anything.
            end = time.monotonic() + PATIENCE
            while subprocess.run([binary, "send", BOB, "after"], env=person.environment, capture_output=True).returncode:
                assert time.monotonic() < end
            assert json.loads(listening.line())["data"]["text"] == "after"
            listening.process.send_signal(signal.SIGTERM)
            listening.process.wait(PATIENCE)
            listening.reader.join(PATIENCE)
            complaints = listening.complaints
            assert len(complaints) == 1 and "gateway" in complaints[0], complaints


def polls_with(gateway, stage):
    """How many requests wait in a gateway that wants a key for that."""
    key = getattr(stage, "admin", None) or stage.run("keys", "add", "watch", "--admin", "--state", stage.state).strip()
    stage.admin = key
    status, _, metrics = gateway.call("GET", "/metrics", key)
    return status == 200 and int(re.search(r"^msnp_gateway_parked_polls (\d+)", metrics, re.M)[1])


def hyphens(binary):
    """Text, cursors and accounts that begin with a hyphen are what they are; a value that is forgotten is said to be missing."""
    with served(binary) as (gateway, person):
        person.login()
        person.login(BOB, "--as", "bob")
        texts = ["-hello", "- the end", "-h5", "--version", "--generate-completion-script", "-", "--as"]
        for text in texts:
            words = ["-W", "5", "--", BOB, text] if text == "--as" else [BOB, text, "-W5"]
            message = json.loads(person.run("send", *words, input="piped")[0])
            assert message["text"] == ("piped" if text == "-" else text), message
        heard = person.run("listen", "--as", "bob", "--after", "oldest", "--type", "message.received", "-C", str(len(texts)))[0]
        assert [json.loads(line)["data"]["text"] for line in heard.splitlines()] == [
            "piped" if text == "-" else text for text in texts]
        # A cursor of another journal; those of earlier versions may begin so.
        _, complaint = person.run("listen", "--after", "-Wm9B0QH.13", "-C1")
        assert "no longer kept" in complaint, complaint
        person.run("listen", "--from", "-hi@example.com", "-W0.3", status=124)
        # What is no option is no call for help either, which would end well.
        for words in (
            ["login", "-h@example.com"], ["keys", "revoke", "-oh"], ["keys", "revoke", "--from", "-oh"], ["send", "-hello", BOB],
            ["listen", "-Ch"], ["send", "--nothing", BOB, "--version"], ["send", BOB, "--ass=x", "hunter2"]):
            said, complaint = person.run(*words, status=64)
            assert said == "" and "no" in complaint and "hunter2" not in complaint, (words, said, complaint)
        for words, option in (
            (["keys", "add", "x", "--state", "--admin"], "--state"), (["listen", "--after", "--consumer", "x"], "--after"),
            (["listen", "--after", "-C", "1"], "--after"), (["listen", "--from", "--as", "bob"], "--from"),
            (["listen", "--from", "--as=a@b"], "--from"), (["listen", "--after", "-W0.5"], "--after"),
            (["login", ALICE, "--as", "--keep"], "--as"), (["send", BOB, "-W"], "-W"), (["listen", "--after"], "--after")):
            _, complaint = person.run(*words, status=64, cwd=person.home)
            assert f"Missing value for '{option}" in complaint, (words, complaint)
        assert not [path for path in person.home.rglob("*") if path.name.startswith("-")]
        # The options after which a value follows, as the arranging of words for `send` has them.
        described = json.loads(person.run("--experimental-dump-help")[0])["command"]
        send = next(command for command in described["subcommands"] if command["commandName"] == "send")
        options = {
            name["kind"] + ":" + name["name"]
            for option in send["arguments"] if option["kind"] == "option" for name in option["names"]}
        assert options == {"short:W", "long:as", "long:authorities"}, options


def codes(binary):
    """Each end has its code: usage 64, configuration 78, refused 4, failed 5, unreachable 6."""
    with served(binary) as (_, person):
        for words in (
            ["send"], ["send", BOB], ["listen", "-C", "0"], ["listen", "--after", "x", "--consumer", "y"], ["api"],
            ["login"], ["send", BOB, "hi", "-W", "-1"], ["status", "--nothing"], ["status", "--as", "../x"]):
            assert person.run(*words, status=64)[0] == "", words
        person.run("login", ALICE, "--gateway", "ftp://x", input="x\n", status=64)
        _, complaint = person.run("login", ALICE, "--gateway", person.url, input="hunter2\n", status=4)
        assert complaint.startswith("msnp-gateway: sign-in-refused: ") and "hunter2" not in complaint
        assert not person.kept().exists()
        person.run("login", ALICE, "--gateway", person.url, status=64)
        key = person.home / "key"
        key.write_text("mgk_x\n")
        key.chmod(0o644)
        _, complaint = person.run("login", ALICE, "--gateway", person.url, "--key-file", str(key), input="x\n", status=78)
        assert complaint == f"msnp-gateway: {key} can be read by others: chmod 600 it\n"
        person.run("login", ALICE, "--gateway", person.url, "--password-file", "/nowhere", status=78)
        key.chmod(0o600)
        person.run("login", ALICE, "--gateway", person.url, "--key-file", str(key), input="x\n", status=4)
        # Bytes that are no text are not sent as others.
        person.run("login", ALICE, "--gateway", person.url, input="caf\udce9\n", status=64)
        key.write_bytes(b"caf\xe9\n")
        person.run("login", ALICE, "--gateway", person.url, "--password-file", str(key), status=78)
        person.login()
        person.run("send", BOB, "-", input="caf\udce9", status=64)
        person.run("api", "PUT", "presence", "status=dancing", status=4)
        for words in (["api", "GET", "x", "k"], ["api", "POST", "x", "=1"], ["api", "PUT", "x", "a:=[", "b=1"],
                      ["api", "PUT", "x", "a=1", "a=2"], ["api", "a b"]):
            person.run(*words, status=64)
        person.kept().chmod(0o640)
        person.run("status", status=78)
        person.kept().chmod(0o600)
        person.kept().write_text("{}")
        person.run("status", status=78)
    closed_port = ClosedPort()
    with Person(binary, f"http://127.0.0.1:{closed_port.port}") as person:
        _, complaint = person.run("login", ALICE, "--gateway", person.url, input="x\n", status=6)
        assert complaint == "msnp-gateway: the gateway can't be reached: there is no connection\n"
    with answering(503, b"<html>") as url, Person(binary, url) as person:
        person.run("login", ALICE, "--gateway", url, input="x\n", status=6)
    problem = {"type": "/docs/problems#backend-busy", "title": "T", "status": 503, "detail": "D.", "instance": "/",
               "code": "backend-busy", "requestId": "r"}
    with answering(503, json.dumps(problem).encode()) as url, Person(binary, url) as person:
        _, complaint = person.run("login", ALICE, "--gateway", url, input="x\n", status=5)
        assert complaint == "msnp-gateway: backend-busy: D.\n"
    closed_port.close()


@contextlib.contextmanager
def answering(status, body):
    """The URL of a server that answers everything so."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", "application/problem+json" if body.startswith(b"{") else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Terminal:
    """A command on a terminal of its own, and the person before it."""

    def __init__(self, person, *words, **environment):
        self.process, self.screen = None, ""
        self.descriptor, other = pty.openpty()
        # The other end stays open here: what its settings are is looked at after the command, too.
        self.other = other
        self.process = subprocess.Popen(
            [person.binary, *words], stdin=other, stdout=other, stderr=other, start_new_session=True,
            env={**person.environment, "TERM": "xterm", **environment})

    def until(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.screen:
            assert time.monotonic() < end, self.screen
            if select.select([self.descriptor], [], [], 0.1)[0]:
                self.screen += os.read(self.descriptor, 4096).decode()
            elif self.process.poll() is not None and not select.select([self.descriptor], [], [], 0)[0]:
                assert text in self.screen, self.screen

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.other)[3] & termios.ECHO)

    def ends(self, status=0):
        found = self.process.wait(PATIENCE)
        while select.select([self.descriptor], [], [], 0)[0]:
            self.screen += os.read(self.descriptor, 4096).decode()
        assert found == status, (found, self.screen)
        return self.screen

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.descriptor)
        os.close(self.other)


def terminal(binary):
    """On a terminal a password is asked for and not shown, and people read text in colours, in which nothing is obeyed."""
    with served(binary) as (gateway, person), contextlib.ExitStack() as stack:
        def at(*words, **environment):
            return stack.enter_context(contextlib.closing(Terminal(person, *words, **environment)))

        login = at("login", ALICE, "--gateway", person.url)
        login.until(f"Password of {ALICE}: ")
        assert not login.echoes()
        shown = [pathlib.Path(f"/proc/{login.process.pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
        login.type(PASSWORD + "\n")
        said = login.ends()
        assert login.echoes() and PASSWORD not in said.replace("sandbox.", ""), said
        assert f"\x1b[1m{ALICE}\x1b[0m" in said, said
        assert not any(PASSWORD.encode() in text for text in shown)

        given_up = at("login", ALICE, "--gateway", person.url)
        given_up.until(": ")
        given_up.type("half a pass\x03")
        assert "half" not in given_up.ends(130) and given_up.echoes()

        person.login(BOB, "--as", "bob")
        # A name that would paint the terminal, clear it, or turn it round.
        name = "Evil \u202e name"
        person.run("api", "PATCH", "contacts/bob@example.com", "blocked:=false")
        person.run("api", "PUT", f"contacts/erin@example.com", f"displayName={name}", status=0)
        assert "\u202e" not in at("contacts").ends()
        assert "\x1b[32monline" in at("contacts").ends()
        assert "\x1b" not in at("contacts", NO_COLOR="1").ends()
        assert "\x1b" not in at("status", TERM="dumb").ends()
        assert "\x1b[32mdelivered" in at("send", BOB, "hi").ends()
        person.run("send", BOB, "line\none \u202e two")
        listened = at("listen", "--as", "bob", "--after", "oldest", "--type", "message.received", "-C", "2").ends()
        assert f"\x1b[36m{ALICE}\x1b[0m hi" in listened and "line one \ufffd two" in listened, listened
        # What has no end is shown by the line, with as little that is obeyed.
        stream = at("api", "GET", "stream", "--as", "bob", "after=oldest", "types=message.received")
        stream.until(" two")
        assert "one \ufffd two" in stream.screen and "\u202e" not in stream.screen, stream.screen

        # Another command that asks for a password.
        doctor = at("doctor", "--account", ALICE)
        doctor.until(f"Password of {ALICE}: ")
        assert not doctor.echoes()
        doctor.type("half a pass\x03")
        assert "half" not in doctor.ends(130) and doctor.echoes()


def secrets(binary):
    """No password is in a file, and tokens are in their file alone, of mode 0600 in a directory of mode 0700."""
    with served(binary) as (gateway, person):
        # In bytes that nothing else has.
        password = "correct-horse-battery"
        person.run("login", ALICE, "--gateway", person.url, input=password + "\n", status=4)
        person.login()
        path = person.kept()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        token = json.loads(path.read_text())["token"]
        files = [file for file in person.home.rglob("*") if file.is_file()]
        assert files == [path] and PASSWORD not in path.read_text(), files
        # An argument is no place for a password.
        person.run("login", ALICE, PASSWORD, "--gateway", person.url, status=64)
        person.run("login", ALICE, "--password", PASSWORD, "--gateway", person.url, status=64)
        said = [person.run(*words, status=status) for words, status in (
            (["status"], 0), (["contacts"], 0), (["send", BOB, "hi"], 4), (["api", "/v1/sessions"], 0), (["api", "x"], 4),
            (["listen", "--after", "x y", "-W", "1"], 4))]
        listening = begin(gateway, person, "listen")
        said += [pathlib.Path(f"/proc/{listening.process.pid}/{name}").read_text() for name in ("cmdline", "environ")]
        listening.process.kill()
        listening.ends(-signal.SIGKILL)
        assert token not in str(said) and PASSWORD not in str(said).replace('"sandbox"', "")


def sockets(binary):
    """A gateway is reached at a Unix socket."""
    with served(binary) as (gateway, person):
        path = str(person.home / "gateway.sock")

        class Carry(socketserver.BaseRequestHandler):
            def handle(self):
                with socket.create_connection(("127.0.0.1", gateway.port)) as target:
                    carry(self.request, target)

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

        with Server(path, Carry) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            person.run("login", ALICE, "--gateway", f"unix:{path}", input=PASSWORD + "\n")
            assert json.loads(person.run("status")[0])["account"] == ALICE
            server.shutdown()


class TLS:
    """A certificate of 127.0.0.1 and msn.example that vouches for itself, and a port where TLS is taken off for a gateway."""

    def __init__(self, directory, target):
        self.authority = str(directory / "authority.pem")
        key = directory / "tls.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", self.authority, "-days", "30", "-subj", "/CN=For tests alone",
             "-addext", "subjectAltName=IP:127.0.0.1,DNS:msn.example"],
            check=True, capture_output=True, timeout=PATIENCE)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.authority, key)
        self.target = target
        # What came, decrypted.
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self.listener.accept()[0],), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), self.context.wrap_socket(connection, server_side=True) as secured:
            with socket.create_connection(("127.0.0.1", self.target)) as plain:
                carry(secured, plain, self.heard.append)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def carry(one, other, note=lambda data: None):
    """Hands on what comes from both sides, until one of them closes; of the first what it says is noted."""

    others = {one: other, other: one}
    while True:
        for end in select.select(list(others), [], [])[0]:
            is_more = True
            while is_more:
                if not (data := end.recv(65536)):
                    return
                if end is one:
                    note(data)
                others[end].sendall(data)
                # Of what was decrypted already no selector knows.
                is_more = isinstance(end, ssl.SSLSocket) and end.pending()


def authorities(binary):
    """Who may vouch for a gateway is said by an option, which later commands know, or by the environment, as for curl."""
    with served(binary) as (gateway, person), contextlib.closing(TLS(person.home, gateway.port)) as tls:
        login = ["login", ALICE, "--gateway", tls.url]
        _, complaint = person.run(*login, input=PASSWORD + "\n", status=6)
        assert complaint == "msnp-gateway: the gateway is not trusted: its certificate is not valid\n", complaint
        # Nobody vouches for it: it is told nothing.
        assert not tls.heard, tls.heard
        person.run(*login, "--authorities", "authority.pem", input=PASSWORD + "\n", cwd=person.home)
        assert json.loads(person.kept().read_text())["authorities"] == tls.authority
        # From anywhere.
        assert json.loads(person.run("status")[0])["account"] == ALICE
        assert tls.heard
        # What a command says counts before what is kept.
        other = person.home / "other"
        other.mkdir()
        with contextlib.closing(TLS(other, gateway.port)) as stranger:
            person.run("status", "--authorities", stranger.authority, status=6)
        _, complaint = person.run("status", "--authorities", "/nowhere", status=78)
        assert complaint == "msnp-gateway: /nowhere can't be read: there is no such file\n", complaint
        person.run("logout")

        def doctor(*words):
            done = subprocess.run(
                [binary, "doctor", tls.url, "--json", *words], capture_output=True, text=True, timeout=PATIENCE,
                env=person.environment)
            return [finding["id"] for finding in json.loads(done.stdout)["findings"]]

        assert "tls-untrusted" in doctor() and "tls-untrusted" not in doctor("--authorities", tls.authority)
        for name in ("CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            person.environment[name] = tls.authority
            person.run(*login, input=PASSWORD + "\n")
            person.run("logout")
            assert "tls-untrusted" not in doctor()
            # Where there is no TLS nobody has to vouch for anything.
            person.environment[name] = "/nowhere"
            person.login()
            person.run("logout")
            del person.environment[name]


class ProxyHandler(http.server.BaseHTTPRequestHandler):
    """A proxy that leads everybody to a port, whatever they ask for, and notes what that was."""

    protocol_version = "HTTP/1.1"

    def note(self):
        self.server.asked.append((self.requestline, self.headers.get("Authorization")))

    def do_CONNECT(self):
        self.note()
        self.close_connection = True
        if self.server.tunnel is None:
            self.send_error(403)
            return
        with socket.create_connection(("127.0.0.1", self.server.tunnel)) as target:
            self.send_response_only(200)
            self.end_headers()
            carry(self.connection, target)

    def hand_on(self):
        self.note()
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.plain, timeout=PATIENCE)
        upstream.request(self.command, f"{url.path}?{url.query}".rstrip("?"), body or None, headers)
        answer = upstream.getresponse()
        data = answer.read()
        upstream.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = hand_on

    def log_message(self, *_):
        pass


def proxies(binary):
    """A gateway elsewhere is asked through the proxy of the environment, as by curl, and one of this machine is not."""
    gateway = Gateway(
        binary, environment={"MSNP_GATEWAY_PUBLIC_HOSTS": "msn.example", "MSNP_GATEWAY_OPEN_SIGN_IN": "true"})
    try:
        with Person(binary, f"http://127.0.0.1:{gateway.port}") as person, \
                contextlib.closing(TLS(person.home, gateway.port)) as tls, \
                http.server.ThreadingHTTPServer(("127.0.0.1", 0), ProxyHandler) as proxy:
            proxy.plain, proxy.tunnel, proxy.asked = gateway.port, tls.port, []
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            address = f"http://somebody:hunter2@127.0.0.1:{proxy.server_address[1]}"
            person.environment |= {"http_proxy": address, "https_proxy": address}
            person.login()
            person.run("status")
            assert not proxy.asked, proxy.asked

            person.run("login", ALICE, "--gateway", "http://msn.example:8080", input=PASSWORD + "\n")
            assert proxy.asked[0][0] == "POST http://msn.example:8080/v1/sessions HTTP/1.1", proxy.asked
            proxy.asked.clear()
            person.run(
                "login", ALICE, "--gateway", "https://msn.example", "--authorities", tls.authority, input=PASSWORD + "\n")
            assert json.loads(person.run("status")[0])["account"] == ALICE
            # The token is for the gateway, behind TLS, and not for the proxy.
            assert set(proxy.asked) == {("CONNECT msn.example:443 HTTP/1.1", None)}, proxy.asked
            assert any(b"Bearer mgt_" in data for data in tls.heard)
            proxy.tunnel = None
            _, complaint = person.run("status", status=6)
            assert complaint == (
                "msnp-gateway: the gateway can't be reached: the proxy refuses a way to it (status 403)\n"), complaint
            proxy.shutdown()
    finally:
        gateway.stop()


everything = [
    day, endings, hyphens, consumer, closed, full, offline, gap, completions, restart, codes, terminal, secrets, sockets, authorities,
    proxies]
wanted = [check for check in everything if check.__name__ in sys.argv[2:]]
checks.run(wanted or everything, os.path.abspath(sys.argv[1]))
