"""A receiver of webhooks that believes nothing but what Standard Webhooks' own library has verified."""

import collections
import http.server
import json
import threading

from standardwebhooks import Webhook

from harness import PATIENCE

Taken = collections.namedtuple("Taken", "id body events")


class Receiver:
    """Keeps each body, in the order in which they came.

    `decide` is called with each before it is answered, and gives the status, or nothing for 204; fields too, with a tuple.
    """

    def __init__(self, decide=None):
        self.decide = decide
        self.secrets = []
        self.taken = []
        self.problems = []
        self.changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                status = receiver.take(self.path, dict(self.headers.items()), body)
                status, fields = status if isinstance(status, tuple) else (status, {})
                self.send_response(status)
                for name, value in {"content-length": "0", **fields}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A gateway that is killed breaks connections off."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook?secret=42"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, fields, body):
        try:
            assert path == "/hook?secret=42", path
            for secret in self.secrets:
                Webhook(secret).verify(body, fields)
            events = json.loads(body)["events"]
            assert 1 <= len(events) <= 100, f"{len(events)} events"
            taken = Taken({name.lower(): value for name, value in fields.items()}["webhook-id"], body, events)
        except Exception as problem:
            with self.changed:
                self.problems.append(problem)
                self.changed.notify_all()
            return 400
        with self.changed:
            self.taken.append(taken)
            self.changed.notify_all()
        return (self.decide and self.decide(taken)) or 204

    def wait(self, condition, what):
        """Until something holds of what has come; it is looked at with each body."""
        with self.changed:
            holds = self.changed.wait_for(lambda: self.problems or condition(), PATIENCE)
            assert not self.problems, self.problems[0]
            assert holds, f"it never comes: {what}"

    def events(self):
        """The events of all bodies, those of doubles once; a double is the last body again, and nothing else."""
        found, last = [], None
        known = set()
        for taken in list(self.taken):
            if last and taken.id == last.id:
                assert taken.body == last.body, "the same ID has other bytes"
                continue
            assert taken.id not in known, "a body comes again after others have"
            known.add(taken.id)
            found += taken.events
            last = taken
        return found

    def close(self):
        self.server.shutdown()
        self.server.server_close()
