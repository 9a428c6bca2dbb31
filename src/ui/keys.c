/* keys.c - whole characters, Meta, escape sequences, pastes. */
#include "config.h"

#include "sockdeck/ui/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sockdeck/base/text.h"

static bool
get_raw(struct keys *keys, struct raw_key *raw)
{
    if (keys->has_pending) {
        keys->has_pending = false;
        *raw = keys->pending;
        return true;
    }
    return keys->get(keys->ctx, raw);
}

static void
put_back(struct keys *keys, const struct raw_key *raw)
{
    keys->pending = *raw;
    keys->has_pending = true;
}

static void
fill_key(struct keypress *key, uint32_t code, const char *text, size_t n)
{
    memset(key, 0, sizeof(*key));
    key->code = code;
    n = n < sizeof(key->text) ? n : sizeof(key->text);
    memcpy(key->text, text, n);
    key->size = (uint8_t)n;
}

static void
fill_special(struct keypress *key, const struct raw_key *raw)
{
    fill_key(key, raw->code, raw->sequence, strlen(raw->sequence));
    key->row = raw->row;
    key->col = raw->col;
}

/* Adds a byte to the character that is under way; true when it is whole (or
 * not a character at all: then the byte stands for itself). */
static bool
take_byte(struct keys *keys, unsigned char byte, struct keypress *key)
{
    uint32_t code = byte;
    int n;

    keys->partial[keys->partial_size++] = (char)byte;
    if (!keys->is_utf8 || (keys->partial_size == 1 && byte < 0x80)) {
        fill_key(key, byte, keys->partial, keys->partial_size);
        keys->partial_size = 0;
        return true;
    }
    n = text_decode(keys->partial, keys->partial_size, &code);
    if (n == 0)
        return false;
    fill_key(key, n > 0 ? code : KEYS_OTHER, keys->partial, keys->partial_size);
    keys->partial_size = 0;
    return true;
}

/* The rest of ESC [ or ESC O, up to its final byte. Only what readline has a
 * use for becomes a key. */
static bool
take_sequence(struct keys *keys, char intro, struct keypress *key)
{
    char sequence[KEYS_TEXT] = { 27, intro };
    size_t n = 2;
    struct raw_key raw;

    while (get_raw(keys, &raw)) {
        if (raw.byte < 0) {
            put_back(keys, &raw);
            return false;
        }
        if (n < sizeof(sequence))
            sequence[n++] = (char)raw.byte;
        if (raw.byte >= 0x40 && raw.byte <= 0x7e)
            break;
    }
    if (!keys->is_bound(keys->ctx, sequence, n))
        return false;
    fill_key(key, KEYS_OTHER, sequence, n);
    return true;
}

static void
make_meta(struct keypress *key)
{
    char text[KEYS_TEXT] = { 27 };
    size_t n = key->size < KEYS_TEXT - 1 ? key->size : KEYS_TEXT - 1;

    memcpy(text + 1, key->text, n);
    fill_key(key, key->code | KEYS_META, text, n + 1);
}

/* What follows an ESC. False: nothing that is a key. */
static bool
take_escape(struct keys *keys, struct keypress *key)
{
    struct raw_key raw;

    fill_key(key, KEYS_ESC, "\033", 1);
    if (!get_raw(keys, &raw))
        return true;
    if (raw.byte < 0 || raw.byte == 27) {
        put_back(keys, &raw);
        return true;
    }
    if (raw.byte == '[' || raw.byte == 'O')
        return take_sequence(keys, (char)raw.byte, key);
    while (!take_byte(keys, (unsigned char)raw.byte, key))
        if (!get_raw(keys, &raw) || raw.byte < 0)
            return false;
    make_meta(key);
    return true;
}

/* Collects a paste; true when its end has come. */
static bool
take_paste(struct keys *keys, const struct raw_key *raw)
{
    char byte = (char)raw->byte;

    if (raw->byte < 0) {
        keys->is_pasting = raw->code != KEYS_PASTE_END;
        return !keys->is_pasting;
    }
    if (buffer_size(&keys->paste) < KEYS_PASTE_MAX)
        buffer_add(&keys->paste, &byte, 1);
    return false;
}

