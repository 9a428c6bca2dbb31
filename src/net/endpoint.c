/* endpoint.c - a place as a user writes it: read, and found (see address.h). */
#include "config.h"

#include "sockdeck/net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"

#define FORMS "use PORT, HOST:PORT, HOST PORT or [IPV6]:PORT"

static const char *const reserved_prefixes[] = { "udp:", "unix:", "tls:" };

/* The parts of a word that were told apart, not yet judged. */
struct parts {
    const char *host;
    size_t host_size;
    const char *port;       /* NULL: there is none */
};

static int
refuse(const char *word, const char *why, struct error *err)
{
    char shown[TEXT_WORD];

    return error_set(err, -EINVAL, "\"%s\" %s", text_word(shown, word), why);
}

/* Blanks and controls are in no name; what else makes a name is the resolver's to say. */
static bool
could_be_name(const char *host, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)host[i] <= ' ' || host[i] == 0x7f || strchr("[]/\"'", host[i]) != NULL)
            return false;
    return text_is_utf8(host, n);
}

static bool
is_in6(const char *host, size_t n)
{
    char text[INET6_ADDRSTRLEN];
    const char *scope = memchr(host, '%', n);
    struct in6_addr in6;

    if (scope != NULL)
        n = (size_t)(scope - host);
    if (n >= sizeof(text))
        return false;
    memcpy(text, host, n);
    text[n] = '\0';
    return inet_pton(AF_INET6, text, &in6) == 1;
}

/* Drops "tcp:"; the other reserved prefixes are refused. */
static int
skip_prefix(const char **word, struct error *err)
{
    char why[64];

    for (size_t i = 0; i < sizeof(reserved_prefixes) / sizeof(reserved_prefixes[0]); i++) {
        const char *prefix = reserved_prefixes[i];

        if (strncasecmp(*word, prefix, strlen(prefix)) != 0)
            continue;
        snprintf(why, sizeof(why), "starts with %s, which is reserved: only tcp: is built", prefix);
        return refuse(*word, why, err);
    }
    if (strncasecmp(*word, "tcp:", 4) == 0)
        *word += 4;
    return 0;
}

/* One word: "PORT", "HOST:PORT", "[IPV6]:PORT". False when it is none of them. */
static bool
split_word(const char *word, struct parts *parts)
{
    const char *colon = strrchr(word, ':');

    if (word[0] == '[') {
        const char *end = strchr(word, ']');

        if (end == NULL || end[1] != ':')
            return false;
        *parts = (struct parts){ word + 1, (size_t)(end - word - 1), end + 2 };
        return is_in6(parts->host, parts->host_size);
    }
    if (colon == NULL) {
        *parts = (struct parts){ "", 0, word };
        return true;
    }
    *parts = (struct parts){ word, (size_t)(colon - word), colon + 1 };
    return memchr(word, ':', parts->host_size) == NULL;
}

/* Two words: brackets are allowed round an IPv6 host, and not needed. */
static bool
split_words(const char *word, const char *port, struct parts *parts)
{
    size_t n = strlen(word);

    *parts = (struct parts){ word, n, port };
    if (n >= 2 && word[0] == '[' && word[n - 1] == ']') {
        *parts = (struct parts){ word + 1, n - 2, port };
        return is_in6(parts->host, parts->host_size);
    }
    return strchr(word, ':') == NULL || is_in6(word, n);
}

static int
parse_port(const char *word, bool may_be_zero, uint16_t *port, struct error *err)
{
    unsigned value = 0;
    const char *p = word;

    for (; *p >= '0' && *p <= '9'; p++)
        if (value <= UINT16_MAX)
            value = value * 10 + (unsigned)(*p - '0');
    if (p == word || *p != '\0')
        return refuse(word, "is not a port: ports are numbers from 1 to 65535", err);
    if (value > UINT16_MAX || (value == 0 && !may_be_zero))
        return refuse(word, may_be_zero
                      ? "is not a port: ports are 1 to 65535, and 0 takes a free one"
                      : "is not a port: ports are 1 to 65535", err);
    *port = (uint16_t)value;
    return 0;
}

static bool
is_number(const char *word, size_t n)
{
    return n > 0 && strspn(word, "0123456789") >= n;
}

int
endpoint_parse(const char *word, const char *port, bool may_be_zero,
               struct endpoint *endpoint, struct error *err)
{
    struct parts parts = { 0 };
    const char *rest = word;
    int code;

