/* The entries of a revocation list: walked one by one, then sorted. */
#include "cert/crl_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "cert/certificate_skeleton.h"
#include "cert/crl_index.h"
#include "cert/name_canonical.h"

/* id-ce */
static const uint8_t ce[] = {0x55, 0x1D};
enum { CE_REASON = 21, CE_INVALIDITY_DATE = 24, CE_CERTIFICATE_ISSUER = 29 };

enum stage { STAGE_COUNT, STAGE_READ, STAGE_SORT, STAGE_DONE };

struct crl_entries_reader {
    struct crl_entries *entries;
    enum stage stage;
    struct der revoked, left; /* all of them; what the stage has not walked yet */
    struct der own;           /* the list's issuer */
    size_t room;
    struct crl_sorting sorting;
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

static int add_issuer(struct crl_entries_reader *reading, size_t len)
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

static int use_issuer(struct crl_entries_reader *reading, struct der name)
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

static int malformed(struct crl_entries_reader *reading, const char *what)
{
    return error_set(reading->error, STIR_E_SYNTAX, "entry %zu: %s", reading->entries->count,
                     what);
}

static void note(struct crl_entries_reader *reading, enum crl_flaw flaw)
{
    crl_flaws_add(reading->flaws, flaw, reading->entries->count);
}

/* The list can be read, but not be used: the walk goes on to its end. */
static int unusable(struct crl_entries_reader *reading, enum crl_flaw flaw, const char *what)
{
    note(reading, flaw);
    error_set(reading->fault, STIR_CODE_STATUS_UNKNOWN, "entry %zu %s", reading->entries->count,
              what);
    return 0;
}

/* R5280-5-6. */
static int read_reason(struct crl_entries_reader *reading, const struct extension *extension,
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

static int check_date(struct crl_entries_reader *reading, struct der value)
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
static int read_issuer(struct crl_entries_reader *reading, const struct extension *extension)
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

static int read_extension(struct crl_entries_reader *reading, const struct extension *extension,
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

static int read_extensions(struct crl_entries_reader *reading, struct der list, uint8_t *reason)
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

static void count_entry(struct crl_entries_reader *reading, const struct crl_entry *entry,
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

static int read_entry(struct crl_entries_reader *reading, struct der *left)
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
    if (sequence.whole.len > LIMIT_CRL_ENTRY)
        return error_set(reading->error, STIR_E_LIMIT,
                         "entry %zu: %zu octets; more than %d are not looked at",
                         entries->count, sequence.whole.len, LIMIT_CRL_ENTRY);
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

/* ---- In steps ------------------------------------------------------------------------------ */

struct crl_entries_reader *crl_entries_begin(struct crl_entries *entries, struct der revoked,
                                             struct der issuer, struct crl_entries_kind kind,
                                             struct crl_flaws *flaws, struct stir_error *fault)
{
    struct crl_entries_reader *reading = calloc(1, sizeof *reading);

    if (reading == NULL)
        return NULL;
    reading->entries = entries;
    reading->revoked = reading->left = revoked;
    reading->own = issuer;
    reading->kind = kind;
    reading->flaws = flaws;
    reading->fault = fault;
    reading->room = 1; /* one beyond, for what cannot be read */
    return reading;
}

void crl_entries_end(struct crl_entries_reader *reading)
{
    if (reading == NULL)
        return;
    crl_sorting_end(&reading->sorting);
    free(reading);
}

/* Up to what cannot be walked, of which the next stage says what is wrong. */
static void count(struct crl_entries_reader *reading, size_t *budget)
{
    struct der_element entry;

    while (*budget > 0 && der_next(&reading->left, &entry) == 0) {
        reading->room++;
        budget_spend(budget, entry.whole.len);
    }
}

static int end_count(struct crl_entries_reader *reading)
{
    struct crl_entries *entries = reading->entries;
    int rc = use_issuer(reading, reading->own);

    if (rc == 0 && (entries->sorted = calloc(reading->room, sizeof *entries->sorted)) == NULL)
        rc = error_no_memory(reading->error);
    reading->left = reading->revoked;
    reading->stage = STAGE_READ;
    return rc;
}

static int read_some(struct crl_entries_reader *reading, size_t *budget)
{
    int rc = 0;

    while (rc == 0 && *budget > 0 && reading->left.len > 0) {
        size_t before = reading->left.len;
        rc = read_entry(reading, &reading->left);
        budget_spend(budget, before - reading->left.len);
    }
    if (rc < 0 || reading->left.len > 0)
        return rc;
    reading->stage = STAGE_SORT;
    return crl_sorting_begin(&reading->sorting, reading->entries) < 0
               ? error_no_memory(reading->error)
               : 0;
}

int crl_entries_step(struct crl_entries_reader *reading, size_t *budget,
                     struct stir_error *error)
{
    int rc = 0;

    reading->error = error;
    if (reading->stage == STAGE_COUNT) {
        count(reading, budget);
        if (*budget > 0)
            rc = end_count(reading);
    }
    if (rc == 0 && reading->stage == STAGE_READ && *budget > 0)
        rc = read_some(reading, budget);
    if (rc == 0 && reading->stage == STAGE_SORT && !crl_sorting_step(&reading->sorting, budget))
        reading->stage = STAGE_DONE;
    return rc < 0 ? rc : reading->stage != STAGE_DONE;
}

size_t crl_entries_issuers(const struct crl_entries *entries)
{
    size_t n = 0;

    for (size_t i = 0; i < entries->n_issuers; i++)
        n += entries->issuers[i].n > 0;
    return n;
}

const char *crl_reason_name(unsigned reason)
{
    static const char *const names[] = {
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", NULL,
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};

    return reason <= CRL_REASON_LAST ? names[reason] : NULL;
}
