/* screen.c - the terminal through curses; no other file includes it. */
#include "config.h"

#include "sockdeck/ui/screen.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "sockdeck/base/error.h"
#include "sockdeck/ui/crash.h"
#include "sockdeck/ui/frame.h"
#include "sockdeck/ui/keys.h"
#include "sockdeck/ui/palette.h"
#include "sockdeck/ui/sequences.h"
#include "sockdeck/ui/stray.h"
#include "sockdeck/ui/terminal.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_EVENTS (BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED)
#define MOUSE_OFF "\033[?1000l\033[?1006l"

enum { KEY_PASTE_BEGIN = KEY_MAX + 1, KEY_PASTE_END };

struct screen {
    struct screen_options options;
    struct frame frame;
    SCREEN *terminal;
    WINDOW *pad;                /* wgetch on it refreshes nothing */
    struct palette palette;
    struct termios modes;       /* as they were before */
    int rows, cols;
    struct canvas_cell *shown;  /* what was drawn last; NULL: nothing is known */
    cchar_t *line;              /* a row on its way */
    struct stray stray;
};

/* --- colours ----------------------------------------------------------------- */

static attr_t
attributes_of(unsigned bits)
{
    attr_t attributes = A_NORMAL;

    attributes |= bits & STYLE_BOLD ? A_BOLD : 0;
    attributes |= bits & STYLE_DIM ? A_DIM : 0;
    attributes |= bits & STYLE_REVERSE ? A_REVERSE : 0;
    attributes |= bits & STYLE_UNDERLINE ? A_UNDERLINE : 0;
    return attributes;
}

static void
set_pair(const struct screen *screen, enum role role, bool selected)
{
    struct pair pair = palette_pair(&screen->palette, role, selected);

    init_extended_pair(pair.number, pair.ink, pair.back);
}

static void
set_pairs(const struct screen *screen)
{
    for (int role = 0; screen->palette.has_color && role < ROLE_COUNT; role++) {
        set_pair(screen, (enum role)role, false);
        if (screen->palette.has_256)
            set_pair(screen, (enum role)role, true);
    }
}

static void
start_colors(struct screen *screen, const struct theme *theme)
{
    bool has_color = has_colors() && start_color() != ERR && use_default_colors() == OK;

    screen->palette = palette_of(theme, has_color ? COLORS : 0, has_color ? COLOR_PAIRS : 0);
}

void
screen_set_mouse(struct screen *screen, bool mouse)
{
    screen->options.mouse = mouse;
    mousemask(mouse ? MOUSE_EVENTS : 0, NULL);
    mouseinterval(0);
}

void
screen_set_theme(struct screen *screen, const struct theme *theme)
{
    screen->palette.theme = theme;
    set_pairs(screen);
    screen_redraw(screen);
}

/* --- which key is which ------------------------------------------------------- */

static const struct { int curses; uint32_t code; } specials[] = {
    { KEY_UP, KEYS_UP }, { KEY_DOWN, KEYS_DOWN }, { KEY_LEFT, KEYS_LEFT },
    { KEY_RIGHT, KEYS_RIGHT }, { KEY_HOME, KEYS_HOME }, { KEY_END, KEYS_END },
    { KEY_PPAGE, KEYS_PGUP }, { KEY_NPAGE, KEYS_PGDN }, { KEY_BTAB, KEYS_SHIFT_TAB },
    { KEY_IC, KEYS_INSERT }, { KEY_DC, KEYS_DELETE }, { KEY_F(18), KEYS_SHIFT_F6 },
    { KEY_PASTE_BEGIN, KEYS_PASTE_BEGIN }, { KEY_PASTE_END, KEYS_PASTE_END },
};

static uint32_t
special_code(int curses)
{
    for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
        if (specials[i].curses == curses)
            return specials[i].code;
    if (curses > KEY_F0 && curses <= KEY_F(12))
        return KEYS_F0 + (uint32_t)(curses - KEY_F0);
    return KEYS_OTHER;
}

static int
curses_key(uint32_t code)
{
    for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
        if (specials[i].code == code)
            return specials[i].curses;
    return KEY_F((int)(code - KEYS_F0));
}

/* --- taking and giving back the terminal ------------------------------------- */

static void
write_terminal(const char *text)
{
    terminal_write(text, strlen(text));
}

static void
add_capability(char *out, size_t size, const char *name)
{
    const char *text = tigetstr(name);

    if (text != NULL && text != (const char *)-1)
        terminal_add_unpadded(out, size, text);
}

