"""The bell and its list, and what shows for a moment: once for each person or subject, and never over what is being read."""

from site_under_test import Messenger, expect, re

WIDE = {"width": 1180, "height": 760}
PHONE = {"width": 360, "height": 740}


def fault(gateway, name, count=1, account="alice@example.com"):
    status, _, answer = gateway.call(
        "POST", "/v1/sandbox/faults", body={"fault": name, "account": account, "count": count})
    assert status == 204, answer


def _box(locator):
    box = locator.bounding_box()
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def _overlap(one, other):
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def _covers_nothing(person, name):
    """The newest line is whole in sight, and no toast lies over it, the conversation or the composer."""
    log, composer = person.log(name), person.composer(name)
    newest = log.locator(".words").last
    person.page.wait_for_function(
        "([log, line]) => line.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1",
        arg=[log.element_handle(), newest.element_handle()])
    toasts = person.news.get_by_role("listitem")
    for index in range(toasts.count()):
        if not toasts.nth(index).is_visible():
            continue
        toast = _box(toasts.nth(index))
        close = _box(toasts.nth(index).get_by_role("button", name="Dismiss"))
        assert 0 <= toast[0] and close[2] <= toast[2] <= person.page.viewport_size["width"], (toast, close)
        for other in (newest, log, composer):
            assert not _overlap(toast, _box(other)), (toast, _box(other))
    # What is clicked there is what is seen there.
    left, top, right, bottom = _box(composer)
    assert composer.evaluate(
        "(e, [x, y]) => document.elementFromPoint(x, y) === e", [(left + right) / 2, (top + bottom) / 2])


def _beside(browser, viewport, **settings):
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    person = browser.person(gateway, viewport=viewport, **settings).signed_in().keeps_news()
    if viewport is PHONE:
        person.go("Contacts")
    person.contact("Bob").click()
    bob.contact("Alice").click()
    bob.say("Alice", "a long story, " * 200)
    bob.say("Alice", "and its end")
    expect(person.log("Bob")).to_contain_text("and its end")
    person.composer("Bob").click()
    fault(gateway, "alert", 3)
    fault(gateway, "mail", 2)
    toasts = person.news.get_by_role("listitem")
    expect(toasts).to_have_count(2)
    expect(toasts.first).to_contain_text("New mail from Example User")
    _covers_nothing(person, "Bob")
    return gateway, bob, person


def beside_wide(browser):
    """On a wide page three alerts, mail and a long message leave the newest line and the composer in sight, and clickable."""
    _, bob, person = _beside(browser, WIDE)
    bob.say("Alice", "and more of it, " * 40)
    expect(person.log("Bob")).to_contain_text("and more of it")
    _covers_nothing(person, "Bob")
    person.shot("toasts-wide")


def beside_phone(browser):
    """On a phone too, with its keyboard and without."""
    _, bob, person = _beside(browser, PHONE, has_touch=True)
    person.shot("toasts-phone")
    person.resize(360, 380)
    _covers_nothing(person, "Bob")
    bob.say("Alice", "are you still there?")
    expect(person.log("Bob")).to_contain_text("are you still there?")
    _covers_nothing(person, "Bob")
    person.shot("toasts-keyboard")


def bell(browser):
    """Mail with its sender and subject, pages, alerts and requests wait behind the bell until they are read, also in a reload."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    # Dave's request.
    expect(person.bell).to_have_accessible_name("Notifications: 1 waits")
    fault(gateway, "mail", 2)
    fault(gateway, "page")
    fault(gateway, "alert")
    expect(person.bell).to_have_accessible_name("Notifications: 5 wait")
    panel = person.notifications()
    for words in ("Dave has added you", "New mail from José", "Mañana", "Just saying hello.", "New page from bob@example.com",
                  "Hello from my phone.", "Alert"):
        expect(panel).to_contain_text(words)
    expect(panel.get_by_role("link", name="Open at alerts.sandbox.example")).to_be_visible()
    person.page.reload()
    expect(person.bell).to_have_accessible_name("Notifications: 5 wait")
    panel = person.notifications()
    panel.get_by_role("button", name="Mark as read: New mail from José").click()
    expect(panel).not_to_contain_text("Mañana")
    panel.get_by_role("button", name="Mail", exact=True).click()
    expect(person.page.get_by_role("heading", name="Mail and services")).to_be_visible()
    expect(panel).to_be_hidden()
    expect(person.bell).to_have_accessible_name("Notifications: 3 wait")
    person.notifications().get_by_role("button", name="Mark all as read").click()
    expect(panel.get_by_text("Dave has added you")).to_be_visible()
    panel.get_by_role("button", name="Answer").click()
    expect(person.page.get_by_role("region", name="Requests")).to_be_focused()
    person.button("Decline Dave").click()
    expect(person.bell).to_have_accessible_name("Notifications")
    expect(person.notifications()).to_contain_text("Nothing waits to be read.")
    person.page.reload()
    expect(person.bell).to_have_accessible_name("Notifications")


def one_for_each(browser):
    """Ten lines of the same person are one toast, with the newest; the third subject takes the place of the first."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().keeps_news()
    session, token = gateway.sign_in("bob@example.com")
    for number in range(10):
        status, _, answer = gateway.call("POST", f"/v1/sessions/{session}/messages", token,
                                         {"to": "alice@example.com", "text": f"line {number}"})
        assert status == 201, answer
    toasts = person.news.get_by_role("listitem")
    bobs = toasts.filter(has_text="Bob writes")
    expect(bobs).to_contain_text("line 9")
    expect(bobs).to_have_count(1)
    fault(gateway, "page", 6)
    expect(toasts.filter(has_text="New page from")).to_have_count(1)
    fault(gateway, "mail")
    expect(toasts.first).to_contain_text("New mail from")
    expect(toasts).to_have_count(2)
    assert toasts.count() == 2
    # None of it is lost.
    expect(person.bell).to_have_accessible_name("Notifications: 8 wait")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online, 10 unread messages")
    toasts.first.get_by_role("button", name="Dismiss").click()
    expect(person.bell).to_have_accessible_name("Notifications: 7 wait")


