/* command.c - the command table. */
#include "config.h"

#include "sockdeck/cmd/command.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/explain.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/cmd/run.h"
#include "verbs.h"

enum {
    CONNECTIONS = TAKES_CONNECTIONS | TAKES_BARE | TAKES_SELECTED,
    SENDERS = TAKES_CONNECTIONS | TAKES_SELECTED,
    ANYTHING = CONNECTIONS | TAKES_LISTENER | TAKES_WORKER,
};

const struct command commands[] = {
    { .name = "listen", .usage = "[ADDR:]PORT", .summary = "bind and listen",
      .help = "  ADDR is 127.0.0.1 when left out; * is every address. Port 0 takes a free one.\n",
      .keys = listen_keys, .min_words = 1, .max_words = 1, .start = listen_start },

    { .name = "connect", .usage = "[ADDR:]PORT", .summary = "make outgoing connections",
      .help = "  The place is PORT, host:port, host port or [v6]:port. The command ends when\n"
              "  connected or failed, and sets the focus.\n",
      .keys = connect_keys, .min_words = 1, .max_words = 2,
      .start = connect_start, .post = connect_post, .replied = connect_replied },

    { .name = "send", .usage = "DATA...", .summary = "send the rest of the line",
      .help = "  Escapes: \\n \\r \\t \\0 \\xHH \\\\ \\\". Words are joined by one space; quote to keep\n"
              "  more. -- ends the options. It ends when the kernel has taken all bytes.\n",
      .keys = send_keys, .takes = SENDERS, .takes_data = true, .min_words = 1,
      .start = send_start, .post = send_post, .replied = send_replied, .finish = send_finish },

    { .name = "sendhex", .usage = "HEX...", .summary = "send bytes given as hexadecimal digits",
      .help = "  Such as: sendhex 70 69 6e67\n",
      .takes = SENDERS, .takes_data = true, .min_words = 1,
      .start = sendhex_start, .post = send_post, .replied = send_replied, .finish = send_finish },

    { .name = "sendfile", .usage = "PATH", .summary = "send the bytes of a file",
      .help = "  A regular file, as it is: no line ending is added.\n",
      .takes = SENDERS, .takes_data = true, .takes_path = true, .min_words = 1,
      .start = sendfile_start, .post = send_post, .replied = send_replied, .finish = send_finish },

    { .name = "ping", .usage = "[T]", .summary = "send `ping` and time the reply",
      .help = "  With size=4 the next `ping` or `pong` that comes back is the reply; a larger\n"
              "  one is wanted back as it was sent. Status 1 when no reply came at all.\n",
      .keys = ping_keys, .takes = CONNECTIONS, .start = ping_start, .post = ping_post },

    { .name = "timeout", .usage = "[T|L|default] [connect|accept|read|send|idle D]",
      .summary = "show or change timeouts",
      .help = "  D is none (wait for ever), 0 (return at once) or a limit such as 200ms, 2s, 1.5.\n"
              "  It takes effect at once, also on a call that is blocked. For a listener: its\n"
              "  open and its coming connections. default: for what is made later.\n",
      .keys = timeout_keys, .takes = CONNECTIONS | TAKES_LISTENER | TAKES_DEFAULT, .max_words = 2,
      .words = { choice_timeouts }, .start = timeout_start, .post = settings_post },

    { .name = "mode", .usage = "[L] [M]",
      .summary = "show or switch the concurrency mode of a listener",
      .help = "  Open connections end under the old mode, new ones go to the new one.\n",
      .keys = mode_keys, .takes = TAKES_LISTENER, .max_words = 1,
      .words = { choice_modes }, .start = mode_start },

    { .name = "handler", .usage = "[L] print|echo|pong|stall",
      .summary = "what a listener does with what comes",
      .help = "  What is left out stays as it is.\n",
      .keys = handler_keys, .takes = TAKES_LISTENER, .max_words = 1,
      .words = { choice_handlers }, .start = handler_start },

    { .name = "eol", .usage = "[T] none|lf|cr|crlf",
      .summary = "the line ending that send appends",
      .takes = CONNECTIONS, .min_words = 1, .max_words = 1,
      .words = { choice_eols }, .start = eol_start, .post = settings_post },

    { .name = "on-eof", .usage = "[T|L] close|keep", .summary = "what the peer's end of file does",
      .help = "  At first accepted connections close, dialled ones are kept.\n",
      .takes = CONNECTIONS | TAKES_LISTENER, .min_words = 1, .max_words = 1,
      .words = { choice_then }, .start = on_eof_start, .post = settings_post },

    { .name = "pause", .usage = "[T]", .summary = "stop reading from a connection",
      .takes = CONNECTIONS, .start = pause_start, .post = pause_post },

    { .name = "resume", .usage = "[T]", .summary = "go on reading",
      .takes = CONNECTIONS, .start = pause_start, .post = resume_post },

    { .name = "shutdown", .usage = "[T] read|write|both", .summary = "half-close a connection",
      .takes = CONNECTIONS, .min_words = 1, .max_words = 1,
      .words = { choice_shutdown }, .asks = true, .start = shutdown_start, .post = shutdown_post,
      .replied = close_replied },

    { .name = "close", .usage = "[T|L]", .summary = "close connections (FIN), or stop a listener",
      .takes = CONNECTIONS | TAKES_LISTENER, .asks = true, .start = close_start, .post = close_post,
      .replied = close_replied },

    { .name = "reset", .usage = "[T]", .summary = "abort connections (RST)",
      .takes = CONNECTIONS, .asks = true, .start = pause_start, .post = reset_post,
      .replied = close_replied },

    { .name = "kill", .usage = "WN [SIGNAL]", .summary = "a signal to a worker",
      .help = "  KILL when left out; STOP freezes it, CONT lets it go on.\n",
      .takes = TAKES_WORKER, .max_words = 1, .words = { choice_signals }, .asks = true, .start = kill_start },

    { .name = "hole", .usage = "[PORT]", .summary = "a black hole: connects to it hang",
      .help = "  A listener on loopback whose accept queue is full, so that the kernel drops every\n"
              "  further SYN: try connect PORT connect-timeout=2s. close L2 ends it. It fails where\n"
              "  one more connect does not really hang.\n",
      .max_words = 1, .start = hole_start },

    { .name = "show", .usage = "connections|listeners|workers|timeouts|counters|modes|T",
      .summary = "tables of what there is",
      .help = "  connections, listeners, workers, timeouts, counters or modes; show #3 is info #3.\n",
      .takes = ANYTHING & ~TAKES_SELECTED, .max_words = 1, .words = { choice_tables },
      .start = show_start,
      .replied = show_replied, .step = info_step },

    { .name = "info", .usage = "[T|L|W]", .summary = "one object in full, with its kernel state",
      .help = "  Of a connection: both its ends, as far as they are on this machine. Each field comes\n"
              "  with its meaning; 'not told': only who holds a socket can ask for its options.\n",
      .takes = ANYTHING, .start = info_start, .replied = info_replied, .step = info_step },

    { .name = "calls", .usage = "on|off", .summary = "show each socket call as it is made",
      .help = "  By pid and tid, with arguments, result and time, in all processes. A call that\n"
              "  returns when the lens is off again is not shown.\n",
      .min_words = 1, .max_words = 1, .words = { choice_on_off }, .start = calls_start },

    { .name = "explain", .usage = "[WORD]",
      .summary = "what a word means: an errno, event, call, TCP state, mode, term, figure",
      .help = "  What it means, which call returns it, its usual causes, what to try here, and the\n"
              "  line of Python. Without a word: the newest error or timeout. Of load and compare:\n"
              "  what their figures mean, and what to look at. Any word of help and info does too.\n",
      .max_words = 4, .words = { choice_explained }, .start = explain_start },

    { .name = "focus", .usage = "[T]", .summary = "which connection commands without a target take",
      .takes = CONNECTIONS, .start = focus_start },

    { .name = "expect", .usage = "PATTERN", .summary = "wait until received bytes match",
      .help = "  An extended regular expression over the bytes received and not yet matched;\n"
              "  ^ and $ stand at lines too, . does not match a newline. Status 1 when it is not\n"
              "  met in time or at end of file.\n",
      .keys = expect_keys, .takes = TAKES_CONNECTIONS, .takes_data = true, .min_words = 1,
      .start = expect_start, .step = expect_step, .finish = expect_finish },

    { .name = "wait", .usage = "D | [T] closed",
      .summary = "wait for a time, or until connections have ended",
      .keys = wait_keys, .takes = CONNECTIONS & ~TAKES_SELECTED, .min_words = 1, .max_words = 1,
      .words = { choice_wait }, .start = wait_start, .step = wait_step },

    { .name = "load", .usage = "[ADDR:]PORT [LIMIT...]",
      .summary = "send many messages and time the replies",
      .help = "  A reply is as many bytes as were sent (handler=echo). rate= sends by the clock and\n"
              "  times each reply from when its message was due, so that a stall is not hidden.\n"
              "  LIMIT is such as p99<300ms, errors<1 or rate>1000; one not met is status 99.\n",
      .keys = load_keys, .min_words = 1, .max_words = ARGS_MAX, .start = load_verb_start,
      .step = load_verb_step, .finish = load_verb_finish },

    { .name = "compare", .usage = "", .summary = "the same load against each mode, side by side",
      .help = "  A listener for each mode, each message a connection: throughput, times, the answer\n"
              "  that the last client waited for, and what the mode took: processes, threads, PSS of\n"
              "  an idle connection, forks and starts, context switches, CPU, who accepted.\n",
      .keys = compare_keys, .start = compare_start, .replied = compare_replied,
      .step = compare_step, .finish = compare_finish },

    { .name = "demo", .usage = "", .summary = "a tour of three minutes, on free ports",
      .help = "  Commands are typed before your eyes, with a caption each. Space pauses, and goes on\n"
              "  with the next; Esc stops. What is open at the end stays open: your turn. In a batch:\n"
              "  no pauses, and all of it is closed.\n",
      .keys = demo_keys, .start = demo_start },

    { .name = "set", .usage = "[NAME [VALUE]]", .summary = "list, show or change preferences",
      .help = "  A preference that is one of several words also takes next.\n",
      .max_words = 2, .words = { choice_preferences }, .start = set_start },

    { .name = "source", .usage = "PATH", .summary = "run the commands of a file",
      .takes_path = true, .min_words = 1, .max_words = 1, .start = source_start },

    { .name = "view", .usage = "[next|text|hex|both]", .summary = "how messages are shown",
      .needs_screen = true, .max_words = 1, .words = { choice_views }, .start = view_start },

    { .name = "filter", .usage = "[TERM...]", .summary = "show only the records for which all terms hold",
      .help = "  conn=3 listener=L1 worker=W2 dir=in kind=timeout severity>=warning len>100\n"
              "  text~ping, or with !=, !~, <, <=, =. A term is asked only of what can answer it.\n"
              "  Quote one that holds a blank: \"text~two words\". Alone: everything again.\n",
      .takes_data = true, .each_word = choice_filter_terms, .needs_screen = true,
      .start = filter_start },

    { .name = "find", .usage = "[TEXT...]", .summary = "look for a text in the pane, upwards",
      .help = "  Capitals count when the text has one. Alone: the same once more. In what lies open\n"
              "  (/ there), downwards. Esc, back to the prompt, ends the marks.\n",
      .keys = find_keys, .takes_data = true, .needs_screen = true, .start = find_start },

    { .name = "follow", .usage = "", .summary = "keep the newest line of a pane in sight",
      .needs_screen = true, .start = display_start },

    { .name = "freeze", .usage = "", .summary = "stop the display; traffic goes on",
      .needs_screen = true, .start = display_start },

    { .name = "zoom", .usage = "", .summary = "give a pane the whole screen, and back",
      .needs_screen = true, .start = display_start },

    { .name = "layout", .usage = "[show|hide|auto|grow|shrink|wider|narrower|reset [PANE]]",
      .summary = "which panes there are, and how much room each has",
      .help = "  PANE is that with the keys when left out. What is chosen is kept between runs.\n"
              "  Alone: how it is now.\n",
      .needs_screen = true, .max_words = 2, .words = { choice_layouts, choice_panes },
      .start = display_start },

    { .name = "next-pane", .usage = "[back]", .summary = "put the keys into the next pane",
      .needs_screen = true, .max_words = 1, .words = { choice_back }, .start = display_start },

    { .name = "clear", .usage = "", .summary = "clear a pane",
      .needs_screen = true, .start = display_start },

    { .name = "screenshot", .usage = "PATH", .summary = "write the screen to a new file, as text",
      .help = "  A file that exists is never replaced, nor is a link followed.\n",
      .takes_path = true, .needs_screen = true, .min_words = 1, .max_words = 1,
      .start = display_start },

    { .name = "bind", .usage = "[KEY [COMMAND...|default]]", .summary = "list or change what keys do",
      .help = "  KEY is as help keys writes it: F9, Ctrl-T, Alt-X, PgUp, j. default is what it was\n"
              "  at first; bind default resets all keys. In a pane, a command that takes a\n"
              "  connection and names none is given the selected one.\n",
      .keys = bind_keys, .takes_data = true, .needs_screen = true, .start = bind_start },

    { .name = "prompt", .usage = "[command|send|other|find|filter|ping]",
      .summary = "go to a prompt", .needs_screen = true, .max_words = 1,
      .words = { choice_prompts }, .start = display_start },

    { .name = "back", .usage = "", .summary = "close what is open, leave the prompt, return to it",
      .needs_screen = true, .start = display_start },

    { .name = "go", .usage = "up|down|page-up|page-down|first|last|left|right",
      .summary = "move what is selected, or scroll", .needs_screen = true, .min_words = 1,
      .max_words = 1, .words = { choice_steps }, .start = display_start },

    { .name = "open", .usage = "", .summary = "open what is selected, or take it",
      .needs_screen = true, .start = display_start },

    { .name = "fold", .usage = "", .summary = "unfold a long item, and fold it again",
      .needs_screen = true, .start = display_start },

    { .name = "form", .usage = "timeouts|modes", .summary = "choose from a form",
      .needs_screen = true, .min_words = 1, .max_words = 1, .words = { choice_forms },
      .start = display_start },

    { .name = "redraw", .usage = "", .summary = "draw the screen anew",
      .needs_screen = true, .start = display_start },

    { .name = "stop", .usage = "", .summary = "clear the line, else cancel what runs, else quit (twice)",
      .needs_screen = true, .start = display_start },

    { .name = "suspend", .usage = "", .summary = "back to the shell; fg returns",
      .needs_screen = true, .start = display_start },

    { .name = "help", .alias = "?", .usage = "[COMMAND|keys]",
      .summary = "this list, one command in full, or the keys",
      .max_words = 1, .words = { choice_help }, .start = help_start },

    { .name = "quit", .alias = "exit", .usage = "[ask]", .summary = "close everything and end",
      .help = "  With ask, on screen, it asks first when anything is open.\n",
      .max_words = 1, .words = { choice_ask }, .start = quit_start },

    { .name = NULL },
};

