/* box.h - a private user, mount, network and pid namespace for a whole test program, in
 * which it may do to the network what it likes. */
#ifndef SOCKDECK_TESTS_BOX_H
#define SOCKDECK_TESTS_BOX_H

#include <stdbool.h>

/* Runs this program again inside a box, once; only that run returns true, with loopback
 * up. False, with the reason said: the system refuses it. First thing in main. */
bool box_enter(char **argv);

/* Runs a shell command; its failure fails the test. */
void box_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, but where the system cannot do it the test is skipped. */
void box_need(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
