"""What a person needs who keeps the page open all day: days and times, what arrived, how much waits, keys."""

import datetime

from playwright.sync_api import Error
from site_under_test import AHEAD, expect, re, received

PHONE = {"width": 360, "height": 740}


def _writes(gateway, session, token, *texts, to="alice@example.com"):
    for text in texts:
        status, _, answer = gateway.call("POST", f"/v1/sessions/{session}/messages", token, {"to": to, "text": text})
        assert status == 201, answer


def days_and_times(browser):
    """Days stand between messages, by name while they are near; each message has its time, for the mouse and for the keyboard."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = browser.person(gateway).signed_in()
    _writes(gateway, bob, token, "first", "second", "third")
    alice.contact("Bob").click()
    log = alice.log("Bob")
    expect(log.get_by_text("Today", exact=True).filter(visible=True)).to_have_count(1)
    # The first has it beside the name; the others on demand.
    times = log.get_by_text(re.compile(r"^\d\d:\d\d [AP]M$")).filter(visible=True)
    alice.composer("Bob").hover()
    expect(times).to_have_count(1)
    log.get_by_text("second", exact=True).hover()
    expect(times).to_have_count(2)
    alice.composer("Bob").hover()
    expect(times).to_have_count(1)
    log.focus()
    for text in ("third", "second"):
        alice.page.keyboard.press("ArrowUp")
        expect(alice.page.locator(":focus")).to_contain_text(text)
        expect(times).to_have_count(2)
        assert times.nth(1).bounding_box()["y"] >= log.get_by_text(text, exact=True).bounding_box()["y"] - 4
    alice.page.keyboard.press("Home")
    expect(alice.page.locator(":focus")).to_contain_text("first")
    # A day later by this person's clock.
    here = datetime.timezone(datetime.timedelta(hours=AHEAD))
    tomorrow = datetime.datetime.now(here) + datetime.timedelta(days=1)
    alice.page.clock.set_fixed_time(tomorrow)
    alice.say("Bob", "and good morning")
    expect(log.get_by_text("Yesterday", exact=True).filter(visible=True)).to_have_count(1)
    expect(log.get_by_text("Today", exact=True).filter(visible=True)).to_have_count(1)
    expect(log.locator(".message").filter(has_text="and good morning")).to_contain_text("Today")
    alice.shot("days")
    # And when the day ends while the page is open.
    alice.page.clock.set_fixed_time(tomorrow + datetime.timedelta(days=2))
    _writes(gateway, bob, token, "still there?")
    expect(log).to_contain_text("still there?")
    expect(log.get_by_text("Yesterday", exact=True).filter(visible=True)).to_have_count(0)
    expect(log).to_contain_text(f"{tomorrow:%A, %B} {tomorrow.day}, {tomorrow:%Y}")


def delivered_once(browser):
    """What arrived is said at the last message alone, and what did not at each that did not."""
    gateway = browser.gateway()
    gateway.sign_in("bob@example.com")
    alice = browser.person(gateway).signed_in().tolerate_network_errors()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.contact("Bob").click()
    log = alice.log("Bob")
    for text in ("one", "two"):
        alice.say("Bob", text)
        alice.all_delivered("Bob", text)
    gateway.call("POST", "/v1/sandbox/faults", body={"fault": "nak", "account": "alice@example.com", "count": 1})
    alice.say("Bob", "three")
    expect(log.get_by_text("Not delivered")).to_be_visible()
    alice.say("Bob", "four")
    expect(log.locator(".message.own").last.get_by_text("Delivered", exact=True)).to_be_visible()
    expect(log.get_by_text("Not delivered")).to_be_visible()
    expect(log.get_by_text("Delivered", exact=True).filter(visible=True)).to_have_count(1)


def waiting(browser):
    """How much waits is in the title and in the tab's picture, which is there."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = browser.person(gateway).signed_in()
    alice.button("Decline Dave").click()
    alice.go("Settings")
    icon = alice.page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", "/favicon.svg")
    for number, name in ((1, "1"), (9, "9"), (12, "more")):
        waits = int(re.sub(r"\D", "", alice.page.title()) or 0)
        _writes(gateway, bob, token, *[f"line {n}" for n in range(number - waits)])
        expect(alice.page).to_have_title(f"({number}) Alice")
        expect(icon).to_have_attribute("href", f"/icons/unread-{name}.svg")
        status, headers, _ = gateway.call("GET", f"/icons/unread-{name}.svg")
        assert (status, headers["Content-Type"]) == (200, "image/svg+xml"), (status, headers)
    alice.contact("Bob").click()
    expect(alice.page).to_have_title("Alice")
    expect(icon).to_have_attribute("href", "/favicon.svg")


