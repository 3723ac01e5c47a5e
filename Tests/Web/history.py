"""What a browser keeps of what was said: nothing without a word, all of it with one, for each account, until it is to be forgotten."""

import json

from daily import PHONE, _writes
from site_under_test import expect, re

DATABASES = "async () => (await indexedDB.databases()).map(({ name }) => name)"
# Everything that is in every database, as one text.
CONTENTS = """async () => {
    const said = [];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise(done => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
        for (const store of database.objectStoreNames) {
            said.push(await new Promise(done => {
                const r = database.transaction(store).objectStore(store).getAll();
                r.onsuccess = () => done(JSON.stringify(r.result));
            }));
        }
        database.close();
    }
    return said.join("\\n");
}"""


def _keeps(person):
    person.go("History")
    person.button("Keep my conversations in this browser").click()
    expect(person.page.get_by_role("region", name="Keeping what is said")).to_contain_text("is kept in this browser")
    return person


def _begins_to_sign_out(person):
    button = person.page.get_by_role("button", name=re.compile("^Sign out of "))
    if not button.is_visible():
        person.go("Contacts")
    button.click()


def _signs_out(person, choice):
    _begins_to_sign_out(person)
    dialog = person.page.get_by_role("dialog", name="Sign out")
    dialog.get_by_label(choice).check()
    dialog.get_by_role("button", name="Sign out").click()
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()


def nothing_kept(browser):
    """Without the person's word nothing is kept, and nobody is asked when they sign out."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = browser.person(gateway).signed_in()
    _writes(gateway, bob, token, "only for now")
    alice.contact("Bob").click()
    expect(alice.log("Bob")).to_contain_text("only for now")
    alice.go("History")
    expect(alice.page.get_by_role("main")).to_contain_text("Nothing of what you write and hear is kept when you sign out.")
    expect(alice.page.get_by_role("search")).to_have_count(0)
    alice.button("Sign out of alice@example.com").click()
    expect(alice.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert alice.page.evaluate(DATABASES) == []


def kept_for_one(browser):
    """What was said before is there the next time, wide and on a phone, is another account's business never, and goes when it is to."""
    for settings in ({}, {"viewport": PHONE, "has_touch": True}):
        gateway = browser.gateway()
        bob, token = gateway.sign_in("bob@example.com")
        alice = browser.person(gateway, **settings).signed_in()
        expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
        _writes(gateway, bob, token, "before the word")
        expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online, 1 unread message")
        _keeps(alice)
        alice.go("Contacts" if settings else "Chats")
        alice.contact("Bob").click()
        alice.say("Bob", "an answer of mine")
        alice.all_delivered("Bob", "an answer of mine")
        secret = alice.page.evaluate("JSON.parse(sessionStorage['msnp-gateway.sessions'])[0].token")
        alice.until(lambda: "an answer of mine" in alice.page.evaluate(CONTENTS))
        contents = alice.page.evaluate(CONTENTS)
        assert "before the word" in contents and '"delivered"' in contents, contents
        assert secret not in contents and "mgt_" not in contents and '"password"' not in contents, contents
        _signs_out(alice, "Keep it for the next time")
        # Somebody else at the same browser.
        alice.signed_in("carol@example.com")
        alice.go("History")
        expect(alice.page.get_by_role("main")).to_contain_text("Nothing of what you write and hear is kept")
        _begins_to_sign_out(alice)
        alice.signed_in()
        if settings:
            # On a phone it is in the list of conversations.
            alice.go("Chats")
            conversation = alice.page.get_by_role("link", name=re.compile("^Bob"))
            expect(conversation).to_contain_text("You: an answer of mine")
            conversation.click()
        else:
            alice.contact("Bob").click()
        expect(alice.log("Bob").locator(".words")).to_have_text(["before the word", "an answer of mine"])
        # It is no news.
        expect(alice.page).to_have_title("(1) Alice")
        _writes(gateway, bob, token, "welcome back")
        expect(alice.log("Bob").locator(".words")).to_have_text(["before the word", "an answer of mine", "welcome back"])
        _signs_out(alice, "Forget it")
        assert alice.page.evaluate(DATABASES) == []
        alice.signed_in()
        if settings:
            alice.go("Contacts")
        alice.contact("Bob").click()
        expect(alice.composer("Bob")).to_be_visible()
        expect(alice.log("Bob").locator(".words")).to_have_count(0)


# All that is said is said in one millisecond.
AT_ONCE = """() => {
    const { text } = Response.prototype;
    Response.prototype.text = async function () {
        return (await text.call(this)).replace(/"time":"[^"]*"/g, '"time":"2026-01-01T12:00:00.000Z"');
    };
}"""


