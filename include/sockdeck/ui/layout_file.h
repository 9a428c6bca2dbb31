/* layout_file.h - the layout that a user has chosen, kept between runs: a line for each
 * pane ("events hidden 2") and one for the wall ("wall -8"). What is damaged is skipped.
 * UI thread only. */
#ifndef SOCKDECK_UI_LAYOUT_FILE_H
#define SOCKDECK_UI_LAYOUT_FILE_H

#include "sockdeck/ui/layout.h"

struct error;

/* The words of the file and of `layout`: "connections" ... */
extern const char *const layout_pane_words[UI_PANES];

/* Reads what is there into choice, which keeps the rest; no file is made. */
void layout_file_load(const char *path, struct layout_choice *choice);
/* 0 or -errno with a sentence. */
int layout_file_save(const char *path, const struct layout_choice *choice, struct error *err);

#endif
