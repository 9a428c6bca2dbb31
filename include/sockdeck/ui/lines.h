/* lines.h - bytes of a message or words of a sentence, cut into the lines that a
 * pane of a width shows: text, a hex dump, or both side by side. Pure. */
#ifndef SOCKDECK_UI_LINES_H
#define SOCKDECK_UI_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/ui/canvas.h"

enum look { LOOK_TEXT, LOOK_HEX, LOOK_BOTH, LOOKS };

extern const char *const look_names[LOOKS];     /* "text" "hex" "both" */

struct lines {
    const char *data;
    size_t size;
    enum look look;
    int width;                  /* cells */
    int limit;                  /* the most lines, 0: as many as it takes */
    bool by_words;              /* text is broken at blanks */
    bool is_cut;                /* data is only the first part of what there was */
    size_t tail;                /* bytes at its end that text cut by the limit still shows */
    unsigned text_flags;        /* for text_next_glyph */
    size_t at;                  /* walking: where the next line begins */
    int count;                  /* walking: lines so far */
};

struct line {
    size_t start, size;
    bool is_folded;             /* more follows that is not shown ... */
    size_t tail;                /* ... but for so many bytes at the end */
    size_t tail_size;           /* of which there is room for so many */
};

/* The next line; there is always a first one, which may be empty. */
bool lines_next(struct lines *lines, struct line *line);
int lines_count(const struct lines *lines);     /* from the start */

void line_draw(const struct lines *lines, const struct line *line, struct pen *pen,
               enum role role);

/* Adds a whole hex dump, a row a line: "0000  70 69 6e 67 ...  |ping|\n". */
struct buffer;
void lines_dump(struct buffer *out, const char *data, size_t size);

#endif
