"""Takes the README's pictures of the dashboard: pictures.py PATH-OF-MSNP-GATEWAY DIRECTORY

They show more with a font that has emoji (Debian's fonts-noto-color-emoji).
"""

import sys

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


main()
