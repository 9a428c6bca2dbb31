/* panes_fixture.c - see panes_fixture.h. */
#include "config.h"

#include "panes_fixture.h"

#include "test.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"

int
panes_setup(void **state)
{
    struct panes_fixture *f = calloc(1, sizeof(*f));

    setlocale(LC_CTYPE, "C.UTF-8");
    f->model = model_new(1 << 20);
    canvas_init(&f->canvas, false);
    canvas_resize(&f->canvas, ROWS, COLS);
    deck_init(&f->deck, f->model, &f->canvas, NS_PER_S);
    *state = f;
    return 0;
}

int
panes_teardown(void **state)
{
    struct panes_fixture *f = *state;

    deck_fini(&f->deck);
    canvas_fini(&f->canvas);
    model_free(f->model);
    free(f);
    return 0;
}

void
panes_message(struct panes_fixture *f, enum event_type type, uint32_t conn, const char *text)
{
    record_apply(f->model, record_of_message(type, conn, text, strlen(text)));
}

void
panes_accept(struct panes_fixture *f, uint32_t id)
{
    record_apply(f->model, record_of_peers(EVENT_ACCEPTED, id, "127.0.0.1:5000", "127.0.0.1:80"));
}

void
panes_close(struct panes_fixture *f, uint32_t id, enum closed_by by, enum closed_how how)
{
    struct event *event = record_new(EVENT_CLOSED, id, NULL, 0);

    event->u.closed.by = (uint8_t)by;
    event->u.closed.how = (uint8_t)how;
    record_apply(f->model, event);
}

void
panes_draw(struct panes_fixture *f, enum ui_pane pane)
{
    struct area all = { 0, 0, ROWS, COLS };
    struct pen pen = pen_on(&f->canvas, all);

    deck_collect_header(&f->deck, NS_PER_S);
    canvas_clear(&f->canvas, all);
    panes[pane].collect(&f->deck, all);
    panes[pane].draw(&f->deck, &pen, true);
}

const char *
panes_row(const struct panes_fixture *f, int row)
{
    static char text[4 * COLS + 1];
    size_t at = 0;

    for (int col = 0; col < COLS; col++) {
        const struct canvas_cell *cell = &f->canvas.cells[row * COLS + col];

        if (cell->width > 0)
            at += (size_t)text_encode(text + at, cell->code[0]);
    }
    while (at > 0 && text[at - 1] == ' ')
        at--;
    text[at] = '\0';
    return text;
}

bool
panes_row_has(const struct panes_fixture *f, int row, const char *text)
{
    return strstr(panes_row(f, row), text) != NULL;
}

bool
panes_is_marked(const struct panes_fixture *f, int row)
{
    return f->canvas.cells[row * COLS].code[0] == 0x25b8;
}
