"""Runs checks one after the other, says what came of each, and closes with a line `N passed, N failed`."""

import contextlib
import sys
import time
import traceback


def run(checks, *arguments, around=contextlib.nullcontext):
    """Calls each check with the arguments, in a context of its own; ends the process, as a failure if any failed."""
    close([passes(check, *arguments, around=around) for check in checks])


def passes(check, *arguments, around=contextlib.nullcontext):
    """Calls a check with the arguments, in a context of its own, and says what came of it."""
    started = time.monotonic()
    purpose = check.__doc__.splitlines()[0]
    try:
        with around():
            check(*arguments)
        print(f"ok    {check.__name__} ({time.monotonic() - started:.1f} s): {purpose}")
        return True
    except Exception:
        print(f"FAIL  {check.__name__}: {purpose}")
        traceback.print_exc(file=sys.stdout)
        return False
    finally:
        sys.stdout.flush()


def close(passed):
    """Ends the process with what came of all checks."""
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    sys.exit(0 if all(passed) else 1)
