/* records.h - numbered records whose bytes follow from their number, for tests of
 * the ring: a reader can tell whether it got all of them, whole and in order.
 *
 * The producer is the record's conn, the number its u.message.bytes. */
#ifndef SOCKDECK_TESTS_RECORDS_H
#define SOCKDECK_TESTS_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"

enum { RECORD_PRODUCERS = 16, RECORD_DATA_MAX = 600 };

/* Publishes record number of the producer, with 0 to RECORD_DATA_MAX bytes. */
void records_publish(struct ring_writer *w, enum event_type type, uint32_t producer,
                     uint64_t number, enum ring_policy policy);

/* What has been read: the next number of each producer, and whether every record
 * was the expected one with the expected bytes. */
struct records {
    uint64_t next[RECORD_PRODUCERS];
    uint64_t left_out;
    bool is_damaged;
};

/* For arena_drain; ctx is a struct records. */
void records_check(void *ctx, struct ring *ring, const struct event *event);

/* Drains as the collector does, asleep whenever nothing is there, until the
 * producer's next number is reached. False: not within ten seconds. */
bool records_collect(struct arena *arena, struct records *records, uint32_t producer,
                     uint64_t number);

#endif
