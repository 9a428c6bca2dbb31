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

static void
apply_event_bytes(struct console *console, int64_t value)
{
    if (console->options.output != NULL)
        output_set_event_bytes(console->options.output, (size_t)value);
}

static void
apply_max_connections(struct console *console, int64_t value)
{
    engine_set_max_connections(console->options.engine, (uint32_t)value);
}

static void
apply_memory(struct console *console, int64_t value)
{
    model_set_memory(console->options.model, (size_t)value);
}

static void
apply_resolve_timeout(struct console *console, int64_t value)
{
    engine_set_resolve_timeout(console->options.engine, value);
}

static const struct preference {
    struct key key;
    void (*apply)(struct console *console, int64_t value);      /* NULL: it is asked for */
} preferences[PREFERENCES] = {
    [PREFERENCE_EVENT_BYTES] = {
        { "event-bytes", VALUE_SIZE, "4k", "the most bytes of a message that an event shows",
          .min = 1, .max = 1 << 30 }, apply_event_bytes },
    [PREFERENCE_MAX_CONNECTIONS] = {
        { "max-connections", VALUE_NUMBER, "1000",
          "connections that each listener serves at once; more wait in the accept queue",
          .min = 1, .max = 1000000 }, apply_max_connections },
    [PREFERENCE_MEMORY] = {
        { "memory", VALUE_SIZE, "64M", "what the newest records may take; older ones go",
          .min = 1 << 20, .max = (uint64_t)1 << 40 }, apply_memory },
    [PREFERENCE_RESOLVE_TIMEOUT] = {
        { "resolve-timeout", VALUE_DURATION, "10s",
          "how long name servers may take; 0 asks none of them" }, apply_resolve_timeout },
    [PREFERENCE_STOP_ON_ERROR] = {
        { "stop-on-error", VALUE_CHOICE, "off", "end a script or batch with the first failure",
          .choices = choice_on_off }, NULL },
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

int
preference_set(struct console *console, int place, const char *word, struct error *err)
{
    const struct preference *preference = &preferences[place];
    struct value value = { 0 };
    int code = key_parse(&preference->key, word, &value, err);

    if (code != 0)
        return code;
    keep(&console->preferences, place, value.number, word);
    if (preference->apply != NULL)
        preference->apply(console, value.number);
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
