"""What stands between the gateway and the world: edge.py PATH-OF-MSNP-GATEWAY

Hostile, slow and vanishing clients on raw sockets, 8,000 idle connections, Prometheus, and nginx and Caddy in front. Closes with a
line `N passed, N failed` and fails if any check did.
"""

import concurrent.futures
import http.client
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import checks
from harness import PATIENCE, Gateway, Messenger, Raw, stable_port
from nginx import Caddy, Nginx
from prometheus_client.parser import text_string_to_metric_families

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOST = "Host: 127.0.0.1\r\n"


def metrics(gateway, key=None):
    """Samples by name and labels, as Prometheus' own parser reads them."""
    status, headers, text = gateway.call("GET", "/metrics", key)
    assert status == 200, text
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8", headers
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text) for sample in family.samples
    }


# What has to be as it was when nobody is there any more; each reading is a connection and a task of its own.
COUNTS = [
    "msnp_gateway_parked_polls", "msnp_gateway_streams", "msnp_gateway_tasks", "msnp_gateway_http_connections",
    "msnp_gateway_http_parked_requests", "process_open_fds",
]


def counts(gateway):
    samples = metrics(gateway)
    return {name: samples[(name, ())] for name in COUNTS}


def at_rest(gateway):
    """The counts, once nobody is there but who reads them: that an earlier caller has left may still be on its way."""
    end = time.monotonic() + PATIENCE
    while (now := counts(gateway))["msnp_gateway_http_connections"] > 1:
        assert time.monotonic() < end, f"somebody stays: {now}"
        time.sleep(0.05)
    return now


def settles(gateway, before):
    """Waits until all counts are what they were."""
    end = time.monotonic() + PATIENCE
    while (now := counts(gateway)) != before:
        assert time.monotonic() < end, f"before {before}, after {now}"
        time.sleep(0.05)
    # As the kernel counts.
    listed = len(os.listdir(f"/proc/{gateway.process.pid}/fd"))
    assert abs(listed - before["process_open_fds"]) <= 2, (listed, before)


def smuggling(binary):
    """Requests that two servers could read in two ways are refused, and nothing behind them is a request."""
    gateway = Gateway(binary)
    behind = f"GET /v1/errors/911 HTTP/1.1\r\n{HOST}\r\n"
    post = f"POST /v1/sessions HTTP/1.1\r\n{HOST}"
    chunks = "3\r\nabc\r\n0\r\n\r\n"
    shapes = {
        "length and coding": f"{post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}",
        "coding and length": f"{post}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n{chunks}",
        "two lengths": f"{post}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
        "the same length twice": f"{post}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "a list of lengths": f"{post}Content-Length: 3, 3\r\n\r\nabc",
        "two hosts": f"GET /v1 HTTP/1.1\r\n{HOST}Host: 127.0.0.2\r\n\r\n",
        "no host": "GET /v1 HTTP/1.1\r\n\r\n",
        "a space before the colon": f"{post}Content-Length : 3\r\n\r\nabc",
        "a folded line": f"{post}Transfer-Encoding:\r\n chunked\r\n\r\n{chunks}",
        "a line that begins with a space": f"GET /v1 HTTP/1.1\r\n X: y\r\n{HOST}\r\n",
        "another coding": f"{post}Transfer-Encoding: xchunked\r\n\r\n{chunks}",
        "a coding after chunked": f"{post}Transfer-Encoding: chunked, identity\r\n\r\n{chunks}",
        "another's absolute target": f"GET http://evil.example/v1 HTTP/1.1\r\n{HOST}\r\n",
        "a bare CR": f"GET /v1 HTTP/1.1\r\n{HOST}A: b\rTransfer-Encoding: chunked\r\n\r\n",
        "a NUL": f"GET /v1\0 HTTP/1.1\r\n{HOST}\r\n",
        "a signed chunk size": f"{post}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n",
        "a chunk size with 0x": f"{post}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        "a chunk longer than it says": f"{post}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
    }
    paths = {
        "/v1/errors/911%00": 404, "/v1/../v1/errors/911": 404, "/v1/..%2ferrors/911": 404, "/%2e%2e/etc/passwd": 404,
        "/v1/%zz": 404, "//v1": 404, "/js%2Fmain.js": 404, "/v1/errors/911": 200, "http://127.0.0.1/v1/errors/911": 200,
    }
    try:
        for name, shape in shapes.items():
            said = Raw(gateway.port, shape + behind).rest()
            answers = re.findall(r"HTTP/1\.[01] (\d+)", said)
            # The library answers some bad chunks twice.
            assert answers and set(answers) <= {"400", "413"}, (name, said)
            assert '"code":911' not in said, name
        for path, status in paths.items():
            raw = Raw(gateway.port, f"GET {path} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")
            assert raw.rest().startswith(f"HTTP/1.1 {status} "), path
        # Without Host the target says whom it is for, and that is held to the rule about hosts.
        for host, status in [("evil.example", 421), ("127.0.0.1", 200)]:
            said = Raw(gateway.port, f"GET http://{host}/v1 HTTP/1.0\r\n\r\n").rest()
            assert said.startswith(f"HTTP/1.0 {status} ") or said.startswith(f"HTTP/1.1 {status} "), said
        # A line feed alone ends a line, as RFC 9112, 2.2 allows.
        assert Raw(gateway.port, "GET /v1 HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n").rest().startswith("HTTP/1.1 200 ")
        for target, field, status in [("/" + "a" * 100_000, "", 414), ("/v1", "A: " + "b" * 100_000 + "\r\n", 431)]:
            assert Raw(gateway.port, f"GET {target} HTTP/1.1\r\n{HOST}{field}\r\n").rest().startswith(f"HTTP/1.1 {status} ")
    finally:
        gateway.stop()


