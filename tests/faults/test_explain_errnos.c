/* test_explain_errnos.c - every errno in the table behind `explain` is shown by the real
 * program when its call returns it.
 *
 * What no peer, no name and no network provokes is put into the calls by strace(1). In a
 * box, since some of it takes files of name resolution that are made for it. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "walk.h"

static bool is_in_box;

static void
need_box(void)
{
    if (!is_in_box)
        skip();
}

static void
expect_errno(struct stage *s, const char *call, const char *name)
{
    json_t *error = batch_event(&s->batch, "error", 0);

    if (strcmp(event_string(error, "errno"), name) != 0)
        fail_msg("%s shows %s", name, event_string(error, "text"));
    if (call != NULL)
        assert_event_string(error, "call", call);
    if (explain_find(EXPLAINS_CALL, event_string(error, "call")) == NULL)
        fail_msg("%s is not explained", event_string(error, "call"));
}

/* --- put in by strace ---------------------------------------------------------------------- */

/* Which calls are made to fail, in the order of preference: the first one that the
 * entry names. command makes the call for the first time. */
static const struct {
    const char *call, *inject, *command;
} injections[] = {
    { "connect", "connect", "connect 1" },
    { "bind", "bind", "listen 0" },
    { "socket", "socket", "listen 0" },
    { "setsockopt", "setsockopt", "listen 0" },
    { "recv", "recvfrom", "connect PORT" },
    { "send", "sendto", "connect PORT" },
    { "shutdown", "shutdown", "connect PORT" },
    { "accept4", "accept4", "listen 0" },
    { "any", "connect", "connect 1" },
};

static size_t
injection_of(const struct explanation *entry)
{
    const char *best = NULL;
    size_t found = 0;

    for (size_t i = 0; i < sizeof(injections) / sizeof(injections[0]); i++) {
        const char *at = strstr(entry->calls, injections[i].call);

        if (at != NULL && (best == NULL || at < best)) {
            best = at;
            found = i;
        }
    }
    if (best == NULL)
        fail_msg("%s: no call can be made to return it: %s", entry->word, entry->calls);
    return found;
}

static void
need_strace(void)
{
    if (system("strace -f -o /dev/null -e trace=none true 2>/dev/null") == 0)
        return;
    print_message("SKIP: strace(1) is missing, or may not trace here\n");
    skip();
}

/* Starts a batch in which the first such call returns that errno. */
static void
start_injected(struct stage *s, const char *call, const char *name)
{
    char trace[64], inject[64];

    snprintf(trace, sizeof(trace), "trace=%s", call);
    snprintf(inject, sizeof(inject), "inject=%s:error=%s:when=1", call, name);
    batch_start_as(&s->batch, (const char *const[]) {
        "strace", "-f", "-q", "-o", "/dev/null", "-e", trace, "-e", inject,
        "./sockdeck", "--no-rc", "--batch", "--json", NULL });
}

/* A connection of ours to a Python server that has sent something. */
static void
make_first_call(struct stage *s, const char *call, const char *command)
{
    struct process *server = &s->peers[0];

    if (strstr(command, "PORT") == NULL) {
        stage_run(s, "%s", command);
        if (strcmp(call, "accept4") == 0)
            stage_run(s, "connect %d", batch_port(&s->batch));
        return;
    }
    peer_start(server, "listening_server.py", NULL);
    assert_int_equal(stage_run(s, "connect %ld", process_number(server)), 0);
    process_write(server, "send bytes\n");
    if (strcmp(call, "sendto") == 0)
        stage_run(s, "send #1 hello");
    if (strcmp(call, "shutdown") == 0)
        stage_run(s, "shutdown #1 write");
}

static void
end(struct stage *s)
{
    process_write(&s->batch.process, "quit\n");
    batch_wait(&s->batch);
}

static void
put_in_errno(struct stage *s, const struct explanation *entry)
{
    size_t at = injection_of(entry);

    start_injected(s, injections[at].inject, entry->word);
    make_first_call(s, injections[at].inject, injections[at].command);
    expect_errno(s, NULL, entry->word);
    end(s);
}

/* --- provoked ------------------------------------------------------------------------------ */

/* From now on names are looked for in this box's files, and nowhere else. */
static void
resolve_by_files(void)
{
    box_need("grep -q '^hosts: files$' /etc/nsswitch.conf || {"
             " f=$(mktemp) && echo 'hosts: files' >$f &&"
             " mount --bind $f /etc/nsswitch.conf && rm -f $f; }");
}

