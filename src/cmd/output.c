/* output.c - see output.h. Whoever calls makes the line itself, while it holds the
 * writer's queue, so that lines keep the order of the calls. The model's lock is taken
 * inside. */
#include "config.h"

#include "sockdeck/cmd/output.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/sentence.h"

#include "output_private.h"
#include "writer.h"

struct output {
    const struct form *form;
    struct writer *writer;
    /* All else belongs to who holds the queue. */
    struct lines lines;
    uint64_t unmade;            /* lines there was no memory for, not yet reported */
};

int
output_open(struct output **result, const struct output_options *options, struct error *err)
{
    const struct writer_options writer = {
        .fd = options->fd,
        .room = options->room,
        .broken = options->broken,
        .ctx = options->ctx,
    };
    struct output *output = calloc(1, sizeof(*output));
    int rc;

    if (output == NULL)
        abort();
    output->form = options->json ? &output_json : &output_text;
    lines_init(&output->lines, options->event_bytes, options->start_ns);
    rc = writer_open(&output->writer, &writer);
    if (rc != 0) {
        free(output);
        return error_set(err, rc, "cannot start the output thread: %s", error_message(rc));
    }
    *result = output;
    return 0;
}

int
output_close(struct output *output)
{
    int code;

    if (output == NULL)
        return 0;
    code = writer_close(output->writer);
    lines_fini(&output->lines);
    free(output);
    return code;
}

bool
output_has_room(struct output *output)
{
    return writer_has_room(output->writer);
}

void
output_set_event_bytes(struct output *output, size_t event_bytes)
{
    if (writer_lock(output->writer) == NULL)
        return;
    output->lines.event_bytes = event_bytes;
    writer_unlock(output->writer);
}

/* A line that there is no memory for is cut off and counted. */
static void
keep_line(struct output *output, size_t mark, int rc)
{
    struct buffer *out = output->lines.out;

    if (rc == 0)
        return;
    out->end = out->start + mark;
    output->unmade++;
}

static void
report_unmade(struct output *output, int64_t wall_ns)
{
    struct event event = { .type = EVENT_LOST, .stamp_ns = clock_mono_ns() };
    uint64_t count = output->unmade;
    size_t mark = buffer_size(output->lines.out);

    event.u.lost.count = count;
    output->unmade = 0;
    keep_line(output, mark, output->form->event(&output->lines, &event, wall_ns, NULL));
    if (output->unmade != 0)
        output->unmade = count;
}

/* Takes the queue and says where the line begins; false, without it, when lines are
 * dropped. */
static bool
begin_line(struct output *output, int64_t wall_ns, size_t *mark)
{
    struct buffer *out = writer_lock(output->writer);

    if (out == NULL)
        return false;
    output->lines.out = out;
    if (output->unmade != 0)
        report_unmade(output, wall_ns);
    *mark = buffer_size(output->lines.out);
    return true;
}

static void
end_line(struct output *output, size_t mark, int rc)
{
    keep_line(output, mark, rc);
    writer_unlock(output->writer);
}

void
output_start(struct output *output)
{
    int64_t wall_ns = clock_wall_ns();
    size_t mark;

    if (output->form->start == NULL || !begin_line(output, wall_ns, &mark))
        return;
    end_line(output, mark, output->form->start(&output->lines, wall_ns, clock_mono_ns()));
}

void
output_event(struct output *output, struct model *model, const struct event *event,
             int64_t wall_ns)
{
    bool asks = model != NULL && sentence_asks_model(event);
    size_t mark;
    int rc;

    if (event_infos[event->type].pane == PANE_INTERNAL || (event->flags & EVENT_BEGUN) != 0 ||
        !begin_line(output, wall_ns, &mark))
        return;
    if (asks)
        model_lock(model);
    rc = output->form->event(&output->lines, event, wall_ns, asks ? model : NULL);
    if (asks)
        model_unlock(model);
    end_line(output, mark, rc);
}

void
output_table(struct output *output, const struct table *table, int64_t wall_ns)
{
    size_t mark;

    if (!begin_line(output, wall_ns, &mark))
        return;
    end_line(output, mark,
             output->form->table(&output->lines, table, wall_ns, clock_mono_ns()));
}

void
output_done(struct output *output, uint32_t n, const char *command, enum status status,
            int64_t wall_ns)
{
    size_t mark;

    if (output->form->done == NULL || !begin_line(output, wall_ns, &mark))
        return;
    end_line(output, mark, output->form->done(&output->lines, n, command, status, wall_ns,
                                              clock_mono_ns()));
}

/* The same record that the screen shows, see sentence.h. */
void
output_failed(struct output *output, const char *command, const char *message,
              enum status status, int64_t wall_ns)
{
    size_t command_size = strlen(command) + 1, message_size = strlen(message) + 1;
    struct event *event = calloc(1, sizeof(*event) + command_size + message_size);

    if (event == NULL)
        abort();
    event->type = EVENT_FAILED;
    event->stamp_ns = clock_mono_ns();
    event->u.reply.status = status;
    event->data_size = (uint32_t)(command_size + message_size);
    memcpy(event->data, command, command_size);
    memcpy(event->data + command_size, message, message_size);
    output_event(output, NULL, event, wall_ns);
    free(event);
}
