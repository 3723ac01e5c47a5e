"""What a flood costs the others: flood.py PATH-OF-MSNP-GATEWAY [SECONDS]

Quiet sessions on every event loop hear one change of presence at a time; measured is the time from the backend's write to
the client's read of the poll's answer. First alone, then while other sessions are stormed with NLN without a pause: each
is ended as a flood, and the next one signs in at once. Closes with one line for each phase.
"""

import http.client
import json
import multiprocessing
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

QUIET = 4
LOUD = 8
PAUSE = 0.01
"""Seconds between two words to one quiet session: so many that the percentiles mean something."""
STORM = b"NLN BSY bob@example.com Bob\r\nNLN AWY bob@example.com Bob\r\n" * 5_000


def lines(connection):
    return iter(lambda: connection.readline().decode(), "")


def sign_in(stream, socket_):
    """Plays a server's part up to the echo of CHG; false when the client left."""
    for line in lines(stream):
        command, *words = line.split()
        number = words[0] if words else ""
        if command == "USR":
            if words[2] == "I":
                account = words[3]
                answer = [f"USR {number} MD5 S 1"]
            else:
                answer = [f"USR {number} OK {account} {account} 1"]
        elif command == "SYN":
            member = "1 1 bob@example.com Bob"
            answer = [f"SYN {number} 3"] + [
                f"LST {number} {name} 3 {member if name != 'BL' else '0 0'}" for name in ("FL", "AL", "BL", "RL")]
        else:
            answer = {
                "VER": [f"VER {number} MSNP6"], "INF": [f"INF {number} MD5"], "CHG": [line.strip()],
            }.get(command, [])
        socket_.sendall("".join(word + "\r\n" for word in answer).encode())
        if command == "CHG":
            return True
    return False


def serve(listener, then):
    """Accepts for ever; `then` is called on a thread for each connection that has signed in."""
    def play(connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if sign_in(connection.makefile("rb"), connection):
                then(connection)
        except OSError:
            pass

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=play, args=(connection,), daemon=True).start()


def call(base, method, path, token=None, body=None):
    request = urllib.request.Request(base + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def open_session(base, backend, account):
    answer = call(base, "POST", "/v1/sessions", body={"account": account, "password": "x", "backend": backend})
    return answer["session"]["id"], answer["token"]


def storm_server(listener):
    """In a process of its own, so that the measuring one has its interpreter to itself."""
    def rage(connection):
        while True:
            connection.sendall(STORM)

    serve(listener, rage)


def storm_clients(base, floods):
    def again(number):
        for turn in range(1_000_000):
            try:
                session, token = open_session(base, "storm", f"loud{number}-{turn}@example.com")
                state = {}
                while state.get("state") != "ended":
                    page = call(base, "GET", f"/v1/sessions/{session}/events?after=now&types=session.state", token)
                    state = call(base, "GET", f"/v1/sessions/{session}", token) if page.get("ended") or not page["events"] \
                        else page["events"][-1]["data"]
            except urllib.error.HTTPError as error:
                # A flood before the sign-in was answered, or before the first look at it.
                if error.code not in (410, 502):
                    raise
            with floods.get_lock():
                floods.value += 1

    threads = [threading.Thread(target=again, args=(number,), daemon=True) for number in range(LOUD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(port, base, sessions, connections, seconds):
    """Latencies in milliseconds, from all quiet sessions."""
    found = []
    guard = threading.Lock()

    def hear(session, token, connection):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.connect()
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {"Authorization": "Bearer " + token}
        cursor = call(base, "GET", f"/v1/sessions/{session}", token)["cursor"]
        end = time.monotonic() + seconds
        turn = 0
        while time.monotonic() < end:
            turn += 1

            def speak():
                status = "BSY" if turn % 2 else "AWY"
                connection.sendall(f"NLN {status} bob@example.com {time.monotonic_ns()}\r\n".encode())

            # The poll is parked by then.
            threading.Timer(PAUSE, speak).start()
            client.request("GET", f"/v1/sessions/{session}/events?after={cursor}&types=presence.changed", headers=headers)
            body = client.getresponse().read()
            now = time.monotonic_ns()
            page = json.loads(body)
            cursor = page["next"]
            with guard:
                found.extend((now - int(event["data"]["displayName"])) / 1e6 for event in page["events"])

    threads = [threading.Thread(target=hear, args=(*session, connection))
               for session, connection in zip(sessions, connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def tell(name, found, note=""):
    at = lambda part: found[min(len(found) - 1, int(len(found) * part))]
    print(f"{name}: {len(found)} events, p50 {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms, max {found[-1]:.1f} ms{note}")


def main():
    binary, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 15
    quiet_listener, storm_listener = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
    connections = []
    threading.Thread(target=serve, args=(quiet_listener, connections.append), daemon=True).start()
    arrived = lambda listener: f"127.0.0.1:{listener.getsockname()[1]}"
    process = subprocess.Popen(
        [binary, "serve", "--listen", "127.0.0.1:0", "--backend", "quiet=" + arrived(quiet_listener),
         "--backend", "storm=" + arrived(storm_listener)],
        stderr=subprocess.PIPE, text=True,
        env={"MSNP_GATEWAY_LIMITS_SESSIONS_PER_ANONYMOUS_ADDRESS": "1000", "MSNP_GATEWAY_LOG_FORMAT": "json",
             "MSNP_GATEWAY_BACKEND_STORM_SIGN_INS_PER_SECOND": "0"})
    print("commands go to the servers one at a time: the quirk pipelines is not set")
    children = []
    try:
        port = None
        for line in process.stderr:
            url = json.loads(line).get("url")
            if url:
                port = int(url.rsplit(":", 1)[1])
                break
        threading.Thread(target=lambda: [None for _ in process.stderr], daemon=True).start()
        base = f"http://127.0.0.1:{port}"
        sessions = []
        for number in range(QUIET):
            sessions.append(open_session(base, "quiet", f"quiet{number}@example.com"))
            while len(connections) <= number:
                time.sleep(0.01)
        tell("alone", measure(port, base, sessions, connections, seconds))
        floods = multiprocessing.Value("q", 0)
        children = [multiprocessing.Process(target=storm_server, args=(storm_listener,), daemon=True),
                    multiprocessing.Process(target=storm_clients, args=(base, floods), daemon=True)]
        for child in children:
            child.start()
        while floods.value < LOUD:
            time.sleep(0.01)
        found = measure(port, base, sessions, connections, seconds)
        peak = next(row.split()[1] for row in open(f"/proc/{process.pid}/status") if row.startswith("VmHWM"))
        tell("in the storm", found, f"; {floods.value} floods ended, peak memory {int(peak) // 1024} MiB")
    finally:
        for child in children:
            child.terminate()
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
