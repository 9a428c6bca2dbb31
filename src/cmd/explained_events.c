/* explained_events.c - what the lines of the Events and Messages panes tell. */
#include "config.h"

#include "explanations.h"

static const struct explanation events[] = {
    { .word = "start", .means = N_("The console begins; the first line of a batch with --json, "
                                   "with the number of the format.") },
    { .word = "listening",
      .means = N_("A socket waits for clients. From now on the kernel itself answers their SYNs "
                  "and keeps them in the accept queue."),
      .calls = "socket, setsockopt(SO_REUSEADDR), bind, listen",
      .attempt = "listen 10001", .python = "sock.bind((\"127.0.0.1\", 10001)); sock.listen()" },
    { .word = "stopped", .means = N_("The listener is closed: clients in its accept queue are reset, "
                                     "new ones are refused, open connections go on."),
      .calls = "close", .attempt = "close L1", .python = "sock.close()" },
    { .word = "mode", .means = N_("The listener serves in another way from now on; its socket stayed "
                                  "open, and open connections end under the old mode."),
      .attempt = "mode threads" },
    { .word = "worker", .means = N_("A standing worker process started, ended, was stopped or goes on."),
      .calls = "fork, waitid", .causes = { N_("a mode with workers was chosen"), N_("kill W1") },
      .attempt = N_("listen 10001 mode=prefork, then kill W1"),
      .python = "multiprocessing.Process(target=serve, args=(sock,)).start()" },
    { .word = "queue",
      .means = N_("A client is connected, by the kernel, but nobody has accepted it yet; or the "
                  "accept queue is full, and the kernel drops further SYNs."),
      .calls = N_("none: the kernel's own count (TCP_INFO of the listener)"),
      .causes = { N_("serial serves another client"), N_("every prefork worker is busy"),
                  N_("accept-delay=") },
      .attempt = N_("listen 10001, then connect 10001 count=2"),
      .python = "sock.listen(backlog)  # the client's connect succeeds before accept" },
    { .word = "connecting", .means = N_("The SYN is sent; connected, an error or a timeout follows."),
      .calls = "socket, connect", .attempt = "connect 10001",
      .python = "socket.create_connection((\"127.0.0.1\", 10001))" },
    { .word = "connected", .means = N_("The handshake is done: the other kernel answered. Its program may "
                                       "not have accepted yet."),
      .calls = "connect", .attempt = "connect 10001", .python = "sock.connect(address)" },
    { .word = "accepted", .means = N_("A listener took a client out of its accept queue; a new socket, "
                                      "the listening one stays."),
      .calls = "accept4", .attempt = N_("listen 10001, then connect 10001"),
      .python = "conn, address = sock.accept()" },
    { .word = "received", .means = N_("recv returned bytes: what had come until then, at most n. TCP is a "
                                      "stream, so these need not be the peer's sends."),
      .calls = "recv", .attempt = N_("listen 10001 recv=2, then send hello to it"),
      .python = "data = conn.recv(1024)" },
    { .word = "sent", .means = N_("The kernel has taken bytes. That is not yet a word about the peer: "
                                  "whether it reads them, or lives, is not known."),
      .calls = "send", .attempt = "send hello", .python = "sock.sendall(b\"hello\")" },
    { .word = "ping", .means = N_("The reply to a ping, with its time; or a ping that is lost."),
      .calls = "send, recv",
      .causes = { N_("lost: the handler does not answer (print, stall), or the peer is paused"),
                  N_("lost: nobody has accepted the connection yet") },
      .attempt = N_("listen 10001 handler=pong, connect 10001, ping count=3"),
      .python = "sock.sendall(b\"ping\"); sock.recv(4)" },
    { .word = "timeout", .also = "socket.timeout TimeoutError",
      .means = N_("One of the five limits has passed while the console waited: connect, accept, "
                  "read, send or idle. The line tells which, the limit, and the time it took."),
      .calls = N_("none: poll until a deadline, as settimeout(5) does"),
      .causes = { N_("the peer is slow, or does not answer at all"),
                  N_("the limit is too short for the work") },
      .attempt = N_("timeout read 1s on a silent connection; explain read-timeout"),
      .python = "sock.settimeout(5); sock.recv(1024)  # socket.timeout: timed out" },
    { .word = "error", .also = "OSError",
      .means = N_("A system call failed. The line names the call and the errno, which says why; "
                  "explain takes that errno's name."),
      .calls = N_("the one that the line begins with"), .attempt = "explain ECONNREFUSED",
      .python = "except OSError as error: print(error.errno)" },
    { .word = "eof",
      .means = N_("recv returned 0 bytes: the peer has shut its sending side (FIN). It may still "
                  "receive: that is a half-close."),
      .calls = "recv",
      .causes = { N_("the peer closed, or its program ended"), N_("the peer did shutdown write") },
      .attempt = N_("shutdown write on one end; on-eof keep leaves the other one open"),
      .python = "conn.recv(1024)  # b\"\"" },
    { .word = "closed",
      .means = N_("The connection has ended. by: whose FIN or RST came first, or that a timeout or "
                  "an error ended it. how: fin, in order; rst, at once, and bytes may be lost."),
      .calls = "close",
      .causes = { N_("by peer, fin: it said its end first and we followed"),
                  N_("by us, rst: reset, or closed with received bytes unread"),
                  N_("by peer, rst: it aborted, or closed with our bytes unread") },
      .attempt = N_("close, reset, shutdown write: each gives another verdict"),
      .python = "sock.close()" },
    { .word = "shutdown", .means = N_("One direction is shut: write sends our FIN and we still receive."),
      .calls = "shutdown", .attempt = "shutdown write", .python = "sock.shutdown(socket.SHUT_WR)" },
    { .word = "matched", .means = N_("expect has found its pattern in what was received."),
      .attempt = "expect pong" },
    { .word = "table", .means = N_("The answer of show, info, help or explain: rows and columns.") },
    { .word = "done", .means = N_("A command has ended, with its status (in a batch with --json).") },
    { .word = "failed", .means = N_("A command could not be done; the line says why."),
      .causes = { N_("a word that is unknown, or a target that has gone"),
                  N_("what it waited for ended otherwise") }, .attempt = "help" },
    { .word = "lost", .means = N_("The bytes of some records could not be kept, because more came than "
                                  "memory or the display could take. All counts stay exact."),
      .causes = { N_("much traffic, and a display that is slow or stopped") },
      .attempt = "set memory 256M" },
    { .word = "call", .means = N_("One system call, with its arguments, result and time (calls on)."),
      .attempt = "calls on" },
};

