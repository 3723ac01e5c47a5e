"""Uses the dashboard as people do: check.py PATH-OF-MSNP-GATEWAY [NAME-OF-A-CHECK]...

Closes with a line `N passed, N failed` and fails if any check did. With WEB_SHOTS=DIRECTORY in the environment the
checks that look at the page leave their screenshots there.
"""

import os
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
from site_under_test import Browser, checks

wanted = sys.argv[2:]
everything = [check for module in (
                  sign_in, staying, tabs, accounts, contacts, chats, daily, history, news, hearing, reading, outages, hostile, services, reference, looks, speed, newcomer, day, firefox)
              for check in module.checks]
with Browser(os.path.abspath(sys.argv[1])) as browser:
    checks.run(
        [check for check in everything if not wanted or check.__name__ in wanted], browser, around=browser.fresh)