def filled_in(browser):
    """What the gateway's journal no longer has is there, page by page, in order and once, with what came while the page was closed."""
    gateway = browser.gateway(environment={"MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS": "40"})
    bob, token = gateway.sign_in("bob@example.com")
    alice = browser.person(gateway)
    alice.page.add_init_script(f"({AT_ONCE})()")
    alice.page.reload()
    alice.signed_in()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    _keeps(alice)
    # The journal's 40 events and three pages of what is kept, the last of them with one message.
    texts = [f"line {number}" for number in range(200)]
    for first in range(0, len(texts), 25):
        _writes(gateway, bob, token, *texts[first:first + 25])
        expect(alice.contact("Bob")).to_have_accessible_name(f"Bob, Online, {first + 25} unread messages")
    alice.until(lambda: texts[-1] in alice.page.evaluate(CONTENTS))
    url = alice.page.url
    alice.page.goto("about:blank")
    _writes(gateway, bob, token, "while you were away")
    alice.page.goto(url)
    alice.contact("Bob").click()
    words = alice.log("Bob").locator(".words")
    expect(words.last).to_have_text("while you were away")
    # Both presses come before any page has, and mean one each.
    alice.button("Show earlier messages").evaluate("button => { button.click(); button.click(); }")
    expect(words).to_have_text([*texts, "while you were away"])
    expect(alice.button("Show earlier messages")).to_be_hidden()
    expect(alice.page.get_by_text("no longer kept by the gateway")).to_be_hidden()
    alice.until(lambda: "while you were away" in alice.page.evaluate(CONTENTS))
    # To be read and found it is in the same order.
    texts.append("while you were away")
    alice.go("History")
    alice.page.get_by_role("main").get_by_role("link", name=re.compile("^Bob")).click()
    transcript = alice.page.get_by_role("region", name="Conversation with Bob").locator(".words")
    expect(transcript).to_have_text(texts[-80:])
    alice.page.get_by_role("main").get_by_role("link", name="History").click()
    alice.page.get_by_label("Whole words").fill("line")
    found = alice.page.get_by_role("region", name="Search").get_by_role("link")
    expect(found).to_have_text([re.compile(f"{text}$") for text in reversed(texts[:-1])])


# What version 1 of the page had kept of the messages of one millisecond, for Alice at the sandbox.
VERSION_1 = """async numbers => {
    const database = await new Promise(resolve => {
        const request = indexedDB.open("msnp-gateway.history sandbox alice@example.com", 1);
        request.onupgradeneeded = () => {
            const messages = request.result.createObjectStore("messages", { keyPath: "id" });
            messages.createIndex("thread", ["thread", "time"]);
            messages.createIndex("time", "time");
            messages.createIndex("words", "words", { multiEntry: true });
            request.result.createObjectStore("threads", { keyPath: "thread" });
        };
        request.onsuccess = () => resolve(request.result);
    });
    const transaction = database.transaction(["messages", "threads"], "readwrite");
    const time = "2026-01-01T12:00:00.000Z", thread = "p:bob@example.com", from = "bob@example.com", displayName = "Bob";
    for (const number of numbers) {
        const text = `line ${number}`;
        const message = { id: `old.m${number}`, thread, own: false, from, displayName, text, time, words: ["line", String(number)] };
        transaction.objectStore("messages").put(message);
    }
    const participants = [{ account: from, displayName }];
    const last = { text: "line", own: false, from, displayName };
    transaction.objectStore("threads").put({ thread, group: false, participants, lastAt: time, last });
    await new Promise(resolve => { transaction.oncomplete = resolve; });
    database.close();
}"""


def kept_before(browser):
    """What an earlier version of the page has kept is still there, in order, and goes on."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = browser.person(gateway)
    numbers = [8, 9, 10, 11, 99, 100, 101]
    alice.page.evaluate(VERSION_1, numbers)
    alice.signed_in()
    alice.contact("Bob").click()
    words = alice.log("Bob").locator(".words")
    texts = [f"line {number}" for number in numbers]
    expect(words).to_have_text(texts)
    _writes(gateway, bob, token, "and on")
    expect(words).to_have_text([*texts, "and on"])
    alice.until(lambda: "and on" in alice.page.evaluate(CONTENTS))
    alice.go("History")
    alice.page.get_by_label("Whole words").fill("line")
    found = alice.page.get_by_role("region", name="Search").get_by_role("link")
    expect(found).to_have_text([re.compile(f"{text}$") for text in reversed(texts)])


def in_two_tabs(browser):
    """What is said in one tab of keeping and of forgetting holds in the other."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    first = browser.person(gateway).signed_in()
    second = first.another_tab().signed_in()
    second.go("History")
    _keeps(first)
    kept = second.page.get_by_role("region", name="Keeping what is said")
    expect(kept).to_contain_text("is kept in this browser")
    first.page.close()
    _writes(gateway, bob, token, "to the one that is left")
    second.until(lambda: "to the one that is left" in second.page.evaluate(CONTENTS))
    third = second.another_tab().signed_in()
    third.go("History")
    third.button("Forget all of it …").click()
    third.button("Forget", exact=True).click()
    expect(kept).to_contain_text("Nothing of what you write and hear is kept")
    assert third.page.evaluate(DATABASES) == []
    # And it can be said anew.
    _keeps(second)
    expect(third.page.get_by_role("region", name="Keeping what is said")).to_contain_text("is kept in this browser")


