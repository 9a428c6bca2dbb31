/* test_counters.c - counters: the kernel's, from captured text and from this machine. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "loopback.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/net/counters.h"
#include "sockdeck/net/socket.h"

static int
place_of(const char *name)
{
    for (int i = 0; i < KERNEL_COUNTERS; i++)
        if (strcmp(kernel_counters[i].name, name) == 0)
            return i;
    fail_msg("%s is no counter", name);
    return 0;
}

static void
assert_counted(const struct kernel_counts *counts, const char *name, uint64_t count)
{
    assert_true(counts->is_known[place_of(name)]);
    assert_true(counts->count[place_of(name)] == count);
}

static void
every_counter_has_a_name_of_its_own_and_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < KERNEL_COUNTERS; i++) {
        assert_non_null(kernel_counters[i].name);
        assert_int_equal(place_of(kernel_counters[i].name), i);
        assert_true(strlen(kernel_counters[i].meaning) > 8);
    }
}

static void
reads_pairs_of_lines(void **state)
{
    struct kernel_counts counts = { .is_known = { false } };

    (void)state;
    kernel_counts_parse(&counts,
        "Ip: Forwarding DefaultTTL\nIp: 1 64\n"
        "Tcp: RtoAlgorithm MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets InSegs"
        " OutSegs RetransSegs InErrs OutRsts\n"
        "Tcp: 1 -1 11 12 13 14 15 16 17 18 18446744073709551615\n"
        "Udp: InDatagrams\nUdp: 5\n");
    kernel_counts_parse(&counts,
        "TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts Unheard\n"
        "TcpExt: 21 22 23 24 25\n"
        "IpExt: InNoRoutes\nIpExt: 3\n");
    assert_counted(&counts, "ActiveOpens", 11);
    assert_counted(&counts, "EstabResets", 14);
    assert_counted(&counts, "RetransSegs", 17);
    assert_counted(&counts, "OutRsts", UINT64_MAX);
    assert_counted(&counts, "ListenOverflows", 22);
    assert_counted(&counts, "ListenDrops", 23);
    assert_counted(&counts, "TCPTimeouts", 24);
    assert_false(counts.is_known[place_of("TCPKeepAlive")]);
}

static void
a_cut_or_strange_text_tells_nothing_wrong(void **state)
{
    static const char *const texts[] = {
        "", "\n", "Tcp:", "Tcp: ActiveOpens", "Tcp: ActiveOpens\n", "Tcp: ActiveOpens\nTcp:",
        "Tcp: ActiveOpens\nUdp: 5\n", "Tcp ActiveOpens\nTcp 5\n", "Tcp: ActiveOpens\n\n5",
        "ActiveOpens\n5\n", "Udp: ActiveOpens\nUdp: 5\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct kernel_counts counts = { .is_known = { false } };

        kernel_counts_parse(&counts, texts[i]);
        for (int n = 0; n < KERNEL_COUNTERS; n++)
            assert_false(counts.is_known[n]);
    }
}

static void
fewer_numbers_than_names_count_as_far_as_they_go(void **state)
{
    struct kernel_counts counts = { .is_known = { false } };

    (void)state;
    kernel_counts_parse(&counts, "Tcp: ActiveOpens PassiveOpens\nTcp: 5\n");
    assert_counted(&counts, "ActiveOpens", 5);
    assert_false(counts.is_known[place_of("PassiveOpens")]);
}

/* Other programs count into them too: they grow at least by what we did. */
static void
a_full_accept_queue_makes_its_counters_grow(void **state)
{
    int overflows = place_of("ListenOverflows"), drops = place_of("ListenDrops");
    struct kernel_counts before, after;
    struct address address = loopback_address("127.0.0.1", 0);
    int listener = loopback_listen(&address, 0);
    int first = loopback_dial(&address), second;
    int64_t deadline = clock_mono_ns() + PATIENCE_MS * NS_PER_MS;

    (void)state;
    kernel_counts_read(&before);
    if (!before.is_known[overflows])
        skip();
    second = loopback_start_dial(NULL, &address);
    do
        kernel_counts_read(&after);
    while (after.count[overflows] == before.count[overflows] && clock_mono_ns() < deadline);
    assert_true(after.count[overflows] > before.count[overflows]);
    assert_true(after.count[drops] > before.count[drops]);
    socket_close(NULL, second);
    socket_close(NULL, first);
    socket_close(NULL, listener);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_counter_has_a_name_of_its_own_and_a_sentence),
        cmocka_unit_test(reads_pairs_of_lines),
        cmocka_unit_test(a_cut_or_strange_text_tells_nothing_wrong),
        cmocka_unit_test(fewer_numbers_than_names_count_as_far_as_they_go),
        cmocka_unit_test(a_full_accept_queue_makes_its_counters_grow),
    };

    return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
