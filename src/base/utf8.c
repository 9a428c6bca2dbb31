/* utf8.c - UTF-8 read and written strictly, whatever the locale (see text.h). */
#include "config.h"

#include "sockdeck/base/text.h"

/* What may follow a first byte: the second byte's range keeps out overlong forms,
 * surrogates and what lies above U+10FFFF (Unicode, table 3-7). */
struct lead {
    unsigned char first, last;
    unsigned char length;
    unsigned char low, high;
};

static const struct lead leads[] = {
    { 0xc2, 0xdf, 2, 0x80, 0xbf },
    { 0xe0, 0xe0, 3, 0xa0, 0xbf },
    { 0xe1, 0xec, 3, 0x80, 0xbf },
    { 0xed, 0xed, 3, 0x80, 0x9f },
    { 0xee, 0xef, 3, 0x80, 0xbf },
    { 0xf0, 0xf0, 4, 0x90, 0xbf },
    { 0xf1, 0xf3, 4, 0x80, 0xbf },
    { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct lead *
find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

int
text_decode(const char *p, size_t n, uint32_t *code)
{
    const unsigned char *bytes = (const unsigned char *)p;
    const struct lead *lead;
    uint32_t value;

    if (bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    lead = find_lead(bytes[0]);
    if (lead == NULL)
        return -1;
    if (n > 1 && (bytes[1] < lead->low || bytes[1] > lead->high))
        return -1;

    value = bytes[0] & (0x7fu >> lead->length);
    for (size_t i = 1; i < lead->length; i++) {
        if (i == n)
            return 0;
        if ((bytes[i] & 0xc0) != 0x80)
            return -1;
        value = value << 6 | (bytes[i] & 0x3fu);
    }
    *code = value;
    return lead->length;
}

int
text_encode(char out[static 4], uint32_t code)
{
    int length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    if (length == 1) {
        out[0] = (char)code;
        return 1;
    }
    for (int i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)((0xf00u >> length & 0xf0) | code);
    return length;
}

bool
text_is_utf8(const char *p, size_t n)
{
    uint32_t code;

    while (n > 0) {
        int length = text_decode(p, n, &code);

        if (length <= 0)
            return false;
        p += length;
        n -= (size_t)length;
    }
    return true;
}

size_t
text_whole(const char *p, size_t n)
{
    uint32_t code;

    for (size_t back = 1; back <= 3 && back <= n; back++) {
        size_t at = n - back;

        if (((unsigned char)p[at] & 0xc0) != 0x80)
            return text_decode(p + at, back, &code) == 0 ? at : n;
    }
    return n;
}
