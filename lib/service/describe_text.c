/*
 * Descriptions for people: a line that says what it is, then its members, one a line, those that
 * are null left out.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "number/tn.h"
#include "service/describe.h"

enum { LABEL_WIDTH = 16 };

static const struct {
    const char *kind, *title;
} titles[] = {
    {"certificate", "certificate"},         {"tnauthlist", "TNAuthList"},
    {"crl", "certificate revocation list"}, {"csr", "certification request"},
    {"passport", "PASSporT, not verified"}, {"identity", "Identity value, not verified"},
};

/* Members that have another name for people, or none because they stand elsewhere. */
static const struct {
    const char *name, *label;
} labels[] = {
    {"kind", NULL},
    {"depth", NULL},
    {"verified", NULL},
    {"tnauthlist_total", NULL},
    {"sha256", "SHA-256"},
    {"spki_sha256", "key's SHA-256"},
    {"skid", "SKID"},
    {"akid", "AKID"},
    {"ca", "CA"},
    {"tnauthlist", "TNAuthList"},
    {"tnauthlist_url", "TNAuthList at"},
};

/* Text that is fit to be shown already; what is not named here is a stranger's. */
static bool is_fit(const char *name)
{
    static const char *const names[] = {"subject", "issuer", "warnings", "tnauthlist_url",
                                        "names",   "info",   "alg",      "ppt"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* NULL: no line of its own. */
static const char *label_of(const char *name)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i].name, name) == 0)
            return labels[i].label;
    return name;
}

static void add_spaces(struct text *text, size_t n)
{
    while (n-- > 0)
        text_add(text, " ");
}

/* Underscores of our own names are blanks to people; a stranger's name is shown as it is. */
static void add_label(struct text *text, size_t indent, const char *label, bool ours)
{
    add_spaces(text, indent);
    for (const char *c = label; ours && *c != '\0'; c++)
        text_add_octets(text, *c == '_' ? " " : c, 1);
    if (!ours)
        text_add_shown(text, label, strlen(label));
}

/* Up to where values stand: label_at is where the label began. */
static void add_padding(struct text *text, size_t label_at, size_t indent)
{
    size_t width = text->len - label_at - indent;

    add_spaces(text, width < LABEL_WIDTH ? LABEL_WIDTH - width : 1);
}

static void add_text(struct text *text, const char *string, bool fit)
{
    if (fit)
        text_add(text, string);
    else
        text_add_shown(text, string, strlen(string));
}

/* Numbers stand as they are, times also as dates. */
static void add_integer(struct text *text, const char *name, int64_t integer)
{
    char room[CLOCK_TEXT_SIZE];

    text_addf(text, "%" PRId64, integer);
    if (strcmp(name, "iat") == 0 || strcmp(name, "exp") == 0 || strcmp(name, "nbf") == 0)
        text_addf(text, " (%s)", clock_text(room, integer));
}

static void add_dump(struct text *text, const struct value *value)
{
    char *dump = value_dump_line(value);

    if (dump == NULL)
        text->failed = true;
    else
        text_add_shown(text, dump, strlen(dump));
    free(dump);
}

/* What fits on one line. */
static void add_plain(struct text *text, const char *name, const struct value *value, bool fit)
{
    int64_t integer;

    if (value_string(value) != NULL)
        add_text(text, value_string(value), fit);
    else if (value_integer(value, &integer))
        add_integer(text, name, integer);
    else if (value_kind(value) == VALUE_BOOLEAN)
        text_add(text, value_is_true(value) ? "yes" : "no");
    else
        add_dump(text, value);
}

/* An entry of a TNAuthList. Its SPC is fit to be shown. */
static void add_entry(struct text *text, const struct value *entry)
{
    const char *spc = value_string(value_member(entry, "spc"));
    const char *tn = value_string(value_member(entry, "tn"));
    const char *first = value_string(value_member(entry, "first"));
    const char *last = value_string(value_member(entry, "last"));

    if (spc != NULL)
        text_addf(text, "SPC %s", spc);
    else if (tn != NULL)
        text_addf(text, "TN %s", tn);
    else if (first != NULL && last != NULL)
        text_addf(text, "range %s +%" PRIu64 " (%s to %s)", first,
                  tn_parse(last, strlen(last)) - tn_parse(first, strlen(first)) + 1, first,
                  last);
}

