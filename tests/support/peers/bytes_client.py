"""Sends the bytes that HEX tells, and closes.

usage: bytes_client.py PORT HEX
"""
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    sock.sendall(bytes.fromhex(sys.argv[2]))
