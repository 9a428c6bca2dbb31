/* fuzz_request.c - what comes through a control channel: a whole request, or refused. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "sockdeck/serve/channel.h"
#include "sockdeck/serve/request.h"

static void
check_received(int fd, size_t sent)
{
    char *data = malloc(REQUEST_DATA_MAX);
    struct request request = { 0 };
    int rc = channel_receive_request(fd, &request, data);

    fuzz_check(rc == 1 || rc == -EPROTO || (rc == 0 && sent == 0), "it is whole or refused");
    if (rc == 1)
        fuzz_check(sizeof(request) + request.data_size == sent, "a request has its size");
    free(data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request request = { 0 };
    int pair[2];

    fuzz_check(channel_open(pair) == 0, "there is a channel");
    if (size > 0 && channel_send(pair[0], data, size, NULL, 0, NULL, 0) == 0)
        check_received(pair[1], size);
    memcpy(&request, data, size < sizeof(request) ? size : sizeof(request));
    request.data_size %= 512;
    if (channel_send(pair[0], &request, sizeof(request), data, size, NULL, 0) == 0)
        check_received(pair[1], sizeof(request) + size);
    close(pair[0]);
    close(pair[1]);
    return 0;
}
