/* test_idle.c - waiting costs nothing, in any mode. */
#include "config.h"

#include "test.h"

#include <sys/socket.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

/* Until a while has passed in which nobody woke. */
static long
settled_switches(pid_t pid)
{
    int64_t until = clock_mono_ns() + 10 * NS_PER_S;
    long before, now = family_switches(pid);

    do {
        assert_true(clock_mono_ns() < until);
        before = now;
        usleep(200000);
        now = family_switches(pid);
    } while (now != before);
    return now;
}

static void
nobody_wakes_while_nothing_happens(void **state)
{
    struct stage *s = *state;
    int conn, fd;
    long before;
    char buf[2];

#if defined(__SANITIZE_THREAD__)
    skip();                     /* its runtime has a thread that wakes up */
#endif
    each_mode_listen(s, "handler=echo read-timeout=1h");
    fd = each_mode_connect(s, &conn);
    assert_int_equal(send(fd, "hi", 2, 0), 2);
    assert_true(fixture_read(fd, buf, 2));
    before = settled_switches(s->batch.process.pid);
    usleep(3000000);
    assert_int_equal(family_switches(s->batch.process.pid), before);
    close(fd);
    stage_quit(s, 0);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        EACH_MODE(nobody_wakes_while_nothing_happens),
    };

    return each_mode_run("idle", suite, sizeof(suite) / sizeof(suite[0]));
}
