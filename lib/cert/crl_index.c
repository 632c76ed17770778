/* The index of a revocation list's entries: buckets by a keyed hash of the serial number. */
#include "cert/crl_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "cert/name_canonical.h"
#include "crypto/random.h"

/* By the multiplication of wyhash's kind: only the key keeps numbers from falling together. */
static size_t bucket_of(const struct crl_entries *entries, const uint8_t serial[LIMIT_SERIAL],
                        size_t len)
{
    uint64_t hash = entries->key ^ len;

    for (size_t i = 0; i < LIMIT_SERIAL; i += 4) {
        uint32_t word;
        memcpy(&word, serial + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return (size_t)((hash * (entries->key | 1)) >> (63 - entries->bits) >> 1);
}

static size_t bucket_of_entry(const struct crl_entries *entries, const struct crl_entry *entry)
{
    return bucket_of(entries, entry->serial, entry->len);
}

/* ---- Making it ----------------------------------------------------------------------------- */

int crl_sorting_begin(struct crl_sorting *sorting, struct crl_entries *entries)
{
    *sorting = (struct crl_sorting){.entries = entries, .n_buckets = 1};
    for (entries->bits = 0; sorting->n_buckets < entries->n / 4; entries->bits++)
        sorting->n_buckets *= 2;
    entries->starts = calloc(sorting->n_buckets + 1, sizeof *entries->starts);
    sorting->next = malloc(sorting->n_buckets * sizeof *sorting->next);
    if (entries->starts == NULL || sorting->next == NULL
        || random_octets(&entries->key, sizeof entries->key) < 0) {
        crl_sorting_end(sorting);
        return STIR_E_NOMEM;
    }
    return 0;
}

void crl_sorting_end(struct crl_sorting *sorting)
{
    free(sorting->next);
    sorting->next = NULL;
}

/* How many are in each bucket. */
static void count(struct crl_sorting *sorting, size_t *budget)
{
    struct crl_entries *entries = sorting->entries;

    while (sorting->at < entries->n && budget_spend(budget, sizeof *entries->sorted))
        entries->starts[bucket_of_entry(entries, &entries->sorted[sorting->at++]) + 1]++;
}

/* Added up: where each begins and ends. */
static void add_up(struct crl_sorting *sorting, size_t *budget)
{
    uint32_t *starts = sorting->entries->starts;

    for (; sorting->at < sorting->n_buckets && budget_spend(budget, sizeof *starts);
         sorting->at++) {
        sorting->next[sorting->at] = starts[sorting->at];
        starts[sorting->at + 1] += starts[sorting->at];
    }
}

/* Each goes to the next place of its bucket, and what was there goes on from here: no room is
   taken for a second index. */
static void place(struct crl_sorting *sorting, size_t *budget)
{
    struct crl_entries *entries = sorting->entries;
    uint32_t *next = sorting->next;

    for (; sorting->at < sorting->n_buckets; sorting->at++)
        while (next[sorting->at] < entries->starts[sorting->at + 1]) {
            if (!budget_spend(budget, sizeof *entries->sorted))
                return;
            struct crl_entry *here = &entries->sorted[next[sorting->at]];
            size_t own = bucket_of_entry(entries, here);
            struct crl_entry *there = &entries->sorted[next[own]++];
            struct crl_entry moved = *there;
            *there = *here;
            *here = moved;
        }
}

bool crl_sorting_step(struct crl_sorting *sorting, size_t *budget)
{
    static void (*const stages[])(struct crl_sorting *, size_t *) = {count, add_up, place};
    enum { STAGES = sizeof stages / sizeof *stages };

    while (*budget > 0 && sorting->stage < STAGES) {
        stages[sorting->stage](sorting, budget);
        size_t all = sorting->stage == 0 ? sorting->entries->n : sorting->n_buckets;
        if (sorting->at < all)
            break;
        sorting->stage++;
        sorting->at = 0;
    }
    return sorting->stage < STAGES;
}

/* ---- Looking one up ------------------------------------------------------------------------ */

static bool is_issuer(const struct crl_entries *entries, size_t i, struct der name)
{
    uint8_t form[LIMIT_NAME];
    const struct crl_issuer *issuer = &entries->issuers[i];

    return name.len <= LIMIT_NAME && name_canonical(name, form) == issuer->len
           && memcmp(form, issuer->form, issuer->len) == 0;
}

const struct crl_entry *crl_entries_find(const struct crl_entries *entries, struct der issuer,
                                         struct der serial)
{
    uint8_t padded[LIMIT_SERIAL] = {0};

    if (entries->n == 0 || serial.len > LIMIT_SERIAL)
        return NULL;
    memcpy(padded, serial.data, serial.len);
    size_t bucket = bucket_of(entries, padded, serial.len);
    for (size_t i = entries->starts[bucket]; i < entries->starts[bucket + 1]; i++) {
        const struct crl_entry *entry = &entries->sorted[i];
        if (entry->len == serial.len && memcmp(entry->serial, padded, sizeof padded) == 0
            && is_issuer(entries, entry->issuer, issuer))
            return entry;
    }
    return NULL;
}
