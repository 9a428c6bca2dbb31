/* duration.h - the one reader and writer of durations. Any thread.
 *
 * duration = 200ms | 2s | 1.5 | 2m | none | 0 (also us and h); a bare number is
 * seconds. A duration is an int64_t of nanoseconds, or DURATION_NONE. */
#ifndef SOCKDECK_BASE_DURATION_H
#define SOCKDECK_BASE_DURATION_H

#include <stddef.h>
#include <stdint.h>

struct error;

#define DURATION_NONE INT64_C(-1)       /* no limit: wait for ever */
#define DURATION_MAX  (INT64_C(366) * 86400 * 1000000000)

/* 0, or -EINVAL / -ERANGE with a sentence that names the word and the forms. */
int duration_parse(const char *word, int64_t *ns, struct error *err);

/* A word that duration_parse reads back to the same value: "none", "0", "2s",
 * "200ms", "1.5s". */
const char *duration_word(char buf[static 32], int64_t ns);

/* For sentences: a limit as exact as it was given: "5 s", "200 ms", "none". */
const char *duration_text(char buf[static 32], int64_t ns);

/* For sentences: a measured time with three decimals at its unit: "5.003 s",
 * "12.345 ms", "87.120 us". */
const char *duration_measured(char buf[static 32], int64_t ns);

#endif
