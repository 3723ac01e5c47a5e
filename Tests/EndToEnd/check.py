"""Uses the built program as its users do: check.py PATH-OF-MSNP-GATEWAY

Closes with a line `N passed, N failed` and fails if any check did.
"""

import contextlib
import json
import os
import pathlib
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import checks
import service
from harness import PATIENCE, Gateway, Messenger, stable_port
from stage import until

ROOT = pathlib.Path(__file__).resolve().parents[2]


def readme(binary):
    """The README's commands print what the README says."""
    gateway = Gateway(binary)
    try:
        printed, wanted, result = run_examples(gateway, "README.md", "It prints")
        assert len(printed) == len(wanted), result.stdout + result.stderr
        # The poll runs in the background, so it and the answer to PUT may change places.
        remaining = printed[:]
        for line in wanted:
            pattern = re.compile(".*?".join(re.escape(part) for part in line.split("…")))
            match = next((candidate for candidate in remaining if pattern.fullmatch(candidate)), None)
            assert match is not None, f"nothing like\n{line}\nin\n{result.stdout}"
            remaining.remove(match)
    finally:
        gateway.stop()


def objects(text):
    """The JSON objects in what several programs have written to one pipe, each whenever it liked."""
    end = 0
    for start in (found.start() for found in re.finditer(r'{"', text)):
        if start >= end:
            with contextlib.suppress(ValueError):
                found, end = json.JSONDecoder().raw_decode(text, start)
                yield found


def first_minutes(binary):
    """The README's way from the package to a bot and a script, pasted into one shell, ends with the bot's answer."""
    text = (ROOT / "README.md").read_text()
    way = re.search(r"^### The first ten minutes$(.*?)^### ", text, re.S | re.M)[1]
    commands = "".join(re.findall(r"```sh\n(.*?)```", way, re.S))
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        settings = place / "gateway.yaml"
        sample = (ROOT / "packaging/gateway.yaml").read_text()
        settings.write_text(re.sub(r"^#stateDirectory: .*", f"stateDirectory: {place}/state", sample, flags=re.M))
        gateway = Gateway(binary, "--config", str(settings))
        try:
            url = f"http://127.0.0.1:{gateway.port}"
            # The port is another one, and systemd is played: it hands the signal on, and here also waits for what comes of it.
            stub(place, "msnp-gateway", f'[ "$1" = login ] && set -- "$@" --gateway {url}\nexec {binary} "$@"')
            stub(place, "systemctl", f'[ "$*" = "reload msnp-gateway" ] && echo >{place}/wanted && read -r line <{place}/done')
            for name in ("wanted", "done"):
                os.mkfifo(place / name)
            threading.Thread(target=reload_when_wanted, args=(gateway, place), daemon=True).start()
            port = stable_port()
            for old, new in {
                    "/etc/msnp-gateway/gateway.yaml": str(settings), "/usr/share/doc/msnp-gateway": str(ROOT),
                    "http://127.0.0.1:8080": url, "127.0.0.1:9000": f"127.0.0.1:{port}", "webhook-bot.py": f"webhook-bot.py {url}"}.items():
                assert old in commands, f"{old} is not there any more"
                commands = commands.replace(old, new)
            result = subprocess.run(
                ["bash", "-eu", "-c", "trap 'kill $(jobs -p)' EXIT\n" + commands], capture_output=True, text=True,
                timeout=PATIENCE + 30, cwd=scratch, env={**os.environ, "HOME": scratch, "XDG_STATE_HOME": f"{scratch}/own", "PORT": str(port),
                     "PATH": f"{scratch}/bin:{os.environ['PATH']}"})
            said = result.stdout + result.stderr
            assert result.returncode == 0, said
            assert "bob@example.com" in said and '"secret":"whsec_' in said, said
            answers = [found["data"] for found in objects(result.stdout) if found.get("type") == "message.received"]
            assert [(data["from"], data["text"]) for data in answers] == [("bob@example.com", "Are you there?")], said
        finally:
            gateway.stop()


def stub(place, name, body):
    """A program that stands before the one of that name."""
    (place / "bin").mkdir(exist_ok=True)
    path = place / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def reload_when_wanted(gateway, place):
    (place / "wanted").read_text()
    gateway.process.send_signal(signal.SIGHUP)
    until(lambda: any("settings read again" in line for line in gateway.log), "the settings are read again")
    (place / "done").write_text("\n")