bool
choice_commands(size_t i, struct choice *choice)
{
    if (i + 1 >= sizeof(commands) / sizeof(commands[0]))
        return false;
    *choice = (struct choice){ commands[i].name, commands[i].summary };
    return true;
}

bool
choice_help(size_t i, struct choice *choice)
{
    if (i > 0)
        return choice_commands(i - 1, choice);
    *choice = (struct choice){ "keys", "what can be pressed where" };
    return true;
}

static bool
begins(const char *name, const char *word)
{
    return name != NULL && strncmp(name, word, strlen(word)) == 0;
}

static bool
is_called(const struct command *command, const char *word)
{
    return strcmp(command->name, word) == 0 ||
           (command->alias != NULL && strcmp(command->alias, word) == 0);
}

static const struct command *
refuse_ambiguous(const char *word, size_t left, struct error *err)
{
    char shown[TEXT_WORD], names[192];
    size_t count = 0;

    for (const struct command *command = commands; command->name != NULL; command++)
        if (begins(command->name, word) || begins(command->alias, word))
            choice_enumerate(names, sizeof(names), &count, --left == 0,
                             begins(command->name, word) ? command->name : command->alias, "");
    error_set(err, -EEXIST, "%s: not unique: %s", text_word(shown, word), names);
    return NULL;
}

static const struct command *
refuse_unknown(const char *word, struct error *err)
{
    char shown[TEXT_WORD], names[128];

    text_word(shown, word);
    if (*word == '\0')
        error_set(err, -ENOENT, "\"\": no command; 'help' lists them");
    else if (strchr(word, ' ') != NULL)
        error_set(err, -ENOENT, "\"%s\": one word, and no command; to a shell write its words "
                  "without quotes, or -E 'LINE'", shown);
    else if (choice_nearest(choice_commands, word, "", names, sizeof(names)))
        error_set(err, -ENOENT, "%s: unknown command; did you mean %s?", shown, names);
    else
        error_set(err, -ENOENT, "%s: unknown command; 'help' lists them", shown);
    return NULL;
}

const struct command *
command_find(const char *word, struct error *err)
{
    const struct command *found = NULL;
    size_t matches = 0;

    for (const struct command *command = commands; command->name != NULL; command++) {
        if (is_called(command, word))
            return command;
        if (word[0] != '\0' && (begins(command->name, word) || begins(command->alias, word))) {
            found = command;
            matches++;
        }
    }
    if (matches == 0)
        return refuse_unknown(word, err);
    return matches == 1 ? found : refuse_ambiguous(word, matches, err);
}
