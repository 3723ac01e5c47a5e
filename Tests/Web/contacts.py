"""Contacts: presence both ways, requests, adding, blocking, removing, the own name, settings."""

from site_under_test import Messenger, expect, re


def presence(browser):
    """What bob does on plain MSNP shows on the page, and what is done on the page reaches him."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in().keeps_news()
    expect(person.button("Not online (2)")).to_be_visible()
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    expect(person.news.get_by_text("Bob has just signed in.")).to_be_visible()
    statuses = [
        ("BSY", "Busy"), ("IDL", "Idle"), ("BRB", "Be right back"), ("AWY", "Away"), ("PHN", "On the phone"),
        ("LUN", "Out to lunch"), ("HDN", "Offline"), ("NLN", "Online"),
    ]
    for code, word in statuses:
        bob.say("CHG", code)
        expect(person.contact("Bob")).to_have_accessible_name(f"Bob, {word}")
    for code, word in [*statuses[:6], ("NLN", "Online")]:
        person.set_status(word)
        bob.wait(lambda words: words[:3] == ["NLN", code, "alice@example.com"])
    person.set_status("Appear offline")
    bob.wait(lambda words: words[:2] == ["FLN", "alice@example.com"])
    bob.leave()
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Offline")


def request(browser):
    """A request is a visible prompt; accepting it lets dave in and adds him."""
    gateway = browser.gateway()
    dave = Messenger(gateway.sandbox_port, "dave@example.com")
    person = browser.person(gateway).signed_in()
    prompt = person.page.get_by_role("region", name="Requests")
    expect(prompt).to_contain_text("Dave")
    expect(prompt.get_by_label("Add Dave to my contacts too")).to_be_checked()
    prompt.get_by_role("button", name="Accept Dave").click()
    expect(prompt).to_be_hidden()
    dave.wait(lambda words: words[0] in ("NLN", "ILN") and "alice@example.com" in words)
    expect(person.contact("Dave")).to_have_accessible_name("Dave, Online")
    # The focus has gone where it makes sense.
    expect(person.page.get_by_role("searchbox", name="Find a contact")).to_be_focused()


def declining(browser):
    """Declining a request blocks, and says so where the person can be found."""
    person = browser.person(browser.gateway()).signed_in()
    person.button("Decline Dave").click()
    expect(person.page.get_by_role("region", name="Requests")).to_be_hidden()
    person.button("Not in your contacts (1)").click()
    expect(person.contact("Dave")).to_have_accessible_name("Dave, Offline · Blocked")


def editing(browser):
    """Add, block, unblock, remove; somebody unknown is told in plain words, with the code one click away."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in("erin@example.com").tolerate_network_errors()
    expect(person.page.get_by_text("Nobody here yet.")).to_be_visible()
    person.button("Add a contact").click()
    person.page.get_by_role("dialog").get_by_label("Account").fill("echo@example.com")
    person.button("Add").click()
    # The robot is away ten seconds of each minute, and goes by its account until it is seen.
    name = "Echo"
    expect(person.contact(name)).to_be_visible()
    person.contact_menu(name, "Block")
    expect(person.contact(name)).to_have_accessible_name(re.compile("Blocked"))
    person.contact_menu(name, "Unblock")
    expect(person.contact(name)).not_to_have_accessible_name(re.compile("Blocked"))
    person.contact_menu(name, "Remove from contacts")
    person.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(person.button(re.compile("Not in your contacts"))).to_be_visible()
    person.button("Add a contact").click()
    account = person.page.get_by_role("dialog").get_by_label("Account")
    account.fill("nobody@example.com")
    person.button("Add").click()
    # What was mistyped is there to be mended.
    problem = person.page.get_by_role("dialog").get_by_role("alert")
    expect(problem).to_contain_text("The server knows nobody of that account.")
    expect(account).to_be_focused()
    expect(account).to_have_value("nobody@example.com")
    account.fill("bob@example.com")
    account.press("Enter")
    expect(person.contact("bob@example.com")).to_be_visible()
    expect(person.page.get_by_role("dialog")).to_be_hidden()
    person.button("Add a contact").click()
    account.fill("nobody@example.com")
    person.button("Add").click()
    problem.get_by_role("link", name=re.compile("MSN error 20")).click()
    expect(person.page.get_by_role("region", name="Error catalogue")).to_be_visible()
    expect(person.page.get_by_role("dialog")).to_be_hidden()


