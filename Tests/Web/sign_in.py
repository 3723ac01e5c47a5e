"""Signing in, each way in which it fails, and coming back after a reload."""

import subprocess
import tempfile

from scripted_server import ScriptedServer
from site_under_test import Messenger, expect, re

from harness import ClosedPort


def refusals(browser):
    """A wrong password, a child's account and an unverified one are told apart in plain words, one click from the code."""
    person = browser.person(browser.gateway()).tolerate_network_errors()
    alert = person.page.get_by_role("alert")
    person.sign_in("alice@example.com", "wrong")
    expect(alert).to_contain_text("The account or the password is wrong.")
    # What was wrong is typed anew; nobody has to clear it first.
    expect(person.page.get_by_label("Password", exact=True)).to_have_value("")
    expect(person.page.get_by_label("Password", exact=True)).to_be_focused()
    person.sign_in("kid@example.com")
    expect(alert).to_contain_text("a parent has not agreed yet")
    expect(alert.get_by_role("link", name="MSN error 923")).to_be_visible()
    person.sign_in("nora@example.com")
    expect(alert).to_contain_text("is not verified yet")
    expect(alert.get_by_role("link", name="MSN error 924")).to_be_visible()
    alert.get_by_role("link", name="MSN error 924").click()
    expect(person.page.get_by_role("region", name="Error catalogue")).to_contain_text("Where sources disagree")
    person.page.get_by_role("link", name="Sign in").click()
    person.signed_in("alice@example.com")


def too_often(browser):
    """After too many wrong passwords the page counts down, and can be used again then."""
    gateway = browser.gateway()
    person = browser.person(gateway).tolerate_network_errors()
    status = 0
    while status != 429:
        status, headers, problem = gateway.call(
            "POST", "/v1/sessions", body={"account": "alice@example.com", "password": "wrong"})
    assert int(headers["Retry-After"]) > 0, headers
    # The same answer with a wait that is not over before anybody has looked.
    person.page.route("**/v1/sessions", lambda route: route.fulfill(
        status=status, json=problem, content_type=headers["Content-Type"], headers={"Retry-After": "3600"}))
    person.page.clock.install()
    person.sign_in("alice@example.com", "wrong")
    expect(person.page.get_by_role("alert")).to_contain_text("too often")
    expect(person.button(re.compile("Try again in"))).to_be_disabled()
    person.page.clock.fast_forward(3_600_000)
    expect(person.button("Sign in")).to_be_enabled()


def servers_in_trouble(browser):
    """A busy server, an unreachable one and one that is none are each told; the server is chosen by name."""
    busy = ScriptedServer(lambda number: f"600 {number}\r\n")
    browser.at_end(busy.close)
    dead = ClosedPort()
    browser.at_end(dead.close)
    gateway = browser.gateway(
        "--backend", f"busy=127.0.0.1:{busy.port}", "--backend", f"dead=127.0.0.1:{dead.port}")
    person = browser.person(gateway).tolerate_network_errors()
    alert = person.page.get_by_role("alert")
    expect(person.page.get_by_label("Server")).to_have_value("busy")
    person.sign_in()
    expect(alert).to_contain_text("The server is busy.")
    expect(alert.get_by_role("link", name="MSN error 600")).to_be_visible()
    person.page.get_by_label("Server").select_option("dead")
    person.sign_in()
    expect(alert).to_contain_text("The server can't be reached.")
    person.page.get_by_label("Server").select_option("sandbox")
    person.signed_in()


def with_a_key(browser):
    """Where the gateway wants an API key, the page asks for it, and says when it is not known."""
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"
        key = subprocess.run(
            [browser.binary, "keys", "add", "web", "--state", state], capture_output=True, text=True, check=True).stdout.strip()
        gateway = browser.gateway("--state", state)
        try:
            person = browser.person(gateway).tolerate_network_errors()
            field = person.page.get_by_label("API key")
            expect(field).to_be_visible()
            field.fill("mgk_nobody-knows-this-one")
            person.sign_in()
            expect(person.page.get_by_role("alert")).to_contain_text("not known to the gateway")
            field.fill(key)
            person.signed_in()
            assert key not in person.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        finally:
            gateway.stop()


def unverified(browser):
    """Somebody whose address is not verified is told so, and what is locked."""
    person = browser.person(browser.gateway()).signed_in("uma@example.com")
    expect(person.page.get_by_text("Your e-mail address is not verified.")).to_be_visible()
    expect(person.button("Your name is locked until your address is verified")).to_be_disabled()
    person.button("Dismiss this notice").click()
    expect(person.page.get_by_text("Your e-mail address is not verified.")).to_be_hidden()


def reload(browser):
    """A reload comes back to the same session without a password; signing out forgets it."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    person.set_status("Out to lunch")
    person.page.reload()
    expect(person.button("Your status: Out to lunch")).to_be_visible()
    person.button("Sign out of alice@example.com").click()
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(person.page.get_by_role("main").get_by_text("You have signed out.")).to_be_visible()
    assert person.times_heard("You have signed out.") == 1
    assert person.page.evaluate("sessionStorage.length") == 0
    person.page.reload()
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()


def elsewhere(browser):
    """A session that ends says why, and keeps what was there to read."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    Messenger(gateway.sandbox_port, "alice@example.com").leave()
    expect(person.page.get_by_role("alert")).to_contain_text("The account has signed in somewhere else")
    expect(person.contact("Bob")).to_be_visible()
    person.button("Sign in again").click()
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(person.page.get_by_label("Account", exact=True)).to_have_value("alice@example.com")
    person.signed_in()
    Messenger(gateway.sandbox_port, "alice@example.com").leave()
    person.button("Use another account").click()
    expect(person.page.get_by_label("Account", exact=True)).to_have_value("")


def refused_for_good(browser):
    """A session that the gateway will not give back is not asked for again and again: the page says so."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().tolerate_network_errors()
    asked = []

    def refuse(route):
        asked.append(route)
        route.fulfill(status=403, content_type="application/problem+json", json={
            "title": "Forbidden", "status": 403, "code": "cross-origin"})

    person.page.route("**/snapshot", refuse)
    person.page.clock.install()
    person.page.reload()
    expect(person.page.get_by_role("main")).to_contain_text("Your session could not be opened again: ")
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
    person.page.clock.run_for(60_000)
    assert len(asked) == 1, len(asked)


def out_of_reach(browser):
    """Signing out of a gateway that does not answer says that it did not work; whoever waits for it can try at once."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().tolerate_network_errors()
    person.page.clock.install()
    person.context.set_offline(True)
    person.button("Sign out of alice@example.com").click()
    failed = "Signing out did not work: The gateway can't be reached."
    expect(person.page.get_by_role("main").get_by_text(failed)).to_be_visible()
    assert person.times_heard(failed) == 1
    away = person.page.get_by_role("main").get_by_text("This page can't reach its gateway.")
    expect(away).to_be_visible()
    person.stop_time()
    person.context.set_offline(False)
    person.press_until_gone(person.button("Try now"))
    expect(away).to_be_hidden()


checks = [refusals, too_often, servers_in_trouble, with_a_key, unverified, reload, elsewhere, refused_for_good, out_of_reach]
