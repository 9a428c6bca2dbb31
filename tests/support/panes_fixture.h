/* panes_fixture.h - panes drawn from a model on a small canvas. For cmocka: *state is a
 * struct panes_fixture. */
#ifndef SOCKDECK_TESTS_PANES_FIXTURE_H
#define SOCKDECK_TESTS_PANES_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/ui/panes.h"

enum { ROWS = 6, COLS = 100 };

struct panes_fixture { struct model *model; struct canvas canvas; struct deck deck; };

/* Names have the characters of UTF-8. */
int panes_setup(void **state);
int panes_teardown(void **state);
#define PANES_TEST(f) cmocka_unit_test_setup_teardown(f, panes_setup, panes_teardown)

/* What happens in the model. */
void panes_accept(struct panes_fixture *f, uint32_t id);
void panes_close(struct panes_fixture *f, uint32_t id, enum closed_by by, enum closed_how how);
void panes_message(struct panes_fixture *f, enum event_type type, uint32_t conn, const char *text);

/* A frame of one pane that has the focus, and what it shows. */
void panes_draw(struct panes_fixture *f, enum ui_pane pane);
const char *panes_row(const struct panes_fixture *f, int row);
bool panes_row_has(const struct panes_fixture *f, int row, const char *text);
bool panes_is_marked(const struct panes_fixture *f, int row);

#endif
