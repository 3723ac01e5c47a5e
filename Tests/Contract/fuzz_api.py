"""Fuzzes a gateway with its sandbox, with Schemathesis: fuzz_api.py PATH-OF-MSNP-GATEWAY [short|long]

Closes with a line `N passed, N failed` and fails if anything was found.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from description import DOCUMENT, ROOT

sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))

from harness import PATIENCE, Gateway, Messenger  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
# Requests of each kind for each operation, and the seconds after which it hangs: in `make test`, and by hand.
EXAMPLES = {"short": 30, "long": 1500}
SECONDS = {"short": 1300, "long": 7200}


def unreached(name):
    """The operations that were never answered with success: what is fed to them is then wrong."""
    counts, slowest = collections.defaultdict(collections.Counter), collections.Counter()
    with open(name, encoding="utf-8") as file:
        for line in file:
            answer = json.loads(line)
            operation = answer["method"], answer["route"]
            counts[operation][answer["status"]] += 1
            slowest[operation] = max(slowest[operation], answer["seconds"])
    missing = []
    for (method, path), statuses in sorted(counts.items(), key=lambda item: item[0][::-1]):
        if method.lower() in DOCUMENT["paths"].get(path, {}):
            seen = " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))
            print(f"    {method:6} {path} {seen}, {slowest[method, path]:.2f} s at most")
            if not any(status < 400 for status in statuses):
                missing.append((method, path))
                print("      ^ never answered with success")
    return missing


def main():
    binary, length = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "short"
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        state = scratch + "/state"
        add = subprocess.run(
            [binary, "keys", "add", "fuzz", "--admin", "--state", state], capture_output=True, text=True, timeout=PATIENCE)
        assert add.returncode == 0, add.stderr
        gateway = Gateway(binary, "--state", state)
        url = f"http://127.0.0.1:{gateway.port}"
        try:
            # Somebody who takes pages: by its own protocol, as a mobile device is switched on at the service and not here.
            carol = Messenger(gateway.sandbox_port, "carol@example.com")
            for setting in ("MBE Y", "MOB Y", "PHM 1"):
                carol.say("PRP", setting)
            carol.leave()
            # From a file, or the path that it comes from would be left out.
            description = pathlib.Path(scratch, "openapi.json")
            description.write_text(json.dumps(gateway.call("GET", "/openapi.json")[2]))
            # Stays, to be looked at.
            seen = str(ROOT / ".build" / "fuzz-answers.jsonl")
            pathlib.Path(seen).unlink(missing_ok=True)
            run = subprocess.run(
                [pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", HERE / "schemathesis.toml", "run",
                 description, "--url", url, "--max-examples", str(EXAMPLES[length]), "--no-color",
                 "--continue-on-failure",
                 # Orders what goes wrong: everything would.
                 "--exclude-path", "/v1/sandbox/faults",
                 # Never end; Tests/GatewayTests and Tests/EndToEnd read them.
                 "--exclude-path-regex", "/(stream|trace)$"],
                cwd=scratch, timeout=SECONDS[length],
                env={**os.environ, "SCHEMATHESIS_HOOKS": "fuzz_hooks", "PYTHONPATH": str(HERE), "FUZZ_URL": url,
                     "FUZZ_KEY": add.stdout.strip(), "FUZZ_SEEN": seen})
            passed = {"schemathesis": run.returncode == 0}
            answers = subprocess.run([sys.executable, HERE / "check_answers.py", seen], timeout=PATIENCE * 10)
            passed["the answers fit the description in what Schemathesis doesn't look at"] = answers.returncode == 0
            passed["what was asked reached every operation"] = not unreached(seen)
            status, _ = gateway.stop()
            passed["the gateway ended as it was asked to"] = status == 0
            errors = [line.rstrip() for line in gateway.log if re.search(r'"level":"(error|critical)"| (error|critical) ', line)]
            passed["the gateway logged no error"] = not errors
            print(*errors[:10], sep="\n")
        finally:
            if gateway.process.poll() is None:
                gateway.process.kill()
    for what, is_good in passed.items():
        print("ok   " if is_good else "FAIL ", what)
    print(f"    {time.monotonic() - started:.0f} s")
    failed = list(passed.values()).count(False)
    print(f"{len(passed) - failed} passed, {failed} failed")
    sys.exit(failed)


main()
