/* verbs.h - what the command table takes from the files of the verbs. */
#ifndef SOCKDECK_SRC_CMD_VERBS_H
#define SOCKDECK_SRC_CMD_VERBS_H

#include <stddef.h>
#include <stdint.h>

#include "sockdeck/cmd/args.h"

struct pending;
struct reply;
struct run;

extern const struct key listen_keys[], mode_keys[], handler_keys[], connect_keys[], send_keys[],
    compare_keys[], demo_keys[], load_keys[], ping_keys[], timeout_keys[], expect_keys[],
    wait_keys[];

choice_list choice_tables;      /* what `show` shows */

void info_start(struct run *run);
void info_step(struct run *run, int64_t now_ns);
void info_replied(struct run *run, const struct pending *pending, const struct reply *reply);

void listen_start(struct run *run);
void mode_start(struct run *run);
void handler_start(struct run *run);

void hole_start(struct run *run);

void connect_start(struct run *run);
void connect_post(struct run *run, size_t index);
void connect_replied(struct run *run, const struct pending *pending, const struct reply *reply);

void send_start(struct run *run);
void sendhex_start(struct run *run);
void sendfile_start(struct run *run);
void send_post(struct run *run, size_t index);
void send_replied(struct run *run, const struct pending *pending, const struct reply *reply);
void send_finish(struct run *run);

void ping_start(struct run *run);
void ping_post(struct run *run, size_t index);

void timeout_start(struct run *run);
void eol_start(struct run *run);
void on_eof_start(struct run *run);
void settings_post(struct run *run, size_t index);

void pause_start(struct run *run);
void pause_post(struct run *run, size_t index);
void resume_post(struct run *run, size_t index);
void shutdown_start(struct run *run);
void shutdown_post(struct run *run, size_t index);
void close_start(struct run *run);
void close_post(struct run *run, size_t index);
void reset_post(struct run *run, size_t index);
void close_replied(struct run *run, const struct pending *pending, const struct reply *reply);
void kill_start(struct run *run);

void show_start(struct run *run);
void show_replied(struct run *run, const struct pending *pending, const struct reply *reply);

void demo_start(struct run *run);

void calls_start(struct run *run);

void explain_start(struct run *run);

void expect_start(struct run *run);
void expect_step(struct run *run, int64_t now_ns);
void expect_finish(struct run *run);
void wait_start(struct run *run);
void wait_step(struct run *run, int64_t now_ns);

void compare_start(struct run *run);
void compare_replied(struct run *run, const struct pending *pending, const struct reply *reply);
void compare_step(struct run *run, int64_t now_ns);
void compare_finish(struct run *run);

void load_verb_start(struct run *run);
void load_verb_step(struct run *run, int64_t now_ns);
void load_verb_finish(struct run *run);

void focus_start(struct run *run);
void set_start(struct run *run);
void source_start(struct run *run);
void help_start(struct run *run);
void quit_start(struct run *run);

choice_list choice_ask, choice_back, choice_filter_terms, choice_forms, choice_layouts,
    choice_panes, choice_prompts, choice_steps;
extern const struct key bind_keys[], find_keys[];

void bind_start(struct run *run);
void display_start(struct run *run);
void filter_start(struct run *run);
void find_start(struct run *run);
void view_start(struct run *run);

#endif
