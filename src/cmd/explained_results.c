/* explained_results.c - what to look at in the tables that load and compare answer with. */
#include "config.h"

#include "compare.h"
#include "explanations.h"
#include "load_report.h"

static const char *const compare_questions[] = {
    N_("Several at once? LAST ANSWER: in serial the last client waits for all before it (8 of "
       "200 ms each: 1.6 s), in threads, fork and epoll for nobody (0.2 s), in prefork as if "
       "there were a queue for each worker."),
    N_("What do processes buy? All cores, and a crash takes one of them only. work= waits and "
       "does not compute, so look with work=0 and many clients: CPU above the time that the load "
       "took means more than one core was busy."),
    N_("What do they cost? FORKS and EACH: one fork can take longer than the answer itself (P50 "
       "with work=0). PSS/CONN: one more connection takes a process in fork, a stack in threads, "
       "next to nothing in epoll."),
    N_("What limits threads? STARTS and EACH for each start, PSS/CONN for each stack, SWITCHES "
       "from one to the other, and in the end the system (ulimit -u, EAGAIN)."),
    N_("How is it with very many? Again with clients=500: P99 and ERRORS tell first, then SWITCHES "
       "and CPU; epoll has one thread as before, prefork as many processes as before."),
    N_("Does accept hand out evenly? ACCEPTED: how many each worker got; the kernel wakes the one "
       "that has waited longest in accept."),
    NULL,
};

static const char *const load_questions[] = {
    N_("How long does a client wait? p50 is what half of them see. p99 and p99.9 are what the "
       "unlucky ones see: a service is judged by these, and no mean shows them."),
    N_("Does it keep up? With rate=, unsent above 0 says that more was due than there were free "
       "connections, and each reply is timed from when its message was due: a stall is charged "
       "to all that had to wait."),
    N_("What breaks? errors and unanswered; below the figures they are counted by call and errno, "
       "and explain takes that errno."),
    N_("Is it the server or the load? Twice the conns: if rate stays and p50 doubles, the server "
       "is at its limit."),
    NULL,
};

static const struct explanation results[] = {
    { .word = "compare",
      .means = N_("The same load on each mode in turn, a row for each: clients= at a time, each "
                  "message a connection of its own, work= before each answer."),
      .look_at = compare_questions,
      .attempt = "compare; compare work=0 clients=64; compare clients=500 modes=threads,epoll",
      .figures = choice_compare_columns },
    { .word = "load",
      .means = N_("Many messages to one address, and how long each reply took."),
      .look_at = load_questions,
      .attempt = "listen 10001 mode=epoll handler=echo; load 10001 for=2s; load 10001 rate=5000 p99<5ms",
      .figures = choice_load_figures },
};

const struct explanation_list explained_results = EXPLANATIONS(results);