def keys(browser):
    """Ctrl+K finds a person, Alt and arrows go through the conversations, Esc leaves one, and ? lists them all."""
    gateway = browser.gateway()
    carol, token = gateway.sign_in("carol@example.com")
    person = browser.person(gateway).signed_in()
    page = person.page
    expect(person.contact("Carol")).to_have_accessible_name("Carol, Online")
    person.contact("Bob").click()
    _writes(gateway, carol, token, "hello from carol")
    expect(page.get_by_role("tab", name="Carol, 1 unread message")).to_be_visible()
    page.keyboard.press("Control+k")
    find = page.get_by_role("combobox", name="Name or account")
    expect(find).to_be_focused()
    people = page.get_by_role("listbox", name="People and conversations").get_by_role("option")
    # Who has written comes first.
    expect(people.first).to_contain_text("Carol")
    expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text("Carol")
    find.fill("nobody at all")
    expect(page.get_by_role("dialog")).to_contain_text("Nobody matches “nobody at all”.")
    page.keyboard.press("Enter")
    expect(find).to_be_focused()
    find.fill("ec")
    expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text("Echo")
    person.shot("finder")
    page.keyboard.press("Enter")
    expect(person.composer("Echo")).to_be_focused()
    for key, name in (("ArrowUp", "Carol"), ("ArrowUp", "Bob"), ("ArrowUp", "Echo"), ("ArrowDown", "Bob")):
        page.keyboard.press(f"Alt+{key}")
        expect(person.composer(name)).to_be_focused()
    # In a field it is a character like any other.
    page.keyboard.press("Shift+?")
    expect(person.composer("Bob")).to_have_value("?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox", name="Find a contact")).to_be_focused()
    person.contact("Bob").focus()
    page.keyboard.press("Shift+?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Find a person or a conversation")
    person.shot("keys")
    # What stands in front of the page has the keys.
    page.keyboard.press("Control+k")
    expect(find).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    person.go("Settings")
    page.get_by_label("The key ? shows the list of keys").uncheck()
    person.contact("Bob").focus()
    page.keyboard.press("Shift+?")
    expect(dialog).to_be_hidden()
    person.button("Show the list of keys").click()
    expect(dialog).to_be_visible()


