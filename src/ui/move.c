/* move.c - moving in a list. */
#include "config.h"

#include "sockdeck/ui/move.h"

size_t
move_place(enum move move, size_t at, size_t count, size_t page)
{
    size_t last = count > 0 ? count - 1 : 0;

    switch (move) {
    case MOVE_UP: at = at > 0 ? at - 1 : 0; break;
    case MOVE_DOWN: at++; break;
    case MOVE_PAGE_UP: at = at > page ? at - page : 0; break;
    case MOVE_PAGE_DOWN: at += page; break;
    case MOVE_FIRST: at = 0; break;
    case MOVE_LAST: at = last; break;
    }
    return at < last ? at : last;
}

size_t
move_into_sight(size_t at, size_t top, size_t rows)
{
    size_t end = top + rows;

    if (at < top)
        return top;
    return at >= end && end > 0 ? end - 1 : at;
}
