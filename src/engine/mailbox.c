/* mailbox.c - requests from other threads to the collector thread. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
mailbox_init(struct mailbox *mailbox)
{
    *mailbox = (struct mailbox) { .eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    mailbox->last = &mailbox->first;
    if (mailbox->eventfd == -1)
        return -errno;
    return -pthread_mutex_init(&mailbox->mutex, NULL);
}

void
mailbox_fini(struct mailbox *mailbox)
{
    struct posted *posted = mailbox->first;

    while (posted != NULL) {
        struct posted *next = posted->next;

        free(posted);
        posted = next;
    }
    pthread_mutex_destroy(&mailbox->mutex);
    close(mailbox->eventfd);
}

void
mailbox_post(struct mailbox *mailbox, const struct request *request, const void *data)
{
    struct posted *posted = malloc(sizeof(*posted) + request->data_size);

    if (posted == NULL)
        abort();
    posted->next = NULL;
    posted->request = *request;
    if (request->data_size > 0)
        memcpy(posted->data, data, request->data_size);
    pthread_mutex_lock(&mailbox->mutex);
    *mailbox->last = posted;
    mailbox->last = &posted->next;
    pthread_mutex_unlock(&mailbox->mutex);
    eventfd_write(mailbox->eventfd, 1);
}

struct posted *
mailbox_take(struct mailbox *mailbox)
{
    struct posted *all;
    eventfd_t ignored;

    eventfd_read(mailbox->eventfd, &ignored);
    pthread_mutex_lock(&mailbox->mutex);
    all = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = &mailbox->first;
    pthread_mutex_unlock(&mailbox->mutex);
    return all;
}
