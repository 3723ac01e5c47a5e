"""Ends and starts the built program as machines and operators do: state.py PATH-OF-MSNP-GATEWAY [CHECK...]

Closes with a line `N passed, N failed` and fails if any check did.
"""

import base64
import contextlib
import http.client
import itertools
import json
import os
import re
import secrets as randomness
import signal
import subprocess
import sys
import threading
import time

import checks
from harness import PATIENCE, Gateway, Messenger, Raw, stable_port
from lenient import REFUSED, LenientServer
from stage import ALICE, BOB, PAUSE, Stage, kill, until


def in_vain(call, *arguments):
    """Makes a call that a kill may leave without an answer."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        call(*arguments)


def events(gateway, path, token, after="oldest"):
    """All that can be read after a cursor, and the cursor behind it."""
    found, more = [], True
    while more:
        status, _, page = gateway.call("GET", f"{path}/events?after={after}&wait=0&limit=500", token)
        assert status == 200, page
        found += page["events"]
        after, more = page["next"], page["more"]
    return found, after


def states(found):
    return [(event["data"]["state"], event["data"].get("reason")) for event in found if event["type"] == "session.state"]


def online(gateway, path, token):
    until(lambda: gateway.call("GET", path, token)[2]["state"] == "online", f"{path} is online")


def expect_whole(found):
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1)), [event["seq"] for event in found]


def in_flight(binary):
    """What was under way at a kill -9 is told once as unconfirmed, its keys are good, and all else can be read at once."""
    with Stage(binary) as stage:
        gateway = stage.start()
        (alice, token), (bob, bobs) = (stage.sign_in(gateway, account) for account in (ALICE, BOB))
        path, bobs_path = f"/v1/sessions/{alice}", f"/v1/sessions/{bob}"
        first = gateway.call("POST", path + "/messages", token, {"to": BOB, "text": "first"})
        assert first[0] == 201, first
        until(lambda: gateway.call("GET", path + "/profile", token)[0] == 200, "the profile")
        profile = gateway.call("GET", path + "/profile", token)[2]
        people = gateway.call("GET", path + "/contacts", token)[2]["contacts"]
        before, cursor = events(gateway, path, token)
        # From here on the server takes what is sent and says nothing.
        stage.server.send_signal(signal.SIGSTOP)
        acts = {
            "m": ("/messages", {"to": BOB, "text": "second"}), "p": ("/pages", {"to": "echo@example.com", "text": "call me"}),
            "i": ("/invitations", {"email": "new@example.com"})}

        def act(gateway, key):
            where, body = acts[key]
            return gateway.call("POST", path + where, token, body, {"Idempotency-Key": f"{key}-0123"})

        threads = [threading.Thread(target=in_vain, args=(act, gateway, key), daemon=True) for key in acts]
        for thread in threads:
            thread.start()
        until(lambda: stage.rows("SELECT count(*) FROM call")[0][0] == len(acts), "all three are begun")
        sent = until(
            lambda: [e for e in events(gateway, path, token, cursor)[0] if e["type"] == "message.sent"], "the message is sent")
        message = sent[0]["data"]["messageId"]
        seen, cursor = events(gateway, path, token)
        kill(gateway)
        for thread in threads:
            thread.join(PATIENCE)
        # The server is still silent, so that nobody can be online.
        gateway = stage.start()
        assert gateway.call("GET", "/readyz")[0] == 200
        listed = gateway.call("GET", "/v1/sessions", stage.key)[2]["sessions"]
        assert {one["id"]: one["state"] for one in listed} == {alice: "reconnecting", bob: "reconnecting"}, listed
        for credential in (stage.key, token):
            assert gateway.call("GET", path, credential)[2]["reason"] == "gatewayShutdown"
        again, _ = events(gateway, path, token)
        assert again[:len(seen)] == seen
        expect_whole(again)
        snapshot = gateway.call("GET", path + "/snapshot", token)[2]
        assert {one["status"] for one in snapshot["contacts"]} == {"offline"}, snapshot
        bare = lambda contacts: [{name: one[name] for name in one if name != "status"} for one in contacts]
        assert bare(snapshot["contacts"]) == bare(people)
        assert [one["id"] for one in snapshot["conversations"]] == [first[2]["message"]["conversationId"]]
        answer = gateway.call("GET", path + "/profile", token)
        assert answer[2].get("code") == "reconnecting" and answer[1]["Retry-After"], answer
        answer = gateway.call("POST", path + "/messages", token, {"to": BOB, "text": "now?"})
        assert answer[0] == 503 and answer[2]["code"] == "reconnecting", answer
        for _ in range(2):
            status, headers, answer = act(gateway, "m")
            assert status == 201 and answer["message"]["delivery"] == "unconfirmed", answer
            assert answer["message"]["id"] == message and headers["Idempotency-Replayed"] == "true"
            for key in "pi":
                status, _, answer = act(gateway, key)
                assert status == 409 and answer["code"] == "outcome-unknown", (key, answer)
        stage.server.send_signal(signal.SIGCONT)
        for one, credential in ((path, token), (bobs_path, bobs)):
            online(gateway, one, credential)
        # Whoever has said nothing more by now has nothing to say: this one is the last that happens.
        third = gateway.call("POST", path + "/messages", token, {"to": BOB, "text": "third"})
        assert third[0] == 201, third
        assert third[2]["message"]["conversationId"] == first[2]["message"]["conversationId"]
        assert len({first[2]["message"]["id"], message, third[2]["message"]["id"]}) == 3
        whole = until(lambda: (lambda found: any(
            e["type"] == "presence.initial" and e["seq"] > len(seen) for e in found) and found)(
                events(gateway, path, token)[0]), "who is there")
        expect_whole(whole)
        since = whole[len(seen):]
        # On a machine that is slow enough it was told before the kill.
        outcomes = [e["type"] for e in whole[len(before):] if e["data"].get("messageId") == message]
        assert outcomes == ["message.sent", "message.unconfirmed"], outcomes
        assert states(since) == [("reconnecting", "gatewayShutdown"), ("online", None)], states(since)
        assert next(e for e in since if e["type"] == "presence.initial")["data"]["complete"]
        assert not [e for e in since if e["type"].startswith(("contact.", "conversation.opened"))], since
        heard = [e["data"]["text"] for e in events(gateway, bobs_path, bobs)[0] if e["type"] == "message.received"]
        assert heard.count("first") == heard.count("third") == 1 and heard.count("second") <= 1, heard
        known = gateway.call("GET", path + "/profile", token)[2]
        assert known.keys() == profile.keys()
        gateway.stop()


def deployment(binary):
    """A stop and a start are a moment of 503 or of no connection to who sends, and nothing at all to who reads."""
    with Stage(binary) as stage:
        listen = ("--listen", f"127.0.0.1:{stable_port()}")
        gateway = stage.start(*listen)
        (alice, token), (bob, _) = (stage.sign_in(gateway, account) for account in (ALICE, BOB))
        path = f"/v1/sessions/{alice}"
        online(gateway, f"/v1/sessions/{bob}", stage.key)
        read, done, refusals = [], threading.Event(), []
        cursor = gateway.call("GET", path, token)[2]["cursor"]

        def follow():
            after = cursor
            while not done.is_set():
                try:
                    status, _, page = gateway.call("GET", f"{path}/events?after={after}&wait=2", token)
                except OSError:
                    time.sleep(PAUSE)
                    continue
                if status != 200:
                    refusals.append((status, page))
                    time.sleep(PAUSE)
                    continue
                read.extend(page["events"])
                after = page["next"]

        reader = threading.Thread(target=follow, daemon=True)
        reader.start()
        for number in range(3):
            until(lambda: gateway.call("POST", path + "/messages", token, {"to": BOB, "text": f"before {number}"})[0] == 201,
                  "a message gets through")
            status, seconds = gateway.stop()
            assert status == 0, gateway.log[-5:]
            began = time.monotonic()
            # The reader goes on with the same address.
            gateway = stage.start(*listen)
            print(f"    stopped in {seconds:.2f} s, readable {time.monotonic() - began:.2f} s after the start")
            answer = until(
                lambda: (lambda one: one if one[0] != 503 else None)(gateway.call(
                    "POST", path + "/messages", token, {"to": BOB, "text": f"after {number}"},
                    {"Idempotency-Key": f"after-{number}"})), "the session is back")
            assert answer[0] in (201, 409), answer
        online(gateway, path, token)
        last = gateway.call("GET", path, token)[2]["cursor"]
        until(lambda: read and read[-1]["seq"] >= int(events(gateway, path, token)[0][-1]["seq"]), "the reader has all of it")
        done.set()
        reader.join(PATIENCE)
        assert last
        everything, _ = events(gateway, path, token)
        expect_whole(everything)
        assert [e for e in everything if e["seq"] >= read[0]["seq"]][:len(read)] == read
        assert {status for status, _ in refusals} <= {503}, refusals
        assert {page["code"] for _, page in refusals} <= {"shutting-down", "reconnecting"}, refusals
        assert states(read) == [("reconnecting", "gatewayShutdown"), ("online", None)] * 3, states(read)
        gateway.stop()


def refused_meanwhile(binary):
    """Whom the server does not take back has ended with the reason that is true, and nothing is kept of the password."""
    with contextlib.closing(LenientServer()) as server, Stage(binary, server=server.port) as stage:
        gateway = stage.start()
        path, token = (lambda one: (f"/v1/sessions/{one[0]}", one[1]))(stage.sign_in(gateway, "alice@example.com", "sesame"))
        other = "/v1/sessions/" + stage.sign_in(gateway, "bob@example.com", "sesame")[0]
        assert stage.rows("SELECT count(*) FROM session WHERE sealed IS NOT NULL") == [(2,)]
        kill(gateway)
        server.refused.add("alice@example.com")
        gateway = stage.start()
        until(lambda: gateway.call("GET", path, token)[2]["state"] == "ended", "the session has ended")
        assert gateway.call("GET", path, token)[2]["reason"] == "signInRefused"
        assert states(events(gateway, path, token)[0])[-2:] == [
            ("reconnecting", "gatewayShutdown"), ("ended", "signInRefused")]
        online(gateway, other, stage.key)
        assert stage.rows("SELECT count(*) FROM session WHERE sealed IS NOT NULL") == [(1,)]
        gateway.stop()


def displaced(binary):
    """Whose account signs in elsewhere after it is back has ended for that reason, and stays so over the next start."""
    with Stage(binary) as stage:
        gateway = stage.start()
        path, token = (lambda one: (f"/v1/sessions/{one[0]}", one[1]))(stage.sign_in(gateway, ALICE))
        kill(gateway)
        gateway = stage.start()
        online(gateway, path, token)
        elsewhere = Messenger(stage.server_port, ALICE)
        until(lambda: gateway.call("GET", path, token)[2]["state"] == "ended", "the session has ended")
        kill(gateway)
        gateway = stage.start()
        assert gateway.call("GET", path, token)[2]["reason"] == "signedInElsewhere"
        # It is not back, or it would have thrown this one out.
        elsewhere.say("CHG", "BSY")
        gateway.stop()


def stop_while_coming_back(binary):
    """A stop during the return of sessions, and another one, end nothing and are told once."""
    with Stage(binary) as stage:
        gateway = stage.start()
        path, token = (lambda one: (f"/v1/sessions/{one[0]}", one[1]))(stage.sign_in(gateway, ALICE))
        gateway.stop()
        stage.server.send_signal(signal.SIGSTOP)
        for _ in range(2):
            gateway = stage.start()
            assert gateway.call("GET", path, token)[2]["state"] == "reconnecting"
            status, seconds = gateway.stop()
            assert status == 0, (seconds, gateway.log[-5:])
        gateway = stage.start()
        kill(gateway)
        stage.server.send_signal(signal.SIGCONT)
        gateway = stage.start()
        online(gateway, path, token)
        found, _ = events(gateway, path, token)
        expect_whole(found)
        assert states(found)[-2:] == [("reconnecting", "gatewayShutdown"), ("online", None)]
        assert states(found).count(("reconnecting", "gatewayShutdown")) == 1, states(found)
        gateway.stop()


def ended_while_starting(binary):
    """A SIGTERM or a kill at any moment of a start leaves a directory from which the next start has everything."""
    with Stage(binary) as stage:
        gateway = stage.start()
        path, token = (lambda one: (f"/v1/sessions/{one[0]}", one[1]))(stage.sign_in(gateway, ALICE))
        before, _ = events(gateway, path, token)
        began = time.monotonic()
        gateway.stop()
        stage.start().stop()
        whole = time.monotonic() - began
        for number, sign in zip(range(16), itertools.cycle([signal.SIGTERM, signal.SIGKILL])):
            process = subprocess.Popen(
                [stage.binary, "serve", "--listen", "127.0.0.1:0", *stage.options],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # Anywhere between its first instruction and its being ready.
            time.sleep(whole * number / 32)
            process.send_signal(sign)
            # A signal that comes before anybody has said what it means ends the process by itself.
            assert process.wait(PATIENCE) in (0, -sign), process.returncode
        gateway = stage.start()
        found, _ = events(gateway, path, token)
        assert found[:len(before)] == before
        expect_whole(found)
        online(gateway, path, token)
        gateway.stop()


def revived(binary):
    """Without a key a session has ended and is read; a sign-in that the server takes brings it back, and no other does."""
    with Stage(binary, with_key=False) as stage:
        gateway = stage.start()
        session, token = stage.sign_in(gateway, ALICE)
        path = f"/v1/sessions/{session}"
        online(gateway, "/v1/sessions/" + stage.sign_in(gateway, BOB)[0], stage.key)

        def send(text):
            return gateway.call("POST", path + "/messages", token, {"to": BOB, "text": text}, {"Idempotency-Key": f"key-{text}"})

        assert send("first")[0] == 201
        before, cursor = events(gateway, path, token)
        for number, end in enumerate((kill, Gateway.stop, kill)):
            # So that there is a room where the next can be said at once.
            assert send(f"before-{number}")[0] == 201
            stage.server.send_signal(signal.SIGSTOP)
            thread = threading.Thread(target=in_vain, args=(send, f"{number}"), daemon=True)
            thread.start()
            until(lambda: [e for e in events(gateway, path, token, cursor)[0] if e["type"] == "message.sent"
                           and e["data"]["text"] == f"{number}"], "the message is sent")
            end(gateway)
            stage.server.send_signal(signal.SIGCONT)
            thread.join(PATIENCE)
            gateway = stage.start()
            assert gateway.call("GET", path, token)[2]["reason"] == "credentialsNotKept"
            assert gateway.call("GET", f"{path}/events?after={cursor}&wait=20", token)[2]["ended"]
            stage.sign_in(gateway, ALICE, "wrong", status=403)
            assert gateway.call("GET", path, token)[2]["state"] == "ended"
            again, newer = stage.sign_in(gateway, ALICE, status=200)
            assert again == session and newer != token
            for credential in (token, newer):
                assert gateway.call("GET", path, credential)[2]["state"] == "online"
            status, headers, answer = send(f"{number}")
            # A stop has answered it, that it is under way; since then there is an outcome.
            assert (status, answer["message"]["delivery"]) == (201, "unconfirmed"), (end, status, answer)
            assert headers["Idempotency-Replayed"] == "true"
            assert gateway.call("GET", f"{path}/messages/{answer['message']['id']}", token)[2]["delivery"] == "unconfirmed"
            stage.sign_in(gateway, BOB, status=200)
        found, _ = events(gateway, path, token)
        expect_whole(found)
        assert found[:len(before)] == before
        assert gateway.call("GET", f"{path}/events?after={cursor}&wait=0", token)[0] == 200
        unconfirmed = [e["data"]["text"] for e in found if e["type"] == "message.unconfirmed"]
        assert unconfirmed == ["0", "1", "2"], unconfirmed
        assert len({e["data"]["conversationId"] for e in found if e["type"] == "message.sent"}) == 1
        assert ("reconnecting", "credentialsNotKept") in states(found) and states(found)[-1] == ("online", None)
        gateway.stop()


# MARK: - Secrets


def forms(secret):
    """The bytes in which something could stand somewhere; in Base64 without what depends on the bytes around it."""
    data = secret if isinstance(secret, bytes) else secret.encode()
    found = {data, data.hex().encode(), data.hex().upper().encode()}
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + data).rstrip(b"=")
        inner = text[0 if offset == 0 else offset + 1:-1]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def memory(process):
    """Each part of a process's memory that can be read, while it stands still: what a core image would hold."""
    process.send_signal(signal.SIGSTOP)
    try:
        with open(f"/proc/{process.pid}/maps", encoding="utf-8") as maps, open(f"/proc/{process.pid}/mem", "rb", 0) as image:
            for line in maps:
                place, access, *_, name = (line.split(maxsplit=5) + [""])[:6]
                if not access.startswith("r") or name.strip() in ("[vvar]", "[vvar_vclock]", "[vsyscall]"):
                    continue
                start, end = (int(word, 16) for word in place.split("-"))
                image.seek(start)
                with contextlib.suppress(OSError):
                    yield f"{place} {name.strip()}", image.read(end - start)
    finally:
        process.send_signal(signal.SIGCONT)


