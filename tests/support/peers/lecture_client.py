"""The lecture's client (step 3): connect, sendall, close.

usage: lecture_client.py PORT [TEXT]
"""
import socket
import sys

text = sys.argv[2] if len(sys.argv) > 2 else "ping"

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    sock.sendall(text.encode("utf8"))
