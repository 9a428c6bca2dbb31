/* json.c - see json.h. */
#include "config.h"

#include "json.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/model/fields.h"

void
json_add(struct json *json, const char *text, size_t n)
{
    if (json->rc == 0)
        json->rc = buffer_add(json->out, text, n);
}

void
json_add_number(struct json *json, int64_t number)
{
    if (json->rc == 0)
        json->rc = value_write_number(json->out, number);
}

void
json_add_seconds(struct json *json, int64_t ns, int least)
{
    char digits[10] = ".";
    uint64_t rest = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t part = rest % (uint64_t)NS_PER_S;
    size_t n = sizeof(digits);

    for (size_t i = sizeof(digits) - 1; i > 0; i--, part /= 10)
        digits[i] = (char)('0' + part % 10);
    while (n > (size_t)least + 1 && digits[n - 1] == '0')
        n--;
    if (ns < 0)
        JSON_ADD(json, "-");
    json_add_number(json, (int64_t)(rest / (uint64_t)NS_PER_S));
    json_add(json, digits, n);
}

static char *
add_unit(char *p, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";

    *p++ = '\\';
    *p++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *p++ = hex[unit >> shift & 15];
    return p;
}

static char *
add_code(char *p, uint32_t code)
{
    if (code < 0x10000)
        return add_unit(p, code);
    code -= 0x10000;
    p = add_unit(p, 0xd800 | code >> 10);
    return add_unit(p, 0xdc00 | (code & 0x3ff));
}

static char *
add_escaped(char *p, uint32_t code)
{
    static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                    ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\' };

    if (code >= sizeof(letters) || letters[code] == 0)
        return add_code(p, code);
    *p++ = '\\';
    *p++ = letters[code];
    return p;
}

static bool
is_plain(char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* A high bit for each byte of word that is byte; maybe also for bytes above one. */
static uint64_t
find_byte(uint64_t word, uint64_t byte)
{
    uint64_t differs = word ^ EACH_BYTE(byte);

    return (differs - EACH_BYTE(1)) & ~differs;
}

/* Eight at a time, since most of what is written is plain. False may also be said of
 * plain ones: then they are looked at one by one. */
static bool
are_plain(const char *eight)
{
    uint64_t word;

    memcpy(&word, eight, sizeof(word));
    return ((word | (word - EACH_BYTE(' ')) | find_byte(word, '"') | find_byte(word, '\\') |
             find_byte(word, 0x7f)) & EACH_BYTE(0x80)) == 0;
}

/* How many bytes at text need no escape, as far as it is quick to say. */
static size_t
plain_run(const char *text, size_t n)
{
    size_t run = 0;

    while (n - run >= sizeof(uint64_t) && are_plain(text + run))
        run += sizeof(uint64_t);
    for (size_t i = 0; i < sizeof(uint64_t) && run < n && is_plain(text[run]); i++)
        run++;
    return run;
}

enum { ESCAPED_MAX = 6 };       /* one byte becomes \uXXXX at most */

void
json_add_string(struct json *json, const char *text, size_t n)
{
    char *start = json->rc == 0 ? buffer_reserve(json->out, n * ESCAPED_MAX + 2) : NULL;
    const char *end = text + n;
    char *p = start;

    if (start == NULL) {
        json->rc = -ENOMEM;
        return;
    }
    *p++ = '"';
    while (text < end) {
        size_t run = plain_run(text, (size_t)(end - text));
        uint32_t code;
        int length;

        if (run > 0) {
            p = mempcpy(p, text, run);
            text += run;
            continue;
        }
        length = text_decode(text, (size_t)(end - text), &code);
        p = add_escaped(p, length > 0 ? code : 0xfffd);
        text += length > 0 ? length : 1;
    }
    *p++ = '"';
    buffer_extend(json->out, (size_t)(p - start));
}

void
json_add_hex(struct json *json, const char *bytes, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    char *p = json->rc == 0 ? buffer_reserve(json->out, 2 * n + 2) : NULL;

    if (p == NULL) {
        json->rc = -ENOMEM;
        return;
    }
    *p++ = '"';
    for (size_t i = 0; i < n; i++) {
        *p++ = hex[(unsigned char)bytes[i] >> 4];
        *p++ = hex[bytes[i] & 15];
    }
    *p = '"';
    buffer_extend(json->out, 2 * n + 2);
}

void
json_add_key(struct json *json, const char *name)
{
    JSON_ADD(json, ",\"");
    json_add(json, name, strlen(name));
    JSON_ADD(json, "\":");
}

void
json_add_text(struct json *json, const char *name, const char *text)
{
    json_add_key(json, name);
    json_add_string(json, text, strlen(text));
}

void
json_add_bool(struct json *json, bool value)
{
    if (value)
        JSON_ADD(json, "true");
    else
        JSON_ADD(json, "false");
}
