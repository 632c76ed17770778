/* The entries of a revocation list: walked one by one, then sorted. */
#include "cert/crl_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cert/certificate_skeleton.h"
#include "cert/name_canonical.h"
#include "crypto/random.h"

/* id-ce */
static const uint8_t ce[] = {0x55, 0x1D};
enum { CE_REASON = 21, CE_INVALIDITY_DATE = 24, CE_CERTIFICATE_ISSUER = 29 };

struct reading {
    struct crl_entries *entries;
    struct crl_entries_kind kind;
    uint16_t issuer;  /* of this entry, and of the next ones unless they say another */
    struct der names; /* the certificateIssuer that said so */
    uint8_t form[LIMIT_NAME];
    struct crl_flaws *flaws;
    struct stir_error *fault, *error;
};

/* ---- Issuers ------------------------------------------------------------------------------- */

void crl_entries_free(struct crl_entries *entries)
{
    for (size_t i = 0; i < entries->n_issuers; i++)
        free(entries->issuers[i].form);
    free(entries->issuers);
    free(entries->starts);
    free(entries->sorted);
    *entries = (struct crl_entries){0};
}

/* n_issuers: it is none of them. */
static size_t find_issuer(const struct crl_entries *entries, const uint8_t *form, size_t len)
{
    size_t i = 0;

    while (
        i < entries->n_issuers
        && (entries->issuers[i].len != len || memcmp(entries->issuers[i].form, form, len) != 0))
        i++;
    return i;
}

static int add_issuer(struct reading *reading, size_t len)
{
    struct crl_entries *entries = reading->entries;
    struct crl_issuer *longer;

    if (entries->n_issuers == LIMIT_CRL_ISSUERS)
        return error_set(reading->error, STIR_E_LIMIT,
                         "entry %zu: more than %d certificate issuers", entries->count,
                         LIMIT_CRL_ISSUERS);
    longer = realloc(entries->issuers, (entries->n_issuers + 1) * sizeof *longer);
    if (longer == NULL)
        return error_no_memory(reading->error);
    entries->issuers = longer;
    longer[entries->n_issuers] = (struct crl_issuer){malloc(len + 1), len, 0};
    if (longer[entries->n_issuers].form == NULL)
        return error_no_memory(reading->error);
    memcpy(longer[entries->n_issuers++].form, reading->form, len);
    return 0;
}

static int use_issuer(struct reading *reading, struct der name)
{
    if (name.len > LIMIT_NAME)
        return error_set(reading->error, STIR_E_LIMIT,
                         "entry %zu: a name of %zu octets; more than %d are not looked at",
                         reading->entries->count, name.len, LIMIT_NAME);
    size_t len = name_canonical(name, reading->form);
    size_t i = find_issuer(reading->entries, reading->form, len);
    int rc = i < reading->entries->n_issuers ? 0 : add_issuer(reading, len);
    reading->issuer = (uint16_t)i;
    return rc;
}

/* ---- Entries ------------------------------------------------------------------------------- */

static int malformed(struct reading *reading, const char *what)
{
    return error_set(reading->error, STIR_E_SYNTAX, "entry %zu: %s", reading->entries->count,
                     what);
}

static void note(struct reading *reading, enum crl_flaw flaw)
{
    crl_flaws_add(reading->flaws, flaw, reading->entries->count);
}

/* The list can be read, but not be used: the walk goes on to its end. */
static int unusable(struct reading *reading, enum crl_flaw flaw, const char *what)
{
    note(reading, flaw);
    error_set(reading->fault, STIR_CODE_STATUS_UNKNOWN, "entry %zu %s", reading->entries->count,
              what);
    return 0;
}

/* R5280-5-6. */
static int read_reason(struct reading *reading, const struct extension *extension,
                       uint8_t *reason)
{
    enum { ENUMERATED = 0x0A };
    struct der_element element;

    if (der_only(extension->value, ENUMERATED, &element) < 0 || element.content.len != 1)
        return malformed(reading, "reasonCode is no DER (RFC 5280 section 5.3.1)");
    *reason = element.content.data[0];
    if (extension->critical)
        note(reading, CRL_FLAW_ENTRY_REASON_CRITICAL);
    if (*reason == CRL_REASON_UNSPECIFIED)
        note(reading, CRL_FLAW_ENTRY_UNSPECIFIED);
    if (*reason == CRL_REASON_REMOVE)
        return unusable(reading, CRL_FLAW_ENTRY_REMOVE,
                        "has reason removeFromCRL, which is of delta lists alone (RFC "
                        "5280 section 5.3.1)");
    if (crl_reason_name(*reason) == NULL)
        return unusable(reading, CRL_FLAW_ENTRY_REASON,
                        "has a reason that there is not (RFC 5280 section 5.3.1)");
    return 0;
}

