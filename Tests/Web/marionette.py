"""Firefox by its own remote protocol (Marionette), which needs no driver: https://firefox-source-docs.mozilla.org/testing/marionette/"""

import base64
import json
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

# Seconds for anything that has to happen at all; nothing is measured with it.
PATIENCE = 60
BINARY = shutil.which("firefox-esr") or shutil.which("firefox")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PREFERENCES = {
    "marionette.port": 0, "browser.dom.window.dump.enabled": True, "devtools.console.stdout.content": True, "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "toolkit.telemetry.enabled": False, "extensions.update.enabled": False,
    "dom.disable_beforeunload": True, "intl.accept_languages": "en-US, en", "ui.prefersReducedMotion": 1,
}
# Where something of a role may be; Firefox says itself which role and name it has.
CANDIDATES = {
    "button": "button, summary, [role=button]", "link": "a[href]", "textbox": "input, textarea", "log": "[role=log]",
    "heading": "h1, h2, h3", "checkbox": "input[type=checkbox]", "menuitem": "[role=menuitem]", "group": "[role=group]",
}
# Those that are seen, as a person would see them.
VISIBLE = """
return [...document.querySelectorAll(arguments[0])].filter(element =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0);
"""


class Refused(Exception):
    """What Firefox could not do."""


class Firefox:
    """A browser with a profile of its own, and one page of it."""

    def __init__(self):
        self._profile = tempfile.TemporaryDirectory()
        profile = pathlib.Path(self._profile.name)
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()))
        self._output = open(profile / "output.txt", "w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            [BINARY, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdout=self._output, stderr=subprocess.STDOUT)
        self._number = 0
        self._socket = self._connect(profile / "MarionetteActivePort")
        self._received = b""
        self._read()
        self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": False}})

    def _connect(self, place):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", int(place.read_text())), timeout=PATIENCE)
            except (OSError, ValueError):
                assert self._process.poll() is None and time.monotonic() < end, "Firefox does not start:\n" + self.said
                time.sleep(0.05)

    @property
    def said(self):
        """What Firefox wrote: errors of the page among it."""
        self._output.flush()
        return pathlib.Path(self._output.name).read_text(encoding="utf-8", errors="replace")

    @property
    def complaints(self):
        return re.findall(r"^JavaScript error: http.*", self.said, re.M)

    def _read(self):
        while b":" not in self._received:
            self._more()
        length, _, rest = self._received.partition(b":")
        while len(rest) < int(length):
            self._more()
            rest = self._received.partition(b":")[2]
        self._received = rest[int(length):]
        return json.loads(rest[:int(length)])

    def _more(self):
        piece = self._socket.recv(1 << 16)
        assert piece, "Firefox has gone:\n" + self.said
        self._received += piece

    def call(self, command, **parameters):
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, number, error, result = self._read()
        assert number == self._number
        if error:
            raise Refused(f"{command}: {error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def close(self):
        try:
            self.call("Marionette:Quit", flags=["eForceQuit"])
        except (Refused, AssertionError, OSError):
            self._process.terminate()
        self._process.wait(PATIENCE)
        self._socket.close()
        self._output.close()
        self._profile.cleanup()

    # What a person does

    def go(self, address):
        self.call("WebDriver:Navigate", url=address)

    def run(self, script, *arguments):
        return self.call("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def resize(self, width, height):
        self.call("WebDriver:SetWindowRect", width=width, height=height)

    def until(self, condition, what):
        """Waits for it; an element that goes while it is looked at is looked for anew."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = condition()
                if found:
                    return found
            except Refused:
                pass
            assert time.monotonic() < end, f"{what}: not on the page:\n" + self.text
            time.sleep(0.05)

    @property
    def text(self):
        """The page's words in their order; where lines end is each browser's own affair."""
        return " ".join(self.run("return document.body.innerText").split())

    def _named(self, role, name):
        pattern = name if isinstance(name, re.Pattern) else re.compile(rf"^{re.escape(name)}$")
        for element in self.run(VISIBLE, CANDIDATES[role]):
            label = self.call("WebDriver:GetComputedLabel", id=element[ELEMENT])
            if pattern.search(label) and self.call("WebDriver:GetComputedRole", id=element[ELEMENT]) in (role, "searchbox"):
                return element
        return None

    def find(self, role, name):
        return self.until(lambda: self._named(role, name), f"{role} {name}")

    def click(self, role, name):
        def click():
            element = self._named(role, name)
            if element:
                self.call("WebDriver:ElementClick", id=element[ELEMENT])
            return element
        self.until(click, f"{role} {name}")

    def write(self, name, text):
        element = self.find("textbox", name)
        self.call("WebDriver:ElementSendKeys", id=element[ELEMENT], text=text)

    def sees(self, *texts):
        """Waits for one of these words; which of them it was."""
        return self.until(lambda: next((text for text in texts if text in self.text), None), " or ".join(texts))

    def new_tab(self):
        """One more tab, which is in front from here on."""
        handle = self.call("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        self.call("WebDriver:SwitchToWindow", handle=handle, focus=True)

    def shot(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.call("WebDriver:TakeScreenshot", full=False)))
