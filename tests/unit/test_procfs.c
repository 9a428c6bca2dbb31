/* test_procfs.c - procfs: small files of /proc. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/procfs.h"

static void
reads_a_file_that_has_no_size(void **state)
{
    struct buffer text = { 0 };
    char line[32];

    (void)state;
    snprintf(line, sizeof(line), "\nPid:\t%d\n", (int)getpid());
    assert_int_equal(procfs_read(&text, "/proc/self/status"), 0);
    assert_non_null(strstr(buffer_data(&text), line));
    buffer_fini(&text);
}

static void
what_cannot_be_read_is_empty(void **state)
{
    struct buffer text = { 0 };

    (void)state;
    assert_int_equal(procfs_read(&text, "/proc/self/status"), 0);
    assert_int_equal(procfs_read(&text, "/proc/self/no-such-file"), -ENOENT);
    assert_string_equal(buffer_data(&text), "");
    buffer_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_file_that_has_no_size),
        cmocka_unit_test(what_cannot_be_read_is_empty),
    };

    return cmocka_run_group_tests_name("procfs", tests, NULL, NULL);
}
