/* test_live.c - what hangs does not hang the screen: a connect to a black hole (N3), a name
 * that no server resolves (N14), a send that finds no room; and Ctrl-C ends each. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "pty_screen.h"

#define CTRL_C "\003"
#define CTRL_U "\025"

/* An answer to a key comes within 100 ms; a busy machine gets three tries. */
enum { TRIES = 3, ANSWER_MS = 100 };

static bool is_in_box;

struct fixture {
    struct pty_screen *pty;
    char home[64], state[96], config[96];
};

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    const char *argv[] = { "./sockdeck", "--no-rc", NULL };
    const char *env[] = { NULL, NULL, "TERM=xterm-256color", "LC_ALL=C.UTF-8", "INPUTRC=/dev/null",
                          "NO_COLOR", "ESCDELAY", NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = env };

    strcpy(f->home, "/tmp/sockdeck-live-XXXXXX");
    if (mkdtemp(f->home) == NULL)
        return -1;
    snprintf(f->state, sizeof(f->state), "XDG_STATE_HOME=%s", f->home);
    snprintf(f->config, sizeof(f->config), "XDG_CONFIG_HOME=%s", f->home);
    env[0] = f->state;
    env[1] = f->config;
    f->pty = pty_screen_open(&options);
    *state = f;
    return f->pty != NULL && pty_screen_wait_text(f->pty, "sockdeck>") ? 0 : -1;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    char path[128];

    pty_screen_close(f->pty);
    snprintf(path, sizeof(path), "%s/sockdeck/history", f->home);
    unlink(path);
    snprintf(path, sizeof(path), "%s/sockdeck", f->home);
    rmdir(path);
    rmdir(f->home);
    free(f);
    return 0;
}

static bool
has_text(struct pty_screen *pty, void *text)
{
    return pty_screen_has(pty, text);
}

/* What is typed now is seen at once. */
static void
assert_keys_are_live(struct fixture *f)
{
    for (int i = 0; i < TRIES; i++) {
        char word[16];

        snprintf(word, sizeof(word), "typed%d", i);
        pty_screen_send(f->pty, word);
        if (pty_screen_catch(f->pty, has_text, word, ANSWER_MS)) {
            pty_screen_send(f->pty, CTRL_U);
            return;
        }
        assert_true(pty_screen_wait_text(f->pty, word));
        pty_screen_send(f->pty, CTRL_U);
        assert_true(pty_screen_wait_no_text(f->pty, word));
    }
    fail_msg("a key is answered after more than %d ms", ANSWER_MS);
}

static void
keys_are_live_while_a_connect_hangs_and_ctrl_c_ends_it(void **state)
{
    struct fixture *f = *state;
    const char *at;
    char line[64];

    pty_screen_send(f->pty, "hole\r");
    assert_true(pty_screen_wait_text(f->pty, "try: connect "));
    at = strstr(pty_screen_text(f->pty), "black hole at 127.0.0.1:");
    assert_non_null(at);
    snprintf(line, sizeof(line), "connect %d connect-timeout=60s\r",
             atoi(at + strlen("black hole at 127.0.0.1:")));
    pty_screen_send(f->pty, line);
    assert_true(pty_screen_wait_text(f->pty, "connecting to 127.0.0.1:"));
    assert_keys_are_live(f);
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_text(f->pty, "cancelled"));
}

static void
keys_are_live_while_a_name_is_resolved_and_ctrl_c_ends_it(void **state)
{
    struct fixture *f = *state;

    if (!is_in_box)
        skip();
    box_need("f=$(mktemp) && printf 'nameserver 127.0.0.1\\noptions timeout:30\\n' >$f &&"
             " mount --bind $f /etc/resolv.conf &&"
             " printf 'hosts: files dns\\n' >$f.2 && mount --bind $f.2 /etc/nsswitch.conf &&"
             " rm -f $f $f.2");
    box_need("iptables -A INPUT -p udp --dport 53 -j DROP");
    pty_screen_send(f->pty, "connect host.example:80\r");
    assert_true(pty_screen_wait_no_text(f->pty, "connect host.example"));
    assert_keys_are_live(f);
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_text(f->pty, "cancelled"));
    pty_screen_send(f->pty, "set resolve-timeout 100ms\r");
    pty_screen_send(f->pty, "connect other.example:80\r");
    assert_true(pty_screen_wait_text(f->pty, "no name server answered within 100 ms"));
}

static void
ctrl_c_ends_a_run_of_pings_and_a_send_that_waits(void **state)
{
    struct fixture *f = *state;
    char path[] = "/tmp/sockdeck-send-XXXXXX", line[64];
    int fd = mkstemp(path), port;
    const char *at;

    assert_int_equal(ftruncate(fd, 16 << 20), 0);
    close(fd);
    pty_screen_send(f->pty, "listen 0 handler=stall\r");
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    at = strstr(pty_screen_text(f->pty), "listening on 127.0.0.1:");
    port = atoi(at + strlen("listening on 127.0.0.1:"));
    snprintf(line, sizeof(line), "connect %d\r", port);
    pty_screen_send(f->pty, line);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck #1>"));

    pty_screen_send(f->pty, "ping count=1000 wait=60s\r");
    assert_true(pty_screen_wait_text(f->pty, "Ctrl-C cancels it"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "Ctrl-C cancels it"));

    snprintf(line, sizeof(line), "sendfile #1 %s\r", path);
    pty_screen_send(f->pty, line);
    assert_true(pty_screen_wait_text(f->pty, "Ctrl-C cancels it"));
    assert_keys_are_live(f);
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "Ctrl-C cancels it"));
    unlink(path);
}

#define live_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        live_test(keys_are_live_while_a_connect_hangs_and_ctrl_c_ends_it),
        live_test(ctrl_c_ends_a_run_of_pings_and_a_send_that_waits),
        live_test(keys_are_live_while_a_name_is_resolved_and_ctrl_c_ends_it),
    };

    (void)argc;
    is_in_box = box_enter(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
