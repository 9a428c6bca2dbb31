/* test_prompt.c - typing: readline behind the prompt, key by key. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/text.h"
#include "sockdeck/ui/prompt.h"
#include "sockdeck/ui/prompt_view.h"

enum { COLS = 40 };

struct fixture {
    struct prompt *prompt;
    struct prompt_view view;
    struct canvas canvas;
    char submitted[64];
    bool refuses;
};

static const char *const words[] = { "send", "sendfile", "sendhex", "set", "show", "приём" };

static bool
submit(void *ctx, enum prompt_kind kind, const char *line)
{
    struct fixture *f = ctx;

    snprintf(f->submitted, sizeof(f->submitted), "%d:%s", (int)kind, line);
    return !f->refuses;
}

static size_t
complete(void *ctx, const char *line, size_t point, size_t *start, struct candidate *list,
         size_t max)
{
    size_t count = 0;

    (void)ctx;
    for (*start = point; *start > 0 && line[*start - 1] != ' '; (*start)--)
        ;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && count < max; i++)
        if (strncmp(words[i], line + *start, point - *start) == 0) {
            snprintf(list[count].text, sizeof(list[count].text), "%s", words[i]);
            list[count++].summary = "a word";
        }
    return count;
}

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct prompt_options options = { .submit = submit, .ctx = f,
                                      .completion = { .complete = complete, .ctx = f } };

    f->prompt = prompt_open(&options, NULL);
    assert_non_null(f->prompt);
    prompt_set_label(f->prompt, "> ");
    canvas_init(&f->canvas, false);
    canvas_resize(&f->canvas, 1, COLS);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    prompt_close(f->prompt);
    canvas_fini(&f->canvas);
    free(f);
    return 0;
}

/* Feeds whole characters, as the decoder of keys does. */
static void
type(struct fixture *f, const char *text)
{
    for (size_t n = strlen(text), used; n > 0; text += used, n -= used) {
        uint32_t code;
        int length = text_decode(text, n, &code);

        used = length > 0 ? (size_t)length : 1;
        prompt_feed(f->prompt, text, used);
    }
}

static void
key(struct fixture *f, const char *bytes)
{
    prompt_feed(f->prompt, bytes, strlen(bytes));
}

/* What is drawn, without blanks at the end; the cursor's column comes back. */
static int
draw(struct fixture *f, char *text)
{
    struct area area = { 0, 0, 1, COLS };
    size_t at = 0;
    int cursor;

    canvas_clear(&f->canvas, area);
    cursor = prompt_view_draw(&f->view, f->prompt, &f->canvas, area);
    for (int col = 0; col < COLS; col++)
        if (f->canvas.cells[col].width > 0)
            at += (size_t)text_encode(text + at, f->canvas.cells[col].code[0]);
    while (at > 0 && text[at - 1] == ' ')
        at--;
    text[at] = '\0';
    return cursor;
}

static void
a_line_is_submitted_by_enter(void **state)
{
    struct fixture *f = *state;

    type(f, "ping count=3\r");
    assert_string_equal(f->submitted, "0:ping count=3");
    assert_true(prompt_is_empty(f->prompt));
}

static void
a_refused_line_stays(void **state)
{
    struct fixture *f = *state;

    f->refuses = true;
    type(f, "words\r");
    assert_string_equal(f->submitted, "0:words");
    assert_string_equal(prompt_line(f->prompt), "words");
    type(f, "!");
    assert_string_equal(prompt_line(f->prompt), "words!");
}

static void
cyrillic_and_wide_letters_are_whole(void **state)
{
    struct fixture *f = *state;
    char text[4 * COLS + 1];

    type(f, "мир 世界");
    assert_int_equal(draw(f, text), 2 + 4 + 4);
    assert_string_equal(text, "> мир 世界");
    key(f, "\177");
    assert_int_equal(draw(f, text), 2 + 4 + 2);
    assert_string_equal(text, "> мир 世");
    key(f, "\001");
    key(f, "\004");
    assert_string_equal(prompt_line(f->prompt), "ир 世");
}

static void
a_search_backwards_finds_cyrillic(void **state)
{
    struct fixture *f = *state;
    char text[4 * COLS + 1];

    type(f, "send мир\r");
    type(f, "send дом\r");
    key(f, "\022");
    assert_true(prompt_is_searching(f->prompt));
    type(f, "ми");
    draw(f, text);
    assert_non_null(strstr(text, "`ми': send мир"));
    key(f, "\r");
    assert_string_equal(f->submitted, "0:send мир");
}

static void
up_works_after_a_cancelled_search(void **state)
{
    struct fixture *f = *state;

    type(f, "one\r");
    key(f, "\022");
    type(f, "zzz");
    prompt_interrupt(f->prompt);
    assert_false(prompt_is_searching(f->prompt));
    assert_true(prompt_is_empty(f->prompt));
    key(f, "\033[A");
    assert_string_equal(prompt_line(f->prompt), "one");
}