static int check_date(struct reading *reading, struct der value)
{
    struct der_element element;
    int64_t time;

    if (der_only(value, CLOCK_GENERALIZED_TIME, &element) < 0
        || clock_parse_generalized_time((const char *)element.content.data, element.content.len,
                                        &time)
               < 0)
        return malformed(reading, "invalidityDate is no GeneralizedTime (RFC 5280 section "
                                  "5.3.2)");
    return 0;
}

/* R5280-5-3: of its GeneralNames the directoryName, which says whose serial numbers these are. */
static int read_issuer(struct reading *reading, const struct extension *extension)
{
    struct der value = extension->value, found = {NULL, 0};
    struct der_element names, name;

    if (!extension->critical)
        note(reading, CRL_FLAW_ENTRY_ISSUER_NOT_CRITICAL);
    if (!reading->kind.indirect)
        return unusable(reading, CRL_FLAW_ENTRY_ISSUER_DIRECT,
                        "has a certificateIssuer in a list that is not indirect (RFC "
                        "5280 section 5.3.3)");
    if (reading->names.data != NULL && der_equal(reading->names, value))
        return 0;
    if (der_only(value, DER_SEQUENCE, &names) < 0)
        return malformed(reading, "certificateIssuer is no DER (RFC 5280 section 5.3.3)");
    while (names.content.len > 0) {
        if (der_next(&names.content, &name) < 0)
            return malformed(reading, "certificateIssuer is no DER (RFC 5280 section 5.3.3)");
        if (name.tag != DER_CONTEXT(4))
            continue;
        if (found.data != NULL)
            return unusable(reading, CRL_FLAW_ENTRY_ISSUERS,
                            "has a certificateIssuer of two names (RFC 5280 section "
                            "5.3.3)");
        found = name.content;
    }
    if (found.data == NULL)
        return unusable(reading, CRL_FLAW_ENTRY_ISSUERS,
                        "has a certificateIssuer without a directory name (RFC 5280 "
                        "section 5.3.3)");
    reading->names = value;
    return use_issuer(reading, found);
}

/* The last arc of an id-ce; -1: it is none. */
static int arc_of(struct der oid)
{
    if (oid.len != 3 || memcmp(oid.data, ce, sizeof ce) != 0)
        return -1;
    return oid.data[2];
}

static int read_extension(struct reading *reading, const struct extension *extension,
                          unsigned *seen, uint8_t *reason)
{
    static const int known[] = {CE_REASON, CE_INVALIDITY_DATE, CE_CERTIFICATE_ISSUER};
    int arc = arc_of(extension->oid);
    unsigned i = 0;

    while (i < 3 && known[i] != arc)
        i++;
    if (i == 3)
        return extension->critical
                   ? unusable(reading, CRL_FLAW_ENTRY_EXTENSION_UNKNOWN,
                              "has a critical extension that is not known here (RFC "
                              "5280 section 5.3)")
                   : 0;
    if ((*seen & 1u << i) != 0)
        return unusable(reading, CRL_FLAW_ENTRY_EXTENSION_TWICE,
                        "has an extension twice (RFC 5280 section 4.2)");
    *seen |= 1u << i;
    if (arc == CE_REASON)
        return read_reason(reading, extension, reason);
    return arc == CE_INVALIDITY_DATE ? check_date(reading, extension->value)
                                     : read_issuer(reading, extension);
}

static int read_extensions(struct reading *reading, struct der list, uint8_t *reason)
{
    struct extension extension;
    unsigned seen = 0;
    int rc = 0;

    if (!reading->kind.extensions)
        return unusable(reading, CRL_FLAW_ENTRY_VERSION_EXTENSIONS,
                        "has extensions in a list of version 1 (RFC 5280 section 5.1)");
    if (list.len == 0)
        return malformed(reading, "extensions are an empty list (RFC 5280 section 5.1)");
    while (rc == 0 && list.len > 0)
        rc = skeleton_take_extension(&list, &extension) < 0
                 ? malformed(reading, "an extension is no DER (RFC 5280 section 5.1)")
                 : read_extension(reading, &extension, &seen, reason);
    return rc;
}

/* What no certificate has here (cert-syntax) needs no entry: a negative number, 0, and one of
   more than LIMIT_SERIAL octets. */
static bool is_serial(struct der serial)
{
    return serial.data[0] < 0x80 && serial.len <= LIMIT_SERIAL
           && (serial.len > 1 || serial.data[0] != 0);
}

static int read_serial(struct der *left, struct der *serial)
{
    struct der_element element;

    if (der_take(left, DER_INTEGER, &element) < 0 || element.content.len == 0)
        return -1;
    *serial = element.content;
    if (serial->len == 1)
        return 0;
    bool padded = (serial->data[0] == 0 && serial->data[1] < 0x80)
                  || (serial->data[0] == 0xFF && serial->data[1] >= 0x80);
    return padded ? -1 : 0;
}

static int read_date(struct der *left, int64_t *date)
{
    struct der_element element;

    return der_next(left, &element) < 0
               ? -1
               : clock_parse_x509(element.tag, (const char *)element.content.data,
                                  element.content.len, date);
}

