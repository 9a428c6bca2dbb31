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
