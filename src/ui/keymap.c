/* keymap.c - the keys, one const table. */
#include "config.h"

#include "sockdeck/ui/keymap.h"

#include "sockdeck/ui/keys.h"

#define KEY(key_, place_, command_, help_) \
    .key = (key_), .place = (place_), .command = (command_), .help = (help_)

/* In the order of help and of the line of hints. */
const struct binding keymap[] = {
    { KEY(KEYS_F1, PLACE_ANYWHERE, "keys", "help for what has the focus"), .hint = "help" },
    { KEY(KEYS_F2, PLACE_ANYWHERE, "prompt other",
          "the other prompt: commands, or sending"), .hint = "send" },
    { KEY('s' | KEYS_META, PLACE_ANYWHERE, "prompt other", "the same") },
    { KEY(KEYS_F3, PLACE_ANYWHERE, "view next", "messages as text, hex, or both"), .hint = "view" },
    { KEY(KEYS_F4, PLACE_ANYWHERE, "form timeouts",
          "the timeouts of the focused connection"), .hint = "timeouts" },
    { KEY(KEYS_F5, PLACE_ANYWHERE, "type ping",
          "write a ping into an empty command line"), .hint = "ping" },
    { KEY(KEYS_F6, PLACE_ANYWHERE, "next-pane", "the next pane takes the keys"), .hint = "panes" },
    { KEY(KEYS_SHIFT_F6, PLACE_ANYWHERE, "next-pane back", "the pane before") },
    { KEY(KEYS_F7, PLACE_ANYWHERE, "form modes", "choose the mode of a listener"), .hint = "mode" },
    { KEY(KEYS_ESC, PLACE_ANYWHERE, "back", "close what is open; leave the prompt; return to it") },
    { KEY(KEYS_CTRL('L'), PLACE_ANYWHERE, "redraw", "draw the screen anew") },
    { KEY(KEYS_CTRL('C'), PLACE_ANYWHERE, "interrupt",
          "clear the line, else cancel what runs, else quit (twice)") },
    { KEY(KEYS_CTRL('Z'), PLACE_ANYWHERE, "suspend", "back to the shell; fg returns") },
    { KEY(KEYS_F10, PLACE_ANYWHERE, "leave", "quit; asks when anything is open"), .hint = "quit" },
    { KEY(KEYS_CLICK, PLACE_ANYWHERE, "click", "focus and select") },
    { KEY(KEYS_WHEEL_UP, PLACE_ANYWHERE, "wheel up", "scroll") },
    { KEY(KEYS_WHEEL_DOWN, PLACE_ANYWHERE, "wheel down", "scroll") },

    { KEY(KEYS_CTRL('D'), PLACE_PROMPT, "end-of-file",
          "on an empty line: quit, or back to commands") },
    { KEY(KEYS_PGUP, PLACE_PROMPT, "move page-up", "scroll what is open, else Messages") },
    { KEY(KEYS_PGDN, PLACE_PROMPT, "move page-down", "the same, down") },

    { KEY(KEYS_ENTER, PLACE_PANE, "open", "open the item"), .hint = "open" },
    { KEY('j', PLACE_LIST, "move down", "down") },
    { KEY(KEYS_DOWN, PLACE_LIST, "move down", "down") },
    { KEY('k', PLACE_LIST, "move up", "up") },
    { KEY(KEYS_UP, PLACE_LIST, "move up", "up") },
    { KEY('g', PLACE_LIST, "move first", "the first") },
    { KEY(KEYS_HOME, PLACE_LIST, "move first", "the first") },
    { KEY('G', PLACE_LIST, "move last", "the last") },
    { KEY(KEYS_END, PLACE_LIST, "move last", "the last") },
    { KEY(KEYS_PGUP, PLACE_LIST, "move page-up", "a page up") },
    { KEY(KEYS_CTRL('B'), PLACE_LIST, "move page-up", "a page up") },
    { KEY(KEYS_PGDN, PLACE_LIST, "move page-down", "a page down") },
    { KEY(KEYS_CTRL('F'), PLACE_LIST, "move page-down", "a page down") },
    { KEY('F', PLACE_PANE, "follow", "follow the newest"), .hint = "follow" },
    { KEY('p', PLACE_PANE, "freeze", "freeze the display; traffic goes on"), .hint = "freeze" },
    { KEY('z', PLACE_PANE, "zoom", "this pane alone, and back"), .hint = "zoom" },
    { KEY('T', PLACE_PANE, "time next",
          "time as clock, since start, since previous"), .hint = "time" },
    { KEY('x', PLACE_PANE, "close", "close the connection"), .hint = "close", .asks = true },
    { KEY('X', PLACE_PANE, "shutdown write", "end our sending side (half-close)"), .asks = true },
    { KEY('R', PLACE_PANE, "reset", "abort the connection"), .asks = true },
    { KEY('@', PLACE_PANE, "target", "make its connection the default target of commands") },
    { KEY(' ', PLACE_PANE, "fold", "unfold a long item, and fold it again") },
    { KEY(KEYS_TAB, PLACE_PANE, "next-pane", "the next pane") },
    { KEY(KEYS_SHIFT_TAB, PLACE_PANE, "next-pane back", "the pane before") },
    { KEY(':', PLACE_LIST, "prompt command", "back to the command prompt") },
    { KEY('i', PLACE_LIST, "prompt", "back to the prompt") },
    { KEY('q', PLACE_LIST, "back", "back (never quits)") },
    { KEY('?', PLACE_LIST, "keys", "the keys") },
    { KEY('1', PLACE_PANE, "keys", "as F1") },
    { KEY('2', PLACE_PANE, "prompt other", "as F2") },
    { KEY('3', PLACE_PANE, "view next", "as F3") },
    { KEY('4', PLACE_PANE, "form timeouts", "as F4") },
    { KEY('5', PLACE_PANE, "type ping", "as F5") },
    { KEY('6', PLACE_PANE, "next-pane", "as F6") },
    { KEY('7', PLACE_PANE, "form modes", "as F7") },

    { KEY(KEYS_ENTER, PLACE_OVERLAY, "choose", "take the chosen line of a menu") },
    { KEY(KEYS_LEFT, PLACE_OVERLAY, "shift left", "to the left") },
    { KEY(KEYS_RIGHT, PLACE_OVERLAY, "shift right", "to the right") },

    { .key = KEYS_NONE },
};

