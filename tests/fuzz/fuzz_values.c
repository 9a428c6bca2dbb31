/* fuzz_values.c - durations, sizes and addresses: what is read is written as a word that
 * means the same; what is refused is refused with a harmless sentence. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/size.h"
#include "sockdeck/net/address.h"

static void
check_refusal(int rc, const struct error *err)
{
    fuzz_check(rc < 0 && err->code == rc && err->text[0] != '\0', "a refusal has its sentence");
    fuzz_check_harmless(err->text, strlen(err->text));
}

static void
check_duration(const char *word)
{
    struct error err = { 0 };
    int64_t ns, again;
    char buf[32];
    int rc = duration_parse(word, &ns, &err);

    if (rc != 0) {
        check_refusal(rc, &err);
        return;
    }
    fuzz_check(ns == DURATION_NONE || (ns >= 0 && ns <= DURATION_MAX), "a duration has bounds");
    fuzz_check(duration_parse(duration_word(buf, ns), &again, NULL) == 0 && again == ns,
               "a duration's word is read back");
    duration_text(buf, ns);
}

static void
check_size(const char *word)
{
    struct error err = { 0 };
    uint64_t size, again;
    char buf[32];
    int rc = size_parse(word, &size, &err);

    if (rc != 0) {
        check_refusal(rc, &err);
        return;
    }
    fuzz_check(size_parse(size_word(buf, size), &again, NULL) == 0 && again == size,
               "a size's word is read back");
    fuzz_check(strlen(size_short(buf, size)) <= 5, "a short size takes five cells");
}

static void
check_number(const char *word)
{
    struct error err = { 0 };
    uint64_t number;
    int rc = number_parse("count=", word, 3, 1000, &number, &err);

    if (rc != 0)
        check_refusal(rc, &err);
    else
        fuzz_check(number >= 3 && number <= 1000, "a number is within its range");
}

static void
check_endpoint(const char *word, const char *port)
{
    struct endpoint endpoint, again;
    struct address address, same;
    struct error err = { 0 };
    char buf[ADDRESS_TEXT], twice[ADDRESS_TEXT];
    int rc = endpoint_parse(word, port, true, &endpoint, &err);

    if (rc != 0) {
        check_refusal(rc, &err);
        return;
    }
    if (endpoint_address(&endpoint, &address) != 0)
        return;
    fuzz_check(endpoint_parse(address_text(&address, buf), NULL, true, &again, NULL) == 0 &&
               endpoint_address(&again, &same) == 0 &&
               strcmp(address_text(&same, twice), buf) == 0,
               "an address is read back");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *rest = text, *word;

    check_endpoint(text, NULL);
    while ((word = fuzz_next_word(&rest)) != NULL) {
        check_duration(word);
        check_size(word);
        check_number(word);
        check_endpoint(word, NULL);
        check_endpoint("127.0.0.1", word);
        check_endpoint(word, "1");
    }
    free(text);
    return 0;
}
