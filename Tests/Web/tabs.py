"""Several tabs of one browser are one messenger: one of them polls, and what is said or done in one is so in all."""

from site_under_test import expect, re


class _Polls:
    """Notes in which tab a poll that waits was begun."""

    def __init__(self, **people):
        self.begun = []
        for name, person in people.items():
            person.page.on("request", lambda request, name=name: self._note(name, request.url))

    def _note(self, name, url):
        if "/events?" in url and re.search(r"[?&]wait=[1-9]", url):
            self.begun.append(name)

    def since(self, number):
        return set(self.begun[number:])


def _two(browser, has_clock=False):
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    first = browser.person(gateway)
    if has_clock:
        # One for all tabs; what was begun before it has a time of its own.
        first.page.clock.install()
        first.page.reload()
    first.signed_in()
    first.button("Decline Dave").click()
    expect(first.contact("Bob")).to_have_accessible_name("Bob, Online")
    second = first.another_tab().signed_in()
    first.contact("Bob").click()
    second.contact("Bob").click()

    def says(text):
        status, _, answer = gateway.call(
            "POST", f"/v1/sessions/{bob}/messages", token, {"to": "alice@example.com", "text": text})
        assert status == 201, answer

    says("hello")
    for person in (first, second):
        expect(person.log("Bob").locator(".words")).to_have_text(["hello"])
    return gateway, first, second, says


def one_poll(browser):
    """One tab polls for both; when it is closed the other goes on, and nothing is missing or there twice."""
    _, first, second, says = _two(browser)
    polls = _Polls(first=first, second=second)
    for text in ("one", "two", "three"):
        says(text)
        for person in (first, second):
            expect(person.log("Bob")).to_contain_text(text)
    first.say("Bob", "from the first")
    expect(second.log("Bob")).to_contain_text("from the first")
    second.say("Bob", "from the second")
    expect(first.log("Bob")).to_contain_text("from the second")
    second.all_delivered("Bob", "from the second")
    assert set(polls.begun) == {"first"}, polls.begun
    number = len(polls.begun)
    first.page.close()
    says("to the one that is left")
    words = ["hello", "one", "two", "three", "from the first", "from the second", "to the one that is left"]
    expect(second.log("Bob").locator(".words")).to_have_text(words)
    second.until(lambda: polls.since(number) == {"second"})
    third = second.another_tab().signed_in()
    third.contact("Bob").click()
    says("to both")
    for person in (second, third):
        expect(person.log("Bob").locator(".words")).to_have_text([*words, "to both"])


def frozen(browser):
    """A browser that freezes the tab that polls takes nothing from the other; thawed, it has everything, once."""
    _, first, second, says = _two(browser)
    devtools = first.context.new_cdp_session(first.page)
    second.page.bring_to_front()
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    for text in ("while it is frozen", "and more"):
        says(text)
        expect(second.log("Bob")).to_contain_text(text)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    first.page.bring_to_front()
    says("and after it")
    for person in (first, second):
        expect(person.log("Bob").locator(".words")).to_have_text(["hello", "while it is frozen", "and more", "and after it"])


def silent(browser):
    """A tab that polls and says nothing any more, without being closed, is polled for by another."""
    _, first, second, says = _two(browser, has_clock=True)
    # From here on the first hears and tells nothing.
    first.page.evaluate("() => { window.post = BroadcastChannel.prototype.postMessage; BroadcastChannel.prototype.postMessage = () => {}; }")
    polls = _Polls(second=second)
    says("unheard")
    expect(first.log("Bob")).to_contain_text("unheard")
    second.page.clock.run_for(95_000)
    second.until(lambda: "second" in polls.begun)
    expect(second.log("Bob")).to_contain_text("unheard")
    first.page.evaluate("() => { BroadcastChannel.prototype.postMessage = window.post; }")
    says("heard again")
    for person in (first, second):
        expect(person.log("Bob").locator(".words")).to_have_text(["hello", "unheard", "heard again"])


def one_set_of_drafts(browser):
    """What is begun in one tab can be gone on with in the other, and is gone from both once it is sent."""
    _, first, second, _ = _two(browser)
    first.composer("Bob").fill("begun here")
    expect(second.composer("Bob")).to_have_value("begun here")
    second.composer("Bob").press_sequentially(", ended there")
    expect(first.composer("Bob")).to_have_value("begun here, ended there")
    third = first.another_tab().signed_in()
    third.contact("Bob").click()
    expect(third.composer("Bob")).to_have_value("begun here, ended there")
    second.composer("Bob").press("Enter")
    for person in (first, second, third):
        expect(person.composer("Bob")).to_have_value("")
        expect(person.log("Bob").get_by_text("begun here, ended there", exact=True)).to_have_count(1)


def one_outage(browser):
    """Tabs agree on whether the gateway is there; whoever waits can try at once in each of them."""
    _, first, second, says = _two(browser, has_clock=True)
    for person in (first, second):
        person.tolerate_network_errors()
    first.context.set_offline(True)
    away = "The gateway does not answer"
    for person in (first, second):
        expect(person.connection.get_by_text(away)).to_be_visible()
    second.stop_time()
    second.say("Bob", "written meanwhile")
    says("said meanwhile")
    first.context.set_offline(False)

    def is_over():
        return all(not person.connection.get_by_text(away).is_visible()
                   and all(person.log("Bob").get_by_text(f"{verb} meanwhile", exact=True).count() for verb in ("written", "said"))
                   for person in (first, second))

    # The browser has both tabs back when it likes, and what one has tried before that says that it is away once more.
    second.press_until(second.connection.get_by_role("button", name="Try now"), is_over)
    for person in (first, second):
        expect(person.log("Bob").get_by_text("written meanwhile", exact=True)).to_have_count(1)
        expect(person.log("Bob").get_by_text("said meanwhile", exact=True)).to_have_count(1)


def signed_out_of_all(browser):
    """Signing out in one tab is signing out in all of them, and nobody is left in any."""
    gateway, first, second, _ = _two(browser)
    second.composer("Bob").fill("nobody else's business")
    second.button("Sign out of alice@example.com").click()
    for person in (second, first):
        expect(person.page.get_by_role("main").get_by_text("You have signed out.")).to_be_visible()
        assert person.page.evaluate("sessionStorage.length") == 0
        person.page.reload()
        expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert gateway.call("GET", "/v1")[0] == 200


checks = [one_poll, frozen, silent, one_set_of_drafts, one_outage, signed_out_of_all]
