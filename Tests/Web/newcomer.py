"""Somebody who sees the page for the first time, and goes by visible words and roles alone."""

from site_under_test import expect, re


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
    expect(log.get_by_text("Delivered", exact=True)).to_be_visible()
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


checks = [newcomer]
