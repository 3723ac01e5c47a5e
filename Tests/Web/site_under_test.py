"""A gateway, a browser, and people in front of it, who see words and roles and nothing else."""

import contextlib
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Error, expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

import checks  # noqa: E402
from harness import Gateway, Messenger, stable_port  # noqa: E402

__all__ = ["Browser", "Gateway", "Messenger", "Person", "checks", "expect", "re", "received"]

# Milliseconds for anything that has to happen at all; nothing is measured with it.
PATIENCE = 60_000
# Hours that they are ahead of Greenwich where it is noon now: people live there, so that no check sees a day end.
AHEAD = 12 - datetime.datetime.now(datetime.timezone.utc).hour
# The name of a zone says how far it is behind.
SETTINGS = {"viewport": {"width": 1180, "height": 760}, "reduced_motion": "reduce", "locale": "en-US",
            "timezone_id": f"Etc/GMT{-AHEAD:+}"}
HEARD = pathlib.Path(__file__).with_name("heard.js")
expect.set_options(timeout=PATIENCE)

# What Chromium itself writes to the console when a call is answered with an error that the page expects and explains.
# Of the manifest's icons the browser says it in words of its own.
NETWORK = re.compile(r"Failed to load resource: |icon from the Manifest: \S+ \(Download error")


def received(gateway, session, token, last):
    """The messages that a session has received, once `last` is among them: what is delivered may still be on its way to its journal."""
    end = time.monotonic() + PATIENCE / 1000
    while True:
        _, _, page = gateway.call("GET", f"/v1/sessions/{session}/events?after=oldest&types=message.received&wait=0", token)
        if any(event["data"]["text"] == last for event in page["events"]):
            return page["events"]
        assert time.monotonic() < end, page


class Person:
    """Somebody with a page of their own."""

    def __init__(self, browser, gateway, context):
        self.browser = browser
        self.gateway = gateway
        self.context = context
        self.page = context.new_page()
        self.page.add_init_script(path=HEARD)
        # What the page may say: for checks that make calls fail on purpose.
        self.tolerated = []
        self.said = []
        for page in [self.page]:
            page.on("console", self._heard)
            page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.goto(f"http://127.0.0.1:{gateway.port}/")

    def another_tab(self):
        """The same browser's person in one more tab."""
        person = Person(self.browser, self.gateway, self.context)
        self.browser.watch(person)
        return person

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def tolerate_network_errors(self):
        self.tolerated.append(NETWORK)
        return self

    @property
    def complaints(self):
        return [line for line in self.said if not any(pattern.search(line) for pattern in self.tolerated)]

    def sign_in(self, account="alice@example.com", password="sandbox"):
        self.page.get_by_label("Account", exact=True).fill(account)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        return self

    def signed_in(self, account="alice@example.com"):
        self.sign_in(account)
        expect(self.page.get_by_role("button", name=f"Sign out of {account}")).to_be_visible()
        return self

    def resize(self, width, height):
        """Has a window of that size; what the page does of its own accord for one it does with the next frame."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("new Promise(requestAnimationFrame)")

    def wear(self, scheme):
        """Has the system's colours be light or dark."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate("new Promise(requestAnimationFrame)")

    def button(self, name, exact=True):
        return self.page.get_by_role("button", name=name, exact=exact)

    def contact(self, name):
        """The row that opens the conversation; its name goes on with the status."""
        return self.page.get_by_role("region", name="Contacts").get_by_role(
            "button", name=re.compile(rf"^{re.escape(name)}, "))

    def contact_menu(self, name, item):
        self.contact(name).hover()
        self.button(f"Actions for {name}").click()
        self.page.get_by_role("menuitem", name=item).click()

    def go(self, name):
        parts = self.page.get_by_role("navigation", name="Parts of the page")
        more = parts.get_by_role("button", name="More")
        # On a narrow page what few come for is behind a menu.
        if name in ("History", "Developer", "Operator") and more.is_visible():
            more.click()
            self.page.get_by_role("menuitem", name=name).click()
        else:
            parts.get_by_role("link", name=re.compile(rf"^{name}")).click()

    def log(self, name):
        return self.page.get_by_role("log", name=f"Conversation with {name}")

    def composer(self, name):
        return self.page.get_by_role("textbox", name=f"Message to {name}")

    def say(self, name, text):
        self.composer(name).fill(text)
        self.composer(name).press("Enter")

    def all_delivered(self, name, last):
        """All that was written to `name` has arrived, `last` being the newest of it; it is said once, at that one."""
        log = self.log(name)
        newest = log.locator(".message.own").last
        expect(newest).to_contain_text(last)
        expect(newest.get_by_text("Delivered", exact=True)).to_be_visible()
        for state in ("Sending …", "Sent"):
            expect(log.get_by_text(state, exact=True).filter(visible=True)).to_have_count(0)
        expect(log.get_by_text("Delivered", exact=True).filter(visible=True)).to_have_count(1)

    def set_status(self, name):
        self.button(re.compile("^Your status: ")).click()
        self.page.get_by_role("menuitemradio", name=name).click()
        expect(self.button(f"Your status: {name}")).to_be_visible()

    @property
    def news(self):
        """What has just happened, beside what is being read."""
        return self.page.get_by_role("region", name="News")

    @property
    def connection(self):
        """What stands between the person and the server."""
        return self.page.get_by_role("region", name="Connection")

    @property
    def bell(self):
        return self.button(re.compile("^Notifications"))

    def keeps_news(self):
        """However long a check takes: what has been shown stays until it is read."""
        self.go("Settings")
        self.page.get_by_label("Keep news in sight until I dismiss them").check()
        self.go("Chats")
        return self

    def notifications(self):
        """Opens the bell's list."""
        panel = self.page.get_by_role("dialog", name="Notifications")
        if not panel.is_visible():
            self.bell.click()
        return panel

    def times_heard(self, text):
        """How often a screen reader has said something with `text` in it since the page was loaded."""
        return sum(text in said for said in self.page.evaluate("window.heard"))

    def stop_time(self):
        """From here on nothing happens on this page because time has passed; `page.clock.install()` has to come first."""
        self.page.clock.pause_at(self.page.evaluate("Date.now()") + 60_000)

    def press_until_gone(self, button):
        """Presses what is there as long as it is needed: the network may take its time to be back."""
        self.press_until(button, lambda: not button.is_visible())

    def press_until(self, button, condition):
        """Presses what is there, whenever it is there, until it is so."""
        def is_so():
            # Not `click`, which waits for frames, of which there are none while time stands still.
            button.evaluate_all("all => all.forEach(element => element.checkVisibility() && element.click())")
            return condition()
        self.until(is_so)

    def until(self, condition):
        """Waits for what a route of this page notes; routes are served while something is asked of the page."""
        end = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < end, "it did not happen"
            self.page.evaluate("null")

    def shot(self, name):
        directory = os.environ.get("WEB_SHOTS")
        if directory:
            os.makedirs(directory, exist_ok=True)
            self.page.screenshot(path=f"{directory}/{name}.png")


