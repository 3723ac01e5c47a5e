"""Somebody who sees the page for the first time, and goes by visible words and roles alone."""

from site_under_test import expect, re


def _arrives(person, log, delivered, again, robot):
    """What was said to the robot, which is away ten seconds of each minute: it is said again once it is back."""
    expect(log.get_by_text(delivered, exact=True).or_(person.button(again))).to_be_visible()
    while person.button(again).is_visible():
        person.tolerate_network_errors()
        expect(robot).to_be_visible()
        person.button(again).click()
        expect(log.get_by_text(delivered, exact=True).or_(person.button(again))).to_be_visible()


def newcomer(browser):
    """Signs in, chats with the robot, accepts a request, blocks and unblocks, opens the developer view, and signs out."""
    person = browser.person(browser.gateway())
    page = person.page
    page.get_by_role("button", name=re.compile("Use alice")).click()
    page.get_by_role("button", name="Sign in", exact=True).click()
    contacts = page.get_by_role("region", name="Contacts")
    # The robot is away ten seconds of each minute.
    robot = contacts.get_by_role("button", name="Echo, Online")
    expect(robot).to_be_visible()
    robot.click()
    page.get_by_role("textbox", name="Message to Echo").fill("Good morning, robot")
    page.get_by_role("button", name="Send", exact=True).click()
    log = page.get_by_role("log", name="Conversation with Echo")
    _arrives(person, log, "Delivered", "Send again", robot)
    expect(log.get_by_text("Echo says:")).to_be_visible()
    page.get_by_role("button", name="Accept Dave").click()
    expect(contacts.get_by_role("button", name=re.compile("^Dave, "))).to_be_visible()
    bob = contacts.get_by_role("button", name=re.compile("^Bob, "))
    bob.hover()
    page.get_by_role("button", name="Actions for Bob").click()
    page.get_by_role("menuitem", name="Block").click()
    expect(bob).to_have_accessible_name(re.compile("Blocked"))
    page.get_by_role("button", name="Actions for Bob").click()
    page.get_by_role("menuitem", name="Unblock").click()
    expect(bob).not_to_have_accessible_name(re.compile("Blocked"))
    page.get_by_role("link", name="Developer").click()
    expect(page.get_by_role("group", name="Events")).to_contain_text("message.received")
    page.get_by_role("button", name=re.compile("Sign out")).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def neuling(browser):
    """The same in German, where the browser speaks it: wide and on a phone, by visible words and roles."""
    for settings in ({}, {"viewport": {"width": 360, "height": 740}, "has_touch": True}):
        person = browser.person(browser.gateway(), locale="de-DE", **settings)
        page = person.page
        expect(page.locator("html")).to_have_attribute("lang", "de")
        page.get_by_role("button", name=re.compile("alice nehmen")).click()
        page.get_by_role("button", name="Anmelden", exact=True).click()
        contacts = page.get_by_role("region", name="Kontakte")
        robot = contacts.get_by_role("button", name="Echo, Online")
        expect(robot).to_be_visible()
        person.shot(f"german-contacts-{'phone' if settings else 'wide'}")
        robot.click()
        page.get_by_role("textbox", name="Nachricht an Echo").fill("Guten Morgen, Roboter")
        page.get_by_role("button", name="Senden", exact=True).click()
        log = page.get_by_role("log", name="Gespräch mit Echo")
        _arrives(person, log, "Zugestellt", "Noch einmal senden", robot)
        expect(log.get_by_text("Echo sagt:")).to_be_visible()
        expect(log.get_by_text("Heute", exact=True).filter(visible=True)).to_have_count(1)
        expect(page.get_by_text(re.compile(r"^Letzte Nachricht um \d\d:\d\d\.$"))).to_be_visible()
        person.shot(f"german-{'phone' if settings else 'wide'}")
        parts = page.get_by_role("navigation", name="Teile der Seite")
        parts.get_by_role("link", name="Einstellungen").click()
        expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
        person.shot(f"german-settings-{'phone' if settings else 'wide'}")
        if settings:
            parts.get_by_role("link", name=re.compile("^Kontakte")).click()
        page.get_by_role("button", name="Dave annehmen").click()
        expect(contacts.get_by_role("button", name=re.compile("^Dave, "))).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="alice@example.com abmelden").click()
        expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
        expect(page.get_by_role("main").get_by_text("Du hast dich abgemeldet.")).to_be_visible()


checks = [newcomer, neuling]
