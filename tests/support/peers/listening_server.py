"""Prints its port and accepts one client; each line of standard input is an act on it: "read" prints
what one recv returned (its length, or the exception), "shutdown" ends the sending side,
"send TEXT" sends, "urgent C" sends one urgent byte, "close" closes it, "reset" aborts it.

usage: listening_server.py [BACKLOG]
"""
import socket
import struct
import sys


def read(conn):
    try:
        print(len(conn.recv(65536)), flush=True)
    except OSError as error:
        print(type(error).__name__, flush=True)


backlog = int(sys.argv[1]) if len(sys.argv) > 1 else 5
with socket.create_server(("127.0.0.1", 0), backlog=backlog) as sock:
    print(sock.getsockname()[1], flush=True)
    conn, addr = sock.accept()
    for line in sys.stdin:
        verb, _, text = line.strip().partition(" ")
        if verb == "read":
            read(conn)
        elif verb == "shutdown":
            conn.shutdown(socket.SHUT_WR)
        elif verb == "send":
            conn.sendall(text.encode("utf8"))
        elif verb == "urgent":
            conn.send(text.encode("utf8"), socket.MSG_OOB)
        elif verb == "reset":
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            conn.close()
        elif verb == "close":
            conn.close()
        print("done " + verb, flush=True)
