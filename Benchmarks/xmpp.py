"""Prosody and ejabberd over BOSH, with anonymous accounts and a component that is their contacts; where they are installed."""

import glob
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from load import start
from subjects import Subject

HOST = "bench.test"
SECRET = "component"

PROSODY = """
run_as_root = true
daemonize = false
pidfile = "{directory}/pid"
data_path = "{directory}"
log = {{ error = "*console" }}
modules_enabled = {{ "bosh", "saslauth", "presence" }}
modules_disabled = {{ "s2s", "tls", "offline" }}
http_interfaces = {{ "127.0.0.1" }}
http_ports = {{ {port} }}
https_ports = {{ }}
c2s_ports = {{ }}
s2s_ports = {{ }}
component_interfaces = {{ "127.0.0.1" }}
component_ports = {{ {component} }}
c2s_require_encryption = false
consider_bosh_secure = true
VirtualHost "{host}"
    authentication = "anonymous"
Component "contacts.{host}"
    component_secret = "{secret}"
"""

EJABBERD = """
hosts: [{host}]
loglevel: error
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /http-bind: mod_bosh
  - port: {component}
    ip: "127.0.0.1"
    module: ejabberd_service
    hosts:
      contacts.{host}:
        password: {secret}
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
modules:
  mod_bosh: {{}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class XMPP(Subject):
    """A server that says nowhere on which port it listens: it is told."""

    form = file = ""
    patience = 60
    """Seconds until it has to be there."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.directory = tempfile.TemporaryDirectory()
        self.port, self.component = free_port(), free_port()
        self.settings = pathlib.Path(self.directory.name, self.file)
        self.settings.write_text(self.form.format(directory=self.directory.name, port=self.port, component=self.component,
                                                  host=HOST, secret=SECRET), encoding="utf-8")

    def start(self, driver):
        self.driver = driver
        log = open(pathlib.Path(self.directory.name, "log"), "wb")
        self.process = start(self.command(driver.port), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.directory.name)
        self.processes = [self.process.pid]
        end = time.monotonic() + self.patience
        for port in (self.port, self.component):
            while socket.socket().connect_ex(("127.0.0.1", port)):
                if self.process.poll() is not None or time.monotonic() > end:
                    said = pathlib.Path(self.directory.name, "log").read_text("utf-8")
                    raise RuntimeError(f"{self.name} did not start: {said[-2000:]}")
                time.sleep(0.1)
        driver.begin(self)
        driver.say("bosh", HOST, "/http-bind", SECRET, self.component)
        return self

    def __exit__(self, *_):
        super().__exit__()
        self.directory.cleanup()


class Prosody(XMPP):
    name = "prosody"
    form, file = PROSODY, "prosody.cfg.lua"

    @staticmethod
    def missing():
        return None if shutil.which("prosody") else "not installed"

    def command(self, port):
        return ["prosody", "--config", self.settings]


class Ejabberd(XMPP):
    name = "ejabberd"
    form, file = EJABBERD, "ejabberd.yml"

    @staticmethod
    def missing():
        return None if Ejabberd.code() and shutil.which("erl") else "not installed"

    @staticmethod
    def code():
        """The directory of its compiled modules."""
        places = ("/usr/lib/*/ejabberd*/ebin", "/usr/lib/*/erlang/lib/ejabberd*/ebin", "/usr/lib/erlang/lib/ejabberd*/ebin")
        found = [path for place in places for path in glob.glob(place + "/ejabberd.app")]
        return os.path.dirname(found[0]) if found else None

    def command(self, port):
        # Not by ejabberdctl, which insists on a user and directories of its own. The emulator itself, and no shell around it.
        return ["erl", "-noinput", "-pa", self.code(), "-mnesia", "dir", f'"{self.directory.name}/mnesia"', "-ejabberd",
                "config", f'"{self.settings}"', "log_path", f'"{self.directory.name}/ejabberd.log"', "-s", "ejabberd"]
