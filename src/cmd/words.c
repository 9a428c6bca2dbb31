/* words.c - the lexer of the command language. */
#include "config.h"

#include "sockdeck/cmd/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int
hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The escape at p (a backslash): its byte and its length, or length 1 and the
 * backslash itself where it is none. */
static size_t
read_escape(const char *p, size_t n, char *byte)
{
    static const char letters[] = "nrt0\\\"";
    static const char bytes[] = "\n\r\t\0\\\"";
    const char *found = n > 1 && p[1] != '\0' ? strchr(letters, p[1]) : NULL;

    if (found != NULL) {
        *byte = bytes[found - letters];
        return 2;
    }
    if (n > 3 && p[1] == 'x' && hex_value(p[2]) >= 0 && hex_value(p[3]) >= 0) {
        *byte = (char)(hex_value(p[2]) << 4 | hex_value(p[3]));
        return 4;
    }
    *byte = '\\';
    return 1;
}

/* Room for a word of at most n bytes; what it holds is added by the caller. */
static struct word *
add_word(struct words *words, size_t start, size_t n, enum word_kind kind)
{
    struct word *word;

    if (words->count == words->capacity) {
        words->capacity = words->capacity * 2 + 8;
        words->list = alloc_grow(words->list, words->capacity, sizeof(*words->list));
    }
    word = &words->list[words->count++];
    *word = (struct word){ .text = alloc_zero(n + 1), .start = start, .end = start, .kind = kind };
    return word;
}

static void
shrink_word(struct word *word)
{
    word->text[word->length] = '\0';
    word->text = alloc_grow(word->text, word->length + 1, 1);
}

/* A quoted part: from the quote at i to behind the closing one. *open tells that
 * there is none. */
static size_t
read_quoted(struct word *word, const char *line, size_t i, size_t n, bool *open)
{
    char quote = line[i++];

    while (i < n && line[i] != quote) {
        size_t used = 1;

        if (quote == '"' && line[i] == '\\')
            used = read_escape(line + i, n - i, &word->text[word->length]);
        else
            word->text[word->length] = line[i];
        word->length++;
        i += used;
    }
    *open = i == n;
    return *open ? n : i + 1;
}

static size_t
read_plain(struct word *word, const char *line, size_t i, size_t n)
{
    while (i < n && !is_blank(line[i]) && line[i] != ';') {
        size_t used = 1;

        if (line[i] == '\\')
            used = read_escape(line + i, n - i, &word->text[word->length]);
        else
            word->text[word->length] = line[i];
        word->length++;
        i += used;
    }
    return i;
}

/* The longest that the word at i can become: an escape never grows. */
static size_t
word_bound(const char *line, size_t i, size_t n)
{
    size_t end = i;

    if (line[i] == '"' || line[i] == '\'')
        return n - i;
    while (end < n && !is_blank(line[end]) && line[end] != ';')
        end++;
    return end - i;
}

static size_t
read_word(struct words *words, const char *line, size_t i, size_t n, bool *open)
{
    bool quoted = line[i] == '"' || line[i] == '\'';
    struct word *word = add_word(words, i, word_bound(line, i, n),
                                 quoted ? WORD_QUOTED : WORD_PLAIN);

    if (quoted)
        i = read_quoted(word, line, i, n, open);
    i = read_plain(word, line, i, n);
    word->end = i;
    shrink_word(word);
    return i;
}

static bool
is_comment(const char *line, size_t i, size_t n)
{
    return line[i] == '#' && !(i + 1 < n && is_digit(line[i + 1]));
}

int
words_split(struct words *words, const char *line, size_t n, struct error *err)
{
    bool open = false;
    size_t i = 0;

    while (i < n && is_blank(line[i]))
        i++;
    if (i < n && is_comment(line, i, n))
        return 0;

    while (i < n && !open) {
        if (is_blank(line[i])) {
            i++;
        } else if (line[i] == ';') {
            struct word *end = add_word(words, i, 0, WORD_END);

            end->end = ++i;
        } else {
            i = read_word(words, line, i, n, &open);
        }
    }
    if (open) {
        char shown[48];
        const struct word *word = &words->list[words->count - 1];

        text_render_cells(shown, sizeof(shown), line + word->start, n - word->start, 32, 0);
        return error_set(err, -EINVAL, "%s: the quote is not closed", shown);
    }
    return 0;
}

void
words_from_arguments(struct words *words, int argc, char *const *argv)
{
    for (int k = 0; k < argc; k++) {
        const char *argument = argv[k];
        size_t n = strlen(argument);
        bool ends = strcmp(argument, ";") == 0;
        struct word *word = add_word(words, 0, n, ends ? WORD_END : WORD_PLAIN);

        for (size_t i = 0; i < n && !ends;) {
            size_t used = 1;

            if (argument[i] == '\\')
                used = read_escape(argument + i, n - i, &word->text[word->length]);
            else
                word->text[word->length] = argument[i];
            word->length++;
            i += used;
        }
    }
}

void
words_fini(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->list[i].text);
    free(words->list);
    *words = (struct words){ 0 };
}

void
words_join(struct buffer *out, const struct word *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            alloc_check(buffer_add(out, " ", 1));
        alloc_check(buffer_add(out, list[i].text, list[i].length));
    }
}

static bool
needs_quotes(const struct word *word)
{
    if (word->length == 0 || word->kind == WORD_QUOTED)
        return true;
    for (size_t i = 0; i < word->length; i++)
        if (is_blank(word->text[i]) || word->text[i] == ';' || word->text[i] == '\\')
            return true;
    return word->text[0] == '"' || word->text[0] == '\'';
}

void
words_quote(struct buffer *out, const struct word *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *quote = needs_quotes(&list[i]) ? "\"" : "";

        if (i > 0)
            alloc_check(buffer_add(out, " ", 1));
        alloc_check(buffer_add_text(out, quote));
        alloc_check(text_render(out, list[i].text, list[i].length, *quote != '\0' ? TEXT_QUOTED : 0));
        alloc_check(buffer_add_text(out, quote));
    }
}
