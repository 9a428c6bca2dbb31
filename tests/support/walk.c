/* walk.c - see walk.h. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "entries.h"
#include "walk.h"

static const struct provocation *
find(const struct walk *walk, const char *word)
{
    for (size_t i = 0; i < walk->count; i++)
        if (strcmp(walk->list[i].word, word) == 0)
            return &walk->list[i];
    return NULL;
}

void
walk_check(const struct walk *walk)
{
    const struct explanation *entry;

    for (size_t i = 0; (entry = entry_of(walk->kind, i)) != NULL; i++)
        if (find(walk, entry->word) == NULL && walk->otherwise == NULL)
            fail_msg("%s is neither provoked nor excused", entry->word);
    for (size_t i = 0; i < walk->count; i++) {
        const struct provocation *p = &walk->list[i];

        if (explain_find(walk->kind, p->word) == NULL || find(walk, p->word) != p)
            fail_msg("%s is not in the table, or is listed twice", p->word);
        if ((p->in_batch != NULL) + (p->on_screen != NULL) + (p->excuse != NULL) != 1)
            fail_msg("%s: one of provoked and excused", p->word);
    }
}

static void
walk_otherwise(const struct walk *walk, struct stage *s)
{
    const struct explanation *entry;

    if (walk->scene != NULL)
        walk->scene(s);
    for (size_t i = 0; (entry = entry_of(walk->kind, i)) != NULL; i++) {
        if (find(walk, entry->word) != NULL)
            continue;
        walk->otherwise(s, entry);
        if (walk->scene == NULL)
            stage_clear(s);
    }
    stage_clear(s);
}

void
walk_in_batch(const struct walk *walk, void **state)
{
    if (walk->otherwise != NULL)
        walk_otherwise(walk, *state);
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->list[i].in_batch == NULL)
            continue;
        walk->list[i].in_batch(*state);
        stage_clear(*state);
    }
}

void
walk_on_screen(const struct walk *walk, void **state)
{
    struct screen_stage *s = *state;

    for (size_t i = 0; i < walk->count; i++) {
        if (walk->list[i].on_screen == NULL)
            continue;
        screen_stage_start(s, 24, 80);
        walk->list[i].on_screen(s);
        pty_screen_close(s->pty);
        s->pty = NULL;
    }
}

void
expect_explained(struct stage *s, const char *word)
{
    json_t *rows, *row;
    size_t i;

    if (stage_run(s, "explain %s", word) != 0)
        fail_msg("explain %s fails", word);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row)
        if (strcmp(event_string(row, "field"), word) == 0)
            return;
    fail_msg("explain %s does not explain it", word);
}
