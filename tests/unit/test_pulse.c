/* test_pulse.c - what is measured of connections in sight, over real sockets. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "loopback.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/ui/pulse.h"

#define PERIOD (500 * NS_PER_MS)

struct fixture {
    struct pulses pulses;
    struct connection row;
    int64_t now_ns;
};

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    pulses_init(&f->pulses);
    f->row = (struct connection) { .id = 7, .state = CONN_OPEN, .rtt_ns = -1 };
    f->now_ns = 1000 * NS_PER_S;
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    free(*state);
    return 0;
}

static const struct pulse *
look(struct fixture *f, int64_t later_ns)
{
    f->now_ns += later_ns;
    pulses_update(&f->pulses, &f->row, 1, f->now_ns, PERIOD);
    return pulses_of(&f->pulses, f->row.id);
}

static void
a_rate_is_bytes_over_the_time_between_two_looks(void **state)
{
    struct fixture *f = *state;
    const struct pulse *pulse = look(f, 0);

    assert_non_null(pulse);
    f->row.in += 1000;
    look(f, PERIOD / 10);               /* too early */
    assert_true(pulse->past[PULSE_PAST - 1] == 0.0);
    look(f, PERIOD - PERIOD / 10);
    assert_true(pulse->past[PULSE_PAST - 1] == 2000.0);
    f->row.out += 500;
    look(f, PERIOD);
    assert_true(pulse->past[PULSE_PAST - 1] == 1000.0);
    assert_true(pulse->past[PULSE_PAST - 2] == 2000.0);
}

static void
what_is_quiet_is_not_looked_at(void **state)
{
    struct fixture *f = *state;

    look(f, 0);
    assert_int_equal(f->pulses.next_ns, CLOCK_NEVER);
    f->row.in += 10;
    look(f, 100 * NS_PER_S);
    assert_int_equal(f->pulses.next_ns, f->now_ns + PERIOD);
    for (int i = 0; i < PULSE_PAST; i++)
        look(f, PERIOD);
    assert_int_equal(f->pulses.next_ns, CLOCK_NEVER);
}

static void
a_long_silence_is_no_part_of_a_rate(void **state)
{
    struct fixture *f = *state;

    look(f, 0);
    f->row.in += 500;
    assert_true(look(f, 100 * NS_PER_S)->past[PULSE_PAST - 1] == 1000.0);
}

static void
another_connection_in_the_same_place_begins_anew(void **state)
{
    struct fixture *f = *state;

    look(f, 0);
    f->row.in += 1000;
    look(f, PERIOD);
    f->row.id += PULSES;
    assert_true(look(f, PERIOD)->past[PULSE_PAST - 1] == 0.0);
    assert_null(pulses_of(&f->pulses, 7));
}

static void
the_kernel_tells_its_state_and_what_it_holds(void **state)
{
    struct fixture *f = *state;
    struct pair pair = loopback_pair("127.0.0.1");
    const struct pulse *pulse;

    address_text(&pair.address, f->row.local);
    address_text(&pair.from, f->row.peer);
    assert_int_equal(send(pair.dialled, "unread", 6, 0), 6);
    loopback_wait(pair.accepted, POLLIN);
    pulse = look(f, 0);
    assert_true(pulse->has_tcp);
    assert_string_equal(insight_state_name(pulse->tcp_state), "ESTABLISHED");
    assert_int_equal(pulse->unread, 6);
    assert_true(pulse->rcvbuf > 0);
    assert_int_equal(f->pulses.next_ns, f->now_ns + PERIOD);
    shutdown(pair.dialled, SHUT_WR);
    loopback_wait(pair.accepted, POLLRDHUP);
    look(f, PERIOD);
    assert_string_equal(insight_state_name(pulse->tcp_state), "CLOSE_WAIT");
    f->row.state = CONN_CLOSED;
    assert_false(look(f, PERIOD)->has_tcp);
    loopback_close_pair(&pair);
}

int
main(void)
{
#define pulse_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        pulse_test(a_rate_is_bytes_over_the_time_between_two_looks),
        pulse_test(what_is_quiet_is_not_looked_at),
        pulse_test(a_long_silence_is_no_part_of_a_rate),
        pulse_test(another_connection_in_the_same_place_begins_anew),
        pulse_test(the_kernel_tells_its_state_and_what_it_holds),
    };

    return cmocka_run_group_tests_name("pulse", tests, NULL, NULL);
}
