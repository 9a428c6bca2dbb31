/* ring_pace.c - see ring_pace.h. */
#include "config.h"

#include "ring_pace.h"

#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/event/ring.h"

enum { ROUND_MS = 16, THREADS_MAX = 4 };

struct producer {
    const struct ring_run *run;
    struct ring_writer *writer;
    int64_t cpu_ns;
};

struct tally {
    uint64_t events, left_out;
    uint32_t rounds, sleeps;
};

static int64_t
thread_cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void *
produce(void *arg)
{
    static const char payload[1024];
    struct producer *p = arg;
    const int64_t start_ns = thread_cpu_ns();

    for (uint32_t i = 0; i < p->run->events; i++) {
        struct event event = { .type = EVENT_SENT, .conn = 1, .stamp_ns = i };

        event.u.message.bytes = p->run->payload;
        ring_publish(p->writer, &event, payload, p->run->payload, RING_MAY_LEAVE_OUT);
    }
    p->cpu_ns = thread_cpu_ns() - start_ns;
    return NULL;
}

/* The producing process: its threads, then their mean cost into the pipe. */
static void
run_producers(struct arena *arena, struct ring *ring, const struct ring_run *run, int out)
{
    struct producer producers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    struct ring_writer writer;
    double ns = 0;

    ring_writer_init(&writer, arena, ring);
    for (uint32_t i = 0; i < run->threads; i++) {
        producers[i] = (struct producer){ .run = run, .writer = &writer };
        if (pthread_create(&threads[i], NULL, produce, &producers[i]) != 0)
            _exit(1);
    }
    for (uint32_t i = 0; i < run->threads; i++) {
        pthread_join(threads[i], NULL);
        ns += (double)producers[i].cpu_ns / run->events / run->threads;
    }
    _exit(write(out, &ns, sizeof(ns)) == sizeof(ns) ? 0 : 1);
}

static void
count(void *ctx, struct ring *ring, const struct event *event)
{
    struct tally *tally = ctx;

    (void)ring;
    tally->events++;
    tally->left_out += (event->flags & EVENT_LEFT_OUT) != 0;
}

static void
collect(struct arena *arena, uint64_t events, struct tally *tally)
{
    struct pollfd pfd = { .fd = arena_eventfd(arena), .events = POLLIN };

    while (tally->events < events) {
        if (arena_drain(arena, clock_mono_ns(), count, tally) > 0) {
            tally->rounds++;
            poll(&pfd, 1, ROUND_MS);
        } else if (arena_prepare_sleep(arena)) {
            tally->sleeps++;
            poll(&pfd, 1, -1);
        }
        arena_wake_up(arena);
    }
}

int
ring_pace_measure(const struct ring_run *run, struct ring_pace *pace)
{
    struct tally tally = { 0 };
    struct arena *arena;
    struct ring *ring;
    struct error err;
    int64_t start_ns;
    int fds[2];
    pid_t pid;

    if (arena_open(&arena, 0, &err) < 0 || pipe(fds) == -1)
        return -1;
    ring = arena_take_ring(arena, RING_LARGE);
    start_ns = clock_mono_ns();
    pid = fork();
    if (pid == -1)
        return -1;
    if (pid == 0)
        run_producers(arena, ring, run, fds[1]);

    collect(arena, (uint64_t)run->events * run->threads, &tally);
    *pace = (struct ring_pace){
        .events_per_s = (double)tally.events * NS_PER_S / (double)(clock_mono_ns() - start_ns),
        .left_out = (double)tally.left_out / (double)tally.events,
        .rounds = tally.rounds,
        .sleeps = tally.sleeps,
    };
    if (read(fds[0], &pace->event_ns, sizeof(pace->event_ns)) != sizeof(pace->event_ns) ||
        waitpid(pid, NULL, 0) != pid)
        return -1;
    close(fds[0]);
    close(fds[1]);
    arena_close(arena);
    return 0;
}
