/* screen_stage.c - the real program on a pseudo-terminal with a home of its own. */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen_stage.h"

static unsigned
free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

void
screen_stage_env(struct screen_stage *s, const char *setting)
{
    assert_true(s->env_count + 1 < SCREEN_STAGE_ENV);
    s->env[s->env_count++] = setting;
}

int
screen_stage_setup(void **state)
{
    struct screen_stage *s = calloc(1, sizeof(*s));

    strcpy(s->home, "/tmp/sockdeck-stage-XXXXXX");
    if (mkdtemp(s->home) == NULL)
        return -1;
    snprintf(s->state, sizeof(s->state), "XDG_STATE_HOME=%s", s->home);
    snprintf(s->config, sizeof(s->config), "XDG_CONFIG_HOME=%s", s->home);
    screen_stage_env(s, s->state);
    screen_stage_env(s, s->config);
    screen_stage_env(s, "TERM=xterm-256color");
    screen_stage_env(s, "LC_ALL=C.UTF-8");
    screen_stage_env(s, "INPUTRC=/dev/null");
    screen_stage_env(s, "NO_COLOR");
    screen_stage_env(s, "COLORFGBG");
    screen_stage_env(s, "ESCDELAY");
    screen_stage_env(s, "NCURSES_GPM_TERMS=");  /* no mouse daemon of this machine */
    s->port = free_port();
    *state = s;
    return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st, (void)type, (void)place;
    return remove(path);
}

int
screen_stage_teardown(void **state)
{
    struct screen_stage *s = *state;

    pty_screen_close(s->pty);
    nftw(s->home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(s);
    return 0;
}

void
screen_stage_write(struct screen_stage *s, const char *name, const char *text, size_t n)
{
    char path[512], *slash;
    int fd;

    snprintf(path, sizeof(path), "%s/%s", s->home, name);
    slash = strrchr(path, '/');
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    close(fd);
}

const char *
screen_stage_program(void)
{
    const char *path = getenv("SOCKDECK");

    return path != NULL ? path : "./sockdeck";
}

void
screen_stage_start(struct screen_stage *s, int rows, int cols)
{
    const char *argv[] = { screen_stage_program(), NULL };
    struct pty_options options = { .rows = rows, .cols = cols, .argv = argv, .env = s->env };

    s->pty = pty_screen_open(&options);
    assert_non_null(s->pty);
    assert_shown(s, "sockdeck>");
}

void
screen_stage_run(struct screen_stage *s, const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line) - 1, format, args);
    va_end(args);
    strcat(line, "\r");
    pty_screen_send(s->pty, line);
}

void
screen_stage_return(struct screen_stage *s)
{
    assert_shown(s, "keys go to");
    pty_screen_send(s->pty, "\033\033");
    assert_gone(s, "keys go to");
}

int
screen_stage_dial(const struct screen_stage *s)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

void
screen_stage_say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

int
screen_stage_peer(struct screen_stage *s, const char *listen_words)
{
    int fd;

    screen_stage_run(s, "listen %u %s", s->port, listen_words);
    assert_shown(s, "listening on 127.0.0.1:");
    fd = screen_stage_dial(s);
    assert_shown(s, "1 open, 0 closed");
    return fd;
}

void
screen_stage_both_ends(struct screen_stage *s, const char *listen_words)
{
    screen_stage_run(s, "listen %u %s", s->port, listen_words);
    assert_shown(s, "listening on 127.0.0.1:");
    screen_stage_run(s, "connect %u", s->port);
    assert_shown(s, "2 open, 0 closed");
}

void
screen_stage_echo(struct screen_stage *s)
{
    screen_stage_run(s, "listen %u handler=echo", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    screen_stage_run(s, "connect %u", s->port);
    assert_shown(s, "sockdeck #1>");
    assert_shown(s, "#2");
}

void
screen_stage_quit(struct screen_stage *s)
{
    screen_stage_run(s, "quit");
    assert_int_equal(pty_screen_wait_exit(s->pty, PTY_WAIT_MS), 0);
}
