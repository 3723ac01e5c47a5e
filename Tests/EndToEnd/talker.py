"""A person on plain MSNP who calls somebody and counts what is acknowledged and what comes back."""

import hashlib
import socket
import threading

from harness import PATIENCE


class Gone(Exception):
    """The other end closed, or said something that ends this."""


class Line:
    """A connection that is read in a thread of its own."""

    def __init__(self, port, heard):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.settimeout(None)
        self.heard = heard
        self.number = 0
        self.changed = threading.Condition()
        self.answers = {}
        self.is_open = True

    def start(self):
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            lines = self.socket.makefile("rb")
            while line := lines.readline():
                words = line.decode().rstrip("\r\n").split(" ")
                payload = lines.read(int(words[-1])) if words[0] in ("MSG", "NOT", "IPG") else b""
                self.heard(self, words, payload)
                with self.changed:
                    if len(words) > 1 and words[1].isdigit():
                        self.answers.setdefault(int(words[1]), words)
                    self.changed.notify_all()
        except (OSError, ValueError, Gone):
            pass
        self.close()

    def say(self, command, rest="", payload=None):
        """Sends a command; its number."""
        self.number += 1
        text = f"{command} {self.number} {rest}".strip()
        data = text.encode() + b"\r\n" if payload is None else f"{text} {len(payload)}\r\n".encode() + payload
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Gone from error
        return self.number

    def ask(self, command, rest="", payload=None):
        """Sends a command; the first line that carries its number."""
        number = self.say(command, rest, payload)
        self.wait(lambda: number in self.answers)
        return self.answers.pop(number)

    def wait(self, condition, seconds=PATIENCE):
        """Until something holds; throws when the connection ends first. Whether it came to hold."""
        with self.changed:
            self.changed.wait_for(lambda: condition() or not self.is_open, seconds)
            if not condition() and not self.is_open:
                raise Gone
            return condition()

    def close(self):
        with self.changed:
            self.is_open = False
            self.changed.notify_all()
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


class Talker:
    """Signed in, with one contact. `text` is called with each text that comes."""

    def __init__(self, port, account, contact, text):
        self.account, self.contact, self.text = account, contact, text
        self.is_there = False
        self.rooms = []
        line = Line(port, self._heard)
        line.start()
        try:
            place = self._begin(line).split(":")
            line.close()
            self.line = line = Line(int(place[1]), self._heard)
            line.start()
            challenge = self._begin(line)
            answer = hashlib.md5((challenge + "sandbox").encode()).hexdigest()
            if line.ask("USR", "MD5 S " + answer)[2:3] != ["OK"]:
                raise Gone
            line.ask("SYN", "0")
            line.ask("ADD", f"FL {contact} {contact}")
            line.ask("CHG", "NLN")
        except (Gone, OSError, IndexError):
            line.close()
            raise

    def _begin(self, line):
        """Dialect and account; the place to go to, or the challenge."""
        # Without the challenges of MSNP6.
        line.ask("VER", "MSNP5 CVR0")
        line.ask("INF")
        answer = line.ask("USR", f"MD5 I {self.account}")
        return answer[3] if answer[0] == "XFR" else answer[4]

    def _heard(self, line, words, payload):
        if words[0] in ("NLN", "FLN") or words[0] == "ILN":
            name = words[{"NLN": 2, "FLN": 1, "ILN": 3}[words[0]]]
            if name == self.contact:
                self.is_there = words[0] != "FLN"
        elif words[0] == "RNG":
            room = Line(int(words[2].split(":")[1]), self._heard)
            room.people = {self.contact}
            self.rooms.append(room)
            room.start()
            room.say("ANS", f"{self.account} {words[4]} {words[1]}")
        elif words[0] == "JOI":
            line.people.add(words[1])
        elif words[0] == "BYE":
            line.people.discard(words[1])
            if not line.people:
                raise Gone
        elif words[0] == "MSG":
            head, _, body = payload.partition(b"\r\n\r\n")
            if b"text/plain" in head:
                self.text(body.decode())

    def call(self):
        """A room with the contact in it, or nothing, if they can't be reached now."""
        answer = self.line.ask("XFR", "SB")
        if answer[0] != "XFR":
            return None
        room = Line(int(answer[3].split(":")[1]), self._heard)
        room.people = set()
        self.rooms.append(room)
        room.start()
        try:
            if room.ask("USR", f"{self.account} {answer[5]}")[2:3] != ["OK"]:
                raise Gone
            if room.ask("CAL", self.contact)[0] == "CAL":
                if room.wait(lambda: room.people):
                    return room
            else:
                self.is_there = False
        except Gone:
            pass
        room.close()
        return None

    def send(self, room, text):
        """Whether the switchboard acknowledged it."""
        payload = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" + text.encode()
        return room.ask("MSG", "A", payload)[0] == "ACK"

    def leave(self):
        for line in [self.line, *self.rooms]:
            line.close()
