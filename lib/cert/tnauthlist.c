/*
 * TNAuthorizationList (RFC 8226 section 9): DER to scope and back.
 *
 * A stranger may send a long one, so it is walked and not built: one walk checks every entry and
 * counts them, a second fills a scope that was given room for exactly so many. One malformed
 * entry refuses the whole list.
 */
#include "cert/tnauthlist.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/limits.h"
#include "base/text.h"
#include "number/tn.h"

enum { ENTRY_SPC = DER_CONTEXT(0), ENTRY_RANGE = DER_CONTEXT(1), ENTRY_ONE = DER_CONTEXT(2) };

/* A TNEntry: what it is, its one text, and the count of a range. */
struct entry {
    uint8_t tag;
    struct der text;
    uint64_t count;
    bool extended;
};

/* Where the walk is, for sentences. */
struct walk {
    struct der left;
    size_t index; /* of the entry */
    struct stir_error *error;
};

static int malformed(const struct walk *walk, const char *format, ...) STIR_PRINTF(2, 3);

static int malformed(const struct walk *walk, const char *format, ...)
{
    char found[sizeof walk->error->text];
    va_list args;

    va_start(args, format);
    vsnprintf(found, sizeof found, format, args);
    va_end(args);
    return error_set(walk->error, STIR_CODE_TNAUTHLIST_SYNTAX, "TNAuthList entry %zu: %s",
                     walk->index, found);
}

/* In place of der_take(): says what stands there instead. */
static int take(const struct walk *walk, struct der *left, uint8_t tag, const char *wanted,
                struct der_element *element)
{
    if (left->len == 0)
        return malformed(walk, "wanted %s, found nothing (RFC 8226 section 9)", wanted);
    if (left->data[0] != tag)
        return malformed(walk, "wanted %s (tag %02X), found tag %02X (RFC 8226 section 9)",
                         wanted, tag, left->data[0]);
    if (der_take(left, tag, element) != 0)
        return malformed(walk,
                         "%s has a length that is no DER, or exceeds what holds it "
                         "(X.690 section 10.1)",
                         wanted);
    return 0;
}

static int take_last(const struct walk *walk, struct der left, uint8_t tag, const char *wanted,
                     struct der_element *element)
{
    int result = take(walk, &left, tag, wanted, element);

    if (result == 0 && left.len > 0)
        return malformed(walk, "%zu octets behind %s (RFC 8226 section 9)", left.len, wanted);
    return result;
}

/* The content of [tag] EXPLICIT inner. */
static int take_explicit(const struct walk *walk, struct der content, uint8_t inner,
                         const char *wanted, struct der *found)
{
    struct der_element element;
    int result = take_last(walk, content, inner, wanted, &element);

    if (result == 0)
        *found = element.content;
    return result;
}

/* RFC 8226 leaves the octets of an SPC open, but nobody was assigned none, or a line feed
   IA5String has none over 7F. */
static int check_spc(const struct walk *walk, struct der spc)
{
    char room[SHOWN_SIZE];

    if (spc.len == 0)
        return malformed(walk, "the SPC is empty (RFC 8226 section 9)");
    for (size_t i = 0; i < spc.len; i++)
        if (spc.data[i] < 0x20 || spc.data[i] > 0x7E)
            return malformed(walk,
                             "SPC \"%s\" has octet %02X, wanted printable IA5 "
                             "(RFC 8226 section 9)",
                             shown(room, spc.data, spc.len), spc.data[i]);
    return 0;
}

static int check_tn(const struct walk *walk, struct der tn)
{
    char room[SHOWN_SIZE];

    if (tn_is_number((const char *)tn.data, tn.len))
        return 0;
    return malformed(walk,
                     "number \"%s\" is not 1 to %d characters of 0-9, * and # "
                     "(RFC 8226 section 9)",
                     shown(room, tn.data, tn.len), LIMIT_TN_DIGITS);
}

/* Up to 10^15, more than there are numbers of any length: judged before it is a machine's
   integer. */
