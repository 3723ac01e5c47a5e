"""Answers every message with its own words, called by webhook: webhook-bot.py [http://127.0.0.1:8080]

The environment has the webhook's secret as WEBHOOK_SECRET and the API key as MSNP_KEY; it listens on 127.0.0.1, on port 9000 or PORT.
It needs no library, keeps nothing, and signs nobody in: it answers for each session of the key.

What could not be answered is answered with 503, so that it comes again, and each answer has the event's ID as its key, so that
what comes twice is answered once, also by a bot that was started anew in between.
"""
import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import sys
import time
import urllib.error
import urllib.request

GATEWAY = (sys.argv[1:] + ["http://127.0.0.1:8080"])[0]
SECRETS = [base64.b64decode(secret.removeprefix("whsec_")) for secret in os.environ["WEBHOOK_SECRET"].split()]
KEY = os.environ["MSNP_KEY"]
LONGEST = 4 * 1024 * 1024  # bytes of a body
TOLERANCE = 5 * 60  # seconds


def is_genuine(headers, body):
    """Whether the gateway has signed it, and lately."""
    id, timestamp, signatures = (headers.get("webhook-" + name, "") for name in ("id", "timestamp", "signature"))
    if not (timestamp.isascii() and timestamp.isdigit() and abs(time.time() - int(timestamp[:12])) <= TOLERANCE):
        return False
    message = b"%s.%s.%s" % (id.encode(), timestamp.encode(), body)
    expected = [b"v1," + base64.b64encode(hmac.digest(secret, message, hashlib.sha256)) for secret in SECRETS]
    return any([hmac.compare_digest(one, other.encode()) for one in expected for other in signatures.split()])


def is_answered(event):
    """Answers a message; whether that needs no repetition."""
    data = event["data"]
    if event["type"] != "message.received" or "text" not in data:
        return True
    request = urllib.request.Request(
        f"{GATEWAY}/v1/sessions/{event['sessionId']}/conversations/{data['conversationId']}/messages",
        json.dumps({"text": data["text"]}).encode(),
        # What becomes of it is not waited for: whoever calls wants to know soon.
        {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": event["id"],
         "Prefer": "respond-async"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            status = response.status
    except urllib.error.HTTPError as problem:
        status = problem.code
    except (OSError, http.client.HTTPException):
        status = 503  # Nobody is there, or nobody any more.
    print(f"{status}: {data['from']} says {data['text']!r}", flush=True)
    # Later it may go well, or once the key is right; anything else is as it is.
    return status < 500 and status not in (401, 429)


class Bot(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > LONGEST:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body):
            return self.answer(401)
        self.answer(204 if all(map(is_answered, json.loads(body)["events"])) else 503)

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Bot).serve_forever()
