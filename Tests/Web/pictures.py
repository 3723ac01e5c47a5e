"""Takes the README's pictures of the dashboard: pictures.py PATH-OF-MSNP-GATEWAY DIRECTORY

They show more with a font that has emoji (Debian's fonts-noto-color-emoji).
"""

import sys

from reference import _call as call_of
from site_under_test import Browser, expect, re

NAME = "Bob ☕ (writing)"


def main():
    binary, directory = sys.argv[1:]
    with Browser(binary) as browser, browser.fresh():
        gateway = browser.gateway()
        bob, token = gateway.sign_in("bob@example.com")
        path = f"/v1/sessions/{bob}"
        gateway.call("PATCH", path, token, {"displayName": NAME})
        carol = browser.person(gateway).signed_in("carol@example.com")

        def said(text, **look):
            status, _, answer = gateway.call(
                "POST", path + "/messages", token, {"to": "alice@example.com", "text": text, "format": look})
            assert status == 201, answer

        alice = browser.person(gateway, viewport={"width": 1080, "height": 700}).signed_in()
        # The robot comes once a minute.
        alice.go("Settings")
        alice.page.get_by_label("Tell me when contacts sign in").uncheck()
        alice.go("Chats")
        alice.contact(NAME).click()
        alice.say(NAME, "Hi Bob! Are you coming on Saturday?")
        expect(alice.log(NAME).get_by_text("Delivered", exact=True)).to_be_visible()
        said("Of course 🎉 It is here: https://maps.example.org/?q=harbour", font="Georgia", color="#c2185b", bold=True)
        said("אני אביא עוגה 🍰", rightToLeft=True)
        alice.say(NAME, "Wonderful, see you there.\nI bring the music.")
        alice.all_delivered(NAME, "I bring the music.")
        expect(carol.contact("Alice")).to_have_accessible_name(re.compile("Online"))
        carol.set_status("Away")
        carol.contact("Alice").click()
        carol.say("Alice", "Got a minute?")
        expect(alice.news.get_by_text("Carol writes")).to_be_visible()
        conversation = gateway.call("GET", path + "/conversations", token)[2]["conversations"][0]["id"]
        gateway.call("POST", f"{path}/conversations/{conversation}/typing", token)
        expect(alice.page.get_by_text("is typing a message.")).to_be_visible()
        alice.page.screenshot(path=f"{directory}/conversation.png")

        phone = browser.person(
            gateway, viewport={"width": 360, "height": 640}, device_scale_factor=1.5, color_scheme="dark").signed_in()
        expect(phone.contact(NAME)).to_be_visible()
        phone.page.screenshot(path=f"{directory}/phone.png")
        phone.go("Chats")
        expect(phone.page.get_by_role("link", name=re.compile("^Carol"))).to_contain_text("Got a minute?")
        phone.page.screenshot(path=f"{directory}/conversations.png")
        phone.page.close()

        alice.go("History")
        alice.button("Keep my conversations in this browser").click()
        alice.page.get_by_label("Whole words").fill("saturday")
        expect(alice.page.get_by_role("region", name="Search").get_by_role("link")).to_have_count(1)
        alice.page.screenshot(path=f"{directory}/history.png")
        alice.go("Chats")

        developer = browser.person(gateway, viewport={"width": 1180, "height": 700}).signed_in()
        developer.go("Developer")
        wire = developer.page.get_by_role("group", name="Wire trace")
        expect(wire).to_contain_text("Nothing has been said")
        developer.set_status("Busy")
        said("What does the wire say to that?")
        said("And to that?")
        expect(wire).to_contain_text("CHG")
        expect(wire.get_by_text("MSG")).to_have_count(2)
        alice.button(f"Actions for {NAME}").click()
        alice.page.get_by_role("menuitem", name="Block").click()
        expect(wire).to_contain_text("ADD")
        alice.button(f"Actions for {NAME}").click()
        alice.page.get_by_role("menuitem", name="Unblock").click()
        expect(wire.get_by_text("ADD")).to_have_count(4)
        developer.set_status("Online")
        expect(developer.news.get_by_role("listitem")).to_have_count(0)
        developer.page.screenshot(path=f"{directory}/developer.png")
        accounts(browser, directory)
        reference(browser, directory)


def accounts(browser, directory):
    """Two accounts in one page, one of them on a device that keeps its person signed in."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")

    def said(to, text):
        status, _, answer = gateway.call("POST", f"/v1/sessions/{bob}/messages", token, {"to": to, "text": text})
        assert status == 201, answer

    person = browser.person(gateway, viewport={"width": 1080, "height": 700})
    person.page.get_by_label("Stay signed in on this device").check()
    person.signed_in()
    person.button("Accept Dave").click()
    person.contact("Bob").click()
    person.button("Sign in to one more account").click()
    person.signed_in("carol@example.com")
    person.page.get_by_role("navigation", name="Accounts").get_by_role("button", name=re.compile("^Alice, ")).click()
    said("alice@example.com", "Are you coming to the harbour at noon?")
    expect(person.log("Bob")).to_contain_text("at noon?")
    person.say("Bob", "Yes :-) with Carol, if she has time")
    person.all_delivered("Bob", "if she has time")
    said("alice@example.com", "Good (Y) I'll ask her too")
    said("carol@example.com", "Harbour at noon, with Alice?")
    expect(person.news.get_by_text("Bob writes")).to_be_visible()
    expect(person.contact("Carol")).to_have_accessible_name("Carol, Online")
    # Nobody has just signed in any more.
    expect(person.news.get_by_role("listitem")).to_have_count(1)
    person.page.screenshot(path=f"{directory}/accounts.png")


def reference(browser, directory):
    """A call that was tried, in Python beside its description."""
    gateway = browser.gateway()
    page = browser.person(gateway, viewport={"width": 1280, "height": 760}).page
    page.goto(f"http://127.0.0.1:{gateway.port}/docs")
    page.get_by_role("button", name="Sign in to the sandbox as alice").click()
    expect(page.get_by_text("Calls are made for alice@example.com.")).to_be_visible()
    call = call_of(page, "sendMessage")
    call.get_by_role("button", name="Python", exact=True).click()
    call.get_by_role("button", name="Try it").click()
    call.get_by_label("Body", exact=True).fill('{\n  "to": "echo@example.com",\n  "text": "hi"\n}')
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call).to_contain_text("Answer 201")
    page.goto(f"{page.url.split('#')[0]}#sendMessage")
    expect(page.locator("nav [aria-current=location]")).to_contain_text("Writes to one person")
    page.screenshot(path=f"{directory}/reference.png")


main()
