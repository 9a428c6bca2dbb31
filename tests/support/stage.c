/* stage.c - one sockdeck and a few peers for each test, none left behind. */
#include "config.h"

#include "stage.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "test.h"

int
stage_setup(void **state)
{
    struct stage *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return -1;
    s->subject = *state;
    *state = s;
    family_adopt();
    return 0;
}

void
stage_clear(struct stage *s)
{
    if (s->batch.events != NULL)
        batch_stop(&s->batch);
    for (int i = 0; i < STAGE_PEERS; i++)
        process_stop(&s->peers[i]);
}

int
stage_teardown(void **state)
{
    struct stage *s = *state;

    stage_clear(s);
    free(s);
    family_expect_none();
    return 0;
}

void
stage_listen(struct stage *s, const char *line)
{
    if (s->batch.events == NULL)
        batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "%s", line), 0);
    snprintf(s->port, sizeof(s->port), "%d", batch_port(&s->batch));
}

int
stage_run(struct stage *s, const char *format, ...)
{
    char line[512];
    va_list ap;

    va_start(ap, format);
    vsnprintf(line, sizeof(line), format, ap);
    va_end(ap);
    process_write(&s->batch.process, line);
    process_write(&s->batch.process, "\n");
    return batch_done(&s->batch);
}

void
stage_quit(struct stage *s, int status)
{
    process_write(&s->batch.process, "quit\n");
    assert_int_equal(batch_wait(&s->batch), status);
}

double
stage_listener_number(struct stage *s, const char *key)
{
    json_t *rows;

    assert_int_equal(stage_run(s, "show listeners"), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    return json_number_value(json_object_get(json_array_get(rows, 0), key));
}

void
stage_expect_open(struct stage *s, int n)
{
    int64_t until = clock_mono_ns() + 10 * NS_PER_S;

    while ((int)stage_listener_number(s, "open") != n) {
        assert_true(clock_mono_ns() < until);
        assert_int_equal(stage_run(s, "wait 10ms"), 0);
    }
    assert_int_equal(stage_run(s, "wait 150ms"), 0);
    assert_int_equal(stage_listener_number(s, "open"), n);
}

const char *
stage_free_port(struct stage *s)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    snprintf(s->port, sizeof(s->port), "%d", ntohs(address.sin_port));
    return s->port;
}
