/* cmd_connect.c - connect: outgoing connections. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/model/model.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/request.h"
#include "settings_keys.h"
#include "verbs.h"

enum { CONNECT_CONNECT, CONNECT_READ, CONNECT_SEND, CONNECT_IDLE, CONNECT_RECV, CONNECT_COUNT,
       CONNECT_FROM };

enum { COUNT_MAX = 100000 };

const struct key connect_keys[] = {
    [CONNECT_CONNECT] = { "connect-timeout", VALUE_DURATION, NULL,
                          "from the first SYN until established; none at first" },
    [CONNECT_READ] = { "read-timeout", VALUE_DURATION, NULL, "each wait for bytes; none at first" },
    [CONNECT_SEND] = { "send-timeout", VALUE_DURATION, NULL,
                       "until the kernel has taken all bytes; none at first" },
    [CONNECT_IDLE] = { "idle-timeout", VALUE_DURATION, NULL, "nothing in or out; none at first" },
    [CONNECT_RECV] = { "recv", VALUE_SIZE, "1024", "the n of recv(n)", .min = 1, .max = RECV_MAX },
    [CONNECT_COUNT] = { "count", VALUE_NUMBER, "1", "how many; the first gets the focus",
                        .min = 1, .max = COUNT_MAX },
    [CONNECT_FROM] = { "from", VALUE_TEXT, NULL, "the local address to bind first",
                       .form = "ADDR[:PORT]" },
    { .name = NULL },
};

static const struct settings_key connect_settings[] = {
    { CONNECT_CONNECT, 1 << TIMEOUT_CONNECT }, { CONNECT_READ, 1 << TIMEOUT_READ },
    { CONNECT_SEND, 1 << TIMEOUT_SEND }, { CONNECT_IDLE, 1 << TIMEOUT_IDLE },
    { CONNECT_RECV, SET_RECV },
    { 0, 0 },
};

/* Where to, where from, and the first that was connected. */
struct dialling {
    struct request request;
    struct endpoint ends[2];
    uint32_t first;
};

/* ADDR:PORT or ADDR alone, which takes any port; numeric, so that it needs no resolving. */
static int
parse_from(const char *word, struct endpoint *from, struct error *err)
{
    struct address ignored;
    int code = endpoint_parse(word, NULL, true, from, err);

    if (code != 0 && word[0] != '\0')
        code = endpoint_parse(word, "0", true, from, err);
    if (code == 0 && endpoint_address(from, &ignored) != 0)
        code = error_set(err, -EINVAL, "from=%s: give a numeric address of this machine", word);
    return code;
}

void
connect_start(struct run *run)
{
    const struct value *values = run->args.values;
    struct dialling *dialling = alloc_zero(sizeof(*dialling));
    struct request *request = &dialling->request;
    struct error err = { 0 };
    int code;

    run->state = dialling;
    code = endpoint_parse(args_word(&run->args, 0), args_word(&run->args, 1), false,
                          &dialling->ends[0], &err);
    if (code == 0 && values[CONNECT_FROM].given)
        code = parse_from(values[CONNECT_FROM].text, &dialling->ends[1], &err);
    if (code != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    request->type = REQUEST_DIAL;
    request->u.dial.has_from = values[CONNECT_FROM].given;
    request->data_size = (uint32_t)(sizeof(struct endpoint) * (values[CONNECT_FROM].given ? 2 : 1));
    settings_init(&request->u.dial.settings);
    request->u.dial.bits = settings_take_keys(&request->u.dial.settings, values, connect_settings);
    run->count = (size_t)values[CONNECT_COUNT].number;
}

void
connect_post(struct run *run, size_t index)
{
    struct dialling *dialling = run->state;
    struct request request = dialling->request;

    run_post(run, index, &request, dialling->ends);
}

/* The first of count= has the lowest number, whichever was connected first. */
void
connect_replied(struct run *run, const struct pending *pending, const struct reply *reply)
{
    struct dialling *dialling = run->state;
    uint32_t conn = reply->reply.object;

    (void)pending;
    if (!run_check_reply(run, reply) || conn == 0)
        return;
    if (dialling->first != 0 && conn > dialling->first)
        return;
    dialling->first = conn;
    console_set_focus(run->console, conn);
}
