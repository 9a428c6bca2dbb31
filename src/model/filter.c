/* filter.c - terms as words, and asking them of records. */
#include "config.h"

#include "sockdeck/model/filter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/size.h"
#include "sockdeck/base/text.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/sentence.h"

enum value { VALUE_ID, VALUE_WORD, VALUE_LENGTH, VALUE_BYTES };

enum { MESSAGES = 1 << PANE_MESSAGES, EVENTS = 1 << PANE_EVENTS, CALLS = 1 << PANE_CALLS,
       ALL_PANES = MESSAGES | EVENTS | CALLS };

static const char *const directions[] = { "in", "out" };
static const char *const severities[] = { "debug", "info", "notice", "warning", "error" };

static const struct field {
    const char *name;
    const char *typed;          /* with the sign that is usual */
    const char *summary;
    enum value value;
    char prefix;                /* before an id: L1, W2, #3 */
    unsigned panes;             /* whose records can answer; kind: those of that kind's pane */
} fields[FILTER_FIELDS] = {
    [FILTER_CONN] = { "conn", "conn=", "a connection, such as conn=3", VALUE_ID, '#', ALL_PANES },
    [FILTER_LISTENER] = { "listener", "listener=", "a listener, such as listener=L1", VALUE_ID, 'L',
                          ALL_PANES },
    [FILTER_WORKER] = { "worker", "worker=", "a worker, such as worker=W2", VALUE_ID, 'W',
                        ALL_PANES },
    [FILTER_DIR] = { "dir", "dir=", "messages that came in or went out", VALUE_WORD, 0, MESSAGES },
    [FILTER_KIND] = { "kind", "kind=", "an event by its name", VALUE_WORD, 0, ALL_PANES },
    [FILTER_SEVERITY] = { "severity", "severity>=", "how serious an event is", VALUE_WORD, 0,
                          EVENTS | CALLS },
    [FILTER_LEN] = { "len", "len>", "the bytes of a message: len>100, len=4, len<1k", VALUE_LENGTH,
                     0, MESSAGES },
    [FILTER_TEXT] = { "text", "text~", "a text in it; capitals count when it has one", VALUE_BYTES,
                      0, ALL_PANES },
};

/* The longer signs first. */
static const struct { const char *sign; enum filter_test test; } tests[] = {
    { "!=", FILTER_UNEQUAL }, { "!~", FILTER_LACKS }, { "<=", FILTER_MOST }, { ">=", FILTER_LEAST },
    { "=", FILTER_EQUAL }, { "~", FILTER_HAS }, { "<", FILTER_LESS }, { ">", FILTER_MORE },
};

enum { TESTS = sizeof(tests) / sizeof(tests[0]) };

/* --- words of values --------------------------------------------------------------- */

/* The i-th word that a field's value may be, NULL behind the last; "" for one that no
 * pane shows. */
static const char *
value_word(enum filter_field field, size_t i)
{
    switch (field) {
    case FILTER_DIR:
        return i < 2 ? directions[i] : NULL;
    case FILTER_SEVERITY:
        return i < sizeof(severities) / sizeof(severities[0]) ? severities[i] : NULL;
    case FILTER_KIND:
        if (i >= EVENT_TYPE_COUNT)
            return NULL;
        return event_infos[i].pane == PANE_INTERNAL ? "" : event_infos[i].name;
    default:
        return NULL;
    }
}

bool
filter_word(size_t i, const char **word, const char **summary)
{
    static const char *const typed[] = {
        "dir=in", "dir=out", "severity>=notice", "severity>=warning", "severity>=error",
#define KIND(constant, name, severity, pane, must) pane == PANE_INTERNAL ? "" : "kind=" name,
        EVENT_TYPES(KIND)
#undef KIND
    };

    if (i < FILTER_FIELDS) {
        *word = fields[i].typed;
        *summary = fields[i].summary;
        return true;
    }
    i -= FILTER_FIELDS;
    if (i >= sizeof(typed) / sizeof(typed[0]))
        return false;
    *word = typed[i];
    *summary = NULL;
    return true;
}

/* --- reading ----------------------------------------------------------------------- */

