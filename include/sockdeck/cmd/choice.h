/* choice.h - what a word may be: modes, handlers, verbs ..., each as one list that
 * parsing, error lines, completion and help read alike. Pure; any thread. */
#ifndef SOCKDECK_CMD_CHOICE_H
#define SOCKDECK_CMD_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

struct error;

struct choice {
    const char *name;
    const char *summary;        /* one line, or NULL */
};

/* Fills in the i-th choice; false behind the last. */
typedef bool choice_list(size_t i, struct choice *choice);

/* For a list that is an array. */
bool choice_take(const struct choice *list, size_t n, size_t i, struct choice *choice);
#define CHOICE_TAKE(list, i, choice) \
    choice_take(list, sizeof(list) / sizeof((list)[0]), i, choice)

choice_list choice_modes;
choice_list choice_handlers;
choice_list choice_eols;
choice_list choice_timeouts;            /* connect accept read send idle */
choice_list choice_then;                /* close keep */
choice_list choice_shutdown;            /* read write both */
choice_list choice_signals;             /* KILL STOP CONT TERM */
choice_list choice_yes_no;
choice_list choice_on_off;
choice_list choice_wait;                /* closed */

/* The place of that exact name, or -EINVAL with a sentence that names the word and
 * the nearest choices. what: "mode", "handler", as the sentence calls it. */
int choice_find(choice_list *list, const char *what, const char *word, struct error *err);

/* What a user may have meant: the names that contain the word, else those a few
 * slips of the finger away, as "a, b or c"; with a suffix behind each. false: none. */
bool choice_nearest(choice_list *list, const char *word, const char *suffix, char *buf, size_t size);

/* All names as "a, b or c". */
void choice_names(choice_list *list, char *buf, size_t size);

/* Adds a name to such an enumeration; *count names are in it, last tells that it
 * is the last. What does not fit is left out whole. */
void choice_enumerate(char *buf, size_t size, size_t *count, bool last, const char *name,
                      const char *suffix);

/* The number of single-letter slips (insert, delete, replace, swap) between two words. */
size_t choice_distance(const char *a, const char *b);

#endif
