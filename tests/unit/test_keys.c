/* test_keys.c - keys from bytes, as terminals send them. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "sockdeck/ui/keys.h"
#include "sockdeck/ui/sequences.h"

/* Bytes on their way; '\1' stands for "nothing there now". */
struct source { const char *p; struct raw_key special; };

static bool
get(void *ctx, struct raw_key *raw)
{
    struct source *source = ctx;

    *raw = (struct raw_key) { .byte = -1 };
    if (*source->p == '\2') {           /* the special key */
        source->p++;
        *raw = source->special;
        return true;
    }
    if (*source->p == '\1') {
        source->p++;
        return false;
    }
    if (*source->p == '\0')
        return false;
    raw->byte = (unsigned char)*source->p++;
    return true;
}

static bool
is_bound(void *ctx, const char *sequence, size_t n)
{
    (void)ctx;
    return n == 4 && memcmp(sequence, "\033[3~", 4) == 0;
}

static struct keys
keys_from(struct source *source, const char *bytes)
{
    *source = (struct source) { .p = bytes };
    return (struct keys) { .get = get, .is_bound = is_bound, .ctx = source, .is_utf8 = true };
}

static void
a_character_split_over_two_reads_is_one_key(void **state)
{
    struct source source;
    struct keys keys = keys_from(&source, "\xd0\1\xbf");
    struct keypress key;

    (void)state;
    assert_false(keys_next(&keys, &key));
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 0x43f);
    assert_int_equal(key.size, 2);
    assert_memory_equal(key.text, "\xd0\xbf", 2);
}

static void
esc_with_nothing_behind_it_is_the_esc_key(void **state)
{
    struct source source;
    struct keys keys = keys_from(&source, "\033\1a");
    struct keypress key;

    (void)state;
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, KEYS_ESC);
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 'a');
}

static void
esc_and_a_character_are_alt(void **state)
{
    struct source source;
    struct keys keys = keys_from(&source, "\033s\033\xd0\xbf");
    struct keypress key;

    (void)state;
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 's' | KEYS_META);
    assert_memory_equal(key.text, "\033s", 2);
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 0x43f | KEYS_META);
    assert_int_equal(key.size, 3);
}

static void
a_sequence_is_a_key_only_when_it_is_bound(void **state)
{
    struct source source;
    struct keys keys = keys_from(&source, "\033[3~\033[99;5Xb");
    struct keypress key;

    (void)state;
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, KEYS_OTHER);
    assert_memory_equal(key.text, "\033[3~", 4);
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 'b');
}

static void
a_paste_is_one_key_whatever_is_in_it(void **state)
{
    struct source source;
    struct keys keys = keys_from(&source, "\2a\033\nb\1c");
    struct keypress key;

    (void)state;
    source.special = (struct raw_key) { .byte = -1, .code = KEYS_PASTE_BEGIN };
    assert_false(keys_next(&keys, &key));
    assert_false(keys_next(&keys, &key));
    source.p = "\2d";
    source.special.code = KEYS_PASTE_END;
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, KEYS_PASTE);
    assert_int_equal(buffer_size(&keys.paste), 5);
    assert_memory_equal(buffer_data(&keys.paste), "a\033\nbc", 5);
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 'd');
    keys_fini(&keys);
}

static void
invalid_bytes_come_through_one_by_one(void **state)
{
    struct source source;
    struct keys keys = keys_from(&source, "\xff" "a");
    struct keypress key;

    (void)state;
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, KEYS_OTHER);
    assert_int_equal(key.size, 1);
    assert_true(keys_next(&keys, &key));
    assert_int_equal(key.code, 'a');
}

static void
keys_have_the_names_that_people_use(void **state)
{
    char name[16];

    (void)state;
    assert_string_equal(keys_name(name, KEYS_F10), "F10");
    assert_string_equal(keys_name(name, KEYS_CTRL('L')), "Ctrl-L");
    assert_string_equal(keys_name(name, 's' | KEYS_META), "Alt-S");
    assert_string_equal(keys_name(name, KEYS_PGUP), "PgUp");
    assert_string_equal(keys_name(name, 'G'), "G");
}

static void
what_terminals_usually_send_is_a_key_with_a_name_of_its_own(void **state)
{
    char name[16];

    (void)state;
    for (const struct key_sequence *usual = usual_sequences; usual->bytes != NULL; usual++) {
        assert_int_equal(usual->bytes[0], 27);
        assert_int_equal(keys_find(keys_name(name, usual->code)), usual->code);
    }
    assert_int_equal(keys_find("delete"), KEYS_DELETE);
    assert_string_equal(sequence_of(KEYS_DELETE), "\033[3~");
    assert_null(sequence_of(KEYS_F1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_split_over_two_reads_is_one_key),
        cmocka_unit_test(esc_with_nothing_behind_it_is_the_esc_key),
        cmocka_unit_test(esc_and_a_character_are_alt),
        cmocka_unit_test(a_sequence_is_a_key_only_when_it_is_bound),
        cmocka_unit_test(a_paste_is_one_key_whatever_is_in_it),
        cmocka_unit_test(invalid_bytes_come_through_one_by_one),
        cmocka_unit_test(keys_have_the_names_that_people_use),
        cmocka_unit_test(what_terminals_usually_send_is_a_key_with_a_name_of_its_own),
    };

    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
