"""Sends BYTES bytes as fast as the other side takes them, prints how many, closes.

usage: flood_client.py PORT BYTES
"""
import socket
import sys

left = int(sys.argv[2])
chunk = bytes(range(32, 96)) * 4096

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    sent = 0
    while left > 0:
        part = chunk[:left]
        sock.sendall(part)
        left -= len(part)
        sent += len(part)
print(sent, flush=True)
