/* address.c - socket addresses as values, and as words for people. */
#include "config.h"

#include "sockdeck/net/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

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

static char *
put_number(char *at, unsigned number)
{
    if (number >= 10)
        at = put_number(at, number / 10);
    *at = (char)('0' + number % 10);
    return at + 1;
}

/* By hand: it is written twice for each client that comes, and in a forked child
 * printf would be met for the first time, a page fault for each of its tables. */
static void
write_in(const struct sockaddr_in *in, char *at)
{
    const unsigned char *bytes = (const unsigned char *)&in->sin_addr;

    for (int i = 0; i < 4; i++) {
        at = put_number(at, bytes[i]);
        *at++ = i < 3 ? '.' : ':';
    }
    *put_number(at, ntohs(in->sin_port)) = '\0';
}

bool
address_is_wildcard(const struct address *address)
{
    const struct in6_addr *in6 = &address->u.in6.sin6_addr;

    switch (address->u.any.sa_family) {
    case AF_INET:
        return address->u.in.sin_addr.s_addr == htonl(INADDR_ANY);
    case AF_INET6:
        return IN6_IS_ADDR_UNSPECIFIED(in6) ||
               (IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr32[3] == htonl(INADDR_ANY));
    default:
        return false;
    }
}

const char *
address_text(const struct address *address, char buf[static ADDRESS_TEXT])
{
    if (address->length == 0)
        return strcpy(buf, "none");
    switch (address->u.any.sa_family) {
    case AF_INET:
        write_in(&address->u.in, buf);
        break;
    case AF_INET6:
        write_in6(&address->u.in6, buf);
        break;
    default:
        snprintf(buf, ADDRESS_TEXT, "family %d", address->u.any.sa_family);
    }
    return buf;
}
