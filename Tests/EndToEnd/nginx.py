"""Debian's nginx, as a process of a check's own."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from harness import PATIENCE


class Nginx:
    """Debian's nginx in a directory of its own."""

    def __init__(self, servers):
        self.scratch = tempfile.TemporaryDirectory()
        base = self.scratch.name
        path = pathlib.Path(base, "nginx.conf")
        path.write_text(
            f"daemon off;\nmaster_process off;\npid {base}/pid;\nerror_log {base}/error.log;\nevents {{}}\nhttp {{\n"
            "access_log off;\n" + "".join(
                f"{name}_temp_path {base}/{name};\n"
                for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + servers + "}\n")
        command = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen(
            [command, "-p", base, "-c", str(path), "-e", f"{base}/error.log"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

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