static int read_count(const struct walk *walk, struct der content, uint64_t *count)
{
    bool too_large;

    if (der_unsigned(content, count, &too_large) != 0)
        return malformed(walk, "count %s, wanted 2 or more (RFC 8226 section 9)",
                         content.len > 0 && content.data[0] >= 0x80 ? "is negative"
                                                                    : "is no minimal INTEGER");
    if (too_large || *count > UINT64_C(1000000000000000))
        return malformed(walk, "count exceeds 10^15, so start + count is not below 10^digits "
                               "(RFC 8226 section 9)");
    if (*count < 2)
        return malformed(walk, "count is %" PRIu64 ", wanted 2 or more (RFC 8226 section 9)",
                         *count);
    return 0;
}

static int check_range(const struct walk *walk, struct der start, uint64_t count)
{
    struct tn_range range;

    if (check_tn(walk, start) != 0)
        return STIR_CODE_TNAUTHLIST_SYNTAX;
    if (!tn_is_digits((const char *)start.data, start.len))
        return malformed(walk,
                         "range start \"%.*s\" holds * or #, wanted digits "
                         "(RFC 8226 section 9)",
                         (int)start.len, (const char *)start.data);
    if (!tn_range_make((const char *)start.data, start.len, count, &range))
        return malformed(walk,
                         "range %.*s +%" PRIu64 ": start + count is not below 10^%zu "
                         "(RFC 8226 section 9)",
                         (int)start.len, (const char *)start.data, count, start.len);
    return 0;
}

/* TelephoneNumberRange is extensible: what may stand after count is skipped. */
static int read_range(const struct walk *walk, struct der content, struct entry *entry)
{
    struct der_element start, count, more;
    int result;

    if ((result = take(walk, &content, DER_IA5_STRING, "an IA5String (start)", &start)) != 0
        || (result = take(walk, &content, DER_INTEGER, "an INTEGER (count)", &count)) != 0
        || (result = read_count(walk, count.content, &entry->count)) != 0
        || (result = check_range(walk, start.content, entry->count)) != 0)
        return result;
    entry->text = start.content;
    entry->extended = content.len > 0;
    while (content.len > 0)
        if (der_next(&content, &more) != 0)
            return malformed(walk, "what stands after count is no DER (X.690 section 10.1)");
    return 0;
}

static int wrong_tag(const struct walk *walk, uint8_t tag)
{
    static const char *const names[] = {"spc", "range", "one"};

    if (tag >= DER_CONTEXT_PRIMITIVE(0) && tag <= DER_CONTEXT_PRIMITIVE(2))
        return malformed(walk,
                         "implicit tag %02X for %s, wanted the explicit %02X "
                         "(RFC 8226 appendix A)",
                         tag, names[tag & 3], tag | 0x20);
    return malformed(walk,
                     "tag %02X, wanted A0 (spc), A1 (range) or A2 (one) "
                     "(RFC 8226 section 9)",
                     tag);
}

static int read_entry(struct walk *walk, struct entry *entry)
{
    struct der_element element;
    struct der content = {NULL, 0};
    int result;

    *entry = (struct entry){.tag = walk->left.data[0]};
    if (entry->tag < ENTRY_SPC || entry->tag > ENTRY_ONE)
        return wrong_tag(walk, entry->tag);
    if ((result = take(walk, &walk->left, entry->tag, "a TNEntry", &element)) != 0)
        return result;
    if (element.whole.len > LIMIT_TNENTRY)
        return malformed(walk, "%zu octets; more than %d are not looked at", element.whole.len,
                         LIMIT_TNENTRY);
    if (entry->tag == ENTRY_RANGE) {
        result =
            take_explicit(walk, element.content, DER_SEQUENCE, "a SEQUENCE (range)", &content);
        return result != 0 ? result : read_range(walk, content, entry);
    }
    if ((result =
             take_explicit(walk, element.content, DER_IA5_STRING, "an IA5String", &entry->text))
        != 0)
        return result;
    return entry->tag == ENTRY_SPC ? check_spc(walk, entry->text) : check_tn(walk, entry->text);
}

static int add_entry(struct stir_scope *scope, const struct entry *entry)
{
    const char *text = (const char *)entry->text.data;
    struct tn_range range;

    if (entry->tag == ENTRY_SPC)
        return scope_add_spc(scope, text, entry->text.len);
    if (entry->tag == ENTRY_ONE)
        return scope_add_tn(scope, text, entry->text.len);
    return tn_range_make(text, entry->text.len, entry->count, &range)
               ? scope_add_range(scope, range)
               : STIR_E_SYNTAX;
}

