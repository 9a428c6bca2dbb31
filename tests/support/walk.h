/* walk.h - a walk over the entries of one kind in the table behind `explain`: each is made
 * to happen, or the list of the test says why it cannot be. */
#ifndef SOCKDECK_TESTS_WALK_H
#define SOCKDECK_TESTS_WALK_H

#include <stddef.h>

#include "screen_stage.h"
#include "stage.h"
#include "sockdeck/cmd/explain.h"

/* How the real program is made to show a word: exactly one of the three. */
struct provocation {
    const char *word;
    void (*in_batch)(struct stage *s);          /* the stage is new, and is cleared behind it */
    void (*on_screen)(struct screen_stage *s);  /* started, at 80x24 */
    const char *excuse;                         /* why nothing can provoke it */
};

struct walk {
    enum explanation_kind kind;
    const struct provocation *list;
    size_t count;
    void (*scene)(struct stage *s);     /* played once for all of the others; may be NULL */
    /* For the words that are not in the list, behind the scene, or else each with a new
     * stage; NULL: there must be none. */
    void (*otherwise)(struct stage *s, const struct explanation *entry);
};

#define WALK(list_) .list = (list_), .count = sizeof(list_) / sizeof((list_)[0])

/* Fails the test unless the list and the table agree. */
void walk_check(const struct walk *walk);
/* *state is a struct stage, or a struct screen_stage that has not begun. */
void walk_in_batch(const struct walk *walk, void **state);
void walk_on_screen(const struct walk *walk, void **state);

/* `explain WORD` answers, and with an entry of that very word. */
void expect_explained(struct stage *s, const char *word);

#endif
