"""Mail, web services, the developer's and the operator's view."""

import subprocess
import tempfile

from site_under_test import Messenger, expect, re


def leading_where(browser):
    """A service shows where it leads; its form is named, warned of, and sent by nobody but the person."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    page = person.page
    outside = []
    page.context.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
    person.go("Services")
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
    events.get_by_text("presence.changed").locator("visible=true").last.click()
    expect(events.locator("pre:visible")).to_contain_text('"previous": "offline"')
    person.page.get_by_role("link", name="Error catalogue").click()
    person.page.get_by_label("Find by number or word").fill("923")
    expect(person.page.get_by_text("1 error", exact=True)).to_be_visible()
    person.page.goto(person.page.url.split("#")[0] + "#/developer/errors/217")
    expect(person.page.locator("#error-217")).to_have_attribute("open", "")
    bob.leave()


def wire(browser):
    """The wire trace stands beside the events, and shows what the person's own doing says on the wire."""
    person = browser.person(browser.gateway()).signed_in()
    person.go("Developer")
    wire = person.page.get_by_role("group", name="Wire trace")
    expect(wire).to_contain_text("Nothing has been said since you opened this.")
    person.set_status("Busy")
    expect(wire).to_contain_text(re.compile(r"CHG \d+ BSY"))


def operator(browser):
    """An operator sees all sessions with state and server, and ends one; without an admin key there is nothing to see."""
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"

        def key(*words):
            return subprocess.run(
                [browser.binary, "keys", "add", *words, "--state", state], capture_output=True, text=True, check=True).stdout.strip()

        admin, plain = key("admin", "--admin"), key("plain")
        gateway = browser.gateway("--state", state)
        try:
            for name in ("alice", "bob"):
                status, _, answer = gateway.call("POST", "/v1/sessions", plain, {"account": f"{name}@example.com", "password": "sandbox"})
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
            person.button("End the session of bob@example.com").click()
            page.get_by_role("dialog").get_by_role("button", name="End", exact=True).click()
            expect(row).to_contain_text("ended")
            expect(row).to_contain_text("signedOut")
            expect(page.get_by_role("region", name="Servers")).to_contain_text("1 of 1 session online")
            page.reload()
            expect(row).to_be_visible()
            page.set_viewport_size({"width": 360, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the table makes the page wide"
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
            gateway.call("POST", "/v1/sessions", admin, {"account": "alice@example.com", "password": "sandbox"})
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
    person = browser.person(gateway).signed_in()
    expect(person.page.get_by_role("link", name="2 unread mails").first).to_be_visible()
    for fault in ("mail", "alert"):
        status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": fault, "account": "alice@example.com"})
        assert status < 300, answer
    news = person.page.get_by_role("region", name="News")
    expect(news).to_contain_text("New mail from")
    expect(news).to_contain_text("Alert")
    person.go("Services")
    expect(person.page.get_by_role("region", name="Mail").first).to_contain_text("3 unread messages in the inbox")


def news_in_turn(browser):
    """More news than there is room for waits for its turn: none goes unread, and what waits is said."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    for _ in range(6):
        status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": "page", "account": "alice@example.com"})
        assert status < 300, answer
    news = person.page.get_by_role("region", name="News")
    expect(news.get_by_role("status")).to_have_count(4)
    expect(person.page.get_by_text("2 more wait")).to_be_visible()
    dismiss = news.get_by_role("button", name="Dismiss")
    dismiss.first.click()
    expect(person.page.get_by_text("1 more waits")).to_be_visible()
    for left in (4, 3, 2, 1, 0):
        dismiss.first.click()
        expect(news.get_by_role("status")).to_have_count(left)


checks = [leading_where, placeholders, developer, wire, operator, rates, rates_without_a_key, mail, news_in_turn]
