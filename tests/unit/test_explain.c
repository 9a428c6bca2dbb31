/* test_explain.c - the table behind `explain`: nothing that is shown is missing from it. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/explain.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/serve/mode.h"

static void
assert_explained(enum explanation_kind kind, const char *word)
{
    if (explain_find(kind, word) == NULL)
        fail_msg("%s: the %s is not explained", word, explanation_kind_names[kind]);
}

/* What accept4, bind, connect, epoll_ctl, fork, getaddrinfo, listen, poll, pthread_create,
 * recv, send, setsockopt, shutdown and socket return by their man pages for a stream, and
 * what the console says by itself. */
static const int errnos[] = {
    EPERM, ENOENT, EINTR, EIO, EBADF, EAGAIN, ENOMEM, EACCES, EFAULT, EINVAL, ENFILE, EMFILE,
    ENOSPC, EPIPE, EILSEQ, ENOSYS, ENONET, EPROTO, ENOTSOCK, EDESTADDRREQ, EMSGSIZE, ENOPROTOOPT,
    EPROTONOSUPPORT, EOPNOTSUPP, EAFNOSUPPORT, EADDRINUSE, EADDRNOTAVAIL, ENETDOWN, ENETUNREACH,
    ENETRESET, ECONNABORTED, ECONNRESET, ENOBUFS, EISCONN, ENOTCONN, ESHUTDOWN, ETIMEDOUT,
    ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH, EALREADY, EINPROGRESS, ECANCELED,
};

static void
every_errno_that_a_call_can_return_is_explained(void **state)
{
    char name[16];

    (void)state;
    for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
        assert_explained(EXPLAINS_ERRNO, error_name(errnos[i], name));
    assert_int_equal(entries_count(EXPLAINS_ERRNO), sizeof(errnos) / sizeof(errnos[0]));
}

static void
every_event_that_is_shown_is_explained(void **state)
{
    (void)state;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        if (event_infos[type].pane != PANE_INTERNAL)
            assert_explained(EXPLAINS_EVENT, event_infos[type].name);
    assert_explained(EXPLAINS_EVENT, "start");
    assert_explained(EXPLAINS_EVENT, "table");
    assert_explained(EXPLAINS_EVENT, "done");
}

static void
every_call_timeout_state_and_mode_is_explained(void **state)
{
    (void)state;
    for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
        assert_explained(EXPLAINS_CALL, event_call_names[call]);
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++) {
        char name[32];

        snprintf(name, sizeof(name), "%s-timeout", event_timeout_names[kind]);
        assert_explained(EXPLAINS_TIMEOUT, name);
    }
    for (uint8_t tcp = 1; tcp <= 12; tcp++)
        if (tcp != TCP_CLOSE)           /* in no table of the kernel: info says gone */
            assert_explained(EXPLAINS_STATE, insight_state_name(tcp));
    for (uint32_t mode = 0; mode < mode_count; mode++)
        assert_explained(EXPLAINS_MODE, modes[mode]->name);
    assert_explained(EXPLAINS_MODE, model_mode_name(MODEL_MODE_HOLE));
}

static void
every_counter_is_explained(void **state)
{
    struct console console = { .options.model = model_new(1 << 20) };
    struct table table, explained;
    char buf[64];
    size_t ours = 0;

    (void)state;
    kernel_counts_read(&console.counts_at_start);
    tables_counters(&table, &console);
    for (size_t row = 0; row < table.row_count; row++) {
        const char *name = table_cell_text(table_cell(&table, row, 0), buf);

        ours += explain_find(EXPLAINS_COUNTER, name) != NULL;
        assert_int_equal(explain_fill(&explained, name, NULL), 0);
        table_fini(&explained);
    }
    assert_int_equal(ours, entries_count(EXPLAINS_COUNTER));
    table_fini(&table);
    model_free(console.options.model);
}

static void
assert_plain(const char *text)
{
    for (const char *p = text; p != NULL && *p != '\0'; p++)
        if (*p < ' ' || *p > '~')
            fail_msg("not plain: %s", text);
}

static void
every_entry_is_plain_text_and_its_word_is_there_once(void **state)
{
    (void)state;
    for (int kind = 0; kind < EXPLAINS_KINDS; kind++) {
        const struct explanation *entry;

        for (size_t i = 0; (entry = entry_of((enum explanation_kind)kind, i)) != NULL; i++) {
            for (size_t other = 0; other < i; other++)
                assert_ptr_not_equal(entry_of((enum explanation_kind)kind, other), entry);
            assert_non_null(entry->means);
            assert_plain(entry->means);
            assert_plain(entry->calls);
            assert_plain(entry->attempt);
            for (size_t n = 0; entry->look_at != NULL && entry->look_at[n] != NULL; n++)
                assert_plain(entry->look_at[n]);
            assert_plain(entry->python);
            for (int cause = 0; cause < EXPLANATION_CAUSES; cause++)
                assert_plain(entry->causes[cause]);
        }
    }
}

