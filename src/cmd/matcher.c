/* matcher.c - what `expect` reads: received bytes, in order, until they match. */
#include "config.h"

#include "sockdeck/cmd/matcher.h"

#include <stdlib.h>

#include "sockdeck/cmd/alloc.h"
#include "sockdeck/model/model.h"

/* Journal records read under one hold of the lock. */
enum { READ_BUDGET = 1024, READ_BYTES = 256 * 1024 };

static void
free_matcher(struct matcher *matcher)
{
    buffer_fini(&matcher->window);
    free(matcher);
}

static void
forget_gone(struct matcher_list *list, struct model *model)
{
    struct matcher *next;

    model_lock(model);
    for (struct matcher *matcher = SLIST_FIRST(list); matcher != NULL; matcher = next) {
        next = SLIST_NEXT(matcher, link);
        if (model_connection(model, matcher->conn) != NULL)
            continue;
        SLIST_REMOVE(list, matcher, matcher, link);
        free_matcher(matcher);
    }
    model_unlock(model);
}

struct matcher *
matcher_get(struct matcher_list *list, struct model *model, uint32_t conn)
{
    struct matcher *matcher;

    SLIST_FOREACH(matcher, list, link)
        if (matcher->conn == conn)
            return matcher;
    forget_gone(list, model);
    matcher = alloc_zero(sizeof(*matcher));
    matcher->conn = conn;
    SLIST_INSERT_HEAD(list, matcher, link);
    return matcher;
}

void
matcher_list_fini(struct matcher_list *list)
{
    while (!SLIST_EMPTY(list)) {
        struct matcher *matcher = SLIST_FIRST(list);

        SLIST_REMOVE_HEAD(list, link);
        free_matcher(matcher);
    }
}

/* A NUL stands behind the window: REG_STARTEND needs none, but sanitizers read
 * regexec's string up to one. */
static void
add_bytes(struct matcher *matcher, const struct event *event)
{
    struct buffer *window = &matcher->window;
    char *end;

    alloc_check(buffer_add(window, event->data, event->data_size));
    end = buffer_reserve(window, 1);
    if (end == NULL)
        abort();
    *end = '\0';
    if (buffer_size(window) > MATCHER_WINDOW)
        buffer_take(window, buffer_size(window) - MATCHER_WINDOW);
}

static bool
is_ours(const struct matcher *matcher, const struct event *event)
{
    return event != NULL && event->type == EVENT_RECEIVED && event->conn == matcher->conn &&
           event->data_size > 0;
}

static bool
may_receive(const struct connection *conn)
{
    return conn != NULL && (conn->state == CONN_OPEN || conn->state == CONN_WE_CLOSED ||
                            conn->state == CONN_CONNECTING);
}

bool
matcher_read(struct matcher *matcher, struct model *model, bool *grew, bool *open)
{
    size_t bytes = 0;
    uint64_t end;
    bool caught_up;

    *grew = false;
    model_lock(model);
    if (matcher->next < model_journal_begin(model, JOURNAL_MESSAGES))
        matcher->next = model_journal_begin(model, JOURNAL_MESSAGES);
    end = model_journal_end(model, JOURNAL_MESSAGES);
    for (int budget = READ_BUDGET; matcher->next < end && budget > 0 && bytes < READ_BYTES; budget--) {
        const struct event *event = model_journal_at(model, JOURNAL_MESSAGES, matcher->next++);

        if (!is_ours(matcher, event))
            continue;
        add_bytes(matcher, event);
        bytes += event->data_size;
        *grew = true;
    }
    caught_up = matcher->next >= end;
    if (caught_up)
        *open = may_receive(model_connection(model, matcher->conn));
    model_unlock(model);
    return caught_up;
}

bool
matcher_find(const struct matcher *matcher, const regex_t *pattern, size_t *start, size_t *end)
{
    size_t size = buffer_size(&matcher->window);
    regmatch_t match = { .rm_so = 0, .rm_eo = (regoff_t)size };
    const char *window = size > 0 ? buffer_data(&matcher->window) : "";

    if (regexec(pattern, window, 1, &match, REG_STARTEND) != 0)
        return false;
    *start = (size_t)match.rm_so;
    *end = (size_t)match.rm_eo;
    return true;
}
