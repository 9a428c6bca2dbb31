/* cmd_calls.c - the syscall lens on or off. */
#include "config.h"

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

void
calls_start(struct run *run)
{
    struct request request = { .type = REQUEST_CALLS };
    struct error err = { 0 };
    int is_on = choice_find(choice_on_off, "value", args_word(&run->args, 0), &err);

    if (is_on < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    request.u.calls.is_on = (uint32_t)is_on;
    run_post(run, 0, &request, NULL);
}
