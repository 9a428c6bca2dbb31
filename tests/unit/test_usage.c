/* test_usage.c - what processes have cost, of real ones whose doings are known. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/usage.h"

enum { MIB = 1 << 20, WAITS = 50 };

/* A child that does its work, says so and then waits to be killed. */
static pid_t
start(void (*work)(void))
{
    int done[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(done), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        work();
        if (write(done[1], "", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(done[1]);
    assert_int_equal(read(done[0], &byte, 1), 1);
    close(done[0]);
    return pid;
}

static void
stop(pid_t pid)
{
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
do_nothing(void)
{
}

static void
spin(void)
{
    struct timespec spent;

    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    while (spent.tv_nsec < 30 * NS_PER_MS && spent.tv_sec == 0);
}

static void
wait_often(void)
{
    for (int i = 0; i < WAITS; i++)
        poll(NULL, 0, 1);
}

static void
touch_memory(void)
{
    char *memory = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    memset(memory, 1, 4 * MIB);
}

static void *
end_at_once(void *arg)
{
    spin();
    return arg;
}

static void *
stay(void *arg)
{
    pause();
    return arg;
}

static void
end_thread(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, end_at_once, NULL);
    pthread_join(thread, NULL);
}

static void
start_threads(void)
{
    pthread_t thread;

    end_thread();
    pthread_create(&thread, NULL, stay, NULL);
}

static struct usage
usage_of(void (*work)(void))
{
    pid_t pid = start(work);
    struct usage usage;

    assert_int_equal(usage_read(pid, &usage), 0);
    stop(pid);
    return usage;
}

static void
counts_the_cpu_time_that_was_spent(void **state)
{
    (void)state;
    assert_true(usage_of(spin).cpu_ns >= 30 * NS_PER_MS);
    assert_true(usage_of(do_nothing).cpu_ns < 30 * NS_PER_MS);
}

static void
counts_each_wait_as_a_voluntary_switch(void **state)
{
    (void)state;
    assert_true(usage_of(wait_often).voluntary >= WAITS);
    assert_true(usage_of(do_nothing).voluntary < WAITS);
}

static void
tells_own_memory_from_shared(void **state)
{
    struct usage plain = usage_of(do_nothing), large = usage_of(touch_memory);

    (void)state;
    assert_true(large.private_bytes >= plain.private_bytes + 3 * MIB);
    assert_true(plain.shared_bytes > 0);
    assert_true(plain.proportional_bytes > 0);
    assert_true(plain.proportional_bytes < plain.private_bytes + plain.shared_bytes);
}

static void
counts_threads_that_live_and_the_time_of_those_that_ended(void **state)
{
    /* A child that starts a thread has a second one of ThreadSanitizer. */
    const uint32_t own = 1 + 2 * SANITIZER_THREADS;
    int64_t until = clock_mono_ns() + 5 * NS_PER_S;
    pid_t ended = start(end_thread), staying = start(start_threads);
    struct usage without, usage;

    (void)state;
    do {    /* a joined thread leaves /proc a little later */
        assert_int_equal(usage_read(ended, &without), 0);
        assert_int_equal(usage_read(staying, &usage), 0);
    } while ((without.threads != own || usage.threads != own + 1) && clock_mono_ns() < until);
    stop(ended);
    stop(staying);
    assert_int_equal(without.threads, own);
    assert_int_equal(usage.threads, own + 1);
    assert_true(usage.cpu_ns >= 30 * NS_PER_MS);
}

static void
a_process_that_has_ended_has_no_usage(void **state)
{
    pid_t pid = start(do_nothing);
    struct usage usage;

    (void)state;
    stop(pid);
    assert_int_equal(usage_read(pid, &usage), -ESRCH);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_cpu_time_that_was_spent),
        cmocka_unit_test(counts_each_wait_as_a_voluntary_switch),
        cmocka_unit_test(tells_own_memory_from_shared),
        cmocka_unit_test(counts_threads_that_live_and_the_time_of_those_that_ended),
        cmocka_unit_test(a_process_that_has_ended_has_no_usage),
    };

    return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
