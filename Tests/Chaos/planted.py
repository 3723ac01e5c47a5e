"""Plants each bug of planted/*.patch in a copy of the tree, builds it, and expects the chaos driver to find it: planted.py [PATCH...]

Each patch says in a line `Found as: PATTERN` what a complaint of the driver looks like that finds it. The copy is
.build-planted, where its build stays for the next time. Closes with a line `N passed, N failed`.
"""

import pathlib
import re
import subprocess
import sys

from world import ROOT

COPY = ROOT / ".build-planted"
SEED, STEPS, KILLS = 1, 800, 30


def copied():
    """Brings the copy up to date, without touching what is as it was: that would be built anew."""
    COPY.mkdir(exist_ok=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, COPY / name
        if source.is_file() and (not target.exists() or source.read_bytes() != target.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode)


def is_found(patch):
    """Whether the driver finds a bug, and as what it is."""
    copied()
    # What is no repository of its own is patched as files are, wherever it lies.
    subprocess.run(["patch", "-p1", "--forward", "--input", patch], cwd=COPY, check=True)
    subprocess.run(["swift", "build", "--product", "msnp-gateway"], cwd=COPY, check=True)
    binary = COPY / ".build/debug/msnp-gateway"
    run = subprocess.run(
        [sys.executable, ROOT / "Tests/Chaos/chaos.py", binary, "--seed", str(SEED), "--steps", str(STEPS), "--kills", str(KILLS),
         "--without-faults"], capture_output=True, text=True, check=False)
    wrong = [line for line in run.stdout.splitlines() if line.startswith("WRONG")]
    expected = re.search(r"^Found as: (.*)$", patch.read_text(), re.M)[1]
    found = [line for line in wrong if re.search(expected, line)]
    print("\n".join([*(line[:300] for line in (found or wrong)[:5]), *([] if wrong else [run.stdout[-2000:], run.stderr[-2000:]])]))
    return run.returncode == 1 and bool(found)


def main():
    patches = sorted((ROOT / "Tests/Chaos/planted").glob("*.patch"))
    wanted = [patch for patch in patches if patch.stem in sys.argv[1:]] or patches
    passed = []
    for patch in wanted:
        passed.append(is_found(patch))
        print(f"{'ok   ' if passed[-1] else 'FAIL '} {patch.stem}", flush=True)
    copied()
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
