/*
 * Concatenated PEM, strictly (RFC 8555 section 9.1, RFC 7468 stricttextualmsg), but for what
 * cannot matter: how lines end and how long they are, blanks behind them, empty lines between
 * blocks.
 */
#include "cert/pem_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/text.h"

struct line {
    const char *text;
    size_t len;    /* without what ends it and blanks before that */
    size_t number; /* from 1 */
};

static int malformed(const struct line *line, struct stir_error *error, const char *what)
{
    char room[SHOWN_SIZE];

    return error_set(error, STIR_CODE_X5U_BODY, "line %zu: \"%s\" %s (RFC 8555 section 9.1)",
                     line->number, shown(room, line->text, line->len), what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The one that reader->at is in, of which there is something: LF, CR LF or CR ends it. Each octet
   is looked at once, whichever of them a stranger writes. */
static void end_line(struct pem_reader *reader, struct line *line)
{
    const char *at = reader->at, *end = reader->end;

    while (at < end && *at != '\n' && *at != '\r')
        at++;
    *line = (struct line){reader->line, (size_t)(at - reader->line), ++reader->number};
    if (end - at > 1 && at[0] == '\r' && at[1] == '\n')
        at++;
    reader->at = reader->line = at < end ? at + 1 : end;
    while (line->len > 0 && is_blank(line->text[line->len - 1]))
        line->len--;
}

static const struct {
    const char *text, *none;
} labels[] = {
    [PEM_CERTIFICATE] = {"CERTIFICATE",
                         "there is no certificate in PEM (RFC 8555 section 9.1)"},
    [PEM_CRL] = {"X509 CRL", "there is no CRL in PEM (RFC 7468 section 6)"},
};

/* which, "-----BEGIN " or END, of the label that is wanted. */
static bool is_boundary(const struct pem_reader *reader, const struct line *line,
                        const char *which)
{
    const char *wanted = labels[reader->label].text;
    size_t before = strlen(which), label = strlen(wanted);

    return line->len == before + label + 5 && memcmp(line->text, which, before) == 0
           && memcmp(line->text + before, wanted, label) == 0
           && memcmp(line->text + before + label, "-----", 5) == 0;
}

static bool begins(const struct line *line, const char *text)
{
    return line->len >= strlen(text) && memcmp(line->text, text, strlen(text)) == 0;
}

/* One more than the six bits that a character stands for; 0: no character of base64 (RFC 4648
   section 4). */
static const uint8_t sextets[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,
    ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
    ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
    ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
    ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
    ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
    ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
    ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
    ['/'] = 64,
};

/* 0 or -1. */
static int add_character(struct pem_base64 *base64, char c)
{
    int value = c == '=' ? 0 : sextets[(unsigned char)c] - 1;

    if (value < 0 || (base64->padding > 0 && c != '='))
        return -1;
    if (c == '=' && (base64->characters < 2 || ++base64->padding > 2))
        return -1;
    base64->bits = base64->bits << 6 | (uint32_t)value;
    if (++base64->characters < 4)
        return 0;
    for (unsigned i = 0; i < 3 - base64->padding; i++)
        base64->octets[base64->n++] = (uint8_t)(base64->bits >> (16 - 8 * i));
    uint32_t beyond = base64->bits
                      & (base64->padding == 2 ? 0xFFFF
                         : base64->padding    ? 0xFF
                                              : 0);
    base64->characters = 0;
    base64->bits = 0;
    return beyond == 0 ? 0 : -1;
}

static uint8_t *put_quantum(uint8_t *to, uint32_t bits)
{
    to[0] = (uint8_t)(bits >> 16);
    to[1] = (uint8_t)(bits >> 8);
    to[2] = (uint8_t)bits;
    return to + 3;
}

/* Up to what is no character of base64, or padding; four at once, which is nearly all of a list of
   1 MiB. Where it stopped. */
static const char *add_plain(struct pem_base64 *base64, const char *from, const char *end)
{
    const uint8_t *at = (const uint8_t *)from, *stop = (const uint8_t *)end;
    uint8_t *to = base64->octets + base64->n;
    uint32_t bits = base64->bits, four;
    unsigned characters = base64->characters;

    while (at < stop && base64->padding == 0 && sextets[*at] != 0) {
        if (characters == 0 && stop - at >= 4
            && (four = (sextets[at[0]] - 1u) << 18 | (sextets[at[1]] - 1u) << 12
                       | (sextets[at[2]] - 1u) << 6 | (sextets[at[3]] - 1u))
                       >> 24
                   == 0) {
            to = put_quantum(to, four);
            at += 4;
            continue;
        }
        bits = bits << 6 | (sextets[*at++] - 1u);
        if (++characters < 4)
            continue;
        to = put_quantum(to, bits);
        characters = bits = 0;
    }
    base64->bits = bits;
    base64->characters = characters;
    base64->n = (size_t)(to - base64->octets);
    return (const char *)at;
}

/* 0 or -1. */
static int add_text(struct pem_base64 *base64, const char *text, size_t len)
{
    const char *end = text + len;

    for (text = add_plain(base64, text, end); text < end; text++)
        if (add_character(base64, *text) < 0)
            return -1;
    return 0;
}

int base64_octets(const char *text, size_t len, uint8_t **octets, size_t *n)
{
    struct pem_base64 base64 = {.octets = malloc(len / 4 * 3 + 3)};

    *octets = NULL;
    if (base64.octets == NULL)
        return STIR_E_NOMEM;
    if (len == 0 || add_text(&base64, text, len) < 0 || base64.characters != 0) {
        free(base64.octets);
        return 1;
    }
    *octets = base64.octets;
    *n = base64.n;
    return 0;
}

/* ---- Blocks -------------------------------------------------------------------------------- */

/* Room for what the lines up to the next END hold. */
static int begin_block(struct pem_reader *reader, const struct line *line,
                       struct stir_error *error)
{
    static const char mark[] = "-----END";
    size_t left = (size_t)(reader->end - reader->at);
    const char *end = memmem(reader->at, left, mark, sizeof mark - 1);

    reader->begin = line->number;
    reader->block = (struct pem_base64){
        .octets = malloc((end == NULL ? left : (size_t)(end - reader->at)) / 4 * 3 + 3)};
    return reader->block.octets == NULL ? error_no_memory(error) : 0;
}

/* A line outside of what is wanted. */
static int read_outside(struct pem_reader *reader, const char *stop, struct stir_error *error)
{
    struct line line;

    while (reader->at < stop && *reader->at == '\n') {
        reader->line = ++reader->at;
        reader->number++;
    }
    if (reader->at == stop)
        return 0;
    end_line(reader, &line);
    if (line.len == 0)
        return 0;
    if (is_boundary(reader, &line, "-----BEGIN "))
        return begin_block(reader, &line, error);
    if (reader->any_text)
        return 0;
    return malformed(&line, error,
                     begins(&line, "-----BEGIN ")
                         ? "begins something else, wanted: certificates alone"
                         : "is text, wanted: certificates alone");
}

static int end_block(struct pem_reader *reader, const struct line *line, pem_block *each,
                     void *arg, struct stir_error *error)
{
    struct pem_base64 block = reader->block;

    if (block.characters != 0 || block.n == 0)
        return malformed(line, error, "comes where base64 is not complete");
    reader->block.octets = NULL;
    reader->n++;
    return each(arg, block.octets, block.n);
}

/* Lines that are all base64, which nearly all are, as far as they are given: into the middle of
   another, or to its end. */
static void read_plain(struct pem_reader *reader, const char *stop)
{
    reader->at = add_plain(&reader->block, reader->at, stop);
    while (reader->at < stop && *reader->at == '\n' && reader->at > reader->line) {
        reader->line = ++reader->at;
        reader->number++;
        reader->at = add_plain(&reader->block, reader->at, stop);
    }
}

/* Up to stop, or over the line of a block that is another: its END, or the last of its base64. */
static int read_inside(struct pem_reader *reader, const char *stop, pem_block *each, void *arg,
                       struct stir_error *error)
{
    struct line line;

    read_plain(reader, stop);
    if (reader->at == stop && (stop < reader->end || reader->at == reader->line))
        return 0;
    const char *rest = reader->at;
    end_line(reader, &line);
    if (is_boundary(reader, &line, "-----END "))
        return end_block(reader, &line, each, arg, error);
    if (line.len == 0)
        return malformed(&line, error, "is an empty line inside a block");
    const char *end = line.text + line.len;
    if (rest >= end)
        return 0;
    if (memchr(rest, ':', (size_t)(end - rest)) != NULL)
        return malformed(&line, error, "is a header, wanted: base64");
    if (add_text(&reader->block, rest, (size_t)(end - rest)) < 0)
        return malformed(&line, error, "is no line of base64");
    return 0;
}

void pem_reader_begin(struct pem_reader *reader, const char *pem, size_t len,
                      enum pem_label label, bool any_text)
{
    *reader = (struct pem_reader){
        .line = pem, .at = pem, .end = pem + len, .label = label, .any_text = any_text};
}

void pem_reader_end(struct pem_reader *reader)
{
    free(reader->block.octets);
    reader->block.octets = NULL;
}

static int no_end(const struct pem_reader *reader, struct stir_error *error)
{
    return error_set(error, STIR_CODE_X5U_BODY,
                     "line %zu: \"-----BEGIN %s-----\" has no END (RFC 8555 section 9.1)",
                     reader->begin, labels[reader->label].text);
}

int pem_reader_step(struct pem_reader *reader, size_t *budget, pem_block *each, void *arg,
                    struct stir_error *error)
{
    int rc = 0;

    while (rc == 0 && reader->at < reader->end) {
        const char *before = reader->at;
        size_t left = (size_t)(reader->end - before);
        const char *stop = before + (left < *budget ? left : *budget);
        if (*budget == 0)
            return BUDGET_GONE;
        rc = reader->block.octets == NULL ? read_outside(reader, stop, error)
                                          : read_inside(reader, stop, each, arg, error);
        budget_spend(budget, (size_t)(reader->at - before));
    }
    if (rc != 0)
        return rc;
    if (reader->block.octets != NULL)
        return no_end(reader, error);
    return reader->n > 0
               ? 0
               : error_set(error, STIR_CODE_X5U_BODY, "%s", labels[reader->label].none);
}

int pem_blocks_each(const char *pem, size_t len, enum pem_label label, bool any_text,
                    pem_block *each, void *arg, struct stir_error *error)
{
    struct pem_reader reader;
    size_t all = SIZE_MAX;

    pem_reader_begin(&reader, pem, len, label, any_text);
    int rc = pem_reader_step(&reader, &all, each, arg, error);
    pem_reader_end(&reader);
    return rc;
}

int pem_list_each(const char *pem, size_t len, bool any_text, pem_block *each, void *arg,
                  struct stir_error *error)
{
    return pem_blocks_each(pem, len, PEM_CERTIFICATE, any_text, each, arg, error);
}

char *pem_list_write(const void *der, size_t len)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *octets = der;
    struct text text = {0};

    text_add(&text, "-----BEGIN CERTIFICATE-----\n");
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t bits = (uint32_t)octets[i] << 16
                        | (left > 1 ? (uint32_t)octets[i + 1] << 8 : 0)
                        | (left > 2 ? octets[i + 2] : 0);
        char four[4] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                        left > 1 ? alphabet[bits >> 6 & 63] : '=',
                        left > 2 ? alphabet[bits & 63] : '='};
        text_add_octets(&text, four, sizeof four);
        if (i % 48 == 45 || left <= 3)
            text_add(&text, "\n");
    }
    text_add(&text, "-----END CERTIFICATE-----\n");
    return text_take(&text);
}
