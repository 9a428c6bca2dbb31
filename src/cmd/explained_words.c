/* explained_words.c - calls, TCP states, modes and counters. */
#include "config.h"

#include "explanations.h"

static const struct explanation calls[] = {
    { .word = "socket", .means = N_("Makes a socket: an object of the kernel, and a descriptor for it."),
      .python = "sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
      .attempt = "connect 10001" },
    { .word = "setsockopt", .means = N_("Sets an option of a socket, such as SO_REUSEADDR before bind."),
      .python = "sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
      .attempt = "listen 10001" },
    { .word = "bind", .means = N_("Gives a socket its own address and port."),
      .python = "sock.bind((\"127.0.0.1\", 10001))  # port 0: the kernel takes a free one",
      .attempt = "listen 10001; connect 10001 from=127.0.0.1:20001" },
    { .word = "listen", .means = N_("Makes it wait for clients; backlog bounds the accept queue, and "
                                    "the kernel admits one more."),
      .python = "sock.listen(128)  # at most SOMAXCONN", .attempt = "listen 10001 backlog=1" },
    { .word = "accept4", .also = "accept",
      .means = N_("Takes the oldest client out of the accept queue, as a new socket; waits while "
                  "there is none."),
      .python = "conn, address = sock.accept()", .attempt = "listen 10001 accept-delay=1s" },
    { .word = "connect", .means = N_("Sends the SYN and waits until the handshake is done or refused."),
      .python = "sock.connect((\"127.0.0.1\", 10001))", .attempt = "connect 10001" },
    { .word = "recv", .also = "read",
      .means = N_("Takes at most n bytes that have come; waits while there are none. 0 is the "
                  "peer's end."),
      .python = "data = conn.recv(1024)", .attempt = "pause, and resume" },
    { .word = "send", .also = "write sendall",
      .means = N_("Gives bytes to the kernel, which may take fewer than asked; waits while its buffer "
                  "is full."),
      .python = "sock.sendall(b\"ping\")  # send again and again until all is taken",
      .attempt = "send hello" },
    { .word = "recvfrom", .means = N_("The system call behind recv: libc makes recv out of it."),
      .python = "data = conn.recv(1024)", .attempt = "calls on" },
    { .word = "sendto", .means = N_("The system call behind send: libc makes send out of it."),
      .python = "sock.send(b\"ping\")", .attempt = "calls on" },
    { .word = "getsockopt", .means = N_("Asks a socket; here how a connect ended that was in progress "
                                        "(SO_ERROR)."),
      .python = "sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)", .attempt = "calls on" },
    { .word = "getsockname", .means = N_("Asks for a socket's own address: which port the kernel took."),
      .python = "sock.getsockname()", .attempt = "listen 0" },
    { .word = "shutdown", .means = N_("Shuts one direction: write sends FIN, and receiving goes on."),
      .python = "sock.shutdown(socket.SHUT_WR)", .attempt = "shutdown write" },
    { .word = "close", .means = N_("Gives the descriptor back. FIN if all that came was read, else RST."),
      .python = "sock.close(), or: with socket.socket() as sock", .attempt = "close" },
    { .word = "getaddrinfo", .means = N_("Asks files and name servers for the addresses of a name; it has "
                                         "a thread of its own here, since it may hang."),
      .python = "socket.getaddrinfo(\"localhost\", 80)", .attempt = "set resolve-timeout 2s" },
    { .word = "fork", .means = N_("Makes a second process, a copy of this one."),
      .python = "os.fork(), or multiprocessing.Process", .attempt = "listen 10001 mode=fork" },
    { .word = "pthread_create", .means = N_("Starts one more thread in this process."),
      .python = "threading.Thread(target=serve, args=(conn,)).start()",
      .attempt = "listen 10001 mode=threads" },
    { .word = "poll", .means = N_("Waits until a descriptor is ready or a deadline has passed: how each "
                                  "timeout is made."),
      .python = "select.poll()", .attempt = "listen 10001 mode=epoll" },
};

const struct explanation_list explained_calls = EXPLANATIONS(calls);

