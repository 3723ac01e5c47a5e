"""Generates a client from the description that the gateway serves, and uses it: check_client.py PATH-OF-MSNP-GATEWAY

Closes with a line `N passed, N failed` and fails if any check did.
"""

import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from description import DOCUMENT, ROOT

sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))

import checks  # noqa: E402
from harness import Gateway  # noqa: E402

PACKAGE = "gateway_client"


def served_as_it_is(gateway, scratch):
    """The description is served as it is in the checkout, as YAML and, with the same content, as JSON."""
    status, _, text = gateway.call("GET", "/openapi.yaml")
    assert status == 200
    assert text == (ROOT / "api-spec" / "openapi.yaml").read_text(encoding="utf-8"), "built from another description"
    assert gateway.call("GET", "/openapi.json")[2] == DOCUMENT


def reference_page(gateway, scratch):
    """The page to read it leads nowhere but to itself and to pages that are there."""
    status, headers, text = gateway.call("GET", "/docs")
    assert status == 200 and "script" not in headers["Content-Security-Policy"]
    for target in sorted(set(re.findall(r'href="(/[^"#]*)', text))):
        assert gateway.call("GET", target)[0] == 200, target


def generates(gateway, scratch):
    """openapi-python-client makes a client of it without a warning."""
    (scratch / "openapi.json").write_text(json.dumps(gateway.call("GET", "/openapi.json")[2]))
    # The generated files need no formatting, and nothing is looked for in the network.
    (scratch / "config.yaml").write_text(
        "post_hooks: []\ncontent_type_overrides: {application/yaml: text/plain, text/event-stream: text/plain}\n")
    tool = pathlib.Path(sys.executable).with_name("openapi-python-client")
    run = subprocess.run(
        [tool, "generate", "--path", scratch / "openapi.json", "--output-path", scratch / PACKAGE, "--meta", "none",
         "--config", scratch / "config.yaml", "--fail-on-warning"],
        capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    sys.path.insert(0, str(scratch))


def generated(name):
    return importlib.import_module(f"{PACKAGE}.{name}")


def signs_in_and_polls(gateway, scratch):
    """The client signs in, changes its presence, reads the event of it as what it is, and signs out."""
    models = generated("models")
    client = generated("client").Client(base_url=f"http://127.0.0.1:{gateway.port}")
    grant = generated("api.sessions.sign_in").sync(
        client=client, body=models.SignIn(account="alice@example.com", password="sandbox"))
    assert isinstance(grant, models.Grant), grant
    signed_in = generated("client").AuthenticatedClient(
        base_url=f"http://127.0.0.1:{gateway.port}", token=grant.token)
    sid = grant.session.id
    snapshot = generated("api.sessions.get_snapshot").sync(sid, client=signed_in)
    assert {contact.account for contact in snapshot.contacts} >= {"bob@example.com", "dave@example.com"}
    state = generated("api.sessions.set_presence").sync(
        sid, client=signed_in, body=models.PresenceChange(status=models.SettablePresence.BUSY))
    assert state.status == models.Presence.BUSY
    page = generated("api.events.poll_events").sync(sid, client=signed_in, after=snapshot.cursor, types=["presence.own"])
    [event] = page.events
    assert isinstance(event, models.PresenceOwnEvent), event
    assert (event.data.status, event.data.forced) == (models.Presence.BUSY, False)
    refusal = generated("api.sessions.get_session").sync("not-mine", client=signed_in)
    assert isinstance(refusal, models.Problem) and refusal.code == "not-found", refusal
    answer = generated("api.sessions.sign_out").sync_detailed(sid, client=signed_in)
    assert answer.status_code == 204


def survives_what_is_new(gateway, scratch):
    """An event type and members that the client does not know don't stop it."""
    models = generated("models")
    known = {"id": "Yk2vQ8-a.1", "seq": 1, "type": "session.state", "time": "2025-01-01T00:00:00.000Z",
             "sessionId": "s", "data": {"state": "online", "mood": "good"}, "more": 1}
    new = {**known, "id": "Yk2vQ8-a.2", "seq": 2, "type": "sunset.seen", "data": {"colour": "#ff8800"}}
    page = models.EventPage.from_dict({"events": [known, new, known], "next": "Yk2vQ8-a.2", "more": False, "again": 1})
    first, other, last = page.events
    assert isinstance(first, models.SessionStateEvent) and isinstance(last, models.SessionStateEvent)
    assert isinstance(other, models.OtherEvent) and other.type_ == "sunset.seen", other
    assert other.data.to_dict() == new["data"]


gateway = Gateway(os.path.abspath(sys.argv[1]))
with tempfile.TemporaryDirectory() as scratch:
    try:
        checks.run(
            [served_as_it_is, reference_page, generates, signs_in_and_polls, survives_what_is_new],
            gateway, pathlib.Path(scratch))
    finally:
        gateway.stop()
