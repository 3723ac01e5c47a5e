"""Reading: the newest stays in sight, what comes while somebody reads further up waits to be seen, and tabs agree on what is read."""

from site_under_test import expect, re


def _talk(browser, lines=30, **settings):
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    alice = browser.person(gateway, **settings).signed_in()
    alice.button("Decline Dave").click()
    expect(alice.page).to_have_title("Alice")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    bob.contact("Alice").click()
    for number in range(lines):
        bob.say("Alice", f"line {number}")
    expect(alice.log("Bob")).to_contain_text(f"line {lines - 1}")
    return gateway, alice, bob


def _newest_in_sight(person, name, text):
    """Whole inside the log, which is large enough to read in."""
    line = person.log(name).get_by_text(text, exact=True)
    person.page.wait_for_function(
        """([log, line]) => {
            const [box, at] = [log.getBoundingClientRect(), line.getBoundingClientRect()];
            return at.top >= box.top - 1 && at.bottom <= box.bottom + 1;
        }""", arg=[person.log(name).element_handle(), line.element_handle()])


def shrinking(browser):
    """A window or a phone's keyboard that takes of the log leaves the newest in sight, and a log that is of use."""
    _, alice, bob = _talk(browser, viewport={"width": 360, "height": 740}, has_touch=True)
    _newest_in_sight(alice, "Bob", "line 29")
    alice.composer("Bob").click()
    for height in (380, 740, 320, 600):
        alice.resize(360, height)
        _newest_in_sight(alice, "Bob", "line 29")
        assert alice.log("Bob").bounding_box()["height"] >= 150, height
        expect(alice.composer("Bob")).to_be_in_viewport()
    alice.resize(360, 380)
    bob.say("Alice", "and while you write")
    _newest_in_sight(alice, "Bob", "and while you write")
    alice.say("Bob", "yes")
    _newest_in_sight(alice, "Bob", "yes")
    # The button is where it was when it was pressed.
    alice.composer("Bob").fill("once more")
    alice.button("Send").click()
    expect(alice.log("Bob")).to_contain_text("once more")
    # What several lines of a draft take of the log, they give back.
    alice.resize(360, 740)
    alice.composer("Bob").fill("a\nb\nc\nd\ne\nf")
    _newest_in_sight(alice, "Bob", "once more")


def zoomed(browser):
    """At a zoom of 200 % there is a log to read in."""
    _, alice, _ = _talk(browser, viewport={"width": 640, "height": 360})
    alice.page.evaluate("document.activeElement.blur()")
    assert alice.log("Bob").bounding_box()["height"] >= 90
    _newest_in_sight(alice, "Bob", "line 29")
    alice.shot("zoomed")


def further_up(browser):
    """Who reads further up is told how much is new, and it is unread until it is in sight."""
    _, alice, bob = _talk(browser)
    alice.log("Bob").evaluate("e => { e.scrollTop = 0 }")
    for number in range(3):
        bob.say("Alice", f"new {number}")
    pill = alice.button("3 new")
    expect(pill).to_be_visible()
    expect(alice.page).to_have_title("(3) Alice")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online, 3 unread messages")
    expect(alice.log("Bob").get_by_text("new 0", exact=True)).not_to_be_in_viewport()
    # It is heard in the conversation, and no toast says it again.
    expect(alice.news.get_by_role("listitem").filter(has_text="Bob writes")).to_have_count(0)
    alice.shot("pill")
    pill.click()
    _newest_in_sight(alice, "Bob", "new 2")
    expect(pill).to_be_hidden()
    expect(alice.page).to_have_title("Alice")
    # By scrolling down it is read too.
    alice.log("Bob").evaluate("e => { e.scrollTop = 0 }")
    bob.say("Alice", "and another")
    expect(alice.button("1 new")).to_be_visible()
    alice.log("Bob").evaluate("e => { e.scrollTop = e.scrollHeight }")
    expect(alice.page).to_have_title("Alice")
    expect(alice.button("1 new")).to_be_hidden()


def _as_it_learns(text, does, log):
    """Has a page do something, with its log, in the very task in which it learns of a message with that text."""
    log.evaluate("""(log, [text, does]) => {
        const { parse } = JSON;
        const act = new Function("log", does);
        JSON.parse = said => {
            const value = parse(said);
            if (value.events?.some(({ data }) => data.text === text)) {
                JSON.parse = parse;
                act(log);
            }
            return value;
        };
    }""", [text, does])


