/*
 * SPC data from a csv: read once into sorted arrays, then only looked up in.
 *
 * The reader interns the SPCs, counts and keeps the rows, and deals them out by SPC at the end,
 * so that 1.5 million lines take one pass and a sort of each SPC's own.
 */
#include "spc/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

struct holder { /* one SPC */
    char *spc;
    struct tn_range *ranges; /* canonical; they point into csv->ranges */
    size_t n;
};

struct csv {
    struct holder *holders; /* sorted by SPC */
    size_t n_holders;
    struct tn_range *ranges;
    bool dated;
    int64_t as_of; /* when its file was changed last */
};

struct row {
    size_t holder; /* in order of appearance */
    struct tn_range range;
};

struct reader {
    struct csv *csv;
    const char *name; /* of the file, shown form; "": there is none */
    size_t line;      /* counted from 1 */
    struct row *rows;
    size_t n_rows;
    size_t *slots; /* hash table over the holders: index + 1, 0 for none */
    size_t n_slots;
    struct stir_error *error;
};

struct field {
    const char *text;
    size_t len;
};

void csv_free(struct csv *csv)
{
    if (csv == NULL)
        return;
    for (size_t i = 0; i < csv->n_holders; i++)
        free(csv->holders[i].spc);
    free(csv->holders);
    free(csv->ranges);
    free(csv);
}

/* ---- Reading ---- */

static int refuse(struct reader *reader, const char *wanted, struct field found)
{
    char room[SHOWN_SIZE];

    return error_set(reader->error, STIR_E_SYNTAX, "%s%sline %zu: %s wanted, found \"%s\"",
                     reader->name, reader->name[0] == '\0' ? "" : ": ", reader->line, wanted,
                     shown(room, found.text, found.len));
}

/* The file is the operator's own, so the hash need not stand up to anybody. */
static size_t *find_slot(const struct reader *reader, struct field spc)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < spc.len; i++)
        hash = (hash ^ (unsigned char)spc.text[i]) * UINT64_C(0x100000001B3);
    for (size_t i = (size_t)(hash ^ hash >> 32);; i++) {
        size_t *slot = &reader->slots[i & (reader->n_slots - 1)];
        if (*slot == 0)
            return slot;
        const char *known = reader->csv->holders[*slot - 1].spc;
        if (strncmp(known, spc.text, spc.len) == 0 && known[spc.len] == '\0')
            return slot;
    }
}

static int grow(struct reader *reader)
{
    struct csv *csv = reader->csv;
    size_t n_slots = reader->n_slots == 0 ? 64 : reader->n_slots * 2;
    struct holder *holders = realloc(csv->holders, n_slots / 2 * sizeof *holders);

    if (holders == NULL)
        return STIR_E_NOMEM;
    csv->holders = holders;
    size_t *slots = calloc(n_slots, sizeof *slots);
    if (slots == NULL)
        return STIR_E_NOMEM;
    free(reader->slots);
    reader->slots = slots;
    reader->n_slots = n_slots;
    for (size_t i = 0; i < csv->n_holders; i++)
        *find_slot(reader, (struct field){holders[i].spc, strlen(holders[i].spc)}) = i + 1;
    return 0;
}

static int intern(struct reader *reader, struct field spc, size_t *holder)
{
    struct csv *csv = reader->csv;

    if (csv->n_holders >= reader->n_slots / 2 && grow(reader) < 0)
        return error_no_memory(reader->error);
    size_t *slot = find_slot(reader, spc);
    if (*slot == 0) {
        char *copy = text_copy(spc.text, spc.len);
        if (copy == NULL)
            return error_no_memory(reader->error);
        csv->holders[csv->n_holders++] = (struct holder){.spc = copy};
        *slot = csv->n_holders;
    }
    *holder = *slot - 1;
    return 0;
}

