"""Mail, web services, the developer's and the operator's view."""

import json
import subprocess
import tempfile

from harness import ClosedPort
from site_under_test import Messenger, expect, re


def _develops(person):
    """Goes to the developer's view, whose trace shows what is said from when its stream is there."""
    with person.page.expect_response("**/trace"):
        person.go("Developer")


def leading_where(browser):
    """A service shows where it leads; its form is named, warned of, and sent by nobody but the person."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    page = person.page
    outside = []
    page.context.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
    person.go("Services")
    # Services go by names that people know.
    titles = person.page.get_by_role("region", name="Web services").get_by_role("heading", level=4)
    expect(titles).to_have_text(["Inbox", "Mail folders", "Write a mail", "Account details", "Set up a mobile device",
                                 "Change the mobile device", "Member profile", "Net2Phone account", "Net2Phone credit"])
    person.button("Where does Net2Phone account lead?").click()
    service = page.locator("[data-service=n2paccount]")
    expect(service).to_contain_text("login.sandbox.example")
    expect(service.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    person.button("Open Net2Phone account and sign in").click()
    dialog = page.get_by_role("dialog", name="Before this is opened")
    expect(dialog).to_contain_text("You are about to go to login.sandbox.example")
    expect(dialog).to_contain_text("a value made from your password")
    expect(dialog).to_contain_text("creds")
    with page.context.expect_page() as opened:
        dialog.get_by_role("button", name="Open the sign-in page of login.sandbox.example").click()
    form = opened.value
    expect(form.get_by_role("button", name="Sign in at login.sandbox.example")).to_be_visible()
    assert form.evaluate("window.opener") is None
    fields = form.locator("form input").evaluate_all("all => Object.fromEntries(all.map(e => [e.name, e.value]))")
    # The values are in that page alone, and it is there once.
    assert fields["creds"] and fields["creds"] not in page.content()
    assert not outside, outside
    form.reload()
    expect(form.get_by_role("button", name="Sign in at login.sandbox.example")).to_be_hidden()
    form.close()


def placeholders(browser):
    """What is no usable address is said to be none, and can't be opened."""
    person = browser.person(browser.gateway()).signed_in()
    person.page.route(
        "**/services/profile", lambda route: route.fulfill(json={"service": "profile", "available": False}))
    person.go("Services")
    person.button("Where does Member profile lead?").click()
    service = person.page.locator("[data-service=profile]")
    expect(service).to_contain_text("There is nothing to open.")
    expect(service.get_by_role("link")).to_have_count(0)
    expect(service.get_by_role("button")).to_have_count(1)


