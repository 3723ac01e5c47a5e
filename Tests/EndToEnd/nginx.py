"""Debian's nginx and Caddy, as processes of a check's own."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from harness import PATIENCE


class Proxy:
    """A proxy as a process, in a directory of its own."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory()

    def run(self, *command, environment=None):
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, **(environment or {})})

    def listens(self, port):
        end = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None, self.process.stdout.read()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except ConnectionRefusedError:
                assert time.monotonic() < end
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.scratch.cleanup()


class Nginx(Proxy):
    """Debian's nginx."""

    def __init__(self, servers):
        super().__init__()
        base = self.scratch.name
        path = pathlib.Path(base, "nginx.conf")
        path.write_text(
            f"daemon off;\nmaster_process off;\npid {base}/pid;\nerror_log {base}/error.log;\nevents {{}}\nhttp {{\n"
            "access_log off;\n" + "".join(
                f"{name}_temp_path {base}/{name};\n"
                for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + servers + "}\n")
        command = shutil.which("nginx") or "/usr/sbin/nginx"
        self.run(command, "-p", base, "-c", str(path), "-e", f"{base}/error.log")


class Caddy(Proxy):
    """Debian's Caddy."""

    def __init__(self, sites):
        super().__init__()
        base = self.scratch.name
        path = pathlib.Path(base, "Caddyfile")
        path.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + sites)
        # It says each request on standard error, which nobody reads: to a file.
        self.run(
            "sh", "-c", f'exec caddy run --adapter caddyfile --config "$0" >{base}/log 2>&1', str(path),
            environment={"HOME": base, "XDG_DATA_HOME": base, "XDG_CONFIG_HOME": base})
