"""What was promised to readers and senders during a run, and what of it does not hold."""

import collections
import json
import threading

OUTCOMES = {"message.delivered", "message.unconfirmed", "message.failed"}


def raw_events(body):
    """The events of a page as the bytes that they came as, each with what they say."""
    start = body.index('"events":[') + len('"events":[')
    decoder = json.JSONDecoder()
    events = []
    while body[start] != "]":
        if body[start] == ",":
            start += 1
        event, end = decoder.raw_decode(body, start)
        events.append((body[start:end], event))
        start = end
    return events


class Ledger:
    """Any thread may write."""

    def __init__(self):
        self._lock = threading.Lock()
        self.complaints = []
        # For each session the bytes of each event by its number, as they were read first.
        self.events = collections.defaultdict(dict)
        self.types = collections.Counter()
        # By session and message: the text that was taken.
        self.accepted = {}
        # Those under a key, in order: session, message, and what was asked for.
        self.keyed = []
        # What became of each attempt to send a text.
        self.attempts = collections.defaultdict(list)
        self.answers = collections.Counter()
        self.counts = collections.Counter()

    def complain(self, text):
        with self._lock:
            self.complaints.append(text)

    def answered(self, what, status, code):
        with self._lock:
            self.answers[f"{what} {status}{' ' + code if code else ''}"] += 1

    def count(self, what, number=1):
        with self._lock:
            self.counts[what] += number

    def accept(self, session, message, text, keyed=None):
        """Notes a message that was taken; `keyed` is what was asked for, if that was under a key."""
        with self._lock:
            known = self.accepted.setdefault((session, message), text)
            if keyed:
                self.keyed.append((session, message, keyed))
        if known != text:
            self.complain(f"{session}: message {message} is {known!r} and {text!r}")

    def read(self, reader, session, page, after):
        """Notes a page that was read after a number, and returns the number of its last event.

        Without a filter nothing may be missing, and what was read before is the same.
        """
        last = after
        for raw, event in page:
            seq = event["seq"]
            if event["sessionId"] != session:
                self.complain(f"{reader} of {session} was told of {event['sessionId']}")
            if last is not None and seq != last + 1:
                self.complain(f"{reader} of {session}: {seq} came after {last}")
            last = seq
            with self._lock:
                known = self.events[session].setdefault(seq, raw)
                if known is raw:
                    self.types[event["type"]] += 1
            if known != raw:
                self.complain(f"{reader} of {session}: {seq} was {known} and is {raw}")
        return last

    # MARK: - At the end

    def judge(self, on_wire, refused):
        """Everything that was accepted has one outcome, and no text went out or came twice.

        `on_wire` says how often each text went to a server, `refused` how often one said that it did not arrive.
        """
        sent, outcomes = collections.Counter(), collections.defaultdict(list)
        received, told = collections.Counter(), collections.defaultdict(list)
        for session, events in self.events.items():
            for raw in events.values():
                event = json.loads(raw)
                data = event["data"]
                if event["type"].startswith("message."):
                    told[data.get("text")].append((event["time"], event["type"], data["messageId"], data.get("reason")))
                if event["type"] == "message.sent":
                    sent[session, data["messageId"]] += 1
                elif event["type"] in OUTCOMES:
                    outcomes[session, data["messageId"]].append(event["type"])
                elif event["type"] == "message.received":
                    received[data["text"]] += 1
        for session, message in set(self.accepted) | set(sent) | set(outcomes):
            found, count = outcomes[session, message], sent[session, message]
            if len(found) != 1 or count != 1:
                text = self.accepted.get((session, message))
                self.complain(f"{session}: message {message} ({text}) was sent {count} times and has the outcomes {found}")
        for text, count in on_wire.items():
            # One that a server refused is tried again under its key.
            if count - refused[text] > 1:
                self.complain(
                    f"{text} went out {count} times, of which {refused[text]} were refused; {self.attempts[text]}; {told[text]}")
        for text, count in received.items():
            if count > 1:
                self.complain(f"{text} came {count} times")
            if not on_wire[text]:
                self.complain(f"{text} came and never went out")
        delivered = [
            self.accepted[key] for key, found in outcomes.items() if found == ["message.delivered"] and key in self.accepted]
        self.count("delivered", len(delivered))
        # What the server acknowledged in the last moment before a kill, and nobody was shown.
        self.count("delivered and not shown to whom it was for", sum(received[text] == 0 for text in delivered))
        self.count("accepted", len(self.accepted))
        self.count("events", sum(map(len, self.events.values())))