def as_it_comes(browser):
    """Who scrolls in the very moment in which something comes gets to where they are going, and it is read only if that is the end."""
    _, alice, bob = _talk(browser)
    log = alice.log("Bob")

    def scrolls_with(text, place):
        # The browser has not yet told the page of the scrolling.
        _as_it_learns(text, "log.scrollTop = " + ("log.scrollHeight" if place == "end" else "0"), log)
        bob.say("Alice", text)

    scrolls_with("on the way up", "beginning")
    expect(alice.button("1 new")).to_be_visible()
    expect(alice.page).to_have_title("(1) Alice")
    expect(log.get_by_text("line 0", exact=True)).to_be_in_viewport()
    assert log.evaluate("e => e.scrollTop") == 0
    scrolls_with("on the way down", "end")
    _newest_in_sight(alice, "Bob", "on the way down")
    expect(alice.page).to_have_title("Alice")
    expect(alice.button(re.compile("new$"))).to_be_hidden()


def two_tabs(browser):
    """What is read in one tab is read in the other; one that is opened later knows what is not."""
    gateway, first, bob = _talk(browser, lines=2)
    first.go("Settings")
    bob.say("Alice", "for later")
    expect(first.page).to_have_title("(1) Alice")
    second = first.another_tab().signed_in()
    expect(second.page).to_have_title("(1) Alice")
    expect(second.contact("Bob")).to_have_accessible_name("Bob, Online, 1 unread message")
    expect(first.page).to_have_title("(1) Alice")
    second.contact("Bob").click()
    expect(second.log("Bob")).to_contain_text("for later")
    for person in (first, second):
        expect(person.page).to_have_title("Alice")
        expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    # News too.
    status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": "mail", "account": "alice@example.com"})
    assert status == 204, answer
    for person in (first, second):
        expect(person.bell).to_have_accessible_name("Notifications: 1 waits")
    first.notifications().get_by_role("button", name=re.compile("^Mark as read: New mail")).click()
    for person in (first, second):
        expect(person.bell).to_have_accessible_name("Notifications")
        expect(person.news.get_by_role("listitem").filter(has_text="New mail")).to_have_count(0)


def one_clock(browser):
    """Times are written as the person's system does, the same way with seconds and without."""
    gateway = browser.gateway()
    session, token = gateway.sign_in("bob@example.com")
    for locale, minutes, seconds in (("en-US", r"\d\d:\d\d [AP]M", r"^\d\d:\d\d:\d\d [AP]M$"),
                                     ("en-GB", r"\d\d:\d\d", r"^\d\d:\d\d:\d\d$")):
        person = browser.person(gateway, locale=locale).signed_in()
        status, _, answer = gateway.call("POST", f"/v1/sessions/{session}/messages", token,
                                         {"to": "alice@example.com", "text": "what time is it?"})
        assert status == 201, answer
        person.contact("Bob").click()
        expect(person.page.get_by_text(re.compile(f"^Last message received at {minutes}\\.$"))).to_be_visible()
        person.go("Developer")
        events = person.page.get_by_role("group", name="Events")
        expect(events.get_by_text(re.compile(seconds)).first).to_be_visible()


def on_the_way(browser):
    """Who goes to another conversation in the very moment in which something comes gets there, and back again."""
    _, alice, bob = _talk(browser, lines=1)
    alice.contact("Echo").click()
    expect(alice.composer("Echo")).to_be_focused()
    # The browser has not yet told the page that it is elsewhere.
    _as_it_learns("back with this", "history.back()", alice.log("Echo"))
    bob.say("Alice", "back with this")
    expect(alice.composer("Bob")).to_be_focused()
    _as_it_learns("there with this", "location.hash = '#/chats/p%3Aecho%40example.com'", alice.log("Bob"))
    bob.say("Alice", "there with this")
    expect(alice.composer("Echo")).to_be_focused()
    bob.say("Alice", "one more")
    expect(alice.page.get_by_role("tab", name="Bob, 1 unread message")).to_be_visible()
    expect(alice.composer("Echo")).to_be_focused()
    alice.page.go_back()
    expect(alice.composer("Bob")).to_be_focused()


checks = [shrinking, zoomed, further_up, as_it_comes, on_the_way, two_tabs, one_clock]
