"""Sends COUNT numbered lines, PER_SECOND of them at most, prints how many bytes, closes.

usage: line_client.py PORT COUNT PER_SECOND
"""
import socket
import sys
import time

count, per_second = int(sys.argv[2]), int(sys.argv[3])
begun = time.monotonic()
total = 0

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    for first in range(0, count, 500):
        lines = b"".join(b"line %d\n" % i for i in range(first, min(first + 500, count)))
        sock.sendall(lines)
        total += len(lines)
        time.sleep(max(0, begun + first / per_second - time.monotonic()))
print(total, flush=True)