/* The SEQUENCE OF, not empty, and nothing else. */
static int open_list(struct der der, struct der *list, struct stir_error *error)
{
    static const int code = STIR_CODE_TNAUTHLIST_SYNTAX;
    struct der_element element;

    if (der.len == 0)
        return error_set(error, code,
                         "TNAuthList: no octets, wanted a SEQUENCE "
                         "(RFC 8226 section 9)");
    if (der.data[0] != DER_SEQUENCE)
        return error_set(error, code,
                         "TNAuthList: tag %02X, wanted a SEQUENCE (tag 30; RFC 8226 section 9)",
                         der.data[0]);
    if (der_take(&der, DER_SEQUENCE, &element) != 0)
        return error_set(error, code,
                         "TNAuthList: its length is no DER, or exceeds what is there "
                         "(X.690 section 10.1)");
    if (der.len > 0)
        return error_set(error, code, "TNAuthList: %zu octets behind it (RFC 8226 section 9)",
                         der.len);
    if (element.content.len == 0)
        return error_set(error, code,
                         "TNAuthList: no entry, wanted one or more "
                         "(RFC 8226 section 9)");
    *list = element.content;
    return 0;
}

/* ---- In steps ------------------------------------------------------------------------------ */

enum stage { STAGE_OPEN, STAGE_CHECK, STAGE_FILL, STAGE_NORMALISE, STAGE_DONE };

struct tnauthlist_reader {
    struct der der, list;
    enum stage stage;
    struct walk walk;
    bool extended;
    struct stir_scope *scope;
    struct scope_normalising normalising;
};

struct tnauthlist_reader *tnauthlist_reader_new(struct der der)
{
    struct tnauthlist_reader *reader = calloc(1, sizeof *reader);

    if (reader != NULL)
        reader->der = der;
    return reader;
}

void tnauthlist_reader_free(struct tnauthlist_reader *reader)
{
    if (reader == NULL)
        return;
    scope_normalise_end(&reader->normalising);
    scope_free(reader->scope);
    free(reader);
}

static int open_reader(struct tnauthlist_reader *reader, size_t *budget,
                       struct stir_error *error)
{
    (void)budget;
    int rc = open_list(reader->der, &reader->list, error);
    reader->walk.left = reader->list;
    reader->stage = STAGE_CHECK;
    return rc;
}

static int begin_fill(struct tnauthlist_reader *reader, struct stir_error *error)
{
    size_t n = reader->walk.index;

    reader->walk = (struct walk){.left = reader->list};
    reader->stage = STAGE_FILL;
    reader->scope = scope_new();
    if (reader->scope == NULL || scope_reserve(reader->scope, n, reader->list.len - 2 * n) < 0)
        return error_no_memory(error);
    return 0;
}

/* Every entry, and how many. */
static int check(struct tnauthlist_reader *reader, size_t *budget, struct stir_error *error)
{
    struct walk *walk = &reader->walk;
    struct entry entry;
    int rc = 0;

    walk->error = error;
    for (; rc == 0 && *budget > 0 && walk->left.len > 0; walk->index++) {
        size_t before = walk->left.len;
        rc = read_entry(walk, &entry);
        reader->extended = reader->extended || entry.extended;
        budget_spend(budget, before - walk->left.len);
    }
    return rc != 0 || walk->left.len > 0 ? rc : begin_fill(reader, error);
}

/* Of a list that was checked. */
static int fill(struct tnauthlist_reader *reader, size_t *budget, struct stir_error *error)
{
    struct walk *walk = &reader->walk;
    struct entry entry;
    int rc = 0;

    walk->error = NULL;
    while (rc == 0 && *budget > 0 && walk->left.len > 0) {
        size_t before = walk->left.len;
        rc = read_entry(walk, &entry);
        if (rc == 0)
            rc = add_entry(reader->scope, &entry);
        budget_spend(budget, before - walk->left.len);
    }
    if (rc == STIR_E_NOMEM)
        return error_no_memory(error);
    if (rc != 0)
        return error_set(error, STIR_E_INTERNAL, "TNAuthList: read differently twice");
    if (walk->left.len == 0) {
        reader->stage = STAGE_NORMALISE;
        scope_normalise_begin(&reader->normalising, reader->scope);
    }
    return 0;
}

