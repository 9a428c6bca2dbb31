/* runner_frames.c - the inputs that a job is within: a script, and those that it sources. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/script.h"

#include "runner_private.h"

void
frame_clear(struct frame *frame)
{
    if (frame->source.close != NULL)
        frame->source.close(frame->source.ctx);
    words_fini(&frame->words);
    free(frame->name);
    *frame = (struct frame){ 0 };
}

static int
read_script(void *ctx, const char **line, size_t *n, struct error *err)
{
    (void)err;
    return script_next(ctx, line, n) == 1 ? 1 : -ENODATA;
}

static void
close_script(void *ctx)
{
    script_close(ctx);
}

int
job_push_file(struct job *job, const char *path, struct run *entered_by, struct error *err)
{
    struct script *script;
    struct frame *frame;
    int code;

    if (job->depth > SOURCE_DEPTH_MAX)
        return error_set(err, -ELOOP, "%s: scripts are nested deeper than %d; does one include itself?",
                         path, SOURCE_DEPTH_MAX);
    code = script_open(&script, path, err);
    if (code != 0)
        return code;
    frame = &job->frames[job->depth++];
    frame->name = alloc_text(path, strlen(path));
    frame->source = (struct line_source){ read_script, close_script, script, frame->name };
    frame->entered_by = entered_by;
    return 0;
}

int
job_push_lines(struct job *job, const struct line_source *source, struct run *entered_by,
               struct error *err)
{
    struct frame *frame;

    if (job->depth > SOURCE_DEPTH_MAX)
        return error_set(err, -ELOOP, "scripts are nested deeper than %d", SOURCE_DEPTH_MAX);
    frame = &job->frames[job->depth++];
    frame->source = *source;
    frame->entered_by = entered_by;
    return 0;
}
