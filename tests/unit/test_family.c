/* test_family.c - a family of real processes, weighed. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/family.h"

static void
burn(int64_t ns)
{
    int64_t until = clock_mono_ns() + ns;

    while (clock_mono_ns() < until)
        ;
}

static void
children_and_their_children_belong_to_it(void **state)
{
    struct family family;
    char byte;
    int fds[2];
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(fds), 0);
    family_init(&family, getpid());
    assert_int_equal(family_look(&family), 0);
    assert_int_equal(family.processes, 1);
    assert_true(family.threads >= 1);
    assert_true(family.proportional_bytes > 0);
    pid = fork();
    if (pid == 0) {
        pid_t parent = getpid();
        pid_t child = fork();

        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent)
                _exit(0);
        } else {
            (void)!write(fds[1], "x", 1);
        }
        pause();
    }
    assert_int_equal(read(fds[0], &byte, 1), 1);
    assert_int_equal(family_look(&family), 0);
    assert_int_equal(family.processes, 3);
    family_fini(&family);
    family_init(&family, pid);
    assert_int_equal(family_look(&family), 0);
    assert_int_equal(family.processes, 2);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    family_fini(&family);
    close(fds[0]);
    close(fds[1]);
}

static void
what_an_ended_child_has_cost_stays_in_the_sum(void **state)
{
    struct family family;
    int64_t before;
    pid_t pid;

    (void)state;
    family_init(&family, getpid());
    family_look(&family);
    before = family.cpu_ns;
    pid = fork();
    if (pid == 0) {
        struct timespec now;

        do {
            burn(NS_PER_MS);
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        } while (now.tv_nsec < 60 * NS_PER_MS && now.tv_sec == 0);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    family_look(&family);
    assert_int_equal(family.processes, 1);
    assert_true(family.cpu_ns - before >= 40 * NS_PER_MS);
    family_fini(&family);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_and_their_children_belong_to_it),
        cmocka_unit_test(what_an_ended_child_has_cost_stays_in_the_sum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
