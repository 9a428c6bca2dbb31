/* test_table.c - table: cells in, the words of a person out. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/model/table.h"

static const struct column columns[] = {
    { .key = "id", .title = "ID", .right = true },
    { .key = "peer", .title = "PEER" },
    { .key = "limit", .title = "LIMIT" },
    { .key = "dialled", .title = "DIALLED" },
};

static const char *
text_of(const struct table *table, size_t row, size_t column)
{
    static char buf[64];

    return table_cell_text(table_cell(table, row, column), buf);
}

static void
cells_read_as_a_person_reads_them(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "connections", columns, 4);
    table_row(&table);
    table_number(&table, 0, 3);
    table_text(&table, 1, "%s:%d", "127.0.0.1", 10001);
    table_seconds(&table, 2, 5 * INT64_C(1000000000));
    table_bool(&table, 3, true);
    table_row(&table);
    table_number(&table, 0, 0.5);
    table_seconds(&table, 2, DURATION_NONE);
    table_bool(&table, 3, false);

    assert_string_equal(text_of(&table, 0, 0), "3");
    assert_string_equal(text_of(&table, 0, 1), "127.0.0.1:10001");
    assert_string_equal(text_of(&table, 0, 2), "5 s");
    assert_string_equal(text_of(&table, 0, 3), "yes");
    assert_string_equal(text_of(&table, 1, 0), "0.5");
    assert_string_equal(text_of(&table, 1, 1), "");
    assert_int_equal(table_cell(&table, 1, 1)->kind, CELL_EMPTY);
    assert_string_equal(text_of(&table, 1, 2), "none");
    assert_string_equal(text_of(&table, 1, 3), "no");
    table_fini(&table);
}

static void
a_duration_keeps_its_decimals_that_say_something(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "timeouts", columns, 4);
    table_row(&table);
    table_seconds(&table, 0, INT64_C(200000000));
    table_seconds(&table, 1, INT64_C(1500000000));
    table_seconds(&table, 2, INT64_C(87120));
    table_seconds(&table, 3, 0);
    assert_string_equal(text_of(&table, 0, 0), "200 ms");
    assert_string_equal(text_of(&table, 0, 1), "1.5 s");
    assert_string_equal(text_of(&table, 0, 2), "87.12 us");
    assert_string_equal(text_of(&table, 0, 3), "0");        /* as it is typed */
    table_fini(&table);
}

static void
a_number_keeps_its_decimals_that_say_something(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "load", columns, 4);
    table_row(&table);
    table_number(&table, 0, 49.2);
    table_number(&table, 1, 1200);
    table_number(&table, 2, 0.0625);
    table_number(&table, 3, 99.9999);
    assert_string_equal(text_of(&table, 0, 0), "49.2");
    assert_string_equal(text_of(&table, 0, 1), "1200");
    assert_string_equal(text_of(&table, 0, 2), "0.0625");
    assert_string_equal(text_of(&table, 0, 3), "100");
    table_fini(&table);
}

static void
many_rows_keep_their_cells(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "connections", columns, 4);
    for (int i = 0; i < 1000; i++) {
        table_row(&table);
        table_number(&table, 0, i);
        table_text(&table, 1, "peer %d", i);
        table_text(&table, 1, "again %d", i);
    }
    assert_int_equal(table.row_count, 1000);
    assert_string_equal(text_of(&table, 777, 0), "777");
    assert_string_equal(text_of(&table, 777, 1), "again 777");
    table_fini(&table);
    assert_int_equal(table.row_count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_read_as_a_person_reads_them),
        cmocka_unit_test(a_duration_keeps_its_decimals_that_say_something),
        cmocka_unit_test(a_number_keeps_its_decimals_that_say_something),
        cmocka_unit_test(many_rows_keep_their_cells),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
