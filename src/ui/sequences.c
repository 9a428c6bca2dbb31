/* sequences.c - the tables of special keys' bytes. */
#include "config.h"

#include "sockdeck/ui/sequences.h"

#include <stddef.h>

#include "sockdeck/ui/keys.h"

const struct key_sequence usual_sequences[] = {
    { "\033[11~", KEYS_F1 }, { "\033[12~", KEYS_F2 }, { "\033[13~", KEYS_F3 },
    { "\033[14~", KEYS_F4 }, { "\033[15~", KEYS_F5 }, { "\033[17~", KEYS_F6 },
    { "\033[18~", KEYS_F7 }, { "\033[21~", KEYS_F10 }, { "\033[17;2~", KEYS_SHIFT_F6 },
    { "\033OP", KEYS_F1 }, { "\033OQ", KEYS_F2 }, { "\033OR", KEYS_F3 },
    { "\033OS", KEYS_F4 }, { "\033[5~", KEYS_PGUP }, { "\033[6~", KEYS_PGDN },
    { "\033[A", KEYS_UP }, { "\033[B", KEYS_DOWN }, { "\033[C", KEYS_RIGHT },
    { "\033[D", KEYS_LEFT }, { "\033[H", KEYS_HOME }, { "\033[F", KEYS_END },
    { "\033[1~", KEYS_HOME }, { "\033[4~", KEYS_END }, { "\033[Z", KEYS_SHIFT_TAB },
    { NULL, KEYS_NONE },
};

static const struct key_sequence readline_sequences[] = {
    { "\033[A", KEYS_UP }, { "\033[B", KEYS_DOWN }, { "\033[C", KEYS_RIGHT },
    { "\033[D", KEYS_LEFT }, { "\033[H", KEYS_HOME }, { "\033[F", KEYS_END },
    { "\033[2~", KEYS_INSERT }, { "\033[3~", KEYS_DELETE },
    { NULL, KEYS_NONE },
};

const struct line_sequence line_sequences[] = {
    { "\033[3~", "delete-char" }, { "\033[2~", "overwrite-mode" },
    { "\033[1~", "beginning-of-line" }, { "\033[4~", "end-of-line" },
    { "\033[7~", "beginning-of-line" }, { "\033[8~", "end-of-line" },
    { "\033[1;5C", "forward-word" }, { "\033[1;5D", "backward-word" },
    { "\033[1;3C", "forward-word" }, { "\033[1;3D", "backward-word" },
    { NULL, NULL },
};

const char *
sequence_of(uint32_t code)
{
    const struct key_sequence *at = readline_sequences;

    while (at->bytes != NULL && at->code != code)
        at++;
    return at->bytes;
}
