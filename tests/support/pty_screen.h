/* pty_screen.h - a program on a pseudo-terminal, and the screen that it draws.
 *
 * What the program writes is fed to libvterm and kept raw. Nothing here sleeps
 * for a result: a wait ends as soon as its condition holds, or fails at its
 * deadline. A condition must be false before the action that should make it true. */
#ifndef SOCKDECK_TESTS_PTY_SCREEN_H
#define SOCKDECK_TESTS_PTY_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty_screen;

struct pty_options {
    int rows, cols;
    const char *const *argv;    /* ends with NULL; argv[0] is looked for in PATH */
    const char *const *env;     /* "NAME=VALUE" and "NAME" (unset), ends with NULL; may be NULL */
};

enum { PTY_WAIT_MS = 10000 };

struct pty_screen *pty_screen_open(const struct pty_options *options);
/* Ends the program (SIGKILL) when it still runs. NULL is fine. */
void pty_screen_close(struct pty_screen *pty);

pid_t pty_screen_pid(const struct pty_screen *pty);
int pty_screen_master(const struct pty_screen *pty);
int pty_screen_slave(struct pty_screen *pty);   /* opened when first asked for */
void pty_screen_hang_up(struct pty_screen *pty);        /* the terminal goes away */

void pty_screen_send(struct pty_screen *pty, const char *bytes);
void pty_screen_send_bytes(struct pty_screen *pty, const char *bytes, size_t n);
void pty_screen_resize(struct pty_screen *pty, int rows, int cols);

/* Reads what there is until is_so on a whole frame, or until the deadline: then false. */
bool pty_screen_wait(struct pty_screen *pty, bool (*is_so)(struct pty_screen *pty, void *ctx),
                     void *ctx, int timeout_ms);
/* The same as soon as it is so, on a frame that may be half there: for what is timed. */
bool pty_screen_catch(struct pty_screen *pty, bool (*is_so)(struct pty_screen *pty, void *ctx),
                      void *ctx, int timeout_ms);
bool pty_screen_wait_text(struct pty_screen *pty, const char *text);            /* somewhere */
bool pty_screen_wait_no_text(struct pty_screen *pty, const char *text);
/* The status of waitpid, or -1 at the deadline. */
int pty_screen_wait_exit(struct pty_screen *pty, int timeout_ms);

/* Rows of UTF-8 text, each ended by a newline, without blanks at the end. Good
 * until the next call. */
const char *pty_screen_text(struct pty_screen *pty);
bool pty_screen_has(struct pty_screen *pty, const char *text);
const char *pty_screen_row(struct pty_screen *pty, int row);

/* The same with attributes: "{b}", "{u}", "{r}" and "{f:N}", "{k:N}" (indexed ink and
 * background) where they begin, "{}" where all end. */
const char *pty_screen_dump(struct pty_screen *pty);

void pty_screen_cursor(const struct pty_screen *pty, int *row, int *col);
bool pty_screen_is_alternate(const struct pty_screen *pty);
/* The main screen, and the terminal's modes as they were before the program. */
bool pty_screen_is_restored(const struct pty_screen *pty);

/* All bytes that the program has written so far. */
const char *pty_screen_raw(const struct pty_screen *pty, size_t *n);

#endif
