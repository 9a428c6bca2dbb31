/* terminal.h - what a terminal does below curses: whether it takes output, and
 * stopping the process that has it. Standard input and output. UI thread
 * unless said otherwise. */
#ifndef SOCKDECK_UI_TERMINAL_H
#define SOCKDECK_UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* False while it takes nothing (stopped by Ctrl-S, or not read): a write would block. */
bool terminal_is_writable(void);

/* All of it, waiting while the terminal takes nothing; what it refuses is dropped. */
void terminal_write(const char *bytes, size_t n);

/* Any thread: gives up what is on its way to a terminal that takes nothing, so
 * that a thread that waits for it goes on. No effect on one that is read. */
void terminal_unblock(void);

/* Stops the process as Ctrl-Z does; returns when it goes on. UI thread. */
void terminal_stop_process(void);

/* Its size, from the kernel; false when it does not know. */
bool terminal_size(int *rows, int *cols);

/* Adds a terminfo string, without its padding ("$<5>"), to the text in out, as far as
 * there is room. */
void terminal_add_unpadded(char *out, size_t size, const char *capability);

#endif
