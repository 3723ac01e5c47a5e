"""Holds idle connections: holder.py PORT COUNT. Says `holding N`, and lets go when its input ends."""

import resource
import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
held = []
for _ in range(count):
    held.append(socket.create_connection(("127.0.0.1", port), timeout=30))
print(f"holding {len(held)}", flush=True)
sys.stdin.read()
