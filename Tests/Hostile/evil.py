"""A hostile backend: a notification server and a switchboard that say what a script of `SCRIPTS` wants.

Standard library alone; one thread for each connection.
"""

import contextlib
import socket
import threading

ALICE = "alice@example.com"
BOB = "bob@example.com"
EVE = "eve@example.com"
# A letter with these on it is one character to people, and work that grows with the square to whoever normalizes it.
MARKS = "\u0301\u0323"
# Commands of clients that announce bytes behind their line.
PAYLOADS = {"MSG", "QRY", "PAG", "SDC"}


class Connection:
    """One client, as a script sees it."""

    def __init__(self, server, client, number):
        self.server = server
        self.client = client
        self.number = number
        # Of a switchboard: the transaction of the last command.
        self.transaction = "0"

    def say(self, *lines):
        self.client.sendall("".join(line + "\r\n" for line in lines).encode())

    def payload(self, line, payload):
        data = payload if isinstance(payload, bytes) else payload.encode()
        self.client.sendall(f"{line} {len(data)}\r\n".encode() + data)

    def close(self):
        with contextlib.suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)


class Server:
    """Listens on a free port of loopback, and calls `on_XYZ(connection, words)` of the script for each command."""

    def __init__(self, script):
        self.script = script
        self.lock = threading.Lock()
        self.accepted = 0
        # Each line that was received, without its payload.
        self.received = []
        self.connections = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self.accepted += 1
                connection = Connection(self, client, self.accepted)
                self.connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError, ValueError), connection.client, connection.client.makefile("rb") as lines:
            for line in lines:
                words = line.decode(errors="replace").rstrip("\r\n").split(" ")
                if words[0] in PAYLOADS:
                    lines.read(int(words[-1]))
                with self.lock:
                    self.received.append(" ".join(words))
                action = getattr(self.script, f"on_{words[0]}", None)
                if action:
                    connection.transaction = words[1] if len(words) > 1 else "0"
                    action(connection, words)
        with self.lock:
            self.connections.discard(connection)

    def say(self, *lines):
        """Says something on each connection that there is."""
        with self.lock:
            connections = list(self.connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.say(*lines)

    def close(self):
        self._listener.close()
        with self.lock:
            connections = list(self.connections)
        for connection in connections:
            connection.close()


class Notification:
    """A notification server that takes any password of any account, with bob as the only contact."""

    def __init__(self, evil):
        self.evil = evil

    def on_VER(self, connection, words):
        connection.say(f"VER {words[1]} MSNP6")

    def on_INF(self, connection, words):
        connection.say(f"INF {words[1]} MD5")

    def on_USR(self, connection, words):
        if words[3] == "I":
            connection.account = words[4]
            connection.say(f"USR {words[1]} MD5 S 1013928519.693957190")
        else:
            connection.say(f"USR {words[1]} OK {connection.account} Somebody 1")

    def lists(self):
        """The lines of the lists: which list, its place in it, how many there are, and who."""
        for name in ("FL", "AL", "BL", "RL"):
            yield f"{name} 1 1 {BOB} Bob" if name != "BL" else "BL 0 0"

    def on_SYN(self, connection, words):
        connection.say(f"SYN {words[1]} 3", *(
            f"LST {words[1]} {line[:2]} 3 {line[3:]}" for line in self.lists()))

    def on_CHG(self, connection, words):
        connection.say(" ".join(words))

    def on_REA(self, connection, words):
        connection.say(f"REA {words[1]} 4 {' '.join(words[2:])}")

    def on_PNG(self, connection, words):
        connection.say("QNG")

    def on_URL(self, connection, words):
        connection.say(f"URL {words[1]} http://members.example/ https://login.example/ 4263")

    def on_XFR(self, connection, words):
        connection.say(f"XFR {words[1]} SB {self.evil.switchboard_address} CKI 17262.1")

    def on_OUT(self, connection, words):
        connection.close()


class Switchboard:
    """A switchboard where everybody who is called comes at once, and every message is acknowledged."""

    def __init__(self, evil):
        self.evil = evil

    def on_USR(self, connection, words):
        connection.say(f"USR {words[1]} OK {words[2]} Somebody")

    def on_ANS(self, connection, words):
        connection.say(f"IRO {words[1]} 1 1 {BOB} Bob", f"ANS {words[1]} OK")

    def on_CAL(self, connection, words):
        connection.say(f"CAL {words[1]} RINGING 4711", f"JOI {words[2]} Somebody")

    def on_MSG(self, connection, words):
        if words[2] == "A":
            connection.say(f"ACK {words[1]}")

    def on_OUT(self, connection, words):
        connection.close()


class LongHandles(Notification):
    """Its lists have 500 handles of 16 KB each."""

    letters = MARKS

    def lists(self):
        text = self.letters * (15_000 // len(self.letters.encode()))
        for number in range(1, 501):
            yield f"FL {number} 500 {number}{text}@example.com Name"
        yield from (f"AL 1 1 {BOB} Bob", "BL 0 0", f"RL 1 1 {BOB} Bob")


class LongPlainHandles(LongHandles):
    letters = "ab"


class LongFields(Notification):
    """Says messages with a header name of 60 KB, right after the first status."""

    letters = MARKS

    def on_CHG(self, connection, words):
        connection.say(" ".join(words))
        name = self.letters * (60_000 // len(self.letters.encode()))
        for _ in range(10):
            connection.payload(
                "MSG Hotmail Hotmail", f"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n{name}: x\r\n\r\nx")


class LongPlainFields(LongFields):
    letters = "ab"


class LongFonts(Switchboard):
    """Says 50 texts in a font whose name is as long as a payload."""

    letters = MARKS

    def on_MSG(self, connection, words):
        super().on_MSG(connection, words)
        name = self.letters * (60_000 // len(self.letters.encode()))
        for _ in range(50):
            connection.payload(
                f"MSG {BOB} Bob", "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                f"X-MMS-IM-Format: FN={name}; EF=; CO=0; CS=0; PF=22\r\n\r\nHi")


class LongPlainFonts(LongFonts):
    letters = "ab"


class SomebodyElseFirst(Switchboard):
    """Lets somebody else in before whoever was called, each time."""

    def on_CAL(self, connection, words):
        connection.say(f"CAL {words[1]} RINGING 4711")

    def on_USR(self, connection, words):
        connection.say(f"USR {words[1]} OK {words[2]} Somebody", f"JOI {EVE} Eve", f"JOI {BOB} Bob")


class Deaf(Switchboard):
    """Nobody whom it is asked to call is there."""

    def on_CAL(self, connection, words):
        connection.say(f"217 {words[1]}")


class Elsewhere(Notification):
    """Refers to the address that `evil.elsewhere` names for each switchboard."""

    def on_XFR(self, connection, words):
        connection.say(f"XFR {words[1]} SB {self.evil.elsewhere} CKI 17262.1")


# By name: the notification server's and the switchboard's script.
SCRIPTS = {
    "friendly": (Notification, Switchboard),
    "long handles": (LongHandles, Switchboard),
    "long plain handles": (LongPlainHandles, Switchboard),
    "long fields": (LongFields, Switchboard),
    "long plain fields": (LongPlainFields, Switchboard),
    "long fonts": (Notification, LongFonts),
    "long plain fonts": (Notification, LongPlainFonts),
    "somebody else first": (Notification, SomebodyElseFirst),
    "deaf": (Notification, Deaf),
    "elsewhere": (Elsewhere, Switchboard),
}


class Evil:
    """A backend that behaves as a script of `SCRIPTS` says, until it is closed."""

    def __init__(self, name="friendly"):
        notification, switchboard = SCRIPTS[name]
        # Where `Elsewhere` refers to.
        self.elsewhere = None
        self.switchboard = Server(switchboard(self))
        self.switchboard_address = f"127.0.0.1:{self.switchboard.port}"
        self.notification = Server(notification(self))

    @property
    def backend(self):
        """As `--backend` wants it."""
        return f"evil=127.0.0.1:{self.notification.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.notification.close()
        self.switchboard.close()