def pipelining(binary):
    """A hundred requests at once are answered in their order, one that waits among them."""
    gateway = Gateway(binary)
    try:
        session, token = gateway.sign_in("erin@example.com")
        bearer = f"Authorization: Bearer {token}\r\n"
        text = "".join(
            f"GET /v1/errors/911 HTTP/1.1\r\n{HOST}X-Request-Id: r{number}\r\n\r\n" if number != 50 else
            f"GET /v1/sessions/{session}/events?wait=1 HTTP/1.1\r\n{HOST}{bearer}X-Request-Id: r{number}\r\n\r\n"
            for number in range(100))
        raw = Raw(gateway.port, text + f"GET /v1 HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")
        said = raw.rest()
        assert re.findall(r"X-Request-Id: r(\d+)", said) == [str(number) for number in range(100)]
        assert said.count("HTTP/1.1 200 ") == 101
    finally:
        gateway.stop()


def nothing(binary):
    """No content is no body, however a proxy frames it, and the connection goes on behind it."""
    gateway = Gateway(binary)
    try:
        session, token = gateway.sign_in("erin@example.com")
        calls = [
            ("GET", "/events?wait=0"), ("HEAD", "/events"), ("PATCH", ""), ("GET", ""),
            ("PUT", "/contacts/alice@example.com"), ("POST", "/services/profile/form"), ("DELETE", "")]
        head = f"HTTP/1.1\r\n{HOST}Authorization: Bearer {token}\r\n"
        text = "".join(
            f"{method} /v1/sessions/{session}{tail} {head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            for method, tail in calls)
        said = Raw(gateway.port, text + f"GET /v1 HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n").rest()
        statuses = re.findall(r"HTTP/1\.1 (\d{3}) ", said)
        assert statuses == ["200", "200", "200", "200", "201", "200", "204", "200"], said
    finally:
        gateway.stop()


def expectation(binary):
    """`Expect: 100-continue`: 100 where the body is wanted, and the refusal at once where it is not."""
    gateway = Gateway(binary)
    try:
        session, token = gateway.sign_in("erin@example.com")
        head = f"HTTP/1.1\r\n{HOST}Content-Type: application/json\r\nExpect: 100-continue\r\n"
        put = f"PUT /v1/sessions/{session}/presence {head}"
        body = '{"status":"busy"}'
        # No body is ever sent where something else than 100 is expected.
        for status, text in [
            (401, f"{put}Content-Length: 17\r\n\r\n"),
            (413, f"{put}Authorization: Bearer {token}\r\nContent-Length: 2000000\r\n\r\n"),
            (415, f"{put.replace('application/json', 'text/plain')}Authorization: Bearer {token}\r\nContent-Length: 17\r\n\r\n"),
            (404, f"POST /v1/nothing {head}Content-Length: 17\r\n\r\n"),
        ]:
            said = Raw(gateway.port, text).rest()
            assert said.startswith(f"HTTP/1.1 {status} "), said
        raw = Raw(gateway.port, f"{put}Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n")
        assert raw.socket.recv(1000).startswith(b"HTTP/1.1 100 ")
        raw.say(body)
        assert raw.status() == 200
    finally:
        gateway.stop()


def vanishing(binary):
    """After clients that vanish in the middle of heads, bodies, polls, sign-ins and answers, all counts are what they were."""
    gateway = Gateway(binary, environment={"MSNP_GATEWAY_SANDBOX_ACCOUNTS": "400"})
    try:
        session, token = gateway.sign_in("alice@example.com")
        bearer = f"Authorization: Bearer {token}\r\n"
        events = f"GET /v1/sessions/{session}/events?wait=50 HTTP/1.1\r\n{HOST}{bearer}\r\n"
        before = at_rest(gateway)

        def sign_in(number):
            body = f'{{"account":"user{number:04}@example.com","password":"wrong"}}'
            return (f"POST /v1/sessions HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n{body}")

        texts = [
            "", "G", "GET /v1 HT", f"GET /v1 HTTP/1.1\r\n{HOST}Accept: a", f"GET /v1/errors HTTP/1.1\r\n{HOST}\r\n",
            f"PUT /v1/sessions/{session}/presence HTTP/1.1\r\n{HOST}{bearer}Content-Type: application/json\r\n"
            "Content-Length: 1000\r\n\r\n{",
            f"PUT /v1/sessions/{session}/presence HTTP/1.1\r\n{HOST}{bearer}Content-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            events, f"GET /v1 HTTP/1.1\r\n{HOST}\r\n" + events, f"GET /v1/errors HTTP/1.1\r\n{HOST}\r\n" * 50,
            f"PUT /v1/sessions/{session}/presence HTTP/1.1\r\n{HOST}{bearer}Content-Type: application/json\r\n"
            f'Content-Length: 17\r\n\r\n{{"status":"busy"}}',
        ]
        large = next(place for place, text in enumerate(texts) if text.startswith("GET /v1/errors"))
        for turn in range(40):
            raws = [Raw(gateway.port, text) for text in texts + [sign_in(turn * 5 + number) for number in range(5)]]
            for place, raw in enumerate(raws):
                # In the middle of the answer, every third time.
                if place == large and turn % 3 == 0:
                    raw.socket.recv(100)
                if (turn + place) % 2:
                    raw.reset()
                else:
                    raw.close()
        settles(gateway, before)
        # Those whose answers nobody took are counted.
        assert any(dict(labels).get("status") == "499" for _, labels in metrics(gateway))
    finally:
        gateway.stop()


def idle_connections(binary):
    """8,000 idle connections of another process: everybody else is served as if they weren't there."""
    gateway = Gateway(binary)
    holder = None
    try:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        # What the gateway takes with this limit, but for those of this check.
        wanted = min(8_000, (most - 256) // 2 - 100)
        session, token = gateway.sign_in("alice@example.com")
        bob = Messenger(gateway.sandbox_port, "bob@example.com")
        before = at_rest(gateway)

        def delays():
            connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)
            found = []
            for _ in range(500):
                started = time.monotonic()
                connection.request("GET", f"/v1/sessions/{session}", headers={"Authorization": f"Bearer {token}"})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
                found.append(time.monotonic() - started)
            connection.close()
            return statistics.median(found), sorted(found)[int(len(found) * 0.99)]

        alone = delays()
        holder = subprocess.Popen(
            [sys.executable, str(ROOT / "Tests/EndToEnd/holder.py"), str(gateway.port), str(wanted)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert holder.stdout.readline() == f"holding {wanted}\n"
        end = time.monotonic() + PATIENCE
        while (held := counts(gateway)["msnp_gateway_http_connections"]) < wanted:
            assert time.monotonic() < end, held
        beside = delays()
        cursor = gateway.call("GET", f"/v1/sessions/{session}", token)[2]["cursor"]
        bob.say("CHG", "BSY")
        page = {"events": [], "next": cursor}
        while not any(event["data"].get("account") == "bob@example.com" for event in page["events"]):
            page = gateway.call("GET", f"/v1/sessions/{session}/events?after={page['next']}", token)[2]
        # Nobody was thrown out for it.
        assert counts(gateway)["msnp_gateway_http_connections"] >= wanted
        print(f"    {wanted} held; a read takes {alone[0] * 1e3:.2f} ms (99 %: {alone[1] * 1e3:.2f}) without them, "
              f"{beside[0] * 1e3:.2f} ms (99 %: {beside[1] * 1e3:.2f}) beside them")
        holder.stdin.close()
        holder.wait(PATIENCE)
        settles(gateway, before)
        bob.leave()
    finally:
        if holder and holder.poll() is None:
            holder.kill()
        gateway.stop()


def waits_for(gateway, name, value, **labels):
    """Until a metric has got so far."""
    end = time.monotonic() + PATIENCE
    while (now := metrics(gateway)[(name, tuple(sorted(labels.items())))]) < value:
        assert time.monotonic() < end, (name, now)
        time.sleep(0.02)


def endless_framing(binary):
    """Bodies whose framing has no end end their connections, also where the client has left, and nobody else's."""
    gateway = Gateway(binary)
    try:
        session, token = gateway.sign_in("alice@example.com")
        cursor = gateway.call("GET", f"/v1/sessions/{session}", token)[2]["cursor"]
        before = at_rest(gateway)
        post = f"POST /v1/sessions HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n"
        chunked = f"{post}Transfer-Encoding: chunked\r\n\r\n"
        upload = Raw(gateway.port, f"{chunked}1\r\n{{\r\n1;a=b")
        half = Raw(gateway.port, f"GET /v1 HTTP/1.1\r\n{HOST}")
        poll = Raw(gateway.port, f"GET /v1/sessions/{session}/events?after={cursor}&wait=20 HTTP/1.1\r\n{HOST}"
                                 f"Authorization: Bearer {token}\r\n\r\n")
        endings = ["2;" + "a" * 8100, "2;" + "a" * 50_000, "0" * 9000, f"1\r\n{{\r\n2;" + "a" * 9000, "0\r\nA: " + "b" * 9000]
        for number in range(40):
            raw = Raw(gateway.port)
            try:
                raw.say(chunked + endings[number % len(endings)])
            except (BrokenPipeError, ConnectionResetError):
                pass
            if number % 2 == 0:
                raw.close()
            else:
                raw.rest()
        waits_for(gateway, "msnp_gateway_http_stuck_connections_total", 8)
        upload.say("\r\n}\r\n0\r\n\r\n")
        assert upload.status() == 400
        half.say("\r\n")
        assert half.status() == 200
        assert gateway.call("PUT", f"/v1/sessions/{session}/presence", token, {"status": "busy"})[0] == 200
        assert poll.status() == 200
        for raw in [upload, half, poll]:
            raw.close()
        settles(gateway, before)
    finally:
        gateway.stop()


def unread_pages(binary):
    """A page that is asked for again and again and never read is there once."""
    gateway = Gateway(binary)
    try:
        # What the first takes for itself is no part of it.
        assert gateway.call("GET", "/docs")[0] == 200
        before = at_rest(gateway)
        memory = ("process_resident_memory_bytes", ())
        resident = metrics(gateway)[memory]
        raws = [Raw(gateway.port, f"GET /docs HTTP/1.1\r\n{HOST}\r\n" * 30) for _ in range(400)]
        for raw in raws:
            assert raw.socket.recv(1)
        grown = metrics(gateway)[memory] - resident
        assert grown < 20_000_000, grown
        # Of what the kernel holds for each: bytes that it has not got rid of.
        lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        queued = [int(line[4].split(":")[0], 16) for line in lines if line[1].endswith(f":{gateway.port:04X}")]
        assert 0 < max(queued) <= 512 * 1024, max(queued)
        print(f"    400 connections took {grown / 1e6:.1f} MB")
        for raw in raws:
            raw.reset()
        settles(gateway, before)
    finally:
        gateway.stop()


def full(binary):
    """A gateway that is full says so, in its log too, and answers probes."""
    files = 256
    with tempfile.TemporaryDirectory() as directory:
        # The gateway takes as many as it may have.
        limited = pathlib.Path(directory, "limited")
        limited.write_text(f'#!/bin/sh\nulimit -n {files}\nexec {binary} "$@"\n')
        limited.chmod(0o700)
        gateway = Gateway(str(limited))
    refused = "msnp_gateway_http_refused_connections_total"
    try:
        before = at_rest(gateway)
        # 16 with this limit, of which four are kept for probes.
        held = []
        end = time.monotonic() + PATIENCE
        while len(held) < 12:
            raw = Raw(gateway.port, f"GET /v1 HTTP/1.1\r\n{HOST}\r\n")
            if raw.status() == 200:
                held.append(raw)
            else:
                # Who has read the counts is still leaving.
                raw.close()
                assert time.monotonic() < end, f"{len(held)} are enough for it"
        for _ in range(3):
            status, headers, problem = gateway.call("GET", "/v1")
            assert (status, problem["code"]) == (503, "gateway-full"), problem
            assert headers["Content-Type"] == "application/problem+json" and int(headers["Retry-After"]) > 0
            assert gateway.call("GET", "/livez")[0] == 200 and gateway.call("GET", "/readyz")[0] == 200
        # Silent ones have four places, which the next takes from the one that is silent for longest, or is refused where
        # the loop does not know any yet. Which of both, and whom, is for the loops to say.
        last = [Raw(gateway.port) for _ in range(5)]
        for answer in (raw.rest() for raw in last):
            assert not answer or (answer.startswith("HTTP/1.1 503 ") and '"gateway-full"' in answer), answer
        for raw in last + held:
            raw.close()
        end = time.monotonic() + PATIENCE
        while gateway.call("GET", "/v1")[0] != 200:
            assert time.monotonic() < end
        settles(gateway, before)
        assert metrics(gateway)[(refused, (("reason", "connections"),))] >= 3
        assert sum("connections refused" in line for line in gateway.log) == 1, gateway.log

        # As if sessions had taken all descriptors: no more than there are now. Then there is one again.
        used = max(int(number) for number in os.listdir(f"/proc/{gateway.process.pid}/fd")) + 1
        fillers = []
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (used, files))
        while not (answer := (raw := Raw(gateway.port)) and answered(raw)):
            fillers.append(raw)
        assert answer.startswith("HTTP/1.1 503 ") and '"gateway-full"' in answer, answer
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (files, files))
        for raw in fillers:
            raw.close()
        end = time.monotonic() + PATIENCE
        while gateway.call("GET", "/v1")[0] != 200:
            assert time.monotonic() < end
        settles(gateway, before)
        assert metrics(gateway)[(refused, (("reason", "descriptors"),))] >= 1
        assert any("connections refused" in line and "descriptors" in line for line in gateway.log), gateway.log
    finally:
        gateway.stop()


def answered(raw):
    """What a connection is told that is not served; nothing for one that is."""
    raw.say(f"GET /v1 HTTP/1.1\r\n{HOST}\r\n")
    head = raw.socket.recv(12, socket.MSG_WAITALL)
    return "" if head == b"HTTP/1.1 200" else head.decode() + raw.rest()


def prometheus(binary):
    """Prometheus' parser reads /metrics; counts only grow, histograms add up, and no label names an account."""
    earliest = time.time()
    gateway = Gateway(binary)
    try:
        session, token = gateway.sign_in("alice@example.com")
        gateway.call("GET", f"/v1/sessions/{session}", token)
        gateway.call("POST", "/v1/sessions", body={"account": "kid@example.com", "password": "sandbox"})
        text = gateway.call("GET", "/metrics")[2]
        families = {family.name: family for family in text_string_to_metric_families(text)}
        for name, kind in {
            "msnp_gateway_sessions": "gauge", "msnp_gateway_http_requests": "counter",
            "msnp_gateway_http_request_duration_seconds": "histogram", "msnp_gateway_parked_polls": "gauge",
            "msnp_gateway_streams": "gauge", "msnp_gateway_journal_bytes": "gauge",
            "msnp_gateway_journal_events_dropped": "counter", "msnp_gateway_msnp_commands": "counter",
            "msnp_gateway_msnp_bytes": "counter", "msnp_gateway_reconnects": "counter",
            "msnp_gateway_msnp_errors": "counter", "process_start_time_seconds": "gauge", "process_open_fds": "gauge",
            "process_resident_memory_bytes": "gauge", "process_cpu_seconds": "counter",
        }.items():
            assert families[name].type == kind and families[name].documentation, name
        assert len(families) == text.count("# TYPE "), "a family is given twice"
        labels = {name for family in families.values() for sample in family.samples for name in sample.labels}
        assert labels <= {"version", "backend", "state", "route", "method", "status", "le", "limit", "direction", "code", "reason", "loop", "outcome"}, labels
        for secret in ("alice", session, token):
            assert secret not in text
        buckets = {}
        for sample in families["msnp_gateway_http_request_duration_seconds"].samples:
            buckets.setdefault(sample.labels["route"], []).append(sample)
        for samples in buckets.values():
            values = [sample.value for sample in samples if sample.name.endswith("_bucket")]
            [count] = [sample.value for sample in samples if sample.name.endswith("_count")]
            assert values == sorted(values) and values[-1] == count
        started = [sample.value for sample in families["process_start_time_seconds"].samples][0]
        # The kernel gives the start in whole ticks since the machine's own, which is known to the second.
        assert earliest - 2 <= started <= time.time() + 2, started
        earlier = {
            (sample.name, str(sample.labels)): sample.value
            for family in families.values() if family.type == "counter" for sample in family.samples}
        gateway.call("GET", f"/v1/sessions/{session}", token)
        for family in text_string_to_metric_families(gateway.call("GET", "/metrics")[2]):
            for sample in family.samples:
                assert sample.value >= earlier.get((sample.name, str(sample.labels)), 0), sample
    finally:
        gateway.stop()


def through(port, method, path, token=None, body=None, headers=None):
    """Status, body and seconds of one request through a proxy."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE + 60)
    sent = {"Host": "msn.example", **(headers or {})}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if body:
        sent["Content-Type"] = "application/json"
    started = time.monotonic()
    connection.request(method, path, body=body, headers=sent)
    answer = connection.getresponse()
    data = answer.read().decode()
    connection.close()
    return answer.status, data, time.monotonic() - started


def behind_proxy(binary):
    """A gateway that a proxy on this machine stands before: its state directory, an operator's key, and itself."""
    state = tempfile.TemporaryDirectory()
    directory = state.name + "/state"
    key = subprocess.run(
        [binary, "keys", "add", "prometheus", "--admin", "--state", directory],
        capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.strip()
    gateway = Gateway(
        binary, "--state", directory,
        environment={"MSNP_GATEWAY_PUBLIC_HOSTS": "msn.example", "MSNP_GATEWAY_OPEN_SIGN_IN": "true",
                     "MSNP_GATEWAY_TRUSTED_PROXIES": "127.0.0.1"})
    return state, key, gateway


def nginx(binary):
    """Behind nginx everything works with the documented configuration, and fails without it as the documentation says."""
    text = (ROOT / "docs" / "nginx.md").read_text()
    documented = re.search(r"```nginx\n(.*?)```", text, re.S)[1]
    state, key, gateway = behind_proxy(binary)
    good, plain, hasty = (stable_port() for _ in range(3))
    documented = re.sub(r"\n *(ssl_[^;]*|listen \[::\][^;]*);", "", documented)
    documented = documented.replace("listen 443 ssl;", f"listen 127.0.0.1:{good};").replace(":8080", f":{gateway.port}")
    target = f"proxy_pass http://127.0.0.1:{gateway.port};"
    proxy = Nginx(
        documented
        + f"server {{ listen 127.0.0.1:{plain}; location / {{ {target} }} }}\n"
        + f"server {{ listen 127.0.0.1:{hasty}; location / {{ {target} proxy_read_timeout 2s; }} }}\n")
    try:
        for port in (good, plain, hasty):
            proxy.listens(port)
        account = '{"account":"alice@example.com","password":"sandbox"}'
        origin = {"Origin": "https://msn.example"}
        # Without the name that the caller used, a page's own origin looks like another's.
        status, said, _ = through(plain, "POST", "/v1/sessions", body=account, headers=origin)
        assert (status, "cross-origin" in said) == (403, True), said
        status, said, _ = through(good, "POST", "/v1/sessions", body=account, headers=origin)
        assert status == 201, said
        session, token = re.search(r'"id":"([^"]+)"', said)[1], re.search(r'"token":"([^"]+)"', said)[1]
        made_up_addresses(good)
        # The operator's things are for nobody who comes through a proxy that says so.
        assert through(good, "GET", "/metrics")[0] == 401
        path = f"/v1/sessions/{session}/events"
        types = "types=contact.added"
        cursor = gateway.call("GET", f"/v1/sessions/{session}", token)[2]["cursor"]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            polls = {port: pool.submit(through, port, "GET", f"{path}?{types}", token) for port in (good, plain, hasty)}
            news = pool.submit(through, good, "GET", f"{path}?types=presence.own&after={cursor}", token)
            status, said, _ = through(good, "PUT", f"/v1/sessions/{session}/presence", token, '{"status":"busy"}', origin)
            assert status == 200, said
            # At once: a poll that nothing has happened for would come back without events.
            status, said, _ = news.result()
            assert status == 200 and '"busy"' in said, said
            for port in (good, plain):
                status, said, seconds = polls[port].result()
                assert status == 200 and '"events":[]' in said and seconds > 24, (status, said, seconds)
            # Cut off by nginx, long before the gateway would have answered.
            status, said, _ = polls[hasty].result()
            assert status == 504 and "nginx" in said, (status, said)
        # Whoever leaves nginx leaves the gateway.
        for port in (good, plain):
            raw = Raw(port, f"GET {path}?wait=50 HTTP/1.1\r\nHost: msn.example\r\nAuthorization: Bearer {token}\r\n\r\n")
            waits_for_polls(gateway, 1, key)
            raw.close()
            waits_for_polls(gateway, 0, key)
        streams(gateway, good, plain, session, token)
    finally:
        proxy.stop()
        gateway.stop()
        state.cleanup()


def caddy(binary):
    """Behind Caddy everything works with the documented configuration: names, addresses, polls, streams, and leaving."""
    documented = re.search(r"```caddy\n(.*?)```", (ROOT / "docs" / "caddy.md").read_text(), re.S)[1]
    state, key, gateway = behind_proxy(binary)
    port = stable_port()
    site, target = "msn.example {", "127.0.0.1:8080"
    assert site in documented and target in documented
    proxy = Caddy(
        documented.replace(site, f"http://msn.example:{port} {{\n\tbind 127.0.0.1")
        .replace(target, f"127.0.0.1:{gateway.port}"))
    try:
        proxy.listens(port)
        origin = {"Origin": "https://msn.example"}
        status, said, _ = through(
            port, "POST", "/v1/sessions", body='{"account":"alice@example.com","password":"sandbox"}', headers=origin)
        assert status == 201, said
        session, token = re.search(r'"id":"([^"]+)"', said)[1], re.search(r'"token":"([^"]+)"', said)[1]
        made_up_addresses(port)
        assert through(port, "GET", "/metrics")[0] == 401
        path = f"/v1/sessions/{session}/events"
        # The longest poll comes to its end.
        status, said, seconds = through(port, "GET", f"{path}?types=contact.added&wait=50", token)
        assert status == 200 and '"events":[]' in said and seconds > 49, (status, said, seconds)
        # Whoever leaves Caddy leaves the gateway.
        raw = Raw(port, f"GET {path}?wait=50 HTTP/1.1\r\nHost: msn.example\r\nAuthorization: Bearer {token}\r\n\r\n")
        waits_for_polls(gateway, 1, key)
        raw.close()
        waits_for_polls(gateway, 0, key)
        streams(gateway, port, port, session, token)
    finally:
        proxy.stop()
        gateway.stop()
        state.cleanup()


def made_up_addresses(port):
    """A client that says each time that it is another is still the one that the proxy sees, and others are not it."""
    def guess(source, number, password):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(source, 0))
        address = f"198.51.100.{number}"
        connection.request("POST", "/v1/sessions", body=f'{{"account":"erin@example.com","password":"{password}"}}', headers={
            "Host": "msn.example", "Content-Type": "application/json", "X-Forwarded-For": f"{address}, {address}",
            "Forwarded": f"for={address}", "X-Real-IP": address})
        status = connection.getresponse().status
        connection.close()
        return status

    # Loopback has more addresses than the proxy's own, which is believed. After the sixth guess it has to wait for a second,
    # and for twice as long after each that is heard nevertheless, which on a slow machine some may be.
    heard = 0
    while True:
        asked = time.monotonic()
        status = guess("127.0.0.2", heard, "guess")
        if status == 429:
            break
        assert status == 403 and heard < 10, (status, heard)
        began, heard = asked, heard + 1
    assert heard >= 6, heard
    is_refused = guess("127.0.0.2", heard, "sandbox") == 429
    assert is_refused or time.monotonic() - began > 2 ** (heard - 6)
    assert guess("127.0.0.3", 0, "sandbox") == 201


def streams(gateway, good, plain, session, token):
    """What a stream says arrives at once, through any configuration that lets `X-Accel-Buffering` work."""
    path = f"/v1/sessions/{session}/stream"
    if gateway.call("OPTIONS", path)[0] == 404:
        print("    there are no streams yet")
        return
    for status, port in [("away", good), ("online", plain)]:
        raw = Raw(port, f"GET {path} HTTP/1.1\r\nHost: msn.example\r\nAuthorization: Bearer {token}\r\n\r\n")
        said = b""
        while b"\r\n\r\n" not in said:
            said += raw.socket.recv(65536)
        assert said.startswith(b"HTTP/1.1 200 "), said
        assert gateway.call("PUT", f"/v1/sessions/{session}/presence", token, {"status": status})[0] == 200
        while f'"status":"{status}"'.encode() not in said:
            more = raw.socket.recv(65536)
            assert more, said
            said += more
        raw.close()


def waits_for_polls(gateway, wanted, key):
    """Until so many polls are parked."""
    end = time.monotonic() + PATIENCE
    while (parked := metrics(gateway, key)[("msnp_gateway_parked_polls", ())]) != wanted:
        assert time.monotonic() < end, parked
        time.sleep(0.02)


everything = [
    smuggling, pipelining, nothing, expectation, endless_framing, unread_pages, full, prometheus, vanishing,
    idle_connections, nginx, caddy,
]
wanted = sys.argv[2:]
checks.run(
    [check for check in everything if not wanted or check.__name__ in wanted], os.path.abspath(sys.argv[1]))
