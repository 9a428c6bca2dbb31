/* subject.h - a server under measurement: the bare one of a mode, or sockdeck with its
 * screen up on a pseudo-terminal of its own that is read all the time. */
#ifndef SOCKDECK_TESTS_BENCH_SUBJECT_H
#define SOCKDECK_TESTS_BENCH_SUBJECT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum subject_kind { SUBJECT_BARE, SUBJECT_DECK, SUBJECT_KINDS };

struct subject_order {
    const char *mode;
    int workers;
    size_t recv_size;
    bool answers;               /* echo; else it reads only */
    bool lens;                  /* sockdeck's alone: calls on */
};

struct subject {
    pid_t pid;
    uint16_t port;
    int terminal;               /* -1: a bare one */
    pthread_t reader;
};

/* 0 when it can be connected to, or a negative errno. */
int subject_start(struct subject *subject, enum subject_kind kind,
                  const struct subject_order *order);
void subject_stop(struct subject *subject);

/* From the start of sockdeck to its first frame with the prompt, in ns. */
int subject_time_first_frame(int64_t *took_ns);

#endif
