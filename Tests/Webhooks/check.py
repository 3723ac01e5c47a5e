"""Has the built program push events to receivers: check.py PATH-OF-MSNP-GATEWAY [CHECK...]

Closes with a line `N passed, N failed` and fails if any check did.
"""

import contextlib
import datetime
import http.client
import itertools
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "EndToEnd"))

import checks
from harness import PATIENCE, ClosedPort, stable_port
from receiver import Receiver
from standardwebhooks import Webhook
from stage import ALICE, BOB, Stage, kill, until
from talker import Gone, Talker

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "webhooks.md"
# How an example is started, by the ending of its name, without its file.
INTERPRETERS = {"py": [sys.executable], "mjs": ["node"], "php": ["php"]}
# Nobody listens there, and everything would fail that went there.
NOWHERE = ClosedPort()
PROXIES = {name: f"http://127.0.0.1:{NOWHERE.port}" for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY")}
ALLOWED = ["--webhook-allow", "127.0.0.1"]


def start(stage, *options):
    return stage.start(*ALLOWED, *options, environment=PROXIES)


def create(stage, gateway, receiver, **more):
    """A webhook that leads to a receiver, which then verifies what comes."""
    status, _, answer = gateway.call("POST", "/v1/webhooks", stage.key, {"url": receiver.url, **more})
    assert status == 201, answer
    assert answer["secret"].startswith("whsec_"), answer
    receiver.secrets = [answer["secret"]]
    return answer["webhook"]["id"]


def look(stage, gateway, webhook):
    status, _, answer = gateway.call("GET", f"/v1/webhooks/{webhook}", stage.key)
    assert status == 200, answer
    return answer


def online(gateway, session, token):
    return gateway.call("GET", f"/v1/sessions/{session}", token)[2]["state"] == "online"


def say(room, texts):
    """Says messages that nobody acknowledges."""
    for text in texts:
        room.say("MSG", "N", b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" + str(text).encode())


def texts(events):
    return [int(event["data"]["text"]) for event in events if event["type"] == "message.received"]


def whole(events):
    """Whether each session's events are all there, in their order."""
    last = {}
    for event in events:
        session = event["sessionId"]
        assert event["seq"] == last.get(session, event["seq"] - 1) + 1, f"{last} is followed by {event}"
        last[session] = event["seq"]


# The checks


def in_order(binary):
    """Ten thousand events through one endpoint, each once and in order, without the environment's proxies."""
    count, ahead = 10_000, 1_000
    with Stage(binary) as stage, contextlib.closing(Receiver()) as receiver:
        gateway = start(stage)
        session, token = stage.sign_in(gateway, ALICE)
        webhook = create(stage, gateway, receiver)
        talker = Talker(stage.server_port, BOB, ALICE, lambda _: None)
        room = until(talker.call, "a room")
        started = time.monotonic()
        for first in range(0, count, ahead // 2):
            say(room, range(first, first + ahead // 2))
            receiver.wait(lambda: sum(len(taken.events) for taken in receiver.taken) >= first + ahead // 2 - ahead, "half of it")
        receiver.wait(lambda: str(count - 1) == receiver.taken[-1].events[-1]["data"].get("text"), "the last one")
        seconds = time.monotonic() - started
        assert len({taken.id for taken in receiver.taken}) == len(receiver.taken), "a body came twice"
        events = receiver.events()
        whole(events)
        assert texts(events) == list(range(count))
        print(f"      {len(events)} events in {len(receiver.taken)} bodies, {len(events) / seconds:.0f}/s")
        found = until(lambda: (state := look(stage, gateway, webhook))["lag"]["events"] == 0 and state, "no lag")
        assert found["state"] == "active" and found["lastAttempt"]["status"] == 204, found
        talker.leave()
        gateway.stop()


def kills(binary, times=20, seed=None):
    """Twenty kills of the gateway: all events in order, doubles only as whole bodies with a known ID."""
    seed = seed or random.SystemRandom().randrange(1_000_000)
    print(f"      seed {seed}")
    chance = random.Random(seed)
    fuse = [None]  # bodies until the gateway is killed, before the last of them is answered; nothing for not at all
    current = [None]

    def decide(_):
        if fuse[0] is not None:
            fuse[0] -= 1
            if fuse[0] == 0:
                kill(current[0])

    numbers = itertools.count()
    with Stage(binary) as stage, contextlib.closing(Receiver(decide)) as receiver:
        current[0] = start(stage)
        session, token = stage.sign_in(current[0], ALICE)
        webhook = create(stage, current[0], receiver)
        talker = Talker(stage.server_port, BOB, ALICE, lambda _: None)
        for _ in range(times):
            until(lambda: online(current[0], session, token), "online")
            room = until(talker.call, "a room")
            fuse[0] = chance.randint(1, 3)
            with contextlib.suppress(Gone):
                while fuse[0] > 0:
                    say(room, itertools.islice(numbers, chance.randint(1, 60)))
                    time.sleep(0.005)
            current[0].process.wait(PATIENCE)
            fuse[0] = None
            current[0] = start(stage)
        until(lambda: online(current[0], session, token), "online")
        last = next(numbers)
        say(until(talker.call, "a room"), [last])
        receiver.wait(lambda: str(last) in [event["data"].get("text") for event in receiver.taken[-1].events], "the last one")
        events = receiver.events()
        whole(events)
        arrived = texts(events)
        assert arrived == sorted(set(arrived)), "out of order"
        doubles = len(receiver.taken) - len({taken.id for taken in receiver.taken})
        print(f"      {len(events)} events in {len(receiver.taken)} bodies, of which {doubles} came twice")
        assert doubles >= times, "a body that was never answered did not come again"
        assert look(stage, current[0], webhook)["durable"] is True
        talker.leave()
        current[0].stop()


def failing(binary):
    """500 has the same body come again, 302 is not followed, 410 disables; nothing of it is lost."""
    elsewhere = Receiver()
    answers = iter([500, (302, {"location": elsewhere.url}), (503, {"retry-after": "1"}), 204])
    # What else a sign-in tells may come in bodies of its own.
    last = [204]
    with Stage(binary) as stage, contextlib.closing(elsewhere), \
            contextlib.closing(Receiver(lambda _: next(answers, last[0]))) as receiver:
        gateway = start(stage)
        webhook = create(stage, gateway, receiver)
        session, token = stage.sign_in(gateway, ALICE)
        receiver.wait(lambda: len(receiver.taken) >= 4, "the fourth attempt")
        assert len({taken.id for taken in receiver.taken[:4]}) == 1
        until(lambda: look(stage, gateway, webhook)["state"] == "active", "active")
        last[0] = 410
        status, _, answer = gateway.call("PUT", f"/v1/sessions/{session}/presence", token, {"status": "busy"})
        assert status == 200, answer
        found = until(lambda: (state := look(stage, gateway, webhook))["state"] == "disabled" and state, "disabled")
        assert found["reason"] == "gone" and found["lastAttempt"]["status"] == 410, found
        last[0] = 204
        status, _, answer = gateway.call("PATCH", f"/v1/webhooks/{webhook}", stage.key, {"enabled": True})
        assert status == 200, answer
        until(lambda: look(stage, gateway, webhook)["lag"]["events"] == 0, "no lag")
        whole(receiver.events())
        assert receiver.events()[-1]["type"] == "presence.own"
        assert not elsewhere.taken and not elsewhere.problems
        assert "secret=42" not in "".join(gateway.log) and "whsec_" not in "".join(gateway.log)
        gateway.stop()


def rotation(binary):
    """After a rotation both secrets verify what comes."""
    with Stage(binary) as stage, contextlib.closing(Receiver()) as receiver:
        gateway = start(stage)
        webhook = create(stage, gateway, receiver)
        status, _, answer = gateway.call("POST", f"/v1/webhooks/{webhook}/secret", stage.key)
        assert status == 200, answer
        receiver.secrets.append(answer["secret"])
        status, _, answer = gateway.call("POST", f"/v1/webhooks/{webhook}/test", stage.key)
        assert (status, answer["outcome"], answer["status"]) == (200, "accepted", 204), answer
        assert receiver.taken[-1].events[0]["type"] == "webhook.test" and not receiver.problems, receiver.problems
        gateway.stop()


def addresses(binary):
    """What is not listed is refused, by its URL or by what its name leads to."""
    with Stage(binary) as stage:
        gateway = stage.start()
        for url in ["http://127.0.0.1:9/", "https://127.0.0.1/", "https://[::ffff:169.254.169.254]/", "https://10.0.0.1/",
                    "https://user@bot.example.com/", "https://bot.example.com/#a", "https://0x7f.1/", "ftp://bot.example.com/"]:
            status, _, answer = gateway.call("POST", "/v1/webhooks", stage.key, {"url": url})
            assert status == 400 and answer["errors"][0]["pointer"] == "/url", (url, answer)
        status, _, answer = gateway.call("POST", "/v1/webhooks", stage.key, {"url": "https://localhost:8443/"})
        assert status == 201, answer
        status, _, answer = gateway.call("POST", f"/v1/webhooks/{answer['webhook']['id']}/test", stage.key)
        assert (status, answer["outcome"]) == (200, "addressRefused"), answer
        gateway.stop()


def examples(binary):
    """The receivers of docs/webhooks.md verify, refuse and drop what they should."""
    found = re.findall(r"<!-- receiver: (\S+) -->\n```\w+\n(.*?)\n```\n", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert [name.rpartition(".")[2] for name, _ in found] == list(INTERPRETERS), "the page has other receivers"
    with Stage(binary) as stage:
        gateway = start(stage)
        for name, text in found:
            command = INTERPRETERS[name.rpartition(".")[2]]
            if not shutil.which(command[0]):
                print(f"      {name}: no {command[0]} here")
                continue
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, name)
                path.write_text(text, encoding="utf-8")
                example(stage, gateway, path, command)
        gateway.stop()


def example(stage, gateway, path, command):
    port = stable_port()
    status, _, answer = gateway.call("POST", "/v1/webhooks", stage.key, {"url": f"http://127.0.0.1:{port}/"})
    assert status == 201, answer
    secret, webhook = answer["secret"], answer["webhook"]["id"]
    old = "whsec_" + "A" * 43 + "="
    words = [*command, "-S", f"127.0.0.1:{port}", str(path)] if command == ["php"] else [*command, str(path)]
    variables = {
        "WEBHOOK_SECRET": f"{secret} {old}", "PORT": str(port), "WEBHOOK_SEEN": str(path.parent / "seen"),
        "PATH": os.environ["PATH"]}
    output = path.parent / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(words, env=variables, stdout=file, stderr=subprocess.STDOUT)
    try:
        def is_there():
            assert process.poll() is None, output.read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
        until(is_there, f"{path.name} listens")
        def printed():
            return output.read_text().count("webhook.test")
        status, _, answer = gateway.call("POST", f"/v1/webhooks/{webhook}/test", stage.key)
        assert answer["outcome"] == "accepted", (path.name, answer, output.read_text())
        until(lambda: printed() == 1, "it is printed")

        body = '{"events":[{"id":"1","type":"webhook.test","data":{"text":"\u2615"}}],"webhookId":"w"}'

        def send(id, age=0, by=secret, signatures=None, body=body, signed=body):
            then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
            fields = {
                "content-type": "application/json", "webhook-id": id, "webhook-timestamp": str(int(then.timestamp())),
                "webhook-signature": signatures or Webhook(by).sign(id, then, signed)}
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("POST", "/", body=body.encode(), headers=fields)
            status = connection.getresponse().status
            connection.close()
            return status

        good = Webhook(secret).sign("other", datetime.datetime.now(datetime.timezone.utc), body)
        assert 200 <= send("a") < 300, path.name
        assert 200 <= send("a") < 300, path.name
        assert 200 <= send("b", by=old) < 300, path.name
        assert 200 <= send("c", age=240) < 300, path.name
        for status in [
            send("d", age=400), send("e", age=-400), send("f", signatures=good), send("g", by="whsec_" + "B" * 43 + "="),
            send("h", signatures="v1,"), send("i", signatures="v1"), send("j", signatures="v1a,AAAA v2,AAAA"),
            send("k", signed=body.replace("1", "2")), send("l", signatures="\u00e9".encode().decode("latin-1")),
        ]:
            assert status == 401, (path.name, status)
        for length in ["-1", "+1", "1_0", "x", "9" * 30]:
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
                connection.settimeout(PATIENCE)
                connection.sendall(f"POST / HTTP/1.1\r\nhost: receiver\r\ncontent-length: {length}\r\n\r\n{body}".encode())
                # No end of it comes: whoever reads until there is one reads for ever.
                with contextlib.suppress(ConnectionResetError):
                    said = connection.recv(4096)
                    assert not said or re.match(rb"HTTP/1\.[01] 4\d\d ", said), (path.name, length, said)
        until(lambda: printed() == 4, "each is printed once")
        print(f"      {path.name}: well")
    finally:
        process.kill()
        process.wait()
    gateway.call("DELETE", f"/v1/webhooks/{webhook}", stage.key)


def bot(binary):
    """docs/webhook-bot.py answers each message once, however often it is called, and only the gateway; what it can't answer comes again."""
    with Stage(binary) as stage, contextlib.ExitStack() as stack:
        gateway = start(stage)
        (alice, _), (bob, _) = (stage.sign_in(gateway, account) for account in (ALICE, BOB))
        port = stable_port()
        status, _, answer = gateway.call(
            "POST", "/v1/webhooks", stage.key, {"url": f"http://127.0.0.1:{port}/", "types": ["message.received"], "sessions": [bob]})
        assert status == 201, answer
        secret = answer["secret"]
        process = subprocess.Popen(
            [sys.executable, PAGE.parent / "webhook-bot.py", f"http://127.0.0.1:{gateway.port}"], stdout=subprocess.DEVNULL,
            env={"WEBHOOK_SECRET": secret, "MSNP_KEY": stage.key, "PORT": str(port), "PATH": os.environ["PATH"]})
        stack.callback(process.wait)
        stack.callback(process.kill)

        def heard(session):
            return gateway.call(
                "GET", f"/v1/sessions/{session}/events?after=oldest&types=message.received&wait=0", stage.key)[2]["events"]

        def call(id, by=secret):
            now = datetime.datetime.now(datetime.timezone.utc)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("POST", "/", body=body.encode(), headers={
                "webhook-id": id, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": Webhook(by).sign(id, now, body)})
            status = connection.getresponse().status
            connection.close()
            return status

        for text in ("1", "2"):
            status, _, answer = gateway.call("POST", f"/v1/sessions/{alice}/messages", stage.key, {"to": BOB, "text": text})
            assert status == 201, answer
        until(lambda: len(heard(alice)) == 2, "both are answered")
        body = json.dumps({"events": heard(bob)})
        assert [call("a"), call("b"), call("c", by="whsec_" + "B" * 43 + "=")] == [204, 204, 401]
        status, _, answer = gateway.call("POST", f"/v1/sessions/{alice}/messages", stage.key, {"to": BOB, "text": "3"})
        assert status == 201, answer
        until(lambda: len(heard(alice)) >= 3, "the third is answered")
        assert [event["data"]["text"] for event in heard(alice)] == ["1", "2", "3"], heard(alice)
        gateway.stop()
        assert call("d") == 503


CHECKS = [in_order, kills, failing, rotation, addresses, examples, bot]

if __name__ == "__main__":
    wanted = [check for check in CHECKS if check.__name__ in sys.argv[2:]] or CHECKS
    checks.run(wanted, sys.argv[1])