const struct explanation_list explained_events = EXPLANATIONS(events);

static const struct explanation timeouts[] = {
    { .word = "connect-timeout", .also = "connect",
      .means = N_("From the first SYN until the connection is established. Then the attempt "
                  "fails, with status 28."),
      .calls = "connect",
      .causes = { N_("nobody answers: the machine is down, or packets are dropped"),
                  N_("the accept queue is full: the server does not accept") },
      .attempt = N_("hole, then connect to its port with connect-timeout=2s"),
      .python = "socket.create_connection(address, timeout=2)  # socket.timeout: timed out" },
    { .word = "accept-timeout", .also = "accept",
      .means = N_("While no client comes. It is said once for each silence; the listener goes on."),
      .calls = "accept4", .causes = { N_("nobody connects"), N_("clients use another port") },
      .attempt = "listen 10001 accept-timeout=2s",
      .python = "sock.settimeout(2); sock.accept()  # socket.timeout: timed out" },
    { .word = "read-timeout", .also = "read recv",
      .means = N_("From the start of each wait for bytes. An accepted connection is closed, a "
                  "dialled one kept; then= changes that."),
      .calls = "recv",
      .causes = { N_("the peer has nothing to say, or works longer than the limit"),
                  N_("the peer waits for us: a missing line ending, a missing shutdown"),
                  N_("the peer has gone without a word (no FIN reached us)") },
      .attempt = N_("listen 10001 read-timeout=2s, connect 10001, and say nothing"),
      .python = "conn.settimeout(5); conn.recv(1024)  # socket.timeout: timed out" },
    { .word = "send-timeout", .also = "send",
      .means = N_("From the start of a send until the kernel has taken all bytes. How many it took "
                  "is said; the stream is cut, so the connection is closed."),
      .calls = "send",
      .causes = { N_("the peer does not read: both its and our buffers are full"),
                  N_("a slow network and a large send") },
      .attempt = N_("listen 10001 handler=stall, connect 10001 send-timeout=2s, sendfile of 10 MB"),
      .python = "sock.settimeout(2); sock.sendall(data)  # socket.timeout: timed out; "
                "how much was sent is not told" },
    { .word = "idle-timeout", .also = "idle",
      .means = N_("Nothing came in or went out for that long: the connection is closed."),
      .calls = N_("none: there is no such call"),
      .causes = { N_("a client that connected and then forgot about it"),
                  N_("a peer that has gone without a word: no FIN reached us") },
      .attempt = "listen 10001 idle-timeout=3s",
      .python = "# no settimeout does this: remember time.monotonic() of the last byte" },
};

const struct explanation_list explained_timeouts = EXPLANATIONS(timeouts);