static void
arm_crash_handler(struct screen *screen)
{
    static const char *const capabilities[] = { "sgr0", "op", "cnorm", "rmkx", "rmcup" };
    struct crash_record record = {
        .tty = STDOUT_FILENO, .restore = PASTE_OFF, .modes = screen->modes,
        .captured = screen->stray.file, .standard_error = screen->stray.standard_error,
        .set_up = screen->options.set_up, .ctx = screen->options.ctx,
    };

    strcat(record.restore, MOUSE_OFF);
    for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
        add_capability(record.restore, sizeof(record.restore), capabilities[i]);
    crash_arm(&record);
}

static void
set_up(struct screen *screen, bool up)
{
    if (screen->options.set_up != NULL)
        screen->options.set_up(screen->options.ctx, up);
}

/* Terminals are not always what TERM says: what most send is known, unless it says
 * otherwise. */
static void
know_usual_keys(void)
{
    for (const struct key_sequence *usual = usual_sequences; usual->bytes != NULL; usual++)
        if (key_defined(usual->bytes) == 0)
            define_key(usual->bytes, curses_key(usual->code));
}

static void
set_modes(struct screen *screen)
{
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    typeahead(-1);              /* a frame is drawn whole */
    scrollok(stdscr, FALSE);
    keypad(screen->pad, TRUE);
    nodelay(screen->pad, TRUE);
    meta(screen->pad, TRUE);
    know_usual_keys();
    define_key("\033[200~", KEY_PASTE_BEGIN);
    define_key("\033[201~", KEY_PASTE_END);
    if (screen->options.mouse) {
        mousemask(MOUSE_EVENTS, NULL);
        mouseinterval(0);
    }
}

static int
check_terminal(struct error *err)
{
    const char *term = getenv("TERM");

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return error_set(err, -ENOTTY, "the screen needs a terminal on standard input and "
                         "output; without one use --batch");
    if (term == NULL || *term == '\0')
        return error_set(err, -EINVAL, "TERM is not set; set it, or use --batch");
    return 0;
}

static int
open_terminal(struct screen *screen, struct error *err)
{
    const char *term = getenv("TERM");
    int failed, code;

    if (setupterm(NULL, STDOUT_FILENO, &failed) == ERR || tigetstr("cup") == NULL)
        return error_set(err, -EINVAL, "TERM=%.40s cannot show the screen; use --batch", term);
    del_curterm(cur_term);      /* newterm makes its own */
    if (getenv("ESCDELAY") == NULL)
        set_escdelay(25);
    use_tioctl(TRUE);
    code = frame_open(&screen->frame);
    if (code != 0)
        return error_set(err, code, "the terminal: %s", error_message(code));
    screen->terminal = newterm(NULL, screen->frame.curses, stdin);
    if (screen->terminal == NULL)
        return error_set(err, -EINVAL, "TERM=%.40s cannot show the screen; use --batch", term);
    screen->pad = newpad(1, 1);
    if (screen->pad == NULL)
        abort();
    return 0;
}

int
screen_open(struct screen **out, const struct screen_options *options, struct error *err)
{
    struct screen *screen;
    int code = check_terminal(err);

    if (code != 0)
        return code;
    screen = calloc(1, sizeof(*screen));
    if (screen == NULL)
        abort();
    screen->options = *options;
    screen->stray = (struct stray) { -1, -1 };
    tcgetattr(STDIN_FILENO, &screen->modes);
    set_up(screen, true);
    code = open_terminal(screen, err);
    if (code != 0) {
        set_up(screen, false);
        frame_close(&screen->frame);
        free(screen);
        return code;
    }
    stray_capture(&screen->stray);
    arm_crash_handler(screen);
    set_modes(screen);
    start_colors(screen, options->theme);
    set_pairs(screen);
    write_terminal(PASTE_ON);
    screen_resize(screen);
    *out = screen;
    return 0;
}

void
screen_close(struct screen *screen)
{
    if (screen == NULL)
        return;
    terminal_unblock();
    write_terminal(PASTE_OFF);
    if (screen->options.mouse)
        mousemask(0, NULL);
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &screen->modes);
    set_up(screen, false);
    crash_disarm();
    stray_release(&screen->stray);
    delwin(screen->pad);
    delscreen(screen->terminal);
    frame_close(&screen->frame);
    free(screen->shown);
    free(screen->line);
    free(screen);
}

static void
take_again(struct screen *screen)
{
    set_up(screen, true);
    reset_prog_mode();
    write_terminal(PASTE_ON);
    if (screen->options.mouse)
        mousemask(MOUSE_EVENTS, NULL);
    screen_resize(screen);
    screen_redraw(screen);
    frame_begin(&screen->frame);
    refresh();
    frame_end(&screen->frame);
}

