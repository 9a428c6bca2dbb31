"""Prints its port, says TEXT to one client, and closes.

usage: greeting_server.py TEXT
"""
import socket
import sys

with socket.create_server(("127.0.0.1", 0)) as sock:
    print(sock.getsockname()[1], flush=True)
    conn, addr = sock.accept()
    with conn:
        conn.sendall(sys.argv[1].encode("utf8"))
