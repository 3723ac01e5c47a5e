"""The same as server.mjs, on aiohttp: server.py PORT-OF-THE-SERVER"""

import asyncio
import datetime
import json
import secrets
import sys
import urllib.parse

from aiohttp import web

STATES = {"NLN": "online", "AWY": "away", "BSY": "busy"}
LISTS = {"FL": "forward", "AL": "allow", "BL": "block", "RL": "reverse"}
sessions = {}


def now():
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Session(asyncio.Protocol):
    def __init__(self, account):
        self.account, self.id, self.token = account, secrets.token_urlsafe(12), "mgt_" + secrets.token_urlsafe(32)
        self.created, self.status, self.number, self.rest = now(), "offline", 0, b""
        self.contacts, self.journal, self.waiting, self.initial = {}, [], [], []
        self.entered = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.tell("VER", "MSNP6", "CVR0")

    def data_received(self, data):
        *lines, self.rest = (self.rest + data).split(b"\r\n")
        for line in lines:
            self.hear(*line.decode().split(" "))

    def tell(self, command, *words):
        self.number += 1
        self.transport.write(" ".join((command, str(self.number), *map(str, words))).encode() + b"\r\n")

    def record(self, kind, data):
        seq = len(self.journal) + 1
        self.journal.append({"data": data, "id": f"{self.id}.{seq}", "seq": seq, "sessionId": self.id, "time": now(), "type": kind})
        waiting, self.waiting = self.waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def change(self, state, account, name):
        contact = self.contacts[account]
        previous = contact["status"]
        contact.update(status=STATES[state], displayName=urllib.parse.unquote(name))
        return {"account": account, "displayName": contact["displayName"], "previous": previous, "status": contact["status"]}

    def hear(self, command, *words):
        if command == "VER":
            self.tell("INF")
        elif command == "INF":
            self.tell("USR", "MD5", "I", self.account)
        elif command == "USR":
            self.tell("SYN", 0) if words[1] == "OK" else self.tell("USR", "MD5", "S", "9dd4e461268c8034f5c8564e155c67a6")
        elif command == "LST":
            if len(words) > 5:
                contact = self.contacts.setdefault(words[5], {
                    "account": words[5], "blocked": False, "displayName": urllib.parse.unquote(words[6]), "lists": [],
                    "pending": False, "phones": {}, "status": "offline"})
                contact["lists"].append(LISTS[words[1]])
            if words[1] == "RL" and words[3] == words[4]:
                self.tell("CHG", "NLN")
        elif command == "ILN":
            self.initial.append(self.change(*words[1:4]))
            if len(self.initial) == len(self.contacts):
                self.status = "online"
                self.record("presence.initial", {"complete": True, "contacts": self.initial})
                self.entered.set_result(None)
        elif command == "NLN":
            self.record("presence.changed", self.change(*words[:3]))

    def describe(self):
        return {"account": self.account, "backend": "bench", "createdAt": self.created, "cursor": f"{self.id}.{len(self.journal)}",
                "displayName": "Somebody", "id": self.id, "lastReceivedAt": now(), "protocol": "MSNP6", "state": "online",
                "status": self.status, "verified": True}

    def page(self, after):
        events = [event for event in self.journal[after:] if event["type"] == "presence.changed"]
        return {"events": events, "next": f"{self.id}.{len(self.journal)}", "more": False}


LIMITS = {"RateLimit-Policy": '"polls";q=64;qu="concurrent-requests"', "RateLimit": '"polls";r=64'}


def answer(body, status=200, **fields):
    return web.Response(text=json.dumps(body, separators=(",", ":")), status=status, content_type="application/json", headers={
        "Cache-Control": "no-store", "X-Request-Id": secrets.token_urlsafe(12), "X-Content-Type-Options": "nosniff", **fields})


async def sign_in(request):
    session = Session((await request.json())["account"])
    sessions[session.id] = session
    await asyncio.get_running_loop().create_connection(lambda: session, "127.0.0.1", int(sys.argv[1]))
    await session.entered
    return answer({"session": session.describe(), "token": session.token}, 201, Location=f"/v1/sessions/{session.id}")


async def read(request):
    session, what = sessions.get(request.match_info["id"]), request.match_info.get("what")
    if session is None or request.headers.get("Authorization") != f"Bearer {session.token}":
        return answer({"code": "unauthorized"}, 401)
    contacts = list(session.contacts.values())
    if what is None:
        return answer(session.describe())
    if what == "presence":
        return answer({"status": session.status})
    if what == "contacts":
        return answer({"contacts": contacts}, ETag=f'"{secrets.token_urlsafe(12)}"')
    if what == "snapshot":
        return answer({"contacts": contacts, "conversations": [], "cursor": f"{session.id}.{len(session.journal)}", "phones": {},
                       "privacy": {"promptOnAdd": True, "unknownContacts": "allow"}, "session": session.describe()})
    after = int(request.query["after"].rsplit(".", 1)[1])
    if not session.page(after)["events"]:
        future = asyncio.get_running_loop().create_future()
        session.waiting.append(future)
        try:
            await asyncio.wait_for(future, 50)
        except TimeoutError:
            session.waiting.remove(future)
    return answer(session.page(after), **LIMITS)


async def main():
    application = web.Application()
    application.add_routes([web.post("/v1/sessions", sign_in), web.get("/v1/sessions/{id}", read),
                            web.get("/v1/sessions/{id}/{what}", read)])
    runner = web.AppRunner(application, access_log=None, keepalive_timeout=600)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    print(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
