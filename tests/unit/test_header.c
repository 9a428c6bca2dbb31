/* test_header.c - the bar at the top: words stand there whole or not at all. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/ui/deck.h"

enum { ROWS = 2, MOST_COLS = 100 };

struct fixture { struct model *model; struct canvas canvas; struct deck deck; };

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    f->model = model_new(1 << 20);
    canvas_init(&f->canvas, false);
    deck_init(&f->deck, f->model, &f->canvas, NS_PER_S);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    deck_fini(&f->deck);
    canvas_fini(&f->canvas);
    model_free(f->model);
    free(f);
    return 0;
}

static struct listener *
add_listener(struct fixture *f, const char *mode_name, uint32_t workers)
{
    struct header *header = &f->deck.header;
    struct listener *listener = &header->listeners[header->count++];

    header->total++;
    *listener = (struct listener) { .id = 1, .mode = mode_index(mode_find(mode_name)),
                                    .workers = workers, .backlog = 128, .open = 3,
                                    .accepted = 62 };
    strcpy(listener->address, "127.0.0.1:10001");
    return listener;
}

static const char *
row_text(struct fixture *f, int rows, int cols, int row)
{
    static char text[4 * MOST_COLS + 1];
    size_t at = 0;

    canvas_resize(&f->canvas, rows, cols);
    header_draw(&f->deck, (struct area) { 0, 0, rows, cols });
    for (int col = 0; col < cols; col++)
        at += (size_t)text_encode(text + at, f->canvas.cells[row * cols + col].code[0]);
    while (at > 0 && text[at - 1] == ' ')
        at--;
    text[at] = '\0';
    return text;
}

static void
flags_do_not_run_into_the_totals(void **state)
{
    struct fixture *f = *state;
    struct header *header = &f->deck.header;

    header->totals.open = 2;
    header->totals.timeouts = 4;
    header->totals.errors = 1;
    header->rates.in = header->rates.out = 1100000;
    header->rates.messages = 38000;
    assert_string_equal(row_text(f, ROWS, 80, 0),
                        " sockdeck  2 open  in 1.0MB/s  out 1.0MB/s  messages 38k/s  timeouts 4"
                        "  errors 1");
    header->totals.lost = 28877;
    assert_string_equal(row_text(f, ROWS, 80, 0),
                        " sockdeck  2 open  in 1.0MB/s  out 1.0MB/s  messages 38k/s"
                        "           28877 lost");
    f->deck.is_frozen = true;
    assert_string_equal(row_text(f, ROWS, 60, 0),
                        " sockdeck  2 open  in 1.0MB/s  errors 1   FROZEN: p goes on");
}

static void
a_listener_tells_less_where_there_is_no_room(void **state)
{
    struct fixture *f = *state;

    add_listener(f, "prefork-threads", 3);
    assert_string_equal(row_text(f, ROWS, 100, 1),
                        " L1 127.0.0.1:10001  prefork-threads x3  print  queue ░░░░░░░░ 0/128"
                        "  3 open, 62 accepted");
    assert_string_equal(row_text(f, ROWS, 80, 1),
                        " L1 127.0.0.1:10001  prefork-threads x3  print  queue ░░░░░░░░ 0/128"
                        "  3 open");
    assert_string_equal(row_text(f, ROWS, 60, 1),
                        " L1 127.0.0.1:10001  prefork-threads x3  queue 0/128  3 open");
}

static void
a_flag_takes_its_room_from_the_only_row(void **state)
{
    struct fixture *f = *state;
    struct listener *listener = add_listener(f, "threads", 1);

    listener->queue.waiting = 129;
    listener->queue.limit = 128;
    f->deck.is_frozen = true;
    assert_string_equal(row_text(f, 1, 60, 0),
                        " L1 127.0.0.1:10001  threads  3 open      FROZEN: p goes on");
    f->deck.is_frozen = false;
    assert_string_equal(row_text(f, 1, 60, 0),
                        " L1 127.0.0.1:10001  threads  queue 129/128 FULL  3 open");
}

static void
messages_are_counted_in_thousands(void **state)
{
    static const struct { double rate; const char *text; } rates[] = {
        { 0, "  messages 0/s" },        { 999.4, "  messages 999/s" },
        { 999.6, "  messages 1.0k/s" }, { 2149, "  messages 2.1k/s" },
        { 9960, "  messages 10k/s" },   { 999600, "  messages 1.0M/s" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        f->deck.header.rates.messages = rates[i].rate;
        assert_non_null(strstr(row_text(f, ROWS, 80, 0), rates[i].text));
    }
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(flags_do_not_run_into_the_totals),
        TEST(messages_are_counted_in_thousands),
        TEST(a_listener_tells_less_where_there_is_no_room),
        TEST(a_flag_takes_its_room_from_the_only_row),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
