/* target.h - which connections, listener or worker a command is about.
 *
 *     target = #3 | #2-5 | @focus | @all | @in | @out | L1 | W2
 *
 * Parsing is pure. Resolving asks the model and takes its lock. */
#ifndef SOCKDECK_CMD_TARGET_H
#define SOCKDECK_CMD_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct model;

enum target_kind {
    TARGET_NONE,                /* left out */
    TARGET_NUMBERS,             /* #first to #last */
    TARGET_FOCUS, TARGET_ALL, TARGET_IN, TARGET_OUT,
    TARGET_LISTENER,            /* L first */
    TARGET_WORKER,              /* W first */
    TARGET_DEFAULT,             /* `timeout default`: what is made later */
};

struct target {
    enum target_kind kind;
    uint32_t first, last;
};

/* What a verb takes. Where it takes connections only, L1 and W2 stand for all their
 * open ones. */
enum takes {
    TAKES_NOTHING = 0,
    TAKES_CONNECTIONS = 1 << 0,
    TAKES_LISTENER = 1 << 1,    /* L1 is the listener itself */
    TAKES_WORKER = 1 << 2,      /* W2 is the worker itself */
    TAKES_DEFAULT = 1 << 3,
    TAKES_BARE = 1 << 4,        /* a bare 3 for #3 (verbs without data) */
    TAKES_SELECTED = 1 << 5,    /* a key in a pane gives it the selected connection */
};

/* 1 when the word is a target, 0 when it is not written like one, or -EINVAL,
 * -ERANGE with a sentence. */
int target_parse(const char *word, unsigned takes, struct target *target, struct error *err);

/* "#3", "#2-5", "@all", "L1". */
const char *target_text(const struct target *target, char buf[static 32]);

struct id_list {
    uint32_t *ids;
    size_t count, capacity;
};

void id_list_add(struct id_list *list, uint32_t id);
void id_list_fini(struct id_list *list);

/* The open connections that a target means, in order of id; focus (0: none) is
 * taken for TARGET_NONE and TARGET_FOCUS. -ENOENT with a sentence that names what is
 * there when it means none; -EPIPE when it is one connection that has closed (its id
 * is then in list). */
int target_connections(const struct target *target, struct model *model, uint32_t focus,
                       struct id_list *list, struct error *err);

/* The open listener that a target means, the only one for TARGET_NONE; its id, or
 * -ENOENT with a sentence that names those there are. */
int target_listener(const struct target *target, struct model *model, struct error *err);

/* The worker that a target means; its id, or -ENOENT with a sentence. */
int target_worker(const struct target *target, struct model *model, struct error *err);

#endif
