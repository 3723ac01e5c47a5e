"""A server of the protocol that takes any password, and knows what of each sign-in is secret."""

import hashlib
import secrets
import socketserver
import threading

# Who is refused, whatever they say.
REFUSED = "refused@example.com"
CHALLENGE_ID = ("msmsgs@msnmsgr.com", "Q1P7W2E4J9R8U3S5")


class LenientServer:
    """Dispatch, notification server and caller in one, on a free port of this machine."""

    def __init__(self):
        # Tickets, cookies and what answers challenges, of all sign-ins.
        self.secrets = set()
        self.refused = {REFUSED}
        self.lock = threading.Lock()
        outer = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    outer.converse(self.rfile, self.wfile)
                except (OSError, ValueError):
                    pass

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.listener = Listener(("127.0.0.1", 0), Connection)
        self.port = self.listener.server_address[1]
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()

    def note(self, secret):
        with self.lock:
            self.secrets.add(secret)
        return secret

    def converse(self, lines, out):
        account = challenge = None
        while line := lines.readline():
            command, number, *words = line.decode().split()
            if command == "VER":
                answer = f"VER {number} MSNP6\r\n"
            elif command == "INF":
                answer = f"INF {number} MD5\r\n"
            elif command == "USR" and words[1] == "I":
                account, challenge = words[2], secrets.token_hex(10)
                answer = f"USR {number} MD5 S {challenge}\r\n"
            elif command == "USR":
                self.note(words[2])
                if account in self.refused:
                    answer = f"911 {number}\r\n"
                else:
                    answer = f"USR {number} OK {account} {account} 1\r\n" + self.profile()
            elif command == "SYN":
                answer = f"SYN {number} 3\r\nGTC {number} 3 A\r\nBLP {number} 3 AL\r\n"
                answer += "".join(f"LST {number} {name} 3 0 0\r\n" for name in ("FL", "AL", "BL", "RL"))
            elif command == "CHG":
                question, cookie = secrets.token_hex(10), self.note(secrets.token_hex(16))
                self.note(hashlib.md5((question + CHALLENGE_ID[1]).encode()).hexdigest())
                answer = line.decode() + f"CHL 0 {question}\r\n"
                answer += f"RNG 1 127.0.0.1:{self.port} CKI {cookie} somebody@example.com Somebody\r\n"
            elif command == "QRY":
                self.note(lines.read(int(words[-1])).decode())
                answer = f"QRY {number}\r\n"
            elif command == "OUT":
                return
            else:
                answer = ""
            out.write(answer.encode())

    def profile(self):
        ticket = self.note(secrets.token_urlsafe(40))
        fields = {"LoginTime": "1000000000", "EmailEnabled": "1", "MemberIdHigh": "1", "MemberIdLow": "2", "lang_preference": "1033",
                  "country": "DE", "PostalCode": "", "Gender": "", "Kid": "0", "Age": "", "sid": "507", "kv": "4", "MSPAuth": ticket}
        text = "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile; charset=UTF-8\r\n"
        text += "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
        return f"MSG Hotmail Hotmail {len(text)}\r\n{text}"
