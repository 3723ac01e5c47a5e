"""Staying signed in on this device: with the person's word, and with nothing kept beyond the tab without it."""

import signal

from history import CONTENTS, DATABASES
from site_under_test import Gateway, expect, re

KEEP = "Stay signed in on this device"
STAYS = "You stay signed in on this device."


def stays(browser):
    """A page opened anew is where the last one was, with what was begun; one whose session is gone asks for the password alone."""
    gateway = browser.gateway()
    port = gateway.port
    first = browser.person(gateway)
    first.page.get_by_label(KEEP).check()
    first.signed_in()
    you = first.page.get_by_role("region", name="You")
    expect(you.get_by_text(STAYS)).to_be_visible()
    token = first.page.evaluate("JSON.parse(sessionStorage['msnp-gateway.sessions'])[0].token")
    assert token not in first.page.evaluate("JSON.stringify({...localStorage})")
    assert token not in first.page.evaluate("document.cookie")
    assert '"password"' not in first.page.evaluate(CONTENTS)
    first.contact("Bob").click()
    first.composer("Bob").fill("half a thought")
    first.until(lambda: "half a thought" in first.page.evaluate(CONTENTS))
    first.shot("stays")
    second = first.another_tab()
    first.page.close()
    expect(second.button("Sign out of alice@example.com")).to_be_visible()
    second.contact("Bob").click()
    expect(second.composer("Bob")).to_have_value("half a thought")
    # The gateway forgets the session; this device does not forget whose it was, nor what was begun.
    second.tolerate_network_errors()
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    another = Gateway(browser.binary, "--listen", f"127.0.0.1:{port}")
    browser.at_end(another.stop)
    expect(second.page.get_by_role("alert")).to_contain_text("The gateway no longer knows the session.")
    third = second.another_tab()
    second.page.close()
    expect(third.page.get_by_label("Account", exact=True)).to_have_value("alice@example.com")
    expect(third.page.get_by_label("Password", exact=True)).to_be_focused()
    expect(third.page.get_by_label(KEEP)).to_be_checked()
    third.shot("stays-asked")
    third.signed_in()
    third.contact("Bob").click()
    expect(third.composer("Bob")).to_have_value("half a thought")
    # Signing out is the end of all of it.
    third.button("Sign out of alice@example.com").click()
    expect(third.page.get_by_role("heading", name="Sign in")).to_be_visible()
    third.until(lambda: third.page.evaluate(DATABASES) == [])
    fourth = third.another_tab()
    expect(fourth.page.get_by_label("Account", exact=True)).to_have_value("")
    expect(fourth.page.get_by_label(KEEP)).not_to_be_checked()


def kept_in_two_tabs(browser):
    """Somebody who stays signed in on this device, and a second tab of theirs."""
    person = browser.person(browser.gateway())
    person.page.get_by_label(KEEP).check()
    person.signed_in()
    expect(person.page.get_by_role("region", name="You").get_by_text(STAYS)).to_be_visible()
    other = person.another_tab()
    expect(other.button("Sign out of alice@example.com")).to_be_visible()
    return person, other


def gone_before_it_is_said(browser):
    """That somebody has signed out is said once nothing is kept of them any more, however slow the device is."""
    person, other = kept_in_two_tabs(browser)
    # What tabs say to each other before this arrives before it.
    other.page.evaluate("new BroadcastChannel('probe').onmessage = () => { globalThis.wasProbed = true; }")
    # The database opens when this says so.
    person.page.evaluate("""() => {
        const { open } = IDBFactory.prototype;
        const held = [];
        IDBFactory.prototype.open = function (...names) {
            const request = {};
            held.push(() => {
                const real = open.apply(this, names);
                for (const name of ["onupgradeneeded", "onsuccess", "onerror"]) {
                    real[name] = event => {
                        Object.assign(request, { result: real.readyState === "done" && !real.error ? real.result : null, error: real.error });
                        request[name]?.(event);
                    };
                }
            });
            return request;
        };
        globalThis.wasAsked = () => held.length > 0;
        globalThis.goOn = () => {
            IDBFactory.prototype.open = open;
            for (const one of held) one();
        };
    }""")
    person.button("Sign out of alice@example.com").click()
    person.page.wait_for_function("wasAsked()")
    farewell = person.page.get_by_text("You have signed out.")
    expect(farewell).to_have_count(0, timeout=1)
    person.page.evaluate("new BroadcastChannel('probe').postMessage('')")
    other.page.wait_for_function("globalThis.wasProbed")
    expect(other.page.get_by_text("You have signed out.")).to_have_count(0, timeout=1)
    person.page.evaluate("goOn()")
    expect(farewell.first).to_be_visible()
    expect(other.page.get_by_text("You have signed out.").first).to_be_visible()
    assert person.page.evaluate(DATABASES) == []
    person.page.reload()
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(person.page.get_by_label("Account", exact=True)).to_have_value("")


