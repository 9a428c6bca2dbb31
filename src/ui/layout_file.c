/* layout_file.c - the layout on disk. */
#include "config.h"

#include "sockdeck/ui/layout_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/ui/state_file.h"

enum { FILE_MAX = 1024 };

const char *const layout_pane_words[UI_PANES] = {
    [UI_CONNECTIONS] = "connections", [UI_WORKERS] = "workers", [UI_MESSAGES] = "messages",
    [UI_EVENTS] = "events", [UI_CALLS] = "calls",
};

static const char *const choice_words[PANE_CHOICES] = {
    [PANE_AUTO] = "auto", [PANE_SHOWN] = "shown", [PANE_HIDDEN] = "hidden",
};

static int
place_of(const char *const *words, int count, const char *word)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static int
within(int value, int most)
{
    if (value > most)
        return most;
    return value < -most ? -most : value;
}

static void
take_line(const char *line, struct layout_choice *choice)
{
    char name[16], word[16];
    int number, pane, shown;

    if (sscanf(line, "wall %d", &number) == 1) {
        choice->shift = within(number, LAYOUT_SHIFT_MAX);
        return;
    }
    if (sscanf(line, "%15s %15s %d", name, word, &number) != 3)
        return;
    pane = place_of(layout_pane_words, UI_PANES, name);
    shown = place_of(choice_words, PANE_CHOICES, word);
    if (pane < 0 || shown < 0)
        return;
    choice->panes[pane] = (enum pane_choice)shown;
    choice->grow[pane] = within(number, LAYOUT_GROW_MAX);
}

void
layout_file_load(const char *path, struct layout_choice *choice)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    char text[FILE_MAX + 1], *rest = text, *line;
    struct stat st;
    ssize_t n = -1;

    if (fd == -1)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid())
        n = read(fd, text, FILE_MAX);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    while ((line = strsep(&rest, "\n")) != NULL)
        take_line(line, choice);
}

int
layout_file_save(const char *path, const struct layout_choice *choice, struct error *err)
{
    char text[FILE_MAX];
    int n = snprintf(text, sizeof(text), "wall %d\n", choice->shift), code = 0;
    int fd = state_file_open(path, 0, err);

    if (fd < 0)
        return fd;
    for (int i = 0; i < UI_PANES; i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "%s %s %d\n", layout_pane_words[i],
                      choice_words[choice->panes[i]], choice->grow[i]);
    if (pwrite(fd, text, (size_t)n, 0) != n || ftruncate(fd, n) == -1)
        code = error_set(err, -errno, "layout %s: %s", path, error_message(errno));
    close(fd);
    return code;
}
