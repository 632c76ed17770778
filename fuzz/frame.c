/* What runs a harness: an input as it stands, then with one thing made to fail. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "fuzz/frame.h"

static size_t calls_clean[FUZZ_KINDS];

void fuzz_broken(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold%s: %s\n", file, line,
            fuzz_has_failed() ? ", while something was made to fail" : "", what);
    abort();
}

bool fuzz_is_line(const char *text)
{
    if (text == NULL)
        return true;
    for (size_t i = 0; text[i] != '\0'; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    return der_is_utf8((struct der){(const uint8_t *)text, strlen(text)});
}

bool fuzz_is_claim(const char *text)
{
    return text != NULL && (*text == '{' || *text == '[') ? strchr(text, '\n') == NULL
                                                          : fuzz_is_line(text);
}

/* Any octet of the input has a say in what fails, so that mutation reaches every call. */
static uint32_t hash(const uint8_t *data, size_t len)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ data[i]) * 16777619U;
    return hash ^ hash >> 15;
}

static int run_clean(const uint8_t *data, size_t len)
{
    fuzz_fail(FUZZ_MEMORY, 0, false);
    int answer = fuzz_one(data, len);
    fuzz_fail_no_more(calls_clean);
    /* Nothing failed, so nothing may be blamed on memory or on a library underneath. */
    FUZZ_ALWAYS(answer != STIR_E_NOMEM && answer != STIR_E_INTERNAL);
    return answer;
}

/* Want of memory is said or makes no difference; any other failure makes nothing good of what
   is not. */
static void run_failing(const uint8_t *data, size_t len, int clean, enum fuzz_kind kind,
                        size_t nth, bool all_after)
{
    size_t calls[FUZZ_KINDS];

    fuzz_fail(kind, nth, all_after);
    int answer = fuzz_one(data, len);
    if (kind == FUZZ_MEMORY)
        FUZZ_ALWAYS(answer == clean || answer == STIR_E_NOMEM);
    FUZZ_ALWAYS(answer != 0 || clean == 0);
    fuzz_fail_no_more(calls);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint32_t chosen = hash(data, len);
    enum fuzz_kind kind = chosen >> 31 ? FUZZ_CRYPTO : FUZZ_MEMORY;

    fuzz_memory_init();
    if (len > fuzz_most)
        return 0;
    int clean = run_clean(data, len);
    if (calls_clean[kind] == 0)
        kind = kind == FUZZ_CRYPTO ? FUZZ_MEMORY : FUZZ_CRYPTO;
    if (calls_clean[kind] > 0)
        run_failing(data, len, clean, kind, 1 + chosen % calls_clean[kind], chosen >> 30 & 1);
    return 0;
}

int frame_fail_each(const uint8_t *data, size_t len, size_t most)
{
    fuzz_memory_init();
    if (len > fuzz_most)
        return STIR_E_LIMIT;
    int clean = run_clean(data, len);
    for (int kind = 0; kind < FUZZ_KINDS; kind++) {
        size_t calls = calls_clean[kind];
        /* Of more calls than that an even choice. */
        size_t step = calls / most + 1;
        for (size_t nth = 1; nth <= calls; nth += step)
            run_failing(data, len, clean, (enum fuzz_kind)kind, nth, nth % 2 == 0);
    }
    return clean;
}
