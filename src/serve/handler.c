/* handler.c - see handler.h. */
#include "config.h"

#include "sockdeck/serve/handler.h"

static struct answer
answer_nothing(const char *data, size_t n)
{
    (void)data;
    (void)n;
    return (struct answer) { NULL, 0 };
}

static struct answer
answer_same(const char *data, size_t n)
{
    return (struct answer) { data, n };
}

static struct answer
answer_pong(const char *data, size_t n)
{
    (void)data;
    (void)n;
    return (struct answer) { "pong", 4 };
}

const struct handler handlers[HANDLER_COUNT] = {
#define HANDLER_ENTRY(constant, name, reads, answers, function, summary) \
    [HANDLER_##constant] = { name, summary, reads, answers, function },
    HANDLERS(HANDLER_ENTRY)
#undef HANDLER_ENTRY
};

const struct handler *
handler_get(uint8_t id)
{
    return &handlers[id < HANDLER_COUNT ? id : HANDLER_PRINT];
}
