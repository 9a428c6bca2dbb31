/* test_process.c - what a process of ours does to itself. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockdeck/serve/host.h"
#include "sockdeck/serve/process.h"

/* Runs body in a child; its exit status. */
static int
in_child(int (*body)(void))
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(body());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int
keep_two(void)
{
    const int keep[] = { 9, -1, 5 };

    for (int fd = 3; fd < 20; fd++)
        if (dup2(STDERR_FILENO, fd) != fd)
            return 2;
    process_keep_descriptors(keep, 3);
    for (int fd = 3; fd < 20; fd++)
        if ((fcntl(fd, F_GETFD) != -1) != (fd == 5 || fd == 9))
            return 3;
    return fcntl(STDERR_FILENO, F_GETFD) != -1 ? 0 : 4;
}

static void
closes_all_descriptors_but_its_own(void **state)
{
    (void)state;
    assert_int_equal(in_child(keep_two), 0);
}

static int
be_interrupted(void)
{
    process_block_signals();
    process_catch_stop_signal();
    process_allow_stop_signal();
    if (fork() == 0) {
        /* Again and again: the first may come before the poll. */
        for (int i = 0; i < 500; i++) {
            kill(getppid(), HOST_STOP_SIGNAL);
            poll(NULL, 0, 10);
        }
        _exit(0);
    }
    return poll(NULL, 0, 5000) == -1 ? 0 : 5;
}

static void
the_stop_signal_interrupts_a_blocked_call_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(in_child(be_interrupted), 0);
}

static int
leave_an_orphan(void)
{
    pid_t parent = getpid();
    int ends[2];
    char byte;

    if (pipe(ends) != 0)
        return 6;
    if (fork() == 0) {
        close(ends[0]);
        process_die_with(parent + 1);   /* not its parent: that has died already */
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    close(ends[1]);
    return read(ends[0], &byte, 1) == 0 ? 0 : 7;
}

static void
one_whose_parent_has_died_leaves_at_once(void **state)
{
    (void)state;
    assert_int_equal(in_child(leave_an_orphan), 0);
}

static int
name_itself(void)
{
    char name[16];

    process_name_thread("L%u/%s", 12u, "prefork-threads");
    prctl(PR_GET_NAME, name);
    return strcmp(name, "L12/prefork-thr") == 0 ? 0 : 8;
}

static void
a_name_is_cut_to_what_the_kernel_keeps(void **state)
{
    (void)state;
    assert_int_equal(in_child(name_itself), 0);
}

static void
a_title_does_not_leave_its_area(void **state)
{
    char area[16] = "0123456789abcde";
    const struct process_title title = { .area = area, .size = 10 };
    const struct process_title none = { 0 };

    (void)state;
    process_title_set(&title, "%s", "much too long a title");
    assert_string_equal(area, "much too ");
    assert_int_equal(area[10], 'a');
    process_title_set(&title, "ab");
    assert_memory_equal(area, "ab\0\0\0\0\0\0\0\0a", 11);
    process_title_set(&none, "nothing");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_all_descriptors_but_its_own),
        cmocka_unit_test(the_stop_signal_interrupts_a_blocked_call_and_nothing_else),
        cmocka_unit_test(one_whose_parent_has_died_leaves_at_once),
        cmocka_unit_test(a_name_is_cut_to_what_the_kernel_keeps),
        cmocka_unit_test(a_title_does_not_leave_its_area),
    };

    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
