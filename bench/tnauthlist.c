/*
 * How long TNAuthLists of a thousand to a million entries take to decode into a normalised scope,
 * measured by walking over their octets, and how much heap at the peak. Exits 1 where a million
 * take more than a second, or the peak exceeds the scope and twice the input.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
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

enum { LEAST = 1000, MOST = 1000000 };

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

/* i in an order that sorts badly: 7368787 is a prime that divides no power of ten. */
static void write_shuffled_number(struct der_writer *writer, unsigned i)
{
    write_number(writer, (unsigned)((uint64_t)i * 7368787 % MOST));
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

struct list {
    struct der der;
    struct stir_scope *scope;
};

static void walk(void *arg)
{
    const struct list *list = arg;

    measure_keep(measure_walk(list->der.data, list->der.len));
}

static void forget(void *arg)
{
    struct list *list = arg;

    scope_free(list->scope);
    list->scope = NULL;
}

static void decode(void *arg)
{
    struct list *list = arg;
    struct stir_error error = {0};

    measure_need(tnauthlist_parse(list->der, &list->scope, NULL, &error) == 0, error.text);
}

/* The peak in octets beyond the scope. */
static size_t peak_of(struct list *list)
{
    forget(list);
    size_t before = in_use;
    peak = in_use;
    decode(list);
    size_t held = in_use - before, most = peak - before;
    printf("  %.2f MB input, %.2f MB scope, %.2f MB more at the peak (%.2f of the input)\n",
           (double)list->der.len / 1e6, (double)held / 1e6, (double)(most - held) / 1e6,
           (double)(most - held) / (double)list->der.len);
    return most - held;
}

static int run(size_t i, unsigned n)
{
    struct der_writer writer = {0};
    struct list list = {0};

    for (unsigned k = 0; k < n; k++)
        cases[i].write(&writer, k);
    der_wrap(&writer, DER_SEQUENCE, 0);
    list.der.data = der_writer_take(&writer, &list.der.len);
    measure_need(list.der.data != NULL, "memory");
    struct contender contenders[] = {
        {"octets walked", NULL, walk, &list, 0, 0},
        {"list decoded, scope normalised", forget, decode, &list, 0, 0},
    };
    printf("%u %s:\n", n, cases[i].what);
    measure(contenders, 2, n == MOST ? 5 : MEASURE_TURNS, 1);
    measure_print(contenders, 2);
    int missed = peak_of(&list) > 2 * list.der.len || contenders[1].seconds > 1;
    scope_free(list.scope);
    free((void *)(uintptr_t)list.der.data);
    return missed;
}

int main(void)
{
    int missed = 0;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned n = LEAST; n <= MOST; n *= 10)
            missed |= run(i, n);
    return missed;
}
