/* test_handler.c - handler: what each one answers. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/serve/handler.h"

static void
has_an_entry_for_each_name(void **state)
{
    (void)state;
    for (int id = 0; id < HANDLER_COUNT; id++) {
        assert_string_equal(handlers[id].name, handler_names[id].name);
        assert_string_equal(handlers[id].summary, handler_names[id].summary);
        assert_non_null(handlers[id].answer);
        assert_ptr_equal(handler_get((uint8_t)id), &handlers[id]);
    }
}

static void
takes_print_for_a_number_that_is_none(void **state)
{
    (void)state;
    assert_string_equal(handler_get(200)->name, "print");
}

static void
print_and_stall_answer_nothing(void **state)
{
    (void)state;
    assert_int_equal(handlers[HANDLER_PRINT].answer("ping", 4).n, 0);
    assert_true(handlers[HANDLER_PRINT].reads);
    assert_int_equal(handlers[HANDLER_STALL].answer("ping", 4).n, 0);
    assert_false(handlers[HANDLER_STALL].reads);
}

static void
echo_answers_the_same_bytes(void **state)
{
    static const char message[] = "a\0b";
    struct answer answer = handlers[HANDLER_ECHO].answer(message, 3);

    (void)state;
    assert_int_equal(answer.n, 3);
    assert_memory_equal(answer.data, message, 3);
    assert_true(handlers[HANDLER_ECHO].answers);
}

static void
pong_answers_pong_whatever_came(void **state)
{
    struct answer answer = handlers[HANDLER_PONG].answer("anything", 8);

    (void)state;
    assert_int_equal(answer.n, 4);
    assert_memory_equal(answer.data, "pong", 4);
    assert_true(handlers[HANDLER_PONG].answers);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_an_entry_for_each_name),
        cmocka_unit_test(takes_print_for_a_number_that_is_none),
        cmocka_unit_test(print_and_stall_answer_nothing),
        cmocka_unit_test(echo_answers_the_same_bytes),
        cmocka_unit_test(pong_answers_pong_whatever_came),
    };

    return cmocka_run_group_tests_name("handler", tests, NULL, NULL);
}
