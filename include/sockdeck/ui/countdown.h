/* countdown.h - how much is left until a deadline, and how old a connection is: the words,
 * and when they change. Pure. */
#ifndef SOCKDECK_UI_COUNTDOWN_H
#define SOCKDECK_UI_COUNTDOWN_H

#include <stdbool.h>
#include <stdint.h>

struct deadline;

/* With tenths where they run, "3.2 s"; in whole seconds at least, "3 s", "12m05s", "3h20m";
 * in three cells, "59s", "12m". */
enum countdown_form { COUNTDOWN_FINE, COUNTDOWN_CALM, COUNTDOWN_SHORT };

/* Where there is room for it. */
static inline enum countdown_form
countdown_form(bool has_motion)
{
    return has_motion ? COUNTDOWN_FINE : COUNTDOWN_CALM;
}

/* One that has passed stays at 0: whoever owns it has not told yet how it ended. */
void countdown_text(char buf[static 32], const struct deadline *deadline, int64_t now_ns,
                    enum countdown_form form);
/* When that text changes, CLOCK_NEVER when it does no more. */
int64_t countdown_next_ns(const struct deadline *deadline, int64_t now_ns,
                          enum countdown_form form);

/* How long an open one has been there: "<1m", "5m", "3h", "12d". */
void countdown_age(char buf[static 32], int64_t age_ns);
/* When to look at that text again: once it has changed, but only at whole minutes of the
 * clock, the same ones for all, so that ages alone wake nobody more often. */
int64_t countdown_age_next_ns(int64_t begun_ns, int64_t now_ns);

#endif
