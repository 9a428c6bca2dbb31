"""Prints its port, then how many bytes one client sent.

usage: counting_server.py
"""
import socket

with socket.create_server(("127.0.0.1", 0)) as sock:
    print(sock.getsockname()[1], flush=True)
    conn, addr = sock.accept()
    total = 0
    with conn:
        while data := conn.recv(65536):
            total += len(data)
print(total, flush=True)