static int
refuse(const char *word, const char *reason, struct error *err)
{
    char shown[TEXT_WORD];

    return error_set(err, -EINVAL, "%s: %s", text_word(shown, word), reason);
}

static int
find_field(const char *name, size_t n)
{
    int found = -1;

    for (int i = 0; i < FILTER_FIELDS; i++) {
        if (n == 0 || strncmp(fields[i].name, name, n) != 0)
            continue;
        if (fields[i].name[n] == '\0')
            return i;
        found = found == -1 ? i : -2;
    }
    return found;
}

static int
read_id(struct filter_term *term, const char *word, const char *text, struct error *err)
{
    char *end;

    if (*text == fields[term->field].prefix)
        text++;
    term->number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || term->number > UINT32_MAX)
        return refuse(word, "a number belongs there, such as 3", err);
    return 0;
}

static int
read_value_word(struct filter_term *term, const char *word, const char *text, struct error *err)
{
    char names[256] = "";
    const char *name;

    for (size_t i = 0; (name = value_word(term->field, i)) != NULL; i++) {
        size_t n = strlen(names);

        if (*name == '\0')
            continue;
        if (strcmp(name, text) == 0) {
            term->number = i;
            return 0;
        }
        snprintf(names + n, sizeof(names) - n, "%s%s", n > 0 ? ", " : "it is one of ", name);
    }
    return refuse(word, names, err);
}

static int
read_value(struct filter_term *term, const char *word, const char *text, struct error *err)
{
    switch (fields[term->field].value) {
    case VALUE_ID:
        return read_id(term, word, text, err);
    case VALUE_WORD:
        return read_value_word(term, word, text, err);
    case VALUE_LENGTH:
        if (size_parse(text, &term->number, NULL) != 0)
            return refuse(word, "a length belongs there, such as 100 or 4k", err);
        return 0;
    case VALUE_BYTES:
        break;
    }
    if (needle_set(&term->text, text, strlen(text)) != 0)
        return refuse(word, "a text of 1 to 128 bytes belongs there", err);
    return 0;
}

/* Text has or lacks; what has an order can be more or less; the rest is or is not. */
static bool
may_be_tested(enum filter_field field, enum filter_test test)
{
    bool is_text = field == FILTER_TEXT;

    if (test == FILTER_HAS || test == FILTER_LACKS)
        return is_text;
    if (test == FILTER_EQUAL || test == FILTER_UNEQUAL)
        return !is_text;
    return field == FILTER_LEN || field == FILTER_SEVERITY;
}

static int
refuse_field(const char *word, struct error *err)
{
    char shown[TEXT_WORD];

    return error_set(err, -EINVAL, "%s: not a term; they are conn=3, listener=L1, worker=W2, "
                     "dir=in, kind=timeout, severity>=warning, len>100, text~ping",
                     text_word(shown, word));
}

int
filter_add(struct filter *filter, const char *word, struct error *err)
{
    size_t n = strcspn(word, "=!~<>"), i = 0;
    int field = find_field(word, n), code;
    struct filter_term term;

    while (i < TESTS && strncmp(word + n, tests[i].sign, strlen(tests[i].sign)) != 0)
        i++;
    if (field < 0 || i == TESTS)
        return refuse_field(word, err);
    if (filter->count == FILTER_TERMS)
        return refuse(word, "one term too many", err);
    term = (struct filter_term) { .field = (enum filter_field)field, .test = tests[i].test };
    if (!may_be_tested(term.field, term.test))
        return refuse_field(word, err);
    code = read_value(&term, word, word + n + strlen(tests[i].sign), err);
    if (code == 0)
        filter->terms[filter->count++] = term;
    return code;
}

void
filter_add_connection(struct filter *filter, uint32_t conn)
{
    if (filter->count < FILTER_TERMS)
        filter->terms[filter->count++] = (struct filter_term) { .field = FILTER_CONN,
                                                                .number = conn };
}

/* --- asking ------------------------------------------------------------------------ */

static unsigned
panes_of(const struct filter_term *term)
{
    if (term->field == FILTER_KIND)
        return 1U << event_infos[term->number].pane;
    return fields[term->field].panes;
}

bool
filter_concerns(const struct filter *filter, int pane)
{
    for (size_t i = 0; i < filter->count; i++)
        if (panes_of(&filter->terms[i]) & 1U << pane)
            return true;
    return false;
}

