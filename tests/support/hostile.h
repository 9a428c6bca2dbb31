/* hostile.h - bytes that are likely to go wrong together, the same in every run. */
#ifndef SOCKDECK_TESTS_HOSTILE_H
#define SOCKDECK_TESTS_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

/* The next of a sequence that starts with any *state but 0. */
uint32_t hostile_random(uint64_t *state);

/* Fills up to size bytes and returns how many: random ones, random characters, and
 * pieces of escape sequences, marks, bidi controls and broken UTF-8. */
size_t hostile_bytes(char *bytes, size_t size, uint64_t *state);

#endif
