/* bench_console.c - sockdeck beside the bare server of the same mode: one table.
 *
 * How to read it: MEASURING SOCKDECK in the man page. Run where ./sockdeck has been built.
 *
 *     bench_console [-q] [-r ROUNDS] [-t MS] [WORD...]
 *
 * -q is the quick form; words choose the rows that hold one of them. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/family.h"
#include "client.h"
#include "report.h"
#include "ring_pace.h"
#include "subject.h"

enum { FRAMES = 15, KIB = 1024 };

/* --- throughput ----------------------------------------------------------------------- */

struct pace {
    const char *title;
    int (*measure)(const struct client_order *order, struct client_result *result);
    const char *mode;
    int conns, workers;
    size_t size, recv_size;
    bool answers;
    struct goal goal;
    bool lens;                  /* of the console with `calls on`, beside one without */
};

#define TALK(mode, conns, workers) \
    { "64 B, " #conns " connections, " mode, client_talk, mode, conns, workers, 64, 1024, true, \
      { AT_LEAST, 0.90 }, false }
#define LENS(mode) \
    { "64 B, 16 connections, calls on, " mode, client_talk, mode, 16, 16, 64, 1024, true, \
      { AT_LEAST, 0.75 }, true }
#define STREAM(mode) \
    { "one way, recv=64k, " mode, client_stream, mode, 1, 3, 0, 65536, false, \
      { AT_LEAST, 0.90 }, false }
#define CHURN(mode, workers) \
    { "connections/s, " mode, client_churn, mode, 8, workers, 64, 1024, true, \
      { AT_LEAST, 0.85 }, false }

/* serial and prefork serve as many as they have threads and processes. */
static const struct pace paces[] = {
    TALK("serial", 1, 1),
    TALK("threads", 16, 1),
    TALK("fork", 16, 1),
    TALK("prefork", 16, 16),
    TALK("prefork-threads", 16, 3),
    TALK("epoll", 16, 1),
    TALK("threads", 256, 1),
    TALK("fork", 256, 1),
    TALK("prefork", 64, 64),
    TALK("prefork-threads", 256, 3),
    TALK("epoll", 256, 1),
    LENS("threads"),
    LENS("prefork"),
    LENS("epoll"),
    STREAM("serial"),
    STREAM("threads"),
    STREAM("fork"),
    STREAM("prefork"),
    STREAM("prefork-threads"),
    STREAM("epoll"),
    CHURN("serial", 1),
    CHURN("threads", 1),
    CHURN("fork", 1),
    CHURN("prefork", 3),
    CHURN("prefork-threads", 3),
    CHURN("epoll", 1),
};

static int
start_both(struct subject subjects[SUBJECT_KINDS], const struct subject_order *order)
{
    struct subject_order other = *order;
    int rc;

    other.lens = false;
    rc = subject_start(&subjects[SUBJECT_BARE], order->lens ? SUBJECT_DECK : SUBJECT_BARE, &other);
    if (rc != 0)
        return rc;
    rc = subject_start(&subjects[SUBJECT_DECK], SUBJECT_DECK, order);
    if (rc != 0)
        subject_stop(&subjects[SUBJECT_BARE]);
    return rc;
}

/* One round of both; every second one begins with the other. */
static int
measure_round(const struct plan *plan, const struct pace *pace,
              const struct subject subjects[SUBJECT_KINDS], int round,
              struct side rates[SUBJECT_KINDS], struct side p99s[SUBJECT_KINDS])
{
    static struct client_result result;
    int rc = 0;

    for (int i = 0; i < SUBJECT_KINDS && rc == 0; i++) {
        int kind = (i + round) % SUBJECT_KINDS;
        struct client_order order = {
            .port = subjects[kind].port,
            .source = (uint8_t)(2 + round),
            .conns = pace->conns,
            .size = pace->size,
            .warm_ns = plan->for_ns / 5,
            .for_ns = plan->for_ns,
        };

        rc = pace->measure(&order, &result);
        rates[kind].values[round] = result.per_s;
        p99s[kind].values[round] = (double)histogram_at(&result.times, 0.99) / NS_PER_US;
    }
    return rc;
}

