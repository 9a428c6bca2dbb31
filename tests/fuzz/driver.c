/* driver.c - runs a target without libFuzzer: on the files that are named, or on inputs
 * made of words of the language and of hostile bytes, the same in every run. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"

#include "fuzz.h"
#include "hostile.h"

enum { INPUTS = 4000, INPUT_MAX = 256, LONG_INPUT = 8192 };

#define TIME_NS (150 * NS_PER_MS)

static const char *const words[] = {
    " ", "  ", "\t", "'", "\"", ";", "#", "\\", "\\x4", "\\0", "=", "~", "!=", ">=", "/", ":", "%",
    "#1", "@all", "L1", "W2", "*", "[::1]:", "127.0.0.1", "localhost", "tcp:", "unix:", "[fe80::1%2]:9",
    "65536", "10001", "18446744073709551616", "-1", "0", "1.5", "0.0000000001", "1e9", "99999999999h",
    "ms", "us", "s", "m", "none", "k", "M", "G", "1023k", "16777216G", "conn=3",
    "len>=", " text~", "\"text!~", "kind", "severity", "dir=in", "listener=L", "listen", "connect", "send ", "ping ", "timeout ", "read=5s",
    "read-timeout", "workers=", "handler=echo", "eol=crlf", "count=", "\xc2\x9b", "\xe2\x81\xa6",
};

/* What a crash is told with. */
static uint8_t input[LONG_INPUT];
static size_t input_size;

static void
show_input(int number)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < input_size; i++) {
        char hex[] = { digits[input[i] >> 4], digits[input[i] & 15] };

        if (write(STDERR_FILENO, hex, sizeof(hex)) < 0)
            break;
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void
add(const char *bytes, size_t n)
{
    if (n > sizeof(input) - input_size)
        n = sizeof(input) - input_size;
    memcpy(input + input_size, bytes, n);
    input_size += n;
}

static void
make_input(uint64_t *state)
{
    size_t most = hostile_random(state) % 64 == 0 ? LONG_INPUT : hostile_random(state) % INPUT_MAX;
    char bytes[64];

    input_size = 0;
    while (input_size < most) {
        uint32_t dice = hostile_random(state);
        const char *word = words[dice / 4 % (sizeof(words) / sizeof(words[0]))];

        if (dice % 4 == 0)
            add(bytes, hostile_bytes(bytes, 4 + dice / 4 % (sizeof(bytes) - 4), state));
        else
            add(word, strlen(word));
    }
}

static void
run_input(void)
{
    /* Of its size to the byte, so that a sanitizer sees who reads behind it. */
    uint8_t *copy = malloc(input_size > 0 ? input_size : 1);

    if (copy == NULL)
        abort();
    memcpy(copy, input, input_size);
    LLVMFuzzerTestOneInput(copy, input_size);
    free(copy);
}

static int
run_file(const char *path)
{
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        perror(path);
        return 1;
    }
    input_size = fread(input, 1, sizeof(input), file);
    fclose(file);
    run_input();
    return 0;
}

int
main(int argc, char **argv)
{
    int64_t begin = clock_mono_ns();
    uint64_t state = 20261124;
    int rc = 0;

    signal(SIGABRT, show_input);
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        rc |= run_file(argv[i]);
    if (argc > 1)
        return rc;
    run_input();
    for (int i = 0; i < INPUTS && clock_mono_ns() - begin < TIME_NS; i++) {
        make_input(&state);
        run_input();
    }
    puts("1..1\nok 1 - holds_for_hostile_inputs");
    return 0;
}
