/* test_ring_processes.c - ring: producers that are processes, and that are killed
 * or stopped at any instant. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"

#include "records.h"

enum {
    LARGE = 16384,
    DEADLINE_MS = 10000,
    ENDLESS = 10000000,         /* records: more than is ever read of one that is killed */
};

/* What a producing process has done, told through memory, not through its ring. */
struct progress {
    _Atomic uint64_t started, published;    /* records */
    _Atomic int64_t slowest_ns;             /* the longest that publishing one took */
};

struct fixture {
    struct arena *arena;
    struct progress *progress;              /* one for each producer */
};

static void *
share_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory != MAP_FAILED ? memory : NULL;
}

static int
open_arena(void **state)
{
    static struct fixture f;

    f.progress = share_memory(RECORD_PRODUCERS * sizeof(struct progress));
    if (f.progress == NULL || arena_open(&f.arena, LARGE, NULL) != 0)
        return -1;
    *state = &f;
    return 0;
}

static int
close_arena(void **state)
{
    struct fixture *f = *state;

    munmap(f->progress, RECORD_PRODUCERS * sizeof(struct progress));
    arena_close(f->arena);
    return 0;
}

static void
publish_and_tell(struct ring_writer *w, struct progress *progress, enum event_type type,
                 uint32_t producer, uint64_t number)
{
    const int64_t start_ns = clock_mono_ns();
    int64_t took_ns;

    atomic_store(&progress->started, number + 1);
    records_publish(w, type, producer, number, RING_WAIT);
    atomic_store(&progress->published, number + 1);
    took_ns = clock_mono_ns() - start_ns;
    if (took_ns > atomic_load(&progress->slowest_ns))
        atomic_store(&progress->slowest_ns, took_ns);
}

/* A process that publishes count numbered records of type on ring. */
static pid_t
start_producer(struct fixture *f, struct ring *ring, uint32_t producer, enum event_type type,
               uint64_t count)
{
    struct ring_writer writer;
    const pid_t pid = fork();

    if (pid != 0)
        return pid;
    ring_writer_init(&writer, f->arena, ring);
    for (uint64_t number = 0; number < count; number++)
        publish_and_tell(&writer, &f->progress[producer], type, producer, number);
    _exit(0);
}