def emoticons(browser):
    """Codes of 2001 are pictures, in no link and in no code; they and emoji can be picked; who wants to sees what was sent."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    for kind, settings in (("wide", {}), ("phone", {"viewport": PHONE, "has_touch": True})):
        alice = browser.person(gateway, **settings).signed_in()
        expect(alice.contact("Bob")).to_have_accessible_name(re.compile("Online"))
        alice.contact("Bob").click()
        said = f"{kind} :-) (l) https://example.com/(L) `f(a) :)` (Y)"
        _writes(gateway, bob, token, said)
        words = alice.log("Bob").locator(".words").filter(has_text=kind)
        expect(words.last).to_have_text(f"{kind} 🙂 ❤️ https://example.com/(L) `f(a) :)` 👍")
        expect(words.last.get_by_title(":-)")).to_have_text("🙂")
        alice.composer("Bob").fill("good")
        alice.button("Emoticons and emoji").click()
        picker = alice.page.get_by_role("dialog", name="Emoticons and emoji")
        alice.shot(f"picker-{kind}")
        picker.get_by_role("button", name="👍 (Y)").click()
        expect(alice.composer("Bob")).to_have_value("good (Y)")
        expect(alice.composer("Bob")).to_be_focused()
        alice.button("Emoticons and emoji").click()
        picker.get_by_role("tab", name="Emoji").click()
        alice.shot(f"emoji-{kind}")
        picker.get_by_role("button", name="🎉").click()
        expect(picker).to_be_hidden()
        alice.composer("Bob").press("Enter")
        expect(alice.log("Bob").locator(".words").last).to_have_text("good 👍🎉")
        # What went out is the code; it is shown before it has gone out.
        alice.all_delivered("Bob", "good")
        events = received(gateway, bob, token, "good (Y)🎉")
        assert events[-1]["data"]["text"] == "good (Y)🎉", events
        # By keyboard too: the arrows go through them, and Esc leads back.
        alice.button("Emoticons and emoji").press("Enter")
        expect(picker.get_by_role("button", name="🙂 :-)")).to_be_focused()
        alice.page.keyboard.press("ArrowRight")
        expect(picker.get_by_role("button", name="😃 :-D")).to_be_focused()
        alice.page.keyboard.press("Escape")
        expect(alice.button("Emoticons and emoji")).to_be_focused()
        alice.go("Settings")
        alice.page.get_by_label("Show emoticons as pictures").uncheck()
        alice.go("Chats")
        if kind == "phone":
            alice.page.get_by_role("link", name=re.compile("^Bob")).click()
        expect(words.last).to_have_text(said)


def phone(browser):
    """On a phone the conversations are a list, with last line, time and what is unread; back goes back, step by step."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    carol, other = gateway.sign_in("carol@example.com")
    person = browser.person(gateway, viewport=PHONE, has_touch=True).signed_in()
    page = person.page
    person.go("Chats")
    expect(page.get_by_text("No conversation is open").filter(visible=True)).to_be_visible()
    _writes(gateway, carol, other, "good morning")
    _writes(gateway, bob, token, "one", "two :-)")
    conversations = page.get_by_role("region", name="Conversations").get_by_role("link")
    expect(conversations.first).to_contain_text("two :-)")
    expect(conversations).to_have_text([re.compile("^Bob.*2 unread messages$"), re.compile("^Carol.*1 unread message$")])
    expect(conversations.first.get_by_text(re.compile(r"^\d\d:\d\d [AP]M$"))).to_be_visible()
    # What is listed is told by no toast besides.
    expect(person.news.get_by_role("listitem").filter(has_text="writes")).to_have_count(0)
    person.shot("conversations-phone")
    conversations.first.click()
    expect(person.log("Bob").get_by_text("one", exact=True)).to_be_in_viewport()
    # The newest is in sight, and the list is not.
    expect(person.log("Bob").locator(".words").last).to_be_in_viewport()
    expect(conversations.first).to_be_hidden()
    expect(page).to_have_title("(2) Alice")
    person.composer("Bob").fill("an answer")
    person.button("Send").click()
    person.all_delivered("Bob", "an answer")
    person.shot("chat-phone")
    person.button("Back").click()
    expect(conversations.first).to_contain_text("You: an answer")
    expect(page).to_have_title("(2) Alice")
    # What comes now is not in front of anybody.
    _writes(gateway, bob, token, "are you there?")
    expect(conversations.first).to_contain_text("1 unread message")
    page.get_by_role("link", name=re.compile("^Carol")).click()
    expect(person.log("Carol")).to_be_visible()
    # The browser's own button does the same.
    page.go_back()
    expect(conversations.first).to_be_visible()
    person.go("Contacts")
    person.contact("Carol").click()
    expect(person.log("Carol")).to_be_visible()
    person.button("Back").click()
    expect(person.contact("Carol")).to_be_visible()
    # Whoever begins in a conversation goes to the list from there.
    page.goto("about:blank")
    page.goto(f"http://127.0.0.1:{gateway.port}/#/chats/p%3Abob%40example.com")
    expect(person.log("Bob")).to_be_visible()
    person.button("Back").click()
    expect(conversations.first).to_be_visible()
    conversations.first.click()
    person.button("Close").click()
    expect(page.get_by_role("link", name=re.compile("^Carol"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Bob"))).to_have_count(0)
    # What few come for is behind a menu.
    expect(page.get_by_role("link", name="Developer")).to_be_hidden()
    person.button("More").click()
    expect(page.get_by_role("menuitem")).to_have_text(["History", "Developer", "Operator"])
    page.get_by_role("menuitem", name="Developer").click()
    expect(page.get_by_role("heading", name="Developer")).to_be_visible()


def heard(browser):
    """Sounds are off until they are wanted, each by itself; they are made by the browser, and nothing is loaded for them."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    person = browser.person(gateway)
    page = person.page
    # Notes that begin, as a person would hear them.
    page.evaluate("""() => {
        window.notes = [];
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (when) { window.notes.push(this.frequency.value); return start.call(this, when); };
    }""")
    person.signed_in().keeps_news()
    page.on("request", lambda request: asked.append(request.url))
    asked = []

    def mail():
        status, _, answer = gateway.call("POST", "/v1/sandbox/faults", body={"fault": "mail", "account": "alice@example.com"})
        assert status == 204, answer

    _writes(gateway, bob, token, "quiet")
    mail()
    expect(person.news.get_by_role("listitem").filter(has_text="New mail")).to_be_visible()
    expect(person.news.get_by_role("listitem").filter(has_text="Bob writes")).to_be_visible()
    assert page.evaluate("window.notes") == []
    person.go("Settings")
    sounds = page.get_by_role("region", name="Sounds")
    sounds.get_by_role("button", name="Listen: Mail comes").click()
    page.wait_for_function("() => window.notes.length === 3")
    sounds.get_by_role("checkbox", name="A message comes").check()
    mail()
    expect(person.bell).to_have_accessible_name("Notifications: 3 wait")
    _writes(gateway, bob, token, "and now?")
    page.wait_for_function("() => window.notes.length === 5")
    person.shot("sounds")
    page.reload()
    expect(sounds.get_by_role("checkbox", name="A message comes")).to_be_checked()
    expect(sounds.get_by_role("checkbox", name="Mail comes")).not_to_be_checked()
    assert not any(url.endswith((".mp3", ".ogg", ".wav")) for url in asked)


def installable(browser):
    """The page can be installed: its manifest and its icons are there, and are what they say."""
    gateway = browser.gateway()
    page = browser.person(gateway).page
    errors = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert errors["errors"] == [], errors
    status, headers, manifest = gateway.call("GET", "/app.webmanifest")
    assert (status, headers["Content-Type"]) == (200, "application/manifest+json"), (status, headers)
    assert errors["url"].endswith("/app.webmanifest"), errors
    for icon in manifest["icons"]:
        status, headers, _ = gateway.call("GET", icon["src"])
        assert (status, headers["Content-Type"]) == (200, icon["type"]), icon
        width = page.evaluate("src => new Promise(done => { const i = new Image(); i.onload = () => done(i.width); i.src = src; })",
                              icon["src"])
        assert width > 0, icon


def _loads_again(person):
    """Reloads the page; again, as people do, where the browser shows a page of its own."""
    failures = []

    def is_loaded():
        try:
            person.page.reload()
            return True
        except Error as failure:
            failures.append(failure.message)
            return False

    try:
        person.until(is_loaded)
    finally:
        if failures:
            print(f"      reloading failed {len(failures)} times: {failures[0]}")


def away_shell(browser):
    """With its gateway away the page still opens, and says that it is away; once the gateway is there again it goes on."""
    gateway = browser.gateway()
    person = browser.resident(gateway).tolerate_network_errors()
    page = person.page
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_function("""async () => {
        const cache = await caches.open("msnp-gateway.shell");
        return await cache.match("/") && await cache.match("/js/main.js") && await cache.match("/css/last.css");
    }""")
    page.evaluate("""async () => {
        const { active } = await navigator.serviceWorker.ready;
        if (active.state === "activated") return;
        await new Promise(done => active.addEventListener("statechange", () => active.state === "activated" && done()));
    }""")
    person.signed_in()
    gateway.process.kill()
    gateway.process.wait()
    _loads_again(person)
    expect(person.connection.get_by_text(re.compile(r"The gateway does not answer, since \d"))).to_be_visible()
    person.shot("away-shell")
    # No call of the API is answered by what was kept, and nothing that came from it is kept.
    kept = page.evaluate("""async () => (await (await caches.open("msnp-gateway.shell")).keys()).map(({ url }) => new URL(url).pathname)""")
    assert kept and not any(path.startswith(("/v1", "/docs")) for path in kept), kept
    browser.another(gateway)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    person.signed_in()


checks = [days_and_times, delivered_once, waiting, keys, emoticons, phone, heard, installable, away_shell]
