/* fuzz_text.c - the renderer: what comes out is harmless, and in quotes it can be typed
 * back. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/words.h"

enum { MOST_CELLS = 40 };

static void
check_glyphs(const char *p, size_t n, unsigned flags)
{
    struct glyph glyph;

    while (n > 0) {
        size_t used = text_next_glyph(p, n, flags, &glyph);

        fuzz_check(used > 0 && used <= n, "a glyph stands for bytes that are there");
        fuzz_check(glyph.length == strlen(glyph.text), "a glyph's length is that of its text");
        fuzz_check(glyph.cells == text_cells(glyph.text), "a glyph's cells are those of its text");
        p += used;
        n -= used;
    }
}

static void
check_rendered(const char *p, size_t n, unsigned flags)
{
    struct buffer out = { 0 };
    char cut[128];

    fuzz_check(text_render(&out, p, n, flags) == 0, "there is memory");
    fuzz_check_harmless(buffer_data(&out), buffer_size(&out));
    for (size_t i = 0; flags & TEXT_ASCII && i < buffer_size(&out); i++)
        fuzz_check((buffer_data(&out)[i] & 0x80) == 0, "ASCII is asked for");
    fuzz_check(text_render_cells(cut, sizeof(cut), p, n, MOST_CELLS, flags) <= MOST_CELLS,
               "it is cut to its cells");
    fuzz_check_harmless(cut, strlen(cut));
    fuzz_check(text_cells(cut) <= MOST_CELLS, "what is shown has the cells that were counted");
    buffer_fini(&out);
}

static void
check_typed_back(const char *p, size_t n, unsigned flags)
{
    struct buffer line = { 0 };
    struct words words = { 0 };

    buffer_add_text(&line, "\"");
    text_render(&line, p, n, TEXT_QUOTED | flags);
    buffer_add_text(&line, "\"");
    fuzz_check(words_split(&words, buffer_data(&line), buffer_size(&line), NULL) == 0 &&
               words.count == 1, "what is rendered in quotes is a word");
    fuzz_check(words.list[0].length == n && memcmp(words.list[0].text, p, n) == 0,
               "and stands for the same bytes");
    words_fini(&words);
    buffer_fini(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *p = (const char *)data;

    fuzz_check(size - text_whole(p, size) <= 3, "at most three bytes are an unfinished character");
    for (unsigned flags = 0; flags <= (TEXT_QUOTED | TEXT_ASCII); flags++) {
        check_glyphs(p, size, flags);
        check_rendered(p, size, flags);
    }
    check_typed_back(p, size, 0);
    check_typed_back(p, size, TEXT_ASCII);
    return 0;
}
