"""The program as a service manager starts it: sockets that are open already, words about its state, and Unix sockets."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

from harness import PATIENCE

# Becomes a program that finds descriptors from 3 on, and its own number in the environment.
HAND_OVER = """
import fcntl, os, sys
high = [fcntl.fcntl(int(number), fcntl.F_DUPFD_CLOEXEC, 64) for number in sys.argv[1].split(",")]
for index, number in enumerate(high):
    os.dup2(number, 3 + index)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)), LISTEN_FDNAMES="http")
os.execv(sys.argv[2], sys.argv[2:])
"""

OPEN = {"MSNP_GATEWAY_OPEN_SIGN_IN": "true"}


class Manager:
    """What a service manager has: sockets that it keeps, and one at which services say how they are."""

    def __init__(self, binary, name=None, sockets=(), watchdog=None):
        self.binary, self.sockets, self.watchdog = binary, list(sockets), watchdog
        self.notify = None
        if name:
            self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.notify.settimeout(PATIENCE)
            self.notify.bind(name.replace("@", "\0"))
        self.name = name

    def start(self, *arguments, environment=None):
        """The program with the sockets from descriptor 3 on."""
        command = [self.binary, "serve", "--sandbox", "0", *arguments]
        variables = {**os.environ, **(environment or {})}
        if self.notify:
            variables["NOTIFY_SOCKET"] = self.name
        if self.watchdog:
            variables["WATCHDOG_USEC"] = str(self.watchdog)
        numbers = [each.fileno() for each in self.sockets]
        if numbers:
            command = [sys.executable, "-c", HAND_OVER, ",".join(map(str, numbers)), *command]
        return subprocess.Popen(
            command, pass_fds=numbers, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=variables)

    def hears(self, wanted):
        """Waits for a word, passing others over; what came before it."""
        others = []
        while True:
            word = self.notify.recv(4096).decode()
            if word.startswith(wanted):
                return others
            others.append(word)


def end(process):
    """Ends it as an operator would; exit code, and what it said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def listener(address, family=socket.AF_INET):
    there = socket.socket(family)
    there.bind(address)
    there.listen(16)
    return there


def call(address, method, path, body=None, headers=""):
    """Status and JSON of a request to a Unix socket, or to a host and port."""
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(address)
        text = json.dumps(body) if body is not None else ""
        kind = "Content-Type: application/json\r\n" if body is not None else ""
        connection.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}{kind}"
            f"Content-Length: {len(text)}\r\n\r\n{text}".encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head, _, rest = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(rest)


SIGN_IN = {"account": "alice@example.com", "password": "sandbox"}


def words(binary):
    """A service manager hears that the gateway is ready, reads settings again, lives, and stops."""
    with tempfile.TemporaryDirectory() as place:
        for name in [f"{place}/notify", f"@msnp-gateway-{os.getpid()}"]:
            manager = Manager(binary, name, [listener(("127.0.0.1", 0))], watchdog=200_000)
            address = manager.sockets[0].getsockname()
            process = manager.start()
            assert all(word == "WATCHDOG=1" for word in manager.hears("READY=1"))
            assert call(address, "GET", "/readyz")[0] == 200
            manager.hears("WATCHDOG=1")
            process.send_signal(signal.SIGHUP)
            manager.hears("RELOADING=1\nMONOTONIC_USEC=")
            manager.hears("READY=1")
            process.send_signal(signal.SIGTERM)
            manager.hears("STOPPING=1")
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0


def activation(binary):
    """Sockets that are open already are served, each by its address, and whoever comes between two gateways waits."""
    with tempfile.TemporaryDirectory() as place:
        path = f"{place}/http.sock"
        manager = Manager(binary, f"{place}/notify", [listener(("127.0.0.1", 0))])
        address = manager.sockets[0].getsockname()
        first = manager.start("--listen", "0.0.0.0:1")
        manager.hears("READY=1")
        # Loopback, as the socket is, whatever the flag says.
        assert call(address, "POST", "/v1/sessions", SIGN_IN)[0] == 201
        code, said = end(first)
        assert code == 0 and "take the place of listen" in said, said

        # Nobody is there: the kernel keeps the connection.
        with socket.create_connection(address, timeout=PATIENCE) as early:
            early.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            second = manager.start()
            assert early.recv(4096).startswith(b"HTTP/1.1 200 ")
            manager.hears("READY=1")
            assert end(second)[0] == 0

        # With a Unix socket among them it is not loopback alone any more.
        manager = Manager(binary, f"{place}/notify-2", [manager.sockets[0], listener(path, socket.AF_UNIX)])
        refused = manager.start()
        _, said = refused.communicate(timeout=PATIENCE)
        assert refused.returncode == 78 and f"unix:{path} can be reached by others" in said, said
        opened = manager.start(environment=OPEN)
        manager.hears("READY=1")
        for where in [address, path]:
            assert call(where, "POST", "/v1/sessions", SIGN_IN)[0] in (200, 201)
        # What is loopback's alone is nobody's.
        assert call(address, "POST", "/v1/sandbox/faults", {"fault": "busy"})[0] == 401
        assert end(opened)[0] == 0
        assert pathlib.Path(path).is_socket(), "a socket that is somebody else's was removed"
        wrong = Manager(binary, None, [socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)]).start()
        _, said = wrong.communicate(timeout=PATIENCE)
        assert wrong.returncode == 78 and "LISTEN_FDS" in said, said


def unix(binary):
    """At a Unix socket a proxy is believed, loopback's rights are nobody's, and the file goes at the stop."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        path = f"{place}/http.sock"
        with tempfile.TemporaryDirectory() as other:
            manager = Manager(binary, f"{other}/notify")
            stack.callback(manager.notify.close)
            closed = manager.start("--listen", f"unix:{path}")
            _, said = closed.communicate(timeout=PATIENCE)
            assert closed.returncode == 78 and "openSignIn" in said, said
            process = manager.start("--listen", f"unix:{path}", environment=OPEN)
            manager.hears("READY=1")
            assert os.stat(path).st_mode & 0o777 == 0o660
            status, answer = call(path, "POST", "/v1/sessions", SIGN_IN)
            assert status == 201, answer
            assert call(path, "POST", "/v1/sandbox/faults", {"fault": "busy"})[0] == 401
            # Whom the proxy names is who is slowed: another is not.
            wrong = {"account": "bob@example.com", "password": "no"}
            for _ in range(6):
                call(path, "POST", "/v1/sessions", wrong, "X-Forwarded-For: 192.0.2.1\r\n")
            assert call(path, "POST", "/v1/sessions", wrong, "X-Forwarded-For: 192.0.2.1\r\n")[0] == 429
            right = {"account": "carol@example.com", "password": "sandbox"}
            assert call(path, "POST", "/v1/sessions", right, "X-Forwarded-For: 192.0.2.2\r\n")[0] == 201
            second = manager.start("--listen", f"unix:{path}", environment=OPEN)
            _, said = second.communicate(timeout=PATIENCE)
            assert second.returncode == 1 and "Address already in use" in said, said
            assert call(path, "GET", "/livez")[0] == 200
            # What a killed one leaves is taken over.
            process.kill()
            process.communicate(timeout=PATIENCE)
            assert os.path.exists(path)
            third = manager.start("--listen", f"unix:{path}", environment=OPEN)
            manager.hears("READY=1")
            assert call(path, "GET", "/livez")[0] == 200
            assert end(third)[0] == 0
            assert not os.path.exists(path)