static int normalise(struct tnauthlist_reader *reader, size_t *budget, struct stir_error *error)
{
    int rc = scope_normalise_step(&reader->normalising, budget);

    if (rc == 0)
        reader->stage = STAGE_DONE;
    return rc < 0 ? error_no_memory(error) : 0;
}

int tnauthlist_reader_step(struct tnauthlist_reader *reader, size_t *budget,
                           struct stir_error *error)
{
    static int (*const stages[])(struct tnauthlist_reader *, size_t *,
                                 struct stir_error *) = {open_reader, check, fill, normalise};
    int rc = 0;

    while (rc == 0 && *budget > 0 && reader->stage != STAGE_DONE)
        rc = stages[reader->stage](reader, budget, error);
    return rc;
}

bool tnauthlist_reader_is_done(const struct tnauthlist_reader *reader)
{
    return reader->stage == STAGE_DONE;
}

struct stir_scope *tnauthlist_reader_take(struct tnauthlist_reader *reader,
                                          bool *unknown_extension)
{
    struct stir_scope *scope = reader->scope;

    reader->scope = NULL;
    if (unknown_extension != NULL)
        *unknown_extension = reader->extended;
    return scope;
}

int tnauthlist_parse(struct der der, struct stir_scope **scope, bool *unknown_extension,
                     struct stir_error *error)
{
    struct tnauthlist_reader *reader = tnauthlist_reader_new(der);
    size_t all = SIZE_MAX;

    *scope = NULL;
    if (reader == NULL)
        return error_no_memory(error);
    int rc = tnauthlist_reader_step(reader, &all, error);
    if (rc == 0)
        *scope = tnauthlist_reader_take(reader, unknown_extension);
    tnauthlist_reader_free(reader);
    return rc;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static void write_text(struct der_writer *writer, uint8_t tag, const char *text)
{
    size_t from = writer->len;

    der_write(writer, DER_IA5_STRING, text, strlen(text));
    der_wrap(writer, tag, from);
}

static void write_one(struct der_writer *writer, uint64_t tn)
{
    char room[TN_SIZE];

    write_text(writer, ENTRY_ONE, tn_text(room, tn));
}

/* first to last, of which start + count is below 10^digits. */
static void write_range(struct der_writer *writer, uint64_t first, uint64_t last)
{
    char room[TN_SIZE];
    size_t from = writer->len;

    tn_text(room, first);
    der_write(writer, DER_IA5_STRING, room, strlen(room));
    der_write_unsigned(writer, last - first + 1);
    der_wrap(writer, DER_SEQUENCE, from);
    der_wrap(writer, ENTRY_RANGE, from);
}

/* A range cannot reach a number of all nines, so that one is a `one` of its own. */
static void write_interval(struct der_writer *writer, struct tn_range range)
{
    int digits = tn_digits(range.last);
    bool to_the_end =
        range.last > range.first && tn_make(digits, tn_value(range.last) + 1) == 0;
    uint64_t last = to_the_end ? range.last - 1 : range.last;

    if (range.first == last)
        write_one(writer, last);
    else
        write_range(writer, range.first, last);
    if (to_the_end)
        write_one(writer, range.last);
}

void *tnauthlist_encode(const struct stir_scope *scope, size_t *len, struct stir_error *error)
{
    struct der_writer writer = {0};

    *len = 0;
    if (scope_is_empty(scope)) {
        error_set(error, STIR_E_ARGUMENT,
                  "a TNAuthList has one entry or more (RFC 8226 section 9)");
        return NULL;
    }
    for (size_t i = 0; i < scope->n_spc_set; i++)
        write_text(&writer, ENTRY_SPC, scope->spc_set[i]);
    for (size_t i = 0; i < scope->n_ranges; i++)
        write_interval(&writer, scope->ranges[i]);
    for (size_t i = 0; i < scope->n_literal_set; i++)
        write_text(&writer, ENTRY_ONE, scope->literal_set[i]);
    der_wrap(&writer, DER_SEQUENCE, 0);
    void *der = der_writer_take(&writer, len);
    if (der == NULL)
        error_no_memory(error);
    return der;
}
