/* test_sentence_connections.c - sentence: the words for what happens to a connection, as the
 * contract has them. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <locale.h>

#include "says.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/mode.h"

static void
messages_show_their_bytes(void **state)
{
    (void)state;
    says(record_of_message(EVENT_RECEIVED, 1, "ping", 4), "received 4 bytes \"ping\"");
    says(record_of_message(EVENT_SENT, 1, "p", 1), "sent 1 byte \"p\"");
    says(record_of_message(EVENT_RECEIVED, 1, "a\"\\\n\0\x1b[2J", 9),
         "received 9 bytes \"a\\\"\\\\\\n\\0\\x1b[2J\"");
    says(record_of_message(EVENT_RECEIVED, 1, "{bytes}[x]%s", 12),
         "received 12 bytes \"{bytes}[x]%s\"");
}

static void
a_message_that_is_cut_says_what_is_shown(void **state)
{
    struct event *event = record_of_message(EVENT_RECEIVED, 1, "pingping", 8);

    (void)state;
    event->u.message.bytes = 5000;
    event->flags = EVENT_CUT;
    says(event, "received 5000 bytes \"pingping\"... (8 shown)");
    says_with(NULL, 4, record_of_message(EVENT_SENT, 1, "pingping", 8),
              "sent 8 bytes \"ping\"... (4 shown)");
    says_with(NULL, 4, record_of_message(EVENT_SENT, 1, "pi\xe2\x82\xac!", 6),
              "sent 6 bytes \"pi\"... (2 shown)");
    event = record_of_message(EVENT_RECEIVED, 1, NULL, 0);
    event->u.message.bytes = 70;
    event->flags = EVENT_LEFT_OUT;
    says(event, "received 70 bytes (contents left out)");
}

static void
an_accepted_connection_names_who_serves_it(void **state)
{
    struct event *event = record_of_peers(EVENT_ACCEPTED, 1, "127.0.0.1:51234", "127.0.0.1:1");

    (void)state;
    event->worker = 2;
    event->pid = event->tid = 123;
    says(event, "accepted 127.0.0.1:51234 (worker W2, pid 123)");
    event = record_of_peers(EVENT_ACCEPTED, 1, "127.0.0.1:51234", "127.0.0.1:1");
    event->pid = 123;
    event->tid = 124;
    says(event, "accepted 127.0.0.1:51234 (pid 123, tid 124)");
    says(record_of_peers(EVENT_ACCEPTED, 1, "[::1]:51234", "[::1]:1"), "accepted [::1]:51234");
}

static void
dialling_names_the_peer_and_the_time(void **state)
{
    struct event *event = record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:10001", "127.0.0.1:2");

    (void)state;
    event->u.peer.took_ns = 87120;
    says(event, "connected to 127.0.0.1:10001 in 87.120 us");
    says(record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:10001", ""),
         "connecting to 127.0.0.1:10001");
}

static void
an_end_of_file_is_told_in_the_words_of_the_lecture(void **state)
{
    (void)state;
    says(record_new(EVENT_EOF, 1, NULL, 0), "recv returned 0 bytes (b\"\" in Python)");
}

static struct event *
closed(enum closed_by by, enum closed_how how)
{
    struct event *event = record_new(EVENT_CLOSED, 1, NULL, 0);

    event->u.closed = (struct event_closed) {
        .in = 4, .open_ns = 1234 * NS_PER_MS, .by = (uint8_t)by, .how = (uint8_t)how,
    };
    return event;
}

static void
a_verdict_says_who_how_and_how_much(void **state)
{
    struct event *event;

    (void)state;
    says(closed(BY_PEER, HOW_FIN),
         "closed by peer (FIN) after 1.234 s: 4 bytes in, 0 bytes out");
    says(closed(BY_PEER, HOW_RST), "reset by peer (RST) after 1.234 s: 4 bytes in, 0 bytes out");
    event = closed(BY_US, HOW_FIN);
    event->u.closed.in = 1;
    event->u.closed.unacked = 12;
    says(event, "closed by us (FIN) after 1.234 s: 1 byte in, 0 bytes out, "
                "12 bytes not acknowledged");
    event = closed(BY_ERROR, HOW_FIN);
    event->u.closed.uncertain = 1;
    says(event, "closed by error (FIN) after 1.234 s: 4 bytes in, 0 bytes out "
                "(uncertain: a report may be missing)");
}

static void
says_of_attempt(enum closed_by by, enum closed_how how, const char *sentence)
{
    struct event *event = closed(by, how);

    event->flags = EVENT_DIALLED | EVENT_NEVER_OPEN;
    says(event, sentence);
}

static void
what_never_opened_was_not_closed(void **state)
{
    (void)state;
    says_of_attempt(BY_TIMEOUT, HOW_FIN, "never opened: timed out after 1.234 s");
    says_of_attempt(BY_ERROR, HOW_RST, "never opened: refused after 1.234 s");
    says_of_attempt(BY_ERROR, HOW_FIN, "never opened: failed after 1.234 s");
    says_of_attempt(BY_US, HOW_FIN, "never opened: given up by us after 1.234 s");
}

static struct event *
timed_out(enum timeout_kind kind, bool closes, int64_t limit_ns, int64_t after_ns)
{
    struct event *event = record_new(EVENT_TIMEOUT, 1, NULL, 0);

    event->u.timeout = (struct event_timeout) {
        .kind = kind, .closes = closes, .limit_ns = limit_ns, .after_ns = after_ns,
    };
    return event;
}

static void
timeouts_say_kind_measure_limit_and_what_follows(void **state)
{
    struct event *event;

    (void)state;
    says(timed_out(TIMEOUT_READ, true, 5 * NS_PER_S, 5003 * NS_PER_MS),
         "read timeout after 5.003 s (limit 5 s): close connection by timeout");
    says(timed_out(TIMEOUT_READ, false, 5 * NS_PER_S, 5003 * NS_PER_MS),
         "read timeout after 5.003 s (limit 5 s): connection kept, waiting on");
    says(timed_out(TIMEOUT_IDLE, true, 200 * NS_PER_MS, 200 * NS_PER_MS),
         "idle timeout after 200.000 ms (limit 200 ms): close connection by timeout");
    says(timed_out(TIMEOUT_CONNECT, true, 2 * NS_PER_S, 2001 * NS_PER_MS),
         "connect timeout after 2.001 s (limit 2 s): the attempt is given up");
    says(timed_out(TIMEOUT_CONNECT, true, -1, 130 * NS_PER_S),
         "connect timeout after 130.000 s (limit none): the kernel gave up");
    says(timed_out(TIMEOUT_ACCEPT, false, NS_PER_S, 1001 * NS_PER_MS),
         "accept timeout after 1.001 s (limit 1 s): no client came, the listener goes on");
    event = timed_out(TIMEOUT_SEND, true, 2 * NS_PER_S, 2001 * NS_PER_MS);
    event->u.timeout.taken = 4096;
    says(event, "send timeout after 2.001 s (limit 2 s): the kernel took 4096 bytes of it: "
                "close connection by timeout");
}

static struct event *
failed_call(uint32_t conn, enum call_name call, int code, const char *sentence)
{
    struct event *event = record_new(EVENT_ERROR, conn, sentence, strlen(sentence));

    event->u.error = (struct event_error) { code, call, SEVERITY_ERROR, 0 };
    return event;
}

static void
errors_name_the_call_the_errno_and_what_to_try(void **state)
{
    struct model *model = model_new(MODEL_MEMORY_DEFAULT);

    (void)state;
    record_apply(model, record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:9", ""));
    says_with(model, 0, failed_call(1, CALL_CONNECT, ECONNREFUSED, "connect to 127.0.0.1:9: x"),
              "connect: Connection refused (ECONNREFUSED): nothing listens on 127.0.0.1:9; "
              "start a listener there or check the port");
    says(failed_call(1, CALL_CONNECT, ECONNREFUSED, ""),
         "connect: Connection refused (ECONNREFUSED): nothing listens there; "
         "start a listener or check the port");
    says(failed_call(0, CALL_BIND, EACCES,
                     "cannot listen on 127.0.0.1:80: what socket_listen says"),
         "cannot listen on 127.0.0.1:80: what socket_listen says");
    says(failed_call(0, CALL_BIND, EACCES, ""),
         "bind: Permission denied (EACCES): ports below 1024 are kept for root; take a higher one");
    says(failed_call(1, CALL_GETADDRINFO, ENOENT, "nowhere.invalid: Name or service not known"),
         "nowhere.invalid: Name or service not known (ENOENT)");
    says(failed_call(1, CALL_SETSOCKOPT, EINVAL, ""), "setsockopt: Invalid argument (EINVAL)");
    model_free(model);
}

static struct event *
lost_ping(uint32_t conn, uint32_t seq)
{
    struct event *event = record_new(EVENT_PING, conn, NULL, 0);

    event->u.ping = (struct event_ping) { .seq = seq, .bytes = 4, .rtt_ns = -1, .limit_ms = 1000 };
    return event;
}

static void
a_ping_says_its_time_and_the_last_one_sums_up(void **state)
{
    const struct ping_summary sum = { 3, 3, 0, 7, 81000, 90000, 88000, 101000, 101000 };
    const struct ping_summary none = { 2, 0, 2, 7, -1, -1, -1, -1, -1 };
    struct event *event = record_new(EVENT_PING, 1, NULL, 0);

    (void)state;
    event->u.ping = (struct event_ping) { 1, 4, 87120, 1000 };
    says(event, "ping 1: reply of 4 bytes in 87.120 us");
    event = record_new(EVENT_PING, 1, &sum, sizeof(sum));
    event->u.ping = (struct event_ping) { 3, 4, 101000, 1000 };
    event->flags = EVENT_LAST;
    says(event, "ping 3: reply of 4 bytes in 101.000 us; 3 sent, 3 replied, 0 lost; "
                "min/avg/p50/p99/max 0.081/0.090/0.088/0.101/0.101 ms");
    event = record_new(EVENT_PING, 1, &none, sizeof(none));
    event->u.ping = (struct event_ping) { 2, 4, -1, 250 };
    event->flags = EVENT_LAST;
    says(event, "ping 2: no answer in 0.25 s; 2 sent, 0 replied, 2 lost");
    event = record_new(EVENT_PING, 1, &none, sizeof(none));
    event->u.ping = (struct event_ping) { 2, 4, -1, 0 };
    event->flags = EVENT_LAST;
    says(event, "ping 2: no answer; 2 sent, 0 replied, 2 lost");
}

/* What was so when it happened stays in the sentence, whatever is changed later. */
static void
a_kept_record_keeps_its_cause(void **state)
{
    struct model *model = console_with(HANDLER_PRINT);
    struct event *event = record_new(EVENT_QUEUE, 0, NULL, 0);
    struct event *change = record_new(EVENT_MODE, 0, NULL, 0);
    struct buffer out = { 0 };
    uint64_t end;

    (void)state;
    event->listener = change->listener = 1;
    event->u.queue = (struct event_queue) { QUEUE_WAITING, 1, 128 };
    change->u.mode = (struct event_mode) { mode_named("serial"), mode_named("threads"), 1 };
    record_apply(model, event);
    record_apply(model, change);
    model_lock(model);
    end = model_journal_end(model, JOURNAL_EVENTS);
    assert_int_equal(sentence_write(&out, model_journal_at(model, JOURNAL_EVENTS, end - 2), 0,
                                    model), 0);
    model_unlock(model);
    assert_int_equal(buffer_add(&out, "", 1), 0);
    assert_string_equal(buffer_data(&out), "L1: 1 client is connected but not accepted "
                                           "(serial serves one at a time)");
    buffer_fini(&out);
    model_free(model);
}

