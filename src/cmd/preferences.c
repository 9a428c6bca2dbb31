/* preferences.c - the table behind `set`. */
#include "config.h"

#include "sockdeck/cmd/preferences.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/request.h"

bool
choice_themes(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        [THEME_AUTO] = { "auto", "dark, light or mono, as the environment says" },
        { "dark", "calm colours on a dark background" },
        { "light", "the same for a light background" },
        { "contrast", "few strong colours on black, nothing dim" },
        { "mono", "no colours: bold, dim and reverse only" },
        { "projector", "black on white, bold, nothing dim" },
    };

    return CHOICE_TAKE(list, i, choice);
}

static bool
choice_times(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "clock", "the wall clock" },
        { "start", "seconds since the start" },
        { "previous", "seconds since the line before" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_views(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "text", "as text" },
        { "hex", "as a hex dump" },
        { "both", "as a hex dump with the text beside it" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_sorts(size_t i, struct choice *choice)
{
    static const struct choice list[SORT_ORDERS] = {
        [SORT_ID] = { "id", "as they came, the newest last" },
        [SORT_PEER] = { "peer", "by address" },
        [SORT_STATE] = { "state", "by state" },
        [SORT_IN] = { "in", "most bytes in first" },
        [SORT_OUT] = { "out", "most bytes out first" },
        [SORT_RTT] = { "rtt", "the slowest first" },
        [SORT_AGE] = { "age", "the oldest first" },
    };

    return CHOICE_TAKE(list, i, choice);
}

static uint32_t
apply_event_bytes(struct console *console, int64_t value)
{
    if (console->options.output != NULL)
        output_set_event_bytes(console->options.output, (size_t)value);
    return 0;
}

static uint32_t
apply_max_connections(struct console *console, int64_t value)
{
    struct request request = {
        .type = REQUEST_LIMIT,
        .u.limit.max_connections = (uint32_t)value,
    };

    return engine_post(console->options.engine, &request, NULL);
}

static uint32_t
apply_memory(struct console *console, int64_t value)
{
    model_set_memory(console->options.model, (size_t)value);
    return 0;
}

static uint32_t
apply_resolve_timeout(struct console *console, int64_t value)
{
    engine_set_resolve_timeout(console->options.engine, value);
    return 0;
}

static const struct preference {
    struct key key;
    /* Returns the request that is replied to once it holds, 0: it does already. NULL: it is
     * asked for. */
    uint32_t (*apply)(struct console *console, int64_t value);
} preferences[PREFERENCES] = {
    [PREFERENCE_ASCII] = {
        { "ascii", VALUE_CHOICE, "off", "ASCII signs and letters only",
          .choices = choice_on_off }, NULL },
    [PREFERENCE_EVENT_BYTES] = {
        { "event-bytes", VALUE_SIZE, "4k", "the most bytes of a message that an event shows",
          .min = 1, .max = 1 << 30 }, apply_event_bytes },
    [PREFERENCE_LADDER] = {
        { "ladder", VALUE_CHOICE, "off", "Messages in two columns: sent from here, come from there",
          .choices = choice_on_off }, NULL },
    [PREFERENCE_MAX_CONNECTIONS] = {
        { "max-connections", VALUE_NUMBER, "1000",
          "connections that each listener serves at once; more wait in the accept queue",
          .min = 1, .max = 1000000 }, apply_max_connections },
    [PREFERENCE_MEMORY] = {
        { "memory", VALUE_SIZE, "64M", "what the newest records may take; older ones go",
          .min = 1 << 20, .max = (uint64_t)1 << 40 }, apply_memory },
    [PREFERENCE_MOTION] = {
        { "motion", VALUE_CHOICE, "on", "sparklines, and countdowns that run",
          .choices = choice_on_off }, NULL },
    [PREFERENCE_MOUSE] = {
        { "mouse", VALUE_CHOICE, "on", "clicks and the wheel; off leaves them to the terminal",
          .choices = choice_on_off }, NULL },
    [PREFERENCE_RESOLVE_TIMEOUT] = {
        { "resolve-timeout", VALUE_DURATION, "10s",
          "how long name servers may take; 0 asks none of them" }, apply_resolve_timeout },
    [PREFERENCE_SORT] = {
        { "sort", VALUE_CHOICE, "id", "the order of Connections", .choices = choice_sorts }, NULL },
    [PREFERENCE_STOP_ON_ERROR] = {
        { "stop-on-error", VALUE_CHOICE, "off", "end a script or batch with the first failure",
          .choices = choice_on_off }, NULL },
    [PREFERENCE_THEME] = {
        { "theme", VALUE_CHOICE, "auto", "the colours", .choices = choice_themes }, NULL },
    [PREFERENCE_TIME] = {
        { "time", VALUE_CHOICE, "clock", "what the times of lines count from",
          .choices = choice_times }, NULL },
    [PREFERENCE_VIEW] = {
        { "view", VALUE_CHOICE, "text", "how messages are shown", .choices = choice_views }, NULL },
};

bool
choice_preferences(size_t i, struct choice *choice)
{
    if (i >= PREFERENCES)
        return false;
    *choice = (struct choice){ preferences[i].key.name, preferences[i].key.summary };
    return true;
}

static void
keep(struct preferences *values, int place, int64_t number, const char *word)
{
    values->values[place] = number;
    snprintf(values->texts[place], sizeof(values->texts[place]), "%s", word);
}

void
preferences_init(struct preferences *values)
{
    struct value value;

    for (int i = 0; i < PREFERENCES; i++) {
        key_parse(&preferences[i].key, preferences[i].key.fallback, &value, NULL);
        keep(values, i, value.number, preferences[i].key.fallback);
    }
}

int
preference_find(const char *name, struct error *err)
{
    char shown[TEXT_WORD], names[160];
    int found = -ENOENT;

    for (int i = 0; i < PREFERENCES; i++) {
        if (strcmp(preferences[i].key.name, name) == 0)
            return i;
        if (strncmp(preferences[i].key.name, name, strlen(name)) == 0)
            found = found == -ENOENT ? i : -EEXIST;
    }
    if (found >= 0)
        return found;
    choice_names(choice_preferences, names, sizeof(names));
    return error_set(err, -EINVAL, "%s: %s; it is %s", text_word(shown, name),
                     found == -EEXIST ? "not unique" : "unknown preference", names);
}

choice_list *
preference_choices(int place)
{
    return preferences[place].key.choices;
}

/* `next` is the word behind the current one, round the end. */
static const char *
next_word(const struct preferences *values, int place)
{
    choice_list *choices = preferences[place].key.choices;
    struct choice choice;

    if (!choices((size_t)values->values[place] + 1, &choice))
        choices(0, &choice);
    return choice.name;
}

static void
tell_front(struct console *console, int place)
{
    const struct console_options *options = &console->options;

    if (options->front != NULL && options->front->preference != NULL)
        options->front->preference(options->front_ctx, place);
}

int
preference_set(struct console *console, int place, const char *word, uint32_t *request,
               struct error *err)
{
    const struct preference *preference = &preferences[place];
    struct value value = { 0 };
    int code;

    if (preference->key.kind == VALUE_CHOICE && strcmp(word, "next") == 0)
        word = next_word(&console->preferences, place);
    code = key_parse(&preference->key, word, &value, err);
    if (code != 0)
        return code;
    keep(&console->preferences, place, value.number, word);
    *request = preference->apply != NULL ? preference->apply(console, value.number) : 0;
    tell_front(console, place);
    return 0;
}

void
preference_row(const struct preferences *values, int place, struct table *table)
{
    table_row(table);
    table_text(table, 0, "%s", preferences[place].key.name);
    table_text(table, 1, "%s", values->texts[place]);
    table_text(table, 2, "%s", preferences[place].key.summary);
}
