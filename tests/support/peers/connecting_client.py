"""Connects with settimeout(SECONDS) and tells how that ended: "connected", "socket.timeout"
or the name of the exception; then, in milliseconds, after how long.

usage: connecting_client.py PORT SECONDS
"""
import socket
import sys
import time

sock = socket.socket()
sock.settimeout(float(sys.argv[2]))
begun = time.monotonic()
try:
    sock.connect(("127.0.0.1", int(sys.argv[1])))
    print("connected")
except socket.timeout:
    print("socket.timeout")
except OSError as error:
    print(type(error).__name__)
print(int((time.monotonic() - begun) * 1000), flush=True)
sock.close()
