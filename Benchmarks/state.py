"""What a store in a file costs over one in memory, and what `kill -9` leaves of it: state.py STATE-BENCH [KILLS]

Measures at 10,000 and at 1,000 events a second over 9,000 sessions, opens a directory with 900,000 events, and then kills a
process that writes as often as it is told to; all that the process had told as written has to be there, without a hole.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BENCH = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
SEED = int(os.environ.get("SEED", "1"))


def run(*arguments):
    """The last line of a run, as numbers by name."""
    done = subprocess.run([BENCH, *map(str, arguments)], capture_output=True, text=True, check=True)
    lines = done.stdout.strip().split("\n")
    return {name: float(value) for name, value in (pair.split("=") for pair in lines[-1].split())}, lines[:-1]


def kill_often():
    """Kills a writer at random moments; lines of what it told against what is found."""
    chance = random.Random(SEED)
    directory = tempfile.mkdtemp()
    told, lost, holes = {}, 0, 0
    for _ in range(KILLS):
        writer = subprocess.Popen([BENCH, "tell", directory, "50"], stdout=subprocess.PIPE)
        time.sleep(chance.uniform(0.02, 0.25))
        writer.send_signal(signal.SIGKILL)
        text = writer.stdout.read().decode()
        writer.wait()
        for line in text[:text.rfind("\n") + 1].splitlines():
            session, seq = line.split()
            told[session] = max(told.get(session, 0), int(seq))
        result, lines = run("verify", directory)
        heads = dict(line.split() for line in lines)
        lost += sum(int(heads.get(session, 0)) < seq for session, seq in told.items())
        holes += int(result["holes"])
    print(f"{KILLS} kills (seed {SEED}): {sum(told.values())} events told, sessions that lost some {lost}, with holes {holes}")
    shutil.rmtree(directory)
    return lost + holes


def main():
    for rate, count in ((10_000, 200_000), (1_000, 20_000)):
        for name in ("memory", None):
            directory = name or tempfile.mkdtemp()
            result, _ = run("pace", directory, count, rate, 9_000)
            print(f"{name or 'sqlite'} at {rate}/s: " + ", ".join(f"{key} {value:.2f}" for key, value in result.items()))
            if not name:
                shutil.rmtree(directory)
    directory = tempfile.mkdtemp()
    run("fill", directory, 900_000, 0, 9_000)
    result, _ = run("verify", directory)
    print(f"9,000 sessions with 100 events each: opened in {result['opened_ms']:.0f} ms")
    shutil.rmtree(directory)
    sys.exit(1 if kill_often() else 0)


if __name__ == "__main__":
    main()