def oneself(browser):
    """Nobody can add themselves, nor invite themselves: it is said at the field, before anybody is asked."""
    person = browser.person(browser.gateway()).signed_in()
    asked = []
    person.page.on("request", lambda request: asked.append(request.url) if request.method in ("PUT", "POST") else None)
    person.button("Add a contact").click()
    account = person.page.get_by_role("dialog").get_by_label("Account")
    account.fill(" Alice@Example.com ")
    person.button("Add").click()
    assert account.evaluate("e => e.validationMessage") == "That is your own account."
    expect(person.page.get_by_role("dialog")).to_be_visible()
    person.page.keyboard.press("Escape")
    person.contact("Bob").click()
    person.button("Invite somebody").click()
    person.page.get_by_label("Who").select_option("Another account")
    other = person.page.get_by_label("Another account")
    other.fill("alice@example.com")
    person.button("Invite").click()
    assert other.evaluate("e => e.validationMessage") == "That is your own account."
    assert not asked, asked


def open_chats(browser):
    """The contact whose conversation is shown is marked, for the eye and for the ear, and no other one."""
    person = browser.person(browser.gateway()).signed_in()
    person.contact("Bob").click()
    expect(person.contact("Bob")).to_have_attribute("aria-current", "true")
    person.contact("Carol").click()
    expect(person.contact("Carol")).to_have_attribute("aria-current", "true")
    expect(person.contact("Bob")).not_to_have_attribute("aria-current", "true")
    plain = person.contact("Bob").evaluate("e => getComputedStyle(e.parentElement).backgroundColor")
    chosen = person.contact("Carol").evaluate("e => getComputedStyle(e.parentElement).backgroundColor")
    assert plain != chosen
    person.button("Close").click()
    person.button("Close").click()
    expect(person.page.get_by_role("heading", name="No conversation is open")).to_be_visible()
    expect(person.page.get_by_role("region", name="Contacts").locator("[aria-current]")).to_have_count(0)


def gone(browser):
    """Who is told to be no contact any more is gone, whatever else is told of them."""
    for told in ({"lists": ["forward", "allow"], "status": "online", "blocked": False, "pending": False},
                 {"lists": [], "status": "offline", "blocked": False, "pending": False}, {}):
        person = browser.person(browser.gateway()).signed_in()
        expect(person.contact("Bob")).to_be_visible()
        event = {"id": "x.1000", "seq": 1000, "type": "contact.removed", "time": "2026-01-01T00:00:00.000Z", "sessionId": "s",
                 "data": {"contact": {"account": "bob@example.com", "displayName": "Bob", **told}}}

        def answer(route):
            # Each time: one that was under way when the page began to doubt the network is lost.
            after = dict(part.split("=") for part in route.request.url.split("?")[1].split("&"))["after"]
            return route.fulfill(json={"events": [event], "next": after, "more": False})

        # Of the polls that wait: what is read of the time before is no news of the lists.
        person.page.route(re.compile(r"/events\?(.*&)?wait=[1-9]"), answer)
        # Ends the poll that waits.
        person.page.evaluate("window.dispatchEvent(new Event('offline'))")
        expect(person.contact("Bob")).to_have_count(0)
        expect(person.button(re.compile("Not in your contacts"))).to_have_count(0)
        person.page.unroute_all(behavior="ignoreErrors")


