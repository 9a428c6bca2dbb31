"""Sends TEXT, and on a line of standard input resets the connection.

usage: resetting_client.py PORT TEXT
"""
import socket
import struct
import sys

sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sock.sendall(sys.argv[2].encode("utf8"))
sys.stdin.readline()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
sock.close()
