/* field_readers.h - how the fields of records are read: one function for each way that
 * a field lies in a record. Private to fields.c. A reader fills in value, which is
 * VALUE_ABSENT before, or leaves it when the record has no such thing. */
#ifndef SOCKDECK_SRC_MODEL_FIELD_READERS_H
#define SOCKDECK_SRC_MODEL_FIELD_READERS_H

#include "sockdeck/model/fields.h"

#define READER(name) \
    void name(const struct field *field, const struct event *event, struct value *value)

/* At the field's offset. */
READER(read_u32);
READER(read_u32_unless_zero);
READER(read_u64);
READER(read_limit);
READER(read_measured);
READER(read_name);
READER(read_name8);
READER(read_call);
READER(read_mode);
READER(read_bool);
READER(read_true8);
READER(read_errno);

/* Of one type of record. */
READER(read_cost);
READER(read_restart);
READER(read_standing);
READER(read_status);
READER(read_signal);
READER(read_signal_name);
READER(read_full);
READER(read_lost);
READER(read_wait);
READER(read_summary);
READER(read_taken);
READER(read_unread);
READER(read_outcome);
READER(read_message);
READER(read_severity);
READER(read_arguments);
READER(read_process);
READER(read_result);
READER(read_call_errno);
READER(read_call_message);

/* Of the data behind the record. */
READER(read_text);
READER(read_port);
READER(read_first);
READER(read_second);
READER(read_data);

/* Of the header. */
READER(read_conn);
READER(read_listener);
READER(read_worker);
READER(read_pid);
READER(read_tid);

#undef READER

#endif
