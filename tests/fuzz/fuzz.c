/* fuzz.c - what the targets share. */
#include "config.h"

#include "fuzz.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/text.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_check(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "there is a locale with UTF-8");
    return 0;
}

void
fuzz_check(bool holds, const char *sentence)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", sentence);
    abort();
}

/* Written without the renderer's own tables. */
static bool
is_harmless(uint32_t code)
{
    bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    bool is_bidi = code == 0x61c || code == 0x200e || code == 0x200f ||
                   (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    bool is_hidden = code == 0xad || (code >= 0x200b && code <= 0x200d) || code == 0x2028 ||
                     code == 0x2029 || code == 0x2060 || code == 0xfeff ||
                     (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0000 && code <= 0xe0fff);

    return !is_control && !is_bidi && !is_hidden;
}

void
fuzz_check_harmless(const char *text, size_t n)
{
    while (n > 0) {
        uint32_t code;
        int length = text_decode(text, n, &code);

        fuzz_check(length > 0, "what is shown is UTF-8");
        fuzz_check(is_harmless(code), "what is shown controls, hides and reorders nothing");
        text += length;
        n -= (size_t)length;
    }
}

char *
fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (text == NULL)
        abort();
    for (size_t i = 0; i < size; i++)
        text[i] = data[i] != 0 ? (char)data[i] : ' ';
    text[size] = '\0';
    return text;
}

char *
fuzz_next_word(char **text)
{
    char *word;

    do
        word = strsep(text, " ");
    while (word != NULL && *word == '\0');
    return word;
}
