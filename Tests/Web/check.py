"""Uses the dashboard as people do: check.py PATH-OF-MSNP-GATEWAY [NAME-OF-A-CHECK]...

Closes with a line `N passed, N failed` and fails if any check did. With WEB_SHOTS=DIRECTORY in the environment the
checks that look at the page leave their screenshots there.

Two browsers share the checks, each in a process of its own: half of a check is waiting.
"""

import concurrent.futures
import contextlib
import functools
import io
import multiprocessing
import os
import re
import sys

import accounts
import chats
import contacts
import daily
import day
import firefox
import history
import hearing
import hostile
import looks
import newcomer
import news
import outages
import reading
import reference
import services
import sign_in
import speed
import staying
import tabs
from playwright.sync_api import Error
from site_under_test import Browser, checks

BROWSERS = 2
# What only a browser that is broken itself says; nothing that a page does can be the reason.
BROKEN = re.compile("crashed|has been closed|Connection closed|net::ERR_FAILED|net::ERR_INSUFFICIENT_RESOURCES")
# The machine's addresses have changed, and the browser let go of what was under way; a page can miss a part of itself then.
MOVED = re.compile("net::ERR_NETWORK_CHANGED")
# Those that take long come first, or the other browser would have nothing to do at the end.
everything = {
    check.__name__: check
    for module in (
        looks, day, firefox, reference, services, sign_in, staying, tabs, accounts, contacts, chats, daily, history, news,
        hearing, reading, outages, hostile, speed, newcomer)
    for check in module.checks
}


def unless_broken(check):
    """The same check, begun anew in another browser where the first one breaks; what it finds at the page it finds once."""
    @functools.wraps(check)
    def checked(browser):
        try:
            with browser.fresh():
                check(browser)
        except (Error, AssertionError) as failure:
            is_broken = isinstance(failure, Error) and BROKEN.search(failure.message)
            if not is_broken and not MOVED.search(str(failure)) and not browser.has_said(MOVED):
                raise
            print(f"      the browser broke, and another one tries: {str(failure).splitlines()[0]}")
            browser.renew()
            with browser.fresh():
                check(browser)
    return checked


def work(binary, pipe):
    """Runs the checks whose names come out of the pipe, and puts into it what came of each."""
    with Browser(binary) as browser:
        while name := pipe.recv():
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                passed = checks.passes(unless_broken(everything[name]), browser)
            pipe.send((passed, said.getvalue()))


def share(names, binary):
    """Has a process of its own run checks until nobody has any left to run; whether each passed."""
    # Begun anew and not as a copy: that would hold the other's pipe too, whose end would not be heard of.
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    worker = processes.Process(target=work, args=(binary, theirs))
    worker.start()
    theirs.close()
    passed = []
    for name in names:
        ours.send(name)
        outcome, said = ours.recv()
        passed.append(outcome)
        print(said, end="", flush=True)
    ours.send(None)
    worker.join()
    return passed


def main():
    binary, *wanted = sys.argv[1:]
    # Whoever is free takes the next one.
    names = iter([name for name in everything if not wanted or name in wanted])
    with concurrent.futures.ThreadPoolExecutor() as pool:
        shares = [pool.submit(share, names, os.path.abspath(binary)) for _ in range(BROWSERS)]
    checks.close([outcome for one in shares for outcome in one.result()])


if __name__ == "__main__":
    main()
