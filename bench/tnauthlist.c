/*
 * How long TNAuthLists of a thousand to a million entries take to decode into a normalised scope,
 * measured by walking over their octets, and how much heap at the peak. Exits 1 where a million
 * take more than a second, or the peak exceeds the scope and twice the input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/heap.h"
#include "bench/measure.h"
#include "cert/tnauthlist.h"

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
    size_t before = heap_watch();
    decode(list);
    size_t held = heap_in_use() - before, most = heap_peak() - before;
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
