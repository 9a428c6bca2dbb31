/* keys.h - from what a terminal sends to keys: whole characters, Meta, escape
 * sequences, pastes.
 *
 * The source gives single bytes and the special keys that curses knows. A
 * character or an escape sequence that has not arrived whole is kept for the next
 * call, but for Esc: with nothing behind it, it is the Esc key. */
#ifndef SOCKDECK_UI_KEYS_H
#define SOCKDECK_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/buffer.h"

/* A key is a character's code point (control characters included), or one of
 * these; KEYS_META is added for Alt. */
enum key_code {
    KEYS_NONE = 0,
    KEYS_TAB = '\t', KEYS_ENTER = '\r', KEYS_ESC = 27,
    KEYS_SPECIAL = 0x200000,
    KEYS_UP, KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END, KEYS_PGUP, KEYS_PGDN,
    KEYS_INSERT, KEYS_DELETE, KEYS_SHIFT_TAB,
    KEYS_F0,                            /* KEYS_F0 + n is Fn */
    KEYS_F1, KEYS_F2, KEYS_F3, KEYS_F4, KEYS_F5, KEYS_F6, KEYS_F7, KEYS_F8, KEYS_F9, KEYS_F10,
    KEYS_F11, KEYS_F12,
    KEYS_SHIFT_F6,
    KEYS_CLICK, KEYS_WHEEL_UP, KEYS_WHEEL_DOWN, /* row and col say where */
    KEYS_PASTE,                         /* its text is in the keys' paste */
    KEYS_OTHER,                         /* a sequence for readline */
    KEYS_PASTE_BEGIN, KEYS_PASTE_END,   /* from the source only */
    KEYS_META = 0x1000000,
};

#define KEYS_CTRL(letter) ((uint32_t)(letter) & 0x1f)

enum { KEYS_TEXT = 32 };

struct keypress {
    uint32_t code;
    char text[KEYS_TEXT];       /* the bytes that readline would want */
    uint8_t size;
    int row, col;
};

struct raw_key {
    int byte;                   /* 0 to 255, or -1: code says which */
    uint32_t code;
    char sequence[KEYS_TEXT];   /* what the terminal sends for code; "" when unknown */
    int row, col;
};

struct keys {
    bool (*get)(void *ctx, struct raw_key *raw);        /* false: nothing there now */
    /* Whether readline has something bound to this sequence. */
    bool (*is_bound)(void *ctx, const char *sequence, size_t n);
    void *ctx;
    bool is_utf8;
    bool has_pending, is_pasting;
    struct raw_key pending;
    char partial[8];            /* of a character */
    uint8_t partial_size;
    struct buffer paste;
};

enum { KEYS_PASTE_MAX = 1 << 20 };      /* bytes of a paste that are kept */

/* The next whole key; false when there is none for now. */
bool keys_next(struct keys *keys, struct keypress *key);
void keys_fini(struct keys *keys);

/* "F1", "Ctrl-L", "Alt-S", "PgUp", "j". */
const char *keys_name(char buf[static 16], uint32_t code);

/* The key of such a name ("ctrl-l" too), KEYS_NONE when there is none. */
uint32_t keys_find(const char *name);

#endif
