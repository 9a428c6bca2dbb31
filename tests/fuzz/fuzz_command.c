/* fuzz_command.c - a line up to where a verb would begin: found, its arguments read, or
 * refused with a harmless sentence. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/words.h"

static void
check_refusal(const struct error *err)
{
    fuzz_check(err->text[0] != '\0', "a refusal has its sentence");
    fuzz_check_harmless(err->text, strlen(err->text));
}

static void
check_arguments(const struct command *command, const struct word *list, size_t n)
{
    struct error err = { 0 };
    struct args args;

    if (args_parse(&args, command, list, n, &err) != 0) {
        check_refusal(&err);
        return;
    }
    fuzz_check(args.count <= ARGS_MAX && args.data_count <= n, "there are no more than came");
    for (size_t i = 0; i < args.count; i++)
        fuzz_check(args_word(&args, i) != NULL, "each word is there");
}

/* The words behind its own verb, and behind every other. */
static void
check_command(const struct word *list, size_t n)
{
    struct error err = { 0 };
    const struct command *command = command_find(list[0].text, &err);

    if (command == NULL)
        check_refusal(&err);
    else
        check_arguments(command, list + 1, n - 1);
    for (command = commands; command->name != NULL; command++)
        check_arguments(command, list, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct words words = { 0 };
    size_t n = 0;

    words_split(&words, (const char *)data, size, NULL);
    while (n < words.count && words.list[n].kind != WORD_END)
        n++;
    if (n > 0)
        check_command(words.list, n);
    words_fini(&words);
    return 0;
}
