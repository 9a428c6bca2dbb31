/* sequences.h - the bytes that terminals send for special keys, and what they do in the
 * line. Tables; pure. */
#ifndef SOCKDECK_UI_SEQUENCES_H
#define SOCKDECK_UI_SEQUENCES_H

#include <stdint.h>

struct key_sequence {
    const char *bytes;          /* NULL: the end of the table */
    uint32_t code;              /* enum key_code */
};

/* What most terminals send, whatever TERM says. */
extern const struct key_sequence usual_sequences[];

/* What readline knows the key by, which a terminal may send otherwise. NULL: nothing. */
const char *sequence_of(uint32_t code);

struct line_sequence {
    const char *bytes;          /* NULL: the end of the table */
    const char *function;       /* readline's name of it */
};

/* Those that readline binds only where it may ask terminfo. */
extern const struct line_sequence line_sequences[];

#endif
