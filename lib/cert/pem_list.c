/*
 * Concatenated PEM, strictly (RFC 8555 section 9.1, RFC 7468 stricttextualmsg), but for what
 * cannot matter: how lines end and how long they are, blanks behind them, empty lines between
 * blocks.
 */
#include "cert/pem_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

struct line {
    const char *text;
    size_t len;    /* without what ends it and blanks before that */
    size_t number; /* from 1 */
};

struct reader {
    const char *at, *end;
    size_t number;
    const char *label; /* of the blocks that are wanted */
    bool any_text;
    struct stir_error *error;
};

static int malformed(const struct reader *reader, const struct line *line, const char *what)
{
    char room[SHOWN_SIZE];

    return error_set(reader->error, STIR_CODE_X5U_BODY,
                     "line %zu: \"%s\" %s (RFC 8555 section 9.1)", line->number,
                     shown(room, line->text, line->len), what);
}

static const char *first_of(const char *at, char c, const char *end)
{
    const char *found = memchr(at, c, (size_t)(end - at));

    return found != NULL ? found : end;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* LF, CR LF or CR ends a line. False: there is none. */
static bool next_line(struct reader *reader, struct line *line)
{
    if (reader->at == reader->end)
        return false;
    const char *end = first_of(reader->at, '\n', reader->end);
    end = first_of(reader->at, '\r', end);
    *line = (struct line){reader->at, (size_t)(end - reader->at), ++reader->number};
    if (end + 1 < reader->end && end[0] == '\r' && end[1] == '\n')
        end++;
    reader->at = end < reader->end ? end + 1 : end;
    while (line->len > 0 && is_blank(line->text[line->len - 1]))
        line->len--;
    return true;
}

/* which, "-----BEGIN " or END, of the label that is wanted. */
static bool is_boundary(const struct reader *reader, const struct line *line, const char *which)
{
    size_t before = strlen(which), label = strlen(reader->label);

    return line->len == before + label + 5 && memcmp(line->text, which, before) == 0
           && memcmp(line->text + before, reader->label, label) == 0
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

/* Base64 that comes in pieces. */
struct base64 {
    uint8_t *octets;
    size_t n;
    uint32_t bits;
    unsigned characters, padding; /* of the quantum under way; of the whole */
};

/* 0 or -1. */
static int add_character(struct base64 *base64, char c)
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

/* Four that are no padding, at once, which is nearly all of a list of 1 MiB. */
static bool add_quantum(struct base64 *base64, const char *text)
{
    const uint8_t a = sextets[(unsigned char)text[0]], b = sextets[(unsigned char)text[1]],
                  c = sextets[(unsigned char)text[2]], d = sextets[(unsigned char)text[3]];
    uint8_t *to = base64->octets + base64->n;

    if (a == 0 || b == 0 || c == 0 || d == 0 || base64->characters > 0 || base64->padding > 0)
        return false;
    uint32_t bits = (a - 1u) << 18 | (b - 1u) << 12 | (c - 1u) << 6 | (d - 1u);
    to[0] = (uint8_t)(bits >> 16);
    to[1] = (uint8_t)(bits >> 8);
    to[2] = (uint8_t)bits;
    base64->n += 3;
    return true;
}

/* 0 or -1. */
static int add_text(struct base64 *base64, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (len - i >= 4 && add_quantum(base64, text + i))
            i += 4;
        else if (add_character(base64, text[i++]) < 0)
            return -1;
    }
    return 0;
}

int base64_octets(const char *text, size_t len, uint8_t **octets, size_t *n)
{
    struct base64 base64 = {.octets = malloc(len / 4 * 3 + 3)};

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

/* Room for what the lines up to the next END hold. */
static uint8_t *room_for(const struct reader *reader)
{
    static const char mark[] = "-----END";
    size_t left = (size_t)(reader->end - reader->at);
    const char *end = memmem(reader->at, left, mark, sizeof mark - 1);

    return malloc((end == NULL ? left : (size_t)(end - reader->at)) / 4 * 3 + 3);
}

/* The lines up to END. */
static int read_lines(struct reader *reader, const struct line *begin, struct base64 *base64)
{
    struct line line;

    while (next_line(reader, &line)) {
        if (is_boundary(reader, &line, "-----END ")) {
            if (base64->characters == 0 && base64->n > 0)
                return 0;
            return malformed(reader, &line, "comes where base64 is not complete");
        }
        if (line.len == 0)
            return malformed(reader, &line, "is an empty line inside a block");
        if (memchr(line.text, ':', line.len) != NULL)
            return malformed(reader, &line, "is a header, wanted: base64");
        if (add_text(base64, line.text, line.len) < 0)
            return malformed(reader, &line, "is no line of base64");
    }
    return malformed(reader, begin, "has no END");
}

/* What they hold in octets of the caller's, unless it fails. */
static int read_block(struct reader *reader, const struct line *begin, struct base64 *base64)
{
    base64->octets = room_for(reader);
    if (base64->octets == NULL)
        return error_no_memory(reader->error);
    int rc = read_lines(reader, begin, base64);
    if (rc != 0)
        free(base64->octets);
    return rc;
}

/* A line outside of certificates. 0: it may stand there. */
static int judge_outside(const struct reader *reader, const struct line *line)
{
    if (reader->any_text || line->len == 0)
        return 0;
    if (begins(line, "-----BEGIN "))
        return malformed(reader, line, "begins something else, wanted: certificates alone");
    return malformed(reader, line, "is text, wanted: certificates alone");
}

int pem_blocks_each(const char *pem, size_t len, enum pem_label label, bool any_text,
                    pem_block *each, void *arg, struct stir_error *error)
{
    static const struct {
        const char *text, *none;
    } labels[] = {
        [PEM_CERTIFICATE] = {"CERTIFICATE",
                             "there is no certificate in PEM (RFC 8555 section 9.1)"},
        [PEM_CRL] = {"X509 CRL", "there is no CRL in PEM (RFC 7468 section 6)"},
    };
    struct reader reader = {pem, pem + len, 0, labels[label].text, any_text, error};
    struct line line;
    size_t n = 0;
    int rc = 0;

    while (rc == 0 && next_line(&reader, &line)) {
        struct base64 base64 = {0};
        if (!is_boundary(&reader, &line, "-----BEGIN ")) {
            rc = judge_outside(&reader, &line);
            continue;
        }
        rc = read_block(&reader, &line, &base64);
        if (rc == 0)
            rc = each(arg, base64.octets, base64.n);
        n++;
    }
    if (rc == 0 && n == 0)
        rc = error_set(error, STIR_CODE_X5U_BODY, "%s", labels[label].none);
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