def found_in(parts, secrets):
    """Where any form of a secret stands, and which."""
    wanted = [(number, form) for number, secret in enumerate(secrets) for form in forms(secret)]
    return [(name, number, form[:2], data.count(form)) for name, data in parts for number, form in wanted if form in data]


def no_secret_is_left(binary):
    """No password, token, key, ticket, cookie, answer to a challenge or secret of a webhook is in the directory, and no password
    in the memory."""
    mark = randomness.token_hex(5)
    # One that a string can hold without memory of its own, one that it can't, one with what JSON escapes, and as long as may
    # be. The mark is all over them, as whoever uses memory again may overwrite a part.
    passwords = [mark + "-s", "-".join([mark] * 9), f"\"{mark}\\\u00e9{mark}\u2615\n{mark}\"", (mark * 103)[:1024]]
    lives = {"MSNP_GATEWAY_LIMITS_DELETED_SESSION_AGE": "0", "MSNP_GATEWAY_LIMITS_ENDED_SESSION_AGE": "0"}
    with contextlib.closing(LenientServer()) as server, Stage(binary, server=server.port) as stage:
        gateway = stage.start(environment=lives)
        accounts, tokens = [f"user{number}@example.com" for number in range(12)], [stage.key]

        def paths():
            return [f"/v1/sessions/{one['id']}" for one in gateway.call("GET", "/v1/sessions", stage.key)[2]["sessions"]]

        def use(gateway):
            """Signs in everybody, and comes to nothing in each way that there is."""
            for account, password in zip(accounts, itertools.cycle(passwords)):
                tokens.append(stage.sign_in(gateway, account, password)[1])
            tokens.append(stage.sign_in(gateway, accounts[0], passwords[0], status=200)[1])
            stage.sign_in(gateway, accounts[0], passwords[3], status=403)
            stage.sign_in(gateway, REFUSED, passwords[3], status=403)
            for password in passwords:
                body = {"account": accounts[1], "password": password, "status": 7}
                assert gateway.call("POST", "/v1/sessions", stage.key, body)[0] == 400
                # Large, so that hardly anybody needs the same room again.
                text = json.dumps({"account": "late@example.com", "password": password})[:-1] + " " * 4_000 + "}"
                head = f"POST /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {stage.key}\r\n" \
                    "Content-Type: application/json\r\n"
                chunks = "".join(f"{len(part):x}\r\n{part}\r\n" for part in (text[:50], text[50:56], text[56:]))
                # What a reset overtakes is freed by the library as it came in (docs/storage.md): these are read before.
                Raw(gateway.port, head + "Transfer-Encoding: chunked\r\n\r\n" + chunks).until_read().reset()
                Raw(gateway.port, head + f"Content-Length: {len(text) + 5}\r\n\r\n" + text).until_read().reset()
                for rest, statuses in (
                        (f"Content-Length: {len(text)}\r\n\r\n{text[:-1]}]", (400,)),
                        (f"Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n", (200, 201, 403))):
                    raw = Raw(gateway.port, head + rest)
                    assert raw.status() in statuses
                    raw.close()

        use(gateway)
        assert found_in(memory(gateway.process), [mark]), "looking finds what is there"

        # Nothing of these types comes, so that nothing is sent.
        status, _, made = gateway.call(
            "POST", "/v1/webhooks", stage.key, {"url": "https://bot.example.com/", "types": ["page.received"]})
        assert status == 201, made
        webhook = f"/v1/webhooks/{made['webhook']['id']}"
        rotated = gateway.call("POST", webhook + "/secret", stage.key)[2]
        signing = [answer["secret"] for answer in (made, rotated)]

        def expect_clean_directory(is_used=True):
            secrets = [*passwords, *tokens, *(token[4:] for token in tokens), *server.secrets, stage.sealing]
            secrets += [*signing, *(base64.b64decode(secret[6:]) for secret in signing)]
            secrets += [bytes.fromhex(secret) for secret in server.secrets if re.fullmatch("[0-9a-f]{32}", secret)]
            assert len(server.secrets) > 4 * len(accounts)
            if is_used:
                assert any(accounts[0].encode() in data for data in stage.files().values()), "looking finds what is there"
            assert not found_in(stage.files().items(), secrets)

        expect_clean_directory()
        kill(gateway)
        expect_clean_directory()
        gateway = stage.start(environment=lives)
        for path in paths():
            online(gateway, path, stage.key)
        expect_clean_directory()
        # It was kept all the same.
        assert gateway.call("GET", webhook, stage.key)[2]["state"] == "active"
        for path in paths():
            assert gateway.call("DELETE", path, stage.key)[0] == 204
        assert not paths()
        expect_clean_directory(is_used=False)
        left = found_in(memory(gateway.process), [mark])
        assert not left, left
        # As the first one did, whose memory is gone: all comes to its end in one process.
        use(gateway)
        for path in paths():
            assert gateway.call("DELETE", path, stage.key)[0] == 204
        left = found_in(memory(gateway.process), [mark])
        assert not left, left
        gateway.stop()
        expect_clean_directory(is_used=False)


ALL = [in_flight, deployment, refused_meanwhile, displaced, stop_while_coming_back, ended_while_starting, revived, no_secret_is_left]
checks.run([check for check in ALL if not sys.argv[2:] or check.__name__ in sys.argv[2:]], os.path.abspath(sys.argv[1]))
