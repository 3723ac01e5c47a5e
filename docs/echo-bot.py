"""Answers every message with its own words: echo-bot.py ACCOUNT PASSWORD [http://127.0.0.1:8080]"""
import json
import sys
import time
import urllib.error
import urllib.request

account, password, gateway = (sys.argv[1:] + ["http://127.0.0.1:8080"])[:3]
token = session = cursor = None


def call(method, path, body=None):
    """Status and JSON of a request; waits and repeats it while the gateway can't be reached or says so."""
    request = urllib.request.Request(gateway + "/v1" + path, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as problem:
            if "Retry-After" not in problem.headers:
                return problem.code, json.load(problem)
            time.sleep(int(problem.headers["Retry-After"]))
        except OSError:
            time.sleep(5)


while True:
    if not session:  # The first time, and when the gateway has forgotten the session.
        token = cursor = None
        status, answer = call("POST", "/sessions", {"account": account, "password": password})
        if status < 300:
            token, session = answer["token"], "/sessions/" + answer["session"]["id"]
    elif not cursor:  # What is now, and where to go on from: at the beginning, and after a gap.
        status, answer = call("GET", session + "/snapshot")
        cursor = answer.get("cursor")
    else:
        status, answer = call("GET", f"{session}/events?types=message.received&after={cursor}")
        for event in answer.get("events", []):
            if "text" in event["data"]:
                conversation = f"{session}/conversations/{event['data']['conversationId']}"
                call("POST", conversation + "/messages", {"text": event["data"]["text"]})
        cursor = answer.get("next")  # Only now; after a gap (410) there is none.
        if answer.get("ended"):
            sys.exit("the session has ended: " + call("GET", session)[1]["reason"])
    if session and status in (401, 404):
        session = None
    elif status >= 400 and status != 410:
        sys.exit(f"{answer['code']}: {answer['detail']}")
