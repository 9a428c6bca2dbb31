/* error.h - what went wrong, as a number for code and a sentence for a person.
 *
 * The failing step fills it; callers pass it on. Any thread, no allocation.
 * A NULL error is allowed everywhere and means that nobody reads the sentence. */
#ifndef SOCKDECK_BASE_ERROR_H
#define SOCKDECK_BASE_ERROR_H

enum { ERROR_TEXT = 256 };

struct error {
    int code;               /* negative errno, 0 for none */
    char text[ERROR_TEXT];  /* one sentence, no newline, never raw peer bytes */
};

/* Fills err (when given) and returns code, so that it can end a function. A control
 * character becomes '?'; a long sentence is cut between characters. Arguments may
 * point into err->text. */
int error_set(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "ECONNREFUSED" for 111 or -111; "E111" style text for an unknown number.
 * Returns a string with static storage, or buf filled in. */
const char *error_name(int code, char buf[static 16]);

/* The libc sentence for an errno of either sign, in the C locale's words. */
const char *error_message(int code);

#endif