static uint64_t
number_in(const struct event *event, enum filter_field field)
{
    switch (field) {
    case FILTER_CONN: return event->conn;
    case FILTER_LISTENER: return event->listener;
    case FILTER_WORKER: return event->worker;
    case FILTER_DIR: return event->type == EVENT_SENT;
    case FILTER_KIND: return event->type;
    case FILTER_SEVERITY: return event_severity(event);
    case FILTER_LEN: return event->u.message.bytes;
    default: return 0;
    }
}

static bool
holds(enum filter_test test, uint64_t value, uint64_t wanted)
{
    switch (test) {
    case FILTER_EQUAL: return value == wanted;
    case FILTER_UNEQUAL: return value != wanted;
    case FILTER_LESS: return value < wanted;
    case FILTER_MORE: return value > wanted;
    case FILTER_LEAST: return value >= wanted;
    case FILTER_MOST: return value <= wanted;
    default: return false;
    }
}

bool
filter_has_text(const struct needle *needle, const struct event *event, const struct model *model,
                struct buffer *scratch)
{
    if (event_infos[event->type].pane == PANE_MESSAGES)
        return needle_find(needle, event->data, event->data_size) >= 0;
    buffer_clear(scratch);
    if (sentence_write(scratch, event, 0, model) != 0)
        abort();
    return needle_find(needle, buffer_data(scratch), buffer_size(scratch)) >= 0;
}

bool
filter_passes(const struct filter *filter, const struct event *event, const struct model *model,
              struct buffer *scratch)
{
    unsigned pane = 1U << event_infos[event->type].pane;

    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];

        if (!(panes_of(term) & pane))
            continue;
        if (term->field == FILTER_TEXT) {
            bool has = filter_has_text(&term->text, event, model, scratch);

            if (has != (term->test == FILTER_HAS))
                return false;
        } else if (!holds(term->test, number_in(event, term->field), term->number)) {
            return false;
        }
    }
    return true;
}

/* --- writing ----------------------------------------------------------------------- */

static const char *
sign_of(enum filter_test test)
{
    for (size_t i = 0; i < TESTS; i++)
        if (tests[i].test == test)
            return tests[i].sign;
    return "";
}

static void
write_value(char *buf, size_t size, const struct filter_term *term)
{
    const struct field *field = &fields[term->field];
    char word[32], text[NEEDLE_MAX + 1];

    switch (field->value) {
    case VALUE_ID:
        snprintf(buf, size, "%.*s%" PRIu64, field->prefix != '#', &field->prefix, term->number);
        break;
    case VALUE_WORD:
        snprintf(buf, size, "%s", value_word(term->field, (size_t)term->number));
        break;
    case VALUE_LENGTH:
        snprintf(buf, size, "%s", size_word(word, term->number));
        break;
    case VALUE_BYTES:
        snprintf(text, sizeof(text), "%.*s", term->text.size, term->text.text);
        snprintf(buf, size, "%s", text);
        break;
    }
}

/* A term that a line could misread is put in quotes, what cannot be shown is escaped. */
static void
write_term(char *buf, size_t size, const struct filter_term *term)
{
    char value[NEEDLE_MAX + 1], shown[4 * NEEDLE_MAX + 1];
    const char *quote;

    write_value(value, sizeof(value), term);
    text_render_cells(shown, sizeof(shown), value, strlen(value), sizeof(shown), TEXT_QUOTED);
    quote = strpbrk(shown, " '\\;") != NULL ? "\"" : "";
    snprintf(buf, size, "%s%s%s%s%s", quote, fields[term->field].name, sign_of(term->test), shown,
             quote);
}

void
filter_write(char *buf, size_t size, const struct filter *filter)
{
    char term[4 * NEEDLE_MAX + 32];
    size_t used = 0;

    *buf = '\0';
    for (size_t i = 0; i < filter->count; i++) {
        write_term(term, sizeof(term), &filter->terms[i]);
        if (used + strlen(term) + 2 > size)
            return;
        used += (size_t)snprintf(buf + used, size - used, "%s%s", i > 0 ? " " : "", term);
    }
}
