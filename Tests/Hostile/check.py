"""Attacks the built program: check.py PATH-OF-MSNP-GATEWAY [ATTACK...]

Each attack is a hostile caller or a hostile backend. While it lasts and after it, other people are served; after it the
process holds what it held before, and rests. Answers, memory and descriptors are looked at, and how much processor time a
thing takes in proportion to another of the same size; of a clock only what the gateway itself lets through by the second.

Closes with a line `N passed, N failed` and fails if any attack did.
"""

import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import attacks
from attacks import HOST, JSON, MARKS, bearer, connections, request, utf8
from evil import BOB, Evil
from target import PATIENCE, ROOT, Messenger, Raw, Target, checks, until

# How much more processor time text may cost for what it consists of. What was found to cost more cost it a hundredfold.
TIMES = 6
# Faults that an answer names, those of members that are missing and the number of the rest among them; and its bytes.
FAULTS, ANSWER = 24, 8 << 10
# MB that a hundred connections may hold whose answers are shared: some buffers of the library each.
UNREAD = 10
# Bytes that the kernel may hold for one that is not read: as much as `SO_SNDBUF` and what the reader's own buffer take.
BUFFERED = 1 << 20
# Ticks within which times are not compared: a collection of garbage, somebody else's turn.
GRACE = 30


def costs_no_more(target, hostile, plain):
    """Something hostile takes about as much of the processor as something plain of the same size."""
    # The first of each kind pays for what is made once.
    plain()
    of_plain = target.spends(plain)
    of_hostile = target.spends(hostile)
    print(f"    {of_hostile} ticks, {of_plain} for plain text of that size")
    assert of_hostile <= TIMES * of_plain + GRACE, (of_hostile, of_plain)


# Text that costs minutes


def member_names(binary):
    """Bodies with a member name of combining marks: refused by their size, or for about what plain letters cost."""
    with Target(binary) as target, target.unharmed():
        body = attacks.long_member(1 << 20)
        with connections(target, request("POST", "/v1/sessions", body, JSON), 4) as raws:
            target.serves()
            for raw in raws:
                assert raw.status() == 413
        session, token = target.sign_in_at("sandbox", "alice@example.com")
        path = f"/v1/sessions/{session}"
        for size, method, place, wanted in [
            (7_000, "POST", "/v1/sessions", 400), (64_000, "PUT", path + "/presence", 413),
            (15_000, "PUT", path + "/presence", 400), (500_000, "POST", path + "/messages", 400),
        ]:
            def ask(letters):
                # Whoever signs in has no token yet.
                credentials = "" if place == "/v1/sessions" else bearer(token)
                text = request(method, place, attacks.long_member(size, letters), JSON + credentials)
                raw = Raw(target.port, text)
                assert raw.status() == wanted, (place, size)
                raw.close()

            costs_no_more(
                target, lambda: [ask(MARKS) for _ in range(20)], lambda: [ask("abcd") for _ in range(20)])
        presence = f'{{"status":"{MARKS * 3000}"}}'
        raw = Raw(target.port, request("PUT", path + "/presence", presence, JSON + bearer(token)))
        assert raw.status() == 400
        target.call("DELETE", path, token)


