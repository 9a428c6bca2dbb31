/* options.c - the command line. */
#include "config.h"

#include "sockdeck/cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/choice.h"

enum { LONG_ONLY = 256 };
enum option_code {
    CODE_EXECUTE = 'E', CODE_FILE = 'f', CODE_BATCH = 'b', CODE_JSON = 'j', CODE_HELP = 'h',
    CODE_VERSION = 'V', CODE_NO_RC = LONG_ONLY, CODE_ASCII, CODE_DEMO,
};

static const struct {
    const char *name;
    int code;
    const char *argument;       /* NULL: takes none */
    const char *summary;
} table[] = {
    { "execute", CODE_EXECUTE, "LINE", "run a command line first; may be repeated" },
    { "file", CODE_FILE, "FILE", "run the commands of a file first (- is standard input)" },
    { "batch", CODE_BATCH, NULL, "no screen: commands in, events out" },
    { "json", CODE_JSON, NULL, "with --batch: one JSON object a line" },
    { "demo", CODE_DEMO, NULL, "a tour; the same as --execute demo" },
    { "no-rc", CODE_NO_RC, NULL, "do not run the commands of sockdeckrc" },
    { "ascii", CODE_ASCII, NULL, "draw with ASCII characters only" },
    { "help", CODE_HELP, NULL, "show this and end" },
    { "version", CODE_VERSION, NULL, "show the version and end" },
};

enum { OPTION_COUNT = sizeof(table) / sizeof(table[0]) };

/* The same table as getopt_long wants it. "+": options end at COMMAND; ":": a
 * missing argument is told apart. */
static void
fill_getopt(struct option *longs, char *shorts)
{
    *shorts++ = '+';
    *shorts++ = ':';
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        bool takes = table[i].argument != NULL;

        longs[i] = (struct option){ table[i].name, takes ? required_argument : no_argument, NULL,
                                    table[i].code };
        if (table[i].code >= LONG_ONLY)
            continue;
        *shorts++ = (char)table[i].code;
        if (takes)
            *shorts++ = ':';
    }
    longs[OPTION_COUNT] = (struct option){ 0 };
    *shorts = '\0';
}

static struct option_input *
add_input(struct options *options, enum option_input_kind kind, const char *text)
{
    struct option_input *input;

    options->inputs = alloc_grow(options->inputs, options->input_count + 1, sizeof(*input));
    input = &options->inputs[options->input_count++];
    *input = (struct option_input){ .kind = kind, .text = text };
    return input;
}

static bool
choice_options(size_t i, struct choice *choice)
{
    if (i >= OPTION_COUNT)
        return false;
    *choice = (struct choice){ table[i].name, table[i].summary };
    return true;
}

static int
refuse_option(const char *word, struct error *err)
{
    char shown[TEXT_WORD], names[96];

    text_word(shown, word);
    if (word[0] == '-' && word[1] == '-' &&
        choice_nearest(choice_options, word + 2, "", names, sizeof(names)))
        return error_set(err, -EINVAL, "%s: unknown option; did you mean --%s?", shown, names);
    return error_set(err, -EINVAL, "%s: unknown option", shown);
}

/* A word that getopt refused, whole where it is a long option. */
static int
refuse(int why, char *const *argv, struct error *err)
{
    char letter[3] = { '-', (char)optopt, '\0' };
    const char *previous = argv[optind - 1];
    bool is_long = strncmp(previous, "--", 2) == 0;

    if (why == ':')
        return error_set(err, -EINVAL, "%s: its argument is missing", is_long ? previous : letter);
    if (is_long && optopt != 0)
        return error_set(err, -EINVAL, "%s: takes no argument", previous);
    return refuse_option(is_long ? previous : letter, err);
}

static void
take(struct options *options, int code, const char *argument)
{
    switch (code) {
    case CODE_EXECUTE:
        add_input(options, OPTION_LINE, argument);
        break;
    case CODE_FILE:
        add_input(options, strcmp(argument, "-") == 0 ? OPTION_STDIN : OPTION_FILE, argument);
        break;
    case CODE_BATCH:
        options->batch = true;
        break;
    case CODE_JSON:
        options->json = true;
        break;
    case CODE_DEMO:
        add_input(options, OPTION_LINE, "demo");
        break;
    case CODE_NO_RC:
        options->no_rc = true;
        break;
    case CODE_ASCII:
        options->ascii = true;
        break;
    case CODE_HELP:
        options->help = true;
        break;
    case CODE_VERSION:
        options->version = true;
        break;
    }
}

static int
check(const struct options *options, struct error *err)
{
    size_t stdins = 0;

    if (options->json && !options->batch)
        return error_set(err, -EINVAL, "--json goes with --batch");
    for (size_t i = 0; i < options->input_count; i++)
        stdins += options->inputs[i].kind == OPTION_STDIN;
    if (stdins > 0 && !options->batch)
        return error_set(err, -EINVAL, "-f - goes with --batch: the screen takes standard input");
    if (stdins > 1)
        return error_set(err, -EINVAL, "-f -: standard input is read once");
    return 0;
}

int
options_parse(struct options *options, int argc, char **argv, struct error *err)
{
    struct option longs[OPTION_COUNT + 1];
    char shorts[2 * OPTION_COUNT + 3];
    int code;

    *options = (struct options){ 0 };
    fill_getopt(longs, shorts);
    opterr = 0;
    optind = 0;                 /* glibc: start anew */
    while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (code == '?' || code == ':')
            return refuse(code, argv, err);
        take(options, code, optarg);
    }
    if (optind < argc) {
        struct option_input *input = add_input(options, OPTION_WORDS, NULL);

        input->argc = argc - optind;
        input->argv = argv + optind;
    }
    if (options->batch && options->input_count == 0)
        add_input(options, OPTION_STDIN, "-");
    return options->help || options->version ? 0 : check(options, err);
}

void
options_fini(struct options *options)
{
    free(options->inputs);
    *options = (struct options){ 0 };
}

static void
write_option(struct buffer *out, size_t i)
{
    bool takes = table[i].argument != NULL;
    char left[32];

    snprintf(left, sizeof(left), "--%s%s%s", table[i].name, takes ? " " : "",
             takes ? table[i].argument : "");
    if (table[i].code < LONG_ONLY)
        alloc_check(buffer_printf(out, "  -%c, %-16s %s\n", table[i].code, left, table[i].summary));
    else
        alloc_check(buffer_printf(out, "      %-16s %s\n", left, table[i].summary));
}

void
options_write_help(struct buffer *out)
{
    alloc_check(buffer_add_text(
        out, "Usage: sockdeck [OPTION]... [COMMAND [ARG]...]\n"
             "An interactive network console: sockets, their bytes and their errors, live.\n\n"));
    for (size_t i = 0; i < OPTION_COUNT; i++)
        write_option(out, i);
    alloc_check(buffer_add_text(
        out, "\nWithout COMMAND it opens the console; 'help' there lists the commands.\n"
             "In a COMMAND each ARG is one word, and an ARG ';' separates commands:\n"
             "  sockdeck listen 10001 handler=echo\n"
             "  sockdeck --batch connect 10001 \\; send ping\n"));
}

void
options_write_version(struct buffer *out)
{
    alloc_check(buffer_add_text(out, PACKAGE_STRING "\n"
                                "License GPLv3+: GNU GPL version 3 or later.\n"
                                "This is free software: you are free to change and redistribute it.\n"));
}
