"""How long the page takes to open with much in it: page.py PATH-OF-MSNP-GATEWAY

600 contacts, 20,000 messages of 50 conversations that the browser keeps on the disk, and a journal that is full of messages of
the same conversations; a wide page and a phone's, of a real gateway and server. Prints milliseconds from the reload until the
contacts are there, until what was said last is, and of the longest task of all openings, beside the goals; a search for a rare
and for a common word. Figures are figures: nothing fails here. Wants a quiet machine, and what Tests/Web/requirements.txt names
(`make bench-page`).
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Web"))

from site_under_test import Browser, expect, re, stable_port  # noqa: E402
from speed import _tasks  # noqa: E402

CONTACTS = 600
THREADS, EACH = 50, 400
# As many as the gateway's journal has room for, and a few that are gone.
MESSAGES = 4000
OPENINGS = 7
# Milliseconds: until everything is there, and of any task.
OPEN, TASK = 1000, 100
FILL = """async ([threads, each]) => {
    const { Archive } = await import("/js/session/archive.js");
    const archive = new Archive();
    await archive.open({ backend: "home", account: "alice@example.com" });
    await archive.keep();
    const two = number => String(number).padStart(2, "0");
    for (let thread = 1; thread <= threads; thread += 1) {
        const account = `user${String(thread).padStart(4, "0")}@example.com`;
        const messages = Array.from({ length: each }, (_, n) => ({
            id: `k.${thread}.${n}`, own: n % 3 === 0, from: account, displayName: account, contentType: "text/plain",
            text: `kept ${n} of ${thread} with some common words in it${n === 7 ? " and a rarity" : ""}`,
            time: `2025-${two(1 + n % 12)}-${two(1 + thread % 28)}T${two(n % 24)}:${two(thread % 60)}:00.000Z`,
            delivery: "delivered"
        }));
        await archive.add({ key: `p:${account}`, group: false, participants: [{ account, displayName: account }] }, messages);
    }
}"""


def fill(gateway, key):
    """What the gateway still has: alice's contacts, and what fifty of them have written to her."""
    alice = gateway.call("POST", "/v1/sessions", key, {"account": "alice@example.com", "password": "sandbox"})[2]["session"]["id"]
    # Bob, Carol and the robot are there.
    for number in range(1, CONTACTS - 2):
        status, _, _ = gateway.call("PUT", f"/v1/sessions/{alice}/contacts/user{number:04}@example.com", key, {})
        assert status == 201, status
    writers = [gateway.call("POST", "/v1/sessions", key, {"account": f"user{number:04}@example.com", "password": "sandbox"})
               [2]["session"]["id"] for number in range(1, THREADS + 1)]
    for number in range(MESSAGES):
        text = f"message {number} " + "with some words and https://example.com/ in it " * (number % 4)
        status, _, answer = gateway.call(
            "POST", f"/v1/sessions/{writers[number % THREADS]}/messages", key, {"to": "alice@example.com", "text": text})
        assert status == 201, answer


def openings(browser, person, ready, newest):
    """Has the page opened again and again; when the contacts are there, when what was said last is, and its tasks."""
    page = person.page
    opened, shown, tasks = [], [], []
    for _ in range(OPENINGS):
        with browser.tasks(page) as traced:
            started = time.monotonic()
            page.reload(wait_until="commit")
            page.wait_for_selector(ready)
            opened.append((time.monotonic() - started) * 1000)
            page.wait_for_selector(newest)
            shown.append((time.monotonic() - started) * 1000)
            # What it does when it is there belongs to it: what the journal has is taken down once more.
            page.wait_for_timeout(2000)
        tasks += _tasks(traced.pop())
    return opened, shown, tasks


def say(what, opened, shown, tasks):
    by_clock, of_processor = (max(column) for column in zip(*tasks))
    print(f"{what}: contacts after {statistics.median(opened):.0f} ms, what was said last after {statistics.median(shown):.0f} ms "
          f"(medians of {OPENINGS}, at most {max(shown):.0f}; the goal is {OPEN})")
    print(f"{what}: the longest of {len(tasks)} tasks took {by_clock:.0f} ms, the one with the most work {of_processor:.0f} ms "
          f"of the processor (the goal is {TASK})")


def search(page, word):
    field = page.get_by_label("Whole words")
    said = page.get_by_role("region", name="Search").get_by_role("status")
    field.fill("")
    expect(said).to_have_text("")
    started = time.monotonic()
    field.fill(word)
    expect(said).to_have_text(re.compile("message"))
    page.wait_for_selector(".found")
    print(f"search for {word!r}: {(time.monotonic() - started) * 1000:.0f} ms, with the pause after the last letter")


def main():
    with Browser(sys.argv[1]) as browser, browser.fresh():
        port = stable_port()
        browser.server(port, "--accounts", str(CONTACTS))
        state = browser.state()
        key = subprocess.run([browser.binary, "keys", "add", "page", *state[:2]], capture_output=True, check=True, text=True)
        gateway = browser.gateway("--backend", f"home=127.0.0.1:{port}", *state)
        key = re.search("mgk_\\S+", key.stdout)[0]
        fill(gateway, key)
        for what, size, ready, newest in (
                ("wide", (1180, 760), ".contact .contact-name", ".log .words"),
                ("phone", (390, 760), ".conversation .conversation-name", ".conversation .conversation-line:not(:empty)")):
            person = browser.resident(gateway, viewport={"width": size[0], "height": size[1]})
            page = person.page
            page.evaluate(FILL, [THREADS, EACH])
            # Of the key's session, whose journal is full.
            page.get_by_label("API key").fill(key)
            person.signed_in()
            # A wide page shows one of them beside the contacts, a phone's the list.
            if what == "wide":
                person.contact("User 0001").click()
            else:
                person.go("Chats")
            page.wait_for_selector(newest)
            say(what, *openings(browser, person, ready, newest))
            person.go("History")
            for word in ("rarity", "common"):
                search(page, word)
            person.context.close()
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


main()
