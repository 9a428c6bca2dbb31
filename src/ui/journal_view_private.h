/* journal_view_private.h - what the files of a journal's view share.
 *
 * journal_view.c        what is copied, where it stands, what is chosen
 * journal_view_draw.c   measuring and drawing
 * journal_find.c        finding */
#ifndef SOCKDECK_UI_JOURNAL_VIEW_PRIVATE_H
#define SOCKDECK_UI_JOURNAL_VIEW_PRIVATE_H

#include <stddef.h>

#include "sockdeck/ui/journal_view.h"

/* Chooses the entry at that place, or the last; at the last it follows. */
void journal_view_select(struct journal_view *view, size_t place);

/* Looks at a number of records under one hold of the lock. */
void journal_view_find_some(struct journal_view *view, struct model *model);

#endif
