/* cmd_explain.c - explain: a word, or the newest error or timeout. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/explain.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/sentence.h"
#include "sockdeck/model/table.h"
#include "verbs.h"

/* Records looked at while the model's lock is held once. */
enum { CHUNK = 256 };

/* EAGAIN with a timeout of 0 is news, not a failure: it counts only where there is none. */
static bool
is_failure(const struct event *event)
{
    return event->type == EVENT_TIMEOUT || (event->type == EVENT_ERROR && !event->u.error.would_block);
}

/* A copy of the record and its sentence. Under the model's lock. */
static struct event *
copy_record(const struct model *model, const struct event *event, struct buffer *sentence)
{
    struct event *copy = alloc_zero(event->size);
    char subject[16];

    memcpy(copy, event, event->size);
    sentence_subject(subject, event);
    alloc_check(buffer_add_text(sentence, subject));
    alloc_check(buffer_add_text(sentence, subject[0] != '\0' ? "  " : ""));
    alloc_check(sentence_write(sentence, event, 0, model));
    alloc_check(buffer_add(sentence, "", 1));
    return copy;
}

/* The newest failure that is still kept, to be freed, with its sentence; NULL: none. */
static struct event *
find_newest(struct model *model, struct buffer *sentence)
{
    struct event *found = NULL;
    uint64_t number = UINT64_MAX, begin;

    do {
        model_lock(model);
        begin = model_journal_begin(model, JOURNAL_EVENTS);
        if (number > model_journal_end(model, JOURNAL_EVENTS))
            number = model_journal_end(model, JOURNAL_EVENTS);
        for (int i = 0; i < CHUNK && found == NULL && number > begin; i++) {
            const struct event *event = model_journal_at(model, JOURNAL_EVENTS, --number);

            if (is_failure(event))
                found = copy_record(model, event, sentence);
        }
        model_unlock(model);
    } while (found == NULL && number > begin);
    return found;
}

static void
show(struct run *run, struct table *table)
{
    struct buffer text = { 0 };

    if (run->console->options.output != NULL) {
        run_show(run, table);
        return;
    }
    explain_write(&text, table, 0);
    alloc_check(buffer_add(&text, "", 1));
    run_show_text(run, "explain", buffer_data(&text));
    buffer_fini(&text);
    table_fini(table);
}

/* On screen, the record that a user has chosen in Events. */
static bool
explain_chosen(struct run *run)
{
    const struct console_options *options = &run->console->options;

    return options->front != NULL &&
           options->front->display(options->front_ctx, "explained", 0, NULL, NULL) == 0;
}

static void
explain_newest(struct run *run)
{
    struct buffer sentence = { 0 };
    struct event *event = find_newest(run->console->options.model, &sentence);
    struct table table;

    if (event == NULL) {
        run_fail(run, STATUS_USAGE, "nothing has failed or timed out yet; name a word, such as: "
                 "explain ECONNREFUSED");
    } else {
        explain_fill_event(&table, event, buffer_data(&sentence));
        show(run, &table);
    }
    buffer_fini(&sentence);
    free(event);
}

/* Several words are one: accept queue. */
static void
explain_words(struct run *run)
{
    struct buffer word = { 0 };
    struct error err = { 0 };
    struct table table;

    for (size_t i = 0; i < run->args.count; i++)
        alloc_check(buffer_printf(&word, "%s%s", i > 0 ? " " : "", args_word(&run->args, i)));
    if (explain_fill(&table, buffer_data(&word), &err) == 0)
        show(run, &table);
    else
        run_fail(run, STATUS_USAGE, "%s", err.text);
    buffer_fini(&word);
}

void
explain_start(struct run *run)
{
    if (run->args.count > 0)
        explain_words(run);
    else if (!explain_chosen(run))
        explain_newest(run);
}
