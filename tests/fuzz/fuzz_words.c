/* fuzz_words.c - a line becomes words, and words a line that means the same. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/words.h"

static void
check_places(const struct words *words, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < words->count; i++) {
        const struct word *word = &words->list[i];

        fuzz_check(at <= word->start && word->start < word->end && word->end <= n,
                   "words stand one behind the other");
        fuzz_check(word->length <= word->end - word->start, "a word is no longer than its place");
        fuzz_check(word->text[word->length] == '\0', "a word ends with a NUL");
        at = word->end;
    }
}

/* Written behind a verb: a # there begins no comment. */
static void
check_quoting(const struct word *list, size_t n)
{
    struct buffer line = { 0 };
    struct words again = { 0 };

    buffer_add_text(&line, "x ");
    words_quote(&line, list, n);
    fuzz_check_harmless(buffer_data(&line), buffer_size(&line));
    fuzz_check(words_split(&again, buffer_data(&line), buffer_size(&line), NULL) == 0,
               "quoted words are a line");
    fuzz_check(again.count == n + 1, "quoted words are as many");
    for (size_t i = 0; i < n; i++) {
        const struct word *word = &again.list[i + 1];

        fuzz_check(word->length == list[i].length &&
                   memcmp(word->text, list[i].text, word->length) == 0,
                   "a quoted word is the same when it is read");
    }
    words_fini(&again);
    buffer_fini(&line);
}

static void
check_commands(const struct words *words)
{
    size_t begin = 0;

    for (size_t i = 0; i <= words->count; i++)
        if (i == words->count || words->list[i].kind == WORD_END) {
            check_quoting(words->list + begin, i - begin);
            begin = i + 1;
        }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct words words = { 0 };
    struct error err = { 0 };
    int rc = words_split(&words, (const char *)data, size, &err);

    check_places(&words, size);
    if (rc != 0)
        fuzz_check_harmless(err.text, strlen(err.text));
    else if (words.count > 0)
        check_commands(&words);
    words_fini(&words);
    return 0;
}
