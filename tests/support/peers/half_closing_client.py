"""Sends TEXT, shuts its sending side down, reads to the end and prints what came.

usage: half_closing_client.py PORT TEXT
"""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    sock.sendall(sys.argv[2].encode("utf8"))
    sock.shutdown(socket.SHUT_WR)
    answer = b""
    while part := sock.recv(1024):
        answer += part
    print(answer.decode("utf8"), flush=True)
