"""Runs checks one after the other, says what came of each, and closes with a line `N passed, N failed`."""

import contextlib
import sys
import time
import traceback


def run(checks, *arguments, around=contextlib.nullcontext):
    """Calls each check with the arguments, in a context of its own; ends the process, as a failure if any failed."""
    failed = 0
    for check in checks:
        started = time.monotonic()
        purpose = check.__doc__.splitlines()[0]
        try:
            with around():
                check(*arguments)
            print(f"ok    {check.__name__} ({time.monotonic() - started:.1f} s): {purpose}")
        except Exception:
            failed += 1
            print(f"FAIL  {check.__name__}: {purpose}")
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
