"""Conversations: two people and three, typing, delivery, formats, links, unread counts, readers elsewhere, reloads."""

import datetime

from site_under_test import expect, re, received


def _both(browser, **settings):
    gateway = browser.gateway()
    bob = browser.person(gateway, **settings).signed_in("bob@example.com")
    alice = browser.person(gateway, **settings).signed_in("alice@example.com")
    expect(alice.contact("Bob")).to_have_accessible_name(re.compile("Online"))
    return gateway, alice, bob


def two_pages(browser):
    """Two people chat: what one says the other sees, once, with unread counts, typing, and what became of it."""
    _, alice, bob = _both(browser)
    bob.keeps_news().go("Settings")
    alice.contact("Bob").click()
    alice.say("Bob", "Hello Bob")
    expect(alice.log("Bob")).to_contain_text("You say:")
    expect(alice.log("Bob").get_by_text("Delivered", exact=True)).to_be_visible()
    # Bob is elsewhere on his page, and is told.
    expect(bob.news.get_by_text("Alice writes")).to_be_visible()
    expect(bob.page).to_have_title("(1) Bob")
    expect(bob.contact("Alice")).to_have_accessible_name("Alice, Online, 1 unread message")
    bob.contact("Alice").click()
    expect(bob.log("Alice")).to_contain_text("Hello Bob")
    expect(bob.page).to_have_title("Bob")
    expect(bob.contact("Alice")).to_have_accessible_name("Alice, Online")
    # Nobody who types once counts as typing for long; on this page they do until they have said it.
    bob.page.clock.set_fixed_time(datetime.datetime.now())
    alice.composer("Bob").press_sequentially("How are")
    expect(bob.page.get_by_text("Alice is typing a message.")).to_be_visible()
    alice.composer("Bob").fill("How are you?\nI am well.")
    alice.composer("Bob").press("Enter")
    expect(bob.log("Alice")).to_contain_text("How are you?\nI am well.")
    expect(bob.page.get_by_text("Alice is typing a message.")).to_be_hidden()
    bob.say("Alice", "Fine, thanks")
    expect(alice.log("Bob")).to_contain_text("Fine, thanks")
    for person, name, text in [(alice, "Bob", "Hello Bob"), (alice, "Bob", "Fine, thanks"), (bob, "Alice", "Hello Bob")]:
        expect(person.log(name).get_by_text(text, exact=True)).to_have_count(1)


def in_order(browser):
    """What is written faster than it is sent arrives whole and in order."""
    _, alice, bob = _both(browser)
    alice.contact("Bob").click()
    texts = [f"line {number}" for number in range(30)]
    for text in texts:
        alice.say("Bob", text)
    alice.all_delivered("Bob", texts[-1])
    bob.contact("Alice").click()
    for person, name in ((alice, "Bob"), (bob, "Alice")):
        expect(person.log(name).locator(".words")).to_have_text(texts)


def formats_and_links(browser):
    """Looks arrive as sent, too pale a colour is made readable, and only web addresses become links."""
    gateway, alice, bob = _both(browser)
    bob.contact("Alice").click()
    bob.button("Bold").click()
    bob.button("Underline").click()
    bob.page.get_by_label("Font").select_option("Georgia")
    bob.page.get_by_label("Colour").fill("#ffff00")
    bob.say("Alice", "see https://example.com/a?b=c. and javascript:alert(1) and http://example.org, (https://example.com/x_(y)) "
            "and not https://example.com@example.org/")
    alice.contact("Bob").click()
    words = alice.log("Bob").locator(".words").first
    expect(words).to_have_css("font-weight", "700")
    expect(words).to_have_css("text-decoration-line", "underline")
    expect(words).to_have_css("font-family", re.compile("Georgia"))
    red, green, blue = (int(part) for part in re.findall(r"\d+", words.evaluate("e => getComputedStyle(e).color")))
    assert red > 60 and green > 60 and blue < 40 and max(red, green) < 140, "a dark yellow, readable on white"
    links = words.get_by_role("link")
    assert links.evaluate_all("all => all.map(a => [a.getAttribute('href'), a.rel, a.target])") == [
        ["https://example.com/a?b=c", "noopener noreferrer", "_blank"],
        ["http://example.org/", "noopener noreferrer", "_blank"],
        ["https://example.com/x_(y)", "noopener noreferrer", "_blank"],
    ]
    assert gateway
    # What one has said oneself looks as before after a reload.
    bob.page.reload()
    mine = bob.log("Alice").locator(".words").first
    expect(mine).to_have_css("font-weight", "700")
    expect(mine).to_have_css("font-family", re.compile("Georgia"))


