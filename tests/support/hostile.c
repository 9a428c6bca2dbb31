/* hostile.c - bytes that are likely to go wrong together. */
#include "config.h"

#include "hostile.h"

#include <string.h>

#include "sockdeck/base/text.h"

enum { LONGEST_PIECE = 4 };

static const char *const pieces[] = {
    "a", "\"", "\\", "\n", "\x1b[", "\xcc\x81", "\xe2\x80\xae", "日", "Ж", "\xf0\x9f\x98\x80",
    "\xc2\x9b", "\xed\xa0\x80", "\xe2\x80", "\xf0", "\x80", "x41", "0", "\xef\xb8\x8f",
};

uint32_t
hostile_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32);
}

size_t
hostile_bytes(char *bytes, size_t size, uint64_t *state)
{
    size_t n = 0;

    while (n + LONGEST_PIECE <= size) {
        uint32_t dice = hostile_random(state), choice = dice >> 8;
        const char *piece = pieces[choice % (sizeof(pieces) / sizeof(pieces[0]))];

        switch (dice % 4) {
        case 0:
            bytes[n++] = (char)choice;
            break;
        case 1:
            n += (size_t)text_encode(bytes + n, choice % 0x110000);
            break;
        default:
            memcpy(bytes + n, piece, strlen(piece));
            n += strlen(piece);
        }
    }
    return n;
}
