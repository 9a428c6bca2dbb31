/* tables_counters.c - `show counters`: our own exact sums, and by how much the
 * kernel's counters that explain have grown since the start. */
#include "config.h"

#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/net/counters.h"

static void
add(struct table *table, const char *name, uint64_t value, const char *whose, const char *summary)
{
    table_row(table);
    table_text(table, 0, "%s", name);
    table_number(table, 1, (double)value);
    table_text(table, 2, "%s", whose);
    table_text(table, 3, "%s", summary);
}

static void
add_ours(struct table *table, const struct totals *now)
{
    const struct { const char *name; uint64_t value; const char *summary; } rows[] = {
        { "accepted", now->accepted, "connections that a listener accepted" },
        { "dialled", now->dialled, "connections that connect made or tried" },
        { "open", now->open, "open now" },
        { "closed", now->closed, "ended, each counted once" },
        { "in", now->in, "bytes from the kernel" },
        { "out", now->out, "bytes that the kernel took" },
        { "messages_in", now->in_messages, "calls of recv that returned bytes" },
        { "messages_out", now->out_messages, "sends" },
        { "timeouts", now->timeouts, "timeouts of any kind" },
        { "errors", now->errors, "failed system calls" },
        { "lost", now->lost, "events whose bytes could not be kept" },
        { "events", now->events, "events" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        add(table, rows[i].name, rows[i].value, "ours", rows[i].summary);
}

static void
add_kernels(struct table *table, const struct kernel_counts *start)
{
    struct kernel_counts now;

    kernel_counts_read(&now);
    for (int i = 0; i < KERNEL_COUNTERS; i++)
        if (now.is_known[i] && start->is_known[i])
            add(table, kernel_counters[i].name, now.count[i] - start->count[i], "kernel",
                kernel_counters[i].meaning);
}

bool
choice_kernel_counters(size_t i, struct choice *choice)
{
    if (i >= KERNEL_COUNTERS)
        return false;
    *choice = (struct choice) { kernel_counters[i].name, kernel_counters[i].meaning };
    return true;
}

void
tables_counters(struct table *table, const struct console *console)
{
    static const struct column columns[] = {
        { "counter", "COUNTER", false }, { "value", "SINCE START", true },
        { "whose", "WHOSE", false },
        { "summary", "MEANING (ours: of all connections; kernel: of all programs)", false },
    };
    struct model *model = console->options.model;
    struct totals now;

    table_init(table, "counters", columns, sizeof(columns) / sizeof(columns[0]));
    model_lock(model);
    now = *model_totals(model);
    model_unlock(model);
    add_ours(table, &now);
    add_kernels(table, &console->counts_at_start);
}
