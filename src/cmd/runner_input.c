/* runner_input.c - what a job is given: lines, words, files and streams, in a queue. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/cmd/alloc.h"

#include "runner_private.h"

static struct input *
add_input(struct job *job, enum input_kind kind)
{
    struct input *input = alloc_zero(sizeof(*input));

    input->kind = kind;
    STAILQ_INSERT_TAIL(&job->inputs, input, link);
    return input;
}

void
input_free(struct input *input)
{
    if (input->source.close != NULL)
        input->source.close(input->source.ctx);
    words_fini(&input->words);
    free(input->text);
    free(input);
}

void
job_add_line(struct job *job, const char *line)
{
    add_input(job, INPUT_LINE)->text = alloc_text(line, strlen(line));
}

void
job_add_words(struct job *job, int argc, char *const *argv)
{
    words_from_arguments(&add_input(job, INPUT_WORDS)->words, argc, argv);
}

void
job_add_file(struct job *job, const char *path, bool may_be_missing)
{
    struct input *input = add_input(job, INPUT_FILE);

    input->text = alloc_text(path, strlen(path));
    input->may_be_missing = may_be_missing;
}

void
job_add_source(struct job *job, const struct line_source *source)
{
    add_input(job, INPUT_SOURCE)->source = *source;
}
