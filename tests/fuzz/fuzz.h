/* fuzz.h - targets of libFuzzer, which are checks too: without its main function
 * driver.c gives each the same inputs in every run. */
#ifndef SOCKDECK_TESTS_FUZZ_H
#define SOCKDECK_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Ends the program, with the sentence, when it does not hold. */
void fuzz_check(bool holds, const char *sentence);

/* Text that may go to a terminal: UTF-8 without controls, nor what hides or reorders. */
void fuzz_check_harmless(const char *text, size_t n);

/* A copy with a NUL behind it; free it. NULs within are blanks. */
char *fuzz_text(const uint8_t *data, size_t size);

/* The next word of the text, which it cuts; NULL at its end. */
char *fuzz_next_word(char **text);

#endif
