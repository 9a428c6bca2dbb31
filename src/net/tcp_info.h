/* tcp_info.h - the kernel's TCP_INFO, whose newest fields older headers lack.
 * For src/net only. */
#ifndef SOCKDECK_NET_TCP_INFO_H
#define SOCKDECK_NET_TCP_INFO_H

#include <linux/tcp.h>
#include <stddef.h>
#include <stdint.h>

struct tcp_numbers;

/* Zeroed before it is filled: what the kernel does not know yet reads as 0. */
union tcp_info_space {
    struct tcp_info info;
    uint32_t words[128];        /* room for what later kernels add */
};

/* Fills in all but what TCP_INFO does not hold, which it leaves alone. */
void tcp_info_to_numbers(const union tcp_info_space *space, struct tcp_numbers *numbers);

#endif
