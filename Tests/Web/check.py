"""Uses the dashboard as people do: check.py PATH-OF-MSNP-GATEWAY [NAME-OF-A-CHECK]...

Closes with a line `N passed, N failed` and fails if any check did. With WEB_SHOTS=DIRECTORY in the environment the
checks that look at the page leave their screenshots there.
"""

import os
import sys
import time
import traceback

import chats
import contacts
import hostile
import looks
import newcomer
import outages
import services
import sign_in
import speed
from site_under_test import Browser


def main():
    binary = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2:]
    checks = [check for module in (sign_in, contacts, chats, outages, hostile, services, looks, speed, newcomer)
              for check in module.checks if not wanted or check.__name__ in wanted]
    failed = 0
    with Browser(binary) as browser:
        for check in checks:
            started = time.monotonic()
            try:
                with browser.fresh():
                    check(browser)
                print(f"ok    {check.__name__} ({time.monotonic() - started:.1f} s): {check.__doc__.splitlines()[0]}")
            except Exception:
                failed += 1
                print(f"FAIL  {check.__name__}: {check.__doc__.splitlines()[0]}")
                traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
