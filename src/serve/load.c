/* load.c - see load.h. */
#include "config.h"

#include "sockdeck/serve/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "load_private.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/serve/process.h"

/* The last replies may take this long after the end. */
#define PATIENCE_NS NS_PER_S

enum { ROUND_EVENTS = 256 };

/* --- who sends next ----------------------------------------------------------------- */

static bool
may_begin(const struct load *load)
{
    return !load->is_stopping && (load->plan.count == 0 || load->begun < load->plan.count);
}

static int64_t
due_ns(const struct load *load, uint64_t number)
{
    return load->begun_ns + (int64_t)((double)number * (double)NS_PER_S / load->plan.rate);
}

/* Open loop: what is due goes out while there is somebody free. */
static void
dispatch(struct load *load, int64_t now_ns)
{
    while (load->free_first != NULL && may_begin(load) && due_ns(load, load->due) <= now_ns) {
        struct client *client = load->free_first;

        load->free_first = client->next_free;
        load->begun++;
        client_begin(load, client, due_ns(load, load->due++));
    }
}

static void
begin_next(struct load *load, struct client *client, int64_t now_ns)
{
    if (!may_begin(load)) {
        client->state = CLIENT_DONE;
    } else if (load->plan.rate > 0) {
        client->state = CLIENT_FREE;
        client->next_free = load->free_first;
        load->free_first = client;
    } else {
        load->begun++;
        client_begin(load, client, now_ns);
    }
}

void
load_continue(struct load *load, struct client *client, int64_t now_ns)
{
    int64_t think_ns = load->plan.think_ns;

    client->state = CLIENT_RESTING;
    if (think_ns <= 0 || heap_set(&load->resting, &client->node, now_ns + think_ns) != 0)
        begin_next(load, client, now_ns);
}

static void
wake_rested(struct load *load, int64_t now_ns)
{
    struct heap_node *node;

    while ((node = heap_first(&load->resting)) != NULL && node->deadline_ns <= now_ns) {
        struct client *client = (struct client *)(void *)node;  /* its first member */

        heap_remove(&load->resting, node);
        begin_next(load, client, now_ns);
    }
}

/* --- rounds -------------------------------------------------------------------------- */

/* Open loop: how many were due until now, and have not gone out. */
static uint64_t
count_unsent(const struct load *load, int64_t now_ns)
{
    uint64_t due = (uint64_t)((double)(now_ns - load->begun_ns) / (double)NS_PER_S *
                              load->plan.rate);

    if (load->plan.count != 0 && due > load->plan.count)
        due = load->plan.count;
    return due > load->due ? due - load->due : 0;
}

static void
stop_sending(struct load *load, int64_t now_ns)
{
    if (load->is_stopping)
        return;
    load->is_stopping = true;
    if (load->plan.rate > 0 && load->begun_ns != 0)
        load->report.unsent = count_unsent(load, now_ns);
    load->end_ns = now_ns + PATIENCE_NS;
}

static bool
is_over(const struct load *load, int64_t now_ns)
{
    if (load->is_stopping)
        return load->under_way == 0 || now_ns >= load->end_ns;
    return !may_begin(load) && load->under_way == 0;
}

static int64_t
next_deadline(const struct load *load)
{
    const struct heap_node *node = heap_first(&load->resting);
    int64_t deadline = load->end_ns;

    if (node != NULL && node->deadline_ns < deadline)
        deadline = node->deadline_ns;
    if (load->free_first != NULL && may_begin(load) && due_ns(load, load->due) < deadline)
        deadline = due_ns(load, load->due);
    return deadline;
}

/* To the nanosecond: a rate is not to be rounded to milliseconds. */
static int
wait_until(const struct load *load, struct epoll_event *events, int64_t deadline_ns)
{
    int64_t left = deadline_ns - clock_mono_ns();
    const struct timespec timeout = {
        .tv_sec = left > 0 ? left / NS_PER_S : 0,
        .tv_nsec = left > 0 ? left % NS_PER_S : 0,
    };
    int n = epoll_pwait2(load->epoll_fd, events, ROUND_EVENTS, &timeout, NULL);

    return n > 0 ? n : 0;
}

static void
run_round(struct load *load, const struct epoll_event *events, int n)
{
    int64_t now;

    for (int i = 0; i < n; i++)
        if (events[i].data.ptr != NULL)
            client_ready(load, events[i].data.ptr);
    now = clock_mono_ns();
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr == NULL) {
            eventfd_t ignored;

            (void)!eventfd_read(load->stop_fd, &ignored);
            stop_sending(load, now);
        }
    if (now >= load->end_ns)
        stop_sending(load, now);
    wake_rested(load, now);
    if (load->plan.rate > 0)
        dispatch(load, now);
}

