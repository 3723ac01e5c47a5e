"""Plants one fault after the other around the built program, and asks the doctor what it finds.

Each fault is to be found, by its name and with nothing beside it; where all is well nothing is. A poll waits 3 s here, where
people's wait 50, and the time-outs of proxies are as much shorter. Closes with a line that counts: "N passed, N failed".
"""

import contextlib
import email.utils
import http.client
import http.server
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from harness import PATIENCE, ClosedPort, stable_port
from nginx import Nginx

# Seconds of a poll.
POLL = 3
ORIGIN = "https://dashboard.example"
PASSWORD = "sandbox"
ACCOUNT = "alice@example.com"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE, **options).stdout


class Certificates:
    """An authority, and what it has signed for 127.0.0.1: one that is good, and one that has expired."""

    def __init__(self, directory):
        self.directory = directory
        self.authority = f"{directory}/authority.pem"
        pathlib.Path(directory, "index.txt").touch()
        pathlib.Path(directory, "ca.cnf").write_text(
            f"[ca]\ndefault_ca = own\n[own]\nnew_certs_dir = {directory}\ndatabase = {directory}/index.txt\n"
            "default_md = sha256\npolicy = any\nrand_serial = yes\nunique_subject = no\nx509_extensions = server\n"
            "[any]\ncommonName = supplied\n[server]\nsubjectAltName = IP:127.0.0.1\nbasicConstraints = CA:FALSE\n")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{directory}/authority.key",
            "-out", self.authority, "-days", "30", "-subj", "/CN=An authority for tests")
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{directory}/server.key",
            "-out", f"{directory}/server.csr", "-subj", "/CN=127.0.0.1")
        year = time.gmtime().tm_year
        self.sign("good", f"{year - 1}0101000000Z", f"{year + 2}0101000000Z")
        self.sign("expired", f"{year - 2}0101000000Z", f"{year - 1}0101000000Z")

    def sign(self, name, start, end):
        run("openssl", "ca", "-batch", "-notext", "-config", f"{self.directory}/ca.cnf", "-cert", self.authority,
            "-keyfile", f"{self.directory}/authority.key", "-in", f"{self.directory}/server.csr",
            "-out", f"{self.directory}/{name}.pem", "-startdate", start, "-enddate", end)

    def lines(self, name):
        return f"ssl_certificate {self.directory}/{name}.pem; ssl_certificate_key {self.directory}/server.key;"


class Program:
    """The program with some arguments, until it is stopped."""

    def __init__(self, binary, *arguments, port, files=None):
        def limit():
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([binary, *arguments], stdout=self.log, stderr=self.log, preexec_fn=limit)
        end = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError):
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                return
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.02)

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                self.process.kill()