static void
fail_to_resolve(struct stage *s, const char *name, const char *errno_name)
{
    resolve_by_files();
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %s:80", name), 6);
    expect_errno(s, "getaddrinfo", errno_name);
    expect_explained(s, errno_name);
    end(s);
}

static void
name_nobody(struct stage *s)
{
    fail_to_resolve(s, "no.such.name.invalid", "ENOENT");
}

/* A label neither begins nor ends with a hyphen. */
static void
name_what_no_dns_can_hold(struct stage *s)
{
    fail_to_resolve(s, "-\xc3\xbc-.invalid", "EILSEQ");
}

static void
break_the_file_of_hosts(struct stage *s)
{
    resolve_by_files();
    batch_start_as(&s->batch, (const char *const[]) {
        "strace", "-f", "-q", "-o", "/dev/null", "-P", "/etc/hosts", "-e", "inject=read:error=EIO",
        "./sockdeck", "--no-rc", "--batch", "--json", NULL });
    assert_int_equal(stage_run(s, "connect no.such.name.invalid:80"), 6);
    expect_errno(s, "getaddrinfo", "EIO");
    end(s);
}

static void
forbid_to_wait(struct stage *s)
{
    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s read-timeout=0", s->port), 0);
    expect_errno(s, "recv", "EAGAIN");
    end(s);
}

static void
forbid_to_wait_for_the_handshake(struct stage *s)
{
    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s connect-timeout=0", s->port), 0);
    expect_errno(s, "connect", "EINPROGRESS");
    end(s);
}

/* A worker that is blocked in accept is woken by a signal, and the lens sees how. */
static void
interrupt_accept(struct stage *s)
{
    json_t *call;

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "calls on"), 0);
    stage_listen(s, "listen 0 mode=prefork workers=1");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 0);      /* so that it has begun to accept */
    assert_int_equal(stage_run(s, "close #1"), 0);
    batch_event(&s->batch, "closed", 2);
    assert_int_equal(stage_run(s, "mode threads"), 0);
    do {
        call = batch_event(&s->batch, "call", 0);
    } while (!event_has(call, "errno") || strcmp(event_string(call, "errno"), "EINTR") != 0);
    assert_event_string(call, "call", "accept4");
    end(s);
}

static void
write_to_a_full_disk(struct stage *s)
{
    process_start(&s->peers[0], (const char *const[]) {
        "sh", "-c", "exec ./sockdeck --no-rc --batch listen 0 >/dev/full", NULL });
    process_expect_error(&s->peers[0], "No space left on device");
    assert_int_equal(process_wait(&s->peers[0]), 70);
}

static void
cancel_a_connect(struct screen_stage *s)
{
    const char *place;

    screen_stage_run(s, "hole");
    assert_shown(s, "try: connect ");
    place = strstr(pty_screen_text(s->pty), "black hole at 127.0.0.1:");
    assert_non_null(place);
    screen_stage_run(s, "connect %d", atoi(place + strlen("black hole at 127.0.0.1:")));
    assert_shown(s, "Ctrl-C cancels it");
    pty_screen_send(s->pty, CTRL_C);
    assert_shown(s, "failed: connect");
    assert_true(pty_screen_has(s->pty, "cancelled"));
    screen_stage_run(s, "explain cancelled");
    assert_shown(s, "ECANCELED");
}

static const struct provocation provocations[] = {
    { "EAGAIN", .in_batch = forbid_to_wait },
    { "ECANCELED", .on_screen = cancel_a_connect },
    { "EILSEQ", .in_batch = name_what_no_dns_can_hold },
    { "EINPROGRESS", .in_batch = forbid_to_wait_for_the_handshake },
    { "EINTR", .in_batch = interrupt_accept },
    { "EIO", .in_batch = break_the_file_of_hosts },
    { "ENOENT", .in_batch = name_nobody },
    { "ENOSPC", .in_batch = write_to_a_full_disk },
};

static const struct walk errnos = {
    EXPLAINS_ERRNO, WALK(provocations), .otherwise = put_in_errno,
};

static void
each_errno_is_shown_when_its_call_returns_it(void **state)
{
    need_box();
    need_strace();
    walk_check(&errnos);
    walk_in_batch(&errnos, state);
}

static void
what_a_user_cancels_is_shown_and_explained(void **state)
{
    walk_on_screen(&errnos, state);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        stage_test(each_errno_is_shown_when_its_call_returns_it),
        screen_stage_test(what_a_user_cancels_is_shown_and_explained),
    };

    (void)argc;
    is_in_box = box_enter(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
