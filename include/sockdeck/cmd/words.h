/* words.h - the lexer: a line becomes words (contract, section 2).
 *
 *     word = plain | "double quoted" | 'single quoted'
 *
 * A quote opens only at the start of a word; inside a plain word it stands for
 * itself, so that `send it's` needs no care. Plain and double-quoted words know
 * \n \r \t \0 \xHH \\ \" ; any other backslash stays. Words may hold NULs. Which
 * words are data is the verb's affair, not the lexer's. Pure; any thread. */
#ifndef SOCKDECK_CMD_WORDS_H
#define SOCKDECK_CMD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;

enum { LINE_MAX_BYTES = 64 * 1024 };    /* of a line, wherever it comes from */

enum word_kind {
    WORD_PLAIN,
    WORD_QUOTED,        /* never a target, a key or ; */
    WORD_END,           /* an unquoted ; : a command ends here */
};

struct word {
    char *text;         /* unescaped, and a NUL behind it */
    size_t length;      /* bytes in text, which may hold NULs */
    size_t start, end;  /* its place in the line, quotes included */
    enum word_kind kind;
};

struct words {
    struct word *list;
    size_t count, capacity;
};

/* Splits a line. A comment or a blank line has no words. 0, or -EINVAL with a
 * sentence for a quote that is not closed; the words up to there, the open one
 * included, are then still in words (completion uses them). */
int words_split(struct words *words, const char *line, size_t n, struct error *err);

/* Words that a shell has split already: spaces and quotes are kept, escapes are
 * read, and a word that is `;` ends a command. */
void words_from_arguments(struct words *words, int argc, char *const *argv);

void words_fini(struct words *words);   /* frees; the list is empty again */

/* Joins n words with one space. */
void words_join(struct buffer *out, const struct word *list, size_t n);

/* The command of n words as a person would write it on one line. */
void words_quote(struct buffer *out, const struct word *list, size_t n);

#endif