class Installation:
    """A gateway with everything that it should have, and the settings that it was started with."""

    def __init__(self, binary, scratch, name, backend, quirks="[pipelines]", files=None):
        self.directory = pathlib.Path(scratch, name)
        self.directory.mkdir()
        self.state = self.directory / "state"
        self.port = stable_port()
        key = run(binary, "keys", "add", "doctor", "--state", str(self.state)).strip()
        self.key_file, self.password_file = self.write("api.key", key + "\n"), self.write("password", PASSWORD + "\n")
        self.key = key
        self.secrets = [key, key.removeprefix("mgk_")]
        self.write("state.key", run(binary, "state", "key"))
        self.settings = self.write("gateway.yaml", f"""
listen: 127.0.0.1:{self.port}
backends: ["home=127.0.0.1:{backend}"]
backend.home.quirks: {quirks}
backend.home.signInTimeout: 3
trustedProxies: [127.0.0.1]
corsOrigins: ["{ORIGIN}"]
stateDirectory: {self.state}
stateKey: {self.directory}/state.key
webhooks.allowedAddresses: [127.0.0.1]
""")
        self.program = Program(binary, "serve", "--config", self.settings, port=self.port, files=files)

    def write(self, name, text):
        path = self.directory / name
        path.touch(0o600)
        path.write_text(text)
        return str(path)

    def get(self, path):
        """What the gateway says to its key."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
        try:
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def arguments(self, isQuick, patience=POLL):
        """With what has a secret, or without, which is what takes time."""
        if isQuick:
            return ["--config", self.settings]
        return ["--config", self.settings, "--key-file", self.key_file, "--account", ACCOUNT, "--password-file",
                self.password_file, "--webhook-listen", "127.0.0.1:0", "--patience", str(patience)]


class WrongClock(http.server.BaseHTTPRequestHandler):
    """A proxy whose answers are five minutes late; it hands pieces on as they come."""

    protocol_version = "HTTP/1.0"

    def handle_any(self):
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=PATIENCE)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        upstream.request(self.command, self.path, body, dict(self.headers))
        answer = upstream.getresponse()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("date", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Date", email.utils.formatdate(time.time() - 300, usegmt=True))
        self.end_headers()
        with contextlib.suppress(OSError):
            while piece := answer.read1(65536):
                self.wfile.write(piece)
        upstream.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = handle_any

    def log_message(self, *_):
        pass


class Stage:
    """What stands around all faults: a server, a gateway, and nginx with a site for each fault of a proxy."""

    def __init__(self, binary, scratch):
        self.binary, self.scratch = binary, scratch
        self.certificates = Certificates(scratch)
        self.backend = stable_port()
        self.sandbox = self.start_sandbox(self.backend)
        self.home = Installation(binary, scratch, "home", self.backend)
        names = ("good", "hasty", "buffering", "nameless", "expired", "mute")
        self.ports = {name: stable_port() for name in names}
        usual = "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; "
        patient = "proxy_read_timeout 75s; "
        off = "proxy_buffering off; "
        self.proxy = Nginx(
            self.site("good", usual + patient + off)
            + self.site("hasty", usual + off + "proxy_read_timeout 2s; ")
            + self.site("buffering", usual + patient + "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; ")
            + self.site("nameless", usual.split("; ", 1)[1] + patient + off)
            + self.site("expired", usual + patient + off, certificate="expired")
            + self.site("mute", usual + patient + off + "proxy_hide_header Access-Control-Allow-Origin; "))
        for port in self.ports.values():
            self.proxy.listens(port)

    def start_sandbox(self, port, *arguments):
        return Program(self.binary, "sandbox", "--listen", f"127.0.0.1:{port}", *arguments, port=port)

    def site(self, name, lines, certificate="good"):
        return (f"server {{ listen 127.0.0.1:{self.ports[name]} ssl; {self.certificates.lines(certificate)} location / {{ "
                f"proxy_pass http://127.0.0.1:{self.home.port}; proxy_http_version 1.1; proxy_set_header Connection \"\"; "
                f"{lines} }} }}\n")

    def url(self, name):
        return f"https://127.0.0.1:{self.ports[name]}"

    def doctor(self, url, *arguments, installation=None, text=False, quick=False):
        """What the doctor finds, as (name, subject), and all that it says."""
        installation = installation or self.home
        done = subprocess.run(
            [self.binary, "doctor", url, *installation.arguments(quick), "--authorities", self.certificates.authority,
             *([] if text else ["--json"]), *arguments],
            capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        for secret in [PASSWORD + "\n", f'"{PASSWORD}"', *installation.secrets]:
            assert secret not in done.stdout + done.stderr, "a secret is in what the doctor says"
        assert not done.stderr, done.stderr
        if text:
            return done
        said = json.loads(done.stdout)
        worst = {None: 0, "notice": 10, "warning": 20, "error": 30}[said.get("worst")]
        assert done.returncode == said["exitCode"] == worst, (done.returncode, said)
        return [finding["id"] for finding in said["findings"]], said

    def stop(self):
        self.proxy.stop()
        self.home.program.stop()
        self.sandbox.stop()


def expect(found, *kinds):
    ids, said = found
    assert ids == list(kinds), json.dumps(said["findings"], indent=1)
    for finding in said["findings"]:
        assert finding["evidence"] and finding["remedy"], finding
    return said


def sound(stage):
    """All is well: every check runs, and none finds anything."""
    said = expect(stage.doctor(stage.url("good")))
    missing = [check for check in said["checks"] if check["outcome"] != "sound"]
    assert not missing, missing
    done = stage.doctor(stage.url("good"), text=True, quick=True)
    assert done.returncode == 0 and "nothing is wrong" in done.stdout, done.stdout
    # A stranger with nothing but the URL.
    done = subprocess.run(
        [stage.binary, "doctor", stage.url("good"), "--authorities", stage.certificates.authority, "--json"],
        capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    said = json.loads(done.stdout)
    assert done.returncode == 0 and not said["findings"], said
    tried = {check["check"] for check in said["checks"] if check["outcome"] == "sound"}
    assert {"URL", "clock", "host"} <= tried and "poll" not in tried, said


def proxy_timeout(stage):
    said = expect(stage.doctor(stage.url("hasty")), "proxy-timeout")
    assert "proxy_read_timeout 75s;" in said["findings"][0]["nginx"], said
    assert "504" in said["findings"][0]["evidence"], said


def buffering(stage):
    said = expect(stage.doctor(stage.url("buffering")), "proxy-buffering")
    assert "proxy_buffering off;" in said["findings"][0]["nginx"], said


def wrong_host(stage):
    said = expect(stage.doctor(stage.url("nameless")), "host-changed")
    assert "proxy_set_header Host" in said["findings"][0]["nginx"], said


def expired_certificate(stage):
    said = expect(stage.doctor(stage.url("expired")), "tls-expired")
    assert "ends at" in said["findings"][0]["evidence"], said
    # Nothing secret goes to whoever that is.
    untried = {check["check"] for check in said["checks"] if check["outcome"] == "notTried"}
    assert {"access", "poll", "stream", "webhook"} <= untried, said


def clock(stage):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), WrongClock)
    server.upstream = stage.home.port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        said = expect(stage.doctor(f"http://127.0.0.1:{server.server_port}"), "clock-skew")
        assert "behind" in said["findings"][0]["evidence"], said
    finally:
        server.shutdown()


def state_mode(stage):
    stage.home.state.chmod(0o755)
    try:
        said = expect(stage.doctor(stage.url("good")), "state-directory-mode")
        assert said["findings"][0]["remedy"] == f"chmod 700 {stage.home.state}", said
    finally:
        stage.home.state.chmod(0o700)


def descriptors(stage):
    """Of the gateway that runs, whatever the doctor's own limit is."""
    small = Installation(stage.binary, stage.scratch, "small", stage.backend, files=256)
    try:
        said = expect(stage.doctor(f"http://127.0.0.1:{small.port}", installation=small), "descriptors")
        assert f"process {small.program.process.pid}" in said["findings"][0]["evidence"], said
    finally:
        small.program.stop()
    done = subprocess.run(
        [stage.binary, "doctor", "--json"], capture_output=True, text=True, timeout=PATIENCE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256)))
    assert [finding["id"] for finding in json.loads(done.stdout)["findings"]] == ["descriptors"], done.stdout
    assert done.returncode == 20


