"""Several accounts side by side in one page: each its own messenger, and what waits in each is seen."""

from site_under_test import expect, re

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
ADD = "Sign in to one more account"


def _switch(person):
    return person.page.get_by_role("navigation", name="Accounts")


def _account(person, name):
    return _switch(person).get_by_role("button", name=re.compile(f"^{re.escape(name)}, "))


def _says(gateway, session, token, to, text):
    status, _, answer = gateway.call("POST", f"/v1/sessions/{session}/messages", token, {"to": to, "text": text})
    assert status == 201, answer


def side_by_side(browser):
    """Two accounts in one page, wide and on a phone: what waits in the other is counted, told, and one click away."""
    for settings in ({}, PHONE):
        gateway = browser.gateway()
        carol, token = gateway.sign_in("carol@example.com")
        person = browser.person(gateway, **settings).signed_in().keeps_news()
        person.go("Contacts") if settings else None
        person.button("Decline Dave").click()
        expect(person.page).to_have_title("Alice")
        expect(_switch(person)).to_be_hidden()
        person.button(ADD).click()
        person.button("Back to Alice").click()
        expect(person.button("Sign out of alice@example.com")).to_be_visible()
        person.button(ADD).click()
        person.signed_in("bob@example.com")
        expect(_account(person, "Bob")).to_have_attribute("aria-current", "true")
        expect(_account(person, "Alice")).to_have_accessible_name("Alice, Online")
        expect(person.contact("Alice")).to_have_accessible_name("Alice, Online")
        # To the one that is not in front.
        _says(gateway, carol, token, "alice@example.com", "for alice")
        expect(_account(person, "Alice")).to_have_accessible_name("Alice, Online, 1 waits")
        expect(person.page).to_have_title("(1) Bob")
        expect(person.news.get_by_role("listitem").filter(has_text="Carol writes")).to_be_visible()
        assert person.times_heard("Carol writes: Alice: for alice") == 1
        person.shot(f"accounts-{'phone' if settings else 'wide'}")
        person.button("Go to alice@example.com").click()
        expect(person.log("Carol")).to_contain_text("for alice")
        expect(person.page).to_have_title("Alice")
        expect(_account(person, "Alice")).to_have_accessible_name("Alice, Online")
        person.say("Carol", "alice's answer")
        person.all_delivered("Carol", "alice's answer")
        # Each has conversations and drafts of its own.
        person.composer("Carol").fill("alice has begun this")
        _account(person, "Bob").click()
        if settings:
            person.go("Contacts")
        person.contact("Carol").click()
        expect(person.composer("Carol")).to_have_value("")
        person.say("Carol", "bob's words")
        person.all_delivered("Carol", "bob's words")
        expect(person.log("Carol")).not_to_contain_text("alice")
        _account(person, "Alice").click()
        expect(person.composer("Carol")).to_have_value("alice has begun this")
        expect(person.log("Carol")).not_to_contain_text("bob's words")
        # Both are there after a reload, the same in front.
        person.page.reload()
        expect(_account(person, "Alice")).to_have_attribute("aria-current", "true")
        expect(person.composer("Carol")).to_have_value("alice has begun this")
        expect(_account(person, "Bob")).to_have_accessible_name("Bob, Online")
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # Signing out of one leaves the other.
        if settings:
            person.go("Contacts")
        person.button("Sign out of alice@example.com").click()
        expect(person.button("Sign out of bob@example.com")).to_be_visible()
        expect(_switch(person)).to_be_hidden()
        assert "alice" not in person.page.evaluate("JSON.stringify({...sessionStorage})")


def kept_together(browser):
    """Those that are to stay signed in are all there on a page opened anew; the others are not."""
    gateway = browser.gateway()
    first = browser.person(gateway)
    first.page.get_by_label("Stay signed in on this device").check()
    first.signed_in()
    first.button(ADD).click()
    first.signed_in("bob@example.com")
    _switch(first).get_by_role("button", name=ADD).click()
    first.page.get_by_label("Stay signed in on this device").check()
    first.signed_in("carol@example.com")
    expect(_switch(first).get_by_role("button", name=re.compile("Online"))).to_have_count(3)
    second = first.another_tab()
    first.page.close()
    expect(_account(second, "Alice")).to_be_visible()
    expect(_account(second, "Carol")).to_have_attribute("aria-current", "true")
    expect(_switch(second).get_by_role("button", name=re.compile("Online"))).to_have_count(2)
    # The same account once more is the one that is there.
    _switch(second).get_by_role("button", name=ADD).click()
    second.signed_in("alice@example.com")
    expect(_switch(second).get_by_role("button", name=re.compile("Online"))).to_have_count(2)
    second.page.reload()
    expect(_switch(second).get_by_role("button", name=re.compile("Online"))).to_have_count(2)
    expect(_account(second, "Alice")).to_have_attribute("aria-current", "true")


def one_ends(browser):
    """An account whose session ends says so when one goes there, and the others go on."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    person.button(ADD).click()
    person.signed_in("bob@example.com")
    status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": "kick", "account": "alice@example.com"})
    assert status == 204, answer
    expect(_account(person, "Alice")).to_have_accessible_name(re.compile("^Alice, Offline"))
    expect(person.button("Your status: Online")).to_be_visible()
    _account(person, "Alice").click()
    expect(person.page.get_by_role("alert")).to_contain_text("The account has signed in somewhere else")
    person.button("Use another account").click()
    person.button("Back to Bob").click()
    expect(person.button("Sign out of bob@example.com")).to_be_visible()
    expect(_switch(person)).to_be_hidden()


def drafts_of_each(browser):
    """Whichever account is there first after a reload, what was begun in each is still there; a slow one loses nothing."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    person.contact("Carol").click()
    person.composer("Carol").fill("alice has begun this")
    person.button(ADD).click()
    person.signed_in("bob@example.com")
    person.contact("Carol").click()
    person.composer("Carol").fill("bob has begun this")
    session = person.page.evaluate("JSON.parse(sessionStorage['msnp-gateway.sessions']).find(s => s.account.startsWith('alice')).id")
    held = []
    person.page.route(f"**/{session}/snapshot", lambda route: held.append(route))
    person.page.reload()
    expect(person.composer("Carol")).to_have_value("bob has begun this")
    person.until(lambda: held)
    held.pop().continue_()
    _account(person, "Alice").click()
    person.contact("Carol").click()
    expect(person.composer("Carol")).to_have_value("alice has begun this")


checks = [drafts_of_each, side_by_side, kept_together, one_ends]
