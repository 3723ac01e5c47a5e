"""The newcomer's script in Firefox, which is another engine: by the roles and names that Firefox itself gives to what it shows."""

import os

import marionette
from site_under_test import re


def in_firefox(browser):
    """Signs in, chats with the robot, accepts a request, blocks and unblocks, and is there in another tab; then signs out."""
    if not marionette.BINARY:
        print("    skipped: there is no firefox-esr, which scripts/setup.sh test installs")
        return
    gateway = browser.gateway()
    firefox = marionette.Firefox()
    try:
        firefox.resize(1180, 800)
        firefox.go(f"http://127.0.0.1:{gateway.port}/")
        firefox.click("button", re.compile("^Use alice"))
        firefox.click("checkbox", "Stay signed in on this device")
        firefox.click("button", "Sign in")
        # The robot is away ten seconds of each minute.
        firefox.click("button", "Echo, Online")
        firefox.write("Message to Echo", "Good morning, robot")
        firefox.click("button", "Send")
        firefox.find("log", "Conversation with Echo")
        # Whoever writes to it as it leaves writes again when it is back.
        while firefox.sees("Delivered", "Send again") == "Send again":
            firefox.find("button", "Echo, Online")
            firefox.click("button", "Send again")
        firefox.sees("Echo says:")
        firefox.click("button", "Accept Dave")
        firefox.find("button", re.compile("^Dave, "))
        if os.environ.get("WEB_SHOTS"):
            firefox.shot(os.path.join(os.environ["WEB_SHOTS"], "firefox.png"))
        firefox.click("button", "Actions for Bob")
        firefox.click("menuitem", "Block")
        firefox.find("button", re.compile("^Bob, .*Blocked"))
        firefox.click("button", "Actions for Bob")
        firefox.click("menuitem", "Unblock")
        firefox.find("button", re.compile("^Bob, (?!.*Blocked)"))
        firefox.click("link", re.compile("^Developer"))
        firefox.find("group", "Events")
        firefox.sees("message.received")
        firefox.new_tab()
        firefox.go(f"http://127.0.0.1:{gateway.port}/")
        firefox.click("button", "Echo, Online")
        firefox.sees("Good morning, robot")
        firefox.click("button", re.compile("^Sign out of alice@example.com"))
        firefox.find("heading", "Sign in")
        firefox.sees("You have signed out.")
        # And on the pages for reading.
        firefox.go(f"http://127.0.0.1:{gateway.port}/docs#sendMessage")
        firefox.sees("curl -X POST")
        assert not firefox.complaints, firefox.complaints
    finally:
        firefox.close()


checks = [in_firefox]