def developer(browser):
    """Events show as they come, with all they say; the catalogue explains a code, one click away."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    person.go("Developer")
    events = person.page.get_by_role("group", name="Events")
    expect(events).to_contain_text("session.state")
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    expect(events).to_contain_text('"account":"bob@example.com"')
    person.page.get_by_label("Only types with").fill("presence.changed")
    expect(events.get_by_text("session.state", exact=True).first).to_be_hidden()
    # The robot comes and goes too.
    events.locator(".event summary").filter(has_text="presence.changed").filter(has_text="bob@example.com").last.click()
    expect(events.locator("pre:visible")).to_contain_text('"previous": "offline"')
    person.page.get_by_role("link", name="Error catalogue").click()
    person.page.get_by_label("Find by number or word").fill("923")
    expect(person.page.get_by_text("1 error", exact=True)).to_be_visible()
    person.page.goto(person.page.url.split("#")[0] + "#/developer/errors/217")
    expect(person.page.locator("#error-217")).to_have_attribute("open", "")
    bob.leave()


def copied(browser):
    """Events, wire and calls are filtered, copied and saved line by line; a call is the same call in a shell, without its token."""
    gateway = browser.gateway()
    person = browser.person(gateway)
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.signed_in()
    page = person.page
    _develops(person)
    trace = page.get_by_role("region", name="Wire trace")
    person.set_status("Busy")
    person.set_status("Away")
    for way in ("sent", "received"):
        for code in ("BSY", "AWY"):
            expect(trace.locator(f".wire.{way}").filter(has_text=re.compile(rf"CHG \d+ {code}"))).to_be_attached()
    trace.get_by_label("Only commands with").fill("bsy")
    expect(trace.get_by_text(re.compile(r"CHG \d+ AWY")).first).to_be_hidden()
    trace.get_by_role("button", name="Copy").click()
    expect(trace.get_by_text("Copied.")).to_be_visible()
    lines = [json.loads(line) for line in page.evaluate("navigator.clipboard.readText()").splitlines()]
    assert lines and all("BSY" in line["line"] for line in lines), lines
    assert {line["way"] for line in lines} == {"sent", "received"}, lines
    events = page.get_by_role("region", name="Events")
    events.get_by_label("Only types with").fill("presence.own")
    expect(events).to_contain_text('"status":"away"')
    with page.expect_download() as download:
        events.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "events.jsonl"
    with open(download.value.path(), encoding="utf-8") as file:
        saved = [json.loads(line) for line in file]
    assert {event["type"] for event in saved} == {"presence.own"}, saved
    assert [event["data"]["status"] for event in saved][-2:] == ["busy", "away"], saved
    events.get_by_text("presence.own").locator("visible=true").last.click()
    link = events.get_by_role("link", name="What the reference says of presence.own")
    assert link.get_attribute("href") == "/docs#event-presence.own"
    _, _, reference = gateway.call("GET", "/docs")
    assert 'id="event-presence.own"' in reference
    page.get_by_role("link", name="Calls").click()
    calls = page.get_by_role("region", name="Calls")
    calls.get_by_label("Only calls with").fill("put ")
    token = page.evaluate("JSON.parse(sessionStorage['msnp-gateway.sessions'])[0].token")
    calls.get_by_role("button", name=re.compile("^Copy as curl: PUT")).locator("visible=true").last.click()
    command = page.evaluate("navigator.clipboard.readText()")
    assert "$TOKEN" in command and token not in command, command
    assert token not in page.content() and "sandbox'" not in page.content()
    calls.get_by_label("Only calls with").fill("post")
    expect(calls.get_by_text('"password":"…"').first).to_be_visible()
    person.shot("developer-calls")
    # It does the same: the status was "away" and is busy now.
    ran = subprocess.run(["sh", "-c", command.replace('"away"', '"busy"')], capture_output=True, text=True, check=True,
                         env={"TOKEN": token, "PATH": "/usr/bin:/bin"})
    assert " 200 " in ran.stdout.splitlines()[0] + " ", ran.stdout
    expect(person.button("Your status: Busy")).to_be_visible()
    # Whoever comes next at this tab sees nothing of it.
    person.button("Sign out of alice@example.com").click()
    person.signed_in("carol@example.com")
    expect(calls.get_by_text("carol@example.com").first).to_be_visible()
    assert "alice@example.com" not in calls.text_content() and "presence" not in calls.text_content(), calls.text_content()


def faults(browser):
    """The sandbox's faults are a click away: each is ordered for the person's own account."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().keeps_news()
    person.go("Developer")
    person.page.get_by_text("Let the sandbox go wrong").click()
    person.button("New mail", exact=True).click()
    expect(person.page.get_by_text("Ordered: New mail.")).to_be_visible()
    # The robot of the sandbox comes once a minute, and perhaps just now.
    expect(person.news.get_by_role("listitem").filter(has_text="New mail from")).to_be_visible()
    person.shot("developer-faults")
    status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": "nothing"})
    offered = person.page.locator("msn-faults button").count()
    assert status == 400 and offered == 13, (status, answer, offered)