def run_examples(gateway, path, intro):
    """What the sh block of a page prints and what the page says that it prints, line by line."""
    text = (ROOT / path).read_text()
    commands = next(block for block in re.findall(r"```sh\n(.*?)```", text, re.S) if "api=" in block)
    expected = re.search(intro + r".*?```\w*\n(.*?)```", text, re.S)[1]
    script = commands.replace("127.0.0.1:8080", f"127.0.0.1:{gateway.port}")
    result = subprocess.run(["bash", "-eu", "-c", script], capture_output=True, text=True, timeout=PATIENCE + 30)
    return [line for line in result.stdout.splitlines() if line], expected.splitlines(), result


def api_page(binary):
    """The curl examples of docs/api.md print what it says."""
    gateway = Gateway(binary)
    try:
        printed, wanted, result = run_examples(gateway, "docs/api.md", "It prints")
        assert len(printed) == len(wanted), result.stdout + result.stderr
        for line, printed_line in zip(wanted, printed):
            pattern = ".*?".join(re.escape(part) for part in line.split("…"))
            assert re.fullmatch(pattern, printed_line), f"{printed_line}\nis not\n{line}"
    finally:
        gateway.stop()


def news_of_bob(gateway, path, token, cursor):
    """The next page with bob in it; the sandbox's robot comes and goes as it likes."""
    while True:
        page = gateway.call("GET", f"{path}/events?types=presence.changed&after={cursor}", token)[2]
        page["events"] = [event for event in page["events"] if event["data"]["account"] == "bob@example.com"]
        cursor = page["next"]
        if page["events"]:
            return page


def two_people(binary):
    """Somebody on plain MSNP and somebody on HTTP see each other, and the poll returns what the other did."""
    gateway = Gateway(binary)
    try:
        session, token = gateway.sign_in("alice@example.com")
        bob = Messenger(gateway.sandbox_port, "bob@example.com")
        path = f"/v1/sessions/{session}"
        gateway.call("PUT", path + "/presence", token, {"status": "outToLunch"})
        bob.wait(lambda words: words[:3] == ["NLN", "LUN", "alice@example.com"])
        name = "Zoë ☕ 100% +\u3000"
        status, _, answer = gateway.call("PATCH", path, token, {"displayName": name})
        assert status == 200 and answer["displayName"] == name, answer
        bob.wait(lambda words: words[0] == "NLN" and words[3] == "Zo%C3%AB%20%E2%98%95%20100%25%20+%E3%80%80")
        delays = []
        cursor = gateway.call("GET", path, token)[2]["cursor"]
        for word, code in [("busy", "BSY"), ("away", "AWY"), ("onThePhone", "PHN"), ("idle", "IDL"), ("online", "NLN")] * 4:
            answers = []
            poll = threading.Thread(
                target=lambda: answers.append((news_of_bob(gateway, path, token, cursor), time.monotonic())))
            poll.start()
            said = time.monotonic()
            bob.say("CHG", code)
            poll.join(PATIENCE)
            page, arrived = answers[0]
            assert [event["data"]["status"] for event in page["events"]] == [word], page
            delays.append(arrived - said)
            cursor = page["next"]
        print(f"    from bob's CHG to alice's poll: median {statistics.median(delays) * 1000:.1f} ms")
        bob.leave()
        page = news_of_bob(gateway, path, token, cursor)
        assert page["events"][0]["data"]["status"] == "offline", page
    finally:
        gateway.stop()


