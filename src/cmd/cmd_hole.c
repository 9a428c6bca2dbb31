/* cmd_hole.c - hole: where connects hang. */
#include "config.h"

#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

void
hole_start(struct run *run)
{
    const char *port = args_word(&run->args, 0);
    struct request request = { .type = REQUEST_HOLE, .data_size = sizeof(struct endpoint) };
    struct endpoint endpoint;
    struct error err = { 0 };

    if (endpoint_parse(port != NULL ? port : "0", NULL, true, &endpoint, &err) != 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else if (endpoint.host[0] != '\0')
        run_fail(run, STATUS_USAGE, "%s: takes a port only, a black hole is always on 127.0.0.1",
                 port);
    else
        run_post(run, 0, &request, &endpoint);
}
