"""An MSN server that says what a check wants it to, for sign-ins that the sandbox's people can't show."""

import socket
import threading


class ScriptedServer:
    """Takes any client as far as its account, then answers `USR` with `answer(number)`."""

    def __init__(self, answer):
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            for line in client.makefile("rb"):
                words = line.decode().split()
                if words[0] == "VER":
                    client.sendall(f"VER {words[1]} {words[2]}\r\n".encode())
                elif words[0] == "INF":
                    client.sendall(f"INF {words[1]} MD5\r\n".encode())
                elif words[0] == "USR":
                    client.sendall(self._answer(words[1]).encode())
                    return

    def close(self):
        self._listener.close()
