"""Each view in light and dark, wide and narrow: fit for everybody (axe-core), nothing wider than the page, and to be looked at."""

import json

import news
from axe_playwright_python.sync_playwright import Axe
from site_under_test import Messenger, expect, re

VIEWS = ["Services", "Settings", "Developer"]
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Of those, the ones that look at colours.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """async rules => {
    const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
    return violations.map(({ id, impact, nodes }) => [id, impact, nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))]);
}"""


def _look(person, name, rules=RULES):
    page = person.page
    # It stays until another page is there.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN, rules)
    person.shot(name)
    assert not found, f"{name}: {json.dumps(found, indent=1)}"
    _fits(page, name)


def _fits(page, name):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the page"


def _tour(browser, kind, **settings):
    gateway = browser.gateway()
    bob = Messenger(gateway.sandbox_port, "bob@example.com")
    bob.say("CHG", "BSY")
    person = browser.person(gateway, **settings).tolerate_network_errors()
    page = person.page
    expect(person.button(re.compile("^Use alice"))).to_be_visible()
    _look(person, f"sign-in-{kind}")
    person.sign_in("alice@example.com", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    _look(person, f"refused-{kind}")
    person.signed_in()
    expect(person.contact("Bob")).to_have_accessible_name("Bob, Busy")
    _look(person, f"contacts-{kind}")
    person.button(re.compile("^Your status: ")).click()
    _look(person, f"status-{kind}")
    page.keyboard.press("Escape")
    person.button("Add a contact").click()
    _look(person, f"dialog-{kind}")
    page.keyboard.press("Escape")
    person.contact("Bob").click()
    expect(person.composer("Bob")).to_be_focused()
    _look(person, f"chat-{kind}")
    for view in VIEWS:
        person.go(view)
        expect(page.get_by_role("heading", level=2, name=re.compile(view if view != "Services" else "Mail and services"))).to_be_visible()
        if view == "Services":
            person.button("Where does Net2Phone account lead?").click()
            expect(page.locator("[data-service=n2paccount] dl")).to_be_visible()
        _look(person, f"{view.lower()}-{kind}")
    page.get_by_role("link", name="Error catalogue").click()
    expect(page.locator("#error-217")).to_be_attached()
    _look(person, f"catalogue-{kind}")
    person.go("Operator")
    expect(page.get_by_label("Admin key")).to_be_visible()
    _look(person, f"operator-{kind}")
    person.context.set_offline(True)
    expect(person.connection.get_by_text("The gateway does not answer")).to_be_visible()
    _look(person, f"away-{kind}")
    person.context.set_offline(False)
    bob.leave()


def light(browser):
    """Every view on a wide light page."""
    _tour(browser, "light", color_scheme="light")


def dark(browser):
    """Every view on a wide dark page."""
    _tour(browser, "dark", color_scheme="dark")


def narrow(browser):
    """Every view on a phone, 360 pixels wide, and the pages for reading beside them."""
    gateway = browser.gateway()
    person = browser.person(gateway, viewport={"width": 360, "height": 740}, has_touch=True).signed_in()
    page = person.page
    _look(person, "contacts-narrow")
    person.contact("Carol").click()
    expect(person.composer("Carol")).to_be_visible()
    expect(person.contact("Carol")).to_be_hidden()
    _look(person, "chat-narrow")
    person.button("Back").click()
    expect(person.contact("Carol")).to_be_visible()
    person.go("Chats")
    expect(page.get_by_role("link", name=re.compile("^Carol"))).to_be_visible()
    _look(person, "conversations-narrow")
    person.button("More").click()
    _look(person, "more-narrow")
    page.keyboard.press("Escape")
    for view in [*VIEWS, "Operator"]:
        person.go(view)
        _look(person, f"{view.lower()}-narrow")
    person.go("Contacts")
    person.button("Sign out of alice@example.com").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    _look(person, "sign-in-narrow")
    for path in ("docs", "docs/problems", "curl.html"):
        page.goto(f"http://127.0.0.1:{gateway.port}/{path}")
        _fits(page, path)


def widths(browser):
    """What comes and goes beside a conversation, at each width, light and dark: the bell's list, toasts, what went wrong, the end."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    person = browser.person(gateway, viewport={"width": 1280, "height": 800}).signed_in().keeps_news()
    person.tolerate_network_errors()
    page = person.page
    person.contact("Bob").click()

    def said(text):
        status, _, answer = gateway.call(
            "POST", f"/v1/sessions/{bob}/messages", token, {"to": "alice@example.com", "text": text})
        assert status == 201, answer

    for number in range(30):
        said(f"line {number}")
    person.say("Bob", "an answer")
    expect(person.log("Bob").get_by_text("Delivered", exact=True)).to_be_visible()
    for fault in ("alert", "page", "mail"):
        news.fault(gateway, fault)
    expect(person.news.get_by_role("listitem").filter(has_text="New mail")).to_be_visible()
    person.log("Bob").evaluate("e => { e.scrollTop = 0 }")
    said("further down")
    expect(person.button("1 new")).to_be_visible()
    sizes = [(320, 640), (360, 740), (768, 1024), (900, 700), (1280, 800), (640, 360)]

    def everywhere(name):
        for width, height in sizes:
            person.resize(width, height)
            # In the dark nothing but the colours is another.
            for scheme, rules in (("light", RULES), ("dark", COLOURS)):
                person.wear(scheme)
                _look(person, f"{name}-{width}-{scheme}", rules)
        person.resize(1280, 800)

    everywhere("beside")
    person.notifications()
    everywhere("notifications")
    page.keyboard.press("Escape")
    person.button("Emoticons and emoji").click()
    everywhere("picker")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    everywhere("finder")
    page.keyboard.press("Escape")
    person.go("Services")
    everywhere("services")
    person.go("Operator")
    everywhere("operator")
    person.go("Settings")
    everywhere("settings")
    person.button("Show the list of keys").click()
    everywhere("keys")
    page.keyboard.press("Escape")
    person.go("History")
    everywhere("history-off")
    person.button("Keep my conversations in this browser").click()
    page.get_by_label("Whole words").fill("line")
    expect(page.get_by_role("region", name="Search").get_by_role("link")).to_have_count(30)
    everywhere("history")
    page.get_by_role("region", name="Search").get_by_role("link").nth(12).click()
    expect(person.button("Save as text")).to_be_visible()
    everywhere("transcript")
    person.button("Sign out of alice@example.com").click()
    everywhere("keep-or-forget")
    page.keyboard.press("Escape")
    person.go("Developer")
    everywhere("developer")
    page.get_by_text("Let the sandbox go wrong").click()
    everywhere("faults")
    page.get_by_role("link", name="Calls").click()
    everywhere("calls")
    page.get_by_role("link", name="Error catalogue").click()
    everywhere("catalogue")
    person.resize(320, 640)
    page.goto(page.url.split("#")[0] + "#/chats")
    expect(page.get_by_role("link", name=re.compile("^Bob"))).to_be_visible()
    everywhere("conversations")
    person.go("Developer")
    person.button("Change your name").click()
    page.get_by_label("Your name", exact=True).fill("forbidden")
    person.button("Save").click()
    expect(page.get_by_role("region", name="You").get_by_role("alert")).to_contain_text("does not accept")
    page.goto(page.url.split("#")[0] + "#/contacts")
    everywhere("renaming")
    person.context.set_offline(True)
    expect(person.connection.get_by_role("button", name="Try now")).to_be_visible()
    everywhere("away")
    person.context.set_offline(False)
    expect(person.connection.get_by_role("button", name="Try now")).to_be_hidden()
    Messenger(gateway.sandbox_port, "alice@example.com").leave()
    expect(person.button("Use another account")).to_be_visible()
    everywhere("ended")


def forced_colours(browser):
    """Where the system chooses the colours, what is pressed or chosen differs from what is not."""
    person = browser.person(browser.gateway(), forced_colors="active").signed_in()
    person.contact("Bob").click()
    person.button("Bold").click()
    colours = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    assert person.button("Bold").evaluate(colours) != person.button("Italic").evaluate(colours)
    link = person.page.get_by_role("navigation", name="Parts of the page").get_by_role("link", name="Chats")
    other = person.page.get_by_role("navigation", name="Parts of the page").get_by_role("link", name="Settings")
    assert link.evaluate(colours) != other.evaluate(colours)
    assert person.contact("Bob").evaluate(colours) != person.contact("Carol").evaluate(colours)
    # What stands in it can be read there.
    name = person.contact("Bob").get_by_text("Bob", exact=True)
    assert name.evaluate("e => getComputedStyle(e).color") == person.contact("Bob").evaluate(colours)[1]
    person.shot("forced-colours")


checks = [widths, light, dark, narrow, forced_colours]
