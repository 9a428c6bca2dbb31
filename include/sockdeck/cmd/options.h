/* options.h - the command line: one table of options, what it asks for in order. Pure; once,
 * before any thread. */
#ifndef SOCKDECK_CMD_OPTIONS_H
#define SOCKDECK_CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;

enum option_input_kind {
    OPTION_LINE,                /* -E LINE */
    OPTION_FILE,                /* -f FILE */
    OPTION_STDIN,               /* -f -, or a batch that was given nothing else */
    OPTION_WORDS,               /* COMMAND ARG... */
};

struct option_input {
    enum option_input_kind kind;
    const char *text;           /* the line or the path */
    int argc;                   /* OPTION_WORDS */
    char **argv;
};

struct options {
    bool batch, json, no_rc, ascii;
    bool help, version;
    struct option_input *inputs;        /* in the order they run */
    size_t input_count;
};

/* Reads the command line; what options refers to stays in argv. 0, or -EINVAL with a
 * sentence that names the word. */
int options_parse(struct options *options, int argc, char **argv, struct error *err);
void options_fini(struct options *options);

/* The text of --help and of --version, for standard output. */
void options_write_help(struct buffer *out);
void options_write_version(struct buffer *out);

#endif
