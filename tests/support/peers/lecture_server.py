"""The lecture's server (steps 2 and 4): prints its port, then what each client says.

usage: lecture_server.py [CLIENTS]
"""
import socket
import sys

clients = int(sys.argv[1]) if len(sys.argv) > 1 else 1

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.bind(("127.0.0.1", 0))
    sock.listen(socket.SOMAXCONN)
    print(sock.getsockname()[1], flush=True)

    for _ in range(clients):
        conn, addr = sock.accept()
        with conn:
            while True:
                data = conn.recv(1024)
                if not data:
                    break
                print(data.decode("utf8"), flush=True)
print("end", flush=True)
