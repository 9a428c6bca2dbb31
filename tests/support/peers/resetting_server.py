"""Prints its port, accepts one client, and on a line of standard input resets it.

usage: resetting_server.py
"""
import socket
import struct
import sys

with socket.create_server(("127.0.0.1", 0)) as sock:
    print(sock.getsockname()[1], flush=True)
    conn, addr = sock.accept()
    sys.stdin.readline()
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()
