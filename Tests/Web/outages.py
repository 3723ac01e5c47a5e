"""A lost network, a gateway that dies, a server that goes and comes back, and events that are no longer kept."""

from harness import stable_port
from site_under_test import Messenger, expect, re, received


def lost_network(browser):
    """While the gateway is out of reach the page says since when; after it nothing is lost or doubled, in either direction."""
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    alice.say("Bob", "before")
    bob.contact("Alice").click()
    expect(bob.log("Alice")).to_contain_text("before")
    alice.context.set_offline(True)
    alice.say("Bob", "written meanwhile")
    expect(alice.log("Bob").get_by_text("Waits for the gateway")).to_be_visible()
    expect(alice.connection.get_by_text(re.compile(r"The gateway does not answer, since \d"))).to_be_visible()
    # How others see her nobody can know.
    expect(alice.button("Your status: Not known now")).to_be_visible()
    bob.say("Alice", "said meanwhile")
    bob.set_status("Busy")
    alice.context.set_offline(False)
    expect(alice.connection.get_by_text("The gateway does not answer")).to_be_hidden()
    expect(alice.button("Your status: Online")).to_be_visible()
    expect(alice.log("Bob")).to_contain_text("said meanwhile")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Busy")
    expect(bob.log("Alice")).to_contain_text("written meanwhile")
    expect(alice.log("Bob").get_by_text("Waits for the gateway")).to_be_hidden()
    for person, name in ((alice, "Bob"), (bob, "Alice")):
        for text in ("before", "written meanwhile", "said meanwhile"):
            expect(person.log(name).get_by_text(text, exact=True)).to_have_count(1)


def killed_gateway(browser):
    """A gateway that was started anew knows nothing of the session: the page says so and offers to sign in again."""
    gateway = browser.gateway()
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    person = browser.person(gateway).signed_in().tolerate_network_errors()
    person.contact("Bob").click()
    person.composer("Bob").fill("not sent yet")
    person.page.reload()
    expect(person.composer("Bob")).to_have_value("not sent yet")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    person.go("Operator")
    gateway.process.kill()
    gateway.process.wait()
    expect(person.connection.get_by_text(re.compile(r"The gateway does not answer, since \d"))).to_be_visible()
    browser.another(gateway)
    expect(person.page.get_by_role("alert")).to_contain_text("The gateway no longer knows the session.")
    # Nothing says that anybody is there while nobody can know.
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Offline")
    expect(person.button("Your status: Offline")).to_be_disabled()
    expect(person.button("Add a contact")).to_be_disabled()
    person.button("Sign in again").click()
    person.signed_in()
    person.contact("Bob").click()
    expect(person.composer("Bob")).to_have_value("not sent yet")
    person.button("Sign out of alice@example.com").click()
    person.signed_in()
    person.contact("Bob").click()
    expect(person.composer("Bob")).to_have_value("")


def restarted(browser):
    """A gateway that keeps its state is killed and started: the page goes on by itself, and what was written waits and goes out."""
    port = stable_port()
    browser.server(port)
    arguments = ["--backend", f"home=127.0.0.1:{port}", *browser.state()]
    gateway = browser.gateway(*arguments)
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    bob = browser.person(gateway).signed_in("bob@example.com").tolerate_network_errors()
    for person, name in ((alice, "Bob"), (bob, "Alice")):
        expect(person.contact(name)).to_have_accessible_name(f"{name}, Online")
        person.contact(name).click()
    alice.say("Bob", "before")
    expect(bob.log("Alice").get_by_text("before", exact=True)).to_be_visible()
    gateway.process.kill()
    gateway.process.wait()
    expect(alice.connection.get_by_text(re.compile(r"The gateway does not answer, since \d"))).to_be_visible()
    alice.say("Bob", "meanwhile")
    expect(alice.log("Bob").get_by_text("Waits for the gateway")).to_be_visible()
    browser.another(gateway, *arguments)
    expect(bob.log("Alice").get_by_text("meanwhile", exact=True)).to_be_visible()
    alice.all_delivered("Bob", "meanwhile")
    bob.say("Alice", "after")
    for person, name in ((alice, "Bob"), (bob, "Alice")):
        expect(person.contact(name)).to_have_accessible_name(f"{name}, Online")
        for text in ("before", "meanwhile", "after"):
            expect(person.log(name).get_by_text(text, exact=True)).to_have_count(1)
        expect(person.page.get_by_text("The gateway no longer knows the session.")).to_have_count(0)


def killed_while_reading(browser):
    """A gateway that dies while the history is read is told like one that dies later."""
    gateway = browser.gateway()
    person = browser.person(gateway).tolerate_network_errors()
    # The history of this page comes when the gateway is another one.
    held = []
    person.page.route("**/events?after=oldest*", lambda route: held.append(route))
    person.signed_in()
    person.until(lambda: held)
    gateway.process.kill()
    gateway.process.wait()
    browser.another(gateway)
    held.pop().continue_()
    expect(person.page.get_by_role("alert")).to_contain_text("The gateway no longer knows the session.")


