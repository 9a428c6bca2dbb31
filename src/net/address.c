/* address.c - socket addresses as values, and as words for people. */
#include "config.h"

#include "sockdeck/net/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static bool
is_mapped_loopback(const struct in6_addr *in6)
{
    return IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr[12] == 127;
}

/* An interface is written as its number: its name could hold anything. */
static void
write_in6(const struct sockaddr_in6 *in6, char buf[static ADDRESS_TEXT])
{
    char host[INET6_ADDRSTRLEN] = "";
    char scope[16] = "";

    inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
    if (in6->sin6_scope_id != 0)
        snprintf(scope, sizeof(scope), "%%%u", (unsigned)in6->sin6_scope_id);
    if (snprintf(buf, ADDRESS_TEXT, "[%s%s]:%u", host, scope,
                 (unsigned)ntohs(in6->sin6_port)) >= ADDRESS_TEXT)
        snprintf(buf, ADDRESS_TEXT, "[%s]:%u", host, (unsigned)ntohs(in6->sin6_port));
}

const char *
address_text(const struct address *address, char buf[static ADDRESS_TEXT])
{
    char host[INET_ADDRSTRLEN] = "";

    if (address->length == 0)
        return strcpy(buf, "none");
    switch (address->u.any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &address->u.in.sin_addr, host, sizeof(host));
        snprintf(buf, ADDRESS_TEXT, "%s:%u", host, (unsigned)ntohs(address->u.in.sin_port));
        break;
    case AF_INET6:
        write_in6(&address->u.in6, buf);
        break;
    default:
        snprintf(buf, ADDRESS_TEXT, "family %d", address->u.any.sa_family);
    }
    return buf;
}

uint16_t
address_port(const struct address *address)
{
    if (address->length == 0)
        return 0;
    switch (address->u.any.sa_family) {
    case AF_INET:
        return ntohs(address->u.in.sin_port);
    case AF_INET6:
        return ntohs(address->u.in6.sin6_port);
    default:
        return 0;
    }
}

bool
address_is_wildcard(const struct address *address)
{
    if (address->length == 0)
        return false;
    switch (address->u.any.sa_family) {
    case AF_INET:
        return address->u.in.sin_addr.s_addr == htonl(INADDR_ANY);
    case AF_INET6:
        return IN6_IS_ADDR_UNSPECIFIED(&address->u.in6.sin6_addr);
    default:
        return false;
    }
}

bool
address_is_loopback(const struct address *address)
{
    if (address->length == 0)
        return false;
    switch (address->u.any.sa_family) {
    case AF_INET:
        return ntohl(address->u.in.sin_addr.s_addr) >> 24 == 127;
    case AF_INET6:
        return IN6_IS_ADDR_LOOPBACK(&address->u.in6.sin6_addr) ||
               is_mapped_loopback(&address->u.in6.sin6_addr);
    default:
        return false;
    }
}

bool
address_equal(const struct address *a, const struct address *b)
{
    if (a->length == 0 || b->length == 0)
        return a->length == b->length;
    if (a->u.any.sa_family != b->u.any.sa_family)
        return false;
    switch (a->u.any.sa_family) {
    case AF_INET:
        return a->u.in.sin_port == b->u.in.sin_port &&
               a->u.in.sin_addr.s_addr == b->u.in.sin_addr.s_addr;
    case AF_INET6:
        return a->u.in6.sin6_port == b->u.in6.sin6_port &&
               a->u.in6.sin6_scope_id == b->u.in6.sin6_scope_id &&
               IN6_ARE_ADDR_EQUAL(&a->u.in6.sin6_addr, &b->u.in6.sin6_addr);
    default:
        return a->length == b->length && memcmp(&a->u, &b->u, a->length) == 0;
    }
}