def own_look(browser):
    """What is written looks as it will be seen, its colour too; a font that is not there has one that comes close."""
    for scheme in ("light", "dark"):
        person = browser.person(browser.gateway(), color_scheme=scheme).signed_in()
        person.contact("Bob").click()
        before = person.composer("Bob").evaluate("e => getComputedStyle(e).color")
        person.page.get_by_label("Colour").fill("#c02020")
        person.page.get_by_label("Font").select_option("Comic Sans MS")
        person.say("Bob", "how I look")
        said = person.log("Bob").get_by_text("how I look", exact=True)
        expect(said).to_be_visible()
        person.composer("Bob").fill("how I look")
        colours = [place.evaluate("e => getComputedStyle(e).color") for place in (said, person.composer("Bob"))]
        assert colours[0] == colours[1] != before, (colours, before)
        for place in (said, person.composer("Bob")):
            expect(place).to_have_css("font-family", re.compile("Comic Sans MS.*Comic Neue.*cursive"))
        person.page.get_by_label("Font").select_option("Standard")
        # Without a colour it is the page's own, by day and by night.
        field = person.page.get_by_label("Colour")
        field.fill("#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", before)[:3]))
        expect(person.composer("Bob")).to_have_css("color", before)
        person.page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
        expect(person.composer("Bob")).not_to_have_css("color", before)
        after = person.composer("Bob").evaluate("e => getComputedStyle(e).color")
        expect(field).to_have_value("#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", after)[:3]))


def hidden_friend(browser):
    """Somebody who appears offline and is in the conversation can be written to, and nothing says that it can't be done."""
    gateway = browser.gateway()
    session, token = gateway.sign_in("bob@example.com")
    path = f"/v1/sessions/{session}"
    alice = browser.person(gateway).signed_in()
    note = alice.page.get_by_text("Bob is not online, so messages can't be delivered now.")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    alice.say("Bob", "are you there?")
    alice.all_delivered("Bob", "are you there?")
    gateway.call("PUT", path + "/presence", token, {"status": "appearOffline"})
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Offline")
    alice.say("Bob", "still there?")
    alice.all_delivered("Bob", "still there?")
    expect(note).to_be_hidden()
    # Once he has left it is true, as soon as that can be known.
    [conversation] = gateway.call("GET", path + "/conversations", token)[2]["conversations"]
    gateway.call("DELETE", f"{path}/conversations/{conversation['id']}", token)
    alice.tolerate_network_errors().say("Bob", "and now?")
    expect(alice.log("Bob")).to_contain_text("Not delivered: they are not online")
    expect(note).to_be_visible()


