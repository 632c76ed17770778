/*
 * How long a TNAuthList of a million entries takes to decode, and how much heap at its peak.
 * Exits 1 where the peak exceeds what the decode promises: the scope, and twice the input.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cert/tnauthlist.h"

/* The linker sends the library's calls here (--wrap), so that the heap can be counted. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *data);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *data);

static size_t in_use, peak;

static void *count(void *data)
{
    in_use += malloc_usable_size(data);
    if (in_use > peak)
        peak = in_use;
    return data;
}

void *__wrap_malloc(size_t size)
{
    return count(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return count(__real_calloc(n, size));
}

/* As if it were copied, which is the worst that it does. */
void *__wrap_realloc(void *old, size_t size)
{
    size_t before = malloc_usable_size(old);
    void *data = count(__real_realloc(old, size));

    in_use -= data != NULL ? before : 0;
    return data;
}

void __wrap_free(void *data)
{
    in_use -= malloc_usable_size(data);
    __real_free(data);
}

enum { ENTRIES = 1000000 };

static void write_text(struct der_writer *writer, uint8_t tag, const char *text)
{
    size_t from = writer->len;

    der_write(writer, DER_IA5_STRING, text, strlen(text));
    der_wrap(writer, tag, from);
}

static void write_number(struct der_writer *writer, unsigned i)
{
    char text[16];

    snprintf(text, sizeof text, "12%09u", i * 2);
    write_text(writer, DER_CONTEXT(2), text);
}

/* i in an order that sorts badly: 7368787 is a prime that does not divide 10^6. */
static void write_shuffled_number(struct der_writer *writer, unsigned i)
{
    write_number(writer, (unsigned)((uint64_t)i * 7368787 % ENTRIES));
}

static void write_spc(struct der_writer *writer, unsigned i)
{
    char text[16];

    snprintf(text, sizeof text, "%05X", i);
    write_text(writer, DER_CONTEXT(0), text);
}

static void write_range(struct der_writer *writer, unsigned i)
{
    size_t from = writer->len;
    char text[16];

    snprintf(text, sizeof text, "12%09u", i * 900);
    der_write(writer, DER_IA5_STRING, text, strlen(text));
    der_write_unsigned(writer, 100);
    der_wrap(writer, DER_SEQUENCE, from);
    der_wrap(writer, DER_CONTEXT(1), from);
}

static const struct {
    const char *what;
    void (*write)(struct der_writer *writer, unsigned i);
} cases[] = {
    {"single numbers", write_number},
    {"numbers, shuffled", write_shuffled_number},
    {"ranges of 100", write_range},
    {"SPCs of 5", write_spc},
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int run(size_t i)
{
    struct der_writer writer = {0};
    struct stir_scope *scope;
    struct stir_error error = {0};
    size_t len;

    for (unsigned k = 0; k < ENTRIES; k++)
        cases[i].write(&writer, k);
    der_wrap(&writer, DER_SEQUENCE, 0);
    uint8_t *der = der_writer_take(&writer, &len);
    if (der == NULL)
        return 1;
    size_t before = in_use;
    peak = in_use;
    double start = seconds();
    int result = tnauthlist_parse((struct der){der, len}, &scope, NULL, &error);
    double took = seconds() - start;
    size_t held = in_use - before, most = peak - before;
    printf("%-18s %7.1f ms %8.1f MB input %8.1f MB scope %8.1f MB peak (%.2f of input)%s\n",
           cases[i].what, took * 1e3, (double)len / 1e6, (double)held / 1e6, (double)most / 1e6,
           (double)most / (double)len, result != 0 ? error.text : "");
    scope_free(scope);
    free(der);
    return result != 0 || most > held + 2 * len;
}

int main(void)
{
    int failed = 0;

    printf("TNAuthLists of %d entries\n", ENTRIES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        failed |= run(i);
    return failed;
}