void
screen_suspend(struct screen *screen)
{
    write_terminal(PASTE_OFF);
    if (screen->options.mouse)
        mousemask(0, NULL);
    def_prog_mode();
    endwin();
    set_up(screen, false);
    terminal_stop_process();
    take_again(screen);
}

void
screen_resume(struct screen *screen)
{
    take_again(screen);
}

/* --- size -------------------------------------------------------------------- */

void
screen_size(const struct screen *screen, int *rows, int *cols)
{
    *rows = screen->rows;
    *cols = screen->cols;
}

bool
screen_resize(struct screen *screen)
{
    int rows = LINES, cols = COLS;

    terminal_size(&rows, &cols);
    if (screen->shown != NULL && rows == screen->rows && cols == screen->cols)
        return false;
    resizeterm(rows, cols);
    screen->rows = rows;
    screen->cols = cols;
    free(screen->shown);
    free(screen->line);
    screen->shown = calloc((size_t)rows * (size_t)cols, sizeof(*screen->shown));
    screen->line = calloc((size_t)cols + 1, sizeof(*screen->line));
    if (screen->shown == NULL || screen->line == NULL)
        abort();
    screen_redraw(screen);
    return true;
}

void
screen_redraw(struct screen *screen)
{
    memset(screen->shown, 0xff,
           (size_t)screen->rows * (size_t)screen->cols * sizeof(*screen->shown));
    clearok(stdscr, TRUE);
}

/* --- drawing ----------------------------------------------------------------- */

static void
put_row(struct screen *screen, int row, const struct canvas_cell *cells)
{
    wchar_t text[CANVAS_CODES + 1];
    int n = 0;

    for (int col = 0; col < screen->cols; col++) {
        struct look look;

        if (cells[col].width == 0)
            continue;
        for (int i = 0; i < CANVAS_CODES; i++)
            text[i] = (wchar_t)cells[col].code[i];
        text[CANVAS_CODES] = L'\0';
        look = palette_look(&screen->palette, &cells[col]);
        setcchar(&screen->line[n++], text, attributes_of(look.bits), look.pair, NULL);
    }
    mvadd_wchnstr(row, 0, screen->line, n);
}

void
screen_draw(struct screen *screen, const struct canvas *canvas, int row, int col)
{
    size_t width = (size_t)screen->cols;

    if (canvas->rows != screen->rows || canvas->cols != screen->cols)
        return;
    for (int i = 0; i < screen->rows; i++) {
        const struct canvas_cell *cells = &canvas->cells[(size_t)i * width];
        struct canvas_cell *shown = &screen->shown[(size_t)i * width];

        if (memcmp(cells, shown, width * sizeof(*cells)) == 0)
            continue;
        memcpy(shown, cells, width * sizeof(*cells));
        put_row(screen, i, cells);
    }
    frame_begin(&screen->frame);
    curs_set(row >= 0 ? 1 : 0);
    if (row >= 0)
        move(row, col);
    refresh();
    frame_end(&screen->frame);
}

/* --- keys -------------------------------------------------------------------- */

static void
special_sequence(int curses, uint32_t code, char buf[static KEYS_TEXT])
{
    const char *known = sequence_of(code);
    char *bound = known == NULL ? keybound(curses, 0) : NULL;

    if (bound != NULL && strlen(bound) < KEYS_TEXT)
        known = bound;
    if (known != NULL)
        strcpy(buf, known);
    free(bound);
}

static bool
take_mouse(struct raw_key *raw)
{
    MEVENT event;

    if (getmouse(&event) != OK)
        return false;
    raw->row = event.y;
    raw->col = event.x;
    if (event.bstate & BUTTON1_PRESSED)
        raw->code = KEYS_CLICK;
    else if (event.bstate & BUTTON4_PRESSED)
        raw->code = KEYS_WHEEL_UP;
    else if (event.bstate & BUTTON5_PRESSED)
        raw->code = KEYS_WHEEL_DOWN;
    else
        return false;
    return true;
}

bool
screen_get_key(void *ctx, struct raw_key *raw)
{
    struct screen *screen = ctx;
    int c;

    while ((c = wgetch(screen->pad)) != ERR) {
        *raw = (struct raw_key) { .byte = -1 };
        if (c == KEY_MOUSE) {
            if (take_mouse(raw))
                return true;
            continue;
        }
        if (c == KEY_RESIZE)
            continue;
        if (c == KEY_ENTER || c == KEY_BACKSPACE)
            c = c == KEY_ENTER ? '\r' : 0x7f;
        if (c < 256) {
            raw->byte = c;
            return true;
        }
        raw->code = special_code(c);
        special_sequence(c, raw->code, raw->sequence);
        return true;
    }
    return false;
}

int
screen_fd(const struct screen *screen)
{
    (void)screen;
    return STDIN_FILENO;
}
