/* test_call.c - calls in words, and the lens over real sockets. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <locale.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"
#include "made_record.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/net/call.h"
#include "sockdeck/net/lens.h"
#include "sockdeck/net/socket.h"

/* --- words ------------------------------------------------------------------------------ */

static void
reads(struct event *event, const char *words)
{
    struct buffer out = { 0 };

    assert_int_equal(call_write_arguments(&out, event), 0);
    assert_int_equal(buffer_add(&out, "", 1), 0);
    assert_string_equal(buffer_data(&out), words);
    buffer_fini(&out);
    test_free(event);
}

static struct event *
call(enum call_name name, int64_t result, uint32_t first, uint32_t second, const void *data,
     size_t n)
{
    struct event *event = record_new(EVENT_CALL, 1, data, n);

    event->u.call = (struct event_call) {
        .call = name, .fd = 7, .result = result, .plain = { first, second },
    };
    return event;
}

static void
plain_numbers_are_written_as_their_names(void **state)
{
    (void)state;
    reads(call(CALL_SOCKET, 7, AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NULL, 0),
          "AF_INET6, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP");
    reads(call(CALL_LISTEN, 0, 128, 0, NULL, 0), "7, 128");
    reads(call(CALL_SHUTDOWN, 0, SHUT_WR, 0, NULL, 0), "7, SHUT_WR");
    reads(call(CALL_CLOSE, 0, 0, 0, NULL, 0), "7");
    reads(call(CALL_SOCKET, -EAFNOSUPPORT, 77, SOCK_STREAM, NULL, 0),
          "0x4d, SOCK_STREAM, IPPROTO_IP");
}

static void
addresses_are_written_as_structures(void **state)
{
    struct address v4 = loopback_address("127.0.0.1", 51234), v6 = loopback_address("::1", 80);

    (void)state;
    reads(call(CALL_ACCEPT, 8, 128, SOCK_CLOEXEC | SOCK_NONBLOCK, &v4.u, v4.length),
          "7, {sa_family=AF_INET, sin_port=htons(51234), sin_addr=inet_addr(\"127.0.0.1\")}, "
          "[128 => 16], SOCK_CLOEXEC|SOCK_NONBLOCK");
    reads(call(CALL_CONNECT, -EINPROGRESS, 0, 0, &v6.u, v6.length),
          "7, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
          "inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=0}, 28");
    reads(call(CALL_GETSOCKNAME, 0, 128, 0, &v4.u, 3), "7, ..., [128 => 3]");
}

static void
options_are_written_with_their_values(void **state)
{
    const struct linger linger = { 1, 0 };
    const int one = 1, refused = ECONNREFUSED;

    (void)state;
    reads(call(CALL_SETSOCKOPT, 0, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)),
          "7, SOL_SOCKET, SO_REUSEADDR, [1], 4");
    reads(call(CALL_SETSOCKOPT, 0, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)),
          "7, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8");
    reads(call(CALL_GETSOCKOPT, 0, SOL_SOCKET, SO_ERROR, &refused, sizeof(refused)),
          "7, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]");
    reads(call(CALL_SETSOCKOPT, 0, 99, 3, &one, sizeof(one)), "7, 0x63, 0x3, [1], 4");
}

static void
bytes_are_rendered_and_cut_ones_say_so(void **state)
{
    (void)state;
    reads(call(CALL_RECVFROM, 7, 1024, 0, "a\"\033[2J\n", 7),
          "7, \"a\\\"\\x1b[2J\\n\", 1024, 0, NULL, NULL");
    reads(call(CALL_RECVFROM, 0, 1024, 0, NULL, 0), "7, \"\", 1024, 0, NULL, NULL");
    reads(call(CALL_SENDTO, 40, 40, MSG_NOSIGNAL, "01234567890123456789012345678901", 32),
          "7, \"01234567890123456789012345678901\"..., 40, MSG_NOSIGNAL, NULL, 0");
}

static void
what_is_not_known_is_dots(void **state)
{
    struct event *begun = call(CALL_ACCEPT, 0, 128, 0, NULL, 0);

    (void)state;
    begun->flags = EVENT_BEGUN;
    reads(begun, "7, ...");
    reads(call(CALL_RECVFROM, 4, 1024, 0, NULL, 0), "7, ..., 1024, 0, NULL, NULL");
    reads(call(CALL_CONNECT, 0, 0, 0, NULL, 0), "7, ..., ...");
    reads(call(CALL_SETSOCKOPT, 0, SOL_SOCKET, SO_REUSEADDR, NULL, 0),
          "7, SOL_SOCKET, SO_REUSEADDR, ...");
    reads(call(CALL_COUNT, 0, 0, 0, NULL, 0), "...");
    reads(call(CALL_RECV, 0, 0, 0, NULL, 0), "...");
}

/* --- the lens --------------------------------------------------------------------------- */

enum { KEPT_MAX = 16 };

struct watcher {
    struct lens lens;           /* first: keep casts back */
    _Atomic uint32_t on;
    struct event *kept[KEPT_MAX];
    int count;
};

static void
keep(struct lens *lens, struct event *event, const void *data, uint32_t n)
{
    struct watcher *w = (struct watcher *)(void *)lens;
    struct event *copy = record_new(EVENT_CALL, event->conn, data, n);

    assert_true(w->count < KEPT_MAX);
    memcpy(copy, event, sizeof(*event));
    copy->data_size = n;
    w->kept[w->count++] = copy;
}

static void
forget(struct watcher *w)
{
    while (w->count > 0)
        test_free(w->kept[--w->count]);
}

