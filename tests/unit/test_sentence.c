/* test_sentence.c - sentence: the words for listeners, workers, calls and the console, as the
 * contract has them. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <locale.h>

#include "says.h"
#include "sockdeck/model/model.h"

static struct event *
queue(enum queue_state queue_state, uint32_t waiting)
{
    struct event *event = record_new(EVENT_QUEUE, 0, NULL, 0);

    event->listener = 1;
    event->u.queue = (struct event_queue) { queue_state, waiting, 128 };
    return event;
}

static void
who_waits_to_be_accepted_is_told_with_the_reason(void **state)
{
    struct model *model = console_with(HANDLER_ECHO);
    struct event *event;

    (void)state;
    says_with(model, 0, queue(QUEUE_WAITING, 1),
              "L1: 1 client is connected but not accepted (serial serves one at a time)");
    says(queue(QUEUE_WAITING, 2), "L1: 2 clients are connected but not accepted");
    says(queue(QUEUE_FULL, 129), "L1: the accept queue is full (129 waiting, limit 128): "
                                 "the kernel drops further SYNs, their clients try again");
    says(queue(QUEUE_EMPTY, 0), "L1: the accept queue is empty again");
    event = record_new(EVENT_MODE, 0, NULL, 0);
    event->listener = 1;
    event->u.mode = (struct event_mode) { 0, mode_named("prefork"), 3 };
    record_apply(model, event);
    says_with(model, 0, queue(QUEUE_WAITING, 1),
              "L1: 1 client is connected but not accepted "
              "(each of the 3 prefork workers serves one at a time)");
    model_free(model);
}

static void
listeners_say_where_they_listen_and_how(void **state)
{
    struct event *event = record_of_text(EVENT_LISTENING, "127.0.0.1:10001");

    (void)state;
    event->u.listening = (struct event_listening) { mode_named("serial"), 1, 128 };
    says(event, "listening on 127.0.0.1:10001 (serial, backlog 128)");
    event = record_of_text(EVENT_LISTENING, "0.0.0.0:10001");
    event->u.listening = (struct event_listening) { mode_named("prefork"), 3, 5 };
    says(event, "listening on 0.0.0.0:10001, every address of this machine "
                "(prefork, 3 workers, backlog 5)");
    event = record_of_text(EVENT_LISTENING, "127.0.0.1:40123");
    event->listener = 2;
    event->u.listening.mode = MODEL_MODE_HOLE;
    says(event, "L2 is a black hole at 127.0.0.1:40123: its accept queue is full; "
                "try: connect 40123 connect-timeout=2s");
    says(record_of_text(EVENT_STOPPED, "127.0.0.1:10001"), "stopped listening on 127.0.0.1:10001");
}

static void
a_switch_says_what_happens_to_connections(void **state)
{
    struct event *event = record_new(EVENT_MODE, 0, NULL, 0);

    (void)state;
    event->u.mode = (struct event_mode) { mode_named("serial"), mode_named("prefork"), 3 };
    says(event, "mode serial to prefork with 3 workers: "
                "new connections go to prefork, open ones stay with serial");
    event = record_new(EVENT_MODE, 0, NULL, 0);
    event->u.mode = (struct event_mode) { mode_named("prefork"), mode_named("prefork"), 1 };
    says(event, "mode prefork with 1 worker from now on");
}

static struct event *
worker(enum worker_state worker_state, uint16_t id)
{
    struct event *event = record_new(EVENT_WORKER, 0, NULL, 0);

    event->listener = 1;
    event->worker = id;
    event->pid = event->tid = 123;
    event->u.worker.state = worker_state;
    return event;
}

static void
workers_say_what_became_of_them(void **state)
{
    struct event *event = worker(WORKER_STARTED, 2);

    (void)state;
    event->u.worker.cost_ns = 120300;
    says(event, "started in 120.300 us (pid 123)");
    says(worker(WORKER_EXITED, 2), "exited with status 0 (pid 123)");
    event = worker(WORKER_KILLED, 2);
    event->u.worker.signal = SIGKILL;
    says(event, "killed by SIGKILL (pid 123)");
    event = worker(WORKER_KILLED, 0);
    event->u.worker.signal = SIGSEGV;
    says(event, "process 123 killed by SIGSEGV");
    event = worker(WORKER_STOPPED, 2);
    event->u.worker.signal = SIGSTOP;
    says(event, "stopped by SIGSTOP (pid 123)");
    says(worker(WORKER_CONTINUED, 2), "continued (pid 123)");
}

static void
calls_read_as_strace_writes_them(void **state)
{
    struct event *event = record_new(EVENT_CALL, 1, "ping", 4);

    (void)state;
    event->u.call = (struct event_call) {
        .call = CALL_RECVFROM, .fd = 7, .result = 4, .took_ns = 12300, .plain = { 1024 },
    };
    event->pid = event->tid = 0;
    says(event, "recvfrom(7, \"ping\", 1024, 0, NULL, NULL) = 4 <12.300 us>");
    event = record_new(EVENT_CALL, 1, NULL, 0);
    event->u.call = (struct event_call) {
        .call = CALL_CLOSE, .fd = 7, .result = -EBADF, .took_ns = -1,
    };
    event->pid = 4711;
    event->tid = 4713;
    says(event, "4711/4713 close(7) = -1 EBADF (Bad file descriptor)");
    event = record_new(EVENT_CALL, 0, NULL, 0);
    event->u.call = (struct event_call) { .call = CALL_ACCEPT, .fd = 4 };
    event->flags = EVENT_BEGUN;
    event->pid = event->tid = 4711;
    says(event, "4711 accept4(4, ...)");
}

static void
what_the_console_says_of_itself(void **state)
{
    struct event *event = record_of_message(EVENT_MATCHED, 1, "pong", 4);

    (void)state;
    says(event, "matched \"pong\"");
    says(record_of_peers(EVENT_FAILED, 0, "conect 9", "unknown command: conect"),
         "failed: conect 9: unknown command: conect");
    says(record_of_peers(EVENT_FAILED, 0, "conect 9", "conect: unknown command"),
         "failed: conect: unknown command");
    event = record_new(EVENT_LOST, 0, NULL, 0);
    event->u.lost.count = 1;
    says(event, "1 record not kept in full; all counts stay exact");
    says(record_new(EVENT_DONE, 0, NULL, 0), "");
}

static void
every_type_that_is_shown_has_words_whatever_it_holds(void **state)
{
    (void)state;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        for (uint32_t first = 0; first < 6; first++) {
            struct event *event = record_new((enum event_type)type, 1, "x", 1);
            struct buffer out = { 0 };

            memcpy(&event->u, &first, sizeof(first));
            assert_int_equal(sentence_write(&out, event, 0, NULL), 0);
            if (event_infos[type].pane == PANE_INTERNAL)
                assert_int_equal(buffer_size(&out), 0);
            else
                assert_true(buffer_size(&out) > 0);
            buffer_fini(&out);
            test_free(event);
        }
}

static void
names(struct event *event, const char *expected)
{
    char subject[16];

    sentence_subject(subject, event);
    assert_string_equal(subject, expected);
    test_free(event);
}

static void
a_line_names_first_whom_it_is_about(void **state)
{
    struct event *event = record_of_text(EVENT_LISTENING, "127.0.0.1:1");

    (void)state;
    event->listener = 1;
    names(event, "L1");
    event = record_new(EVENT_EOF, 7, NULL, 0);
    event->listener = 1;
    event->worker = 2;
    names(event, "#7");
    names(worker(WORKER_STARTED, 2), "W2");
    names(worker(WORKER_KILLED, 0), "L1");
    names(queue(QUEUE_WAITING, 1), "");
    names(record_new(EVENT_LOST, 0, NULL, 0), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_to_be_accepted_is_told_with_the_reason),
        cmocka_unit_test(listeners_say_where_they_listen_and_how),
        cmocka_unit_test(a_switch_says_what_happens_to_connections),
        cmocka_unit_test(workers_say_what_became_of_them),
        cmocka_unit_test(calls_read_as_strace_writes_them),
        cmocka_unit_test(what_the_console_says_of_itself),
        cmocka_unit_test(every_type_that_is_shown_has_words_whatever_it_holds),
        cmocka_unit_test(a_line_names_first_whom_it_is_about),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("sentence", tests, NULL, NULL);
}