def without_room(browser):
    """A browser without room says that no more is kept; once there is room again, nothing of what came meanwhile is missing."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = _keeps(browser.person(gateway).signed_in())
    keeping = alice.page.get_by_role("region", name="Keeping what is said")
    alice.page.evaluate("""() => {
        window.put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = () => { throw new DOMException("no room", "QuotaExceededError"); };
    }""")
    _writes(gateway, bob, token, "without room")
    expect(keeping).to_contain_text("This browser has no more room")
    alice.page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    _writes(gateway, bob, token, "with room")
    alice.until(lambda: "with room" in alice.page.evaluate(CONTENTS))
    assert "without room" in alice.page.evaluate(CONTENTS)


def searched(browser):
    """Whole words, who said it and when lead to a message where it was said; a conversation is saved as text and as JSON."""
    gateway = browser.gateway()
    people = {name: gateway.sign_in(f"{name}@example.com") for name in ("bob", "carol")}
    alice = browser.person(gateway).signed_in()
    expect(alice.contact("Carol")).to_have_accessible_name("Carol, Online")
    _keeps(alice)
    _writes(gateway, *people["bob"], "The harbour at noon", *[f"line {number}" for number in range(60)], "harbours are nice")
    _writes(gateway, *people["carol"], "Which HARBOUR, please?")
    alice.go("Chats")
    alice.contact("Carol").click()
    alice.say("Carol", "the old harbour")
    alice.all_delivered("Carol", "the old harbour")
    alice.go("History")
    page = alice.page
    search = page.get_by_role("region", name="Search")
    found = search.get_by_role("link")
    page.get_by_label("Whole words").fill("harbour")
    expect(search.get_by_text("3 messages", exact=True)).to_be_visible()
    expect(found).to_have_text([re.compile("^You.*the old harbour"), re.compile("^Carol.*Which HARBOUR"), re.compile("^Bob.*at noon")])
    alice.shot("history-search")
    page.get_by_label("From", exact=True).select_option("carol@example.com")
    expect(found).to_have_count(1)
    page.get_by_label("From", exact=True).select_option("You")
    expect(found).to_have_text([re.compile("the old harbour")])
    page.get_by_label("From", exact=True).select_option("Anybody")
    page.get_by_label("Whole words").fill("harbour noon")
    expect(found).to_have_count(1)
    page.get_by_label("Up to the day").fill("2001-01-01")
    expect(search.get_by_text("0 messages", exact=True)).to_be_visible()
    page.get_by_label("Up to the day").fill("")
    page.get_by_label("From the day").fill("2001-01-01")
    expect(found).to_have_count(1)
    found.click()
    expect(page.locator(":focus")).to_contain_text("The harbour at noon")
    expect(page.get_by_text("line 20", exact=True)).to_be_attached()
    alice.shot("history-transcript")
    with page.expect_download() as download:
        alice.button("Save as text").click()
    with open(download.value.path(), encoding="utf-8") as file:
        text = file.read()
    assert download.value.suggested_filename == "Bob.txt", download.value.suggested_filename
    assert text.startswith("Bob\n") and "] Bob: The harbour at noon\n" in text and text.count("] Bob: ") == 62, text
    with page.expect_download() as download:
        alice.button("Save as JSON").click()
    with open(download.value.path(), encoding="utf-8") as file:
        kept = json.load(file)
    assert [person["account"] for person in kept["participants"]] == ["bob@example.com"], kept["participants"]
    assert len(kept["messages"]) == 62 and kept["messages"][0]["text"] == "The harbour at noon", kept["messages"][0]
    page.get_by_role("main").get_by_role("link", name="History").click()
    alice.button("Forget all of it …").click()
    alice.button("Forget", exact=True).click()
    expect(alice.button("Keep my conversations in this browser")).to_be_visible()
    assert page.evaluate(DATABASES) == []


checks = [nothing_kept, kept_for_one, filled_in, kept_before, in_two_tabs, without_room, searched]
