/* explained_terms.c - words of the field that are no call, state or event. */
#include "config.h"

#include "explanations.h"

static const struct explanation terms[] = {
    /* --- of a listener ----------------------------------------------------------------- */
    { .word = "backlog", .also = "somaxconn",
      .means = N_("How many clients the accept queue may hold: the argument of listen. The kernel "
                  "cuts it to net.core.somaxconn, and admits one more."),
      .calls = "listen",
      .attempt = N_("listen 10001 backlog=1, then connect 10001 count=5 connect-timeout=2s: some hang"),
      .python = "sock.listen(1)" },
    { .word = "accept-queue", .also = "listen-queue",
      .means = N_("Clients that are connected, by the kernel, and that nobody has accepted yet. While "
                  "it is full SYNs are dropped, and connects hang. The header has its gauge."),
      .calls = N_("none: the kernel's own count (TCP_INFO of the listener)"),
      .attempt = N_("listen 10001, then connect 10001 count=3: serial serves one, two wait"),
      .python = "sock.listen(backlog)  # accept() takes the oldest out of it" },
    { .word = "thundering-herd", .also = "herd",
      .means = N_("All who wait for the same client wake up, and one gets it. Blocked in accept, one "
                  "is woken; in poll or epoll, all are, if EPOLLEXCLUSIVE is not asked for."),
      .attempt = N_("compare modes=prefork: ACCEPTED says who got how many") },
    { .word = "port", .also = "ephemeral-port",
      .means = N_("A number from 1 to 65535 that tells the sockets of one address apart. Those below "
                  "1024 are the administrator's; 0 asks for a free one."),
      .calls = "bind, connect", .attempt = "listen 0",
      .python = "sock.bind((\"127.0.0.1\", 0)); sock.getsockname()[1]" },
    { .word = "loopback", .also = "localhost 127.0.0.1 ::1",
      .means = N_("The machine talks to itself. Nobody else can connect there: to be reached, listen "
                  "on * or on an address of a network."),
      .attempt = N_("listen 10001; listen *:10002 is for everybody"),
      .python = "sock.bind((\"127.0.0.1\", 10001))  # (\"\", 10001): every address" },

    /* --- of waiting --------------------------------------------------------------------- */
    { .word = "none",
      .means = N_("As a timeout: no limit, the call blocks. As a line ending: nothing is appended."),
      .attempt = "timeout read none; eol none",
      .python = "sock.settimeout(None)  # recv waits for ever" },
    { .word = "0", .also = "non-blocking nonblocking O_NONBLOCK",
      .means = N_("As a timeout: a call that would have to wait returns EAGAIN at once (connect: "
                  "EINPROGRESS). Said once, then it is waited until ready. As a port: a free one."),
      .calls = "recv, send, accept4, connect", .attempt = "timeout read 0; listen 0",
      .python = "sock.settimeout(0); sock.recv(1024)  # BlockingIOError: [Errno 11]" },
    { .word = "blocked", .also = "blocking block hangs",
      .means = N_("A call that does not return yet. Its thread sleeps in the kernel, and takes no "
                  "CPU."),
      .calls = "accept4, recv, send, connect",
      .causes = { N_("accept: no client comes"), N_("recv: no bytes come"),
                  N_("send: the peer does not read, and all buffers are full") },
      .attempt = N_("calls on: what is in progress stands at the end of Calls, with its time"),
      .python = "sock.settimeout(None)  # the default; settimeout(2): at most two seconds" },
    { .word = "epoll_wait", .also = "epoll_ctl epoll_create epoll_create1 select selectors",
      .means = N_("Waits until one of many descriptors is ready, or a deadline has passed. One thread "
                  "can so serve all: mode epoll does, and so does the loop of all connects."),
      .attempt = "listen 10001 mode=epoll",
      .python = "selectors.DefaultSelector().select(timeout)" },

    /* --- of a connection ------------------------------------------------------------------ */
    { .word = "SYN", .also = "SYN-ACK handshake three-way-handshake",
      .means = N_("What a connection begins with. The other kernel answers SYN and ACK, ours ACK: "
                  "that is the handshake, and it is done before any program accepts."),
      .calls = "connect", .attempt = N_("hole, and connect to it: a SYN that nothing answers"),
      .python = "sock.connect(address)" },
    { .word = "ACK",
      .means = N_("Says which bytes have come. It is the other kernel's word: its program need not "
                  "have read them."),
      .calls = N_("none: the kernel's own affair"),
      .attempt = N_("pause one end, send to it, info: acknowledged, and unread (SIOCINQ)") },
    { .word = "FIN",
      .means = N_("The end of one direction: nothing more will be sent. The reader gets what is left, "
                  "then recv returns 0 bytes. The other direction stays open."),
      .calls = "close, shutdown",
      .causes = { N_("close, of a socket whose received bytes were all read"), N_("shutdown write"),
                  N_("the program ended, and the kernel closed for it") },
      .attempt = N_("shutdown write, then info on both ends"),
      .python = "sock.shutdown(socket.SHUT_WR)" },
    { .word = "stream", .also = "framing message-boundary",
      .means = N_("TCP carries bytes, no messages: one send may arrive in several recv, several sends "
                  "in one. Where a message ends is for the programs to say: a line, a length."),
      .attempt = N_("listen 10001 recv=2, then send hello to it"),
      .python = "while not data.endswith(b\"\\n\"): data += conn.recv(1024)" },
    { .word = "buffer", .also = "send-buffer receive-buffer send-queue receive-queue backpressure",
      .means = N_("Bytes wait in the sender's kernel until they are acknowledged (SIOCOUTQ), and in the "
                  "reader's until they are read (SIOCINQ). When both are full, send blocks."),
      .attempt = N_("listen 10001 handler=stall, connect 10001, sendfile of 10 MB, info"),
      .python = "sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)" },
    { .word = "descriptor", .also = "fd fileno file-descriptor",
      .means = N_("The small number by which a process names an open socket or file. A number that was "
                  "closed is given out again."),
      .calls = "socket, accept4", .attempt = N_("calls on: the first argument of most calls"),
      .python = "sock.fileno()" },

    /* --- socket options -------------------------------------------------------------------- */
    { .word = "SO_REUSEADDR",
      .means = N_("The port may be bound while connections of an earlier run are in TIME_WAIT; both "
                  "sockets must have it. Not while another socket listens there."),
      .calls = "setsockopt, before bind", .attempt = N_("calls on, then listen 10001"),
      .python = "sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)" },
    { .word = "SO_LINGER", .also = "linger",
      .means = N_("What close does with bytes that were not sent yet. Off: it returns, and they go on. "
                  "On with a time: it waits that long. On with 0: they are dropped, and RST is sent."),
      .calls = "setsockopt, before close", .attempt = N_("calls on, then reset"),
      .python = "sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack(\"ii\", 1, 0)); sock.close()" },

    /* --- of processes ------------------------------------------------------------------------ */
    { .word = "zombie", .also = "defunct reaped",
      .means = N_("A process that has ended and whose parent has not asked how. It takes a pid until "
                  "then."),
      .calls = "waitid, of the parent", .attempt = N_("mode fork: each child is reaped when it ends"),
      .python = "os.waitpid(-1, os.WNOHANG)" },
};

const struct explanation_list explained_terms = EXPLANATIONS(terms);