def held_elsewhere(browser):
    """A tab that holds on to what is kept of somebody keeps nobody from signing out, and nothing of them."""
    person, other = kept_in_two_tabs(browser)
    other.page.evaluate("""() => new Promise(resolve => {
        const request = indexedDB.open("msnp-gateway.kept", 1);
        request.onsuccess = () => { globalThis.held = request.result; resolve(); };
    })""")
    person.button("Sign out of alice@example.com").click()
    for one in (person, other):
        expect(one.page.get_by_text("You have signed out.").first).to_be_visible()
    assert other.page.evaluate("""() => {
        const names = ["accounts", "drafts"];
        const transaction = held.transaction(names);
        return Promise.all(names.map(name => new Promise(resolve => {
            transaction.objectStore(name).count().onsuccess = event => resolve(event.target.result);
        })));
    }""") == [0, 0]
    other.page.evaluate("held.close()")
    other.until(lambda: other.page.evaluate(DATABASES) == [])


def refused_token(browser):
    """A token that the gateway no longer takes leads to the sign-in at once, with a word why."""
    gateway = browser.gateway()
    first = browser.person(gateway)
    first.page.get_by_label(KEEP).check()
    first.signed_in()
    session = first.page.evaluate("JSON.parse(sessionStorage['msnp-gateway.sessions'])[0]")
    first.page.close()
    # Nobody hears of it here.
    assert gateway.call("DELETE", f"/v1/sessions/{session['id']}", session["token"])[0] == 204
    while gateway.call("GET", f"/v1/sessions/{session['id']}", session["token"])[2].get("state") != "ended":
        pass
    second = first.another_tab().tolerate_network_errors()
    expect(second.page.get_by_role("alert")).to_contain_text("You are signed out")
    second.button("Sign in again").click()
    expect(second.page.get_by_label("Account", exact=True)).to_have_value("alice@example.com")
    expect(second.page.get_by_label(KEEP)).to_be_checked()
    second.page.route("**/snapshot", lambda route: route.fulfill(
        status=401, content_type="application/problem+json", json={
            "title": "Unauthorized", "status": 401, "code": "unauthorized"}))
    second.sign_in()
    expect(second.page.get_by_role("alert")).to_be_visible()
    second.page.unroute("**/snapshot")
    second.signed_in()
    second.page.route("**/snapshot", lambda route: route.fulfill(
        status=401, content_type="application/problem+json", json={
            "title": "Unauthorized", "status": 401, "code": "unauthorized"}))
    second.page.reload()
    expect(second.page.get_by_role("main")).to_contain_text("Your session could not be opened again: ")
    expect(second.page.get_by_label("Account", exact=True)).to_have_value("alice@example.com")


def without_the_word(browser):
    """Nobody who has not said so is kept: nothing is stored beyond the tab, and another tab asks who it is."""
    gateway = browser.gateway()
    first = browser.person(gateway).signed_in()
    first.contact("Bob").click()
    first.composer("Bob").fill("for this tab alone")
    expect(first.page.get_by_text(STAYS)).to_be_hidden()
    assert first.page.evaluate(DATABASES) == []
    assert "alice" not in first.page.evaluate("JSON.stringify({...localStorage})")
    second = first.another_tab()
    expect(second.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(second.page.get_by_label("Account", exact=True)).to_have_value("")
    first.go("Settings")
    expect(first.page.get_by_role("region", name="Session")).to_contain_text("Only this tab knows that you are signed in.")


def no_longer(browser):
    """Whoever no longer wants it says so in the settings, stays signed in in this tab, and is kept no more."""
    for settings in ({}, {"viewport": {"width": 360, "height": 740}, "has_touch": True}):
        person = browser.person(browser.gateway(), **settings)
        person.page.get_by_label(KEEP).check()
        person.signed_in()
        expect(person.page.get_by_text(STAYS)).to_be_visible()
        person.go("Settings")
        person.button("Stay signed in no longer").click()
        expect(person.page.get_by_role("region", name="Session")).to_contain_text("Only this tab knows")
        person.until(lambda: person.page.evaluate(DATABASES) == [])
        another = person.another_tab()
        expect(another.page.get_by_role("heading", name="Sign in")).to_be_visible()
        if settings:
            person.go("Contacts")
        expect(person.button("Sign out of alice@example.com")).to_be_visible()
        expect(person.page.get_by_text(STAYS)).to_be_hidden()


def not_allowed(browser):
    """A gateway that keeps nobody says so, and signs in without that."""
    gateway = browser.gateway(environment={"MSNP_GATEWAY_LIMITS_KEPT_IDLE_TIMEOUT": "0"})
    person = browser.person(gateway).tolerate_network_errors()
    person.page.get_by_label(KEEP).check()
    person.sign_in()
    expect(person.page.get_by_role("alert")).to_contain_text("This gateway keeps nobody signed in. Sign in without that.")
    expect(person.page.get_by_label(KEEP)).not_to_be_checked()
    person.signed_in()
    assert person.page.evaluate(DATABASES) == []


def asked_of_the_gateway(browser):
    """The sign-in says that the session is to be kept where it is, and nothing of the kind otherwise."""
    gateway = browser.gateway()
    for is_kept in (True, False):
        person = browser.person(gateway)
        bodies = []
        person.page.on("request", lambda request, bodies=bodies: request.method == "POST" and bodies.append(request.post_data_json))
        if is_kept:
            person.page.get_by_label(re.compile("^Stay signed in")).check()
        person.signed_in()
        assert [body.get("keep") for body in bodies] == [True if is_kept else None], bodies


checks = [stays, gone_before_it_is_said, held_elsewhere, refused_token, without_the_word, no_longer, not_allowed, asked_of_the_gateway]
