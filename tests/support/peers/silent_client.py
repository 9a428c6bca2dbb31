"""Connects, says "connected", sends nothing, and tells how recv ended: b'' or the
name of the exception.

usage: silent_client.py PORT
"""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    print("connected", flush=True)
    try:
        print(sock.recv(1024), flush=True)
    except OSError as error:
        print(type(error).__name__, flush=True)