def renaming(browser):
    """The own name changes for everybody; one that the server refuses is told, and the old one stays."""
    gateway = browser.gateway()
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    person = browser.person(gateway).signed_in().tolerate_network_errors()
    person.button("Change your name").click()
    person.page.get_by_label("Your name", exact=True).fill("Zoë ☕ 100%")
    person.button("Save").click()
    bob.wait(lambda words: words[0] == "NLN" and words[3].startswith("Zo%C3%AB"))
    expect(person.page.get_by_role("region", name="You")).to_contain_text("Zoë ☕ 100%")
    person.button("Change your name").click()
    person.page.get_by_label("Your name", exact=True).fill("forbidden")
    person.button("Save").click()
    # It is said where it was written, and what was written is there to be mended.
    name = person.page.get_by_label("Your name", exact=True)
    problem = person.page.get_by_role("region", name="You").get_by_role("alert")
    expect(problem).to_contain_text("does not accept that name")
    expect(name).to_be_focused()
    expect(name).to_have_value("forbidden")
    expect(name).to_have_accessible_description(re.compile("does not accept that name"))
    field, words = name.bounding_box(), problem.bounding_box()
    assert 0 <= words["y"] - (field["y"] + field["height"]) < 60, (field, words)
    expect(person.news.get_by_role("listitem")).to_have_count(0)
    name.fill("Zoe")
    person.button("Save").click()
    expect(person.page.get_by_role("region", name="You")).to_contain_text("Zoe")


def keyboard(browser):
    """The list is one stop of Tab, the arrows go through it, the menu opens and gives the focus back, through renderings."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    page = person.page
    person.contact("Carol").focus()
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Online")
    expect(person.contact("Carol")).to_be_focused()
    carol = Messenger(gateway.sandbox_port, "carol@example.com")
    # Her row is another one now, in another group; the focus went along.
    expect(person.contact("Carol")).to_have_accessible_name("Carol, Online")
    expect(person.contact("Carol")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(person.contact("Bob")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(person.button("Actions for Bob")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Send a message")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Show details")).to_be_focused()
    page.keyboard.press("Escape")
    expect(person.button("Actions for Bob")).to_be_focused()
    assert page.locator(".contact [tabindex='0']").count() == 2, "one row takes part in the order of Tab"
    bob.leave()
    carol.leave()


def searching(browser):
    """The search finds by name and account, and says when nobody matches."""
    person = browser.person(browser.gateway()).signed_in()
    search = person.page.get_by_role("searchbox", name="Find a contact")
    search.fill("car")
    expect(person.contact("Carol")).to_be_visible()
    expect(person.contact("Bob")).to_be_hidden()
    search.fill("nobody at all")
    expect(person.page.get_by_text("Nobody matches “nobody at all”.")).to_be_visible()
    search.fill("")
    expect(person.contact("Bob")).to_be_visible()


def settings(browser):
    """Privacy and phone numbers are what the server has, changed here or elsewhere."""
    gateway = browser.gateway()
    person = browser.person(gateway).signed_in()
    person.go("Settings")
    block = person.page.get_by_label("may not see me or write to me")
    block.check()
    person.page.get_by_label("Home").fill("555-0100")
    person.button("Save").click()
    expect(person.page.get_by_text("Saved.")).to_have_count(2)
    _, _, same = gateway.call("POST", "/v1/sessions", body={"account": "alice@example.com", "password": "sandbox"})
    session, token = same["session"]["id"], same["token"]
    path = f"/v1/sessions/{session}"
    assert gateway.call("GET", path + "/phones", token)[2]["home"] == "555-0100"
    assert gateway.call("GET", path + "/privacy", token)[2]["unknownContacts"] == "block"
    gateway.call("PUT", path + "/privacy", token, {"unknownContacts": "allow", "promptOnAdd": False})
    expect(person.page.get_by_label("may see me and write to me")).to_be_checked()
    expect(person.page.get_by_label("Ask me when somebody adds me")).not_to_be_checked()
    gateway.call("PATCH", path + "/phones", token, {"home": None})
    expect(person.page.get_by_label("Home")).to_have_value("")


checks = [presence, request, declining, editing, oneself, open_chats, gone, renaming, keyboard, searching, settings]
