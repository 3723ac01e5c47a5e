"""The API's reference: one product with the page, a list that follows and finds, code that runs, and calls that can be tried."""

import json
import os
import subprocess
import sys

from looks import RULES
from axe_playwright_python.sync_playwright import Axe
from site_under_test import expect, re

WIDE = {"viewport": {"width": 1400, "height": 900}}


def _reads(browser, gateway=None, anchor="", **settings):
    gateway = gateway or browser.gateway()
    person = browser.person(gateway, **{**WIDE, **settings})
    person.page.goto(f"http://127.0.0.1:{gateway.port}/docs{anchor}")
    person.page.locator("body.is-ready").wait_for(state="attached")
    return gateway, person


def _call(page, operation):
    """What the page has of one call; there are too many to be told apart by roles in no time."""
    call = page.locator(f"article:has(> #{operation})")
    call.scroll_into_view_if_needed()
    return call


def _is_current(page, name):
    expect(page.get_by_role("navigation", name="Contents").locator("[aria-current]")).to_contain_text(name)


def follows_and_finds(browser):
    """From the sign-in to the reference; its list follows what is read, wide and on a phone, and finds by words."""
    person = browser.person(browser.gateway(), **WIDE)
    person.page.get_by_role("link", name="The API's reference").click()
    page = person.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("msnp-gateway")
    _is_current(page, "Conventions")
    contents = page.get_by_role("navigation", name="Contents")
    contents.get_by_role("link", name="conversations", exact=True).click()
    contents.get_by_role("link", name=re.compile("^Writes to one person")).click()
    _is_current(page, "Writes to one person")
    expect(page.get_by_role("heading", name="Writes to one person")).to_be_in_viewport()
    page.get_by_role("heading", name="Brings people together").evaluate("e => e.scrollIntoView()")
    _is_current(page, "Brings people together")
    search = page.get_by_role("searchbox", name="Search this page")
    search.fill("consumer position")
    expect(contents.get_by_role("link", name=re.compile("^Long-polls the session")).first).to_be_visible()
    expect(contents.get_by_role("link", name=re.compile("^Signs in"))).to_be_hidden()
    search.fill("presence.initial")
    search.press("Enter")
    expect(page.get_by_role("heading", name="presence.initial", exact=True)).to_be_in_viewport()
    # What is folded away is open for whoever was led there.
    expect(page.locator("details:has(#event-presence\\.initial)")).to_have_attribute("open", "")
    person.shot("reference-found")
    search.fill("no such word anywhere")
    expect(contents.get_by_text("0 places", exact=True)).to_be_visible()
    _, phone = _reads(browser, person.gateway, viewport={"width": 360, "height": 740})
    page = phone.page
    expect(page.get_by_role("searchbox", name="Search this page")).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    page.get_by_role("searchbox", name="Search this page").fill("signs out")
    page.get_by_role("navigation", name="Contents").get_by_role("link", name=re.compile("^Signs out")).click()
    expect(page.get_by_role("heading", name="Signs out", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("searchbox", name="Search this page")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.shot("reference-phone")


def code_runs(browser):
    """curl, Python and Node beside a call do what it says, as they stand there, with the reader's token."""
    gateway, person = _reads(browser)
    session, token = gateway.sign_in("alice@example.com")
    page = person.page
    page.get_by_label("Token or key").fill(token)
    page.get_by_label("Token or key").press("Tab")
    expect(page.get_by_text("Calls are made for alice@example.com.")).to_be_visible()
    assert token not in page.evaluate("document.body.innerText")
    runs = {"curl": ["bash", "-c"], "Python": [sys.executable, "-c"], "Node": ["node", "--input-type=module", "-e"]}
    for name, ends in (("getSession", session), ("setPresence", "busy"), ("getEntry", "msnp-gateway")):
        call = _call(page, name)
        for language, command in runs.items():
            call.get_by_role("button", name=language, exact=True).click()
            code = call.get_by_role("group", name=f"The call in {language}")
            # What is chosen for one holds for all.
            expect(code).to_be_visible()
            done = subprocess.run(
                [*command, code.inner_text()], capture_output=True, text=True, timeout=60, env={**os.environ, "TOKEN": token})
            assert done.returncode == 0 and ends in done.stdout, (name, language, code.inner_text(), done.stdout, done.stderr)
    status, _, presence = gateway.call("GET", f"/v1/sessions/{session}/presence", token)
    assert (status, presence["status"]) == (200, "busy"), (status, presence)


def tried(browser):
    """A call is tried with a token of the sandbox: what is filled in is sent, what comes is shown, and a stream can be stopped."""
    gateway, person = _reads(browser)
    page = person.page
    call = _call(page, "getSession")
    call.get_by_role("button", name="Try it").click()
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call).to_contain_text("This call needs a token")
    page.get_by_role("button", name="Sign in to the sandbox as alice").click()
    expect(page.get_by_text("Calls are made for alice@example.com.")).to_be_visible()
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call).to_contain_text("Answer 200")
    expect(call.get_by_role("group", name="Answer", exact=True)).to_contain_text('"account": "alice@example.com"')
    # A message to somebody who is there.
    bob, token = gateway.sign_in("bob@example.com")
    call = _call(page, "sendMessage")
    call.get_by_role("button", name="Try it").click()
    call.get_by_label("Body", exact=True).fill(json.dumps({"to": "bob@example.com", "text": "from the reference"}))
    expect(call.get_by_role("group", name="The call in curl")).to_contain_text("from the reference")
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call).to_contain_text("Answer 201")
    expect(call.get_by_role("group", name="Answer", exact=True)).to_contain_text('"delivery": "delivered"')
    person.shot("reference-tried")
    call.get_by_label("Body", exact=True).fill("{")
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call).to_contain_text("The body is no JSON.")
    # A sign-in shows no token.
    call = _call(page, "signIn")
    call.get_by_role("button", name="Try it").click()
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call.get_by_role("group", name="Answer", exact=True)).to_contain_text('"token": "mgt_')
    assert not re.search(r"mgt_[\w-]{20}", call.inner_text())
    # What goes on for ever is shown as it comes.
    call = _call(page, "streamEvents")
    call.get_by_role("button", name="Try it").click()
    call.get_by_role("button", name="Send", exact=True).click()
    expect(call).to_contain_text("Answer 200")
    status, _, answer = gateway.call("POST", f"/v1/sessions/{bob}/messages", token, {"to": "alice@example.com", "text": "streamed"})
    assert status == 201, answer
    expect(call.get_by_role("group", name="Answer", exact=True)).to_contain_text("streamed")
    call.get_by_role("button", name="Stop").click()
    expect(call.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    page.goto(f"http://127.0.0.1:{gateway.port}/")
    # Nothing of all that was kept.
    assert page.evaluate("sessionStorage.length") == 0


def of_this_tab(browser):
    """Whoever comes from the messenger tries the calls for the session of that tab, and in the language of the page."""
    person = browser.person(browser.gateway(), locale="de-DE", color_scheme="dark", **WIDE)
    page = person.page
    page.get_by_role("button", name=re.compile("alice nehmen")).click()
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("button", name="alice@example.com abmelden")).to_be_visible()
    page.goto(f"http://127.0.0.1:{person.gateway.port}/docs")
    page.get_by_role("button", name="Die Sitzung von alice@example.com in diesem Tab nehmen").click()
    expect(page.get_by_text("Die Aufrufe werden für alice@example.com gemacht.")).to_be_visible()
    person.shot("reference-dark")
    page.get_by_role("link", name="Probleme").click()
    expect(page.get_by_role("heading", name="Problems", level=1)).to_be_visible()
    person.shot("problems-dark")


def for_everybody(browser):
    """axe finds nothing on the documentation's pages, light and wide, dark and narrow; nothing is wider than the page."""
    gateway, person = _reads(browser)
    page = person.page
    # Of fifty calls and a hundred schemas one each: they are all made the same way.
    parts = {
        "docs": ["header", ".docs-side", ".docs-credentials", "article:has(> #sendMessage)",
                 "details:has(#event-presence\\.initial)"], "docs/problems": None, "curl.html": None}
    for path, context in parts.items():
        page.goto(f"http://127.0.0.1:{gateway.port}/{path}")
        if path != "curl.html":
            page.locator("body.is-ready").wait_for(state="attached")
        if path == "docs":
            page.goto(page.url.split("#")[0] + "#event-presence.initial")
            _call(page, "sendMessage").get_by_role("button", name="Try it").click()
        for width, scheme in ((1400, "light"), (360, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if width == 360 and path == "docs":
                page.get_by_role("button", name="Contents").click()
            result = Axe().run(page, context=context and {"include": [[part] for part in context]}, options=RULES)
            found = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in result.response["violations"]]
            assert not found, (path, width, scheme, found)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


checks = [follows_and_finds, code_runs, tried, of_this_tab, for_everybody]
