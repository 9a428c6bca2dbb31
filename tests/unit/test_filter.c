/* test_filter.c - terms as words, and which records they let pass. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/model/filter.h"

static struct filter
filter_of(const char *first, const char *second)
{
    struct filter filter = { .count = 0 };
    struct error err = { 0 };

    assert_int_equal(filter_add(&filter, first, &err), 0);
    if (second != NULL)
        assert_int_equal(filter_add(&filter, second, &err), 0);
    return filter;
}

static bool
passes(const struct filter *filter, struct event *event)
{
    struct buffer scratch = { 0 };
    bool answer = filter_passes(filter, event, NULL, &scratch);

    buffer_fini(&scratch);
    test_free(event);
    return answer;
}

static struct event *
received(uint32_t conn, const char *text)
{
    return record_of_message(EVENT_RECEIVED, conn, text, strlen(text));
}

static void
all_terms_must_hold(void **state)
{
    struct filter filter = filter_of("conn=3", "text~ping");

    (void)state;
    assert_true(passes(&filter, received(3, "a Ping")));
    assert_false(passes(&filter, received(4, "a ping")));
    assert_false(passes(&filter, received(3, "a pong")));
}

static void
an_empty_filter_lets_everything_pass(void **state)
{
    struct filter filter = { .count = 0 };

    (void)state;
    assert_true(passes(&filter, received(1, "")));
    assert_false(filter_concerns(&filter, PANE_MESSAGES));
}

static void
lengths_and_directions_are_asked_of_messages_only(void **state)
{
    struct filter filter = filter_of("len>3", "dir=in");

    (void)state;
    assert_true(passes(&filter, received(1, "four")));
    assert_false(passes(&filter, received(1, "tri")));
    assert_false(passes(&filter, record_of_message(EVENT_SENT, 1, "four", 4)));
    assert_true(passes(&filter, record_new(EVENT_EOF, 1, NULL, 0)));
    assert_true(filter_concerns(&filter, PANE_MESSAGES));
    assert_false(filter_concerns(&filter, PANE_EVENTS));
}

static void
a_kind_is_asked_of_the_records_of_its_pane(void **state)
{
    struct filter filter = filter_of("kind=timeout", NULL);

    (void)state;
    assert_true(passes(&filter, received(1, "x")));
    assert_false(passes(&filter, record_new(EVENT_EOF, 1, NULL, 0)));
    assert_true(passes(&filter, record_new(EVENT_TIMEOUT, 1, NULL, 0)));
}

static void
signs_say_how_a_value_is_compared(void **state)
{
    static const struct { const char *term, *text; bool passes; } cases[] = {
        { "len=4", "four", true }, { "len=4", "five5", false }, { "len!=4", "four", false },
        { "len<4", "tri", true }, { "len<=4", "four", true }, { "len>=5", "four", false },
        { "len<1k", "four", true }, { "text!~our", "four", false }, { "text!~x", "four", true },
        { "conn!=1", "x", false }, { "conn=#1", "x", true }, { "text~Four", "four", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct filter filter = filter_of(cases[i].term, NULL);

        assert_int_equal(passes(&filter, received(1, cases[i].text)), cases[i].passes);
    }
}

static void
what_is_no_term_is_refused_with_a_sentence(void **state)
{
    static const char *const words[] = {
        "", "ping", "conn", "conn=", "conn=x", "conn=-1", "conn=99999999999", "conn~3", "len=x",
        "len~4", "dir=up", "kind=reply", "kind=", "text~", "text=ping", "colour=red", "severity=bad",
        "conn>3", "l=3",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct filter filter = { .count = 0 };
        struct error err = { 0 };

        assert_int_equal(filter_add(&filter, words[i], &err), -EINVAL);
        assert_true(err.text[0] != '\0');
        assert_int_equal(filter.count, 0);
    }
}

static void
a_ninth_term_is_refused(void **state)
{
    struct filter filter = { .count = 0 };
    struct error err = { 0 };

    (void)state;
    for (int i = 0; i < FILTER_TERMS; i++)
        assert_int_equal(filter_add(&filter, "conn=1", &err), 0);
    assert_int_equal(filter_add(&filter, "conn=1", &err), -EINVAL);
}

static void
terms_are_written_as_they_can_be_typed(void **state)
{
    struct filter filter = filter_of("c=3", "text~two \"words\"");
    char text[128];

    (void)state;
    filter_add(&filter, "len>4096", NULL);
    filter_add(&filter, "listener=2", NULL);
    filter_add(&filter, "text~\x1b[2J", NULL);
    filter_write(text, sizeof(text), &filter);
    assert_string_equal(text, "conn=3 \"text~two \\\"words\\\"\" len>4k listener=L2 "
                        "\"text~\\x1b[2J\"");
}

static void
every_word_of_completion_is_a_term_or_its_beginning(void **state)
{
    const char *word, *summary;

    (void)state;
    for (size_t i = 0; filter_word(i, &word, &summary); i++) {
        struct filter filter = { .count = 0 };
        size_t n = strlen(word);

        if (n > 0 && strchr("=~<>", word[n - 1]) == NULL)
            assert_int_equal(filter_add(&filter, word, NULL), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_terms_must_hold),
        cmocka_unit_test(an_empty_filter_lets_everything_pass),
        cmocka_unit_test(lengths_and_directions_are_asked_of_messages_only),
        cmocka_unit_test(a_kind_is_asked_of_the_records_of_its_pane),
        cmocka_unit_test(signs_say_how_a_value_is_compared),
        cmocka_unit_test(what_is_no_term_is_refused_with_a_sentence),
        cmocka_unit_test(a_ninth_term_is_refused),
        cmocka_unit_test(terms_are_written_as_they_can_be_typed),
        cmocka_unit_test(every_word_of_completion_is_a_term_or_its_beginning),
    };

    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
