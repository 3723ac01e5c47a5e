"""Each view in light and dark, wide and narrow: fit for everybody (axe-core), nothing wider than the page, and to be looked at."""

import json

from axe_playwright_python.sync_playwright import Axe
from site_under_test import Messenger, expect, re

VIEWS = ["Services", "Settings", "Developer"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


def _look(person, name):
    page = person.page
    found = [
        (violation["id"], violation["impact"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in Axe().run(page, options=RULES).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
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
    page.get_by_role("link", name="Back to the contacts").click()
    expect(person.contact("Carol")).to_be_visible()
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


checks = [light, dark, narrow]
