/* vterm_cells.h - the cells of a libvterm screen as text. */
#ifndef SOCKDECK_TESTS_VTERM_CELLS_H
#define SOCKDECK_TESTS_VTERM_CELLS_H

#include <stdbool.h>

#include <vterm.h>

struct buffer;

/* Adds a row of so many cells in UTF-8, without the blanks at its end; with attributes
 * marked as pty_screen_dump has them. */
void cells_add_row(struct buffer *out, VTermScreen *screen, int row, int cols,
                   bool with_attributes);

#endif
