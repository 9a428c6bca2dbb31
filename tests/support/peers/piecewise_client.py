"""Sends the bytes that HEX tells one by one, a packet each, and waits for a line before it
closes.

usage: piecewise_client.py PORT HEX
"""
import socket
import sys
import time

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in bytes.fromhex(sys.argv[2]):
        sock.sendall(bytes([byte]))
        time.sleep(0.02)
    print("sent", flush=True)
    sys.stdin.readline()
