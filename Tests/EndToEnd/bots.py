"""Kills and restarts gateway, server and proxy under the example bots: bots.py PATH-OF-MSNP-GATEWAY [long] [SEED] [CHECK]...

Somebody sends each bot numbered messages meanwhile. Each that a switchboard acknowledged has to be answered, or to lie in
a gap that the bot reported. Where the gateway has a key to keep passwords with, none may be answered twice, whatever is
killed, and what is not answered was in nobody's journal; without, none while only server and proxy are killed, and at most
one for each kill of the gateway. Beside the bots somebody sends and listens with the commands: what they read is the journal,
each event once, and each message arrives once at most, and once where they say that it was delivered.
Closes with a line `N passed, N failed` and fails if any check did.
"""

import collections
import contextlib
import http.client
import json
import math
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import checks
from harness import PATIENCE, Gateway, stable_port
from nginx import Nginx
from talker import Gone, Talker

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# How many messages may be acknowledged and not dealt with before the next is sent: so much a kill may cost.
AHEAD = 5
# For the whole of a run, in seconds; it only ends what hangs.
LONGEST = 3000


class Process:
    """Something that listens on a port, and can be killed and started again there."""

    def __init__(self, port, command, environment=None):
        self.port, self.command, self.environment = port, command, environment
        self.log = tempfile.TemporaryFile()
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            self.command, stdout=self.log, stderr=subprocess.STDOUT, env={**os.environ, **(self.environment or {})})
        end = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)

    def kill(self, sign):
        self.process.send_signal(sign)
        self.process.wait(PATIENCE)

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


class Proxy(Nginx):
    """nginx as a `Process`."""

    def __init__(self, target):
        self.port, self.target = stable_port(), target
        self.start()

    def start(self):
        documented = re.search(r"```nginx\n(.*?)```", (DOCS / "nginx.md").read_text(), re.S)[1]
        documented = re.sub(r"\n *(ssl_[^;]*|listen \[::\][^;]*);", "", documented)
        documented = documented.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port};")
        super().__init__(documented.replace(":8080", f":{self.target}"))
        self.listens(self.port)

    def kill(self, sign):
        self.process.send_signal(sign)
        self.process.wait(PATIENCE)
        self.scratch.cleanup()


