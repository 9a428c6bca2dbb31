/* resolver.c - see resolver.h. */
#include "config.h"

#include "resolver.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "sockdeck/serve/channel.h"
#include "sockdeck/serve/process.h"

struct job {
    struct endpoint endpoint;
    int fd;                     /* the thread's end of the channel */
};

static void *
resolve(void *arg)
{
    struct job *job = arg;
    struct resolver_answer answer = { .count = 0 };

    process_name_thread("resolver");
    answer.count = endpoint_resolve(&job->endpoint, answer.list, RESOLVER_ADDRESSES,
                                    &answer.error);
    /* A channel without reader: the question was taken back. */
    channel_send(job->fd, &answer, sizeof(answer), NULL, 0, NULL, 0);
    close(job->fd);
    free(job);
    return NULL;
}

static int
start_detached(struct job *job)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int rc = pthread_attr_init(&attributes);

    if (rc != 0)
        return -rc;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    rc = pthread_create(&thread, &attributes, resolve, job);
    pthread_attr_destroy(&attributes);
    return -rc;
}

int
resolver_start(const struct endpoint *endpoint)
{
    struct job *job = malloc(sizeof(*job));
    int pair[2];
    int rc;

    if (job == NULL)
        return -ENOMEM;
    rc = channel_open(pair);
    if (rc != 0) {
        free(job);
        return rc;
    }
    *job = (struct job) { .endpoint = *endpoint, .fd = pair[1] };
    rc = start_detached(job);
    if (rc == 0)
        return pair[0];
    free(job);
    close(pair[0]);
    close(pair[1]);
    return rc;
}

void
resolver_finish(int fd, struct resolver_answer *answer)
{
    ssize_t got = channel_receive(fd, answer, sizeof(*answer), NULL, 0);

    if (got != sizeof(*answer))
        answer->count = error_set(&answer->error, -EIO, "the resolver gave no answer");
    close(fd);
}
