/* terminal.c - the terminal below curses. */
#include "config.h"

#include "sockdeck/ui/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Each makes some 64 KiB of room; no frame is larger than all of them. */
enum { UNBLOCK_ROUNDS = 64 };

bool
terminal_is_writable(void)
{
    struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };

    return poll(&pfd, 1, 0) != 0;
}

/* The terminal's open file may have been made non-blocking by who shares it. */
void
terminal_write(const char *bytes, size_t n)
{
    struct pollfd room = { .fd = STDOUT_FILENO, .events = POLLOUT };

    while (n > 0) {
        ssize_t taken = write(STDOUT_FILENO, bytes, n);

        if (taken >= 0) {
            bytes += taken;
            n -= (size_t)taken;
        } else if (errno == EAGAIN) {
            poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

/* Room alone does not wake who waits for it in write(2): starting what was stopped does.
 * A thread that goes on may fill the room with the rest of what it writes. */
void
terminal_unblock(void)
{
    for (int i = 0; i < UNBLOCK_ROUNDS && !terminal_is_writable(); i++) {
        tcflush(STDOUT_FILENO, TCOFLUSH);
        tcflow(STDOUT_FILENO, TCOOFF);
        tcflow(STDOUT_FILENO, TCOON);
        poll(NULL, 0, 1);
    }
}

/* The signal is blocked in every thread and taken by a signalfd: it is let
 * through here once, with its default action. */
void
terminal_stop_process(void)
{
    struct sigaction action = { .sa_handler = SIG_DFL }, before;
    sigset_t set, mask;

    sigemptyset(&action.sa_mask);
    sigaction(SIGTSTP, &action, &before);
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &set, &mask);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

bool
terminal_size(int *rows, int *cols)
{
    struct winsize size = { 0 };

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == -1 || size.ws_row == 0 || size.ws_col == 0)
        return false;
    *rows = size.ws_row;
    *cols = size.ws_col;
    return true;
}

void
terminal_add_unpadded(char *out, size_t size, const char *capability)
{
    const char *p = capability;
    size_t at = strlen(out);

    while (*p != '\0' && at + 1 < size) {
        if (p[0] == '$' && p[1] == '<' && strchr(p, '>') != NULL)
            p = strchr(p, '>') + 1;
        else
            out[at++] = *p++;
    }
    out[at] = '\0';
}
