/* settings.c - see settings.h. */
#include "config.h"

#include "sockdeck/serve/settings.h"

const struct named handler_names[HANDLER_COUNT] = {
#define HANDLER_NAME(constant, name, reads, answers, function, summary) \
    [HANDLER_##constant] = { name, summary },
    HANDLERS(HANDLER_NAME)
#undef HANDLER_NAME
};

const struct named eol_names[EOL_COUNT] = {
    [EOL_NONE] = { "none", "nothing is appended" },
    [EOL_LF] = { "lf", "a line feed, \\n" },
    [EOL_CR] = { "cr", "a carriage return, \\r" },
    [EOL_CRLF] = { "crlf", "both, \\r\\n" },
};

const char *const eol_bytes[EOL_COUNT] = {
    [EOL_NONE] = "",
    [EOL_LF] = "\n",
    [EOL_CR] = "\r",
    [EOL_CRLF] = "\r\n",
};

const struct named then_names[3] = {
    [THEN_DEFAULT] = { "default", "accepted connections close, dialled ones are kept" },
    [THEN_CLOSE] = { "close", "the connection is closed" },
    [THEN_KEEP] = { "keep", "the connection is kept" },
};

void
settings_init(struct settings *settings)
{
    *settings = (struct settings) {
        .recv_size = RECV_DEFAULT,
        .handler = HANDLER_PRINT,
        .read_then = THEN_DEFAULT,
        .on_eof = THEN_DEFAULT,
        .eol = EOL_NONE,
        .capture = CAPTURE_PART,
    };
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        settings->timeout_ns[kind] = DURATION_NONE;
}

void
settings_change(struct settings *settings, const struct settings *values, uint32_t bits)
{
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        if (bits & (1u << kind))
            settings->timeout_ns[kind] = values->timeout_ns[kind];
    if (bits & SET_WORK) {
        settings->work_ns = values->work_ns;
        settings->work_blocks = values->work_blocks;
    }
    if (bits & SET_HANDLER)
        settings->handler = values->handler;
    if (bits & SET_READ_THEN)
        settings->read_then = values->read_then;
    if (bits & SET_ON_EOF)
        settings->on_eof = values->on_eof;
    if (bits & SET_EOL)
        settings->eol = values->eol;
    if (bits & SET_CAPTURE)
        settings->capture = values->capture;
    if (bits & SET_RECV)
        settings->recv_size = values->recv_size;
    if (bits & SET_ACCEPT_DELAY)
        settings->accept_delay_ns = values->accept_delay_ns;
}