static void
a_paste_is_undone_in_one_step(void **state)
{
    struct fixture *f = *state;

    type(f, "a ");
    prompt_paste(f->prompt, "x\r\ny\tz\033[31m\n", 12);
    assert_string_equal(prompt_line(f->prompt), "a x y z [31m");
    assert_string_equal(f->submitted, "");
    key(f, "\037");
    assert_string_equal(prompt_line(f->prompt), "a ");
}

static void
the_two_prompts_keep_their_lines_and_histories_apart(void **state)
{
    struct fixture *f = *state;

    type(f, "listen 1\r");
    type(f, "half");
    prompt_switch(f->prompt, PROMPT_SEND);
    assert_true(prompt_is_empty(f->prompt));
    type(f, "hello\r");
    assert_string_equal(f->submitted, "1:hello");
    key(f, "\020");
    assert_string_equal(prompt_line(f->prompt), "hello");
    prompt_switch(f->prompt, PROMPT_COMMAND);
    assert_string_equal(prompt_line(f->prompt), "half");
    key(f, "\020");
    assert_string_equal(prompt_line(f->prompt), "listen 1");
}

static void
tab_completes_what_is_common_and_offers_the_rest(void **state)
{
    struct fixture *f = *state;
    const struct candidates *found = prompt_candidates(f->prompt);

    type(f, "sen\t");
    assert_int_equal(found->count, 3);
    assert_int_equal(found->selected, -1);
    assert_string_equal(found->list[1].text, "sendfile");
    assert_string_equal(prompt_line(f->prompt), "send");
    key(f, "\t");
    key(f, "\t");
    assert_int_equal(found->selected, 1);
    assert_string_equal(prompt_line(f->prompt), "sendfile");
    key(f, "\033[Z");
    assert_string_equal(prompt_line(f->prompt), "send");
    type(f, "x");
    assert_int_equal(found->count, 0);
}

static void
the_only_candidate_is_taken_with_a_blank(void **state)
{
    struct fixture *f = *state;

    type(f, "x при\t");
    assert_string_equal(prompt_line(f->prompt), "x приём ");
    type(f, "sh\t");
    assert_string_equal(prompt_line(f->prompt), "x приём show ");
}

static void
tab_is_a_character_in_the_send_prompt(void **state)
{
    struct fixture *f = *state;

    prompt_switch(f->prompt, PROMPT_SEND);
    type(f, "se\t");
    assert_string_equal(prompt_line(f->prompt), "se\t");
    prompt_interrupt(f->prompt);
    type(f, ":sendf\t");
    assert_string_equal(prompt_line(f->prompt), ":sendfile ");
}

static void
a_long_line_scrolls_so_that_the_cursor_is_seen(void **state)
{
    struct fixture *f = *state;
    char text[4 * COLS + 1];

    for (int i = 0; i < 30; i++)
        type(f, "0123456789");
    assert_true(draw(f, text) < COLS);
    assert_memory_equal(text, "> …", strlen("> …"));          /* it goes on there */
    key(f, "\001");
    assert_int_equal(draw(f, text), 2);
    assert_memory_equal(text, "> 01234", 7);
    assert_string_equal(text + strlen(text) - strlen("…"), "…");
}

static void
a_control_in_the_line_is_shown_as_an_escape(void **state)
{
    struct fixture *f = *state;
    char text[4 * COLS + 1];

    prompt_set_line(f->prompt, "a\033[31mb");
    assert_int_equal(draw(f, text), 2 + 1 + 4 + 5);
    assert_string_equal(text, "> a\\x1b[31mb");
}

static void
special_keys_have_functions(void **state)
{
    struct fixture *f = *state;

    assert_true(prompt_is_bound(f->prompt, "\033[3~", 4));
    assert_true(prompt_is_bound(f->prompt, "\033[1;5C", 6));
    assert_false(prompt_is_bound(f->prompt, "\033[99~", 5));
    type(f, "ab");
    key(f, "\033[D");
    key(f, "\033[3~");
    assert_string_equal(prompt_line(f->prompt), "a");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_submitted_by_enter),
        TEST(a_refused_line_stays),
        TEST(cyrillic_and_wide_letters_are_whole),
        TEST(a_search_backwards_finds_cyrillic),
        TEST(up_works_after_a_cancelled_search),
        TEST(a_paste_is_undone_in_one_step),
        TEST(the_two_prompts_keep_their_lines_and_histories_apart),
        TEST(tab_completes_what_is_common_and_offers_the_rest),
        TEST(the_only_candidate_is_taken_with_a_blank),
        TEST(tab_is_a_character_in_the_send_prompt),
        TEST(a_long_line_scrolls_so_that_the_cursor_is_seen),
        TEST(a_control_in_the_line_is_shown_as_an_escape),
        TEST(special_keys_have_functions),
    };

    setenv("INPUTRC", "/dev/null", 1);
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("prompt", tests, NULL, NULL);
}
