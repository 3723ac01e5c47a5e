"""What Schemathesis has to be told of this API: credentials, and the names of things that are there.

Whatever is changed here is changed in requests that are to be valid; those that are to be refused go out as they were made,
but to a session that is there.
"""

import json
import os
import urllib.error
import urllib.request
import zlib

import schemathesis
from schemathesis.generation import GenerationMode

URL = os.environ["FUZZ_URL"]
KEY = os.environ["FUZZ_KEY"]
# Services and the parameters that they take, as `GET …/services` says it.
TAKES = {"compose": "to", "person": "lcid", "profile": "lcid", "n2paccount": "lcid", "n2pfund": "lcid"}
PEOPLE = ["bob@example.com", "carol@example.com", "dave@example.com", "echo@example.com", "erin@example.com"]


class Live:
    """A session of alice's that is online, signed in again when the last one has ended; bob and carol are there, too."""

    def __init__(self):
        self.id = None
        self.token = None
        self.cursor = None
        self.conversation = None
        self.message = None
        self.opened = 0
        self.others = [self.sign_in(f"{name}@example.com")["session"]["id"] for name in ("bob", "carol")]
        self.pages = 0
        self.named = 0
        self.webhooks = 0

    def call(self, method, path, body=None, prefer=None):
        """Status and JSON."""
        request = urllib.request.Request(URL + path, method=method, data=body and json.dumps(body).encode())
        request.add_header("Authorization", f"Bearer {KEY}")
        if body:
            request.add_header("Content-Type", "application/json")
        if prefer:
            request.add_header("Prefer", prefer)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as problem:
            return problem.code, json.load(problem)

    def sign_in(self, account):
        status, grant = self.call("POST", "/v1/sessions", {"account": account, "password": "sandbox"})
        assert status in (200, 201), grant
        return grant

    def ensure(self):
        if self.id is None:
            self.take(self.sign_in("alice@example.com"))
        return self

    def take(self, grant):
        if grant["session"]["id"] != self.id:
            self.id, self.conversation = grant["session"]["id"], None
        # The newest: a session has 16, and the oldest goes.
        self.token, self.cursor = grant["token"], grant["session"]["cursor"]

    def somebody(self):
        """Everybody in turn: whose path stays the same would otherwise meet the same person each time, there or not."""
        self.named += 1
        return PEOPLE[self.named % len(PEOPLE)]

    def tidy(self):
        """Everybody leaves what they talk in, now and then: who is called by one person all the time stops coming."""
        self.opened += 1
        if self.opened % 4:
            return
        self.conversation = None
        for session in [self.id, *self.others]:
            path = f"/v1/sessions/{session}/conversations"
            for conversation in self.call("GET", path)[1].get("conversations", []):
                self.call("DELETE", f"{path}/{conversation['id']}")

    def forget_webhooks(self):
        """All but the last few are deleted, now and then: a key has 64 at most, and one that is refused is no fault."""
        self.webhooks += 1
        if self.webhooks % 24:
            return
        for webhook in self.call("GET", "/v1/webhooks")[1]["webhooks"][:-8]:
            self.call("DELETE", f"/v1/webhooks/{webhook['id']}")

    def ensure_conversation(self):
        """A conversation with bob and a message in it."""
        self.ensure()
        if self.conversation is None:
            path = f"/v1/sessions/{self.id}"
            # Nobody can talk who appears offline.
            self.call("PUT", path + "/presence", {"status": "online"})
            status, answer = self.call("POST", path + "/conversations", {"participants": ["bob@example.com"]})
            assert status in (200, 201), answer
            self.conversation = answer["id"]
            status, answer = self.call(
                "POST", f"{path}/conversations/{self.conversation}/messages", {"text": "hi"}, "respond-async")
            assert status in (201, 202), answer
            self.message = answer["message"]["id"]
        return self


LIVE = Live()
SEEN = open(os.environ["FUZZ_SEEN"], "a", encoding="utf-8")


def choice(case, values):
    """One of them, the same in each run."""
    return values[zlib.crc32(repr((case.path_parameters, case.query)).encode()) % len(values)]


def is_positive(case, part):
    if case.meta is None:
        return True
    return all(info.mode == GenerationMode.POSITIVE for place, info in case.meta.components.items() if place.value == part)


def is_about(case, name):
    """Whether the case was made to see what happens to this parameter."""
    return case.meta is not None and getattr(case.meta.phase.data, "parameter", None) == name


@schemathesis.auth()
class Credentials:
    """The API key, or the token of the session, where the call may have either."""

    def get(self, case, context):
        return KEY

    def set(self, case, data, context):
        LIVE.ensure()
        takes_token = "{sid}" in case.operation.path
        credential = choice(case, [KEY, LIVE.token]) if takes_token else KEY
        case.headers["Authorization"] = f"Bearer {credential}"


