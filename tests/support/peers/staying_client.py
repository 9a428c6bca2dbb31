"""Connects and says "connected"; for each line of standard input sends that line's text
and, if ANSWERS is given, prints as many bytes as it sent from what comes back. At the
end of standard input it closes.

usage: staying_client.py PORT [ANSWERS]
"""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    print("connected", flush=True)
    for line in sys.stdin:
        data = line.rstrip("\n").encode("utf8")
        sock.sendall(data)
        answer = b""
        while len(sys.argv) > 2 and len(answer) < len(data):
            part = sock.recv(1024)
            if not part:
                sys.exit("closed by the peer")
            answer += part
        if answer:
            print(answer.decode("utf8"), flush=True)
