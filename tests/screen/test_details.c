/* test_details.c - the real program on a pseudo-terminal: what stays open: the details of a
 * connection while things change, and that an idle screen wakes nobody. */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "screen_stage.h"

/* Voluntary context switches of all threads of the console. */
static long
count_wake_ups(pid_t pid)
{
    char path[64], line[256];
    struct dirent *entry;
    long sum = 0, n;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", pid);
    tasks = opendir(path);
    assert_non_null(tasks);
    while ((entry = readdir(tasks)) != NULL) {
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/task/%.20s/status", pid, entry->d_name);
        file = entry->d_name[0] != '.' ? fopen(path, "re") : NULL;
        while (file != NULL && fgets(line, sizeof(line), file) != NULL)
            if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
                sum += n;
        if (file != NULL)
            fclose(file);
    }
    closedir(tasks);
    return sum;
}

struct quiet { long wake_ups; int still; };

static bool
stays_quiet(struct pty_screen *pty, void *ctx)
{
    struct quiet *quiet = ctx;
    long wake_ups = count_wake_ups(pty_screen_pid(pty));

    quiet->still = wake_ups == quiet->wake_ups ? quiet->still + 1 : 0;
    quiet->wake_ups = wake_ups;
    return quiet->still >= 75;          /* looks 20 ms apart: 1.5 s without a wake-up */
}

static void
an_idle_screen_is_never_woken(void **state)
{
    struct screen_stage *s = *state;
    struct quiet quiet = { 0, 0 };

#if defined(__SANITIZE_THREAD__)
    skip();                     /* its runtime has a thread that wakes up */
#endif
    screen_stage_start(s, 24, 80);
    screen_stage_echo(s);
    screen_stage_run(s, "ping");
    assert_shown(s, "0 lost");
    assert_true(pty_screen_wait(s->pty, stays_quiet, &quiet, 10000));
    screen_stage_quit(s);
}

static bool
shows_seven_unread(struct pty_screen *pty, void *ctx)
{
    const char *row = strstr(pty_screen_text(pty), "\n  SIOCINQ");
    int unread;

    (void)ctx;
    return row != NULL && sscanf(row, " SIOCINQ %d", &unread) == 1 && unread == 7;
}

static void
details_stay_live_while_they_are_open_and_wake_nobody_afterwards(void **state)
{
    struct screen_stage *s = *state;
    struct quiet quiet = { 0, 0 };
    int peer;

    screen_stage_start(s, 40, 110);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    peer = screen_stage_dial(s);
    assert_shown(s, "sockdeck #1>");
    screen_stage_run(s, "pause #1");
    screen_stage_run(s, "info #1");
    assert_shown(s, " info #1 ");
    assert_shown(s, "SIOCINQ");
    assert_false(shows_seven_unread(s->pty, NULL));
    assert_int_equal(send(peer, "1234567", 7, MSG_NOSIGNAL), 7);
    assert_true(pty_screen_wait(s->pty, shows_seven_unread, NULL, PTY_WAIT_MS));
    assert_false(pty_screen_has(s->pty, "CLOSE_WAIT"));
    shutdown(peer, SHUT_WR);
    assert_shown(s, "CLOSE_WAIT");
    assert_shown(s, "FIN_WAIT2");

    pty_screen_send(s->pty, "\033");
    assert_gone(s, "SIOCINQ");
#if !defined(__SANITIZE_THREAD__)
    assert_true(pty_screen_wait(s->pty, stays_quiet, &quiet, 10000));
#endif
    (void)quiet;
    close(peer);
    screen_stage_quit(s);
}

static void
details_tell_of_a_connect_that_nobody_answers(void **state)
{
    struct screen_stage *s = *state;
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), first;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(listener, 0), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    s->port = ntohs(address.sin_port);
    first = screen_stage_dial(s);       /* all that its queue admits */
    screen_stage_start(s, 40, 110);
    screen_stage_run(s, "connect %u connect-timeout=600s", s->port);
    assert_shown(s, "connecting");
    screen_stage_run(s, "info #1");
    assert_shown(s, "SYN_SENT");
    assert_shown(s, "connect time left");
    assert_shown(s, "600 s");
    close(first);
    close(listener);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(an_idle_screen_is_never_woken),
        screen_stage_test(details_stay_live_while_they_are_open_and_wake_nobody_afterwards),
        screen_stage_test(details_tell_of_a_connect_that_nobody_answers),
    };

    return cmocka_run_group_tests_name("details", tests, NULL, NULL);
}
