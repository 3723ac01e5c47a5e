"""Who reads the feed of the key: all that its sessions tell, in one order that no kill and no restart changes."""

import collections
import json
import random
import socket
import threading
import time

from ledger import raw_events
from world import LOOKED_BACK, PAUSE, Gone

# Seconds after which a stream that says nothing is asked whether the run is over.
QUIET = 1


class FeedReaders:
    """One that polls, one that polls by name, and one that streams."""

    def __init__(self, world, ledger, seed):
        self.world, self.ledger, self.seed = world, ledger, seed
        # By reader: how far each session has been read.
        self.last = {body.__name__: collections.Counter() for body in (self.poll, self.consume, self.stream)}

    def begin(self):
        for body in (self.poll, self.consume, self.stream):
            threading.Thread(target=self._guarded, args=(body,), daemon=True).start()

    def behind(self, session, head):
        """Who has not read a session's events up to a number."""
        return [name for name, last in self.last.items() if last[session] < head]

    def _guarded(self, body):
        try:
            body()
        except Gone:
            pass
        except BaseException as error:
            self.ledger.complain(f"the feed's {body.__name__} ended: {error!r}")
            raise

    def _take(self, name, page, last):
        """Notes what came behind `last`, and returns how far that is."""
        last = collections.Counter(last)
        for raw, event in page:
            session = event["sessionId"]
            last[session] = self.ledger.read(f"the feed's {name}", session, [(raw, event)], last[session])
        return last

    def _page(self, query):
        while True:
            if self.world.is_read or self.world.is_over:
                raise Gone
            self.world.check()
            try:
                status, text = self.world.once("GET", f"/v1/events?{query}")
            except OSError:
                time.sleep(PAUSE)
                continue
            if status == 503:
                time.sleep(PAUSE)
                continue
            if status != 200:
                self.ledger.complain(f"the feed's poll {query} is answered {status} {text[:300]}")
                raise Gone
            return raw_events(text), json.loads(text)["next"]

    def poll(self):
        """Reads everything, and now and then something once more, which is the same in the same order."""
        chance = random.Random(self.seed)
        last, cursor, had = collections.Counter(), "oldest", collections.deque(maxlen=LOOKED_BACK)
        while True:
            page, following = self._page(f"after={cursor}&wait=2&limit={chance.choice([1, 7, 100, 500])}")
            last = self.last["poll"] = self._take("poll", page, last)
            if page and cursor != "oldest":
                had.append((cursor, [raw for raw, _ in page]))
            cursor = following
            if had and chance.random() < 0.05:
                before, raws = chance.choice(had)
                again, _ = self._page(f"after={before}&wait=0&limit={len(raws)}")
                if [raw for raw, _ in again] != raws:
                    self.ledger.complain(f"the feed after {before} was {raws} and is {[raw for raw, _ in again]}")

    def consume(self):
        """Reads by name, and says what it has only after it had it."""
        chance = random.Random(~self.seed)
        had, committed = None, collections.Counter()
        while True:
            place = ""
            # Without `after` nothing is said, and the same comes again.
            if chance.random() < 0.7 and had is not None:
                committed, place = had[0], f"&after={had[1]}"
            page, following = self._page(f"consumer=chaos&wait=2&limit=20{place}")
            last = self._take("consumer", page, committed)
            if page:
                had = (last, following)
                self.last["consume"] = last

    def stream(self):
        """Streams, and goes on behind the last ID when the stream has ended."""
        last, at = collections.Counter(), None
        while True:
            lines = self._stream(at)
            event = {}
            for line in lines:
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                at = event.get("id", at)
                if event.get("event") == "gap":
                    self.ledger.complain(f"the feed's stream after {at} is told of a gap: {event}")
                    raise Gone
                if "data" in event:
                    last = self.last["stream"] = self._take("stream", [(event["data"], json.loads(event["data"]))], last)
                event = {}
            time.sleep(PAUSE)

    def _stream(self, at):
        """The lines of one stream, up to its end."""
        head = f"GET /v1/stream?after=oldest HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer {self.world.key}\r\n"
        if at:
            head += f"Last-Event-ID: {at}\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self.world.port), timeout=QUIET) as connection:
                connection.sendall((head + "\r\n").encode())
                rest = b""
                body = None
                while True:
                    if self.world.is_read or self.world.is_over:
                        raise Gone
                    self.world.check()
                    try:
                        more = connection.recv(1 << 16)
                    except TimeoutError:
                        continue
                    if not more:
                        return
                    rest += more
                    if body is None:
                        if b"\r\n\r\n" not in rest:
                            continue
                        answer, _, rest = rest.partition(b"\r\n\r\n")
                        body = answer.split()[1] == b"200"
                        if not body:
                            if answer.split()[1] != b"503":
                                self.ledger.complain(f"the feed's stream after {at} is answered {answer[:300]}")
                                raise Gone
                            return
                    *whole, rest = rest.split(b"\n")
                    yield from (line.decode() for line in whole)
        except OSError:
            return
