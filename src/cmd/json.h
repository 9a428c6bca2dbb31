/* json.h - the words of JSON, in ASCII, added to a buffer. Private to the output. */
#ifndef SOCKDECK_SRC_CMD_JSON_H
#define SOCKDECK_SRC_CMD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* A failed addition is kept in rc; those after it do nothing, and the line is given
 * up at its end. */
struct json {
    struct buffer *out;
    int rc;                     /* 0 or -ENOMEM */
};

/* Punctuation and names of ours, as they stand. */
void json_add(struct json *json, const char *text, size_t n);
#define JSON_ADD(json, literal) json_add(json, literal, sizeof(literal) - 1)

/* A comma, the name, a colon. */
void json_add_key(struct json *json, const char *name);

/* Bytes that are not UTF-8 become U+FFFD; who must not lose them uses hex. */
void json_add_string(struct json *json, const char *text, size_t n);
void json_add_hex(struct json *json, const char *bytes, size_t n);
void json_add_number(struct json *json, int64_t number);
/* ns as seconds with least to 9 decimals, zeros at the end left away. */
void json_add_seconds(struct json *json, int64_t ns, int least);
void json_add_bool(struct json *json, bool value);

/* A member whose value is a string. */
void json_add_text(struct json *json, const char *name, const char *text);

#endif