static void
show_pace(struct plan *plan, const struct pace *pace, const struct side rates[SUBJECT_KINDS],
          const struct side p99s[SUBJECT_KINDS])
{
    const struct goal p99_goal = { AT_MOST, 1.25 };
    char title[64];

    report_ratio(plan, pace->title, rates, &pace->goal);
    if (pace->measure != client_talk || pace->lens)
        return;
    snprintf(title, sizeof(title), "%34s", "p99, us");
    report_ratio(plan, title, p99s, &p99_goal);
}

static void
measure_pace(struct plan *plan, const struct pace *pace)
{
    const struct subject_order order = {
        .mode = pace->mode,
        .workers = pace->workers,
        .recv_size = pace->recv_size,
        .answers = pace->answers,
        .lens = pace->lens,
    };
    struct side rates[SUBJECT_KINDS], p99s[SUBJECT_KINDS];
    struct subject subjects[SUBJECT_KINDS];
    int rc = start_both(subjects, &order);

    if (rc != 0) {
        report_failure(plan, pace->title, rc);
        return;
    }
    for (int round = 0; round < plan->rounds && rc == 0; round++)
        rc = measure_round(plan, pace, subjects, round, rates, p99s);
    subject_stop(&subjects[SUBJECT_BARE]);
    subject_stop(&subjects[SUBJECT_DECK]);
    if (rc != 0)
        report_failure(plan, pace->title, rc);
    else
        show_pace(plan, pace, rates, p99s);
}

/* --- memory ----------------------------------------------------------------------------- */

struct memory { const char *title, *mode; int conns; double goal_kib; };

static const struct memory memories[] = {
    { "KiB an idle connection, threads", "threads", 1000, 16 },
    { "KiB an idle connection, fork", "fork", 1000, 72 },
    { "KiB an idle connection, epoll", "epoll", 10000, 1 },
};

static int64_t
pss_of(pid_t root)
{
    struct family family;
    int64_t bytes;

    family_init(&family, root);
    bytes = family_look(&family) == 0 ? (int64_t)family.proportional_bytes : 0;
    family_fini(&family);
    return bytes;
}

/* Once nothing moves any more: two readings alike, a quarter of a second apart. */
static int64_t
settled_pss_of(pid_t root)
{
    int64_t last = -1, now = pss_of(root);

    for (int i = 0; i < 20 && (now > last ? now - last : last - now) > 64 * KIB; i++) {
        nanosleep(&(struct timespec){ .tv_nsec = 250 * NS_PER_MS }, NULL);
        last = now;
        now = pss_of(root);
    }
    return now;
}

/* What does not grow with the number of connections (the ring, buffers) is in use
 * before they are counted. */
static int
warm_up(uint16_t port)
{
    static struct client_result ignored;
    const struct client_order order = {
        .port = port, .conns = 16, .size = 64, .for_ns = 200 * NS_PER_MS,
    };

    return client_talk(&order, &ignored);
}

static int
measure_held(const struct memory *memory, enum subject_kind kind, double *kib)
{
    const struct subject_order how = {
        .mode = memory->mode, .workers = 1, .recv_size = 1024, .answers = true,
    };
    static int fds[CLIENT_CONNS_MAX];
    struct client_order order = { .conns = memory->conns };
    struct subject subject;
    int64_t before;
    int rc = subject_start(&subject, kind, &how);

    if (rc != 0)
        return rc;
    order.port = subject.port;
    rc = warm_up(subject.port);
    before = settled_pss_of(subject.pid);
    if (rc == 0)
        rc = client_hold(&order, fds);
    if (rc == 0) {
        *kib = (double)(settled_pss_of(subject.pid) - before) / memory->conns / KIB;
        client_release(fds, memory->conns);
    }
    subject_stop(&subject);
    return rc;
}

static void
measure_memory(struct plan *plan, const struct memory *memory)
{
    const struct goal goal = { AT_MOST, memory->goal_kib };
    double kib[SUBJECT_KINDS];
    int rc = measure_held(memory, SUBJECT_BARE, &kib[SUBJECT_BARE]);

    if (rc == 0)
        rc = measure_held(memory, SUBJECT_DECK, &kib[SUBJECT_DECK]);
    if (rc != 0) {
        report_failure(plan, memory->title, rc);
        return;
    }
    report_pair(plan, memory->title, kib, &goal);
}

/* --- the rest --------------------------------------------------------------------------- */