def header_values(binary):
    """Headers of combining marks cost about what plain letters do."""
    with Target(binary) as target, target.unharmed():
        for name in ("Accept", "Content-Type", "Host", "Prefer", "If-None-Match", "Authorization", "X-Request-Id", "Origin"):
            def ask(letters):
                value = letters * (7_000 // len(letters.encode()))
                host = "" if name == "Host" else HOST
                raw = Raw(
                    target.port, f"POST /v1/sessions HTTP/1.1\r\n{host}{name}: {utf8(value)}\r\nContent-Length: 2\r\n\r\n{{}}")
                status = raw.status()
                assert 400 <= status < 500, (name, status)
                raw.close()

            costs_no_more(target, lambda: [ask(MARKS) for _ in range(40)], lambda: [ask("abcd") for _ in range(40)])


def _beside_a_backend(binary, hostile, plain, act):
    """A backend's hostile text costs about what another's plain text does; people at other backends are served."""
    spent = {}
    for name in (plain, hostile):
        with Evil(name) as evil, Target(binary, evil=evil) as target, target.unharmed():
            spent[name] = target.spends(lambda: act(target))
            target.serves()
    print(f"    {spent[hostile]} ticks, {spent[plain]} for plain text of that size")
    assert spent[hostile] <= TIMES * spent[plain] + GRACE, spent


def _signs_in_and_out(target, act=lambda target, path, token: None):
    session, token = target.sign_in_at("evil", "alice@example.com")
    path = f"/v1/sessions/{session}"
    act(target, path, token)
    # A command that is answered stands behind everything that the server said before it.
    assert target.call("GET", path + "/services/inbox", token)[0] == 200
    target.call("GET", path + "/contacts", token)
    target.call("GET", path + "/events?after=oldest&wait=0", token)
    assert target.call("DELETE", path, token)[0] == 204


def list_handles(binary):
    """500 list lines with handles of 16 KB of combining marks: dropped, and nobody waits for it."""
    _beside_a_backend(binary, "long handles", "long plain handles", _signs_in_and_out)


def field_names(binary):
    """Messages with header names of 60 KB of combining marks."""
    _beside_a_backend(binary, "long fields", "long plain fields", _signs_in_and_out)


def font_names(binary):
    """Texts in fonts whose names are combining marks."""
    def talk(target, path, token):
        status, _, answer = target.call("POST", path + "/messages", token, {"to": BOB, "text": "hi"})
        assert status == 201, answer
        heard, cursor = 0, "oldest"
        while heard < 50:
            page = target.call("GET", f"{path}/events?after={cursor}&types=message.received", token)[2]
            heard, cursor = heard + len(page["events"]), page["next"]

    _beside_a_backend(
        binary, "long fonts", "long plain fonts", lambda target: _signs_in_and_out(target, talk))


# Bytes that are held, and loops that spin


def endless_chunk(binary):
    """A chunk line without end, from clients that leave and that stay: ended, and no other connection of its daemon."""
    with Target(binary) as target, target.unharmed():
        session, token = target.sign_in_at("sandbox", "alice@example.com")
        path = f"/v1/sessions/{session}"
        upload = request("PUT", path + "/presence", '{"status":"busy"}', JSON + bearer(token))
        poll = f"GET {path}/events?wait=50&after=now&types=contact.added HTTP/1.1\r\n{HOST}{bearer(token)}\r\n"
        # As many as there are daemons several times over, so that each has some of them beside what is stuck.
        with connections(target, upload[:-5], 200) as uploads, connections(target, upload[:30], 200) as heads, \
                connections(target, poll, 20) as polls:
            with connections(target, attacks.ENDLESS_CHUNK, 30):
                target.serves()
            with connections(target, attacks.ENDLESS_CHUNK, 30) as stuck:
                target.rests()
                for raw in stuck:
                    # Ended by the gateway: with an answer, or without.
                    raw.rest()
            for raw in uploads:
                raw.say(upload[-5:])
            for raw in heads:
                raw.say(upload[30:])
            for raw in uploads + heads:
                assert raw.status() == 200
            target.call("PUT", path + "/contacts/bob@example.com", token)
            target.call("PUT", path + "/contacts/user0060@example.com", token)
            for raw in polls:
                assert raw.status() == 200
        target.call("DELETE", path, token)


def unread_faults(binary):
    """Answers about a hundred thousand unknown members, which nobody reads: they name twenty, and weigh little."""
    with Target(binary) as target, target.unharmed():
        session, token = target.sign_in_at("sandbox", "alice@example.com")
        path = f"/v1/sessions/{session}"
        before = target.memory()
        for method, place, size in [
            ("POST", "/v1/sessions", 8_000), ("PUT", path + "/presence", 16_000), ("POST", path + "/messages", 500_000),
        ]:
            # Whoever signs in has no token yet.
            credentials = "" if place == "/v1/sessions" else bearer(token)
            text = request(method, place, attacks.many_members(size), JSON + credentials)
            with connections(target, text, 40) as raws:
                target.serves()
                held = target.memory() - before
                assert held <= 80, f"{held:.0f} MB are held for {len(raws)} unread answers"
                status, body = raws[0].answer()
                said = json.loads(body)
                assert status == 400 and len(said.get("errors", [])) <= FAULTS and len(body) <= ANSWER, said
        print(f"    {held:.0f} MB held for 40 unread answers")
        target.call("DELETE", path, token)


def unread_pages(binary):
    """Pages that are asked for thirty times in one go and never read: shared, not copied for each connection."""
    with Target(binary, "--web", str(ROOT / "web-static")) as target, target.unharmed():
        # Each has been made once.
        for path in ("/docs", "/openapi.json", "/openapi.yaml", "/"):
            target.call("GET", path)
        before = target.memory()
        for path in ("/docs", "/openapi.json", "/openapi.yaml", "/"):
            with connections(target, f"GET {path} HTTP/1.1\r\n{HOST}\r\n" * 30, 100):
                target.serves()
                held = target.memory() - before
                print(f"    {held:.0f} MB held for 100 unread {path}")
                assert held <= UNREAD, f"{held:.0f} MB are held for 100 unread {path}"
        # What the kernel holds for one that is not read either: all that comes once the gateway stands still.
        raw = Raw(target.port)
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.say(f"GET /openapi.json HTTP/1.1\r\n{HOST}\r\n" * 100)
        target.serves()
        target.process.send_signal(signal.SIGSTOP)
        try:
            held = 0
            raw.socket.settimeout(2)
            with contextlib.suppress(TimeoutError):
                while data := raw.socket.recv(65536):
                    held += len(data)
        finally:
            target.process.send_signal(signal.SIGCONT)
        raw.close()
        print(f"    {held / 1024:.0f} KiB held by the kernel for one that is not read")
        assert held <= BUFFERED, held


def kept_texts(binary):
    """Sessions that end with thousands of long texts: what is kept of them is within the budget."""
    with Evil("deaf") as evil, Target(binary, evil=evil, environment={
        "MSNP_GATEWAY_LIMITS_TOTAL_JOURNAL_BYTES": str(2 << 20),
    }) as target, target.unharmed(kept=20):
        text = "x" * 65_000
        for name in ("alice", "bob"):
            session, token = target.sign_in_at("evil", f"{name}@example.com")
            path, last = f"/v1/sessions/{session}/messages", None
            for _ in range(2):
                # As much as may wait at once.
                for _ in range(110):
                    status, _, answer = target.call("POST", path, token, {"to": "eve@example.com", "text": text}, {"Prefer": "respond-async"})
                    assert status in (202, 409, 429, 503), answer
                    last = answer["message"]["id"] if status == 202 else last
                # All of them fail when bob does not come, and there is room for as many again.
                if last:
                    place = f"{path}/{last}"
                    until(lambda: target.call("GET", place, token)[2]["delivery"] != "pending", lambda: "no outcome")
            evil.notification.say("OUT OTH")
            page = {"ended": False, "next": "oldest"}
            while not page.get("ended"):
                page = target.call(
                    "GET", f"/v1/sessions/{session}/events?after={page['next']}&types=session.state", token)[2]


def ended_sessions(binary):
    """Failing sign-ins without end push out nobody else's ended session, and do not go to the server without end."""
    with tempfile.TemporaryDirectory() as scratch:
        add = [binary, "keys", "add", "--state", scratch + "/state"]
        keys = [
            subprocess.run([*add, name], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.strip()
            for name in ("mine", "theirs")]
        others = []
        with Target(binary, "--state", scratch + "/state", environment={
                **BEHIND_PROXY, "MSNP_GATEWAY_LIMITS_ENDED_SESSIONS": "40",
        }) as target, target.unharmed():
            ended = []
            for key, account in zip([keys[0], None], ("alice", "bob")):
                session, token = target.sign_in_at(
                    "sandbox", f"{account}@example.com", headers={"Authorization": f"Bearer {key}"} if key else None)
                path, page = f"/v1/sessions/{session}", {"next": "oldest"}
                # Somebody else takes the account's place.
                others.append(Messenger(target.sandbox_port, f"{account}@example.com"))
                while not page.get("ended"):
                    page = target.call("GET", f"{path}/events?after={page['next']}&types=session.state", token)[2]
                ended.append((path, token))
            statuses, began = [], time.monotonic()
            for number in range(120):
                status, _, _ = target.call(
                    "POST", "/v1/sessions", None if number % 2 else keys[1],
                    {"account": f"nobody{number % 20}@example.com", "password": f"wrong {number}"},
                    # From elsewhere: whoever shares an attacker's address is slowed with it.
                    {"Prefer": "respond-async", "X-Forwarded-For": "198.51.100.9"})
                statuses.append(status)
            assert set(statuses) <= {202, 403, 429, 503}, set(statuses)
            for path, token in ended:
                status, _, answer = target.call("GET", path, token)
                assert (status, answer.get("state")) == (200, "ended"), answer
            print(f"    {statuses.count(202)} of {len(statuses)} were begun")
            nobodys = statuses[1::2]
            # Twenty go ahead, and those that are under way by then; after them one each second.
            seconds = time.monotonic() - began
            assert nobodys.count(429) > len(nobodys) / 2 - seconds, "whoever fails and fails is not slowed"
            for other in others:
                other.leave()


def descriptors(binary):
    """Conversations until the descriptors are used up: HTTP goes on, and what is refused is answered and logged."""
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (600, 600))

    with Evil() as evil, Target(binary, evil=evil, prepare=few) as target, target.unharmed():
        people = [target.sign_in_at("evil", f"{name}@example.com") for name in ("alice", "carol")]
        refused = 0
        for number in range(700):
            session, token = people[number % 2]
            status, _, answer = target.call(
                "POST", f"/v1/sessions/{session}/conversations", token, {"participants": [f"u{number}@example.com"]})
            if status not in (200, 201):
                # In words, and everything that is there already goes on.
                assert status in (409, 429, 502, 503) and answer["code"], answer
                refused += 1
                with contextlib.ExitStack() as stack:
                    for _ in range(20):
                        raw = Raw(target.port, f"GET /livez HTTP/1.1\r\n{HOST}\r\n")
                        stack.callback(raw.close)
                        assert raw.status() == 200
                for session, token in people:
                    assert target.call("GET", f"/v1/sessions/{session}/services/inbox", token)[0] == 200
                status, _, answer = target.call(
                    "POST", "/v1/sessions", body={"account": "dave@example.com", "password": "x", "backend": "evil"})
                # One eighth is kept for those who sign in; the second time dave is there already.
                if status == 201:
                    people.append((answer["session"]["id"], answer["token"]))
                elif status != 200:
                    assert status in (502, 503) and answer["code"], answer
            if refused == 5:
                break
        print(f"    {number + 1} conversations with 600 descriptors, {target.descriptors()} in use")
        assert refused == 5, "what was enough for nobody is enough for everybody"
        target.logged(re.compile("connections to servers", re.I))
        for session, token in people:
            assert target.call("DELETE", f"/v1/sessions/{session}", token)[0] == 204


def above_the_limit(binary):
    """More connections than may be: whoever is refused is told so, the log says it, and probes have the last places."""
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

    with Target(binary, prepare=few) as target, target.unharmed():
        with contextlib.ExitStack() as stack:
            raws = [stack.enter_context(contextlib.closing(Raw(target.port))) for _ in range(300)]
            for _ in range(5):
                assert target.call("GET", "/livez")[0] in (200, 503)
            target.logged(re.compile("connection", re.I))
            # A connection or two are free again: not enough for everybody, but for a probe.
            for raw in raws[:2]:
                raw.close()
            until(lambda: target.call("GET", "/livez")[0] == 200, lambda: "no probe is answered")
        # That they have all left is heard a moment later, and until then there is no room for others.
        until(lambda: target.call("GET", "/v1")[0] == 200, lambda: "it stays full")


def conversations_without_end(binary):
    """A switchboard that lets somebody else in first, each time: a message moves once, then it fails as not private."""
    with Evil("somebody else first") as evil, Target(binary, evil=evil) as target, target.unharmed():
        session, token = target.sign_in_at("evil", "alice@example.com")
        path = f"/v1/sessions/{session}"
        status, _, answer = target.call("POST", path + "/messages", token, {"to": BOB, "text": "for bob alone"})
        assert status == 502 and answer["code"] == "message-not-delivered" and answer["reason"] == "notPrivate", answer
        # A command that is answered stands behind everything that came of it.
        assert target.call("GET", path + "/services/inbox", token)[0] == 200
        events = target.call("GET", path + "/events?after=oldest&wait=0&limit=500", token)[2]["events"]
        opened = [event for event in events if event["type"] == "conversation.opened"]
        assert len(opened) <= 2 and evil.switchboard.accepted <= 2, (len(opened), evil.switchboard.accepted)
        assert not any(line.startswith("MSG") for line in evil.switchboard.received), "it went where eve is"
        assert target.call("DELETE", path, token)[0] == 204


# Who somebody is


BEHIND_PROXY = {
    "MSNP_GATEWAY_TRUSTED_PROXIES": "127.0.0.1", "MSNP_GATEWAY_PUBLIC_HOSTS": "msn.example",
    "MSNP_GATEWAY_OPEN_SIGN_IN": "true",
}


def _from(target, address, account, password="sandbox", **fields):
    """The status and problem of a sign-in that a proxy passes on."""
    status, headers, answer = target.call(
        "POST", "/v1/sessions", body={"account": f"{account}@example.com", "password": password, "backend": "sandbox"},
        headers={"X-Forwarded-For": address, **fields})
    if status == 429:
        assert int(headers["Retry-After"]) >= 1, headers
    return status, answer


def one_address(binary):
    """Behind a proxy everybody has an address: nobody is locked out by somebody else's, and says not what his own is."""
    with Target(binary, environment=BEHIND_PROXY) as target:
        status, answer = _from(target, "192.0.2.2", "alice")
        assert status == 201, answer
        session = answer["session"]["id"]
        assert target.call("DELETE", f"/v1/sessions/{session}", answer["token"], headers={"X-Forwarded-For": "192.0.2.2"})[0] == 204
        # The more there were, the longer the next has to wait: on a slow machine some more are heard.
        statuses = [403]
        while statuses[-1] == 403 and len(statuses) <= 12:
            statuses.append(_from(target, "192.0.2.1", "alice", f"wrong {len(statuses)}")[0])
        assert statuses[1] == 403 and statuses[-1] == 429, statuses
        status, answer = _from(target, "192.0.2.2", "alice")
        assert status == 201, answer
        # Twenty for each address, whatever it puts in front of its own.
        statuses = [
            _from(target, f"198.51.100.{number}, 192.0.2.3", f"user{number:04}", Forwarded=f"for=198.51.100.{number}")[0]
            for number in range(1, 23)]
        assert statuses[:20] == [201] * 20 and not {200, 201} & set(statuses[20:]), statuses
        assert _from(target, "192.0.2.4", "user0030")[0] == 201
        # Of IPv6 a /64 is one.
        statuses = [_from(target, f"2001:db8::{number:x}", f"user{30 + number:04}")[0] for number in range(1, 23)]
        assert statuses[:20] == [201] * 20 and not {200, 201} & set(statuses[20:]), statuses
        assert _from(target, "2001:db8:0:1::1", "user0055")[0] == 201


def guessing(binary):
    """One account guessed from many addresses, and many accounts from one: slowed; who has been there is let in."""
    environment = {**BEHIND_PROXY, "MSNP_GATEWAY_SANDBOX_ACCOUNTS": "400", "MSNP_GATEWAY_LIMITS_SESSIONS_PER_ANONYMOUS_ADDRESS": "1000"}
    with Target(binary, environment=environment) as target:
        assert _from(target, "203.0.113.9", "alice")[0] == 201
        began = time.monotonic()
        statuses = [_from(target, f"192.0.2.{number % 60}", "alice", f"guess {number}")[0] for number in range(300)]
        # Each address has a turn every ten seconds.
        turns = 60 * int((time.monotonic() - began) / 10)
        assert set(statuses) <= {403, 429} and statuses.count(403) <= 100 + turns, (statuses.count(403), set(statuses), turns)
        print(f"    {statuses.count(403)} of 300 guesses at one account from 60 addresses were heard")
        status, answer = _from(target, "203.0.113.9", "alice")
        assert status in (200, 201), answer
        statuses = [_from(target, "198.51.100.7", f"user{number:04}", "guess")[0] for number in range(1, 301)]
        assert set(statuses) <= {403, 429} and statuses.count(403) <= 200, (statuses.count(403), set(statuses))
        print(f"    {statuses.count(403)} guesses at 300 accounts from one address were heard")
        assert _from(target, "198.51.100.8", "user0399")[0] == 201


def hangup(binary):
    """SIGHUP ends nothing, and is answered by a line in the log."""
    with Target(binary) as target, target.unharmed():
        session, token = target.sign_in_at("sandbox", "alice@example.com")
        before = len(target.log)
        target.process.send_signal(signal.SIGHUP)
        until(lambda: len(target.log) > before, lambda: "nothing is logged about SIGHUP")
        assert target.call("GET", f"/v1/sessions/{session}", token)[2]["state"] == "online"
        assert target.process.poll() is None
        assert target.call("DELETE", f"/v1/sessions/{session}", token)[0] == 204


def paths(binary):
    """An escaped slash separates nothing, links do not lead out of the folder, and a target's own host is checked."""
    with tempfile.TemporaryDirectory() as scratch:
        outside, folder = pathlib.Path(scratch, "outside"), pathlib.Path(scratch, "web")
        outside.mkdir()
        (outside / "secret.txt").write_text("secret")
        (folder / "js").mkdir(parents=True)
        (folder / "index.html").write_text("<!doctype html><title>x</title>")
        (folder / "js" / "main.js").write_text("1")
        (folder / "leak.txt").symlink_to(outside / "secret.txt")
        (folder / "outside").symlink_to(outside)
        with Target(binary, "--web", str(folder)) as target:
            wanted = {
                "/": 200, "/js/main.js": 200, "/js%2Fmain.js": 404, "/js%2fmain.js": 404, "/v1%2Ferrors": 404,
                "/leak.txt": 404, "/outside/secret.txt": 404, "/js/..%2Fleak.txt": 404,
            }
            for path, status in wanted.items():
                assert target.call("GET", path)[0] == status, path
            for head in (
                "GET http://evil.example/v1 HTTP/1.0\r\n\r\n", "GET http://evil.example/v1 HTTP/1.0\r\nHost: evil.example\r\n\r\n",
                "GET http://evil.example/v1 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
                "GET http://evil.example/v1 HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
            ):
                said = Raw(target.port, head).rest()
                assert re.match(r"HTTP/1\.[01] (400|421) ", said), (head, said[:60])


def keys_of_another(binary):
    """A key file of another user is refused."""
    if os.geteuid() != 0:
        print("    only root can give a file to somebody else")
        return
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"
        subprocess.run([binary, "keys", "add", "x", "--state", state], capture_output=True, timeout=PATIENCE, check=True)
        file = pathlib.Path(state, "keys.json")
        nobody = 65534
        os.chown(file, nobody, nobody)
        run = subprocess.run(
            [binary, "serve", "--listen", "127.0.0.1:0", "--sandbox", "0", "--state", state],
            capture_output=True, text=True, timeout=PATIENCE)
        assert run.returncode not in (0, None) and "keys.json" in run.stdout + run.stderr, run


def forbidden_ports(binary):
    """Referrals and rings reach no port that is somebody else's, however the address is spelt; open and closed look alike."""
    with contextlib.ExitStack() as stack:
        evil = stack.enter_context(Evil("elsewhere"))
        target = stack.enter_context(Target(binary, evil=evil))
        session, token = target.sign_in_at("evil", "alice@example.com")
        path = f"/v1/sessions/{session}"

        def refer(address):
            evil.elsewhere = address
            status, _, answer = target.call("POST", path + "/messages", token, {"to": BOB, "text": "hi"})
            assert status >= 400, (address, answer)
            return {name: answer.get(name) for name in ("status", "code", "title", "detail", "reason")}

        # A port that may be named: one where somebody listens and hangs up, and the same one when nobody does.
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        thread = threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True)
        thread.start()
        told = refer(f"127.0.0.1:{port}")
        thread.join(PATIENCE)
        listener.close()
        assert refer(f"127.0.0.1:{port}") == told
        # Its own.
        heads = _heads(target)
        forbidden = refer(f"127.0.0.1:{target.port}")
        assert _heads(target) == heads + 2, "it has called itself"
        listeners = _privileged_listeners(stack)
        if not listeners:
            print("    ports below 1024 can't be listened on here")
        for port in {one.getsockname()[1] for one in listeners}:
            for host in ("127.0.0.1", "[::1]", "localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
                assert refer(f"{host}:{port}") == refer(f"{host}:{port - 1}"), host
                evil.notification.say(f"RNG 1 {host}:{port} CKI 849.5 {BOB} Bob")
            assert refer(f"127.0.0.1:{port}") == forbidden
            assert target.call("GET", path + "/services/inbox", token)[0] == 200
        for one in listeners:
            one.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                one.accept()
                raise AssertionError("a forbidden port was connected to")
        assert target.call("DELETE", path, token)[0] == 204


def _privileged_listeners(stack):
    """Listeners of both families on one port below 1024; none where that is not allowed."""
    for port in range(1023, 900, -1):
        with contextlib.suppress(OSError), contextlib.ExitStack() as both:
            found = [
                both.enter_context(socket.create_server(("127.0.0.1", port))),
                both.enter_context(socket.create_server(("::1", port), family=socket.AF_INET6))]
            stack.push(both.pop_all())
            return found
    return []


def _heads(target):
    """How many requests the gateway has read."""
    text = target.call("GET", "/metrics")[2]
    return int(float(re.search(r"^msnp_gateway_http_heads_total (\S+)$", text, re.M)[1]))


everything = [
    member_names, header_values, list_handles, field_names, font_names, endless_chunk, unread_faults, unread_pages, kept_texts,
    ended_sessions, descriptors, above_the_limit, conversations_without_end, one_address, guessing, hangup, paths,
    keys_of_another, forbidden_ports,
]
wanted = sys.argv[2:]
unknown = set(wanted) - {attack.__name__ for attack in everything}
if unknown:
    sys.exit(f"no such attack: {', '.join(sorted(unknown))}; there are {', '.join(attack.__name__ for attack in everything)}")
checks.run([attack for attack in everything if not wanted or attack.__name__ in wanted], os.path.abspath(sys.argv[1]))
