/* screen_stage.h - the real program on a pseudo-terminal with a home of its own. */
#ifndef SOCKDECK_TESTS_SCREEN_STAGE_H
#define SOCKDECK_TESTS_SCREEN_STAGE_H

#include "pty_screen.h"

#define CTRL_C "\003"
#define CTRL_D "\004"
#define CTRL_R "\022"
#define ESC "\033"
#define F1 "\033OP"
#define F2 "\033OQ"
#define F3 "\033OR"
#define F4 "\033OS"
#define F5 "\033[15~"
#define F6 "\033[17~"
#define F7 "\033[18~"
#define F10 "\033[21~"
#define UP "\033OA"
#define DOWN "\033OB"
#define RIGHT "\033OC"
#define PASTE(text) ESC "[200~" text ESC "[201~"

enum { SCREEN_STAGE_ENV = 24 };

struct screen_stage {
    struct pty_screen *pty;
    char home[64];              /* everything that is kept between runs; goes at the end */
    char state[96], config[96];
    const char *env[SCREEN_STAGE_ENV];
    int env_count;
    unsigned port;              /* free a moment ago */
};

/* For cmocka: *state is a struct screen_stage. */
int screen_stage_setup(void **state);
int screen_stage_teardown(void **state);

void screen_stage_env(struct screen_stage *s, const char *setting);     /* before the start */
/* "home/NAME" with this text. */
void screen_stage_write(struct screen_stage *s, const char *name, const char *text, size_t n);

const char *screen_stage_program(void);         /* the one that is tested */
void screen_stage_start(struct screen_stage *s, int rows, int cols);
/* Types a command and Enter. */
void screen_stage_run(struct screen_stage *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Esc twice: out of what lies over a pane, and out of the pane, to the prompt. */
void screen_stage_return(struct screen_stage *s);
/* listen handler=..., and a connection of a peer to it: its descriptor. */
int screen_stage_peer(struct screen_stage *s, const char *listen_words);
int screen_stage_dial(const struct screen_stage *s);
void screen_stage_say(int fd, const char *text);        /* sends it whole */
/* listen ..., and the console's own connect to it: #1 and #2 are open. */
void screen_stage_both_ends(struct screen_stage *s, const char *listen_words);
/* The console echoes to itself: #1 is its dialled end, #2 the accepted one. */
void screen_stage_echo(struct screen_stage *s);
void screen_stage_quit(struct screen_stage *s);

#define screen_stage_test(f) \
    cmocka_unit_test_setup_teardown(f, screen_stage_setup, screen_stage_teardown)

/* These wait, and fail the test. */
#define assert_shown(s, text) assert_true(pty_screen_wait_text((s)->pty, text))
#define assert_gone(s, text) assert_true(pty_screen_wait_no_text((s)->pty, text))

#endif