def coming_and_going(browser):
    """Who comes and goes and comes is told once, until that is read; who does not want to know is not told."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().keeps_news()
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    came = person.news.get_by_role("listitem").filter(has_text="Bob has just signed in.")
    expect(came).to_be_visible()
    assert person.times_heard("Bob has just signed in.") == 1
    for code, word in [("HDN", "Offline"), ("NLN", "Online")] * 2:
        bob.say("CHG", code)
        expect(person.contact("Bob")).to_have_accessible_name(f"Bob, {word}")
    assert person.times_heard("Bob has just signed in.") == 1
    panel = person.notifications()
    expect(panel.get_by_text("Bob has just signed in.")).to_have_count(1)
    person.page.reload()
    panel = person.notifications()
    expect(panel.get_by_text("Bob has just signed in.")).to_have_count(1)
    # It is nice to know, and waits for nobody.
    expect(person.bell).to_have_accessible_name("Notifications: 1 waits")
    panel.get_by_role("button", name="Mark as read: Bob has just signed in.").click()
    expect(came).to_have_count(0)
    # He is not told again, nor is that he came before.
    person.page.reload()
    panel = person.notifications()
    expect(panel).to_contain_text("Dave has added you")
    expect(panel.get_by_text("Bob has just signed in.")).to_have_count(0)
    person.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(person.bell).to_be_focused()
    person.go("Settings")
    person.page.get_by_label("Tell me when contacts sign in").uncheck()
    for code, word in (("HDN", "Offline"), ("BSY", "Busy")):
        bob.say("CHG", code)
        expect(person.contact("Bob")).to_have_accessible_name(f"Bob, {word}")
    expect(came).to_have_count(0)
    expect(person.notifications()).not_to_contain_text("Bob has just signed in.")


def heard_once(browser):
    """A screen reader says each thing once: an own message, one that comes, a request, mail, and that it is connected again."""
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    for number in range(3):
        alice.say("Bob", f"own {number}")
    alice.all_delivered("Bob", "own 2")
    heard = alice.page.evaluate("window.heard")
    for number in range(3):
        assert alice.times_heard(f"own {number}") == 1, heard
    assert not any(said.endswith(("Sent", "Delivered")) and "own" not in said for said in heard), heard
    bob.until(lambda: bob.times_heard("own 2"))
    assert bob.times_heard("own 2") == 1, bob.page.evaluate("window.heard")
    bob.contact("Alice").click()
    bob.say("Alice", "an answer")
    expect(alice.log("Bob")).to_contain_text("an answer")
    assert alice.times_heard("an answer") == 1, alice.page.evaluate("window.heard")
    fault(gateway, "mail")
    alice.until(lambda: alice.times_heard("Mañana"))
    assert alice.times_heard("Mañana") == 1, alice.page.evaluate("window.heard")
    alice.context.set_offline(True)
    expect(alice.connection).to_contain_text("The gateway does not answer")
    alice.context.set_offline(False)
    alice.until(lambda: alice.times_heard("Everything is connected again."))
    assert alice.times_heard("The gateway does not answer") == 1, alice.page.evaluate("window.heard")
    assert alice.times_heard("Everything is connected again.") == 1, alice.page.evaluate("window.heard")
    # What did not work is heard too, and once.
    session, token = gateway.sign_in("erin@example.com")
    status, _, _ = gateway.call("PUT", f"/v1/sessions/{session}/contacts/bob@example.com", token, {})
    assert status < 300
    expect(bob.page.get_by_role("region", name="Requests")).to_contain_text("would like to see")
    assert bob.times_heard("has added you and waits for an answer") == 1, bob.page.evaluate("window.heard")


def everywhere(browser):
    """Who waits for an answer is seen from every view, wide and on a phone, and in the title."""
    gateway = browser.gateway()
    for viewport in (WIDE, PHONE):
        person = browser.person(gateway, viewport=viewport).signed_in()
        expect(person.page).to_have_title("(1) Alice")
        for view in ("Chats", "Services", "Settings", "Developer", "Operator"):
            person.go(view)
            expect(person.bell).to_have_accessible_name("Notifications: 1 waits")
            if viewport is PHONE:
                expect(person.page.get_by_role("link", name="Contacts 1 request waits for an answer")).to_be_visible()
            else:
                expect(person.button("Accept Dave")).to_be_visible()
    person.notifications().get_by_role("button", name="Answer").click()
    person.button("Accept Dave").click()
    expect(person.page).to_have_title("Alice")
    expect(person.bell).to_have_accessible_name("Notifications")


checks = [beside_wide, beside_phone, bell, one_for_each, coming_and_going, heard_once, everywhere]