def kept(browser):
    """What could not be sent before the gateway forgot the session is a draft when the same person is back, a reload between."""
    gateway = browser.gateway()
    gateway.sign_in("bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    alice.say("Bob", "this arrived")
    expect(alice.log("Bob").get_by_text("Delivered", exact=True)).to_be_visible()
    gateway.process.kill()
    gateway.process.wait()
    alice.say("Bob", "this waits")
    expect(alice.log("Bob").get_by_text("Waits for the gateway")).to_be_visible()
    alice.say("Bob", "and this")
    alice.composer("Bob").fill("this was begun")
    browser.another(gateway)
    expect(alice.page.get_by_role("alert")).to_contain_text("The gateway no longer knows the session.")
    expect(alice.log("Bob").get_by_text("Not sent. It is kept as a draft for you.")).to_have_count(2)
    expect(alice.page.get_by_text("key or token")).to_have_count(0)
    alice.button("Sign in again").click()
    alice.page.reload()
    alice.signed_in()
    alice.page.get_by_role("tab", name="Bob").click()
    expect(alice.composer("Bob")).to_have_value("this waits\nand this\nthis was begun")
    expect(alice.log("Bob")).to_contain_text("What you wrote before was not sent.")
    # Another one at this tab finds none of it.
    alice.button("Sign out of alice@example.com").click()
    alice.signed_in("carol@example.com")
    alice.button("Sign out of carol@example.com").click()
    alice.signed_in()
    alice.contact("Bob").click()
    expect(alice.composer("Bob")).to_have_value("")


def left_behind(browser):
    """Calls that an ended session still had under way send nothing in the next one: their words are drafts, once."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    held = []
    # The first one is under way until the next session is there.
    alice.page.route("**/messages", lambda route: route.continue_() if held else held.append(route))
    for text in ("one", "two", "three"):
        alice.say("Bob", text)
    alice.until(lambda: held)
    Messenger(gateway.sandbox_port, "alice@example.com").leave()
    alice.button("Sign in again").click()
    alice.signed_in()
    alice.page.get_by_role("tab", name="Bob").click()
    expect(alice.composer("Bob")).to_have_value("one\ntwo\nthree")
    held[0].fulfill(status=409, content_type="application/problem+json", json={
        "title": "Conflict", "status": 409, "code": "contact-offline"})
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.composer("Bob").press("Enter")
    alice.all_delivered("Bob", "three")
    events = received(gateway, bob, token, "one\ntwo\nthree")
    assert len(events) == 1, events


def late_answers(browser):
    """What a session that was left still answers brings it back to nobody: not when it ended, nor when somebody signed out."""
    gateway = browser.gateway()
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    account = alice.page.get_by_label("Account", exact=True)
    held = []

    def hold(methods):
        held.clear()
        alice.page.route(re.compile(r"/v1/sessions/[^/]+(/snapshot)?$"), lambda route: (
            held.append(route) if route.request.method in methods else route.continue_()))

    def answer():
        for route in held:
            with alice.page.expect_response(route.request.url):
                route.continue_()
        alice.page.unroute_all(behavior="wait")
        # Whatever the page makes of them it has made when it has shown something once more.
        alice.page.evaluate("() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))")
        expect(account).to_be_visible()

    hold(["GET"])
    Messenger(gateway.sandbox_port, "alice@example.com").leave()
    alice.until(lambda: held)
    alice.button("Sign in again").click()
    expect(account).to_have_value("alice@example.com")
    answer()
    alice.signed_in()
    hold(["PATCH"])
    alice.button("Change your name").click()
    alice.page.get_by_label("Your name", exact=True).fill("Somebody else")
    alice.button("Save").click()
    alice.until(lambda: held)
    alice.button("Sign out of alice@example.com").click()
    expect(account).to_be_visible()
    answer()
    alice.signed_in("bob@example.com")
    expect(alice.page.get_by_role("region", name="You")).to_contain_text("Bob")


def not_doubled(browser):
    """A message whose answer was lost is in the journal: a reload finds it there, and makes no draft of it."""
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()

    def lose(route):
        route.fetch()
        route.abort()

    alice.page.route("**/messages", lose)
    alice.say("Bob", "said once")
    bob.contact("Alice").click()
    expect(bob.log("Alice")).to_contain_text("said once")
    alice.page.unroute_all(behavior="wait")
    alice.page.reload()
    expect(alice.log("Bob").get_by_text("said once", exact=True)).to_have_count(1)
    expect(alice.composer("Bob")).to_have_value("")
    expect(alice.log("Bob")).not_to_contain_text("What you wrote before")


def group_kept(browser):
    """What was meant for a group that is gone with its session is kept where it can be read, and becomes nobody else's."""
    gateway = browser.gateway()
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    for name in ("bob", "carol"):
        gateway.sign_in(f"{name}@example.com")
    alice.contact("Bob").click()
    alice.button("Invite somebody").click()
    alice.page.get_by_label("Who").select_option("carol@example.com")
    alice.button("Invite").click()
    expect(alice.page.get_by_role("tab", name=re.compile("Carol"))).to_have_attribute("aria-selected", "true")
    gateway.process.kill()
    gateway.process.wait()
    alice.page.get_by_role("textbox", name=re.compile("Message to")).fill("for you two")
    alice.page.get_by_role("textbox", name=re.compile("Message to")).press("Enter")
    expect(alice.page.get_by_role("log").get_by_text("Waits for the gateway")).to_be_visible()
    browser.another(gateway)
    alice.button("Sign in again").click()
    alice.signed_in()
    panel = alice.notifications()
    expect(panel).to_contain_text(re.compile("Not sent to (Bob, Carol|Carol, Bob)"))
    expect(panel).to_contain_text("for you two")
    alice.page.reload()
    alice.notifications().get_by_role("button", name=re.compile("^Mark as read: Not sent to")).click()
    alice.page.reload()
    expect(alice.notifications()).to_contain_text("Dave has added you")
    expect(alice.notifications()).not_to_contain_text("for you two")


def server_away(browser):
    """A server that goes away is told apart from the gateway, with since when and why, until the session is back."""
    port = stable_port()
    server = browser.server(port)
    gateway = browser.gateway("--backend", f"home=127.0.0.1:{port}")
    other = Messenger(port, "bob@example.com")
    person = browser.person(gateway).signed_in()
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    person.contact("Bob").click()
    server.kill()
    server.wait()
    banner = person.connection.get_by_text(re.compile(r"The server “home” is away, since \d"))
    expect(banner).to_be_visible()
    # Nobody can know who is there: not in the list, nor above the conversation, nor on its tab.
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Not known now")
    expect(person.page.get_by_role("main")).to_contain_text("Not known now · bob@example.com")
    expect(person.button(re.compile(r"^Online when last heard of \(\d\)"))).to_be_visible()
    expect(person.page.locator(".figure-online")).to_have_count(0)
    expect(person.page.get_by_text("can't be delivered now")).to_be_hidden()
    person.shot("server-away")
    # What is written meanwhile waits and goes out.
    person.tolerate_network_errors()
    person.say("Bob", "written meanwhile")
    expect(person.log("Bob").get_by_text("Waits for the server")).to_be_visible()
    # Nobody has to wait until the next attempt, and whoever does not, waits for nothing that is said to be wrong.
    button = person.connection.get_by_role("button", name="Try now")
    with person.page.expect_response("**/reconnect") as asked:
        button.click()
    assert asked.value.status == 202, asked.value.text()
    browser.server(port)
    person.press_until_gone(button)
    expect(banner).to_be_hidden()
    expect(person.page.get_by_text("Another attempt was not begun")).to_have_count(0)
    assert other
    # He is not back yet, and it says why it did not arrive; or he is, and it did.
    expect(person.log("Bob").get_by_text(re.compile("^(Not delivered: they are not online|Delivered)"))).to_be_visible()
    expect(person.log("Bob").get_by_text("written meanwhile", exact=True)).to_have_count(1)
    bob = Messenger(port, "bob@example.com")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    bob.leave()


def try_now(browser):
    """Beside what is waited for is a button for not waiting."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().tolerate_network_errors()
    person.page.clock.install()
    person.page.route("**/events?*", lambda route: route.abort())
    person.page.evaluate("window.dispatchEvent(new Event('offline'))")
    button = person.connection.get_by_role("button", name="Try now")
    expect(button).to_be_visible()
    # What would be tried by itself after a while is not.
    person.stop_time()
    person.page.unroute_all(behavior="wait")
    person.press_until_gone(button)


def gap(browser):
    """Events that are no longer kept cost nothing but a word about it: the state is read anew and is true."""
    gateway = browser.gateway(environment={"MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS": "10"})
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    _, _, same = gateway.call("POST", "/v1/sessions", body={"account": "alice@example.com", "password": "sandbox"})
    path = f"/v1/sessions/{same['session']['id']}"
    alice.context.set_offline(True)
    expect(alice.connection.get_by_text("The gateway does not answer")).to_be_visible()
    cursor = gateway.call("GET", path, same["token"])[2]["cursor"]
    for code in ["BSY", "AWY"] * 10:
        bob.say("CHG", code)
        page = gateway.call("GET", f"{path}/events?after={cursor}&types=presence.changed", same["token"])[2]
        cursor = page["next"]
    alice.context.set_offline(False)
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Away")
    expect(alice.log("Bob")).to_contain_text(re.compile(r"\d+ events were missed here\."))
    bob.say("CHG", "LUN")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Out to lunch")


checks = [
    lost_network, killed_gateway, restarted, killed_while_reading, kept, left_behind, late_answers, not_doubled, group_kept, server_away, try_now,
    gap,
]