def wire(browser):
    """The wire trace stands beside the events, and shows what the person's own doing says on the wire."""
    person = browser.person(browser.gateway()).signed_in()
    _develops(person)
    wire = person.page.get_by_role("group", name="Wire trace")
    expect(wire).to_contain_text("Nothing has been said since you opened this.")
    person.set_status("Busy")
    expect(wire).to_contain_text(re.compile(r"CHG \d+ BSY"))


def wire_over(browser):
    """A trace that is refused is not asked for again: it says why, and the page finds out whether the session is over."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().tolerate_network_errors()
    asked, held = [], []
    problem = {"title": "Unauthorized", "status": 401, "code": "unauthorized"}

    def refuse(route):
        asked.append(route)
        route.fulfill(status=401, json=problem, content_type="application/problem+json")

    person.page.route("**/trace", refuse)
    # The reader's next call, by which it finds out, waits until the trace has had its chance to ask again.
    person.page.route("**/events?*", lambda route: held.append(route))
    person.page.clock.install()
    person.go("Developer")
    expect(person.page.get_by_role("region", name="Wire trace")).to_contain_text("The session is over, and with it the trace.")
    person.until(lambda: held)
    # However long it is there.
    person.page.clock.run_for(60_000)
    for route in held:
        route.fulfill(status=401, json=problem, content_type="application/problem+json")
    expect(person.page.get_by_role("alert")).to_contain_text("The gateway no longer knows the session.")
    assert len(asked) == 1, len(asked)


def narrow_bar(browser):
    """At every width each link of the bar has its name, and the operator's buttons are in sight on a phone."""
    gateway = browser.gateway()
    for width in (320, 360, 721, 768, 900, 1280):
        person = browser.person(gateway, viewport={"width": width, "height": 700}).signed_in("carol@example.com")
        bar = person.page.get_by_role("navigation", name="Parts of the page")
        rare = ("History", "Developer", "Operator")
        for name in ("Chats", "Services", "Settings", *(rare if width > 720 else ())):
            expect(bar.get_by_role("link", name=name)).to_have_count(1)
            expect(bar.get_by_role("link", name=name)).to_be_in_viewport()
        if width <= 720:
            bar.get_by_role("button", name="More").click()
            for name in rare:
                expect(person.page.get_by_role("menuitem", name=name)).to_be_in_viewport()
            person.page.keyboard.press("Escape")
        expect(person.bell).to_be_in_viewport()


