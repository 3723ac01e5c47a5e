"""Names and messages that want to be more than text."""

from site_under_test import expect, re

NAMES = [
    "<img src=x onerror=window.hacked=1>", "</bdi><script>window.hacked=1</script>", "\u202egnp.live\u2066",
    "👩‍👩‍👧‍👦🏳️‍🌈 Zo\u0308e", "שלום עולם abc", "a" * 300, "\"'`${1}&amp;",
]

MESSAGES = [
    "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>", "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1) data:text/html,<script>1</script> vbscript:x", "https://example.com/\"onmouseover=\"window.hacked=1",
    "\u202ehttps://example.com/\u202cgro.live", "مرحبا https://example.com/ بالعالم", "👩‍👩‍👧‍👦" * 50, "x" * 10_000,
    "one\n\n\n\ntwo\tthree", "z\u0300\u0301\u0302\u0303\u0304\u0305" * 40, "&lt;b&gt;", "{{constructor.constructor('window.hacked=1')()}}",
]


def hostile_words(browser):
    """Markup, scripts, direction marks, 10,000 characters and emoji, in names and in messages, are text and break nothing."""
    gateway = browser.gateway()
    person = browser.person(gateway, viewport={"width": 360, "height": 740}).signed_in()
    page = person.page
    # The server bounds how often somebody may change their name.
    people = [(name, *gateway.sign_in(f"{name}@example.com")) for name in ("bob", "carol")]
    for index, name in enumerate(NAMES):
        account, session, token = people[index % 2]
        status, _, answer = gateway.call("PATCH", f"/v1/sessions/{session}", token, {"displayName": name})
        assert status == 200, answer
        shown = page.locator(f".contact[data-account='{account}@example.com'] .contact-name")
        expect(shown).to_have_text(name)
        assert shown.evaluate("e => e.textContent") == name and shown.evaluate("e => e.childElementCount") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name[:20]
    _, session, token = people[0]
    path = f"/v1/sessions/{session}"
    for text in MESSAGES:
        status, _, answer = gateway.call("POST", path + "/messages", token, {"to": "alice@example.com", "text": text})
        assert status == 201, answer
    page.locator(".contact[data-account='bob@example.com'] .contact-open").click()
    words = page.locator(".log .words")
    # Beyond 1,600 bytes the wire takes several messages.
    expect(words.last).to_have_text(MESSAGES[-1])
    shown = words.evaluate_all("all => all.map(e => e.textContent)")
    assert "".join(shown) == "".join(MESSAGES)
    for index in range(words.count()):
        row = words.nth(index)
        row.scroll_into_view_if_needed()
        assert row.evaluate("e => [...e.querySelectorAll('*')].every(x => x.localName === 'a' && /^https?:$/.test(x.protocol))"), shown[index][:40]
        assert row.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"{shown[index][:40]} is wider than the page"
    own = "<b>" + "long \u202e" * 2000
    page.get_by_role("textbox", name=re.compile("^Message to")).fill(own)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name=f"Show all {len(own):,} characters").click()
    assert words.last.evaluate("e => e.textContent") == own
    expect(page.get_by_role("log").get_by_text("Delivered", exact=True)).to_be_visible()
    # No part of a link may be turned round by what stands before it.
    assert words.filter(has_text="example.com").nth(1).get_by_role("link").all_text_contents() == ["https://example.com/"]
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    person.shot("hostile-narrow")


checks = [hostile_words]
