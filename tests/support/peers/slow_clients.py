"""Opens N connections, says "connected" when all are, and sends one byte a second on each
until its standard input ends.

usage: slow_clients.py PORT N
"""
import select
import socket
import sys

socks = []
for _ in range(int(sys.argv[2])):
    socks.append(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
    socks[-1].sendall(b".")
print("connected", flush=True)
while not select.select([sys.stdin], [], [], 1)[0]:
    for sock in socks:
        sock.sendall(b".")
