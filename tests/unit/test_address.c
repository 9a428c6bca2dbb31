/* test_address.c - address: places as users write them, found and written back. */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/net/address.h"

#include "loopback.h"

static void
assert_reads(const char *word, const char *port, const char *host, uint16_t number)
{
    struct endpoint endpoint = { .host = "?" };
    struct error err = { 0 };

    if (endpoint_parse(word, port, true, &endpoint, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(endpoint.host, host);
    assert_int_equal(endpoint.port, number);
}

static void
assert_refused(const char *word, const char *port, const char *sentence)
{
    struct endpoint endpoint = { .host = "kept" };
    struct error err = { 0 };

    assert_int_equal(endpoint_parse(word, port, false, &endpoint, &err), -EINVAL);
    if (strstr(err.text, sentence) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", sentence, err.text);
    assert_string_equal(endpoint.host, "kept");
}

static void
reads_one_word(void **state)
{
    (void)state;
    assert_reads("10001", NULL, "", 10001);
    assert_reads("localhost:80", NULL, "localhost", 80);
    assert_reads("127.0.0.1:10001", NULL, "127.0.0.1", 10001);
    assert_reads("[::1]:65535", NULL, "::1", 65535);
    assert_reads("[fe80::1%lo]:1", NULL, "fe80::1%lo", 1);
    assert_reads("*:0", NULL, "*", 0);
    assert_reads(":10001", NULL, "", 10001);
    assert_reads("xn--e1afmkfd.example:7", NULL, "xn--e1afmkfd.example", 7);
    assert_reads("пример.example:7", NULL, "пример.example", 7);
    assert_reads("0", NULL, "", 0);
}

static void
reads_host_and_port_as_two_words(void **state)
{
    (void)state;
    assert_reads("localhost", "80", "localhost", 80);
    assert_reads("::1", "80", "::1", 80);
    assert_reads("[::1]", "80", "::1", 80);
    assert_reads("*", "0", "*", 0);
    assert_reads("", "80", "", 80);
    assert_reads("fe80::1%2", "80", "fe80::1%2", 80);
}

static void
knows_the_reserved_prefixes(void **state)
{
    (void)state;
    assert_reads("tcp:10001", NULL, "", 10001);
    assert_reads("tcp:localhost:80", NULL, "localhost", 80);
    assert_reads("tcp:[::1]:80", NULL, "::1", 80);
    assert_reads("tcp:localhost", "80", "localhost", 80);
    assert_refused("udp:10001", NULL, "\"udp:10001\" starts with udp:, which is reserved");
    assert_refused("unix:/tmp/x", NULL, "starts with unix:, which is reserved");
    assert_refused("TLS:host:443", NULL, "starts with tls:, which is reserved");
    assert_refused("tls:host", "443", "which is reserved");
}

static void
the_sentence_for_a_bad_port_names_the_range(void **state)
{
    struct endpoint endpoint;
    struct error err = { 0 };

    (void)state;
    assert_int_equal(endpoint_parse("65536", NULL, false, &endpoint, &err), -EINVAL);
    assert_string_equal(err.text, "\"65536\" is not a port: ports are 1 to 65535");
    assert_int_equal(endpoint_parse("65536", NULL, true, &endpoint, &err), -EINVAL);
    assert_string_equal(err.text,
                        "\"65536\" is not a port: ports are 1 to 65535, and 0 takes a free one");
    assert_refused("0", NULL, "ports are 1 to 65535");
    assert_refused("localhost:0", NULL, "ports are 1 to 65535");
    assert_refused("localhost", "99999999999999999999", "ports are 1 to 65535");
    assert_refused("4294967297", NULL, "ports are 1 to 65535");
    assert_refused("localhost:http", NULL, "\"http\" is not a port");
    assert_refused("localhost:", NULL, "is not a port");
    assert_refused("localhost:-1", NULL, "is not a port");
    assert_refused("localhost:+1", NULL, "is not a port");
    assert_refused("localhost: 1", NULL, "is not a port");
    assert_refused("localhost:0x50", NULL, "is not a port");
    assert_refused("localhost", "", "is not a port");
}

static void
refuses_what_is_no_address(void **state)
{
    (void)state;
    assert_refused("", NULL, "neither a port nor an address");
    assert_refused("localhost", NULL, "\"localhost\" is neither a port nor an address with one");
    assert_refused("*", NULL, "neither a port nor an address");
    assert_refused("-5", NULL, "neither a port nor an address");
    assert_refused("::1", NULL, "write [IPV6]:PORT");
    assert_refused("fe80::1%lo", NULL, "write [IPV6]:PORT");
    assert_refused("a:b:80", NULL, "is not an address");
    assert_refused("http://example.org:80", NULL, "is not an address");
    assert_refused("[::1]", NULL, "is not an address");
    assert_refused("[::1]80", NULL, "is not an address");
    assert_refused("[::1", NULL, "is not an address");
    assert_refused("[host]:80", NULL, "is not an address");
    assert_refused("[]:80", NULL, "is not an address");
    assert_refused("[:80", NULL, "is not an address");
    assert_refused("host:80", "90", "is not an address");
    assert_refused("[host]", "90", "is not an address");
    assert_refused("/etc/passwd:80", NULL, "in no host name");
}

static void
refuses_characters_that_are_in_no_name(void **state)
{
    static const char *const words[] = {
        "ho st:80", "\x1b[2Jhost:80", "host\n:80", "\thost:80", "ho\x7fst:80", "h\xff:80",
        "h\xc0\xaf:80", "ho\"st:80", "\x01:80",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct endpoint endpoint;
        struct error err = { 0 };

        assert_int_equal(endpoint_parse(words[i], NULL, false, &endpoint, &err), -EINVAL);
        for (const char *p = err.text; *p != '\0'; p++)
            assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
    }
    assert_refused("host\n", "80", "\"host\\n\" holds characters that are in no host name");
}

static void
refuses_a_host_that_is_too_long(void **state)
{
    char word[300];

    (void)state;
    memset(word, 'h', sizeof(word));
    memcpy(word + 255, ":80", 4);
    word[256 + 3] = '\0';
    assert_int_equal(endpoint_parse(word, NULL, false, &(struct endpoint){ 0 }, NULL), 0);
    memset(word, 'h', sizeof(word));
    memcpy(word + 256, ":80", 4);
    assert_refused(word, NULL, "is too long for a host name");
}

static void
the_default_is_loopback_and_the_star_is_every_address(void **state)
{
    struct address address;
    char text[ADDRESS_TEXT];

    (void)state;
    address = loopback_address("", 10001);
    assert_string_equal(address_text(&address, text), "127.0.0.1:10001");

    address = loopback_address("*", 10001);
    assert_string_equal(address_text(&address, text), "0.0.0.0:10001");

    address = loopback_address("LocalHost", 1);
    assert_string_equal(address_text(&address, text), "127.0.0.1:1");
}

static void
numeric_hosts_need_no_name_server(void **state)
{
    struct address address;
    char text[ADDRESS_TEXT];

    (void)state;
    address = loopback_address("10.1.2.3", 65535);
    assert_string_equal(address_text(&address, text), "10.1.2.3:65535");
    address = loopback_address("::1", 80);
    assert_string_equal(address_text(&address, text), "[::1]:80");
    address = loopback_address("::", 80);
    assert_string_equal(address_text(&address, text), "[::]:80");
    address = loopback_address("2001:DB8:0:0:0:0:0:1", 80);
    assert_string_equal(address_text(&address, text), "[2001:db8::1]:80");
    address = loopback_address("::ffff:127.0.0.5", 80);
    assert_string_equal(address_text(&address, text), "[::ffff:127.0.0.5]:80");
}

static void
names_are_left_to_the_resolver(void **state)
{
    struct endpoint endpoint = { .host = "name.invalid", .port = 80 };
    struct address address;

    (void)state;
    assert_int_equal(endpoint_address(&endpoint, &address), -EAGAIN);
    strcpy(endpoint.host, "256.1.1.1");
    assert_int_equal(endpoint_address(&endpoint, &address), -EAGAIN);
    strcpy(endpoint.host, "::g");
    assert_int_equal(endpoint_address(&endpoint, &address), -EAGAIN);
}

static void
an_interface_is_read_by_name_and_written_as_a_number(void **state)
{
    unsigned lo = if_nametoindex("lo");
    struct endpoint endpoint;
    struct address address, again;
    char text[ADDRESS_TEXT], expected[ADDRESS_TEXT];

    (void)state;
    if (lo == 0)
        skip();
    address = loopback_address("fe80::1%lo", 80);
    assert_int_equal(address.u.in6.sin6_scope_id, lo);
    snprintf(expected, sizeof(expected), "[fe80::1%%%u]:80", lo);
    assert_string_equal(address_text(&address, text), expected);
    assert_int_equal(endpoint_parse(text, NULL, false, &endpoint, NULL), 0);
    assert_int_equal(endpoint_address(&endpoint, &again), 0);
    loopback_assert_same(&address, &again);
}

static void
the_longest_address_fits_its_text(void **state)
{
    struct address address = loopback_address("fe80:1111:2222:3333:4444:5555:6666:7777", 65535);
    char text[ADDRESS_TEXT];

    (void)state;
    address.u.in6.sin6_scope_id = UINT32_MAX;
    assert_string_equal(address_text(&address, text),
                        "[fe80:1111:2222:3333:4444:5555:6666:7777%4294967295]:65535");
}

static void
an_empty_address_is_harmless(void **state)
{
    struct address none = { 0 };
    char text[ADDRESS_TEXT];

    (void)state;
    assert_string_equal(address_text(&none, text), "none");
}

static void
localhost_resolves_to_both_loopbacks_without_a_resolver(void **state)
{
    struct endpoint endpoint = { .host = "localhost", .port = 80 };
    struct address list[4];
    char text[ADDRESS_TEXT];

    (void)state;
    assert_int_equal(endpoint_resolve(&endpoint, list, 4, NULL), 2);
    assert_string_equal(address_text(&list[0], text), "127.0.0.1:80");
    assert_string_equal(address_text(&list[1], text), "[::1]:80");
    assert_int_equal(endpoint_resolve(&endpoint, list, 1, NULL), 1);
    strcpy(endpoint.host, "10.0.0.1");
    assert_int_equal(endpoint_resolve(&endpoint, list, 4, NULL), 1);
    assert_string_equal(address_text(&list[0], text), "10.0.0.1:80");
}

/* A label of 64 letters is refused by the resolver itself: no server is asked. */
static void
a_name_that_does_not_resolve_says_why(void **state)
{
    struct endpoint endpoint = { .port = 80 };
    struct address list[2];
    struct error err = { 0 };

    (void)state;
    memset(endpoint.host, 'n', 64);
    strcpy(endpoint.host + 64, ".invalid");
    assert_int_equal(endpoint_resolve(&endpoint, list, 2, &err), -ENOENT);
    assert_int_equal(err.code, -ENOENT);
    assert_non_null(strstr(err.text, "cannot resolve \"nnnnnnnnnn"));
    assert_non_null(strstr(err.text, gai_strerror(EAI_NONAME)));
}

static void
a_name_that_cannot_exist_is_known_at_once(void **state)
{
    struct endpoint endpoint = { .host = "fe80::1%no-such-interface", .port = 80 };
    struct address list[2];
    struct error err = { 0 };

    (void)state;
    assert_int_equal(endpoint_resolve(&endpoint, list, 2, &err), -ENOENT);
    assert_int_equal(endpoint_resolve(&endpoint, list, 0, &err), -EINVAL);
}

static void
wildcards_are_told_from_addresses(void **state)
{
    static const struct { const char *host; bool is_wildcard; } cases[] = {
        { "*", true }, { "0.0.0.0", true }, { "::", true }, { "::ffff:0.0.0.0", true },
        { "127.0.0.1", false }, { "::1", false }, { "::ffff:127.0.0.1", false },
    };
    struct address address = { .length = 0 };

    (void)state;
    assert_false(address_is_wildcard(&address));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct endpoint endpoint = { .port = 80 };

        strcpy(endpoint.host, cases[i].host);
        assert_int_equal(endpoint_address(&endpoint, &address), 0);
        if (address_is_wildcard(&address) != cases[i].is_wildcard)
            fail_msg("%s", cases[i].host);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_one_word),
        cmocka_unit_test(reads_host_and_port_as_two_words),
        cmocka_unit_test(knows_the_reserved_prefixes),
        cmocka_unit_test(the_sentence_for_a_bad_port_names_the_range),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(refuses_characters_that_are_in_no_name),
        cmocka_unit_test(refuses_a_host_that_is_too_long),
        cmocka_unit_test(the_default_is_loopback_and_the_star_is_every_address),
        cmocka_unit_test(numeric_hosts_need_no_name_server),
        cmocka_unit_test(names_are_left_to_the_resolver),
        cmocka_unit_test(an_interface_is_read_by_name_and_written_as_a_number),
        cmocka_unit_test(the_longest_address_fits_its_text),
        cmocka_unit_test(an_empty_address_is_harmless),
        cmocka_unit_test(localhost_resolves_to_both_loopbacks_without_a_resolver),
        cmocka_unit_test(a_name_that_does_not_resolve_says_why),
        cmocka_unit_test(a_name_that_cannot_exist_is_known_at_once),
        cmocka_unit_test(wildcards_are_told_from_addresses),
    };

    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
