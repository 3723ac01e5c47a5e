"""Answers every message with its own words: echo-bot.py ACCOUNT PASSWORD [http://127.0.0.1:8080]

Where signing in needs an API key, the environment has it as MSNP_KEY. Ends only when no waiting would help. Says what
became of each answer, and where something may have been missed.
"""
import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request

account, password, gateway = (sys.argv[1:] + ["http://127.0.0.1:8080"])[:3]
credential = key = os.environ.get("MSNP_KEY")
session = cursor = reason = None
ended = False
FINAL = ["signedOut", "signedInElsewhere", "signInRefused", "noCommonVersion", "challengeFailed"]


def say(text):
    print(text, flush=True)


def back_off(attempt):
    """1, 2, 4 … 30 s, a little less at random: not all bots are to come back in the same moment."""
    time.sleep(min(2 ** attempt, 30) * random.uniform(0.5, 1))


def call(method, path, body=None, once=None):
    """Status and JSON of a request. Repeats it until the gateway itself has answered, and not with "later"."""
    attempt = 0
    while True:
        request = urllib.request.Request(gateway + "/v1" + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if credential:
            request.add_header("Authorization", f"Bearer {credential}")
        if once:
            request.add_header("Idempotency-Key", once)
        try:
            try:
                response = urllib.request.urlopen(request, timeout=90)
            except urllib.error.HTTPError as problem:
                response = problem
            with response:
                answer = json.load(response)
                answer["replayed"] = "Idempotency-Replayed" in response.headers
                if response.status < 400 or "code" in answer and "Retry-After" not in response.headers:
                    return response.status, answer
                seconds = int(response.headers["Retry-After"])
                time.sleep(min(seconds, 60))
                continue
        except (OSError, http.client.HTTPException, ValueError, TypeError):
            pass  # Nobody there, an answer that broke off, or the page of a proxy that has nobody behind it.
        back_off(attempt)
        attempt += 1


def sign_in():
    """Takes a session: the one of before where it is still there, and then the cursor is as good as it was."""
    global credential, session, cursor, ended
    attempt = 0
    while True:
        credential = key
        status, answer = call("POST", "/sessions", {"account": account, "password": password})
        if status < 300:
            break
        if status < 500 and status != 409:
            sys.exit(f"{answer['code']}: {answer['detail']}")
        back_off(attempt)  # The server is away, or the attempt was cut off.
        attempt += 1
    credential = answer["token"]
    if session != answer["session"]["id"]:
        if session and not ended:
            say("gap: the session was lost, and with it what nobody had read")
        session, cursor = answer["session"]["id"], None
        say(f"signed in: {session}")
    ended = False


def reply(event):
    """Sends a text back, under the event's own ID: asked for again, it is not done again. False: sign in first."""
    data, attempt = event["data"], 0
    path = f"/sessions/{session}/conversations/{data['conversationId']}/messages"
    while True:
        status, answer = call("POST", path, {"text": data["text"]}, once=event["id"])
        if status == 401:
            return False
        if status < 300:
            say(f"{answer['message']['delivery']}: {data['text']}")
            return True
        # What may have gone out is kept under its key, and so comes again: the truth, and no second message.
        if answer["replayed"] or status not in (409, 502, 504) or answer["code"] == "session-ended" or attempt == 5:
            say(f"failed ({answer['code']}): {data['text']}")
            return True
        back_off(attempt)  # Who has just gone may come back, and so may the server.
        attempt += 1


def read():
    """Reads on from the cursor, and deals with what has come. False: sign in first."""
    global cursor, reason, ended
    # The gateway keeps the place of the consumer, too, for a bot that starts again; a new one begins with all there is.
    place = f"&after={cursor}" if cursor else ""
    status, page = call("GET", f"/sessions/{session}/events?consumer=echo&types=message.received,session.state{place}")
    if status == 410:
        say(f"gap: {page.get('missed', 'nobody knows how many')} events are no longer kept")
        cursor = "oldest"
        return True
    if status in (401, 404):
        return False
    if status >= 400:
        back_off(2)
        return True
    for event in page["events"]:
        data = event["data"]
        if event["type"] == "session.state":
            reason = data.get("reason")
            if data["state"] == "reconnecting":
                say(f"gap: the server was lost ({reason}), and with it what was on its way")
        elif "text" in data and not reply(event):
            return False
        cursor = event["id"]  # Only now: what was not dealt with comes again.
    cursor = page["next"]
    if page.get("ended"):
        if reason in FINAL:
            sys.exit(f"the session has ended: {reason}")
        # Everything in it has been read; what it has not heard any more is in nobody's journal.
        say(f"gap: the session has ended ({reason}), and with it what was on its way")
        ended = True
        back_off(2)  # Whatever it was, it is not over yet.
        return False
    return True


sign_in()
while True:
    if not read():
        sign_in()