/* Quotes are refused, so that a file that uses them does not end up as SPCs nobody has. */
static bool is_spc(struct field field)
{
    for (size_t i = 0; i < field.len; i++)
        if (field.text[i] < 0x20 || field.text[i] > 0x7E || field.text[i] == '"')
            return false;
    return field.len > 0;
}

static bool split(struct field line, struct field fields[3])
{
    for (size_t i = 0; i < 2; i++) {
        const char *comma = memchr(line.text, ',', line.len);
        if (comma == NULL)
            return false;
        size_t len = (size_t)(comma - line.text);
        fields[i] = (struct field){line.text, len};
        line = (struct field){comma + 1, line.len - len - 1};
    }
    fields[2] = line;
    return true;
}

static int read_row(struct reader *reader, struct field line)
{
    struct field fields[3];
    struct row *row = &reader->rows[reader->n_rows];

    if (!split(line, fields))
        return refuse(reader, "three fields", line);
    if (!is_spc(fields[0]))
        return refuse(reader, "an SPC (printable ASCII without quotes)", fields[0]);
    row->range.first = tn_parse(fields[1].text, fields[1].len);
    row->range.last = tn_parse(fields[2].text, fields[2].len);
    if (row->range.first == 0)
        return refuse(reader, "a first number of 1 to 15 digits", fields[1]);
    if (row->range.last == 0 || fields[2].len != fields[1].len)
        return refuse(reader, "a last number of as many digits as the first", fields[2]);
    if (row->range.last < row->range.first)
        return refuse(reader, "a last number not before the first", fields[2]);
    reader->n_rows++;
    return intern(reader, fields[0], &row->holder);
}

static int read_line(struct reader *reader, struct field line, bool is_last)
{
    static const char header[] = "spc,first,last";

    reader->line++;
    if (line.len > 0 && line.text[line.len - 1] == '\r')
        line.len--;
    if (line.len > LIMIT_CSV_LINE)
        return refuse(reader, "a line of at most 256 octets", line);
    if (reader->line > 1)
        return line.len == 0 && is_last ? 0 : read_row(reader, line);
    if (line.len != sizeof header - 1 || memcmp(line.text, header, line.len) != 0)
        return refuse(reader, "the header spc,first,last", line);
    return 0;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t n = 1;

    for (const char *at = text; (at = memchr(at, '\n', len - (size_t)(at - text))) != NULL;
         at++)
        n++;
    return n;
}

static int read_lines(struct reader *reader, const char *text, size_t len)
{
    const char *end = text + len;
    int rc = 0;

    reader->rows = malloc(count_lines(text, len) * sizeof *reader->rows);
    if (reader->rows == NULL)
        return error_no_memory(reader->error);
    do {
        const char *eol = memchr(text, '\n', (size_t)(end - text));
        const char *next = eol == NULL ? end : eol + 1;
        size_t line_len = (size_t)((eol == NULL ? end : eol) - text);
        rc = read_line(reader, (struct field){text, line_len}, next == end);
        text = next;
    } while (rc == 0 && text < end);
    return rc;
}

/* ---- Sorting ---- */

static int compare_holders(const void *a, const void *b)
{
    return strcmp(((const struct holder *)a)->spc, ((const struct holder *)b)->spc);
}

/* Gives each holder its rows as one canonical piece of csv->ranges. */
static int deal_out(struct reader *reader)
{
    struct csv *csv = reader->csv;
    struct tn_range *at;

    csv->ranges = malloc((reader->n_rows + 1) * sizeof *csv->ranges);
    if (csv->ranges == NULL)
        return error_no_memory(reader->error);
    for (size_t i = 0; i < reader->n_rows; i++)
        csv->holders[reader->rows[i].holder].n++;
    at = csv->ranges;
    for (size_t i = 0; i < csv->n_holders; i++) {
        csv->holders[i].ranges = at;
        at += csv->holders[i].n;
        csv->holders[i].n = 0;
    }
    for (size_t i = 0; i < reader->n_rows; i++) {
        struct holder *holder = &csv->holders[reader->rows[i].holder];
        holder->ranges[holder->n++] = reader->rows[i].range;
    }
    for (size_t i = 0; i < csv->n_holders; i++)
        csv->holders[i].n = tn_ranges_merge(csv->holders[i].ranges, csv->holders[i].n);
    if (csv->n_holders > 0)
        qsort(csv->holders, csv->n_holders, sizeof *csv->holders, compare_holders);
    return 0;
}

