"""What stands between a gateway and an MSN server and fails on order: cut, half closed, silent, slow, garbled, refused."""

import asyncio
import collections
import contextlib
import re
import threading

# Seconds between two bytes of a slow connection.
TRICKLE = 0.002
# Where commands name another server; what stands there is replaced by a port of the proxy.
REFERRAL = re.compile(rb"^(XFR \d+ (?:NS|SB) |RNG \d+ )([0-9.]+):(\d+)")
GARBAGE = [
    b"\r\n\r\n", b"MSG x y -1\r\n", b"\xff\xfe\x00\x01\r\n", b"NLN\r\n", b"XFR 0 NS nowhere\r\n", b"LST 1 FL\r\n",
    b"MSG a@example.com a 99999999999\r\n", b"ILN 1 ??? \x00 %zz\r\n",
]


class Link:
    """One connection of the gateway and the one behind it."""

    def __init__(self, number, gateway, server):
        self.number, self.gateway, self.server = number, gateway, server
        self.is_slow = False
        self._has_ended = False
        # The texts that went out, by the numbers of their commands.
        self.sent = {}

    def cut(self):
        for writer in (self.gateway, self.server):
            writer.transport.abort()

    def half_close(self):
        self._has_ended = True
        with contextlib.suppress(OSError):
            self.gateway.write_eof()

    def garble(self, garbage):
        # In the midst of what comes slowly it would be part of somebody's text. Where the server has ended it, this end is closed.
        if not self._has_ended and not self.is_slow:
            with contextlib.suppress(RuntimeError):
                self.gateway.write(garbage)

    def put(self, writer, data):
        """Passes something on; throws `OSError` where that is over."""
        if writer.transport.is_closing() or (self._has_ended and writer is self.gateway):
            raise ConnectionAbortedError
        writer.write(data)

    def slow(self):
        self.is_slow = True


class FaultyProxy:
    """Listens for one server, and for each other that it refers to.

    Its loop has a thread of its own; all but `close` returns at once.
    """

    def __init__(self, target):
        self.links = {}
        # How often each text was sent to a server, and how often one said that it did not arrive.
        self.texts, self.refused = collections.Counter(), collections.Counter()
        self._made = 0
        self._ports = {}
        self._servers = []
        self._is_refusing = False
        self._passes = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self._wait(self._listen(target))

    def close(self):
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    # MARK: - Faults

    def fault(self, name, random):
        """Has one of the links, or all of them, fail; nothing where there is none."""
        # As many numbers of the generator, however many links there are: what it says next is not to depend on that.
        has_all, which, garbage = random.random() < 0.2, random.random(), random.choice(GARBAGE)
        numbers = sorted(self.links)
        chosen = numbers if has_all else numbers[int(which * len(numbers)):][:1]
        for number in chosen:
            self._loop.call_soon_threadsafe(self._fail, number, name, garbage)

    def hold(self, is_holding):
        """Has nothing pass, in either direction, until it is told otherwise."""
        self._loop.call_soon_threadsafe(self._passes.clear if is_holding else self._passes.set)

    def refuse(self, is_refusing):
        """Has new connections closed, until it is told otherwise."""
        self._is_refusing = is_refusing

    def heal(self):
        """From here on all is well, for what is connected anew too."""
        self.refuse(False)
        self.hold(False)
        for link in list(self.links.values()):
            link.is_slow = False

    def _fail(self, number, name, garbage):
        link = self.links.get(number)
        if link is None:
            return
        if name == "garble":
            link.garble(garbage)
        else:
            getattr(link, name)()

    # MARK: - Passing on

    def _wait(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self, target):
        if self._passes is None:
            self._passes = asyncio.Event()
            self._passes.set()
        if target not in self._ports:
            server = await asyncio.start_server(lambda r, w: self._serve(r, w, target), "127.0.0.1", 0)
            self._servers.append(server)
            self._ports[target] = server.sockets[0].getsockname()[1]
        return self._ports[target]

    async def _close(self):
        for server in self._servers:
            server.close()
        for link in list(self.links.values()):
            link.cut()

    async def _serve(self, reader, writer, target):
        if self._is_refusing:
            writer.transport.abort()
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.transport.abort()
            return
        self._made += 1
        link = self.links[self._made] = Link(self._made, writer, to_server)
        await asyncio.gather(
            self._pass(reader, to_server, link, self._command), self._pass(from_server, writer, link, self._frame),
            return_exceptions=True)
        self.links.pop(link.number, None)
        link.cut()

    async def _pass(self, reader, writer, link, read):
        try:
            while data := await read(reader, link):
                await self._passes.wait()
                if link.is_slow:
                    for byte in data[:200]:
                        link.put(writer, bytes([byte]))
                        await asyncio.sleep(TRICKLE)
                    data = data[200:]
                link.put(writer, data)
                await writer.drain()
            writer.write_eof()
        except (OSError, asyncio.IncompleteReadError, ValueError):
            link.cut()

    async def _command(self, reader, link):
        """One command of the gateway with its payload; texts are noted."""
        line = await reader.readline()
        words = line.split()
        if words[:1] in ([b"MSG"], [b"QRY"]):
            payload = await reader.readexactly(int(words[-1]))
            head, _, text = payload.partition(b"\r\n\r\n")
            if words[0] == b"MSG" and b"text/plain" in head:
                link.sent[words[1]] = text.decode()
                self.texts[text.decode()] += 1
            return line + payload
        return line

    async def _frame(self, reader, link):
        """One command of the server with its payload; the place of another server is one of the proxy's."""
        line = await reader.readline()
        words = line.split()
        if words[:1] and words[0] in (b"MSG", b"NOT", b"IPG"):
            return line + await reader.readexactly(int(words[-1]))
        if words[:1] == [b"NAK"]:
            self.refused[link.sent.get(words[1])] += 1
        if found := REFERRAL.match(line):
            port = await self._listen(int(found[3]))
            return found[1] + b"127.0.0.1:%d" % port + line[found.end():]
        return line