class Stage:
    """The three processes, and a key to sign in with; sessions come back by themselves where passwords are kept."""

    def __init__(self, binary, accounts, keeps_passwords):
        self.state = tempfile.TemporaryDirectory()
        directory = self.state.name + "/state"
        self.key = subprocess.run(
            [binary, "keys", "add", "bots", "--state", directory],
            capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.strip()
        kept = []
        if keeps_passwords:
            sealing = pathlib.Path(self.state.name) / "state.key"
            sealing.touch(0o600)
            sealing.write_bytes(
                subprocess.run([binary, "state", "key"], capture_output=True, timeout=PATIENCE, check=True).stdout)
            kept = ["--state-key", sealing]
        server, gateway = stable_port(), stable_port()
        self.server = Process(
            server, [binary, "sandbox", "--listen", f"127.0.0.1:{server}", "--accounts", str(accounts)])
        self.gateway = Process(
            gateway,
            [binary, "serve", "--listen", f"127.0.0.1:{gateway}", "--backend", f"msn=127.0.0.1:{server}",
             "--state", directory, *kept],
            {"MSNP_GATEWAY_PUBLIC_HOSTS": "msn.example"})
        self.proxy = Proxy(gateway)
        self.url = f"http://127.0.0.1:{self.proxy.port}"

    def call(self, method, path, credential, body=None):
        """The JSON of an answer of the gateway itself."""
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=PATIENCE)
        try:
            headers = {"Authorization": f"Bearer {credential}", "Content-Type": "application/json"}
            connection.request(method, path, body=body and json.dumps(body), headers=headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300, text
            return json.loads(text)
        finally:
            connection.close()

    def shown(self, account):
        """The texts that anybody can have read in an account's session."""
        grant = self.call("POST", "/v1/sessions", self.key, {"account": account, "password": "sandbox"})
        path, cursor, texts = f"/v1/sessions/{grant['session']['id']}/events", "oldest", set()
        while True:
            query = f"?types=message.received&wait=0&limit=500&after={cursor}"
            page = self.call("GET", path + query, grant["token"])
            texts |= {event["data"]["text"] for event in page["events"]}
            if not page["more"]:
                return texts
            cursor = page["next"]

    def stop(self):
        for process in (self.proxy, self.gateway, self.server):
            if process.process.poll() is None:
                process.kill(signal.SIGKILL)
        self.state.cleanup()


class Bot:
    """A running example, what it says, and the person who writes to it."""

    def __init__(self, name, command, stage, account, person):
        self.name, self.stage = name, stage
        self.changed = threading.Condition()
        # What the bot says, in order: a number that it has dealt with and how, or None where it may have missed something.
        self.dealt = []
        self.lines = []
        self.acknowledged = set()
        self.echoes = collections.Counter()
        self.sent = 0
        # What was sent up to this one was dealt with, or lies before a gap.
        self.settled = 0
        self.has_signed_in = False
        self.account, self.person = account, person
        self.process = subprocess.Popen(
            [*command, account, "sandbox", stage.url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "MSNP_KEY": stage.key})
        self.reader = threading.Thread(target=self._listen, daemon=True)
        self.reader.start()

    def _listen(self):
        for line in self.process.stdout:
            outcome, _, text = line.rstrip("\n").partition(": ")
            with self.changed:
                self.lines.append(line)
                if outcome == "signed in":
                    self.has_signed_in = True
                elif outcome == "gap":
                    self.dealt.append(None)
                    self.settled = self.sent
                elif text.isdigit():
                    self.dealt.append((int(text), outcome))
                    self.settled = max(self.settled, int(text))
                self.changed.notify_all()

    def echo(self, text):
        with self.changed:
            self.echoes[int(text)] += 1
            self.changed.notify_all()

    def open(self):
        """How many messages the bot still has to say something about."""
        return sum(number > self.settled for number in self.acknowledged)

    def write(self, wanted):
        """Sends messages until so many are acknowledged, and then until one is answered, with which all others are settled."""
        me, room, probe = None, None, None
        # A sign-in whose answer is lost is undone, with what has come in its session; the bot tells of no gap before it has one.
        with self.changed:
            while not self.has_signed_in and self.process.poll() is None:
                self.changed.wait(1)
        while True:
            if self.process.poll() is not None:
                self.reader.join(PATIENCE)
                raise AssertionError(f"{self.name} has ended, {self.process.returncode}:\n{''.join(self.lines[-10:])}")
            with self.changed:
                if probe in self.echoes and any(entry and entry[0] == probe for entry in self.dealt):
                    break
            try:
                if me is None:
                    me = Talker(self.stage.server.port, self.person, self.account, self.echo)
                if room is None or not room.is_open or not room.people:
                    # Whoever is away is refused; they come back.
                    me.line.wait(lambda: me.is_there, 5)
                    room = me.call()
                    continue
                with self.changed:
                    self.changed.wait_for(lambda: self.open() < AHEAD, PATIENCE)
                    if probe is not None:
                        self.changed.wait_for(lambda: probe in self.echoes, 5)
                        if probe in self.echoes:
                            self.changed.wait_for(lambda: any(e and e[0] == probe for e in self.dealt), PATIENCE)
                            continue
                    self.sent += 1
                    number = self.sent
                if me.send(room, str(number)):
                    with self.changed:
                        self.acknowledged.add(number)
                        if len(self.acknowledged) > wanted:
                            probe = number
                        self.changed.notify_all()
            except (Gone, OSError, IndexError):
                if me is not None and not me.line.is_open:
                    me = None
                room = None
                if me is None:
                    time.sleep(0.1)
        me.leave()

    def complaints(self, kills, calm):
        """What is wrong with the answers; up to `calm` the gateway was not killed, or never where it is infinite."""
        reported = {entry[0] for entry in self.dealt if entry and entry[1] != "delivered"}
        delivered = {entry[0] for entry in self.dealt if entry and entry[1] == "delivered"}
        for number in sorted(self.acknowledged - delivered - reported - set(self.echoes)):
            before = max([i for i, entry in enumerate(self.dealt) if entry and entry[0] < number], default=-1)
            after = next(
                (i for i, entry in enumerate(self.dealt) if i > before and entry and entry[0] > number), len(self.dealt))
            if None not in self.dealt[before + 1:after]:
                yield f"{number} was acknowledged, is not answered, and lies in no gap"
        unanswered = len(self.acknowledged - set(self.echoes))
        if unanswered > (AHEAD + 1) * (kills["server"] + kills["gateway"]):
            yield f"{unanswered} are not answered, which is more than the kills have cost"
        vanished = sorted(delivered - set(self.echoes))
        if len(vanished) > (AHEAD + 1) * kills["server"]:
            yield f"said to be delivered, and did not arrive, more than a server that is killed can have lost: {vanished}"
        twice = sorted(number for number, count in self.echoes.items() if count > 1)
        if any(number <= calm for number in twice):
            yield f"answered twice, though the gateway was not killed, or knew them: {[n for n in twice if n <= calm]}"
        if math.isfinite(calm) and sum(self.echoes[number] - 1 for number in twice) > kills["gateway"]:
            yield f"more was answered twice than the gateway was killed: {twice}"
        for number in set(self.echoes) - set(range(1, self.sent + 1)):
            yield f"{number} was answered and never sent"

    def overlooked(self):
        """Complains of what stands in the journal and was not dealt with; how many are in nobody's."""
        shown = self.stage.shown(self.account)
        dealt = {entry[0] for entry in self.dealt if entry} | set(self.echoes)
        left = sorted(number for number in self.acknowledged if str(number) in shown and number not in dealt)
        missing = sorted(number for number in self.acknowledged if str(number) not in shown)
        return [f"{number} can be read, and is not answered" for number in left], missing


class Errand:
    """Somebody who sends one message after the other with `send`, and hears with `listen` what happens meanwhile."""

    def __init__(self, binary, stage, account, person):
        self.binary, self.stage, self.account, self.person = binary, stage, account, person
        self.home = tempfile.TemporaryDirectory()
        self.environment = {"HOME": self.home.name, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        key = pathlib.Path(self.home.name, "key")
        key.touch(0o600)
        key.write_text(stage.key + "\n")
        done = self.run("login", account, "--gateway", stage.url, "--key-file", str(key), input="sandbox\n")
        assert done.returncode == 0, done
        kept = json.loads(pathlib.Path(self.home.name, ".local/state/msnp-gateway/sign-ins/default.json").read_text())
        self.session, self.token = kept["session"], kept["token"]
        self.changed = threading.Condition()
        # What arrived, how often.
        self.arrived = collections.Counter()
        # By their numbers: what `send` has ended with, and what it said.
        self.sent = {}
        self.ids, self.complaints_of_listen = [], []
        self.is_over = threading.Event()
        self.listening = subprocess.Popen(
            [binary, "listen", "--after", "oldest"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment)
        self.readers = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=lambda: self.complaints_of_listen.extend(self.listening.stderr), daemon=True)]
        for reader in self.readers:
            reader.start()

    def run(self, *words, **options):
        return subprocess.run(
            [self.binary, *words], capture_output=True, text=True, timeout=LONGEST, env=self.environment, **options)

    def _read(self):
        for line in self.listening.stdout:
            with self.changed:
                self.ids.append(json.loads(line)["id"])
                self.changed.notify_all()

    def _hear(self, text):
        with self.changed:
            self.arrived[int(text)] += 1
            self.changed.notify_all()

    def receive(self):
        """The person is there whenever the server is."""
        me = None
        while not self.is_over.is_set():
            try:
                if me is None or not me.line.is_open:
                    me = Talker(self.stage.server.port, self.person, self.account, self._hear)
            except (Gone, OSError, IndexError):
                me = None
            self.is_over.wait(0.1)
        if me is not None:
            me.leave()

    def write(self, is_enough):
        """Sends until there are enough, and then until one is delivered."""
        number = 0
        while not is_enough() or self.sent[number][:2] != (0, "delivered"):
            number += 1
            done = self.run("send", self.person, str(number), "-W", "60")
            said = json.loads(done.stdout)["delivery"] if done.returncode == 0 else done.stderr
            self.sent[number] = (done.returncode, said)
            # Some of a run's time is for the bots.
            self.is_over.wait(0.3)

    def complaints(self, kills):
        """What is wrong with what arrived, and with what was heard."""
        delivered = {number for number, outcome in self.sent.items() if outcome == (0, "delivered")}
        with self.changed:
            # What was acknowledged last may still be on its way to who counts it here.
            self.changed.wait_for(lambda: len(delivered - set(self.arrived)) <= kills["server"], PATIENCE)
            missing = sorted(delivered - set(self.arrived))
        if len(missing) > kills["server"]:
            yield f"said to be delivered, and did not arrive, more than the server was killed: {missing}"
        twice = sorted(number for number, count in self.arrived.items() if count > 1)
        if twice:
            yield f"arrived twice: {twice}"
        for number in sorted(set(self.arrived) - set(self.sent)):
            yield f"{number} arrived and was never sent"
        for number, (status, said) in self.sent.items():
            if status not in (0, 4, 5, 6, 124) or status and status != 124 and not said.startswith("msnp-gateway: "):
                yield f"send of {number} has ended with {status}: {said}"
            elif status == 4 and number in self.arrived:
                yield f"{number} was refused, and arrived: {said}"
        yield from self._complaints_of_listen()

    def _complaints_of_listen(self):
        path, cursor, journal = f"/v1/sessions/{self.session}/events", "oldest", []
        while True:
            page = self.stage.call("GET", f"{path}?wait=0&limit=500&after={cursor}", self.token)
            journal += [event["id"] for event in page["events"]]
            if not page["more"]:
                break
            cursor = page["next"]
        with self.changed:
            self.changed.wait_for(lambda: len(self.ids) >= len(journal), PATIENCE)
            heard = self.ids[:len(journal)]
        if heard != journal:
            yield f"listen has other events than the journal: {heard} and {journal}"
        odd = [line for line in self.complaints_of_listen if not line.endswith("; it is waited for\n")]
        if odd or self.listening.poll() is not None:
            yield f"listen says {odd}, and is {self.listening.poll()}"

    def summary(self):
        outcomes = collections.Counter(said if status == 0 else status for status, said in self.sent.values())
        return (f"commands: {len(self.sent)} sent, {len(self.arrived)} arrived, {dict(outcomes)}; {len(self.ids)} events heard,"
                f" {len(self.complaints_of_listen)} times without a gateway")

    def stop(self):
        self.is_over.set()
        self.listening.kill()
        self.listening.wait()
        self.home.cleanup()


class Killer:
    """Kills and restarts as a seed says, between messages; the gateway too in rounds after the calm ones."""

    def __init__(self, stage, bots, seed, rounds, wanted, calm_rounds):
        self.stage, self.bots = stage, bots
        self.random = random.Random(seed)
        self.rounds, self.wanted, self.calm_rounds = rounds, wanted, calm_rounds
        self.kills = collections.Counter()
        self.calm = None

    def run(self):
        for round in range(1, self.rounds + 1):
            # Spread over the messages of all bots, wherever they are with their answers.
            self.reach(round * self.wanted * len(self.bots) // (self.rounds + 1) + self.random.randint(0, AHEAD))
            names = ["server", "proxy"] if round <= self.calm_rounds else ["server", "proxy", "gateway"]
            chosen = self.random.sample(names, self.random.choice([1, 1, 2, len(names)]))
            # Each once at least, whatever the seed says.
            if round == self.rounds:
                chosen += [name for name in names if not self.kills[name] and name not in chosen]
            self.kill(chosen)

    def reach(self, total):
        end = time.monotonic() + LONGEST
        while sum(len(bot.acknowledged) for bot in self.bots) < total:
            assert time.monotonic() < end
            time.sleep(0.005)

    def kill(self, names):
        if "gateway" in names and self.calm is None:
            self.calm = {bot: bot.settled for bot in self.bots}
        for name in names:
            sign = self.random.choice([signal.SIGTERM, signal.SIGKILL])
            print(f"    {sign.name} {name}")
            self.kills[name] += 1
            getattr(self.stage, name).kill(sign)
        self.random.shuffle(names)
        for name in names:
            getattr(self.stage, name).start()


# `swift` is set below, as it lies beside the gateway.
COMMANDS = {"python": [sys.executable, DOCS / "echo-bot.py"], "bash": ["bash", DOCS / "echo-bot.sh"]}
if shutil.which("node"):
    COMMANDS["node"] = ["node", DOCS / "echo-bot.mjs"]


def survive(binary):
    """Every example bot answers what it was sent, once, while gateway, server and proxy are killed under it."""
    survived(binary, keeps_passwords=True, wanted=500 if IS_LONG else 40, rounds=60 if IS_LONG else 8)


def survive_ends(binary):
    """The same where the gateway has no key, so that each of its restarts ends the sessions."""
    survived(binary, keeps_passwords=False, wanted=500 if IS_LONG else 20, rounds=60 if IS_LONG else 4)


def survived(binary, keeps_passwords, wanted, rounds):
    if "node" not in COMMANDS:
        print("    skipped: there is no node, so nothing was tried with docs/echo-bot.mjs")
    print(f"    seed {SEED}")
    stage = Stage(binary, 2 * len(COMMANDS) + 2, keeps_passwords)
    bots = []
    errands = []
    failed = []
    try:
        for number, (name, command) in enumerate(COMMANDS.items()):
            people = [f"user{2 * number + which:04}@example.com" for which in (1, 2)]
            bots.append(Bot(name, command, stage, *people))
        # Without a key the gateway is left alone at first, for what must not even happen once then. Not for long: it comes back
        # to a server later and later each time that it was lost.
        killer = Killer(stage, bots, SEED, rounds, wanted, 0 if keeps_passwords else min(rounds // 2, 8))

        def noted(work, *arguments):
            try:
                work(*arguments)
            except BaseException as error:
                failed.append(error)
                raise

        kills = threading.Thread(target=noted, args=(killer.run,), daemon=True)
        threads = [threading.Thread(target=noted, args=(bot.write, wanted), daemon=True) for bot in bots] + [kills]
        if keeps_passwords:
            # Without them each restart of the gateway ends the session, which no command comes back from.
            people = [f"user{2 * len(bots) + which:04}@example.com" for which in (1, 2)]
            errand = Errand(binary, stage, *people)
            errands.append(errand)
            threading.Thread(target=errand.receive, daemon=True).start()
            is_enough = lambda: bool(errand.sent) and not kills.is_alive()
            threads.append(threading.Thread(target=noted, args=(errand.write, is_enough), daemon=True))
        for thread in threads:
            thread.start()
        end = time.monotonic() + LONGEST
        while any(thread.is_alive() for thread in threads) and not failed:
            assert time.monotonic() < end, "it hangs: " + "\n".join("".join(bot.lines[-5:]) for bot in bots)
            time.sleep(0.05)
        if failed:
            raise failed[0]
        found = [
            f"{bot.name}: {complaint}"
            for bot in bots
            for complaint in bot.complaints(killer.kills, math.inf if keeps_passwords else killer.calm[bot])]
        for bot in bots:
            outcomes = collections.Counter(entry[1] if entry else "gap" for entry in bot.dealt)
            print(f"    {bot.name}: {bot.sent} sent, {len(bot.acknowledged)} acknowledged, {len(bot.echoes)} answered;"
                  f" {dict(outcomes)}")
            if keeps_passwords:
                overlooked, missing = bot.overlooked()
                found += [f"{bot.name}: {complaint}" for complaint in overlooked]
                print(f"    {bot.name}: acknowledged by the server and in nobody's journal: {len(missing)} {missing}")
        for errand in errands:
            found += [f"commands: {complaint}" for complaint in errand.complaints(killer.kills)]
            print("    " + errand.summary())
        if found:
            print("".join("      " + line for bot in bots for line in [bot.name + "\n", *bot.lines]))
        print(f"    killed: {dict(killer.kills)}")
        assert not found, "\n".join(found)
    finally:
        for errand in errands:
            errand.stop()
        for bot in bots:
            bot.process.kill()
            bot.process.wait()
        stage.stop()


class Example:
    """A bot that is bob, and what it prints."""

    def __init__(self, command, gateway, account="bob@example.com", password="sandbox", **environment):
        # In a group of its own: one in bash is several processes.
        self.process = subprocess.Popen(
            [*command, account, password, gateway], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, **environment}, start_new_session=True)
        self.lines, self.changed = [], threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()

    def says(self, line, count=1):
        """Waits until it has said a line so often."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.lines.count(line + "\n") >= count, PATIENCE), self.lines

    def ends(self):
        """Its exit status and last line."""
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return status, self.lines[-1]

    def signal(self, sign):
        os.killpg(self.process.pid, sign)

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


def manners(binary):
    """Each bot says any text again, finds its place again, tells of gaps, and ends when no waiting would help."""
    gateway = Gateway(binary, environment={"MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS": "40"})
    url = f"http://127.0.0.1:{gateway.port}"
    session, token = gateway.sign_in("alice@example.com")
    path = f"/v1/sessions/{session}"
    examples = []

    def write(text):
        status, _, answer = gateway.call("POST", path + "/messages", token, {"to": "bob@example.com", "text": text})
        assert status == 201 and answer["message"]["delivery"] == "delivered", answer

    try:
        for name, command in COMMANDS.items():
            cursor = gateway.call("GET", path, token)[2]["cursor"]
            bot = Example(command, url)
            examples.append(bot)
            while gateway.call("GET", path + "/contacts/bob@example.com", token)[2]["status"] != "online":
                cursor = gateway.call("GET", f"{path}/events?types=presence.changed&after={cursor}", token)[2]["next"]
            said = ["hi", "Zoë ☕\n\tsecond line\n", "<b>&amp;</b> 'a' \"b\" \\ $(c) `d`"]
            cursor = gateway.call("GET", path, token)[2]["cursor"]
            for text in said:
                write(text)
                bot.says(("delivered: " + text).split("\n")[0])
            page = gateway.call("GET", f"{path}/events?types=message.received&after={cursor}&wait=0", token)[2]
            texts = [event["data"]["text"] for event in page["events"]]
            assert texts == said, (name, texts)
            # Its token is pushed out by others; its session and its cursor are as good as before.
            for _ in range(16):
                status, _, grant = gateway.call(
                    "POST", "/v1/sessions", body={"account": "bob@example.com", "password": "sandbox"})
                assert status == 200, grant
            for number in range(3):
                write(f"pushed out {number}")
            bot.says("delivered: pushed out 2")
            assert not any(line.startswith("gap") for line in bot.lines), bot.lines
            # It goes on where the gateway knows that it was, once it has been killed.
            bot.stop()
            write("killed")
            bot = Example(command, url)
            examples.append(bot)
            bot.says("delivered: killed")
            assert "delivered: hi\n" not in bot.lines, (name, bot.lines)
            # More than is kept comes while it sleeps.
            bot.signal(signal.SIGSTOP)
            for number in range(60):
                write(f"asleep {number}")
            bot.signal(signal.SIGCONT)
            bot.says("delivered: asleep 59")
            # On a busy machine its own answers can push out what it has not read yet, which it tells as well.
            gaps = [line for line in bot.lines if line.startswith("gap: ")]
            assert gaps and all(re.fullmatch(r"gap: [1-9]\d* events are no longer kept\n", gap) for gap in gaps), gaps
            fault = {"fault": "kick", "account": "bob@example.com"}
            assert gateway.call("POST", "/v1/sandbox/faults", body=fault)[0] == 204
            assert bot.ends() == (1, "the session has ended: signedInElsewhere\n"), (name, bot.lines)
            refused = Example(command, url, account="carol@example.com", password="wrong")
            examples.append(refused)
            status, line = refused.ends()
            assert status == 1 and line.startswith("sign-in-refused: "), (name, line)
    finally:
        for example in examples:
            example.stop()
        gateway.stop()


def keyless(binary):
    """Behind a proxy, where signing in needs a key, each bot without one says so."""
    stage = Stage(binary, 1, keeps_passwords=False)
    examples = []
    try:
        for name, command in COMMANDS.items():
            examples.append(Example(command, stage.url, MSNP_KEY=""))
            status, line = examples[-1].ends()
            assert status == 1 and line.startswith("sign-in-closed: "), (name, line)
    finally:
        for example in examples:
            example.stop()
        stage.stop()


COMMANDS["swift"] = [os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "echo-bot")]
IS_LONG = "long" in sys.argv[2:]
# What CI says of a change depends on the change; whoever looks for more takes their time, and other seeds.
SEED = next(
    (int(word) for word in sys.argv[2:] if word.isdigit()), random.SystemRandom().randrange(10**6) if IS_LONG else 4711)
everything = [manners, keyless, survive, survive_ends]
wanted = [check for check in everything if check.__name__ in sys.argv[2:]]
checks.run(wanted or everything, os.path.abspath(sys.argv[1]))
