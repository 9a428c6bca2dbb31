/* info_table.c - the table that `info` answers with. */
#include "config.h"

#include "info_table.h"

#include <stdarg.h>
#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "info_rows.h"

static const struct column columns[] = {
    { "field", "FIELD", false },
    { "value", "VALUE", false },
    { "meaning", "MEANING", false },
};
static const struct column columns_of_both[] = {
    { "field", "FIELD", false },
    { "value", "VALUE", false },
    { "peer", "PEER", false },
    { "meaning", "MEANING", false },
};

bool
info_table_has_peer(const struct table *table)
{
    return table->columns == columns_of_both;
}

void
info_table_init(struct table *table, bool has_peer)
{
    if (has_peer)
        table_init(table, "info", columns_of_both, 4);
    else
        table_init(table, "info", columns, 3);
}

void
info_table_begin(struct table *table, const char *field, const char *meaning)
{
    table_row(table);
    table_text(table, INFO_FIELD, "%s", field);
    table_text(table, table->column_count - 1, "%s", meaning);
}

/* A row that tells nothing of either end is none. */
void
info_table_end(struct table *table)
{
    size_t last = table->row_count - 1;

    if (table_cell(table, last, INFO_VALUE)->kind == CELL_EMPTY &&
        (!info_table_has_peer(table) || table_cell(table, last, INFO_PEER)->kind == CELL_EMPTY))
        table_drop(table);
}

void
info_table_text(struct table *table, const char *field, const char *meaning, const char *format,
                ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    info_table_begin(table, field, meaning);
    table_text(table, INFO_VALUE, "%s", text);
}

void
info_table_number(struct table *table, const char *field, const char *meaning, uint64_t number)
{
    info_table_begin(table, field, meaning);
    table_number(table, INFO_VALUE, (double)number);
}

void
info_table_seconds(struct table *table, const char *field, const char *meaning, int64_t ns)
{
    info_table_begin(table, field, meaning);
    table_seconds(table, INFO_VALUE, ns);
}

/* --- socket options ------------------------------------------------------------------- */

static void
put_option(struct table *table, size_t column, enum socket_option option, int32_t value)
{
    if (value == OPTION_NOT_TOLD) {
        table_text(table, column, "%s", option == OPTION_LINGER ? "off" : "not told");
        return;
    }
    switch ((enum option_kind)insight_option_infos[option].kind) {
    case OPTION_IS_SWITCH:
        table_text(table, column, "%s", value != 0 ? "on" : "off");
        break;
    case OPTION_IS_NUMBER:
        table_number(table, column, value);
        break;
    case OPTION_IS_SECONDS:
        table_seconds(table, column, value * NS_PER_S);
        break;
    case OPTION_IS_MS:
        table_seconds(table, column, value * NS_PER_MS);
        break;
    }
}

/* Only who holds the socket can ask; the kernel tells others the two buffers. */
static void
put_option_of(struct table *table, size_t column, enum socket_option option,
              const struct info_side *side)
{
    uint32_t told = option == OPTION_SNDBUF   ? side->tcp.sndbuf
                    : option == OPTION_RCVBUF ? side->tcp.rcvbuf
                                              : 0;

    if (side->has_inspection)
        put_option(table, column, option, side->inspection.options[option]);
    else if (side->has_tcp && side->tcp.has_info && told != 0)
        table_number(table, column, told);
    else if (side->has_tcp && side->tcp.has_info)
        table_text(table, column, "%s", "not told");
}

void
info_table_options(struct table *table, const struct info_side *here, const struct info_side *there)
{
    for (int i = 0; i < SOCKET_OPTIONS; i++) {
        const struct option_info *info = &insight_option_infos[i];

        info_table_begin(table, info->name, info->meaning);
        put_option_of(table, INFO_VALUE, (enum socket_option)i, here);
        if (info_table_has_peer(table))
            put_option_of(table, INFO_PEER, (enum socket_option)i, there);
        info_table_end(table);
    }
}
