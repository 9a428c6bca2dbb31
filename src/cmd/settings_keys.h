/* settings_keys.h - keys that are settings of connections: which key is which bit. */
#ifndef SOCKDECK_SRC_CMD_SETTINGS_KEYS_H
#define SOCKDECK_SRC_CMD_SETTINGS_KEYS_H

#include <stdint.h>

#include "sockdeck/cmd/args.h"
#include "sockdeck/serve/settings.h"

struct settings_key {
    uint32_t place;             /* of the key in its verb's table */
    uint32_t bit;               /* of what it sets; 0 ends the list */
};

/* Writes the values that were given into settings; returns their bits. */
uint32_t settings_take_keys(struct settings *settings, const struct value *values,
                            const struct settings_key *list);

#endif