static void count_entry(struct reading *reading, const struct crl_entry *entry,
                        struct der serial)
{
    struct crl_entries *entries = reading->entries;

    if (!is_serial(serial))
        note(reading, CRL_FLAW_ENTRY_SERIAL);
    if (entry->date > reading->kind.this_update)
        note(reading, CRL_FLAW_ENTRY_LATER);
    if (entry->reason <= CRL_REASON_LAST)
        entries->by_reason[entry->reason]++;
    entries->issuers[reading->issuer].n++;
}

static int read_entry(struct reading *reading, struct der *left)
{
    struct crl_entries *entries = reading->entries;
    struct crl_entry *entry = &entries->sorted[entries->n];
    struct der_element sequence, extensions;
    struct der serial;
    bool present;
    int rc = 0;

    if (der_take(left, DER_SEQUENCE, &sequence) < 0
        || read_serial(&sequence.content, &serial) < 0
        || read_date(&sequence.content, &entry->date) < 0
        || der_take_optional(&sequence.content, DER_SEQUENCE, &extensions, &present) < 0
        || sequence.content.len > 0)
        return malformed(reading, "it is no serial number, date and extensions (RFC 5280 "
                                  "section 5.1)");
    entry->reason = CRL_REASON_UNSPECIFIED;
    if (present)
        rc = read_extensions(reading, extensions.content, &entry->reason);
    if (rc == 0)
        count_entry(reading, entry, serial);
    if (rc == 0 && is_serial(serial)) {
        entry->issuer = reading->issuer;
        entry->len = (uint8_t)serial.len;
        memset(entry->serial, 0, sizeof entry->serial);
        memcpy(entry->serial, serial.data, serial.len);
        entries->n++;
    }
    entries->count++;
    return rc;
}

/* ---- The index ----------------------------------------------------------------------------- */

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

/* How many are in each bucket, added up: where each ends. */
static void count_buckets(const struct crl_entries *entries, size_t n_buckets)
{
    for (size_t i = 0; i < entries->n; i++)
        entries->starts[bucket_of_entry(entries, &entries->sorted[i]) + 1]++;
    for (size_t b = 0; b < n_buckets; b++)
        entries->starts[b + 1] += entries->starts[b];
}

/* Each goes to the next place of its bucket, and what was there goes on from here: no room is
   taken for a second index. next is where the buckets begin. */
static void place(struct crl_entries *entries, uint32_t *next, size_t n_buckets)
{
    for (size_t b = 0; b < n_buckets; b++)
        while (next[b] < entries->starts[b + 1]) {
            struct crl_entry *here = &entries->sorted[next[b]];
            size_t own = bucket_of_entry(entries, here);
            struct crl_entry *there = &entries->sorted[next[own]++];
            struct crl_entry moved = *there;
            *there = *here;
            *here = moved;
        }
}

static int sort(struct crl_entries *entries)
{
    size_t n_buckets = 1;

    for (entries->bits = 0; n_buckets < entries->n / 4; entries->bits++)
        n_buckets *= 2;
    entries->starts = calloc(n_buckets + 1, sizeof *entries->starts);
    uint32_t *next = malloc(n_buckets * sizeof *next);
    if (entries->starts == NULL || next == NULL
        || random_octets(&entries->key, sizeof entries->key) < 0) {
        free(next);
        return STIR_E_NOMEM;
    }
    count_buckets(entries, n_buckets);
    memcpy(next, entries->starts, n_buckets * sizeof *next);
    place(entries, next, n_buckets);
    free(next);
    return 0;
}

static size_t count_entries(struct der revoked)
{
    struct der_element entry;
    size_t n = 0;

    while (revoked.len > 0 && der_next(&revoked, &entry) == 0)
        n++;
    return n;
}

int crl_entries_read(struct crl_entries *entries, struct der revoked, struct der issuer,
                     struct crl_entries_kind kind, struct crl_flaws *flaws,
                     struct stir_error *fault, struct stir_error *error)
{
    struct reading reading = {
        .entries = entries, .kind = kind, .flaws = flaws, .fault = fault, .error = error};
    size_t room = count_entries(revoked) + 1; /* one beyond, for what cannot be read */
    int rc = use_issuer(&reading, issuer);

    if (rc == 0 && (entries->sorted = calloc(room, sizeof *entries->sorted)) == NULL)
        rc = error_no_memory(error);
    while (rc == 0 && revoked.len > 0)
        rc = read_entry(&reading, &revoked);
    if (rc == 0 && sort(entries) < 0)
        rc = error_no_memory(error);
    return rc;
}

size_t crl_entries_issuers(const struct crl_entries *entries)
{
    size_t n = 0;

    for (size_t i = 0; i < entries->n_issuers; i++)
        n += entries->issuers[i].n > 0;
    return n;
}

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

const char *crl_reason_name(unsigned reason)
{
    static const char *const names[] = {
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", NULL,
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};

    return reason <= CRL_REASON_LAST ? names[reason] : NULL;
}