/* The places that have keys of their own beside what they fall back to. */
static const struct { enum place parent; const char *name; } places[PLACE_COUNT] = {
    [PLACE_ANYWHERE] = { PLACE_ANYWHERE, "anywhere" },
    [PLACE_PROMPT] = { PLACE_ANYWHERE, "at the prompt" },
    [PLACE_LIST] = { PLACE_ANYWHERE, "in a pane or what is open" },
    [PLACE_PANE] = { PLACE_LIST, "in a pane" },
    [PLACE_CONNECTIONS] = { PLACE_PANE, "in Connections" },
    [PLACE_MESSAGES] = { PLACE_PANE, "in Messages" },
    [PLACE_EVENTS] = { PLACE_PANE, "in Events" },
    [PLACE_CALLS] = { PLACE_PANE, "in Calls" },
    [PLACE_OVERLAY] = { PLACE_LIST, "in what is open" },
};

enum place
keymap_parent(enum place place)
{
    return places[place].parent;
}

const char *
keymap_place_name(enum place place)
{
    return places[place].name;
}

static const struct binding *
find_in(enum place place, uint32_t key)
{
    for (const struct binding *binding = keymap; binding->key != KEYS_NONE; binding++)
        if (binding->key == key && binding->place == place)
            return binding;
    return NULL;
}

const struct binding *
keymap_find(enum place place, uint32_t key)
{
    for (;;) {
        const struct binding *binding = find_in(place, key);

        if (binding != NULL || place == PLACE_ANYWHERE)
            return binding;
        place = keymap_parent(place);
    }
}
