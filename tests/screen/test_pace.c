/* test_pace.c - how often the screen's thread wakes up while messages pour in. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "screen_stage.h"
#include "sockdeck/base/clock.h"

/* 5 frames a second, each with its deadline, the word that there is something new, and
 * now and then a wait for the model's lock. */
enum { WAKE_UPS_A_SECOND = 40, POURED_FOR_S = 2 };

/* Voluntary context switches of the thread that draws. */
static long
count_wake_ups(pid_t pid)
{
    char path[64], line[256];
    long n = -1;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, pid);
    file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
            break;
    fclose(file);
    return n;
}

/* Lines of 32 bytes, each of which recv=32 makes a message. */
static void
pour(struct screen_stage *s, int fd, int64_t until_ns)
{
    static char lines[32 * 512];

    for (size_t i = 0; i < sizeof(lines); i++)
        lines[i] = i % 32 == 31 ? '\n' : 'x';
    while (clock_mono_ns() < until_ns) {
        assert_int_equal(send(fd, lines, sizeof(lines), MSG_NOSIGNAL), sizeof(lines));
        assert_true(pty_screen_has(s->pty, "open"));        /* reads what was drawn */
    }
}

static void
under_load_it_wakes_up_for_its_frames_only(void **state)
{
    struct screen_stage *s = *state;
    int64_t begun_ns;
    long before, woken;
    int fd;

    screen_stage_start(s, 40, 120);
    fd = screen_stage_peer(s, "handler=print recv=32");
    begun_ns = clock_mono_ns();
    before = count_wake_ups(pty_screen_pid(s->pty));
    pour(s, fd, begun_ns + POURED_FOR_S * NS_PER_S);
    woken = count_wake_ups(pty_screen_pid(s->pty)) - before;
    assert_in_range(woken * NS_PER_S / (clock_mono_ns() - begun_ns), 1, WAKE_UPS_A_SECOND);
    close(fd);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(under_load_it_wakes_up_for_its_frames_only),
    };

    return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