def thousand_polls(binary):
    """SIGTERM with 1,000 parked polls: all are answered, the servers hear OUT, and the exit is clean."""
    gateway = Gateway(binary, environment={"MSNP_GATEWAY_SANDBOX_ACCOUNTS": "20"})
    watcher = None
    try:
        sessions = [gateway.sign_in(f"user{number:04}@example.com") for number in range(1, 17)]
        selector = selectors.DefaultSelector()
        polls = 0
        for session, token in sessions:
            for _ in range(63):
                connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)
                connection.sendall(
                    f"GET /v1/sessions/{session}/events?types=message.*&wait=50 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    f"Authorization: Bearer {token}\r\n\r\n".encode())
                selector.register(connection, selectors.EVENT_READ, bytearray())
                polls += 1
        assert polls >= 1000
        # Whatever was sent before this answer has been taken in: each loop reads its connections in turn.
        for session, token in sessions:
            gateway.call("GET", f"/v1/sessions/{session}", token)
        assert not selector.select(0.5), "a poll was answered that had nothing to wait for"
        outcome = []
        stopper = threading.Thread(target=lambda: outcome.append(gateway.stop()))
        stopper.start()
        answered = 0
        while selector.get_map():
            for key, _ in selector.select(PATIENCE):
                data = key.fileobj.recv(65536)
                key.data.extend(data)
                if not data:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    assert key.data.startswith(b"HTTP/1.1 200 "), bytes(key.data[:200])
                    assert key.data.rstrip().endswith(b"}"), bytes(key.data[-200:])
                    answered += 1
        stopper.join(PATIENCE)
        status, seconds = outcome[0]
        assert answered == polls, answered
        assert status == 0, (status, gateway.log[-5:])
        print(f"    {answered} polls answered, exit after {seconds:.2f} s")
    finally:
        if gateway.process.poll() is None:
            gateway.process.kill()


def secrets(binary):
    """Neither password, token nor ticket in the log, at its most talkative."""
    gateway = Gateway(binary, environment={"MSNP_GATEWAY_LOG_LEVEL": "trace"})
    try:
        session, token = gateway.sign_in("alice@example.com")
        gateway.call("POST", "/v1/sessions", body={"account": "alice@example.com", "password": "wrong-password-4711"})
        form = gateway.call("POST", f"/v1/sessions/{session}/services/profile/form", token)[2]["fields"]
    finally:
        gateway.stop()
    log = "".join(gateway.log)
    assert log
    for secret in (token, "wrong-password-4711", form["auth"], form["creds"]):
        assert secret not in log


def keys(binary):
    """A key made while the gateway runs opens and lists its own sessions; revoking it signs them out."""
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"

        def command(*words):
            run = subprocess.run([binary, "keys", *words, "--state", state], capture_output=True, text=True, timeout=PATIENCE)
            assert run.returncode == 0 and not run.stderr, run
            return run.stdout.splitlines()

        gateway = Gateway(binary, "--state", state, environment={"MSNP_GATEWAY_LOG_LEVEL": "trace"})
        try:
            assert gateway.call("GET", "/v1")[2]["signIn"] == "open"
            [mine], [theirs] = command("add", "mine"), command("add", "theirs", "--admin")
            assert [line.split()[:2] for line in command("list")] == [["mine", "-"], ["theirs", "admin"]]
            account = {"account": "alice@example.com", "password": "sandbox"}
            status, _, answer = gateway.call("POST", "/v1/sessions", mine, account)
            assert status == 201, answer
            path = "/v1/sessions/" + answer["session"]["id"]
            assert gateway.call("POST", "/v1/sessions", body=account)[2]["code"] == "sign-in-closed"
            assert gateway.call("GET", "/v1")[2]["signIn"] == "key"
            assert [one["id"] for one in gateway.call("GET", "/v1/sessions", mine)[2]["sessions"]] == [path[13:]]
            assert gateway.call("GET", path, theirs)[0] == 404
            answers = []
            poll = threading.Thread(target=lambda: answers.append(
                (gateway.call("GET", path + "/events?after=now&types=session.state", mine)[2], time.monotonic())))
            poll.start()
            # What comes before it is there is no news for it.
            end = time.monotonic() + PATIENCE
            while "\nmsnp_gateway_parked_polls 1\n" not in gateway.call("GET", "/metrics", theirs)[2]:
                assert time.monotonic() < end, "the poll does not wait"
            started = time.monotonic()
            command("revoke", "mine")
            poll.join(PATIENCE)
            page, ended = answers[0]
            # By this poll, and not by one after it.
            assert page["ended"], page
            print(f"    from the revocation to the end of the session: {ended - started:.1f} s")
            session = gateway.call("GET", path, answer["token"])[2]
            assert (session["state"], session["reason"]) == ("ended", "signedOut"), session
            assert gateway.call("GET", path, mine)[0] == 401
        finally:
            gateway.stop()
        kept = pathlib.Path(state, "keys.json").read_text()
        for secret in [mine, theirs, *re.findall(r"[0-9a-f]{64}", kept)]:
            assert secret not in "".join(gateway.log)


def page(binary):
    """The static page is served with its policy, and everything it names is there."""
    gateway = Gateway(binary)
    try:
        status, headers, text = gateway.call("GET", "/")
        assert status == 200, text
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        # Nothing is inline, which the policy would not let in anyway.
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)) and "style" not in re.findall(r"<(\w+)", text)
        assert "style=" not in text and not re.search(r"\son\w+=", text)
        for reference in re.findall(r'(?:href|src)="([^"#]+)"', text):
            if not reference.startswith("http"):
                found, _, _ = gateway.call("GET", "/" + reference.lstrip("/."))
                assert found == 200, reference
    finally:
        gateway.stop()


checks.run(
    [readme, first_minutes, two_people, thousand_polls, secrets, keys, page, api_page, service.words, service.activation,
     service.unix],
    os.path.abspath(sys.argv[1]))
