/* run.h - one command under way, from its first request to its end: what the code
 * of a verb works with. One thread. */
#ifndef SOCKDECK_CMD_RUN_H
#define SOCKDECK_CMD_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/status.h"
#include "sockdeck/cmd/args.h"
#include "sockdeck/cmd/target.h"

struct command;
struct console;
struct line_source;
struct reply;
struct request;
struct table;
struct word;

/* The most requests of one command that are unanswered at a time: one about as many connections
 * as a listener serves by default waits for all at once, and one about 10,000 floods neither the
 * channels nor the model with replies. */
enum { RUN_WINDOW = 1024 };

struct pending {
    uint32_t request;           /* whose reply is awaited */
    uint32_t index;             /* which of run->count it is about */
};

struct run {
    struct console *console;
    const struct command *command;      /* NULL when the verb is unknown */
    uint32_t number;            /* n: counted from 1 over all commands */
    char *text;                 /* the command as it was written, rendered */
    struct args args;

    enum status status;         /* of the first failure */
    char message[256];

    struct id_list ids;         /* the connections it is about */
    uint32_t listener;          /* or the listener; 0: connections */
    size_t count, next;         /* how many requests it takes, how many were posted */
    struct pending pending[RUN_WINDOW];
    size_t pending_count;

    const char *enters;         /* `source`: the file to run; it ends with it */
    const struct line_source *gives;    /* `demo`: the lines to run, the same; what fails in
                                           them is a part of the show */

    bool is_refresh;            /* of a table that is open: see console_refresh */
    bool waits;                 /* not over yet, whatever the requests say */
    int64_t begun_ns;
    int64_t deadline_ns;        /* when it wants a step, CLOCK_NEVER: with news only */
    bool cancelled;
    bool awaits_end;            /* a connection that closes meanwhile is an end ... */
    enum status end;            /* ... with this status, where it was in order */
    void *state;                /* the verb's own; freed at the end */
};

/* Begins the command of n words. What it fails with is in run->status. */
struct run *run_new(struct console *console, const struct word *words, size_t n, int64_t now_ns);
/* Takes replies, posts what there is room for, steps. true when it is over. */
bool run_step(struct run *run, int64_t now_ns);
/* Ends its requests early and its waiting; it is over when they are answered. */
void run_cancel(struct run *run, int64_t now_ns);
void run_free(struct run *run);

/* --- for verbs ------------------------------------------------------------------- */

/* The first failure counts; later ones are left out. The sentence names what was
 * wrong; the verb is put before it where it stands alone. */
void run_fail(struct run *run, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Hands a request over; its reply is for run->command->replied. */
void run_post(struct run *run, size_t index, struct request *request, const void *data);
/* The same for one that has been handed over already. */
void run_await(struct run *run, size_t index, uint32_t request);

/* What a reply says: true when the request was done, else the command has failed. */
bool run_check_reply(struct run *run, const struct reply *reply);

/* The connections it is about into run->ids, and run->count their number. false:
 * there is none and the command has failed. */
bool run_take_connections(struct run *run);
/* The same for verbs that wait on a connection: one that has closed already is an end with
 * its own class. end: STATUS_... of one that closed in order. */
bool run_take_waiting(struct run *run, enum status end);
/* The focus, or where nothing is open the connection that had it last. */
uint32_t run_waiting_focus(struct run *run);
/* The one connection it is about, or 0 with the command failed. */
uint32_t run_take_one(struct run *run);
/* The listener, or 0 with the command failed. */
uint32_t run_take_listener(struct run *run);

/* The listener when L1 was named, else the connections, for verbs that take either. */
bool run_take_subjects(struct run *run);
/* Directs a request to the index-th of them. */
void run_address(const struct run *run, size_t index, struct request *request);

/* Shows a table, on screen or as an event; takes it. */
void run_show(struct run *run, struct table *table);
/* How far it is, on the line under the prompt; "" takes that away. Nothing in a batch. */
void run_say(struct run *run, const char *text);
/* What run_show does for a refresh; table NULL: there is nothing to show any more. */
void run_refresh(struct run *run, const struct table *table);
/* Shows text: on screen as it is, in a batch as a table of lines. */
void run_show_text(struct run *run, const char *title, const char *text);

/* The exit status for a negative errno that came without one. */
enum status run_status_of(int code);

#endif