static void
measure_ring(struct plan *plan)
{
    const struct ring_run run = { .threads = 1, .events = 1000000 };
    const struct goal rate_goal = { AT_LEAST, 2e6 }, cost_goal = { AT_MOST, 150 };
    double rates[ROUNDS_MAX], costs[ROUNDS_MAX];

    for (int i = 0; i < plan->rounds; i++) {
        struct ring_pace pace;

        if (ring_pace_measure(&run, &pace) != 0) {
            report_failure(plan, "event path", -errno);
            return;
        }
        rates[i] = pace.events_per_s;
        costs[i] = pace.event_ns;
    }
    report_value(plan, "event path, events/s", rates, plan->rounds, &rate_goal);
    report_value(plan, "event path, ns/event", costs, plan->rounds, &cost_goal);
}

static void
measure_frame(struct plan *plan)
{
    const struct goal goal = { AT_MOST, 15 };
    double ms[FRAMES];

    for (int i = 0; i < FRAMES; i++) {
        int64_t took;
        int rc = subject_time_first_frame(&took);

        if (rc != 0) {
            report_failure(plan, "first frame, ms", rc);
            return;
        }
        ms[i] = (double)took / NS_PER_MS;
    }
    report_value(plan, "first frame, ms", ms, FRAMES, &goal);
}

/* Two seconds with connections open and nothing going on. */
static void
measure_idle(struct plan *plan)
{
    const struct subject_order how = {
        .mode = "threads", .workers = 1, .recv_size = 1024, .answers = true,
    };
    const struct goal goal = { AT_MOST, 0 };
    struct subject subject;
    struct family family;
    double switches;
    int fds[16];
    int rc = subject_start(&subject, SUBJECT_DECK, &how);

    if (rc == 0)
        rc = client_hold(&(struct client_order){ .port = subject.port, .conns = 16 }, fds);
    if (rc != 0) {
        report_failure(plan, "idle, wake-ups in 2 s", rc);
        return;
    }
    nanosleep(&(struct timespec){ .tv_sec = 3 }, NULL);
    family_init(&family, subject.pid);
    family_look(&family);
    switches = -(double)family.switches;
    nanosleep(&(struct timespec){ .tv_sec = 2 }, NULL);
    family_look(&family);
    switches += (double)family.switches;
    family_fini(&family);
    client_release(fds, 16);
    subject_stop(&subject);
    report_value(plan, "idle, wake-ups in 2 s", &switches, 1, &goal);
}

/* --- what is wanted --------------------------------------------------------------------- */

static bool
is_wanted(const struct plan *plan, const char *title)
{
    for (int i = 0; i < plan->n_words; i++)
        if (strstr(title, plan->words[i]) != NULL)
            return true;
    return plan->n_words == 0;
}

static void
measure_all(struct plan *plan)
{
    for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++)
        if (is_wanted(plan, paces[i].title))
            measure_pace(plan, &paces[i]);
    for (size_t i = 0; i < sizeof(memories) / sizeof(memories[0]); i++)
        if (is_wanted(plan, memories[i].title))
            measure_memory(plan, &memories[i]);
    if (is_wanted(plan, "event path"))
        measure_ring(plan);
    if (is_wanted(plan, "first frame"))
        measure_frame(plan);
    if (is_wanted(plan, "idle, wake-ups"))
        measure_idle(plan);
}

static bool
read_options(struct plan *plan, int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "qr:t:")) != -1) {
        if (option == 'q')
            *plan = (struct plan){ .rounds = 3, .for_ns = 150 * NS_PER_MS };
        else if (option == 'r')
            plan->rounds = atoi(optarg);
        else if (option == 't')
            plan->for_ns = atoi(optarg) * NS_PER_MS;
        else
            return false;
    }
    plan->words = argv + optind;
    plan->n_words = argc - optind;
    return plan->rounds >= 1 && plan->rounds <= ROUNDS_MAX && plan->for_ns > 0;
}

/* For 10,000 connections. */
static void
raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int
main(int argc, char **argv)
{
    struct plan plan = { .rounds = 7, .for_ns = 300 * NS_PER_MS };

    if (!read_options(&plan, argc, argv)) {
        fprintf(stderr, "usage: bench_console [-q] [-r ROUNDS] [-t MS] [WORD...]\n");
        return 2;
    }
    raise_descriptor_limit();
    report_head(&plan);
    measure_all(&plan);
    printf("%d goals missed\n", plan.n_missed);
    return 0;
}
