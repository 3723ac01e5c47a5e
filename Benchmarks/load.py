"""The C parts, built, and the driver, spoken to."""

import contextlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra"]
PEERS = ["work.c", "loop.c", "session.c", "json.c"]
CONTACTS = 20
ahead = False
"""Whether what is started here goes before everything else: for a machine that is not quiet."""


def build(out, wanted=None):
    """Compiles the driver, the peers in C and the counting allocator, or those of them that are wanted."""
    out.mkdir(parents=True, exist_ok=True)
    compiler = next(name for name in ("cc", "gcc", "clang") if shutil.which(name))
    library = shlex.split(subprocess.run(["pkg-config", "--cflags", "--libs", "libmicrohttpd"], capture_output=True, text=True,
                                         check=True).stdout)
    peers = [HERE / "peers" / name for name in PEERS]
    programs = {
        "driver": [*sorted((HERE / "driver").glob("*.c")), "-lcrypto"],
        "mhd": [HERE / "peers/mhd.c", *peers, "-pthread", *library],
        "epoll": [HERE / "peers/epoll.c", *peers, "-pthread"],
        "counting.so": [HERE / "counting/counting.c", "-shared", "-fPIC"],
    }
    for name in wanted or programs:
        subprocess.run([compiler, *FLAGS, "-o", str(out / name), *map(str, programs[name])], check=True)
    return out


def go_ahead():
    """Lets the process that calls this run before everything else on the machine, as far as it may say so."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def start(command, **more):
    """Starts a process in a session of its own, so that what a terminal sends doesn't end it before its time."""
    return subprocess.Popen([str(word) for word in command], stdout=more.pop("stdout", subprocess.PIPE), text=True,
                            start_new_session=True, preexec_fn=go_ahead if ahead else None, **more)


class Driver:
    """The process that is MSNP server and clients at once; an answer is a line of JSON for each command."""

    def __init__(self, tools, sessions, contacts=CONTACTS):
        self.process = start([tools / "driver", sessions, contacts], stdin=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        # Its standard input's end is its own; it needs no signal.
        self.process.stdin.close()
        self.process.wait()

    def say(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the driver ended at: {' '.join(map(str, words))}")
        return json.loads(line)

    def begin(self, subject):
        """Says whom to call."""
        self.say("subject", subject.port, subject.key, *subject.processes)