static void
an_errno_and_a_timeout_name_call_causes_and_python(void **state)
{
    const struct explanation *entry;

    (void)state;
    for (size_t i = 0; (entry = entry_of(EXPLAINS_ERRNO, i)) != NULL; i++) {
        assert_non_null(entry->calls);
        assert_non_null(entry->causes[0]);
    }
    for (size_t i = 0; (entry = entry_of(EXPLAINS_TIMEOUT, i)) != NULL; i++) {
        assert_non_null(entry->calls);
        assert_non_null(entry->causes[1]);
        assert_non_null(entry->attempt);
        assert_non_null(entry->python);
    }
}

/* The value of the first row of that field; fails the test when there is none. */
static const char *
value_of(const struct table *table, const char *field)
{
    static char buf[64];

    for (size_t row = 0; row < table->row_count; row++)
        if (strcmp(table_cell_text(table_cell(table, row, 0), buf), field) == 0)
            return table_cell_text(table_cell(table, row, 1), buf);
    fail_msg("no row %s", field);
    return "";
}

static void
assert_answered(const char *word)
{
    struct table table;
    struct error err = { 0 };

    if (explain_fill(&table, word, &err) != 0)
        fail_msg("%s", err.text);
    assert_non_null(value_of(&table, "means"));
    table_fini(&table);
}

static void
assert_head(const char *word, const char *field, const char *head)
{
    struct table table;
    struct error err = { 0 };

    assert_int_equal(explain_fill(&table, word, &err), 0);
    assert_string_equal(value_of(&table, field), head);
    table_fini(&table);
}

static void
a_word_is_found_by_name_number_case_and_python_exception(void **state)
{
    (void)state;
    assert_head("ECONNREFUSED", "ECONNREFUSED", "errno 111, Connection refused");
    assert_head("econnrefused", "ECONNREFUSED", "errno 111, Connection refused");
    assert_head("111", "ECONNREFUSED", "errno 111, Connection refused");
    assert_head("ConnectionRefusedError", "ECONNREFUSED", "errno 111, Connection refused");
    assert_head("EWOULDBLOCK", "EAGAIN", "errno 11, Resource temporarily unavailable");
    assert_head("BlockingIOError", "EINPROGRESS", "errno 115, Operation now in progress");
    assert_head("socket.timeout", "timeout", "event");
    assert_head("time_wait", "TIME_WAIT", "TCP state");
    assert_head("EXDEV", "EXDEV", "errno 18, Invalid cross-device link");
}

static void
a_result_is_explained_by_what_to_look_at_and_by_its_figures(void **state)
{
    const struct explanation *entry;
    struct table table;

    (void)state;
    for (size_t i = 0; (entry = entry_of(EXPLAINS_RESULT, i)) != NULL; i++) {
        assert_non_null(entry->look_at[0]);
        assert_non_null(entry->attempt);
        assert_int_equal(explain_fill(&table, entry->word, NULL), 0);
        assert_string_equal(value_of(&table, "look"), entry->look_at[0]);
        assert_non_null(value_of(&table, "p99"));
        table_fini(&table);
    }
    assert_head("p99", "p99", "figure of compare");     /* and of load, below */
    assert_head("last_answer", "try", "explain compare, for all of its figures");
    assert_head("unsent", "unsent", "figure of load");
    assert_head("pss/conn", "PSS/CONN", "column of compare");
    assert_head("per s", "means", "replies a second; the bar compares it with the best mode");
}

/* What a command line or an answer shows, and what is typed after reading a book. */
static void
every_word_of_commands_and_tables_has_an_answer(void **state)
{
    static choice_list *const others[] = {
        choice_commands, choice_handlers, choice_modes, choice_preferences, choice_info_fields,
        choice_kernel_counters, choice_timeouts,
    };
    struct choice word;

    (void)state;
    for (size_t n = 0; n < sizeof(others) / sizeof(others[0]); n++)
        for (size_t i = 0; others[n](i, &word); i++)
            assert_answered(word.name);
    for (const struct command *command = commands; command->name != NULL; command++)
        for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++)
            assert_answered(key->name);
}

static void
every_term_says_what_to_try(void **state)
{
    const struct explanation *entry;

    (void)state;
    for (size_t i = 0; (entry = entry_of(EXPLAINS_TERM, i)) != NULL; i++) {
        assert_non_null(entry->attempt);
        assert_head(entry->word, entry->word, "term");
    }
}

static void
a_term_is_found_by_its_other_names_with_blanks_or_without(void **state)
{
    (void)state;
    assert_head("accept queue", "accept-queue", "term");
    assert_head("Accept_Queue", "accept-queue", "term");
    assert_head("fd", "descriptor", "term");
    assert_head("epoll_ctl", "epoll_wait", "term");
    assert_head("linger", "SO_LINGER", "term");
    assert_head("TIME-WAIT", "TIME_WAIT", "TCP state");
    assert_head("SIGPIPE", "EPIPE", "errno 32, Broken pipe");
    assert_head("rst", "ECONNRESET", "errno 104, Connection reset by peer");
    assert_head("0", "0", "term");
}

