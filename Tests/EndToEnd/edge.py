"""What stands between the gateway and the world: edge.py PATH-OF-MSNP-GATEWAY

Hostile, slow and vanishing clients on raw sockets, 8,000 idle connections, Prometheus, and nginx in front. Closes with a
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
import struct
import subprocess
import sys
import tempfile
import threading
import time

import checks
from harness import PATIENCE, Gateway, Messenger, free_port
from nginx import Nginx
from prometheus_client.parser import text_string_to_metric_families

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOST = "Host: 127.0.0.1\r\n"


class Raw:
    """A connection on which anything can be said."""

    def __init__(self, port, text=""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.say(text)

    def say(self, text):
        self.socket.sendall(text.encode("latin-1"))

    def rest(self):
        """Everything until the other side closes."""
        data = b""
        try:
            while more := self.socket.recv(65536):
                data += more
        except ConnectionResetError:
            pass
        return data.decode("latin-1")

    def status(self):
        """The status of the next answer, whose body is read too."""
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        answer.read()
        return answer.status

    def reset(self):
        """Breaks off without a goodbye."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()


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
        before = counts(gateway)

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
        before = counts(gateway)

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
        assert beside[1] < 0.1, beside
        holder.stdin.close()
        holder.wait(PATIENCE)
        settles(gateway, before)
        bob.leave()
    finally:
        if holder and holder.poll() is None:
            holder.kill()
        gateway.stop()


def prometheus(binary):
    """Prometheus' parser reads /metrics; counts only grow, histograms add up, and no label names an account."""
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
        assert labels <= {"version", "backend", "state", "route", "method", "status", "le", "limit", "direction", "code"}, labels
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
        assert abs(time.time() - started) < 120, started
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


def nginx(binary):
    """Behind nginx everything works with the documented configuration, and fails without it as the documentation says."""
    text = (ROOT / "docs" / "nginx.md").read_text()
    documented = re.search(r"```nginx\n(.*?)```", text, re.S)[1]
    state = tempfile.TemporaryDirectory()
    directory = state.name + "/state"
    key = subprocess.run(
        [binary, "keys", "add", "prometheus", "--admin", "--state", directory],
        capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.strip()
    gateway = Gateway(
        binary, "--state", directory,
        environment={"MSNP_GATEWAY_PUBLIC_HOSTS": "msn.example", "MSNP_GATEWAY_OPEN_SIGN_IN": "true"})
    good, plain, hasty = free_port(), free_port(), free_port()
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
        # The operator's things are for nobody who comes through a proxy that says so.
        assert through(good, "GET", "/metrics")[0] == 401
        path = f"/v1/sessions/{session}/events"
        types = "types=contact.added"
        with concurrent.futures.ThreadPoolExecutor() as pool:
            polls = {port: pool.submit(through, port, "GET", f"{path}?{types}", token) for port in (good, plain, hasty)}
            news = pool.submit(through, good, "GET", f"{path}?types=presence.own", token)
            status, said, _ = through(good, "PUT", f"/v1/sessions/{session}/presence", token, '{"status":"busy"}', origin)
            assert status == 200, said
            status, said, seconds = news.result()
            assert status == 200 and '"busy"' in said and seconds < 5, (said, seconds)
            for port in (good, plain):
                status, said, seconds = polls[port].result()
                assert status == 200 and '"events":[]' in said and 24 < seconds < 30, (status, said, seconds)
            status, said, seconds = polls[hasty].result()
            assert status == 504 and "nginx" in said and seconds < 10, (status, said, seconds)
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


everything = [smuggling, pipelining, nothing, expectation, prometheus, vanishing, idle_connections, nginx]
wanted = sys.argv[2:]
checks.run(
    [check for check in everything if not wanted or check.__name__ in wanted], os.path.abspath(sys.argv[1]))
