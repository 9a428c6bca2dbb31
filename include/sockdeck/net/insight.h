/* insight.h - what the kernel says of a socket: its own numbers. Any thread. */
#ifndef SOCKDECK_NET_INSIGHT_H
#define SOCKDECK_NET_INSIGHT_H

#include <stdbool.h>
#include <stdint.h>

struct address;

/* The accept queue of a listening socket: tcpi_unacked and tcpi_sacked of
 * TCP_INFO. Full when waiting > limit (the kernel admits limit + 1). */
struct accept_queue { uint32_t waiting, limit; };
int insight_accept_queue(int listener, struct accept_queue *queue);

/* Bytes in the kernel: sent but not acknowledged or not yet sent (SIOCOUTQ);
 * received and unread (SIOCINQ). Negative errno on failure. */
int insight_unacked(int fd);
int insight_unread(int fd);

/* A timer of the kernel that runs for a socket. */
enum tcp_timer { TCP_TIMER_NONE, TCP_TIMER_RETRANSMIT, TCP_TIMER_KEEPALIVE, TCP_TIMER_TIME_WAIT,
                 TCP_TIMER_WINDOW_PROBE, TCP_TIMERS };

extern const char *const insight_timer_names[TCP_TIMERS];       /* "none" "retransmit" ... */

/* As in <netinet/tcp.h>: the state that shares TIME_WAIT's timer. */
enum { TCP_STATE_FIN_WAIT2 = 5 };

/* The most that tcp_numbers.ssthresh can be: the kernel has seen no congestion yet. */
#define TCP_SSTHRESH_NONE UINT32_C(0x7fffffff)

struct tcp_numbers {
    uint8_t state;              /* TCP_ESTABLISHED ... as in <netinet/tcp.h> */
    bool has_info;              /* false in TIME_WAIT: what is below this line is 0 */

    uint32_t rtt_us, rttvar_us, min_rtt_us, rto_us;
    uint32_t snd_cwnd, ssthresh, mss, rcv_mss, pmtu;            /* cwnd, ssthresh: segments */
    uint32_t snd_wnd, rcv_wnd;                                  /* bytes */
    uint8_t snd_wscale, rcv_wscale;
    uint32_t retransmits;       /* segments sent again, ever */
    uint32_t retransmits_now;   /* of the oldest segment that is unacknowledged */
    uint32_t unacked, lost;     /* segments */
    uint32_t segs_in, segs_out;
    uint64_t bytes_acked, bytes_received, bytes_sent, bytes_retransmitted;
    uint32_t notsent;           /* bytes of the send queue that were never sent */
    uint64_t pacing_rate, delivery_rate;                        /* bytes/s */
    uint64_t busy_us, rwnd_limited_us, sndbuf_limited_us;
    uint32_t sent_ago_ms, received_ago_ms;                      /* data, not ACKs */
    char congestion[16];        /* "cubic", "" where it was not told */

    uint32_t send_queue, receive_queue;         /* bytes; of a listener: limit, waiting */

    uint8_t timer;              /* enum tcp_timer */
    uint8_t timer_tries;        /* how often it ran out, or probes */
    uint32_t timer_left_ms;
    uint32_t inode, uid;        /* inode 0: no process holds it any more */
    uint32_t sndbuf, rcvbuf;    /* SO_SNDBUF, SO_RCVBUF; 0 where it was not told */
    uint32_t drops;             /* of a listener: clients turned away */
};

/* Of any TCP socket on this machine by its pair of addresses (NETLINK_SOCK_DIAG, an
 * exact look-up; as any user): -ENOENT when there is none. A peer of length 0 asks for
 * the listening socket. */
int insight_of_pair(const struct address *local, const struct address *peer,
                    struct tcp_numbers *numbers);

/* "ESTABLISHED", "FIN_WAIT2", "CLOSE_WAIT" ...: as the kernel writes them. */
const char *insight_state_name(uint8_t state);
/* What a connection in that state waits for, one sentence. */
const char *insight_state_meaning(uint8_t state);

/* --- socket options: only who holds the descriptor can ask for them ------------- */

enum socket_option {
    OPTION_SNDBUF, OPTION_RCVBUF, OPTION_NODELAY, OPTION_CORK, OPTION_QUICKACK,
    OPTION_KEEPALIVE, OPTION_KEEPIDLE, OPTION_KEEPINTVL, OPTION_KEEPCNT, OPTION_USER_TIMEOUT,
    OPTION_LINGER, OPTION_REUSEADDR, OPTION_REUSEPORT, OPTION_OOBINLINE, OPTION_NONBLOCK,
    SOCKET_OPTIONS
};

enum option_kind { OPTION_IS_SWITCH, OPTION_IS_NUMBER, OPTION_IS_SECONDS, OPTION_IS_MS };

struct option_info {
    const char *name;           /* "TCP_NODELAY" */
    uint8_t kind;               /* enum option_kind */
    const char *meaning;
};

extern const struct option_info insight_option_infos[SOCKET_OPTIONS];

/* One that the kernel does not tell; or a linger that is off. */
#define OPTION_NOT_TOLD INT32_MIN

void insight_options(int fd, int32_t values[static SOCKET_OPTIONS]);

#endif
