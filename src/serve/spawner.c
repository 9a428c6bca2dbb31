/* spawner.c - the console's side of spawner.h. */
#include "config.h"

#include "sockdeck/serve/spawner.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "sockdeck/serve/channel.h"
#include "spawner_process.h"

int
spawner_start(struct spawner *spawner, struct arena *arena, const struct process_title *title)
{
    struct termios terminal;
    bool has_terminal = tcgetattr(STDOUT_FILENO, &terminal) == 0;
    pid_t console = getpid();
    int pair[2];
    int rc = channel_open(pair);

    if (rc != 0)
        return rc;
    spawner->pid = fork();
    if (spawner->pid == 0) {
        close(pair[0]);
        spawner_process_run(pair[1], console, arena, title, has_terminal ? &terminal : NULL);
    }
    rc = spawner->pid == -1 ? -errno : 0;
    close(pair[1]);
    if (rc != 0) {
        close(pair[0]);
        return rc;
    }
    spawner->channel = pair[0];
    return 0;
}

int
spawner_order_host(struct spawner *spawner, const struct host_order *order, int listen_fd,
                   int channel)
{
    struct spawner_message message = { .type = SPAWNER_HOST, .order = *order };
    int fds[] = { channel, listen_fd };

    return channel_send(spawner->channel, &message, sizeof(message), NULL, 0, fds, 2);
}

int
spawner_signal(struct spawner *spawner, pid_t pid, int number)
{
    struct spawner_message message = { .type = SPAWNER_SIGNAL, .pid = pid, .number = number };

    return channel_send(spawner->channel, &message, sizeof(message), NULL, 0, NULL, 0);
}

int
spawner_receive(struct spawner *spawner, struct spawner_report *report)
{
    ssize_t got = channel_receive(spawner->channel, report, sizeof(*report), NULL, 0);

    if (got <= 0)
        return (int)got;
    return got == sizeof(*report) ? 1 : -EPROTO;
}

void
spawner_stop(struct spawner *spawner)
{
    close(spawner->channel);
    while (waitpid(spawner->pid, NULL, 0) == -1 && errno == EINTR)
        ;
}
