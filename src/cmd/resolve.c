/* resolve.c - what a target means now, by the model's rows. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/choice.h"
#include "sockdeck/cmd/target.h"
#include "sockdeck/model/model.h"

static bool
is_meant(const struct target *target, const struct connection *conn)
{
    switch (target->kind) {
    case TARGET_NUMBERS:
        return conn->id >= target->first && conn->id <= target->last;
    case TARGET_ALL:
        return true;
    case TARGET_IN:
        return !conn->dialled;
    case TARGET_OUT:
        return conn->dialled;
    case TARGET_LISTENER:
        return conn->listener == target->first;
    case TARGET_WORKER:
        return conn->worker == target->first;
    default:
        return false;
    }
}

/* "#1, #2 or #3", those that are open; false when none is. */
static bool
name_connections(const struct model *model, char *buf, size_t size)
{
    size_t count = 0, left = model_open_connections(model);
    const struct connection *conn = model_next_connection(model, 0);

    for (; conn != NULL && left > 0; conn = model_next_connection(model, conn->id + 1)) {
        char name[16];

        if (conn->state == CONN_CLOSED)
            continue;
        snprintf(name, sizeof(name), "#%" PRIu32, conn->id);
        choice_enumerate(buf, size, &count, --left == 0, name, "");
    }
    return count > 0;
}

static bool
name_listeners(const struct model *model, char *buf, size_t size)
{
    size_t count = 0, left = model_open_listeners(model);
    const struct listener *listener = model_next_listener(model, 0);

    for (; listener != NULL; listener = model_next_listener(model, listener->id + 1U)) {
        char name[16];

        if (listener->stopped)
            continue;
        snprintf(name, sizeof(name), "L%u", (unsigned)listener->id);
        choice_enumerate(buf, size, &count, --left == 0, name, "");
    }
    return count > 0;
}

/* Nothing is meant: why, and what there is instead. */
static int
refuse_connections(const struct target *target, const struct model *model, struct error *err)
{
    char word[32], names[128];

    target_text(target, word);
    if (target->kind == TARGET_LISTENER && model_listener(model, target->first) == NULL)
        return error_set(err, -ENOENT, "%s: there is no such listener", word);
    if (target->kind == TARGET_WORKER && model_worker(model, target->first) == NULL)
        return error_set(err, -ENOENT, "%s: there is no such worker", word);
    if (!name_connections(model, names, sizeof(names)))
        return error_set(err, -ENOENT, "%s%sno connection is open; try: connect 10001", word,
                         *word ? ": " : "");
    if (target->kind == TARGET_NONE || target->kind == TARGET_FOCUS)
        return error_set(err, -ENOENT, "no connection has the focus; name one: %s", names);
    if (target->kind == TARGET_NUMBERS)
        return error_set(err, -ENOENT, "%s: there is no such connection; open: %s", word, names);
    return error_set(err, -ENOENT, "%s: it has no open connection; open: %s", word, names);
}

int
target_connections(const struct target *target, struct model *model, uint32_t focus,
                   struct id_list *list, struct error *err)
{
    struct target meant = *target;
    const struct connection *conn;
    int code = 0;

    if ((target->kind == TARGET_NONE || target->kind == TARGET_FOCUS) && focus != 0)
        meant = (struct target){ TARGET_NUMBERS, focus, focus };

    model_lock(model);
    conn = model_next_connection(model, meant.kind == TARGET_NUMBERS ? meant.first : 0);
    for (; conn != NULL; conn = model_next_connection(model, conn->id + 1)) {
        if (meant.kind == TARGET_NUMBERS && conn->id > meant.last)
            break;
        if (conn->state != CONN_CLOSED && is_meant(&meant, conn))
            id_list_add(list, conn->id);
    }
    if (list->count == 0 && meant.kind == TARGET_NUMBERS && meant.first == meant.last &&
        model_connection(model, meant.first) != NULL) {
        id_list_add(list, meant.first);
        code = error_set(err, -EPIPE, "#%" PRIu32 " is closed", meant.first);
    } else if (list->count == 0) {
        code = refuse_connections(&meant, model, err);
    }
    model_unlock(model);
    return code;
}

/* The only open listener that serves anybody, or -ENOENT. */
static int
find_only_listener(const struct model *model, struct error *err)
{
    const struct listener *listener;
    size_t serving = 0;
    char names[128];
    int id = 0;

    for (listener = model_next_listener(model, 0); listener != NULL;
         listener = model_next_listener(model, listener->id + 1U))
        if (!listener->stopped && !listener->is_hole) {
            serving++;
            id = listener->id;
        }
    if (serving == 0)
        return error_set(err, -ENOENT, "nothing listens yet; try: listen 10001");
    if (serving == 1)
        return id;
    name_listeners(model, names, sizeof(names));
    return error_set(err, -ENOENT, "which listener? name one: %s", names);
}

static int
find_listener(const struct model *model, uint32_t id, struct error *err)
{
    const struct listener *listener = model_listener(model, id);
    char names[128];

    if (listener != NULL && !listener->stopped)
        return listener->id;
    if (listener != NULL)
        return error_set(err, -ENOENT, "L%" PRIu32 " has stopped", id);
    if (!name_listeners(model, names, sizeof(names)))
        return error_set(err, -ENOENT, "L%" PRIu32 ": nothing listens", id);
    return error_set(err, -ENOENT, "L%" PRIu32 ": there is no such listener; it is %s", id, names);
}

int
target_listener(const struct target *target, struct model *model, struct error *err)
{
    int id;

    model_lock(model);
    id = target->kind == TARGET_LISTENER ? find_listener(model, target->first, err)
                                         : find_only_listener(model, err);
    model_unlock(model);
    return id;
}

int
target_worker(const struct target *target, struct model *model, struct error *err)
{
    const struct worker *worker;
    int id;

    if (target->kind != TARGET_WORKER)
        return error_set(err, -ENOENT, "which worker? name one, such as W1; 'show workers' lists them");
    model_lock(model);
    worker = model_worker(model, target->first);
    if (worker == NULL)
        id = error_set(err, -ENOENT, "W%" PRIu32 ": there is no such worker; "
                       "'show workers' lists them", target->first);
    else
        id = worker->id;
    model_unlock(model);
    return id;
}
