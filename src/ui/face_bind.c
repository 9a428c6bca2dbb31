/* face_bind.c - `bind`, and the help of keys: both read the one table. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/model/table.h"
#include "sockdeck/ui/face_parts.h"

/* --- help ---------------------------------------------------------------------------- */

/* What a key does in a place, when it is this binding that says so. */
static bool
is_current(const struct keymap *keymap, const struct binding *binding)
{
    return keymap_at(keymap, binding->place, binding->key) == binding;
}

/* Calls each for the bindings of a place, in the order of help: as at first, then own. */
static void
each_binding(const struct keymap *keymap, enum place place,
             void (*each)(void *ctx, const struct binding *binding), void *ctx)
{
    for (const struct binding *binding = keymap_defaults; binding->key != KEYS_NONE; binding++)
        if (binding->place == place && is_current(keymap, binding))
            each(ctx, binding);
    for (size_t i = 0; i < keymap->count; i++)
        if (keymap->list[i].place == place)
            each(ctx, &keymap->list[i]);
}

/* Lines of help under way: keys with the same command share one. */
struct writing {
    struct buffer *out;
    const struct keymap *keymap;
    const struct binding *line; /* NULL: none begun yet */
    char keys[64];
    bool has_title;
};

static void
end_line(struct writing *writing)
{
    const struct binding *line = writing->line;

    if (line == NULL)
        return;
    if (!writing->has_title)
        buffer_printf(writing->out, "%sKeys %s:\n", buffer_size(writing->out) > 0 ? "\n" : "",
                      keymap_place_name(line->place));
    writing->has_title = true;
    buffer_printf(writing->out, "  %-18s %s%s\n", writing->keys, line->help,
                  line->asks ? " (asks: the same key again does it)" : "");
    writing->line = NULL;
    writing->keys[0] = '\0';
}

static void
write_key(void *ctx, const struct binding *binding)
{
    struct writing *writing = ctx;
    char name[16];
    size_t n;

    if (writing->line != NULL && strcmp(writing->line->command, binding->command) != 0)
        end_line(writing);
    writing->line = writing->line != NULL ? writing->line : binding;
    n = strlen(writing->keys);
    snprintf(writing->keys + n, sizeof(writing->keys) - n, "%s%s", n > 0 ? " " : "",
             keys_name(name, binding->key));
}

static void
write_place(struct buffer *out, const struct keymap *keymap, enum place place)
{
    struct writing writing = { .out = out, .keymap = keymap };

    each_binding(keymap, place, write_key, &writing);
    end_line(&writing);
}

void
face_open_keys(struct face *face)
{
    enum place place = face_place(face);
    struct buffer text = { 0 };

    if (place == PLACE_PROMPT)
        buffer_add_text(&text, "help lists the commands, help COMMAND tells of one; "
                        "Tab completes.\n");
    for (;; place = keymap_parent(place)) {
        write_place(&text, &face->keymap, place);
        if (place == PLACE_ANYWHERE)
            break;
    }
    buffer_add(&text, "", 1);
    face_front.show_text(face, "Keys", buffer_data(&text));
    buffer_fini(&text);
}

/* --- bind ---------------------------------------------------------------------------- */

static const struct column columns[] = {
    { "key", "KEY", false }, { "in", "IN", false }, { "command", "COMMAND", false },
    { "help", "WHAT", false },
};

static void
add_row(void *ctx, const struct binding *binding)
{
    struct table *table = ctx;
    char name[16];

    table_row(table);
    table_text(table, 0, "%s", keys_name(name, binding->key));
    table_text(table, 1, "%s", keymap_place_word(binding->place));
    table_text(table, 2, "%s", binding->command);
    table_text(table, 3, "%s", binding->help != binding->command ? binding->help : "");
}

static void
show_all(struct face *face)
{
    struct table table;

    table_init(&table, "keys", columns, 4);
    for (int place = 0; place < PLACE_COUNT; place++)
        each_binding(&face->keymap, (enum place)place, add_row, &table);
    face_front.show_table(face, &table);
    table_fini(&table);
}