    code = skip_prefix(&rest, err);
    if (code != 0)
        return code;
    if (port == NULL && is_in6(rest, strlen(rest)))
        return refuse(word, "has no port: write [IPV6]:PORT", err);
    if (!(port != NULL ? split_words(rest, port, &parts) : split_word(rest, &parts)))
        return refuse(word, "is not an address: " FORMS, err);
    if (parts.host_size >= sizeof(endpoint->host))
        return refuse(word, "is too long for a host name", err);
    if (!could_be_name(parts.host, parts.host_size))
        return refuse(word, "holds characters that are in no host name", err);
    if (is_number(parts.host, parts.host_size))
        return refuse(word, "names a host by a bare number: " FORMS, err);
    if (parts.host_size == 0 && port == NULL && parts.port == rest && !is_number(rest, strlen(rest)))
        return refuse(word, "is neither a port nor an address with one: " FORMS, err);

    code = parse_port(parts.port, may_be_zero, &endpoint->port, err);
    if (code != 0)
        return code;
    memcpy(endpoint->host, parts.host, parts.host_size);
    endpoint->host[parts.host_size] = '\0';
    return 0;
}

static struct address
in_address(in_addr_t host, uint16_t port)
{
    struct address address = { .length = sizeof(struct sockaddr_in) };

    address.u.in.sin_family = AF_INET;
    address.u.in.sin_addr.s_addr = htonl(host);
    address.u.in.sin_port = htons(port);
    return address;
}

static struct address
in6_loopback(uint16_t port)
{
    struct address address = { .length = sizeof(struct sockaddr_in6) };

    address.u.in6.sin6_family = AF_INET6;
    address.u.in6.sin6_addr = in6addr_loopback;
    address.u.in6.sin6_port = htons(port);
    return address;
}

static bool
is_localhost(const struct endpoint *endpoint)
{
    return strcasecmp(endpoint->host, "localhost") == 0;
}

/* Asks getaddrinfo; flags AI_NUMERICHOST asks no name server. Returns its code and
 * fills at most max addresses. */
static int
look_up(const struct endpoint *endpoint, int flags, struct address *list, int max, int *found)
{
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_NUMERICSERV | flags,
    };
    struct addrinfo *first = NULL;
    char port[8];
    int code;

    *found = 0;
    snprintf(port, sizeof(port), "%u", (unsigned)endpoint->port);
    code = getaddrinfo(endpoint->host, port, &hints, &first);
    if (code != 0)
        return code;
    for (struct addrinfo *ai = first; ai != NULL && *found < max; ai = ai->ai_next) {
        struct address *address = &list[*found];

        if (ai->ai_addrlen > sizeof(address->u))
            continue;
        *address = (struct address){ .length = ai->ai_addrlen };
        memcpy(&address->u, ai->ai_addr, ai->ai_addrlen);
        (*found)++;
    }
    freeaddrinfo(first);
    return 0;
}

int
endpoint_address(const struct endpoint *endpoint, struct address *address)
{
    int found;

    if (endpoint->host[0] == '\0' || is_localhost(endpoint)) {
        *address = in_address(INADDR_LOOPBACK, endpoint->port);
        return 0;
    }
    if (strcmp(endpoint->host, "*") == 0) {
        *address = in_address(INADDR_ANY, endpoint->port);
        return 0;
    }
    if (look_up(endpoint, AI_NUMERICHOST, address, 1, &found) != 0 || found == 0)
        return -EAGAIN;
    return 0;
}

/* A negative errno for getaddrinfo's code; cause is errno as it left it. */
static int
resolver_errno(int code, int cause)
{
    switch (code) {
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return -ENOENT;
    case EAI_AGAIN:
        return -EAGAIN;
    case EAI_MEMORY:
        return -ENOMEM;
    case EAI_FAMILY:
        return -EAFNOSUPPORT;
    case EAI_IDN_ENCODE:
        return -EILSEQ;
    case EAI_SYSTEM:
        return cause > 0 ? -cause : -EIO;
    default:
        return -EIO;
    }
}

int
endpoint_resolve(const struct endpoint *endpoint, struct address *list, int max,
                 struct error *err)
{
    char shown[TEXT_WORD];
    int code, cause, found;

    if (max <= 0)
        return error_set(err, -EINVAL, "no room for an address");
    if (endpoint_address(endpoint, &list[0]) == 0) {
        if (!is_localhost(endpoint) || max == 1)
            return 1;
        list[1] = in6_loopback(endpoint->port);
        return 2;
    }

    errno = 0;
    code = look_up(endpoint, AI_IDN, list, max, &found);
    cause = errno;
    if (code == 0 && found > 0)
        return found;
    if (code == 0)
        code = EAI_NONAME;
    return error_set(err, resolver_errno(code, cause), "cannot resolve \"%s\": %s",
                     text_word(shown, endpoint->host),
                     code == EAI_SYSTEM ? error_message(cause) : gai_strerror(code));
}
