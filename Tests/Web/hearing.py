"""What a screen reader says: each thing once, in regions that were there before, and that all is well again too."""

from site_under_test import Messenger, expect

# Regions that came with words already in them: a screen reader that knows no region yet says nothing of those.
LATE = """
window.late = [];
new MutationObserver(records => {
  for (const { addedNodes } of records) {
    for (const node of addedNodes) {
      if (!(node instanceof Element)) continue;
      for (const region of [node, ...node.querySelectorAll("[role=alert], [role=status], [aria-live=polite], [aria-live=assertive]")]) {
        const isRegion = region.matches("[role=alert], [role=status], [aria-live=polite], [aria-live=assertive]");
        if (isRegion && region.textContent.trim() !== "") window.late.push(region.outerHTML.slice(0, 160));
      }
    }
  }
}).observe(document, { subtree: true, childList: true });
"""


def _person(browser, gateway):
    person = browser.person(gateway)
    person.page.add_init_script(LATE)
    person.page.reload()
    return person


def small_things(browser):
    """A day of small things: each is said once, and no region came with its words."""
    gateway = browser.gateway()
    bob, token = gateway.sign_in("bob@example.com")
    alice = _person(browser, gateway).tolerate_network_errors()
    page = alice.page
    alice.sign_in("alice@example.com", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    alice.signed_in()
    expect(alice.contact("Bob")).to_have_accessible_name("Bob, Online")
    alice.set_status("Busy")
    alice.button("Change your name").click()
    page.get_by_label("Your name", exact=True).fill("Alice A.")
    alice.button("Save").click()
    expect(page.get_by_role("region", name="You")).to_contain_text("Alice A.")
    alice.button("Accept Dave").click()
    expect(alice.contact("Dave")).to_be_visible()
    alice.contact("Bob").click()
    for text in ("the first of mine", "the second of mine"):
        alice.say("Bob", text)
        alice.all_delivered("Bob", text)
    status, _, answer = gateway.call("POST", f"/v1/sessions/{bob}/messages", token, {"to": "alice@example.com", "text": "one of his"})
    assert status == 201, answer
    expect(alice.log("Bob")).to_contain_text("one of his")
    # Somebody else, who is in the conversation of another thread.
    carol = Messenger(gateway.sandbox_port, "carol@example.com")
    expect(alice.contact("Carol")).to_have_accessible_name("Carol, Online")
    for fault in ("mail", "alert"):
        assert gateway.call("POST", "/v1/sandbox/faults", body={"fault": fault, "account": "alice@example.com"})[0] == 204
    expect(alice.bell).to_have_accessible_name("Notifications: 2 wait")
    assert gateway.call("POST", "/v1/sandbox/faults", body={"fault": "drop", "account": "alice@example.com"})[0] == 204
    alice.until(lambda: alice.times_heard("Everything is connected again."))
    alice.context.set_offline(True)
    expect(alice.connection.get_by_text("The gateway does not answer")).to_be_visible()
    alice.context.set_offline(False)
    alice.until(lambda: alice.times_heard("Everything is connected again.") == 2)
    alice.go("Settings")
    page.get_by_label("Ask me when somebody adds me").uncheck()
    expect(page.get_by_role("region", name="Privacy").get_by_text("Saved.")).to_be_visible()
    carol.leave()
    heard = page.evaluate("window.heard")
    for text in ("The account or the password is wrong", "Your status: Busy", "Your name is Alice A. now.", "Dave sees you now",
                 "the first of mine", "the second of mine", "one of his", "Carol has just signed in.", "New mail", "The server “sandbox” is away",
                 "The gateway does not answer", "Saved."):
        assert sum(text in said for said in heard) == 1, (text, heard)
    assert page.evaluate("window.late") == [], page.evaluate("window.late")


def ended(browser):
    """The end of a session, and why, is said once, also where the page was loaded anew meanwhile."""
    gateway = browser.gateway()
    alice = _person(browser, gateway).signed_in()
    Messenger(gateway.sandbox_port, "alice@example.com").leave()
    expect(alice.page.get_by_role("alert")).to_contain_text("The account has signed in somewhere else")
    assert alice.times_heard("The account has signed in somewhere else") == 1, alice.page.evaluate("window.heard")
    assert alice.page.evaluate("window.late") == [], alice.page.evaluate("window.late")


def zoomed_accounts(browser):
    """At a zoom of 200 % there is a log to read in beside several accounts too."""
    person = browser.person(browser.gateway(), viewport={"width": 640, "height": 360}).signed_in()
    person.go("Contacts")
    person.button("Sign in to one more account").click()
    person.signed_in("bob@example.com")
    person.contact("Alice").click()
    person.say("Alice", "hello")
    person.all_delivered("Alice", "hello")
    person.page.evaluate("document.activeElement.blur()")
    expect(person.page.get_by_role("navigation", name="Accounts")).to_be_visible()
    person.shot("zoomed-accounts")
    assert person.log("Alice").bounding_box()["height"] >= 60, person.log("Alice").bounding_box()
    # The skip link stands in the banner, with everything else that is no part of the content.
    assert person.page.evaluate("document.querySelector('.skip').closest('header') !== null")


checks = [small_things, ended, zoomed_accounts]
