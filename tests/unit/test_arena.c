/* test_arena.c - ring: rings handed out and taken back, and what their memory costs. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/event/ring.h"

enum { LARGE = 16384 };

struct fixture {
    struct arena *arena;
    struct ring *ring;
    struct ring_writer writer;
};

struct visits {
    int64_t last_stamp_ns;
    const struct event *last;
};

static int
open_arena(void **state)
{
    static struct fixture f;

    if (arena_open(&f.arena, LARGE, NULL) != 0)
        return -1;
    f.ring = arena_take_ring(f.arena, RING_LARGE);
    ring_writer_init(&f.writer, f.arena, f.ring);
    *state = &f;
    return 0;
}

static int
close_arena(void **state)
{
    struct fixture *f = *state;

    pthread_mutex_destroy(&f->writer.mutex);
    arena_close(f->arena);
    return 0;
}

static void
note(void *ctx, struct ring *ring, const struct event *event)
{
    struct visits *visits = ctx;

    (void)ring;
    visits->last = event;
    visits->last_stamp_ns = event->stamp_ns;
}

static void
publish(struct ring_writer *w, int64_t stamp_ns)
{
    struct event event = { .type = EVENT_CLOSED, .conn = 1, .stamp_ns = stamp_ns };

    ring_publish(w, &event, NULL, 0, RING_WAIT);
}

static void
refuses_a_size_that_is_no_power_of_two(void **state)
{
    struct arena *arena;
    struct error err;

    (void)state;
    assert_int_equal(arena_open(&arena, 5000, &err), -EINVAL);
    assert_string_equal(err.text, "a ring of 5000 bytes: not a power of two");
    assert_int_equal(arena_open(&arena, 512, NULL), -EINVAL);
}

static void
counts_connections_from_one(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(arena_next_conn(f->arena), 1);
    assert_int_equal(arena_next_conn(f->arena), 2);
}

static void
says_when_no_ring_of_a_class_is_free(void **state)
{
    struct fixture *f = *state;

    for (int i = 1; i < RING_LARGE_COUNT; i++)
        assert_non_null(arena_take_ring(f->arena, RING_LARGE));
    assert_null(arena_take_ring(f->arena, RING_LARGE));
    for (uint32_t i = 0; i < RING_SMALL_COUNT; i++)
        assert_int_equal(ring_index(f->arena, arena_take_ring(f->arena, RING_SMALL)),
                         RING_LARGE_COUNT + i);
    assert_null(arena_take_ring(f->arena, RING_SMALL));
}

static void
a_dead_ring_is_drained_released_and_used_again(void **state)
{
    struct fixture *f = *state;
    const uint32_t index = ring_index(f->arena, f->ring);
    struct visits visits = { 0 };

    atomic_store(&arena_host_flags(f->arena, index)->retired, 1);
    atomic_store(&arena_host_flags(f->arena, index)->posted, 7);
    publish(&f->writer, 1);
    ring_set_dead(f->ring);
    assert_int_equal(ring_state(f->ring), RING_DEAD);
    assert_false(ring_is_drained(f->ring));
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), note, &visits), 1);
    assert_true(ring_is_drained(f->ring));

    ring_release(f->arena, f->ring);
    assert_int_equal(ring_state(f->ring), RING_FREE);
    assert_int_equal(arena_host_flags(f->arena, index)->retired, 0);
    assert_int_equal(arena_host_flags(f->arena, index)->posted, 0);
    ring_set_dead(f->ring);
    assert_int_equal(ring_state(f->ring), RING_FREE);

    assert_ptr_equal(arena_take_ring(f->arena, RING_LARGE), f->ring);
    assert_int_equal(ring_state(f->ring), RING_LIVE);
    publish(&f->writer, 2);
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), note, &visits), 1);
    assert_int_equal(visits.last_stamp_ns, 2);
}

static void
release(void *ctx, struct ring *ring)
{
    struct fixture *f = ctx;

    assert_ptr_equal(ring, f->ring);
    ring_release(f->arena, ring);
    f->ring = NULL;
}

static void
finds_the_rings_that_can_be_released(void **state)
{
    struct fixture *f = *state;
    struct ring *ring = f->ring;
    struct visits visits;

    assert_non_null(arena_take_ring(f->arena, RING_SMALL));
    publish(&f->writer, 1);
    arena_each_dead(f->arena, release, f);
    ring_set_dead(ring);
    arena_each_dead(f->arena, release, f);
    assert_ptr_equal(f->ring, ring);        /* dead, and not yet drained */

    arena_drain(f->arena, clock_mono_ns(), note, &visits);
    arena_each_dead(f->arena, release, f);
    assert_null(f->ring);
    assert_int_equal(ring_state(ring), RING_FREE);
}

