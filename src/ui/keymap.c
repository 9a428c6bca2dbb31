/* keymap.c - the keys, one const table, and what a user has made of it. */
#include "config.h"

#include "sockdeck/ui/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/ui/keys.h"

#define KEY(key_, place_, command_, help_) \
    .key = (key_), .place = (place_), .command = (command_), .help = (help_)

/* In the order of help and of the line of hints. */
const struct binding keymap_defaults[] = {
    { KEY(KEYS_F1, PLACE_ANYWHERE, "help keys", "help for what has the focus"), .hint = "help" },
    { KEY(KEYS_F2, PLACE_ANYWHERE, "prompt other",
          "the other prompt: commands, or sending"), .hint = "send" },
    { KEY('s' | KEYS_META, PLACE_ANYWHERE, "prompt other", "the same") },
    { KEY(KEYS_F3, PLACE_ANYWHERE, "view next", "messages as text, hex, or both"), .hint = "view" },
    { KEY(KEYS_F4, PLACE_ANYWHERE, "form timeouts",
          "the timeouts of the focused connection"), .hint = "timeouts" },
    { KEY(KEYS_F5, PLACE_ANYWHERE, "prompt ping",
          "write a ping into an empty command line"), .hint = "ping" },
    { KEY(KEYS_F6, PLACE_ANYWHERE, "next-pane", "the next pane takes the keys"), .hint = "panes" },
    { KEY(KEYS_SHIFT_F6, PLACE_ANYWHERE, "next-pane back", "the pane before") },
    { KEY(KEYS_F7, PLACE_ANYWHERE, "form modes", "choose the mode of a listener"), .hint = "mode" },
    { KEY(KEYS_ESC, PLACE_ANYWHERE, "back", "close what is open; leave the prompt; return to it") },
    { KEY(KEYS_CTRL('L'), PLACE_ANYWHERE, "redraw", "draw the screen anew") },
    { KEY(KEYS_CTRL('C'), PLACE_ANYWHERE, "stop",
          "clear the line, else cancel what runs, else quit (twice)") },
    { KEY(KEYS_CTRL('Z'), PLACE_ANYWHERE, "suspend", "back to the shell; fg returns") },
    { KEY(KEYS_F10, PLACE_ANYWHERE, "quit ask", "quit; asks when anything is open"), .hint = "quit" },

    { KEY(KEYS_CTRL('D'), PLACE_PROMPT, "quit ask",
          "on an empty line: quit, or back to commands") },
    { KEY(KEYS_PGUP, PLACE_PROMPT, "go page-up", "scroll what is open, else Messages") },
    { KEY(KEYS_PGDN, PLACE_PROMPT, "go page-down", "the same, down") },

    { KEY(KEYS_ENTER, PLACE_PANE, "open", "open the item"), .hint = "open" },
    { KEY('j', PLACE_LIST, "go down", "down") },
    { KEY(KEYS_DOWN, PLACE_LIST, "go down", "down") },
    { KEY('k', PLACE_LIST, "go up", "up") },
    { KEY(KEYS_UP, PLACE_LIST, "go up", "up") },
    { KEY('g', PLACE_LIST, "go first", "the first") },
    { KEY(KEYS_HOME, PLACE_LIST, "go first", "the first") },
    { KEY('G', PLACE_LIST, "go last", "the last") },
    { KEY(KEYS_END, PLACE_LIST, "go last", "the last") },
    { KEY(KEYS_PGUP, PLACE_LIST, "go page-up", "a page up") },
    { KEY(KEYS_CTRL('B'), PLACE_LIST, "go page-up", "a page up") },
    { KEY(KEYS_PGDN, PLACE_LIST, "go page-down", "a page down") },
    { KEY(KEYS_CTRL('F'), PLACE_LIST, "go page-down", "a page down") },
    { KEY('F', PLACE_PANE, "follow", "follow the newest"), .hint = "follow" },
    { KEY('p', PLACE_PANE, "freeze", "freeze the display; traffic goes on"), .hint = "freeze" },
    { KEY('z', PLACE_PANE, "zoom", "this pane alone, and back"), .hint = "zoom" },
    { KEY('+', PLACE_PANE, "layout grow", "a row more for this pane") },
    { KEY('-', PLACE_PANE, "layout shrink", "a row less for it") },
    { KEY('T', PLACE_PANE, "set time next",
          "time as clock, since start, since previous"), .hint = "time" },
    { KEY('L', PLACE_MESSAGES, "set ladder next",
          "a ladder: what is sent left, what comes right") },
    { KEY('x', PLACE_PANE, "close", "close the connection"), .hint = "close", .asks = true },
    { KEY('X', PLACE_PANE, "shutdown write", "half-close the connection"), .asks = true },
    { KEY('R', PLACE_PANE, "reset", "abort the connection"), .asks = true },
    { KEY('@', PLACE_PANE, "focus", "make its connection the target; Messages follows it") },
    { KEY('/', PLACE_PANE, "prompt find", "look for a text"), .hint = "find" },
    { KEY('n', PLACE_PANE, "find", "the same text further up") },
    { KEY('N', PLACE_PANE, "find to=newer", "the same text further down") },
    { KEY('f', PLACE_PANE, "prompt filter", "show only some records"), .hint = "filter" },
    { KEY(' ', PLACE_PANE, "fold", "unfold a long item, and fold it again") },
    { KEY(KEYS_TAB, PLACE_PANE, "next-pane", "the next pane") },
    { KEY(KEYS_SHIFT_TAB, PLACE_PANE, "next-pane back", "the pane before") },
    { KEY(':', PLACE_LIST, "prompt command", "back to the command prompt") },
    { KEY('i', PLACE_LIST, "prompt", "back to the prompt") },
    { KEY('q', PLACE_LIST, "back", "back (never quits)") },
    { KEY('?', PLACE_LIST, "help keys", "the keys") },
    { KEY('1', PLACE_PANE, "help keys", "as F1") },
    { KEY('2', PLACE_PANE, "prompt other", "as F2") },
    { KEY('3', PLACE_PANE, "view next", "as F3") },
    { KEY('4', PLACE_PANE, "form timeouts", "as F4") },
    { KEY('5', PLACE_PANE, "prompt ping", "as F5") },
    { KEY('6', PLACE_PANE, "next-pane", "as F6") },
    { KEY('7', PLACE_PANE, "form modes", "as F7") },

    { KEY(KEYS_ENTER, PLACE_OVERLAY, "open", "take the chosen line of a menu; explain what was measured") },
    { KEY(KEYS_LEFT, PLACE_OVERLAY, "go left", "to the left") },
    { KEY(KEYS_RIGHT, PLACE_OVERLAY, "go right", "to the right") },
    { KEY('/', PLACE_OVERLAY, "prompt find", "look for a text") },
    { KEY('n', PLACE_OVERLAY, "find", "the same text further down") },
    { KEY('N', PLACE_OVERLAY, "find to=newer", "the same text further up") },

    { .key = KEYS_NONE },
};

