"""A day with the page, by visible words and roles alone: all that a person who keeps it open does, wide and on a phone."""

from site_under_test import expect, re

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


class _Day:
    """What the daily user sees and does, on whichever page."""

    def __init__(self, browser, settings):
        self.is_phone = bool(settings)
        self.gateway = browser.gateway()
        self.bob, self.token = self.gateway.sign_in("bob@example.com")
        self.person = browser.person(self.gateway, **settings)
        self.page = self.person.page

    def hears(self, text):
        status, _, answer = self.gateway.call("POST", f"/v1/sessions/{self.bob}/messages", self.token,
                                              {"to": "alice@example.com", "text": text})
        assert status == 201, answer

    def has_fault(self, name):
        status, _, answer = self.gateway.call("POST", "/v1/sandbox/faults", body={"fault": name, "account": "alice@example.com"})
        assert status == 204, answer

    def morning(self):
        """Signs in to stay, answers who has asked, has what is said kept, and chooses what may be heard."""
        self.page.get_by_label("Stay signed in on this device").check()
        self.person.signed_in()
        self.person.button("Accept Dave").click()
        expect(self.person.contact("Dave")).to_be_visible()
        self.person.set_status("Busy")
        self.person.go("History")
        self.person.button("Keep my conversations in this browser").click()
        self.person.go("Settings")
        self.page.get_by_role("region", name="Sounds").get_by_role("checkbox", name="Mail comes").check()
        self.page.get_by_label("Keep news in sight until I dismiss them").check()

    def talks(self):
        """Is told of a message, goes there, answers with an emoticon, and reads when it was."""
        self.hears("Good morning :-)")
        expect(self.page).to_have_title("(1) Alice")
        expect(self.page.locator("link[rel=icon]")).to_have_attribute("href", "/icons/unread-1.svg")
        self.person.news.get_by_role("button", name="Read", exact=True).click()
        log = self.person.log("Bob")
        expect(log).to_contain_text("Good morning 🙂")
        expect(log.get_by_text("Today", exact=True).filter(visible=True)).to_have_count(1)
        self.person.button("Emoticons and emoji").click()
        self.page.get_by_role("dialog", name="Emoticons and emoji").get_by_role("button", name="👍 (Y)").click()
        self.person.button("Send").click()
        self.person.all_delivered("Bob", "👍")
        expect(self.page).to_have_title("Alice")
        self.person.composer("Bob").fill("for after lunch")

    def reads_news(self):
        """Finds mail and an alert behind the bell, and marks them as read."""
        for fault in ("mail", "alert"):
            self.has_fault(fault)
        expect(self.person.bell).to_have_accessible_name("Notifications: 2 wait")
        panel = self.person.notifications()
        expect(panel).to_contain_text("New mail from José")
        panel.get_by_role("button", name="Mark all as read").click()
        expect(panel).to_contain_text("Nothing waits to be read.")
        self.page.keyboard.press("Escape")
        expect(self.person.bell).to_have_accessible_name("Notifications")

    def uses_keys(self):
        """Finds a person by Ctrl+K, goes back by Alt and an arrow, out by Esc, and asks for the list of keys."""
        self.page.keyboard.press("Control+k")
        self.page.get_by_role("combobox", name="Name or account").fill("car")
        self.page.keyboard.press("Enter")
        expect(self.person.composer("Carol")).to_be_visible()
        self.page.keyboard.press("Alt+ArrowUp")
        expect(self.person.composer("Bob")).to_have_value("for after lunch")
        if self.is_phone:
            self.person.button("Back").click()
        else:
            self.page.keyboard.press("Escape")
            self.person.contact("Bob").focus()
        self.page.keyboard.press("Shift+?")
        expect(self.page.get_by_role("dialog", name="Keys")).to_contain_text("Find a person or a conversation")
        self.page.keyboard.press("Escape")

    def comes_back(self):
        """Closes the page and opens it anew: signed in, with what was begun and what was said."""
        self.page.reload()
        another = self.person.another_tab()
        self.page.close()
        self.person, self.page = another, another.page
        # Wide, the conversation is shown beside the contacts; on a phone it is in the list.
        self.person.go("Chats")
        if self.is_phone:
            self.page.get_by_role("link", name=re.compile("^Bob")).click()
        else:
            self.person.contact("Bob").click()
        expect(self.person.composer("Bob")).to_have_value("for after lunch")
        expect(self.person.log("Bob")).to_contain_text("👍")
        if self.is_phone:
            self.person.button("Back").click()
            expect(self.page.get_by_role("link", name=re.compile("^Bob"))).to_contain_text("You: ")

    def looks_back(self):
        """Finds by a whole word what was said, and saves the conversation."""
        self.person.go("History")
        self.page.get_by_label("Whole words").fill("morning")
        search = self.page.get_by_role("region", name="Search")
        expect(search.get_by_role("link")).to_have_count(1)
        search.get_by_role("link").click()
        for kind in ("text", "JSON"):
            with self.page.expect_download() as download:
                self.person.button(f"Save as {kind}").click()
            with open(download.value.path(), encoding="utf-8") as file:
                assert "Good morning :-)" in file.read()

    def develops(self):
        """Looks at events of one kind, and at what the page has asked, as curl and in the reference."""
        self.person.go("Developer")
        self.page.get_by_label("Only types with").fill("message.")
        events = self.page.get_by_role("group", name="Events")
        expect(events).to_contain_text("message.received")
        expect(events.get_by_text(re.compile(r"presence\.")).filter(visible=True)).to_have_count(0)
        events.get_by_text("message.received", exact=True).filter(visible=True).first.click()
        expect(events.get_by_role("link", name="What the reference says of message.received").first).to_be_visible()
        self.page.get_by_role("link", name="Calls").click()
        expect(self.person.button(re.compile("^Copy as curl: ")).first).to_be_visible()

    def is_two(self):
        """Signs in to a second account, is told there what waits in the first, and goes there and back."""
        if self.is_phone:
            self.person.go("Contacts")
        self.person.button("Sign in to one more account").click()
        self.person.signed_in("carol@example.com")
        self.hears("Are you back?")
        accounts = self.page.get_by_role("navigation", name="Accounts")
        expect(accounts.get_by_role("button", name="Alice, Busy, 1 waits")).to_be_visible()
        self.person.button("Go to alice@example.com").click()
        expect(self.person.log("Bob")).to_contain_text("Are you back?")
        accounts.get_by_role("button", name=re.compile("^Carol, ")).click()
        if self.is_phone:
            self.person.go("Contacts")
        self.person.button("Sign out of carol@example.com").click()
        expect(accounts).to_be_hidden()

    def evening(self):
        """Signs out, has the history kept, and is signed in nowhere any more."""
        if self.is_phone:
            self.person.go("Contacts")
        self.person.button("Sign out of alice@example.com").click()
        dialog = self.page.get_by_role("dialog", name="Sign out")
        dialog.get_by_label("Keep it for the next time").check()
        dialog.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("main").get_by_text("You have signed out.")).to_be_visible()
        self.page.reload()
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(self.page.get_by_label("Account", exact=True)).to_have_value("")


def _lives(browser, settings):
    day = _Day(browser, settings)
    day.morning()
    day.talks()
    day.reads_news()
    day.uses_keys()
    day.comes_back()
    day.looks_back()
    day.develops()
    day.is_two()
    day.evening()


def day_wide(browser):
    """The daily user's script on a wide page."""
    _lives(browser, {})


def day_phone(browser):
    """The daily user's script on a phone."""
    _lives(browser, PHONE)


checks = [day_wide, day_phone]
