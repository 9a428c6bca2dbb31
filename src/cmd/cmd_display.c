/* cmd_display.c - what only a screen can do: the words are checked here as far as
 * tables can say, the rest is the front's. */
#include "config.h"

#include <stdint.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/model/filter.h"
#include "verbs.h"

enum { DISPLAY_WORDS = 32, DISPLAY_PLACES = 10 };

bool
choice_steps(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "up", "one up" }, { "down", "one down" }, { "page-up", "a page up" },
        { "page-down", "a page down" }, { "first", "the first" }, { "last", "the last" },
        { "left", "to the left of what is open" }, { "right", "to its right" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_prompts(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "command", "the prompt for commands" },
        { "send", "the prompt whose lines go to the focused connection" },
        { "other", "the other of the two" },
        { "find", "write a find into the command prompt" },
        { "filter", "write the filter there, to be changed" },
        { "ping", "write a ping there, if it is empty" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_forms(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "timeouts", "of the focused connection" },
        { "modes", "of a listener, with what each does" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_layouts(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "show", "a pane that is not there" }, { "hide", "a pane, for good" },
        { "auto", "show a pane when there is something to see" },
        { "grow", "a row more, from its neighbour" }, { "shrink", "a row less" },
        { "wider", "the column of a pane, where there are two" }, { "narrower", "the same back" },
        { "reset", "all as it was at first" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_panes(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "connections", "each, with what the kernel holds of it" },
        { "workers", "what each listener has started, and what it costs" },
        { "messages", "what was received and sent" }, { "events", "what happened, in sentences" },
        { "calls", "the socket calls, while the lens is on" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_back(size_t i, struct choice *choice)
{
    static const struct choice list[] = { { "back", "the pane before" } };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_ask(size_t i, struct choice *choice)
{
    static const struct choice list[] = { { "ask", "ask when anything is open" } };

    return CHOICE_TAKE(list, i, choice);
}

static bool
choice_find_ways(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "older", "upwards, then round the end" }, { "newer", "downwards" },
    };

    return CHOICE_TAKE(list, i, choice);
}

static bool
choice_places(size_t i, struct choice *choice)
{
    static const struct choice list[DISPLAY_PLACES] = {
        { "anywhere", "whatever has the focus" },
        { "prompt", "while a line is typed" },
        { "list", "in a pane or what is open" },
        { "pane", "in any pane" },
        { "connections", "in Connections" },
        { "workers", "in Workers" },
        { "messages", "in Messages" },
        { "events", "in Events" },
        { "calls", "in Calls" },
        { "overlay", "in what is open" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_filter_terms(size_t i, struct choice *choice)
{
    return filter_word(i, &choice->name, &choice->summary);
}

const struct key find_keys[] = {
    { "to", VALUE_CHOICE, "older", "which way from what is selected", .choices = choice_find_ways },
    { .name = NULL },
};

const struct key bind_keys[] = {
    { "in", VALUE_CHOICE, NULL, "where the key has that meaning", .choices = choice_places,
      .form = "PLACE" },
    { .name = NULL },
};

/* Runs the verb on the screen with n words, and one of its own before them. */
static void
display(struct run *run, const char *first, const struct word *const *words, size_t n)
{
    const struct console_options *options = &run->console->options;
    char *argv[DISPLAY_WORDS + 2] = { NULL };
    struct error err = { 0 };
    int argc = 0;

    if (n > DISPLAY_WORDS) {
        run_fail(run, STATUS_USAGE, "more than %d words", DISPLAY_WORDS);
        return;
    }
    if (first != NULL)
        argv[argc++] = (char *)(uintptr_t)first;
    for (size_t i = 0; i < n; i++)
        argv[argc++] = words[i]->text;
    if (options->front->display(options->front_ctx, run->command->name, argc, argv, &err) != 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
}

/* The first word must be one that the table has. */
static bool
check_word(struct run *run)
{
    choice_list *list = run->command->words[0];
    const char *word = args_word(&run->args, 0);
    struct error err = { 0 };

    if (list == NULL || word == NULL || choice_find(list, "word", word, &err) >= 0)
        return true;
    run_fail(run, STATUS_USAGE, "%s", err.text);
    return false;
}

void
display_start(struct run *run)
{
    if (check_word(run))
        display(run, NULL, run->args.words, run->args.count);
}

/* A verb with data; `first` is the value of its key, "" where none is given. */
static void
display_data(struct run *run, const char *first)
{
    const struct word *words[DISPLAY_WORDS];
    size_t n = run->args.data_count;

    for (size_t i = 0; i < n && i < DISPLAY_WORDS; i++)
        words[i] = &run->args.data[i];
    display(run, first, words, n);
}

void
filter_start(struct run *run)
{
    display_data(run, NULL);
}

void
find_start(struct run *run)
{
    static const char *const ways[] = { "older", "newer" };

    display_data(run, ways[run->args.values[0].number == 1]);
}

void
bind_start(struct run *run)
{
    const struct value *place = &run->args.values[0];

    display_data(run, place->given ? place->text : "");
}

void
view_start(struct run *run)
{
    const char *word = args_word(&run->args, 0);
    struct error err = { 0 };

    if (console_set(run->console, PREFERENCE_VIEW, word != NULL ? word : "next", &err) != 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
}

/* On screen, `quit ask` asks first. */
void
quit_start(struct run *run)
{
    const char *word = args_word(&run->args, 0);
    struct error err = { 0 };

    if (word != NULL && choice_find(choice_ask, "way to quit", word, &err) < 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else if (word == NULL || run->console->options.front == NULL)
        run->console->quit = true;
    else
        display_start(run);
}