/* The places that have keys of their own beside what they fall back to. */
static const struct { enum place parent; const char *word, *name; } places[PLACE_COUNT] = {
    [PLACE_ANYWHERE] = { PLACE_ANYWHERE, "anywhere", "anywhere" },
    [PLACE_PROMPT] = { PLACE_ANYWHERE, "prompt", "at the prompt" },
    [PLACE_LIST] = { PLACE_ANYWHERE, "list", "in a pane or what is open" },
    [PLACE_PANE] = { PLACE_LIST, "pane", "in a pane" },
    [PLACE_CONNECTIONS] = { PLACE_PANE, "connections", "in Connections" },
    [PLACE_WORKERS] = { PLACE_PANE, "workers", "in Workers" },
    [PLACE_MESSAGES] = { PLACE_PANE, "messages", "in Messages" },
    [PLACE_EVENTS] = { PLACE_PANE, "events", "in Events" },
    [PLACE_CALLS] = { PLACE_PANE, "calls", "in Calls" },
    [PLACE_OVERLAY] = { PLACE_LIST, "overlay", "in what is open" },
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

int
keymap_place_find(const char *word)
{
    for (int i = 0; i < PLACE_COUNT; i++)
        if (strcmp(places[i].word, word) == 0)
            return i;
    return -1;
}

const char *
keymap_place_word(enum place place)
{
    return places[place].word;
}

/* --- the keys as they are now ----------------------------------------------------------- */

void
keymap_init(struct keymap *keymap)
{
    *keymap = (struct keymap) { 0 };
}

static void
remove_binding(struct keymap *keymap, size_t i)
{
    free((char *)(uintptr_t)keymap->list[i].command);
    keymap->count--;
    memmove(&keymap->list[i], &keymap->list[i + 1],
            (keymap->count - i) * sizeof(*keymap->list));
}

void
keymap_fini(struct keymap *keymap)
{
    while (keymap->count > 0)
        remove_binding(keymap, keymap->count - 1);
    free(keymap->list);
    keymap_init(keymap);
}

static const struct binding *
find_default(enum place place, uint32_t key)
{
    for (const struct binding *binding = keymap_defaults; binding->key != KEYS_NONE; binding++)
        if (binding->key == key && binding->place == place)
            return binding;
    return NULL;
}

const struct binding *
keymap_at(const struct keymap *keymap, enum place place, uint32_t key)
{
    for (size_t i = 0; i < keymap->count; i++)
        if (keymap->list[i].key == key && keymap->list[i].place == place)
            return &keymap->list[i];
    return find_default(place, key);
}

const struct binding *
keymap_find(const struct keymap *keymap, enum place place, uint32_t key)
{
    for (;;) {
        const struct binding *binding = keymap_at(keymap, place, key);

        if (binding != NULL || place == PLACE_ANYWHERE)
            return binding;
        place = keymap_parent(place);
    }
}

void
keymap_bind(struct keymap *keymap, enum place place, uint32_t key, const char *command, bool asks)
{
    struct binding binding = { .key = key, .place = place, .asks = asks };

    for (size_t i = 0; i < keymap->count; i++)
        if (keymap->list[i].key == key && keymap->list[i].place == place)
            remove_binding(keymap, i--);
    if (command == NULL)
        return;
    binding.command = binding.help = strdup(command);
    keymap->list = reallocarray(keymap->list, keymap->count + 1, sizeof(*keymap->list));
    if (binding.command == NULL || keymap->list == NULL)
        abort();
    keymap->list[keymap->count++] = binding;
}