static void
begin_all(struct load *load)
{
    load->begun_ns = clock_mono_ns();
    load->end_ns = load->begun_ns + load->plan.for_ns;
    for (uint32_t i = load->plan.conns; i-- > 0;)
        begin_next(load, &load->clients[i], load->begun_ns);
}

/* What the client itself has cost; on its own thread. */
static void
read_own_cost(struct load_report *report)
{
    struct timespec cpu;
    struct rusage usage;

    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu) == 0)
        report->cpu_ns = cpu.tv_sec * NS_PER_S + cpu.tv_nsec;
    if (getrusage(RUSAGE_THREAD, &usage) == 0)
        report->switches = (uint64_t)usage.ru_nvcsw + (uint64_t)usage.ru_nivcsw;
}

static void
end_all(struct load *load, int64_t now_ns)
{
    struct load_report *report = &load->report;
    int64_t planned = load->plan.count != 0 ? 0 : load->plan.for_ns;
    int64_t ran = now_ns - load->begun_ns;

    for (uint32_t i = 0; i < load->plan.conns; i++)
        client_close(&load->clients[i]);
    report->unanswered = load->under_way;
    if (report->took_ns < (planned < ran ? planned : ran))
        report->took_ns = planned < ran ? planned : ran;
    read_own_cost(report);
    report->is_over = true;
}

static void *
run(void *arg)
{
    struct load *load = arg;
    struct epoll_event events[ROUND_EVENTS];

    process_block_signals();
    process_name_thread("load");
    prctl(PR_SET_TIMERSLACK, 1);
    pthread_mutex_lock(&load->mutex);
    begin_all(load);
    while (!is_over(load, clock_mono_ns())) {
        int64_t deadline = next_deadline(load);
        int n;

        pthread_mutex_unlock(&load->mutex);
        n = wait_until(load, events, deadline);
        pthread_mutex_lock(&load->mutex);
        run_round(load, events, n);
    }
    end_all(load, clock_mono_ns());
    pthread_mutex_unlock(&load->mutex);
    return NULL;
}

/* --- for its owner -------------------------------------------------------------------- */

static void
release(struct load *load)
{
    if (load->epoll_fd >= 0)
        close(load->epoll_fd);
    if (load->stop_fd >= 0)
        close(load->stop_fd);
    heap_fini(&load->resting);
    free(load->message);
    free(load->scratch);
    free(load);
}

static struct load *
new_load(const struct load_plan *plan)
{
    struct load *load = calloc(1, sizeof(*load) + plan->conns * sizeof(load->clients[0]));

    if (load == NULL)
        return NULL;
    load->plan = *plan;
    load->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    load->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    load->message = malloc(plan->size + 1);
    load->scratch = malloc(LOAD_SCRATCH);
    histogram_init(&load->report.times);
    for (uint32_t i = 0; i < plan->conns; i++)
        load->clients[i].fd = -1;
    if (load->message != NULL)
        memset(load->message, 'x', plan->size);
    return load;
}

int
load_start(struct load **out, const struct load_plan *plan, struct error *err)
{
    struct load *load = new_load(plan);
    struct epoll_event event = { .events = EPOLLIN };
    int rc = -ENOMEM;

    if (load == NULL)
        return error_set(err, rc, "no memory for %u connections", plan->conns);
    pthread_mutex_init(&load->mutex, NULL);
    if (load->message == NULL || load->scratch == NULL)
        goto out;
    rc = -EMFILE;
    if (load->epoll_fd < 0 || load->stop_fd < 0 ||
        epoll_ctl(load->epoll_fd, EPOLL_CTL_ADD, load->stop_fd, &event) != 0)
        goto out;
    rc = -pthread_create(&load->thread, NULL, run, load);
    if (rc == 0) {
        *out = load;
        return 0;
    }
out:
    pthread_mutex_destroy(&load->mutex);
    release(load);
    return error_set(err, rc, "cannot start the load: %s", error_message(rc));
}

void
load_look(struct load *load, struct load_report *report)
{
    pthread_mutex_lock(&load->mutex);
    *report = load->report;
    if (!report->is_over && load->begun_ns != 0)
        report->took_ns = clock_mono_ns() - load->begun_ns;
    pthread_mutex_unlock(&load->mutex);
}

void
load_stop(struct load *load)
{
    eventfd_write(load->stop_fd, 1);
}

void
load_free(struct load *load)
{
    if (load == NULL)
        return;
    pthread_mutex_lock(&load->mutex);
    stop_sending(load, clock_mono_ns());
    load->end_ns = 0;
    pthread_mutex_unlock(&load->mutex);
    load_stop(load);
    pthread_join(load->thread, NULL);
    pthread_mutex_destroy(&load->mutex);
    release(load);
}

double
load_report_rate(const struct load_report *report)
{
    return report->took_ns <= 0 ? 0
           : (double)report->replies * (double)NS_PER_S / (double)report->took_ns;
}
