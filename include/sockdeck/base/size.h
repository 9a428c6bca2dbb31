/* size.h - the one reader and writer of byte counts: 64 | 4k | 1M | 2G (powers
 * of 1024). Any thread. */
#ifndef SOCKDECK_BASE_SIZE_H
#define SOCKDECK_BASE_SIZE_H

#include <stdint.h>

struct error;

/* 0, or -EINVAL / -ERANGE with a sentence that names the word. */
int size_parse(const char *word, uint64_t *size, struct error *err);

/* A whole decimal number in min..max; the sentence names the word, what it is
 * for and the range: `workers=x: "x" is not a number from 1 to 64`. */
int number_parse(const char *what, const char *word, uint64_t min, uint64_t max,
                 uint64_t *number, struct error *err);

/* A word that size_parse reads back: "64", "4k", "1M", "1000". */
const char *size_word(char buf[static 32], uint64_t size);

/* At most five cells, for columns: "0", "999", "1.2k", "12k", "3.4M", "200M". */
const char *size_short(char buf[static 32], uint64_t size);

#endif