static void
a_lens_that_is_off_sees_nothing(void **state)
{
    struct watcher w = { .lens = { .on = &w.on, .publish = keep, .stamp_ns = 99 } };
    struct pair pair = loopback_pair("127.0.0.1");

    (void)state;
    assert_int_equal(socket_send(&w.lens, pair.dialled, "ping", 4), 4);
    assert_int_equal(w.count, 0);
    assert_int_equal(w.lens.stamp_ns, 0);
    assert_true(lens_returned_ns(&w.lens) > 0);
    loopback_close_pair(&pair);
}

static void
a_call_is_seen_with_its_result_time_and_bytes(void **state)
{
    struct watcher w = { .lens = { .on = &w.on, .publish = keep, .conn = 5 }, .on = 1 };
    struct pair pair = loopback_pair("127.0.0.1");
    char buf[64], big[100];

    (void)state;
    memset(big, 'x', sizeof(big));
    assert_int_equal(socket_send(&w.lens, pair.dialled, big, sizeof(big)), sizeof(big));
    loopback_wait(pair.accepted, POLLIN);
    assert_int_equal(socket_recv(&w.lens, pair.accepted, buf, sizeof(buf)), sizeof(buf));
    assert_int_equal(w.count, 2);
    assert_int_equal(w.kept[0]->u.call.call, CALL_SENDTO);
    assert_int_equal(w.kept[0]->u.call.fd, pair.dialled);
    assert_int_equal(w.kept[0]->conn, 5);
    assert_int_equal(w.kept[0]->data_size, CALL_SHOWN_BYTES);
    assert_int_equal(w.kept[1]->u.call.result, sizeof(buf));
    assert_true(w.kept[1]->u.call.took_ns > 0);
    assert_true(w.kept[1]->stamp_ns == lens_returned_ns(&w.lens));
    forget(&w);
    loopback_close_pair(&pair);
}

/* So that nothing it causes is stamped before it. */
static void
what_the_peer_sees_at_once_is_stamped_when_it_is_entered(void **state)
{
    static const enum call_name calls[] = { CALL_SENDTO, CALL_SHUTDOWN, CALL_CLOSE, CALL_RECVFROM };
    struct watcher w = { .lens = { .on = &w.on, .publish = keep }, .on = 1 };
    int64_t begun = clock_mono_ns() - NS_PER_S;

    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        const struct event_call call = { .call = calls[i] };

        lens_report(&w.lens, begun, &call, NULL, 0);
        assert_true(w.kept[i]->u.call.took_ns >= NS_PER_S);
        assert_true(w.kept[i]->stamp_ns ==
                    begun + (calls[i] == CALL_RECVFROM ? w.kept[i]->u.call.took_ns : 0));
        assert_true(w.kept[i]->stamp_ns == lens_entered_ns(&w.lens, 1));
    }
    forget(&w);
}

static void
an_accept_is_seen_when_it_begins_and_when_it_ends(void **state)
{
    struct watcher w = { .lens = { .on = &w.on, .publish = keep }, .on = 1 };
    struct pair pair = { .address = loopback_address("127.0.0.1", 0) };

    (void)state;
    pair.listener = loopback_listen(&pair.address, 8);
    pair.dialled = loopback_dial(&pair.address);
    pair.accepted = socket_accept(&w.lens, pair.listener, &pair.from);
    assert_int_equal(w.count, 2);
    assert_true(w.kept[0]->flags & EVENT_BEGUN);
    assert_false(w.kept[1]->flags & EVENT_BEGUN);
    assert_true(w.kept[1]->stamp_ns - w.kept[0]->stamp_ns == w.kept[1]->u.call.took_ns);
    assert_int_equal(w.kept[1]->u.call.result, pair.accepted);
    assert_memory_equal(w.kept[1]->data, &pair.from.u, sizeof(struct sockaddr_in));
    forget(&w);
    loopback_close_pair(&pair);
}

/* The report of a failure carries the stamp of the call that failed, although the
 * descriptor is closed after it. */
static void
a_failed_bind_is_the_call_that_is_reported(void **state)
{
    struct watcher w = { .lens = { .on = &w.on, .publish = keep }, .on = 1 };
    struct address address = loopback_address("127.0.0.1", 0);
    int fd = loopback_listen(&address, 8);
    enum call_name failed;

    (void)state;
    assert_int_equal(socket_listen(&w.lens, &address, 8, &failed, NULL), -EADDRINUSE);
    assert_int_equal(w.kept[w.count - 1]->u.call.call, CALL_CLOSE);
    assert_int_equal(w.kept[w.count - 2]->u.call.call, CALL_BIND);
    assert_true(lens_returned_ns(&w.lens) == w.kept[w.count - 2]->stamp_ns);
    forget(&w);
    close(fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_numbers_are_written_as_their_names),
        cmocka_unit_test(addresses_are_written_as_structures),
        cmocka_unit_test(options_are_written_with_their_values),
        cmocka_unit_test(bytes_are_rendered_and_cut_ones_say_so),
        cmocka_unit_test(what_is_not_known_is_dots),
        cmocka_unit_test(a_lens_that_is_off_sees_nothing),
        cmocka_unit_test(a_call_is_seen_with_its_result_time_and_bytes),
        cmocka_unit_test(what_the_peer_sees_at_once_is_stamped_when_it_is_entered),
        cmocka_unit_test(an_accept_is_seen_when_it_begins_and_when_it_ends),
        cmocka_unit_test(a_failed_bind_is_the_call_that_is_reported),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
