/* test_event.c - event: the list of types, and texts inside records. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/event/event.h"

static union {
    struct event event;
    char room[sizeof(struct event) + 64];
} record;

static void
set_data(const char *data, uint32_t n)
{
    memset(&record, 0, sizeof(record));
    record.event.type = EVENT_ACCEPTED;
    record.event.data_size = n;
    memcpy(record.room + offsetof(struct event, data), data, n);
}

static void
every_type_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        assert_non_null(event_infos[type].name);
        for (int other = 0; other < type; other++)
            assert_string_not_equal(event_infos[type].name, event_infos[other].name);
    }
}

static void
only_messages_and_calls_may_be_left_out(void **state)
{
    (void)state;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        const struct event_info *info = &event_infos[type];
        const bool is_traffic = info->pane == PANE_MESSAGES || info->pane == PANE_CALLS;

        assert_true(info->must_arrive == !is_traffic);
    }
}

static void
every_word_of_a_detail_has_a_name(void **state)
{
    const struct {
        const char *const *names;
        size_t count;
    } tables[] = {
        { event_timeout_names, TIMEOUT_KINDS }, { event_worker_names, WORKER_STATES },
        { event_by_names, BY_COUNT },           { event_how_names, HOW_COUNT },
        { event_shutdown_names, SHUTDOWN_COUNT }, { event_call_names, CALL_COUNT },
    };

    (void)state;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
        for (size_t i = 0; i < tables[t].count; i++)
            assert_non_null(tables[t].names[i]);
    assert_string_equal(event_timeout_names[TIMEOUT_READ], "read");
    assert_string_equal(event_worker_names[WORKER_KILLED], "killed");
    assert_string_equal(event_by_names[BY_US], "us");
    assert_string_equal(event_how_names[HOW_RST], "rst");
    assert_string_equal(event_call_names[CALL_ACCEPT], "accept4");
}

static void
an_error_record_says_how_severe_it_is(void **state)
{
    struct event event = { .type = EVENT_ERROR };

    (void)state;
    event.u.error.severity = SEVERITY_INFO;
    assert_int_equal(event_severity(&event), SEVERITY_INFO);
    event.u.error.severity = 77;
    assert_int_equal(event_severity(&event), SEVERITY_ERROR);

    event.type = EVENT_TIMEOUT;
    assert_int_equal(event_severity(&event), SEVERITY_WARNING);
}

static void
reads_both_addresses_of_a_record(void **state)
{
    static const char both[] = "127.0.0.1:40000\0[::1]:10001";

    (void)state;
    set_data(both, sizeof(both));
    assert_string_equal(event_peer_text(&record.event), "127.0.0.1:40000");
    assert_string_equal(event_local_text(&record.event), "[::1]:10001");
}

static void
a_missing_address_reads_as_empty(void **state)
{
    (void)state;
    set_data("", 0);
    assert_string_equal(event_peer_text(&record.event), "");
    assert_string_equal(event_local_text(&record.event), "");

    set_data("peer", 5);
    assert_string_equal(event_peer_text(&record.event), "peer");
    assert_string_equal(event_local_text(&record.event), "");

    set_data("\0local", 7);
    assert_string_equal(event_peer_text(&record.event), "");
    assert_string_equal(event_local_text(&record.event), "local");
}

static void
an_address_without_an_end_is_never_read_past_the_data(void **state)
{
    (void)state;
    set_data("peer", 4);
    assert_string_equal(event_peer_text(&record.event), "");
    assert_string_equal(event_local_text(&record.event), "");

    set_data("peer\0local", 10);
    assert_string_equal(event_peer_text(&record.event), "peer");
    assert_string_equal(event_local_text(&record.event), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_a_name_of_its_own),
        cmocka_unit_test(only_messages_and_calls_may_be_left_out),
        cmocka_unit_test(every_word_of_a_detail_has_a_name),
        cmocka_unit_test(an_error_record_says_how_severe_it_is),
        cmocka_unit_test(reads_both_addresses_of_a_record),
        cmocka_unit_test(a_missing_address_reads_as_empty),
        cmocka_unit_test(an_address_without_an_end_is_never_read_past_the_data),
    };

    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