static const struct explanation states[] = {
    { .word = "LISTEN", .means = N_("Waits for clients; it has an accept queue and no peer."),
      .attempt = "listen 10001" },
    { .word = "SYN_SENT", .means = N_("Our SYN is out, no answer yet: a connect that goes on."),
      .attempt = N_("hole, and connect to it") },
    { .word = "SYN_RECV", .means = N_("A SYN came and was answered; the client's ACK is missing.") },
    { .word = "ESTABLISHED", .means = N_("Both directions are open."), .attempt = "connect 10001" },
    { .word = "FIN_WAIT1", .means = N_("We said our end (FIN); the peer's machine has not acknowledged it.") },
    { .word = "FIN_WAIT2", .also = "half-close",
      .means = N_("We said our end and it is acknowledged; the peer may still send, and has not said "
                  "its own. When the socket is closed too, the kernel waits a minute for that."),
      .attempt = N_("shutdown write, then info; the other end is in CLOSE_WAIT") },
    { .word = "CLOSE_WAIT", .also = "half-close",
      .means = N_("The peer has said its end, we have not: many of these are connections that a "
                  "program forgot to close."),
      .attempt = N_("on-eof keep, and close on the other side") },
    { .word = "LAST_ACK", .means = N_("Both have said their end, the peer first; our FIN is not "
                                      "acknowledged yet.") },
    { .word = "CLOSING", .means = N_("Both said their end at the same moment.") },
    { .word = "TIME_WAIT",
      .means = N_("Who closed first keeps the pair of addresses for a minute, so that a late packet "
                  "is not taken for a new connection's. No process has it any more."),
      .causes = { N_("we closed first") },
      .attempt = N_("close on one end, then info: the state is with who closed first; listen on that "
                    "port again works, because both sockets have SO_REUSEADDR") ,
      .python = "sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # before bind" },
};

const struct explanation_list explained_states = EXPLANATIONS(states);

static const struct explanation modes[] = {
    { .word = "serial", .means = N_("One thread: accept, serve until the peer leaves, accept the next. The "
                                    "second client is connected, but not accepted."),
      .attempt = "listen 10001; connect 10001 count=2",
      .python = "while True: conn, _ = sock.accept(); serve(conn)" },
    { .word = "threads", .means = N_("One thread accepts; each connection has a thread of its own."),
      .attempt = "mode threads", .python = "threading.Thread(target=serve, args=(conn,)).start()" },
    { .word = "fork", .means = N_("One process accepts; each connection has a process of its own, which is "
                                  "reaped when it ends."),
      .attempt = "mode fork", .python = "if os.fork() == 0: serve(conn); os._exit(0)" },
    { .word = "prefork", .means = N_("Workers forked beforehand share the listening socket; all are blocked "
                                     "in accept, each serves one client at a time."),
      .attempt = "mode prefork workers=3",
      .python = "for _ in range(3): multiprocessing.Process(target=accept_loop, args=(sock,)).start()" },
    { .word = "prefork-threads", .means = N_("Such workers, and each starts a thread for each connection."),
      .attempt = "mode prefork-threads workers=3" },
    { .word = "epoll", .means = N_("One thread asks the kernel which sockets are ready, and never waits "
                                   "for one."),
      .attempt = "mode epoll", .python = "selectors.DefaultSelector(), or asyncio" },
    { .word = "hole", .means = N_("A listener that accepts nobody, with its accept queue full: connects to "
                                  "it hang."),
      .attempt = "hole", .python = "sock.listen(0)  # and connect twice" },
};

const struct explanation_list explained_modes = EXPLANATIONS(modes);

static const struct explanation counters[] = {
    { .word = "accepted", .means = N_("Connections that a listener accepted.") },
    { .word = "dialled", .means = N_("Connections that connect made or tried.") },
    { .word = "open", .means = N_("Connections that are open now, those that connect included.") },
    { .word = "closed", .means = N_("Connections that have ended, each counted once.") },
    { .word = "in", .means = N_("Bytes that recv returned, of all connections.") },
    { .word = "out", .means = N_("Bytes that the kernel took from send; the peer may not have read them.") },
    { .word = "messages_in", .means = N_("Calls of recv that returned bytes. Not the peer's sends: TCP is a "
                                         "stream.") },
    { .word = "messages_out", .means = N_("Sends, as records: one command may be several.") },
    { .word = "timeouts", .means = N_("Timeouts of all five kinds.") },
    { .word = "errors", .means = N_("System calls that failed; EAGAIN with a timeout of 0 too.") },
    { .word = "lost", .means = N_("Records whose bytes could not be kept; no count suffers.") },
    { .word = "events", .means = N_("Records of any kind.") },
};

const struct explanation_list explained_counters = EXPLANATIONS(counters);
