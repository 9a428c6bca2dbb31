/* test_memory.c - R3 of the ledger, on the real program in each mode: without memory to
 * receive into, that connection drops and says so, and all others go on. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"

enum { FAMILY_MAX = 64, KIB = 1024, MIB = 1024 * KIB };

static rlim_t
mapped_bytes(pid_t pid)
{
    char path[64];
    unsigned long long pages = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/statm", pid);
    file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%llu", &pages), 1);
    fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Each process may have so much more; RLIM_INFINITY: whatever it likes. */
static void
limit_memory(pid_t pid, rlim_t more)
{
    pid_t list[FAMILY_MAX];
    int n = family_list(pid, list, FAMILY_MAX);

    for (int i = 0; i < n; i++) {
        struct rlimit limit;

        assert_int_equal(prlimit(list[i], RLIMIT_AS, NULL, &limit), 0);
        limit.rlim_cur = more == RLIM_INFINITY ? limit.rlim_max : mapped_bytes(list[i]) + more;
        assert_int_equal(prlimit(list[i], RLIMIT_AS, &limit, NULL), 0);
    }
}

/* One arena, so that what is asked for is got from the kernel and not from address space
 * that an arena has set aside. */
static void
start(struct stage *s)
{
    setenv("MALLOC_ARENA_MAX", "1", 1);
    batch_start(&s->batch, NULL);
    unsetenv("MALLOC_ARENA_MAX");
}

static void
expect_echo(int fd)
{
    char answer[2];

    assert_int_equal(send(fd, "hi", 2, MSG_NOSIGNAL), 2);
    assert_true(fixture_read(fd, answer, 2));
}

static void
without_memory_one_connection_drops_and_the_others_go_on(void **state)
{
    struct stage *s = *state;
    /* What a child receives into is made, if it can be, before it is forked. */
    const bool is_made_early = each_mode_of(s)->each_starts == CALL_FORK;
    int greedy, modest, conn, other;
    json_t *error, *closed;
    char byte;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();                     /* what they allocate themselves would end the program */
#endif
    start(s);
    each_mode_listen(s, "handler=echo recv=64");
    modest = each_mode_connect(s, &other);
    each_mode_listen(s, "handler=echo recv=1M");
    if (is_made_early)
        limit_memory(s->batch.process.pid, MIB / 2);
    greedy = each_mode_connect(s, &conn);
    expect_echo(modest);

    if (!is_made_early)
        limit_memory(s->batch.process.pid, MIB / 2);
    assert_int_equal(send(greedy, "hi", 2, MSG_NOSIGNAL), 2);
    error = batch_event(&s->batch, "error", conn);
    closed = batch_event(&s->batch, "closed", conn);
    assert_event_string(error, "errno", "ENOMEM");
    assert_event_string(closed, "by", "error");
    assert_true(recv(greedy, &byte, 1, 0) <= 0);        /* its client is told, too */
    expect_echo(modest);
    assert_int_equal(batch_count(&s->batch, "closed", other), 0);

    limit_memory(s->batch.process.pid, RLIM_INFINITY);
    close(greedy);
    greedy = each_mode_connect(s, &conn);
    expect_echo(greedy);
    close(greedy);
    close(modest);
    stage_quit(s, 0);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        EACH_MODE(without_memory_one_connection_drops_and_the_others_go_on),
    };

    return each_mode_run("memory", suite, sizeof(suite) / sizeof(suite[0]));
}