static int parse(const char *name, const char *text, size_t len, struct csv **csv,
                 struct stir_error *error)
{
    struct reader reader = {.name = name, .error = error};
    int rc;

    *csv = NULL;
    reader.csv = calloc(1, sizeof *reader.csv);
    if (reader.csv == NULL)
        return error_no_memory(error);
    rc = read_lines(&reader, text, len);
    if (rc == 0)
        rc = deal_out(&reader);
    if (rc == 0) {
        *csv = reader.csv;
        reader.csv = NULL;
    }
    free(reader.rows);
    free(reader.slots);
    csv_free(reader.csv);
    return rc;
}

int csv_parse(const char *text, size_t len, struct csv **csv, struct stir_error *error)
{
    return parse("", text, len, csv, error);
}

int csv_load(const char *file, struct csv **csv, struct stir_error *error)
{
    char name[SHOWN_SIZE], *text = NULL;
    int64_t changed;
    bool dated;
    size_t len;
    int rc = file_read_dated(file, LIMIT_CSV, &text, &len, &dated, &changed, error);

    *csv = NULL;
    if (rc == 0)
        rc = parse(shown(name, file, strlen(file)), text, len, csv, error);
    if (rc == 0) {
        (*csv)->dated = dated;
        (*csv)->as_of = changed;
    }
    free(text);
    return rc;
}

/* ---- Answering ---- */

static const struct holder *find(const struct csv *csv, const char *spc)
{
    size_t low = 0, high = csv->n_holders;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(csv->holders[middle].spc, spc);
        if (order == 0)
            return &csv->holders[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

enum stir_answer csv_answer(const struct csv *csv, const char *spc, uint64_t tn)
{
    const struct holder *holder = find(csv, spc);

    if (holder == NULL)
        return STIR_UNKNOWN;
    size_t i = tn_ranges_from(holder->ranges, holder->n, tn);
    return i < holder->n && holder->ranges[i].first <= tn ? STIR_YES : STIR_NO;
}

static void answer_question(const struct csv *csv, struct stir_want *want, size_t i)
{
    const struct stir_question *question = &want->questions[i];
    const struct holder *holder = find(csv, question->spc);
    uint64_t base = tn_make(question->digits, 0);

    if (holder == NULL || base == 0)
        return;
    for (size_t j = tn_ranges_from(holder->ranges, holder->n, base + question->first);
         j < holder->n && holder->ranges[j].first <= base + question->last; j++) {
        uint64_t first = holder->ranges[j].first;
        stir_want_answer(want, i, first > base ? first - base : 0,
                         holder->ranges[j].last - base, STIR_YES);
    }
    stir_want_answer(want, i, question->first, question->last, STIR_NO);
}

/* It never changes. */
enum { GENERATION = 1 };

static uint64_t generation(void *arg, const char *spc)
{
    (void)arg;
    (void)spc;
    return GENERATION;
}

static int answer(void *arg, struct stir_want *want, struct stir_error *error)
{
    const struct csv *csv = arg;

    (void)error;
    for (size_t i = 0; i < want->n_questions; i++) {
        answer_question(csv, want, i);
        stir_want_keep(want, i, GENERATION, 0);
        if (csv->dated)
            stir_want_as_of(want, i, csv->as_of);
    }
    return 0;
}

static void release(void *arg)
{
    csv_free(arg);
}

void csv_resolver(struct csv *csv, struct stir_resolver *resolver)
{
    *resolver = (struct stir_resolver){.size = sizeof *resolver,
                                       .arg = csv,
                                       .answer = answer,
                                       .generation = generation,
                                       .release = release};
}
