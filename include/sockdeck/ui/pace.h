/* pace.h - when the next frame is due.
 *
 * What a person did is drawn at most 30 times a second, and so is what the model has to
 * tell, unless that is more than anybody can read: then 5 times a second, since each
 * frame takes a processor from those who serve. */
#ifndef SOCKDECK_UI_PACE_H
#define SOCKDECK_UI_PACE_H

#include <stdint.h>

/* Zeros: nothing has been drawn. */
struct pace {
    int64_t drawn_ns;           /* monotonic, of the last frame */
    uint64_t events;            /* the model had counted by then */
    int64_t news_period_ns;     /* from that frame to one for the model */
};

/* A frame is drawn now; events: what the model has counted, ever. */
void pace_drawn(struct pace *pace, int64_t now_ns, uint64_t events);

/* The earliest moment, monotonic, of a frame for a person, and of one for the model. */
int64_t pace_for_a_person_ns(const struct pace *pace);
int64_t pace_for_news_ns(const struct pace *pace);

#endif