def operator(browser):
    """An operator sees all sessions with state and server, and ends one; without an admin key there is nothing to see."""
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"

        def key(*words):
            return subprocess.run(
                [browser.binary, "keys", "add", *words, "--state", state], capture_output=True, text=True, check=True).stdout.strip()

        admin, plain, _ = key("admin", "--admin"), key("plain"), key("never")
        spare = ClosedPort()
        browser.at_end(spare.close)
        place = f"http://127.0.0.1:{spare.port}/msn"
        gateway = browser.gateway(
            "--state", state, "--backend", f"spare=127.0.0.1:{spare.port}", "--webhook-allow", "127.0.0.1")
        try:
            for name in ("alice", "bob"):
                status, _, answer = gateway.call("POST", "/v1/sessions", plain, {"account": f"{name}@example.com", "password": "sandbox", "backend": "sandbox"})
                assert status == 201, answer
            person = browser.person(gateway).tolerate_network_errors()
            page = person.page
            page.get_by_role("link", name="Operator view").click()
            page.get_by_label("Admin key").fill("mgk_wrong")
            person.button("Open").click()
            expect(page.get_by_role("alert")).to_contain_text("takes one with the admin scope")
            page.get_by_label("Admin key").fill(admin)
            person.button("Open").click()
            row = page.get_by_role("row", name=re.compile("bob@example.com"))
            expect(row).to_contain_text("online")
            expect(page.get_by_role("region", name="Servers")).to_contain_text("2 of 2 sessions online")
            # A server that nobody uses is neither well nor in trouble.
            spare = page.get_by_role("region", name="Servers").get_by_role("listitem").filter(has_text="spare")
            expect(spare).to_contain_text("not in use")
            used = page.get_by_role("region", name="Servers").get_by_role("listitem").filter(has_text="sandbox")
            edge = "e => getComputedStyle(e).borderInlineStartColor"
            assert spare.evaluate(edge) != used.evaluate(edge)
            # What is held against a server stands with it.
            held = {"backend": "spare", "command": "PNG", "cause": "closed", "until": "2126-01-02T03:04:05.000Z"}
            entry = gateway.call("GET", "/v1", admin)[2]
            page.route(re.compile("/v1$"), lambda route: route.fulfill(json={**entry, "heldAgainst": [held]}))
            expect(spare).to_contain_text("PNG is not used until")
            expect(spare).to_contain_text("it closes the connection on it")
            # Which keys there are, and which of them are in use.
            keys = page.get_by_role("region", name="API keys").get_by_role("listitem")
            expect(keys.filter(has_text="admin")).to_contain_text("last used: ")
            expect(keys.filter(has_text="plain")).to_contain_text("last used: ")
            expect(keys.filter(has_text="never")).to_contain_text("not used since")
            # Which webhooks there are, whose, and how they fare; an operator tests them, and switches them off and on.
            status, _, made = gateway.call("POST", "/v1/webhooks", plain, {"url": place + "?token=hidden"})
            assert status == 201, made
            webhook = page.get_by_role("region", name="Webhooks").get_by_role("listitem")
            expect(webhook).to_contain_text(place)
            expect(webhook).to_contain_text("works · key plain")
            expect(webhook).to_contain_text("nothing waits")
            expect(webhook).not_to_contain_text("hidden")
            person.button(f"Test {place}").click()
            expect(page.get_by_role("dialog")).to_contain_text("Answer unreachable after")
            page.keyboard.press("Escape")
            person.button(f"Switch {place} off").click()
            expect(webhook).to_contain_text("somebody switched it off")
            person.button(f"Switch {place} on").click()
            expect(webhook).to_contain_text("works")
            # Its owner has it lead elsewhere: its row says so, and each button.
            status, _, moved = gateway.call(
                "PATCH", f"/v1/webhooks/{made['webhook']['id']}", plain, {"url": place + "/moved?token=hidden"})
            assert status == 200, moved
            expect(webhook).to_contain_text(place + "/moved")
            expect(webhook.get_by_role("button", name=f"Switch {place}/moved off")).to_be_visible()
            person.button(f"Test {place}/moved").click()
            expect(page.get_by_role("dialog")).to_contain_text(f"Test {place}/moved")
            page.keyboard.press("Escape")
            person.button("End the session of bob@example.com").click()
            page.get_by_role("dialog").get_by_role("button", name="End", exact=True).click()
            expect(row).to_contain_text("ended")
            expect(row).to_contain_text("signedOut")
            expect(page.get_by_role("region", name="Servers")).to_contain_text("1 of 1 session online")
            page.reload()
            expect(row).to_be_visible()
            person.resize(360, 640)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the table makes the page wide"
            gateway.call("POST", "/v1/sessions", plain, {"account": "carol@example.com", "password": "sandbox", "backend": "sandbox"})
            end = person.button("End the session of carol@example.com")
            end.scroll_into_view_if_needed()
            box = end.bounding_box()
            assert 0 <= box["x"] and box["x"] + box["width"] <= 360, box
            person.shot("operator-sessions-narrow")
            person.resize(1180, 760)
            rows = page.get_by_role("row", name=re.compile("@example.com"))
            names = ["alice", "bob", "carol"]
            expect(rows).to_have_text([re.compile(name) for name in names])
            account = page.get_by_role("columnheader", name="Account")
            expect(account).to_have_attribute("aria-sort", "ascending")
            account.get_by_role("button").click()
            expect(account).to_have_attribute("aria-sort", "descending")
            expect(rows).to_have_text([re.compile(name) for name in reversed(names)])
            page.get_by_label("State", exact=True).select_option("online")
            expect(rows).to_have_text([re.compile("carol"), re.compile("alice")])
            page.get_by_label("Reason", exact=True).select_option("signedOut")
            expect(rows).to_have_count(0)
            page.get_by_label("Reason", exact=True).select_option("Any reason")
            page.get_by_label("Choose the session of alice@example.com").check()
            expect(person.button("End 1 session")).to_be_visible()
            page.get_by_label("Choose all that are shown").check()
            person.shot("operator-chosen")
            person.button("End 2 sessions").click()
            page.get_by_role("dialog", name="End 2 sessions?").get_by_role("button", name="End", exact=True).click()
            expect(rows).to_have_count(0)
            page.get_by_label("State", exact=True).select_option("ended")
            expect(rows).to_have_count(3)
            expect(person.button(re.compile("^End \\d"))).to_be_hidden()
            page.get_by_label("State", exact=True).select_option("Any state")
            person.button("Forget the key").click()
            expect(page.get_by_label("Admin key")).to_be_visible()
            page.get_by_label("Admin key").fill(plain)
            person.button("Open").click()
            expect(page.get_by_role("region", name="Rates")).to_contain_text("This key is no admin key")
            expect(row).to_be_visible()
        finally:
            gateway.stop()


