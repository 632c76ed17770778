/*
 * How long revocation lists of a thousand to a million entries take to become an index, measured
 * by walking over their octets; how much heap they keep, and need at the peak; and how long one
 * certificate takes to be looked up. Exits 1 where a million take more than 2 s or 100 octets an
 * entry, or a look-up more than a microsecond.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/heap.h"
#include "bench/measure.h"
#include "cert/crl.h"

enum { LEAST = 1000, MOST = 1000000, SERIAL = 16, LOOKUPS = 1000, ISSUERS = 20 };

static uint8_t (*serials)[SERIAL];
static uint16_t *issuers;

static void write_oid(struct der_writer *writer, uint8_t arc)
{
    const uint8_t oid[] = {0x55, 0x1D, arc};

    der_write(writer, DER_OID, oid, sizeof oid);
}

static void write_name(struct der_writer *writer, unsigned i)
{
    static const uint8_t common_name[] = {0x55, 0x04, 0x03};
    char text[40];
    size_t from = writer->len;

    snprintf(text, sizeof text, "SHAKEN Intermediate Certificate %u", i);
    der_write(writer, DER_OID, common_name, sizeof common_name);
    der_write(writer, DER_UTF8_STRING, text, strlen(text));
    der_wrap(writer, DER_SEQUENCE, from);
    der_wrap(writer, DER_SET, from);
    der_wrap(writer, DER_SEQUENCE, from);
}

static void write_reason(struct der_writer *writer)
{
    static const uint8_t key_compromise[] = {0x0A, 0x01, 0x01};
    size_t from = writer->len;

    write_oid(writer, 21);
    der_write(writer, DER_OCTET_STRING, key_compromise, sizeof key_compromise);
    der_wrap(writer, DER_SEQUENCE, from);
}

static void write_issuer(struct der_writer *writer, unsigned i)
{
    size_t from = writer->len, value;

    write_oid(writer, 29);
    der_write(writer, DER_BOOLEAN, "\xFF", 1);
    value = writer->len;
    write_name(writer, i);
    der_wrap(writer, DER_CONTEXT(4), value);
    der_wrap(writer, DER_SEQUENCE, value);
    der_wrap(writer, DER_OCTET_STRING, value);
    der_wrap(writer, DER_SEQUENCE, from);
}

/* What kind of list: which entries have a certificateIssuer. */
enum kind { DIRECT, GROUPED, MIXED };
static const char *const kinds[] = {
    [DIRECT] = "of one issuer",
    [GROUPED] = "of 20 issuers, one after the other",
    [MIXED] = "of 20 issuers in no order",
};

static void write_entry(struct der_writer *writer, enum kind kind, unsigned i, unsigned n)
{
    size_t from = writer->len, extensions;
    unsigned issuer =
        kind == GROUPED ? i / (n / ISSUERS + 1) : (unsigned)measure_random(ISSUERS);

    for (size_t k = 0; k < SERIAL; k++)
        serials[i][k] = (uint8_t)measure_random(k == 0 ? 63 : 256);
    serials[i][0] |= 0x40;
    issuers[i] = (uint16_t)issuer;
    der_write(writer, DER_INTEGER, serials[i], SERIAL);
    der_write(writer, 0x17, "251231234320Z", 13);
    extensions = writer->len;
    write_reason(writer);
    if (kind == MIXED || (kind == GROUPED && (i == 0 || issuers[i - 1] != issuer)))
        write_issuer(writer, issuer);
    der_wrap(writer, DER_SEQUENCE, extensions);
    der_wrap(writer, DER_SEQUENCE, from);
}

static void write_extensions(struct der_writer *writer, enum kind kind)
{
    static const uint8_t number[] = {0x02, 0x01, 0x01},
                         indirect[] = {0x30, 0x03, 0x84, 0x01, 0xFF};
    size_t all = writer->len, from = all;

    write_oid(writer, 20);
    der_write(writer, DER_OCTET_STRING, number, sizeof number);
    der_wrap(writer, DER_SEQUENCE, from);
    if (kind != DIRECT) {
        from = writer->len;
        write_oid(writer, 28);
        der_write(writer, DER_BOOLEAN, "\xFF", 1);
        der_write(writer, DER_OCTET_STRING, indirect, sizeof indirect);
        der_wrap(writer, DER_SEQUENCE, from);
    }
    der_wrap(writer, DER_SEQUENCE, all);
    der_wrap(writer, DER_CONTEXT(0), all);
}

static void write_algorithm(struct der_writer *writer)
{
    static const uint8_t ecdsa_with_sha256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
    size_t from = writer->len;

    der_write(writer, DER_OID, ecdsa_with_sha256, sizeof ecdsa_with_sha256);
    der_wrap(writer, DER_SEQUENCE, from);
}

/* A list that is good but for its signature, which is not what is measured. */
static struct der write_list(enum kind kind, unsigned n)
{
    struct der_writer writer = {0};
    struct der der;

