/* test.h - what every test program includes, in the order cmocka wants. */
#ifndef SOCKDECK_TESTS_TEST_H
#define SOCKDECK_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Of the sanitizer's own, in each process. */
#if defined(__SANITIZE_THREAD__)
#define SANITIZER_THREADS 1
#else
#define SANITIZER_THREADS 0
#endif

#endif
