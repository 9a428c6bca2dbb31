/* order_story.h - records that are passed to an order, and what it shows of them. #1 and #2
 * are the two ends of one connection, #3's other end is elsewhere; #0 and #4 are free. */
#ifndef SOCKDECK_TESTS_ORDER_STORY_H
#define SOCKDECK_TESTS_ORDER_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/event/order.h"

#define HERE "127.0.0.1:50001"
#define THERE "127.0.0.1:80"

int story_setup(void **state);
int story_teardown(void **state);
#define STORY_TEST(f) cmocka_unit_test_setup_teardown(f, story_setup, story_teardown)

struct order *story_order(void);
struct order_end *story_end(uint32_t conn);

/* As the collector passes them. pass takes the event. */
void story_meet(uint32_t conn, const char *peer, const char *local);
void story_pass(struct event *event);
void story_received(uint32_t conn, uint64_t bytes);
void story_sent(uint32_t conn, uint64_t bytes);
void story_called(uint32_t conn, enum call_name name, int64_t result, uint16_t flags);
void story_failed(uint32_t conn, int code);
void story_shut_down(uint32_t conn, enum shutdown_which which);
void story_happened(uint32_t conn, enum event_type type);
/* So long after now that nothing may be held any more. */
void story_let_time_pass(void);

/* What was shown since the last look: "#1 sent 4, #2 received 4". */
void story_shows(const char *words);
bool story_shows_nothing(void);

#endif
