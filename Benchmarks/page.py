"""How long the page takes to open with much in it: page.py PATH-OF-MSNP-GATEWAY

600 contacts, and 20,000 messages of 50 conversations that the browser keeps. Prints milliseconds until the contacts are
there, until the newest conversation is, and of the longest task; a search for a rare and for a common word. Wants what
Tests/Web/requirements.txt names (`.venv-web/bin/python` has it after scripts/check-web.sh).
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Web"))

from site_under_test import Browser, expect, re  # noqa: E402
from speed import Journal, _tasks  # noqa: E402

THREADS, EACH = 50, 400
FILL = """async ([threads, each]) => {
    const { Archive } = await import("/js/session/archive.js");
    const archive = new Archive();
    await archive.open({ backend: "sandbox", account: "alice@example.com" });
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


def main():
    with Browser(sys.argv[1]) as browser, browser.fresh():
        person = browser.person(browser.gateway())
        page = person.page
        journal = Journal()
        journal.events = journal.events[:200]
        page.route("**/v1/sessions**", journal.answer)
        page.route("**/v1/sessions/**", journal.answer)
        page.evaluate(FILL, [THREADS, EACH])
        person.signed_in()
        person.contact("User 0001 ☕").click()
        expect(page.get_by_text("message 198 ").first).to_be_attached()
        opened, shown = [], []
        for _ in range(5):
            started = time.monotonic()
            with browser.tasks(page) as traced:
                page.reload(wait_until="commit")
                page.wait_for_selector(".contact .contact-name")
                opened.append((time.monotonic() - started) * 1000)
                page.wait_for_selector(".log .words")
                shown.append((time.monotonic() - started) * 1000)
                page.wait_for_timeout(1000)
        longest = max(wall for wall, _ in _tasks(traced.pop()))
        print(f"contacts after {sorted(opened)[2]:.0f} ms, conversation after {sorted(shown)[2]:.0f} ms (medians of 5)")
        print(f"longest task of the last opening: {longest:.0f} ms")
        person.go("History")
        for word in ("rarity", "common"):
            page.get_by_label("Whole words").fill("")
            started = time.monotonic()
            page.get_by_label("Whole words").fill(word)
            expect(page.get_by_role("region", name="Search").get_by_role("status")).to_have_text(re.compile("message"))
            page.wait_for_selector(".found")
            print(f"search for {word!r}: {(time.monotonic() - started) * 1000:.0f} ms, the pause after the last letter included")


main()