static void
reap(pid_t pid)
{
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
reads_every_record_of_every_process(void **state)
{
    struct fixture *f = *state;
    struct records records = { 0 };
    pid_t pids[6];

    for (uint32_t i = 0; i < 6; i++) {
        struct ring *ring = arena_take_ring(f->arena, i % 2 ? RING_SMALL : RING_LARGE);

        pids[i] = start_producer(f, ring, i, EVENT_RECEIVED, 5000);
        assert_int_not_equal(pids[i], -1);
    }
    for (uint32_t i = 0; i < 6; i++)
        assert_true(records_collect(f->arena, &records, i, 5000));
    for (uint32_t i = 0; i < 6; i++) {
        reap(pids[i]);
        /* A missed wake-up would have been slept out: a second. */
        assert_true(atomic_load(&f->progress[i].slowest_ns) < 900 * NS_PER_MS);
    }
    assert_false(records.is_damaged);
    assert_int_equal(records.left_out, 0);
}

/* Kills it once number of its records have been read: it goes on meanwhile. */
static void
kill_a_producer_under_load(struct fixture *f, uint64_t number)
{
    struct ring *ring = arena_take_ring(f->arena, RING_LARGE);
    struct records records = { 0 };
    struct progress *progress = &f->progress[1];
    uint64_t published;
    pid_t pid;

    atomic_store(&progress->started, 0);
    atomic_store(&progress->published, 0);
    pid = start_producer(f, ring, 1, EVENT_TABLE, ENDLESS);
    assert_int_not_equal(pid, -1);
    assert_true(records_collect(f->arena, &records, 1, number));
    kill(pid, SIGKILL);
    reap(pid);
    ring_set_dead(ring);
    arena_drain(f->arena, clock_mono_ns(), records_check, &records);

    published = atomic_load(&progress->published);
    assert_false(records.is_damaged);
    assert_in_range(records.next[1], published, atomic_load(&progress->started));
    ring_release(f->arena, ring);
}

static void
a_producer_killed_at_any_instant_leaves_only_whole_records(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 7;

    for (int i = 0; i < 200; i++) {
        seed = seed * 1103515245 + 12345;
        kill_a_producer_under_load(f, (seed >> 16) % 1000);
    }
}

/* 'S' in /proc/PID/stat. A producer sleeps only when it waits for room. */
static bool
is_asleep(pid_t pid)
{
    char path[64], state = '?';
    FILE *stat;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    stat = fopen(path, "r");
    if (stat == NULL)
        return false;
    if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
        state = '?';
    fclose(stat);
    return state == 'S';
}

static void
a_producer_killed_while_it_waits_for_room_is_drained(void **state)
{
    struct fixture *f = *state;
    const int64_t deadline_ns = clock_mono_ns() + DEADLINE_MS * NS_PER_MS;
    struct ring *ring = arena_take_ring(f->arena, RING_SMALL);
    const pid_t pid = start_producer(f, ring, 2, EVENT_TABLE, ENDLESS);
    struct records records = { 0 };

    assert_int_not_equal(pid, -1);
    while (!is_asleep(pid))
        assert_true(clock_mono_ns() < deadline_ns);
    kill(pid, SIGKILL);
    reap(pid);
    arena_set_dead_by_pid(f->arena, pid);
    assert_int_equal(ring_state(ring), RING_DEAD);
    arena_drain(f->arena, clock_mono_ns(), records_check, &records);
    assert_false(records.is_damaged);
    assert_int_equal(records.next[2], atomic_load(&f->progress[2].published));
    assert_true(ring_is_drained(ring));
    ring_release(f->arena, ring);
}

static void
a_stopped_producer_holds_up_nobody(void **state)
{
    struct fixture *f = *state;
    struct records records = { 0 };
    struct ring *stopped = arena_take_ring(f->arena, RING_LARGE);
    struct ring *going = arena_take_ring(f->arena, RING_LARGE);
    pid_t pids[2];

    pids[0] = start_producer(f, stopped, 0, EVENT_TABLE, ENDLESS);
    assert_true(records_collect(f->arena, &records, 0, 500));
    kill(pids[0], SIGSTOP);
    pids[1] = start_producer(f, going, 1, EVENT_TABLE, 5000);
    assert_true(records_collect(f->arena, &records, 1, 5000));
    reap(pids[1]);

    kill(pids[0], SIGCONT);
    assert_true(records_collect(f->arena, &records, 0, records.next[0] + 500));
    kill(pids[0], SIGKILL);
    reap(pids[0]);
    assert_false(records.is_damaged);
}

enum { ECHOES = 5000, ECHO_PROCESSES = 2 };

/* Publishes one record, then waits until the collector has seen it. */
static pid_t
start_echo(struct fixture *f, struct ring *ring, uint32_t producer, int acks)
{
    struct ring_writer writer;
    const pid_t pid = fork();
    char ack;

    if (pid != 0)
        return pid;
    ring_writer_init(&writer, f->arena, ring);
    for (uint64_t number = 0; number < ECHOES; number++) {
        records_publish(&writer, EVENT_PING, producer, number, RING_WAIT);
        if (read(acks, &ack, 1) != 1)
            _exit(1);
    }
    _exit(0);
}

static void
no_wake_up_is_lost_between_processes(void **state)
{
    struct fixture *f = *state;
    struct records records = { 0 };
    int acks[ECHO_PROCESSES][2];
    pid_t pids[ECHO_PROCESSES];

    for (uint32_t i = 0; i < ECHO_PROCESSES; i++) {
        assert_int_equal(pipe(acks[i]), 0);
        pids[i] = start_echo(f, arena_take_ring(f->arena, RING_SMALL), i, acks[i][0]);
        assert_int_not_equal(pids[i], -1);
    }
    for (uint64_t number = 0; number < ECHOES; number++)
        for (uint32_t i = 0; i < ECHO_PROCESSES; i++) {
            assert_true(records_collect(f->arena, &records, i, number + 1));
            assert_int_equal(write(acks[i][1], "", 1), 1);
        }
    for (uint32_t i = 0; i < ECHO_PROCESSES; i++) {
        reap(pids[i]);
        close(acks[i][0]);
        close(acks[i][1]);
    }
    assert_false(records.is_damaged);
}

/* A console that never drains: its child fills a ring and then waits for room. */
static void
be_a_console_that_dies(struct fixture *f, int lives)
{
    struct arena *arena;
    struct ring *ring;

    if (arena_open(&arena, LARGE, NULL) != 0)
        _exit(1);
    f->arena = arena;
    ring = arena_take_ring(arena, RING_SMALL);
    if (start_producer(f, ring, 4, EVENT_WORKER, 1000) == -1)
        _exit(1);
    close(lives);
    pause();
}

static void
nobody_waits_for_a_console_that_was_killed(void **state)
{
    struct fixture *f = *state;
    struct pollfd pfd = { .events = POLLIN };
    int lives[2];
    pid_t console;
    int64_t deadline_ns = clock_mono_ns() + DEADLINE_MS * NS_PER_MS;

    assert_int_equal(pipe(lives), 0);
    console = fork();
    assert_int_not_equal(console, -1);
    if (console == 0)
        be_a_console_that_dies(f, lives[1]);
    close(lives[1]);
    while (atomic_load(&f->progress[4].started) < 10)
        assert_true(clock_mono_ns() < deadline_ns);

    /* The waiting process holds the only writing end: its end is the pipe's. */
    kill(console, SIGKILL);
    pfd.fd = lives[0];
    assert_int_equal(poll(&pfd, 1, DEADLINE_MS), 1);
    assert_true(pfd.revents & POLLHUP);
    reap(console);
    close(lives[0]);
}

int
main(void)
{
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(reads_every_record_of_every_process),
        WITH_ARENA(a_producer_killed_at_any_instant_leaves_only_whole_records),
        WITH_ARENA(a_producer_killed_while_it_waits_for_room_is_drained),
        WITH_ARENA(a_stopped_producer_holds_up_nobody),
        WITH_ARENA(no_wake_up_is_lost_between_processes),
        WITH_ARENA(nobody_waits_for_a_console_that_was_killed),
    };

    return cmocka_run_group_tests_name("ring between processes", tests, NULL, NULL);
}
