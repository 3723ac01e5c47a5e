"""The servers under test: how each is started, and whether it is there at all."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

from load import HERE, start


class Subject:
    """A server that was started, until the end of its `with`."""

    name = ""
    key = "none"

    def __init__(self, tools, binary, environment=None):
        self.tools, self.binary, self.environment = tools, binary, environment or {}

    @staticmethod
    def missing():
        """What is not installed, or None."""
        return None

    def command(self, port):
        """How it is started, with the port of the MSNP server."""
        raise NotImplementedError

    def start(self, driver):
        """Starts it and waits until it says where it listens."""
        self.driver = driver
        self.process = start(self.command(driver.port), stderr=subprocess.STDOUT, env={**os.environ, **self.environment})
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        else:
            raise RuntimeError("".join(said))
        # Nobody else reads what it says, and a full pipe would hold it up.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.processes = [self.process.pid]
        driver.begin(self)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if process := getattr(self, "process", None):
            # Whose clients would take the end of their connections for a fault.
            self.driver.end()
            process.terminate()
            process.wait()


class Gateway(Subject):
    name = "gateway"

    def __init__(self, *arguments, options=None, store="memory"):
        """Without another word nothing outlives the process, as with the programs beside it."""
        super().__init__(*arguments)
        # What sessions cost is measured, not how long they are kept waiting.
        self.environment = {"MSNP_GATEWAY_BACKEND_BENCH_SIGN_INS_PER_SECOND": "0", **self.environment, "MSNP_GATEWAY_STORE": store}
        self.options = options or []
        self.state = tempfile.TemporaryDirectory()
        self.key = subprocess.run([self.binary, "keys", "add", "bench", "--state", self.state.name], capture_output=True, text=True,
                                  check=True).stdout.strip()

    def command(self, port):
        return [self.binary, "serve", "--listen", "127.0.0.1:0", "--backend", f"bench=127.0.0.1:{port}", "--state",
                self.state.name, *self.options]

    def __exit__(self, *_):
        super().__exit__()
        self.state.cleanup()


class Sandbox(Gateway):
    """The gateway with the servers of its sandbox in the same process."""

    name = "sandbox"

    def __init__(self, tools, binary, accounts):
        super().__init__(tools, binary, {"MSNP_GATEWAY_BACKEND_SANDBOX_QUIRKS": "pipelines",
                                         "MSNP_GATEWAY_SANDBOX_ACCOUNTS": str(accounts)})

    def command(self, port):
        return [self.binary, "serve", "--listen", "127.0.0.1:0", "--sandbox", "0", "--state", self.state.name]


class MicroHTTPD(Subject):
    name = "mhd"

    def command(self, port):
        return [self.tools / "mhd", str(port), "512"]


class Epoll(Subject):
    name = "epoll"

    def command(self, port):
        return [self.tools / "epoll", str(port)]


class Node(Subject):
    name = "node"

    @staticmethod
    def missing():
        return None if shutil.which("node") else "node is not installed"

    def command(self, port):
        return ["node", HERE / "peers/server.mjs", str(port)]


class AIOHTTP(Subject):
    name = "aiohttp"

    @staticmethod
    def missing():
        return None if importlib.util.find_spec("aiohttp") else "python3 has no aiohttp"

    def command(self, port):
        return [sys.executable, HERE / "peers/server.py", str(port)]


TITLES = {
    "gateway": "the gateway", "mhd": "C on libmicrohttpd", "epoll": "bare epoll in C", "node": "Node", "aiohttp": "aiohttp",
    "prosody": "Prosody, BOSH", "ejabberd": "ejabberd, BOSH",
}
