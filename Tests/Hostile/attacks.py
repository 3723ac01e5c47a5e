"""What attackers do, for the checks that follow each of them and for the benchmark that measures beside them.

Each holds what it began with until it is closed: `with attack(target) as attack: ...`.
"""

import contextlib
import itertools

from evil import MARKS
from target import Raw

HOST = "Host: 127.0.0.1\r\n"
JSON = "Content-Type: application/json\r\n"


def utf8(text):
    """A text that `Raw` sends as UTF-8."""
    return text.encode().decode("latin-1")


def request(method, path, body="", headers=""):
    """A request as `Raw` sends it."""
    body = utf8(body)
    return f"{method} {path} HTTP/1.1\r\n{HOST}{headers}Content-Length: {len(body)}\r\n\r\n{body}"


def long_member(size, letters=MARKS):
    """A JSON object with one member, whose name has about so many bytes."""
    return '{"a' + letters * (size // len(letters.encode())) + '":0}'


def many_members(size):
    """A JSON object of about so many bytes, in members that no call knows."""
    members = itertools.count()
    text, length = [], 2
    while length < size:
        member = f'"m{next(members)}":0'
        text.append(member)
        length += len(member) + 1
    return "{" + ",".join(text) + "}"


ENDLESS_CHUNK = f"GET /livez HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n2;" + "a" * 8100


@contextlib.contextmanager
def connections(target, text, count):
    """So many connections on which that is said and nothing is read."""
    raws = []
    try:
        for _ in range(count):
            raw = Raw(target.port)
            raws.append(raw)
            # The other side may have had enough before it is all said.
            with contextlib.suppress(OSError):
                raw.say(text)
        yield raws
    finally:
        for raw in raws:
            raw.close()


def bearer(token):
    return f"Authorization: Bearer {token}\r\n"
