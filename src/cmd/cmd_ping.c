/* cmd_ping.c - ping: send `ping`, time the reply. */
#include "config.h"

#include "sockdeck/cmd/run.h"
#include "sockdeck/serve/ping.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

enum { KEY_COUNT, KEY_INTERVAL, KEY_SIZE, KEY_WAIT, KEY_EOL };

const struct key ping_keys[] = {
    [KEY_COUNT] = { "count", VALUE_NUMBER, "1", "how many", .min = 1, .max = PING_COUNT_MAX },
    [KEY_INTERVAL] = { "interval", VALUE_DURATION, "1s", "from one to the next" },
    [KEY_SIZE] = { "size", VALUE_SIZE, "4", "bytes; more than 4 hold a number and are wanted back",
                   .min = PING_SIZE_MIN, .max = PING_SIZE_MAX },
    [KEY_WAIT] = { "wait", VALUE_DURATION, "1s", "how long for each reply" },
    [KEY_EOL] = { "eol", VALUE_CHOICE, NULL, "line ending behind it; the connection's if left out",
                  .choices = choice_eols },
    { .name = NULL },
};

void
ping_start(struct run *run)
{
    const struct value *values = run->args.values;
    uint32_t size = (uint32_t)values[KEY_SIZE].number, count = (uint32_t)values[KEY_COUNT].number;
    uint32_t least = ping_numbered_size(count);

    if (values[KEY_INTERVAL].number < 0 || values[KEY_WAIT].number < 0)
        run_fail(run, STATUS_USAGE, "interval= and wait= need a time, not none");
    else if (size > PING_SIZE_MIN && size < least)
        run_fail(run, STATUS_USAGE, "size=%u has no room for \"ping %u \": it is 4, or %u or more",
                 size, count, least);
    else
        run_take_waiting(run, STATUS_UNMET);
}

void
ping_post(struct run *run, size_t index)
{
    const struct value *values = run->args.values;
    struct request request = {
        .type = REQUEST_PING,
        .conn = run->ids.ids[index],
        .u.ping = {
            .count = (uint32_t)values[KEY_COUNT].number,
            .size = (uint32_t)values[KEY_SIZE].number,
            .interval_ns = values[KEY_INTERVAL].number,
            .wait_ns = values[KEY_WAIT].number,
            .eol = values[KEY_EOL].given ? (int32_t)values[KEY_EOL].number : -1,
        },
    };

    run_post(run, index, &request, NULL);
}