def name_people(case):
    """Somebody who is there instead of somebody made up, and the backend that is there."""
    if "backend" in case.body:
        case.body["backend"] = "sandbox"
    if case.operation.path.endswith("/pages") and "to" in case.body:
        # Each that is taken takes 5 s, because servers don't say so; the others are refused.
        LIVE.pages += 1
        case.body["to"] = "carol@example.com" if LIVE.pages <= 3 else "bob@example.com"
        if LIVE.pages <= 3:
            LIVE.call("PUT", f"/v1/sessions/{LIVE.ensure().id}/contacts/carol@example.com")
    elif case.operation.path != "/v1/sessions":
        for member in ("to", "account"):
            if member in case.body:
                case.body[member] = LIVE.somebody()
        if "email" in case.body:
            # At any other the server ends the connection, and for seconds all that the fuzzer hears is 503.
            case.body["email"] = "newbie@example.com"
        if "participants" in case.body:
            case.body["participants"] = PEOPLE[: len(case.body["participants"])]


def name_targets(case):
    """Where webhooks can go, of whom, and from where on: no schema says which sessions there are."""
    if "url" in case.body:
        case.body["url"] = "https://hooks.example.com/msn?" + str(zlib.crc32(repr(case.body).encode()))
    if isinstance(case.body.get("sessions"), list):
        case.body["sessions"] = [LIVE.ensure().id]
    if isinstance(case.body.get("types"), list):
        case.body["types"] = ["message.*"]
    if "after" in case.body:
        case.body["after"] = "oldest"


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.path_parameters or {}
    if "sid" in path and not is_about(case, "sid"):
        path["sid"] = LIVE.ensure().id
    if is_positive(case, "path"):
        if "account" in path:
            path["account"] = choice(case, PEOPLE)
        if "cid" in path:
            path["cid"] = LIVE.ensure_conversation().conversation
        if "mid" in path:
            path["mid"] = LIVE.ensure_conversation().message
    if isinstance(case.body, dict) and is_positive(case, "body"):
        (name_targets if case.operation.path.startswith("/v1/webhooks") else name_people)(case)
    if "Idempotency-Key" in case.headers and is_positive(case, "header"):
        # The same for the same body: then the first answer comes again, and otherwise it would be a mistake.
        case.headers["Idempotency-Key"] = str(zlib.crc32(repr(case.body).encode()))
    query = case.query
    if case.operation.path.endswith("/services/{name}") or case.operation.path.endswith("/services/{name}/form"):
        # Each is refused where the service doesn't take it, which a description of parameters can't say.
        if is_positive(case, "query"):
            for name in ("to", "lcid"):
                if name in query and TAKES.get(path["name"]) != name:
                    del query[name]
    if case.operation.path.endswith("/events"):
        if is_positive(case, "query"):
            # A cursor is opaque: one that somebody makes up is refused, although it looks like one.
            if "after" in query:
                of_session = case.operation.path != "/v1/events"
                query["after"] = choice(case, ["oldest", "now", LIVE.cursor if of_session else "oldest"])
            if "consumer" in query:
                # There are 16 at most.
                query["consumer"] = choice(case, ["one", "two", "three"])
        if not is_about(case, "wait") or str(query.get("wait")).isdigit():
            # Nobody has that long.
            query["wait"] = choice(case, ["0", "1"])


def seen(case, response):
    """Notes the answer, for check_answers.py and for the count of what was reached."""
    line = json.dumps({
        "method": case.method, "path": case.formatted_path, "route": case.operation.path, "status": response.status_code,
        "headers": [[name, value] for name, values in response.headers.items() for value in values],
        "body": response.content.decode(errors="replace"), "seconds": response.elapsed})
    SEEN.write(line + "\n")


@schemathesis.hook
def after_call(context, case, response):
    seen(case, response)
    if case.operation.path == "/v1/sessions" and case.method == "POST" and response.status_code < 300:
        grant = response.json()
        if grant["session"]["account"] == "alice@example.com":
            LIVE.take(grant)
    if case.operation.path.endswith(("/conversations", "/messages", "/participants")) and response.status_code in (201, 202):
        LIVE.tidy()
    if case.operation.path == "/v1/webhooks" and response.status_code == 201:
        LIVE.forget_webhooks()
    if case.method == "DELETE" and response.status_code == 204:
        if case.operation.path == "/v1/sessions/{sid}":
            LIVE.id = None
        elif case.operation.path == "/v1/sessions/{sid}/conversations/{cid}":
            LIVE.conversation = None


@schemathesis.check
def problem_is_described(context, response, case):
    """The code of a problem is one of those that the operation's description names for that status."""
    if response.status_code < 400 or response.status_code == 405:
        return None
    described = case.operation.definition.raw["responses"].get(str(response.status_code))
    if described is None:
        # Told by status_code_conformance.
        return None
    root = case.operation.schema.raw_schema
    while "$ref" in described:
        target = root
        for step in described["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        described = target
    code = response.json()["code"]
    assert code in described["x-problem-codes"], f"the code {code} is not described for {response.status_code}"
    return None