def rates(browser):
    """What /metrics counts becomes charts with a name and a value."""
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"
        admin = subprocess.run(
            [browser.binary, "keys", "add", "admin", "--admin", "--state", state], capture_output=True, text=True, check=True).stdout.strip()
        gateway = browser.gateway("--state", state)
        try:
            person = browser.person(gateway)
            person.page.get_by_role("link", name="Operator view").click()
            person.page.get_by_label("Admin key").fill(admin)
            person.button("Open").click()
            charts = person.page.get_by_role("region", name="Rates")
            expect(charts.get_by_role("img", name=re.compile(r"^Requests: [\d.,]+.s now"))).to_be_visible()
            expect(charts.get_by_role("img", name="Sessions: 0 now")).to_be_visible()
            # One more reading, and none after it in which nothing has happened.
            held = []
            person.page.route("**/metrics", lambda route: held.append(route))
            person.until(lambda: held)
            gateway.call("POST", "/v1/sessions", admin, {"account": "alice@example.com", "password": "sandbox"})
            held[0].continue_()
            expect(charts.get_by_role("img", name="Sessions: 1 now")).to_be_visible()
            expect(charts.get_by_role("img", name=re.compile(r"^Commands out: (0\.\d|[1-9])"))).to_be_visible()
            person.shot("operator-rates")
            assert not person.page.get_by_role("button", name="Rates without a key").count()
        finally:
            gateway.stop()


def rates_without_a_key(browser):
    """On a gateway that is open to its own machine the rates are there at once."""
    person = browser.person(browser.gateway()).signed_in()
    person.go("Operator")
    person.button("Rates without a key").click()
    expect(person.page.get_by_role("img", name="Sessions: 1 now")).to_be_visible()
    expect(person.page.get_by_role("region", name="Sessions")).to_have_count(0)
    person.button("Use a key").click()
    expect(person.page.get_by_label("Admin key")).to_be_visible()


def mail(browser):
    """Mail counts are shown; new mail and an alert come as news."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().keeps_news()
    expect(person.page.get_by_role("link", name="2 unread mails").first).to_be_visible()
    for fault in ("mail", "alert"):
        status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": fault, "account": "alice@example.com"})
        assert status < 300, answer
    news = person.page.get_by_role("region", name="News")
    expect(news).to_contain_text("New mail from")
    expect(news).to_contain_text("Alert")
    person.go("Services")
    expect(person.page.get_by_role("region", name="Mail").first).to_contain_text("3 unread messages in the inbox")


checks = [leading_where, placeholders, developer, copied, faults, wire, wire_over, narrow_bar, operator, rates, rates_without_a_key, mail]
