/* help.h - help made of the command table. Pure; any thread. */
#ifndef SOCKDECK_CMD_HELP_H
#define SOCKDECK_CMD_HELP_H

struct buffer;
struct command;

/* "listen [ADDR:]PORT [mode=serial] ...": one line without its end, no NUL. */
void help_write_usage(struct buffer *out, const struct command *command);

/* Usage, what it does, its keys with their values and defaults; lines, and a NUL. */
void help_write(struct buffer *out, const struct command *command);

#endif
