/* move.h - moving what is selected in a list, and what is on top of a text. Pure. */
#ifndef SOCKDECK_UI_MOVE_H
#define SOCKDECK_UI_MOVE_H

#include <stddef.h>

/* Where a selection may go. */
enum move { MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_FIRST, MOVE_LAST };

/* From place at of count places, pages of so many; stays inside. 0 when there is none. */
size_t move_place(enum move move, size_t at, size_t count, size_t page);

/* The place nearest to at among the rows that are shown from top on. */
size_t move_into_sight(size_t at, size_t top, size_t rows);

#endif