static bool
take_special(struct keys *keys, const struct raw_key *raw, struct keypress *key)
{
    if (raw->code == KEYS_PASTE_BEGIN) {
        keys->is_pasting = true;
        buffer_clear(&keys->paste);
        return false;
    }
    if (raw->code == KEYS_PASTE_END)
        return false;
    fill_special(key, raw);
    return true;
}

bool
keys_next(struct keys *keys, struct keypress *key)
{
    struct raw_key raw;

    while (get_raw(keys, &raw)) {
        bool is_key;

        if (keys->is_pasting) {
            is_key = take_paste(keys, &raw);
            fill_key(key, KEYS_PASTE, "", 0);
        } else if (raw.byte < 0) {
            is_key = take_special(keys, &raw, key);
        } else if (raw.byte == 27 && keys->partial_size == 0) {
            is_key = take_escape(keys, key);
        } else {
            is_key = take_byte(keys, (unsigned char)raw.byte, key);
        }
        if (is_key)
            return true;
    }
    return false;
}

void
keys_fini(struct keys *keys)
{
    buffer_fini(&keys->paste);
}

static const struct { uint32_t code; const char *name; } names[] = {
    { KEYS_TAB, "Tab" }, { KEYS_ENTER, "Enter" }, { KEYS_ESC, "Esc" }, { ' ', "Space" },
    { 127, "Backspace" },
    { KEYS_UP, "Up" }, { KEYS_DOWN, "Down" }, { KEYS_LEFT, "Left" }, { KEYS_RIGHT, "Right" },
    { KEYS_HOME, "Home" }, { KEYS_END, "End" }, { KEYS_PGUP, "PgUp" }, { KEYS_PGDN, "PgDn" },
    { KEYS_INSERT, "Insert" }, { KEYS_DELETE, "Delete" },
    { KEYS_SHIFT_TAB, "Shift-Tab" }, { KEYS_SHIFT_F6, "Shift-F6" },
    { KEYS_CLICK, "click" }, { KEYS_WHEEL_UP, "wheel up" }, { KEYS_WHEEL_DOWN, "wheel down" },
    { KEYS_PASTE, "paste" },
};

const char *
keys_name(char buf[static 16], uint32_t code)
{
    const char *alt = code & KEYS_META ? "Alt-" : "";
    char character[4];

    code &= ~(uint32_t)KEYS_META;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].code == code) {
            snprintf(buf, 16, "%s%s", alt, names[i].name);
            return buf;
        }
    if (code > KEYS_F0 && code <= KEYS_F12)
        snprintf(buf, 16, "%sF%d", alt, (int)(code - KEYS_F0));
    else if (code < 32)
        snprintf(buf, 16, "%sCtrl-%c", alt, (char)(code + '@'));
    else if (*alt != '\0' && code < 127)
        snprintf(buf, 16, "%s%c", alt, code >= 'a' && code <= 'z' ? (char)(code - 32) : (char)code);
    else
        snprintf(buf, 16, "%.*s", text_encode(character, code), character);
    return buf;
}

/* The code of a name without "Alt-". */
static uint32_t
find_plain(const char *name)
{
    uint32_t code = KEYS_NONE;
    size_t n = strlen(name);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(names[i].name, name) == 0)
            return names[i].code;
    if ((name[0] == 'F' || name[0] == 'f') && n > 1) {
        char *end;
        unsigned long number = strtoul(name + 1, &end, 10);

        return *end == '\0' && number >= 1 && number <= 12 ? KEYS_F0 + (uint32_t)number : KEYS_NONE;
    }
    if (strncasecmp(name, "Ctrl-", 5) == 0 && n == 6 && name[5] >= '@' && name[5] < 127)
        return KEYS_CTRL(name[5]);
    if (n > 0 && text_decode(name, n, &code) == (int)n && code >= ' ' && code != 127)
        return code;
    return KEYS_NONE;
}

uint32_t
keys_find(const char *name)
{
    bool is_meta = strncasecmp(name, "Alt-", 4) == 0 && name[4] != '\0';
    uint32_t code = find_plain(is_meta ? name + 4 : name);

    if (!is_meta || code == KEYS_NONE)
        return code;
    return (code >= 'A' && code <= 'Z' ? code + 32 : code) | KEYS_META;
}
