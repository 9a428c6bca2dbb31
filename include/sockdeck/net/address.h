/* address.h - socket addresses as values, read from and written as words.
 * Pure, any thread; but endpoint_resolve may block on name servers. */
#ifndef SOCKDECK_NET_ADDRESS_H
#define SOCKDECK_NET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct error;

struct address {
    socklen_t length;           /* 0: none */
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    } u;
};

enum { ADDRESS_TEXT = 64 };     /* "[v6%scope]:port" with its NUL */

/* A place as a user writes it, before resolving. */
struct endpoint {
    char host[256];             /* without brackets; "" for the default, "*" for every address */
    uint16_t port;
};

/* "10001", "host:port", "[v6]:port", "*:port", or host and port as two words
 * (port NULL when there is one word only). The prefixes tcp: udp: unix: tls: are
 * reserved: all but tcp: are refused with a sentence that says so. -EINVAL with a
 * sentence that names the word (port 0 is allowed only where may_be_zero). */
int endpoint_parse(const char *word, const char *port, bool may_be_zero,
                   struct endpoint *endpoint, struct error *err);

/* Numeric hosts only ("", "*" and "localhost" included): 0, or -EAGAIN when a
 * name server would have to be asked. "" is 127.0.0.1; "*" is the IPv4 wildcard. */
int endpoint_address(const struct endpoint *endpoint, struct address *address);

/* Resolves with getaddrinfo(3): fills at most max addresses in its order and
 * returns how many, or a negative errno with getaddrinfo's sentence: -ENOENT when
 * the name does not exist, -EAGAIN when it may work later. Blocks, except for what
 * endpoint_address answers (localhost is both loopback addresses, IPv4 first). */
int endpoint_resolve(const struct endpoint *endpoint, struct address *list, int max,
                     struct error *err);

/* Every address of its family, or of both: 0.0.0.0, ::, ::ffff:0.0.0.0. */
bool address_is_wildcard(const struct address *address);

/* "127.0.0.1:10001", "[::1]:10001", "[fe80::1%2]:10001". Numeric, the interface
 * too. "none" for an empty one. */
const char *address_text(const struct address *address, char buf[static ADDRESS_TEXT]);

#endif
