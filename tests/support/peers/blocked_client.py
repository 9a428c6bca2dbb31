"""Connects, and on a line of standard input sends 64 MiB with settimeout(SECONDS) and tells
how sendall ended: "sent", "socket.timeout" or the name of the exception. On another line
it closes.

usage: blocked_client.py PORT SECONDS
"""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    sock.settimeout(float(sys.argv[2]))
    sys.stdin.readline()
    try:
        sock.sendall(bytes(64 << 20))
        print("sent", flush=True)
    except socket.timeout:
        print("socket.timeout", flush=True)
    except OSError as error:
        print(type(error).__name__, flush=True)
    sys.stdin.readline()