static void
a_released_ring_gives_its_memory_back(void **state)
{
    struct fixture *f = *state;
    struct visits visits = { 0 };
    unsigned char pages[LARGE / 4096];
    void *data;

    publish(&f->writer, 1);
    arena_drain(f->arena, clock_mono_ns(), note, &visits);
    data = (void *)(uintptr_t)visits.last;
    if (mincore(data, sizeof(pages) * 4096, pages) != 0)
        skip();                             /* its pages are not 4 KiB */
    assert_int_equal(pages[0] & 1, 1);

    ring_set_dead(f->ring);
    ring_release(f->arena, f->ring);
    assert_int_equal(mincore(data, sizeof(pages) * 4096, pages), 0);
    assert_int_equal(pages[0] & 1, 0);
}

/* Shared memory of this process that is resident. */
static long
shared_kib(void)
{
    char line[128];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");

    while (status != NULL && fgets(line, sizeof(line), status) != NULL)
        if (sscanf(line, "RssShmem: %ld", &kib) == 1)
            break;
    if (status != NULL)
        fclose(status);
    return kib;
}

static void
unused_rings_cost_no_memory_in_a_round(void **state)
{
    const long before = shared_kib();
    struct arena *arena;

    (void)state;
    assert_int_equal(arena_open(&arena, 0, NULL), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(arena_drain(arena, clock_mono_ns(), note, NULL), 0);
        assert_true(arena_prepare_sleep(arena));
        arena_wake_up(arena);
    }
    assert_in_range(shared_kib() - before, 0, 64);
    arena_close(arena);
}

/* Whether a process whose files may have 4 KiB at most can use an arena. */
static bool
works_under_a_file_size_limit(void)
{
    const struct rlimit limit = { .rlim_cur = 4096, .rlim_max = 4096 };
    struct ring_writer writer;
    struct visits visits;
    struct arena *arena;

    if (setrlimit(RLIMIT_FSIZE, &limit) == -1 || arena_open(&arena, LARGE, NULL) != 0)
        return false;
    ring_writer_init(&writer, arena, arena_take_ring(arena, RING_SMALL));
    publish(&writer, 5);
    return arena_drain(arena, clock_mono_ns(), note, &visits) == 1 && visits.last_stamp_ns == 5;
}

static void
a_limit_on_file_sizes_does_not_matter(void **state)
{
    const pid_t pid = fork();
    int status;

    (void)state;
    assert_int_not_equal(pid, -1);
    if (pid == 0)
        _exit(works_under_a_file_size_limit() ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Takes every ring it can and marks each in the shared tally. */
static void
take_rings(struct arena *arena, _Atomic uint32_t *tally)
{
    for (int class = RING_LARGE; class <= RING_SMALL; class++) {
        struct ring *ring;

        while ((ring = arena_take_ring(arena, (enum ring_class)class)) != NULL)
            atomic_fetch_add(&tally[ring_index(arena, ring)], 1);
    }
}

static void
no_two_processes_get_the_same_ring(void **state)
{
    struct fixture *f = *state;
    const size_t bytes = RING_COUNT * sizeof(uint32_t);
    _Atomic uint32_t *tally = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pids[3];

    assert_ptr_not_equal(tally, MAP_FAILED);
    for (int i = 0; i < 3; i++) {
        pids[i] = fork();
        assert_int_not_equal(pids[i], -1);
        if (pids[i] == 0) {
            take_rings(f->arena, tally);
            _exit(0);
        }
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
    for (uint32_t i = 0; i < RING_COUNT; i++)
        assert_int_equal(tally[i], i == ring_index(f->arena, f->ring) ? 0 : 1);
    munmap(tally, bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_size_that_is_no_power_of_two),
        cmocka_unit_test_setup_teardown(counts_connections_from_one, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(says_when_no_ring_of_a_class_is_free,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_dead_ring_is_drained_released_and_used_again,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(finds_the_rings_that_can_be_released,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_released_ring_gives_its_memory_back,
                                        open_arena, close_arena),
        cmocka_unit_test(unused_rings_cost_no_memory_in_a_round),
        cmocka_unit_test(a_limit_on_file_sizes_does_not_matter),
        cmocka_unit_test_setup_teardown(no_two_processes_get_the_same_ring,
                                        open_arena, close_arena),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