def backend_down(stage):
    closed = ClosedPort()
    lonely = Installation(stage.binary, stage.scratch, "lonely", closed.port)
    try:
        expect(stage.doctor(f"http://127.0.0.1:{lonely.port}", installation=lonely), "backend-unreachable")
    finally:
        lonely.program.stop()
        closed.close()


def one_command(stage):
    port = stable_port()
    sandbox = stage.start_sandbox(port, "--one-command-per-read")
    losing = Installation(stage.binary, stage.scratch, "losing", port)
    try:
        said = expect(stage.doctor(f"http://127.0.0.1:{losing.port}", installation=losing), "backend-loses-commands")
        assert "pipelines" in said["findings"][0]["remedy"], said
    finally:
        losing.program.stop()
    careful = Installation(stage.binary, stage.scratch, "careful", port, quirks="[one-switchboard]")
    try:
        # Then nothing is to be changed, and it is good to know.
        said = expect(stage.doctor(f"http://127.0.0.1:{careful.port}", installation=careful, quick=True), "backend-one-command")
        assert said["worst"] == "notice", said
    finally:
        careful.program.stop()
        sandbox.stop()


def cors(stage):
    said = expect(stage.doctor(stage.url("good"), "--origin", "https://missing.example", quick=True), "cors-missing")
    assert said["findings"][0]["subject"] == "https://missing.example", said
    # The gateway says it, and the proxy takes it away.
    said = expect(stage.doctor(stage.url("mute"), quick=True), "cors-missing")
    assert said["findings"][0]["subject"] == ORIGIN, said


def interrupted(stage):
    """Ctrl+C while a poll waits: what was made at the gateway is taken back."""
    process = subprocess.Popen(
        [stage.binary, "doctor", f"http://127.0.0.1:{stage.home.port}", *stage.home.arguments(False, patience=50)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
    try:
        said = []
        while not said or "access test account" not in said[-1]:
            said.append(process.stdout.readline())
            assert said[-1], said
        assert [session["state"] for session in stage.home.get("/v1/sessions")["sessions"]].count("online") == 1
        process.send_signal(signal.SIGINT)
        found = process.wait(PATIENCE)
        assert found == 130, (found, process.stdout.read())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert {session["state"] for session in stage.home.get("/v1/sessions")["sessions"]} == {"ended"}
    assert stage.home.get("/v1/webhooks")["webhooks"] == []


CHECKS = (
    sound, proxy_timeout, buffering, wrong_host, expired_certificate, clock, state_mode, descriptors, backend_down,
    one_command, cors, interrupted)


def main(binary, names):
    passed, failed = 0, []
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        stage = Stage(binary, scratch)
        try:
            for check in CHECKS:
                if names and check.__name__ not in names:
                    continue
                begun = time.monotonic()
                try:
                    check(stage)
                    passed += 1
                    print(f"ok: {check.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
                except Exception:
                    failed.append(check.__name__)
                    print(f"FAILED: {check.__name__}\n{traceback.format_exc()}", flush=True)
        finally:
            stage.stop()
    print(f"in {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    # Settings of whoever runs this are no faults.
    for name in [name for name in os.environ if name.startswith("MSNP_GATEWAY_")]:
        del os.environ[name]
    sys.exit(main(sys.argv[1], sys.argv[2:]))