static int
show_key(struct face *face, uint32_t key, struct error *err)
{
    struct table table;
    char name[16];
    int code = 0;

    table_init(&table, "keys", columns, 4);
    for (int place = 0; place < PLACE_COUNT; place++) {
        const struct binding *binding = keymap_at(&face->keymap, (enum place)place, key);

        if (binding != NULL)
            add_row(&table, binding);
    }
    if (table.row_count > 0)
        face_front.show_table(face, &table);
    else
        code = error_set(err, -ENOENT, "%s: bound to nothing", keys_name(name, key));
    table_fini(&table);
    return code;
}

static bool
is_typed(uint32_t key)
{
    return key >= ' ' && key < KEYS_SPECIAL && key != 127;
}

/* Where a key goes when that is left out: letters to the panes, the rest anywhere. */
static int
choose_place(const char *word, uint32_t key, struct error *err)
{
    char name[16];
    int place = *word != '\0' ? keymap_place_find(word) : is_typed(key) ? PLACE_PANE
                                                                       : PLACE_ANYWHERE;

    if (is_typed(key) && (place == PLACE_ANYWHERE || place == PLACE_PROMPT))
        return error_set(err, -EINVAL, "%s is typed at the prompt; use in=pane",
                         keys_name(name, key));
    return place;
}

/* A word in the form that the lexer reads back. */
static int
add_word(struct buffer *out, const char *word)
{
    bool is_plain = *word != '\0' && strpbrk(word, " \t\n\"'\\;") == NULL;

    if (buffer_size(out) > 0)
        buffer_add(out, " ", 1);
    if (is_plain)
        return buffer_add_text(out, word);
    buffer_add(out, "\"", 1);
    for (; *word != '\0'; word++) {
        if (*word == '"' || *word == '\\')
            buffer_add(out, "\\", 1);
        if ((unsigned char)*word < ' ' || *word == 127)
            buffer_printf(out, "\\x%02x", (unsigned char)*word);
        else
            buffer_add(out, word, 1);
    }
    return buffer_add(out, "\"", 1);
}

static int
set_key(struct face *face, uint32_t key, int place, int argc, char **argv, struct error *err)
{
    const struct command *command;
    struct buffer line = { 0 };
    int code = 0;

    if (argc == 1 && strcmp(argv[0], "default") == 0) {
        keymap_bind(&face->keymap, (enum place)place, key, NULL, false);
        return 0;
    }
    command = command_find(argv[0], err);
    if (command == NULL)
        return -EINVAL;
    for (int i = 0; i < argc && code == 0; i++)
        code = add_word(&line, i == 0 ? command->name : argv[i]);
    if (code != 0 || buffer_add(&line, "", 1) != 0)
        abort();
    if (buffer_size(&line) > FACE_COMMAND / 2)
        code = error_set(err, -EINVAL, "bind: a command of at most %d bytes", FACE_COMMAND / 2);
    else
        keymap_bind(&face->keymap, (enum place)place, key, buffer_data(&line), command->asks);
    buffer_fini(&line);
    return code;
}

/* The place comes first, "" when it was left out; then the key; then the command. */
int
face_bind(struct face *face, int argc, char **argv, struct error *err)
{
    char shown[TEXT_WORD];
    uint32_t key;
    int place;

    if (argc == 1) {
        show_all(face);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "default") == 0) {
        keymap_fini(&face->keymap);
        return 0;
    }
    key = keys_find(argv[1]);
    if (key == KEYS_NONE)
        return error_set(err, -EINVAL, "%s: no name of a key; such as F9, Ctrl-T, Alt-X, PgUp, j",
                         text_word(shown, argv[1]));
    if (argc == 2)
        return show_key(face, key, err);
    place = choose_place(argv[0], key, err);
    return place < 0 ? place : set_key(face, key, place, argc - 2, argv + 2, err);
}