static void
a_lost_ping_names_the_cause_when_it_is_ours(void **state)
{
    struct model *model = console_with(HANDLER_PRINT);
    struct event *event;

    (void)state;
    says_with(model, 0, lost_ping(1, 1),
              "ping 1: no answer in 1.0 s (L1 has handler=print, which never answers; "
              "try: handler L1 pong)");
    says_with(model, 0, lost_ping(2, 1),
              "ping 1: no answer in 1.0 s (the other end, #1, was dialled here "
              "and answers nothing)");
    model_free(model);

    model = console_with(HANDLER_STALL);
    says_with(model, 0, lost_ping(1, 1),
              "ping 1: no answer in 1.0 s (L1 has handler=stall, which never reads; "
              "try: handler L1 pong)");
    model_free(model);

    model = console_with(HANDLER_ECHO);
    says_with(model, 0, lost_ping(1, 1), "ping 1: no answer in 1.0 s");
    says_with(model, 0, lost_ping(9, 1), "ping 1: no answer in 1.0 s");
    record_apply(model, record_of_peers(EVENT_CONNECTED, 3, "127.0.0.1:10001", "127.0.0.1:3"));
    event = lost_ping(3, 1);
    says_with(model, 0, event,
              mode_find("threads") != NULL
              ? "ping 1: no answer in 1.0 s (L1 has not accepted it: serial serves one at a time; "
                "try: mode L1 threads)"
              : "ping 1: no answer in 1.0 s (L1 has not accepted it: serial serves one at a time)");
    model_free(model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_never_opened_was_not_closed),
        cmocka_unit_test(messages_show_their_bytes),
        cmocka_unit_test(a_message_that_is_cut_says_what_is_shown),
        cmocka_unit_test(an_accepted_connection_names_who_serves_it),
        cmocka_unit_test(dialling_names_the_peer_and_the_time),
        cmocka_unit_test(an_end_of_file_is_told_in_the_words_of_the_lecture),
        cmocka_unit_test(a_verdict_says_who_how_and_how_much),
        cmocka_unit_test(timeouts_say_kind_measure_limit_and_what_follows),
        cmocka_unit_test(errors_name_the_call_the_errno_and_what_to_try),
        cmocka_unit_test(a_ping_says_its_time_and_the_last_one_sums_up),
        cmocka_unit_test(a_kept_record_keeps_its_cause),
        cmocka_unit_test(a_lost_ping_names_the_cause_when_it_is_ours),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("sentence, connections", tests, NULL, NULL);
}