static void add_count(struct text *text, const struct value *total, const char *name,
                      const char *one, const char *many, const char *before)
{
    int64_t n;

    if (value_integer(value_member(total, name), &n))
        text_addf(text, "%s%" PRId64 " %s", before, n, n == 1 ? one : many);
}

static void add_total(struct text *text, const struct value *total)
{
    add_count(text, total, "entries", "entry", "entries", "total ");
    add_count(text, total, "spcs", "SPC", "SPCs", ": ");
    add_count(text, total, "numbers", "number", "numbers", ", ");
}

/* One a line, under each other. */
static void add_entries(struct text *text, size_t indent, const struct value *list,
                        const struct value *total)
{
    for (size_t i = 0; i < value_size(list); i++) {
        add_entry(text, value_at(list, i));
        text_add(text, "\n");
        add_spaces(text, indent + LABEL_WIDTH);
    }
    add_total(text, total);
}

static void add_list(struct text *text, size_t indent, const struct value *list, bool fit)
{
    for (size_t i = 0; i < value_size(list); i++) {
        if (i > 0 && fit) { /* sentences */
            text_add(text, "\n");
            add_spaces(text, indent + LABEL_WIDTH);
        } else if (i > 0) {
            text_add(text, ", ");
        }
        add_plain(text, "", value_at(list, i), fit);
    }
}

/* {"code", "detail"} */
static void add_problem(struct text *text, const struct value *problem)
{
    text_addf(text, "%s: %s", value_string(value_member(problem, "code")),
              value_string(value_member(problem, "detail")));
}

/* A stranger's object: its members one a line, further in. */
static void add_members(struct text *text, size_t indent, const struct value *object)
{
    const struct value *member;
    const char *name;

    for (size_t i = 0; (name = value_name(object, i, &member)) != NULL; i++) {
        text_add(text, "\n");
        size_t start = text->len;
        add_label(text, indent + 2, name, false);
        add_padding(text, start, indent + 2);
        if (value_kind(member) == VALUE_ARRAY && value_string(value_at(member, 0)) != NULL)
            add_list(text, indent + 2, member, false);
        else
            add_plain(text, name, member, false);
    }
}

static void add_member(struct text *text, const char *name, const struct value *member,
                       const struct value *object)
{
    const char *label = label_of(name);
    enum value_kind kind = value_kind(member);
    size_t start = text->len;

    if (label == NULL || kind == VALUE_NULL
        || ((kind == VALUE_ARRAY || kind == VALUE_OBJECT) && value_size(member) == 0))
        return;
    add_label(text, 2, label, true);
    bool is_problem = strcmp(name, "fault") == 0 || strcmp(name, "problem") == 0;
    if (kind != VALUE_OBJECT || is_problem)
        add_padding(text, start, 2);
    if (strcmp(name, "tnauthlist") == 0)
        add_entries(text, 2, member, value_member(object, "tnauthlist_total"));
    else if (is_problem)
        add_problem(text, member);
    else if (kind == VALUE_ARRAY)
        add_list(text, 2, member, is_fit(name));
    else if (kind == VALUE_OBJECT)
        add_members(text, 2, member);
    else
        add_plain(text, name, member, is_fit(name));
    text_add(text, "\n");
}

static void add_title(struct text *text, const struct value *object)
{
    const char *kind = value_string(value_member(object, "kind"));
    int64_t depth;

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].kind, kind) == 0)
            text_add(text, titles[i].title);
    if (value_integer(value_member(object, "depth"), &depth))
        text_addf(text, " %" PRId64, depth);
    text_add(text, "\n");
}

static void add_object(struct text *text, const struct value *object)
{
    const struct value *member;
    const char *name;

    add_title(text, object);
    for (size_t i = 0; (name = value_name(object, i, &member)) != NULL; i++)
        add_member(text, name, member, object);
}

char *describe_text(const struct value *value)
{
    struct text text = {0};

    if (value_kind(value) == VALUE_OBJECT)
        add_object(&text, value);
    for (size_t i = 0; value_kind(value) == VALUE_ARRAY && i < value_size(value); i++) {
        text_add(&text, i > 0 ? "\n" : "");
        add_object(&text, value_at(value, i));
    }
    return text_take(&text);
}
