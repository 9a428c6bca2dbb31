"""COUNT clients, AT_ONCE at a time: each connects, sends its number, reads it back, and
closes. Prints how many bytes all got back; a client that is refused, reset or answered
wrongly ends it with a traceback.

usage: many_clients.py PORT COUNT AT_ONCE
"""
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

port, count, at_once = (int(word) for word in sys.argv[1:4])


def talk(number):
    data = f"client {number}\n".encode("utf8")
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(data)
        answer = b""
        while len(answer) < len(data):
            part = sock.recv(1024)
            if not part:
                raise ConnectionError("closed by the peer")
            answer += part
    if answer != data:
        raise ValueError(f"{answer!r} is not {data!r}")
    return len(answer)


with ThreadPoolExecutor(at_once) as pool:
    print(sum(pool.map(talk, range(count))), flush=True)