class Browser:
    """Chromium, and for each check fresh gateways and people, whose consoles have to stay clean."""

    def __init__(self, binary):
        self.binary = binary
        self._stack = None
        self._people = []

    def __enter__(self):
        executable = shutil.which("chromium")
        assert executable, "chromium is not installed; scripts/setup.sh does it"
        # Chromium's own sandbox does not work for root, nor in most containers, whose shared memory is small besides; the
        # pages here are our own.
        self._options = {"executable_path": executable, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(**self._options)
        return self

    def __exit__(self, *_):
        self._chromium.close()
        self._playwright.stop()

    def renew(self):
        """Goes on in another browser."""
        with contextlib.suppress(Error):
            self._chromium.close()
        self._chromium = self._playwright.chromium.launch(**self._options)

    @contextlib.contextmanager
    def fresh(self):
        self._people = []
        with contextlib.ExitStack() as stack:
            self._stack = stack
            yield
            for person in self._people:
                assert not person.complaints, person.complaints

    def has_said(self, pattern):
        """Whether the console of anybody's page has said so since the check began."""
        return any(pattern.search(line) for person in self._people for line in person.said)

    def gateway(self, *arguments, environment=None):
        # Where another one can be started once this one is dead.
        return self._started("--listen", f"127.0.0.1:{stable_port()}", *arguments, environment=environment)

    def another(self, gateway, *arguments):
        """Starts a gateway where the one listened that is dead."""
        return self._started("--listen", f"127.0.0.1:{gateway.port}", *arguments)

    def server(self, port, *arguments):
        """Starts an MSN server of its own."""
        server = subprocess.Popen(
            [self.binary, "sandbox", "--listen", f"127.0.0.1:{port}", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.at_end(server.kill)
        # It logs once it listens.
        server.stdout.readline()
        return server

    def state(self):
        """What has a gateway keep sessions and passwords, in a directory of its own."""
        folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        key = folder / "state.key"
        key.touch(0o600)
        key.write_bytes(subprocess.run([self.binary, "state", "key"], capture_output=True, check=True).stdout)
        return ["--state", str(folder / "state"), "--state-key", str(key)]

    def _started(self, *arguments, environment=None):
        gateway = Gateway(self.binary, "--web", str(ROOT / "web-static"), *arguments, environment=environment)
        self.at_end(lambda: gateway.process.poll() is None and gateway.stop())
        return gateway

    def at_end(self, action):
        self._stack.callback(action)

    def person(self, gateway, **settings):
        """Somebody in a private window, of whom nothing is kept."""
        return self._sits_down(gateway, self._chromium.new_context(**{**SETTINGS, **settings}))

    def resident(self, gateway, **settings):
        """Somebody with a browser of their own, which keeps on the disk what pages keep."""
        profile = self._stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        context = self._playwright.chromium.launch_persistent_context(
            profile, **self._options, **{**SETTINGS, **settings})
        return self._sits_down(gateway, context)

    def _sits_down(self, gateway, context):
        context.set_default_timeout(PATIENCE)
        self._stack.callback(context.close)
        person = Person(self, gateway, context)
        self.watch(person)
        return person

    def watch(self, person):
        self._people.append(person)

    @contextlib.contextmanager
    def tasks(self, page):
        """Traces what the threads of the pages do; the trace is in the list afterwards."""
        traces = []
        # Whoever has a browser of their own has that one traced.
        chromium = page.context.browser or self._chromium
        chromium.start_tracing(page=page, categories=["toplevel"])
        yield traces
        traces.append(chromium.stop_tracing())
