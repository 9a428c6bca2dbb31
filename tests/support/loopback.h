/* loopback.h - real connections over loopback, made and waited for in one call.
 * Whatever cannot be had fails the test. */
#ifndef SOCKDECK_TESTS_LOOPBACK_H
#define SOCKDECK_TESTS_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/net/address.h"

enum { PATIENCE_MS = 5000 };

/* Two ends of a connection, and the listener it came through; -1 for one closed. */
struct pair {
    int listener, dialled, accepted;
    struct address address, from;       /* of the listener, of the dialling side */
};

/* poll(2) until one of the events is there. */
void loopback_wait(int fd, short events);

bool loopback_has_ipv6(void);
struct address loopback_address(const char *host, uint16_t port);
uint16_t loopback_port(const struct address *address);
void loopback_assert_same(const struct address *a, const struct address *b);
/* getpeername(2) of a socket that has a peer. */
struct address loopback_peer(int fd);

/* *address gets the port that the kernel chose. */
int loopback_listen(struct address *address, int backlog);

/* A connect that is under way; from may be NULL. */
int loopback_start_dial(const struct address *from, const struct address *to);
/* One that is established. */
int loopback_dial(const struct address *to);
int loopback_accept(int listener, struct address *peer);

struct pair loopback_pair(const char *host);
void loopback_close_pair(const struct pair *pair);

#endif
