/* test_channel.c - requests and descriptors through a channel, and what is not a request. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/serve/channel.h"
#include "sockdeck/serve/request.h"

static int
open_pair(void **state)
{
    int *pair = test_malloc(2 * sizeof(int));

    *state = pair;
    return channel_open(pair);
}

static int
close_pair(void **state)
{
    int *pair = *state;

    for (int i = 0; i < 2; i++)
        if (pair[i] != -1)
            close(pair[i]);
    test_free(pair);
    return 0;
}

static void
carries_a_request_with_its_data(void **state)
{
    int *pair = *state;
    struct request out = { .id = 7, .type = REQUEST_SEND, .conn = 3, .data_size = 5 };
    struct request in;
    char data[REQUEST_DATA_MAX];

    assert_int_equal(channel_receive_request(pair[1], &in, data), -EAGAIN);
    assert_int_equal(channel_send_request(pair[0], &out, "hello"), 0);
    assert_int_equal(channel_receive_request(pair[1], &in, data), 1);
    assert_int_equal(in.id, 7);
    assert_int_equal(in.conn, 3);
    assert_memory_equal(data, "hello", 5);
}

static void
carries_the_largest_request_and_says_when_it_is_full(void **state)
{
    int *pair = *state;
    struct request out = { .type = REQUEST_SEND, .data_size = REQUEST_DATA_MAX };
    static char data[REQUEST_DATA_MAX];
    struct request in;
    int sent = 0, rc;

    while ((rc = channel_send_request(pair[0], &out, data)) == 0)
        sent++;
    assert_int_equal(rc, -EAGAIN);
    assert_true(sent >= 1);
    for (int i = 0; i < sent; i++)
        assert_int_equal(channel_receive_request(pair[1], &in, data), 1);
    assert_int_equal(channel_send_request(pair[0], &out, data), 0);
}

static void
refuses_a_message_that_is_no_request(void **state)
{
    int *pair = *state;
    struct request in;
    char data[REQUEST_DATA_MAX];
    struct request lies = { .data_size = 10 };

    assert_int_equal(send(pair[0], "short", 5, 0), 5);
    assert_int_equal(channel_receive_request(pair[1], &in, data), -EPROTO);
    assert_int_equal(send(pair[0], &lies, sizeof(lies), 0), sizeof(lies));
    assert_int_equal(channel_receive_request(pair[1], &in, data), -EPROTO);
}

static void
tells_the_death_of_the_other_side(void **state)
{
    int *pair = *state;
    struct request request = { 0 };
    char data[REQUEST_DATA_MAX];

    close(pair[0]);
    pair[0] = -1;
    assert_int_equal(channel_receive_request(pair[1], &request, data), 0);
    assert_int_equal(channel_send_request(pair[1], &request, NULL), -EPIPE);
}

static void
hands_descriptors_over_that_no_other_program_inherits(void **state)
{
    int *pair = *state;
    int ends[2], got[2];
    char head;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(channel_send(pair[0], "h", 1, NULL, 0, ends, 2), 0);
    assert_int_equal(channel_receive(pair[1], &head, 1, got, 2), 1);
    assert_true(got[0] >= 0 && got[1] >= 0);
    assert_true(fcntl(got[0], F_GETFD) & FD_CLOEXEC);
    assert_int_equal(write(got[1], "x", 1), 1);
    assert_int_equal(read(ends[0], &head, 1), 1);
    assert_int_equal(head, 'x');
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(got[i]);
    }
    /* Without descriptors the places say so. */
    assert_int_equal(channel_send(pair[0], "h", 1, NULL, 0, NULL, 0), 0);
    assert_int_equal(channel_receive(pair[1], &head, 1, got, 2), 1);
    assert_int_equal(got[0], -1);
    assert_int_equal(got[1], -1);
}

#define CHANNEL_TEST(name) cmocka_unit_test_setup_teardown(name, open_pair, close_pair)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHANNEL_TEST(carries_a_request_with_its_data),
        CHANNEL_TEST(carries_the_largest_request_and_says_when_it_is_full),
        CHANNEL_TEST(refuses_a_message_that_is_no_request),
        CHANNEL_TEST(tells_the_death_of_the_other_side),
        CHANNEL_TEST(hands_descriptors_over_that_no_other_program_inherits),
    };

    return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