    der_write_unsigned(&writer, 1);
    write_algorithm(&writer);
    write_name(&writer, 0);
    der_write(&writer, 0x17, "251231000000Z", 13);
    der_write(&writer, 0x17, "260102000000Z", 13);
    size_t revoked = writer.len;
    for (unsigned i = 0; i < n; i++)
        write_entry(&writer, kind, i, n);
    der_wrap(&writer, DER_SEQUENCE, revoked);
    write_extensions(&writer, kind);
    der_wrap(&writer, DER_SEQUENCE, 0);
    write_algorithm(&writer);
    der_write(&writer, DER_BIT_STRING, "\0x", 2);
    der_wrap(&writer, DER_SEQUENCE, 0);
    der.data = der_writer_take(&writer, &der.len);
    measure_need(der.data != NULL, "memory");
    return der;
}

struct list {
    struct der der;
    struct crl *crl;
    enum kind kind;
    unsigned n;
    struct der names[ISSUERS];
    /* What is looked up: a certificate's own octets were read just before. */
    uint8_t serials[LOOKUPS][SERIAL];
    uint16_t issuers[LOOKUPS];
};

static void walk(void *arg)
{
    const struct list *list = arg;

    measure_keep(measure_walk(list->der.data, list->der.len));
}

static void forget(void *arg)
{
    struct list *list = arg;

    crl_free(list->crl);
    list->crl = NULL;
}

static void read(void *arg)
{
    struct list *list = arg;
    struct stir_error error = {0};

    measure_need(crl_new(list->der, "bench", &list->crl, &error) == 0, error.text);
    measure_need(list->crl->fault.code == 0, list->crl->fault.text);
}

static void choose(void *arg)
{
    struct list *list = arg;

    for (size_t i = 0; i < LOOKUPS; i++) {
        size_t k = (size_t)measure_random(list->n);
        memcpy(list->serials[i], serials[k], SERIAL);
        list->issuers[i] = issuers[k];
    }
}

static void look_up(void *arg)
{
    const struct list *list = arg;

    for (size_t i = 0; i < LOOKUPS; i++) {
        struct der serial = {list->serials[i], SERIAL};
        measure_need(
            crl_entries_find(&list->crl->entries, list->names[list->issuers[i]], serial)
                != NULL,
            "it is not found");
    }
}

/* The heap that the list keeps, and that it needs meanwhile: without the octets that it is read
   from. */
static size_t heap_of(struct list *list)
{
    forget(list);
    size_t before = heap_watch();
    read(list);
    size_t held = heap_in_use() - before;
    printf("  %.2f MB input (%.1f octets an entry), %.2f MB held (%.1f), %.2f MB at the peak\n",
           (double)list->der.len / 1e6, (double)list->der.len / list->n, (double)held / 1e6,
           (double)held / list->n, (double)(heap_peak() - before) / 1e6);
    return held;
}

static int run(enum kind kind, unsigned n)
{
    struct list list = {.der = write_list(kind, n), .kind = kind, .n = n};
    struct der_writer names[ISSUERS] = {0};

    for (unsigned i = 0; i < ISSUERS; i++) {
        write_name(&names[i], i);
        list.names[i] = (struct der){names[i].data, names[i].len};
    }
    for (unsigned i = 0; kind == DIRECT && i < n; i++)
        issuers[i] = 0;
    struct contender contenders[] = {
        {"octets walked", NULL, walk, &list, 0, 0},
        {"list read, hashed, sorted", forget, read, &list, 0, 0},
    };
    struct contender lookups[] = {
        {"octets walked", NULL, walk, &list, 0, 0},
        {"a thousand certificates looked up", choose, look_up, &list, 0, 0},
    };
    printf("%u entries %s:\n", n, kinds[kind]);
    measure(contenders, 2, n == MOST ? 5 : MEASURE_TURNS, 1);
    measure_print(contenders, 2);
    measure(lookups, 2, n == MOST ? 5 : MEASURE_TURNS, 1);
    measure_print(lookups, 2);
    printf("  %.0f ns a look-up\n", lookups[1].seconds / LOOKUPS * 1e9);
    int missed = n == MOST
                 && (heap_of(&list) > (size_t)100 * n || contenders[1].seconds > 2
                     || lookups[1].seconds > 1e-6 * LOOKUPS);
    forget(&list);
    for (unsigned i = 0; i < ISSUERS; i++)
        der_writer_free(&names[i]);
    free((void *)(uintptr_t)list.der.data);
    return missed;
}

int main(void)
{
    int missed = 0;

    serials = calloc(MOST, sizeof *serials);
    issuers = calloc(MOST, sizeof *issuers);
    measure_need(serials != NULL && issuers != NULL, "memory");
    for (enum kind kind = DIRECT; kind <= MIXED; kind++)
        for (unsigned n = LEAST; n <= MOST; n *= 10)
            missed |= run(kind, n);
    free(serials);
    free(issuers);
    return missed;
}
