"""A lost network, a gateway that dies, a server that goes and comes back, and events that are no longer kept."""

import signal
import subprocess

from harness import free_port
from site_under_test import Gateway, Messenger, expect, re


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
    bob.say("Alice", "said meanwhile")
    bob.set_status("Busy")
    alice.context.set_offline(False)
    expect(alice.connection.get_by_text("The gateway does not answer")).to_be_hidden()
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
    port = gateway.port
    person.contact("Bob").click()
    person.composer("Bob").fill("not sent yet")
    person.page.reload()
    expect(person.composer("Bob")).to_have_value("not sent yet")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    person.go("Operator")
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    expect(person.connection.get_by_text(re.compile(r"The gateway does not answer, since \d"))).to_be_visible()
    another = Gateway(browser.binary, "--listen", f"127.0.0.1:{port}")
    browser.at_end(another.stop)
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


def killed_while_reading(browser):
    """A gateway that dies while the history is read is told like one that dies later."""
    gateway = browser.gateway()
    person = browser.person(gateway).tolerate_network_errors()
    # The history of this page comes when the gateway is another one.
    held = []
    person.page.route("**/events?after=oldest*", lambda route: held.append(route))
    person.signed_in()
    person.until(lambda: held)
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    another = Gateway(browser.binary, "--listen", f"127.0.0.1:{gateway.port}")
    browser.at_end(another.stop)
    held.pop().continue_()
    expect(person.page.get_by_role("alert")).to_contain_text("The gateway no longer knows the session.")


def server_away(browser):
    """A server that goes away is told apart from the gateway, with since when and why, until the session is back."""
    port = free_port()

    def sandbox():
        server = subprocess.Popen(
            [browser.binary, "sandbox", "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        browser.at_end(server.kill)
        # It logs once it listens.
        server.stdout.readline()
        return server

    server = sandbox()
    gateway = browser.gateway("--backend", f"home=127.0.0.1:{port}")
    person = browser.person(gateway).signed_in()
    server.kill()
    server.wait()
    banner = person.connection.get_by_text(re.compile(r"The server “home” is away, since \d"))
    expect(banner).to_be_visible()
    expect(person.contact("Bob")).to_be_visible()
    sandbox()
    expect(banner).to_be_hidden(timeout=60_000)
    bob = Messenger(port, "bob@example.com")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    bob.leave()


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


checks = [lost_network, killed_gateway, killed_while_reading, server_away, gap]