static void
what_other_tables_list_is_told_where_nothing_else_is_known(void **state)
{
    struct table table;

    (void)state;
    assert_head("on-eof", "on-eof", "command");
    assert_head("on-eof", "try", "help on-eof");
    assert_head("accept-delay", "accept-delay", "key of listen");
    assert_head("pong", "pong", "handler");
    assert_head("event-bytes", "try", "set event-bytes");
    assert_head("minimum rtt", "minimum RTT", "field of info");
    assert_head("ListenOverflows", "from", "/proc/net/netstat, TcpExt");
    assert_head("OutRsts", "from", "/proc/net/snmp, Tcp");

    assert_int_equal(explain_fill(&table, "read-timeout", NULL), 0);   /* a key of two verbs */
    for (size_t row = 1; row < table.row_count; row++) {
        char field[64];

        assert_string_not_equal(table_cell_text(table_cell(&table, row, 0), field), "read-timeout");
    }
    table_fini(&table);
}

static void
every_errno_that_has_a_name_has_an_answer(void **state)
{
    (void)state;
    for (int code = 1; code <= 133; code++) {
        struct table table;
        char name[16];

        error_name(code, name);
        if (strncmp(error_name(code, name), "E", 1) != 0 ||
            (error_name(code, name)[1] >= '0' && error_name(code, name)[1] <= '9'))
            continue;
        assert_int_equal(explain_fill(&table, error_name(code, name), NULL), 0);
        assert_true(table.row_count >= 3);
        table_fini(&table);
    }
}

static void
an_unknown_word_is_answered_with_the_nearest(void **state)
{
    struct table table;
    struct error err = { 0 };

    (void)state;
    assert_int_equal(explain_fill(&table, "ECONNREFUSE", &err), -ENOENT);
    assert_string_equal(err.text, "ECONNREFUSE: nothing is known of it; did you mean ECONNREFUSED?");
    assert_int_equal(explain_fill(&table, "keepalive", &err), -ENOENT);
    assert_string_equal(err.text, "keepalive: nothing is known of it; did you mean TCPKeepAlive or "
                        "SO_KEEPALIVE?");
    assert_int_equal(explain_fill(&table, "accpted", &err), -ENOENT);  /* an event and a counter */
    assert_string_equal(err.text, "accpted: nothing is known of it; did you mean accepted?");
    assert_int_equal(explain_fill(&table, "xyzzyplugh", &err), -ENOENT);
    assert_non_null(strstr(err.text, "xyzzyplugh: nothing is known of it"));
    assert_int_equal(explain_fill(&table, "", &err), -ENOENT);
}

static void
a_record_is_explained_by_its_errno_its_kind_or_its_type(void **state)
{
    struct event error = { .type = EVENT_ERROR, .u.error.code = ECONNRESET };
    struct event timeout = { .type = EVENT_TIMEOUT, .u.timeout.kind = TIMEOUT_SEND };
    struct event eof = { .type = EVENT_EOF };
    struct event strange = { .type = EVENT_ERROR, .u.error.code = EXDEV };
    enum explanation_kind kind;
    struct table table;

    (void)state;
    assert_string_equal(explain_event(&error, &kind)->word, "ECONNRESET");
    assert_string_equal(explain_event(&timeout, &kind)->word, "send-timeout");
    assert_int_equal(kind, EXPLAINS_TIMEOUT);
    assert_string_equal(explain_event(&eof, &kind)->word, "eof");
    assert_null(explain_event(&strange, &kind));
    explain_fill_event(&table, &strange, "it failed");
    assert_string_equal(value_of(&table, "said"), "it failed");
    assert_string_equal(value_of(&table, "EXDEV"), "errno 18, Invalid cross-device link");
    table_fini(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_errno_that_a_call_can_return_is_explained),
        cmocka_unit_test(every_event_that_is_shown_is_explained),
        cmocka_unit_test(every_call_timeout_state_and_mode_is_explained),
        cmocka_unit_test(every_counter_is_explained),
        cmocka_unit_test(every_entry_is_plain_text_and_its_word_is_there_once),
        cmocka_unit_test(an_errno_and_a_timeout_name_call_causes_and_python),
        cmocka_unit_test(a_word_is_found_by_name_number_case_and_python_exception),
        cmocka_unit_test(a_result_is_explained_by_what_to_look_at_and_by_its_figures),
        cmocka_unit_test(every_word_of_commands_and_tables_has_an_answer),
        cmocka_unit_test(every_term_says_what_to_try),
        cmocka_unit_test(a_term_is_found_by_its_other_names_with_blanks_or_without),
        cmocka_unit_test(what_other_tables_list_is_told_where_nothing_else_is_known),
        cmocka_unit_test(every_errno_that_has_a_name_has_an_answer),
        cmocka_unit_test(an_unknown_word_is_answered_with_the_nearest),
        cmocka_unit_test(a_record_is_explained_by_its_errno_its_kind_or_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
