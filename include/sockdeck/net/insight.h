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

struct tcp_numbers {
    uint8_t state;              /* TCP_ESTABLISHED ... as in <netinet/tcp.h> */
    uint32_t rtt_us, rttvar_us, snd_cwnd, mss, retransmits, unacked;
    uint32_t snd_wnd, rcv_wnd;
    uint32_t send_queue, receive_queue;         /* bytes */
    uint64_t bytes_acked, bytes_received;
};

/* Of our own descriptor (TCP_INFO), or of any TCP socket on this machine by its
 * pair of addresses (NETLINK_SOCK_DIAG, an exact look-up; as any user): -ENOENT
 * when there is none. A peer of length 0 asks for the listening socket. */
int insight_of_fd(int fd, struct tcp_numbers *numbers);
int insight_of_pair(const struct address *local, const struct address *peer,
                    struct tcp_numbers *numbers);

/* "ESTABLISHED", "FIN_WAIT2", "CLOSE_WAIT" ...: as the kernel writes them. */
const char *insight_state_name(uint8_t state);

#endif
