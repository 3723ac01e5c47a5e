"""Fuzzes a gateway with its sandbox, with Schemathesis: fuzz_api.py PATH-OF-MSNP-GATEWAY [short|long]

Closes with a line `N passed, N failed` and fails if anything was found.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from description import ROOT

sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))

from harness import PATIENCE, Gateway  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
# Requests of each kind for each operation, and seconds: in `make test`, and by hand.
EXAMPLES = {"short": 40, "long": 1500}
SECONDS = {"short": 240, "long": 3600}


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
            run = subprocess.run(
                [pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", HERE / "schemathesis.toml", "run",
                 str(ROOT / "api-spec/openapi.yaml"), "--url", url, "--max-examples", str(EXAMPLES[length]), "--no-color",
                 "--continue-on-failure",
                 # Orders what goes wrong: everything would.
                 "--exclude-path", "/v1/sandbox/faults",
                 # Never end; Tests/GatewayTests and Tests/EndToEnd read them.
                 "--exclude-path-regex", "/(stream|trace)$"],
                cwd=scratch, timeout=SECONDS[length],
                env={**os.environ, "SCHEMATHESIS_HOOKS": "fuzz_hooks", "PYTHONPATH": str(HERE), "FUZZ_URL": url,
                     "FUZZ_KEY": add.stdout.strip()})
            failed = run.returncode != 0
            status, seconds = gateway.stop()
            if status != 0:
                failed = True
                print(f"FAIL  the gateway ended with {status}")
            errors = [line for line in gateway.log if '"level":"error"' in line or " error " in line]
            for line in errors[:10]:
                failed = True
                print(f"FAIL  the gateway logged: {line.rstrip()}")
        finally:
            if gateway.process.poll() is None:
                gateway.process.kill()
    print(f"    {time.monotonic() - started:.0f} s")
    print(f"{int(not failed)} passed, {int(failed)} failed")
    sys.exit(failed)


main()
