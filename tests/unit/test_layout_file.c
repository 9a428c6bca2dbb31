/* test_layout_file.c - the layout on disk: kept, private, and never trusted. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own_file.h"
#include "sockdeck/base/error.h"
#include "sockdeck/ui/layout_file.h"

static int
setup(void **state)
{
    struct own_file *f = calloc(1, sizeof(*f));

    *state = f;
    return own_file_make(f, "layout");
}

static int
teardown(void **state)
{
    own_file_remove(*state);
    free(*state);
    return 0;
}

static void
write_file(const struct own_file *f, const char *text)
{
    FILE *file = fopen(f->path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void
what_was_saved_is_loaded(void **state)
{
    struct own_file *f = *state;
    struct layout_choice saved = { .shift = -8 }, loaded = { .shift = 0 };
    struct stat st;

    saved.panes[UI_EVENTS] = PANE_HIDDEN;
    saved.panes[UI_WORKERS] = PANE_SHOWN;
    saved.grow[UI_MESSAGES] = 3;
    saved.grow[UI_CONNECTIONS] = -3;
    assert_int_equal(layout_file_save(f->path, &saved, NULL), 0);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    layout_file_load(f->path, &loaded);
    assert_memory_equal(&saved, &loaded, sizeof(saved));
}

static void
a_shorter_one_leaves_nothing_of_a_longer_one(void **state)
{
    struct own_file *f = *state;
    struct layout_choice saved = { .shift = 0 }, loaded = { .shift = 0 };

    write_file(f, "wall 100\nevents hidden 99\ncalls shown 50\nmessages hidden 12\n"
                  "connections hidden 11\nworkers shown 10\nmore\nand more\nand more and more\n");
    assert_int_equal(layout_file_save(f->path, &saved, NULL), 0);
    layout_file_load(f->path, &loaded);
    assert_memory_equal(&saved, &loaded, sizeof(saved));
}

static void
what_is_damaged_is_skipped_and_numbers_stay_within_reason(void **state)
{
    struct own_file *f = *state;
    struct layout_choice loaded = { .shift = 0 };

    write_file(f, "events gone 1\nnothing shown 1\n\033]0;x\a\nwall 99999999\nmessages shown -5000\n"
                  "workers\ncalls hidden\nevents hidden 2\n");
    layout_file_load(f->path, &loaded);
    assert_int_equal(loaded.shift, LAYOUT_SHIFT_MAX);
    assert_int_equal(loaded.panes[UI_MESSAGES], PANE_SHOWN);
    assert_int_equal(loaded.grow[UI_MESSAGES], -LAYOUT_GROW_MAX);
    assert_int_equal(loaded.panes[UI_WORKERS], PANE_AUTO);
    assert_int_equal(loaded.panes[UI_CALLS], PANE_AUTO);
    assert_int_equal(loaded.panes[UI_EVENTS], PANE_HIDDEN);
}

static void
a_link_is_refused(void **state)
{
    struct own_file *f = *state;
    struct layout_choice choice = { .shift = 4 };
    struct error err = { 0 };
    struct stat st;
    char target[128];

    snprintf(target, sizeof(target), "%s/target", f->folder);
    assert_int_equal(symlink(target, f->path), 0);
    assert_true(layout_file_save(f->path, &choice, &err) < 0);
    assert_non_null(strstr(err.text, "layout"));
    assert_non_null(strstr(err.text, "symbolic link"));
    assert_int_equal(stat(target, &st), -1);
}

int
main(void)
{
#define file_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        file_test(what_was_saved_is_loaded),
        file_test(a_shorter_one_leaves_nothing_of_a_longer_one),
        file_test(what_is_damaged_is_skipped_and_numbers_stay_within_reason),
        file_test(a_link_is_refused),
    };

    return cmocka_run_group_tests_name("layout_file", tests, NULL, NULL);
}