def three_people(browser):
    """A third person is invited: a group begins, everybody sees everybody, and what was private stays where it was."""
    gateway, alice, bob = _both(browser)
    carol = browser.person(gateway).signed_in("carol@example.com")
    alice.contact("Bob").click()
    alice.say("Bob", "only for you")
    expect(alice.log("Bob").get_by_text("Delivered", exact=True)).to_be_visible()
    expect(alice.contact("Carol")).to_have_accessible_name(re.compile("Online"))
    alice.tolerate_network_errors()
    alice.button("Invite somebody").click()
    # Somebody who can't come is told where it was asked, and another can be chosen.
    alice.page.get_by_label("Who").select_option("Another account")
    alice.page.get_by_label("Another account").fill("dave@example.com")
    alice.button("Invite").click()
    expect(alice.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("They are not online")
    alice.page.get_by_label("Who").select_option("carol@example.com")
    alice.button("Invite").click()
    group = re.compile("(Bob, Carol|Carol, Bob)")
    expect(alice.page.get_by_role("tab", name=group)).to_have_attribute("aria-selected", "true")
    expect(alice.page.get_by_text("Carol has joined the conversation.")).to_be_visible()
    alice.page.get_by_role("textbox", name=re.compile("Message to")).fill("hello both")
    alice.page.get_by_role("textbox", name=re.compile("Message to")).press("Enter")
    for person, others in ((bob, "(Alice, Carol|Carol, Alice)"), (carol, "(Alice, Bob|Bob, Alice)")):
        person.page.get_by_role("tab", name=re.compile(others)).click()
        expect(person.page.get_by_role("log")).to_contain_text("hello both")
    expect(carol.page.get_by_role("log")).not_to_contain_text("only for you")
    carol.page.get_by_role("textbox", name=re.compile("Message to")).fill("hi, carol here")
    carol.page.get_by_role("textbox", name=re.compile("Message to")).press("Enter")
    for person in (alice, bob):
        expect(person.page.get_by_role("log")).to_contain_text("hi, carol here")
    carol.button("Leave").click()
    expect(alice.page.get_by_text("Carol has left the conversation.")).to_be_visible()
    expect(alice.page.get_by_role("tab", name="Bob (group)")).to_be_visible()
    alice.page.get_by_role("tab", name="Bob", exact=True).click()
    expect(alice.log("Bob")).to_contain_text("only for you")
    expect(alice.log("Bob")).not_to_contain_text("hello both")


def sent_elsewhere(browser):
    """What another reader of the session sends shows too; what is sent here is never doubled by its own event."""
    gateway, alice, bob = _both(browser)
    _, _, same = gateway.call("POST", "/v1/sessions", body={"account": "alice@example.com", "password": "sandbox"})
    path = f"/v1/sessions/{same['session']['id']}"
    alice.contact("Bob").click()
    gateway.call("POST", path + "/messages", same["token"], {"to": "bob@example.com", "text": "from a script", "clientRef": "script-1"})
    alice.say("Bob", "from the page")
    alice.all_delivered("Bob", "from the page")
    for text in ("from a script", "from the page"):
        expect(alice.log("Bob").get_by_text(text, exact=True)).to_have_count(1)
    assert bob


def reloaded(browser):
    """A reload loses and doubles nothing: what was said, what is unread, and what comes next are all there once."""
    _, alice, bob = _both(browser)
    alice.button("Accept Dave").click()
    expect(alice.page).to_have_title("Alice")
    alice.contact("Bob").click()
    bob.contact("Alice").click()
    for number in range(3):
        alice.say("Bob", f"alice {number}")
        expect(bob.log("Alice").get_by_text(f"alice {number}", exact=True)).to_be_visible()
        bob.say("Alice", f"bob {number}")
        expect(alice.log("Bob").get_by_text(f"bob {number}", exact=True)).to_be_visible()
    alice.go("Settings")
    bob.say("Alice", "you have not seen this")
    expect(alice.page).to_have_title("(1) Alice")
    alice.page.reload()
    expect(alice.page).to_have_title("(1) Alice")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online, 1 unread message")
    bob.say("Alice", "nor this")
    expect(alice.page).to_have_title("(2) Alice")
    alice.contact("Bob").click()
    said = alice.log("Bob").locator(".words")
    expect(said).to_have_text([
        "alice 0", "bob 0", "alice 1", "bob 1", "alice 2", "bob 2", "you have not seen this", "nor this"])
    expect(alice.page).to_have_title("Alice")


def nobody_there(browser):
    """A message to somebody who is offline fails in plain words, and can be sent again once they are there."""
    gateway = browser.gateway()
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    alice.contact("Bob").click()
    expect(alice.page.get_by_text("Bob is not online, so messages can't be delivered now.")).to_be_visible()
    alice.say("Bob", "are you there?")
    expect(alice.log("Bob")).to_contain_text("Not delivered: ")
    bob = browser.person(gateway).signed_in("bob@example.com")
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.button("Send again").click()
    expect(alice.log("Bob").get_by_text("Delivered", exact=True)).to_be_visible()
    expect(alice.log("Bob").get_by_text("are you there?", exact=True)).to_have_count(1)
    bob.contact("Alice").click()
    expect(bob.log("Alice").get_by_text("are you there?", exact=True)).to_have_count(1)


def several_at_once(browser):
    """Conversations are tabs: each keeps its draft, the arrows go through them, closing one leaves the others."""
    gateway, alice, bob = _both(browser)
    carol = browser.person(gateway).signed_in("carol@example.com")
    expect(alice.contact("Carol")).to_have_accessible_name(re.compile("Online"))
    alice.contact("Bob").click()
    alice.composer("Bob").fill("a draft for bob")
    alice.contact("Carol").click()
    alice.say("Carol", "hello carol")
    expect(alice.log("Carol").get_by_text("Delivered", exact=True)).to_be_visible()
    alice.page.get_by_role("tab", name="Carol").focus()
    alice.page.keyboard.press("ArrowLeft")
    expect(alice.page.get_by_role("tab", name="Bob")).to_be_focused()
    expect(alice.composer("Bob")).to_have_value("a draft for bob")
    carol.contact("Alice").click()
    carol.say("Alice", "hello alice")
    expect(alice.page.get_by_role("tab", name="Carol, 1 unread message")).to_be_visible()
    alice.button("Close").click()
    expect(alice.page.get_by_role("tab", name="Bob")).to_be_hidden()
    expect(alice.log("Carol")).to_contain_text("hello alice")
    assert bob


def newest_in_sight(browser):
    """A conversation is opened at its newest message, however tall those before it are."""
    _, alice, bob = _both(browser)
    assert bob
    alice.contact("Bob").click()
    for text in ["long " * 120] * 6 + [f"short {number}" for number in range(4)]:
        alice.say("Bob", text)
    alice.all_delivered("Bob", "short 3")
    newest = alice.log("Bob").get_by_text("short 3", exact=True)
    expect(newest).to_be_in_viewport()
    alice.go("Services")
    alice.go("Chats")
    expect(newest).to_be_in_viewport()
    alice.page.reload()
    expect(newest).to_be_in_viewport()
    # Whoever reads further up stays there.
    alice.log("Bob").evaluate("e => { e.scrollTop = 0 }")
    bob.contact("Alice").click()
    bob.say("Alice", "an answer")
    expect(alice.log("Bob")).to_contain_text("an answer")
    expect(alice.log("Bob").get_by_text("an answer")).not_to_be_in_viewport()


def renamed(browser):
    """A group goes by the names that people have now; whose name can't be seen goes by the account."""
    gateway = browser.gateway()
    alice = browser.person(gateway).signed_in()
    session, token = gateway.sign_in("bob@example.com")
    gateway.sign_in("carol@example.com")
    path = f"/v1/sessions/{session}"
    status, _, answer = gateway.call(
        "POST", path + "/conversations", token, {"participants": ["alice@example.com", "carol@example.com"]})
    assert status == 201, answer
    status, _, answer = gateway.call("POST", f"{path}/conversations/{answer['id']}/messages", token, {"text": "hello you two"})
    assert status == 201, answer
    alice.page.get_by_role("tab", name=re.compile("Carol")).click()
    expect(alice.log("Bob, Carol").or_(alice.log("Carol, Bob"))).to_be_visible()
    for name, shown in (("Robert", "Robert"), ("\u200b\u200b", "bob@example.com")):
        status, _, answer = gateway.call("PATCH", path, token, {"displayName": name})
        assert status == 200, answer
        expect(alice.contact(shown)).to_be_visible()
        expect(alice.page.get_by_role("heading", name=re.compile(re.escape(shown)))).to_be_visible()
        expect(alice.log(f"{shown}, Carol").or_(alice.log(f"Carol, {shown}"))).to_be_visible()


def stays_private(browser):
    """A reload leaves people in the conversation that they were in, and not in the group that it once became."""
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    session, token = gateway.sign_in("alice@example.com")
    gateway.sign_in("carol@example.com")
    path = f"/v1/sessions/{session}"
    status, _, answer = gateway.call("POST", path + "/messages", token, {"to": "bob@example.com", "text": "between us"})
    assert status == 201, answer
    conversation = f"{path}/conversations/{answer['message']['conversationId']}"
    status, _, answer = gateway.call("POST", conversation + "/participants", token, {"account": "carol@example.com"})
    assert status == 201, answer
    expect(bob.page.get_by_role("tab", name=re.compile("Carol"))).to_be_visible()
    bob.contact("Alice").click()
    expect(bob.composer("Alice")).to_have_accessible_name("Message to Alice")
    bob.page.reload()
    expect(bob.page.get_by_role("tab", name=re.compile("Carol"))).to_be_visible()
    expect(bob.page.get_by_role("textbox", name=re.compile("^Message to"))).to_have_accessible_name("Message to Alice")


def not_led_away(browser):
    """Whom others bring in shows as a group of its own; who is in the middle of a word stays where the word is going."""
    gateway = browser.gateway()
    bob = browser.person(gateway).signed_in("bob@example.com")
    session, token = gateway.sign_in("alice@example.com")
    gateway.sign_in("carol@example.com")
    path = f"/v1/sessions/{session}"
    status, _, answer = gateway.call("POST", path + "/messages", token, {"to": "bob@example.com", "text": "between us"})
    assert status == 201, answer
    conversation = f"{path}/conversations/{answer['message']['conversationId']}"
    bob.contact("Alice").click()
    bob.composer("Alice").press_sequentially("only for")
    status, _, answer = gateway.call("POST", conversation + "/participants", token, {"account": "carol@example.com"})
    assert status == 201, answer
    expect(bob.page.get_by_role("tab", name=re.compile("Carol"))).to_be_visible()
    expect(bob.page.get_by_role("tab", name="Alice", exact=True)).to_have_attribute("aria-selected", "true")
    expect(bob.composer("Alice")).to_be_focused()
    bob.page.keyboard.type(" you")
    expect(bob.composer("Alice")).to_have_value("only for you")
    bob.composer("Alice").press("Enter")
    expect(bob.log("Alice").get_by_text("Delivered", exact=True)).to_be_visible()
    [event] = received(gateway, session, token, "only for you")
    _, _, listed = gateway.call("GET", path + "/conversations", token)
    [place] = [one for one in listed["conversations"] if one["id"] == event["data"]["conversationId"]]
    assert not place["group"], place


def empty_group(browser):
    """Whoever writes into a group that everybody has left writes to who left last, as it says, and finds it with them."""
    gateway = browser.gateway()
    alice = browser.person(gateway).signed_in()
    others = [gateway.sign_in(f"{name}@example.com") for name in ("bob", "carol")]
    alice.contact("Bob").click()
    alice.button("Invite somebody").click()
    alice.page.get_by_label("Who").select_option("carol@example.com")
    alice.button("Invite").click()
    group = re.compile("(Bob, Carol|Carol, Bob)")
    expect(alice.page.get_by_role("tab", name=group)).to_have_attribute("aria-selected", "true")
    for session, token in others:
        path = f"/v1/sessions/{session}/conversations"
        _, _, listed = gateway.call("GET", path, token)
        for conversation in listed["conversations"]:
            gateway.call("DELETE", f"{path}/{conversation['id']}", token)
    expect(alice.page.get_by_text("The conversation has ended.")).to_be_visible()
    alice.say("Carol (group)", "come back")
    expect(alice.composer("Carol")).to_be_visible()
    expect(alice.log("Carol").get_by_text("Delivered", exact=True)).to_be_visible()
    expect(alice.log("Carol").get_by_text("come back", exact=True)).to_have_count(1)
    bob, carol = others
    events = received(gateway, *carol, "come back")
    assert len(events) == 1, events
    _, _, page = gateway.call("GET", f"/v1/sessions/{bob[0]}/events?after=oldest&types=message.received&wait=0", bob[1])
    assert page["events"] == [], page
    alice.page.get_by_role("tab", name="Carol (group)").click()
    expect(alice.page.get_by_role("log")).not_to_contain_text("come back")


checks = [
    two_pages, in_order, formats_and_links, own_look, hidden_friend, three_people, sent_elsewhere, reloaded, nobody_there, several_at_once,
    newest_in_sight, renamed, stays_private, not_led_away, empty_group,
]
