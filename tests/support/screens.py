#!/usr/bin/env python3
"""screens.py SOCKDECK TOP: draws the screens of README.md and man/screen-200x60.txt anew.

Each scene is run by the real program on a pseudo-terminal of its size; the last of its
commands takes a screenshot. In the README a comment before the block names the scene.
"""
import fcntl
import os
import pty
import re
import struct
import sys
import tempfile
import termios

FIRST = """
listen 10001 handler=echo idle-timeout=60s
connect 10001 read-timeout=10s
ping count=5 interval=200ms
wait 300ms
"""

PREFORK = """
listen 10001 mode=prefork workers=3 handler=echo
connect 10001
connect 10001 read-timeout=12s
timeout L1 read 30s
"""

SMALL = PREFORK + """
close #3
ping #1 count=12 interval=80ms
wait 200ms
"""

WIDE = PREFORK + """
connect 10009
ping #1 count=30 interval=100ms
"""

WHOLE = """
listen 10001 handler=pong
connect 10001 count=2
wait 300ms
mode L1 prefork workers=3
connect 10001 count=2
wait 200ms
kill W2
view both
calls on
listen 10002 mode=epoll handler=echo idle-timeout=60s
connect 10002 read-timeout=20s
send -- GET / HTTP/1.1\\r\\nHost: localhost:10002\\r\\nAccept: */*\\r\\n\\r\\n
sendhex 00 01 02 ff fe d0 bf d1 80 d0 b8 d0 b2 d0 b5 d1 82
listen 10003 mode=threads handler=stall
connect 10003 idle-timeout=2m
connect 10009
connect 10001 read-timeout=500ms
wait 600ms
ping #1 count=2 interval=150ms
"""

SCENES = {"80x24": FIRST, "60x16": SMALL, "160x36": WIDE, "200x60": WHOLE}


def run(argv, directory, columns, rows):
    """Runs argv to its end on a terminal of that size, whatever it writes there."""
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(directory)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execv(argv[0], argv)
    try:
        while os.read(master, 65536):
            pass
    except OSError:
        pass                    # the last process on the other side has gone
    os.close(master)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def draw(sockdeck, size):
    columns, rows = (int(word) for word in size.split("x"))
    with tempfile.TemporaryDirectory() as home:
        with open(os.path.join(home, "scene"), "w", encoding="utf-8") as file:
            file.write(SCENES[size] + "screenshot shot\nquit\n")
        os.environ.update(XDG_STATE_HOME=home, XDG_CONFIG_HOME=home, TERM="xterm-256color",
                          LC_ALL="C.UTF-8")
        status = run([sockdeck, "--no-rc", "-f", "scene"], home, columns, rows)
        if status != 0 and not os.path.exists(os.path.join(home, "shot")):
            sys.exit(f"screens.py: no screenshot of {size} (status {status})")
        with open(os.path.join(home, "shot"), encoding="utf-8") as file:
            return file.read().rstrip("\n") + "\n"


def replace_blocks(readme, screens):
    """The block behind each comment that names a scene."""
    for size, screen in screens.items():
        begin = f"<!-- screen {size} -->\n```\n"
        readme = re.sub(re.escape(begin) + ".*?```\n", lambda _: begin + screen + "```\n", readme,
                        flags=re.DOTALL)
    return readme


def main():
    sockdeck, top = os.path.abspath(sys.argv[1]), sys.argv[2]
    screens = {size: draw(sockdeck, size) for size in SCENES}
    with open(os.path.join(top, "man/screen-200x60.txt"), "w", encoding="utf-8") as file:
        file.write(screens["200x60"])
    with open(os.path.join(top, "README.md"), encoding="utf-8") as file:
        readme = replace_blocks(file.read(), screens)
    with open(os.path.join(top, "README.md"), "w", encoding="utf-8") as file:
        file.write(readme)


if __name__ == "__main__":
    main()
