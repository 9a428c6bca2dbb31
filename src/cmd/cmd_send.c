/* cmd_send.c - send, sendhex, sendfile: bytes to one connection or to several.
 *
 * Each connection takes the same bytes at its own pace: the next piece of at most
 * REQUEST_DATA_MAX goes out when the kernel has taken the one before. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

enum { KEY_EOL };

const struct key send_keys[] = {
    [KEY_EOL] = { "eol", VALUE_CHOICE, NULL, "line ending behind it; the connection's if left out",
                  .choices = choice_eols },
    { .name = NULL },
};

struct sending {
    int fd;                     /* sendfile: the file; -1: what is in data */
    struct buffer data;
    bool ends_line;             /* send: a line ending follows */
    uint64_t *sent;             /* by connection: how far it has got */
    char *piece;                /* REQUEST_DATA_MAX bytes to read into */
};

static struct sending *
new_sending(struct run *run)
{
    struct sending *sending = alloc_zero(sizeof(*sending));

    sending->fd = -1;
    run->state = sending;
    return sending;
}

void
send_finish(struct run *run)
{
    struct sending *sending = run->state;

    if (sending == NULL)
        return;
    if (sending->fd >= 0)
        close(sending->fd);
    buffer_fini(&sending->data);
    free(sending->sent);
    free(sending->piece);
}

static void
take_receivers(struct run *run)
{
    struct sending *sending = run->state;

    if (!run_take_waiting(run, STATUS_SEND))
        return;
    sending->sent = alloc_zero(run->count * sizeof(*sending->sent));
    sending->piece = alloc_zero(REQUEST_DATA_MAX);
}

/* The ending that follows on this connection. */
static const char *
line_ending(struct run *run, size_t index)
{
    const struct value *eol = &run->args.values[KEY_EOL];
    struct model *model = run->console->options.model;
    const struct connection *conn;
    int place = EOL_NONE;

    if (eol->given)
        return eol_bytes[eol->number];
    model_lock(model);
    conn = model_connection(model, run->ids.ids[index]);
    if (conn != NULL)
        place = conn->settings.eol;
    model_unlock(model);
    return eol_bytes[place];
}

/* The bytes from offset on into the piece, the line ending behind the last. */
static ssize_t
read_data(struct run *run, size_t index, uint64_t offset)
{
    struct sending *sending = run->state;
    const char *ending = sending->ends_line ? line_ending(run, index) : "";
    size_t size = buffer_size(&sending->data), n = 0;

    if (offset < size) {
        n = size - offset < REQUEST_DATA_MAX ? size - offset : REQUEST_DATA_MAX;
        memcpy(sending->piece, buffer_data(&sending->data) + offset, n);
    }
    for (size_t i = offset + n >= size ? offset + n - size : SIZE_MAX;
         i < strlen(ending) && n < REQUEST_DATA_MAX; i++)
        sending->piece[n++] = ending[i];
    return (ssize_t)n;
}

static ssize_t
read_file(const struct sending *sending, uint64_t offset)
{
    ssize_t n;

    do {
        n = pread(sending->fd, sending->piece, REQUEST_DATA_MAX, (off_t)offset);
    } while (n == -1 && errno == EINTR);
    return n == -1 ? -errno : n;
}

void
send_post(struct run *run, size_t index)
{
    struct sending *sending = run->state;
    struct request request = { .type = REQUEST_SEND, .conn = run->ids.ids[index] };
    uint64_t offset = sending->sent[index];
    ssize_t n = sending->fd >= 0 ? read_file(sending, offset) : read_data(run, index, offset);

    if (n < 0)
        run_fail(run, STATUS_USAGE, "%s", error_message((int)n));
    if (n <= 0)
        return;
    request.u.send.continues = offset > 0;
    sending->sent[index] += (uint64_t)n;
    request.data_size = (uint32_t)n;
    run_post(run, index, &request, sending->piece);
}

void
send_replied(struct run *run, const struct pending *pending, const struct reply *reply)
{
    if (run_check_reply(run, reply) && !run->cancelled)
        send_post(run, pending->index);
}

void
send_start(struct run *run)
{
    struct sending *sending = new_sending(run);

    words_join(&sending->data, run->args.data, run->args.data_count);
    sending->ends_line = true;
    take_receivers(run);
}

static int
hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Pairs of digits; false for a word that is not made of them. */
static bool
add_hex(struct buffer *data, const struct word *word)
{
    for (size_t i = 0; i < word->length; i += 2) {
        int high = hex_value(word->text[i]), low = hex_value(word->text[i + 1]);
        char byte;

        if (high < 0 || low < 0)
            return false;
        byte = (char)(high << 4 | low);
        alloc_check(buffer_add(data, &byte, 1));
    }
    return true;
}

void
sendhex_start(struct run *run)
{
    struct sending *sending = new_sending(run);
    char shown[TEXT_WORD];

    for (size_t i = 0; i < run->args.data_count; i++) {
        if (add_hex(&sending->data, &run->args.data[i]))
            continue;
        run_fail(run, STATUS_USAGE, "%s: not pairs of hexadecimal digits, such as 70 69 6e67",
                 text_word(shown, run->args.data[i].text));
        return;
    }
    take_receivers(run);
}

/* A descriptor, or a negative errno. A FIFO is refused, not waited for. */
static int
open_file(const char *path, struct error *err)
{
    char shown[TEXT_WORD];
    struct stat st;
    int code = 0, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    text_word(shown, path);
    if (fd == -1 || fstat(fd, &st) == -1)
        code = error_set(err, -errno, "%s: %s", shown, error_message(errno));
    else if (!S_ISREG(st.st_mode))
        code = error_set(err, -EINVAL, "%s: not a regular file", shown);
    if (code == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return code;
}

void
sendfile_start(struct run *run)
{
    struct sending *sending = new_sending(run);
    struct buffer path = { 0 };
    struct error err = { 0 };

    words_join(&path, run->args.data, run->args.data_count);
    alloc_check(buffer_add(&path, "", 1));
    if (strlen(buffer_data(&path)) + 1 != buffer_size(&path)) {
        run_fail(run, STATUS_USAGE, "the name of a file holds no NUL");
        goto out;
    }
    sending->fd = open_file(buffer_data(&path), &err);
    if (sending->fd < 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else
        take_receivers(run);
out:
    buffer_fini(&path);
}
