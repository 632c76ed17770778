/* The mky claim, from the fingerprints of an SDP body (R8225-5.2.2, R8224-4.1-9). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "sip/call.h"

/* alg and dig, one after the other as they are sorted: owned. */
struct fingerprint {
    char *text;
    size_t alg_len;
};

struct fingerprints {
    struct fingerprint list[LIMIT_FINGERPRINTS];
    size_t n;
};

static bool is_sdp(const char *type)
{
    static const char sdp[] = "application/sdp";

    if (type == NULL)
        return true;
    size_t len = strcspn(type, "; \t");
    return len == sizeof sdp - 1 && strncasecmp(type, sdp, len) == 0;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* A token of RFC 4566, which has nothing that JSON would escape. */
static size_t alg_length(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] > ' ' && text[n] < 0x7F
           && strchr("\"(),/:;<=>?@[\\]", text[n]) == NULL)
        n++;
    return n;
}

/* Octets in hexadecimal with a colon between any two (RFC 8122 section 5), written without. */
static bool add_hex(struct text *text, const char *hex, size_t len)
{
    if (len % 3 != 2)
        return false;
    for (size_t i = 0; i < len; i += 3) {
        if (!is_hex(hex[i]) || !is_hex(hex[i + 1]) || (i + 2 < len && hex[i + 2] != ':'))
            return false;
        text_add_octets(text, hex + i, 2);
    }
    return true;
}

/* "sha-256 4A:AD:..." */
static int add(struct fingerprints *all, const char *value, size_t len,
               struct stir_error *error)
{
    char room[SHOWN_SIZE];
    struct text text = {0};
    size_t alg = alg_length(value, len);

    if (all->n == LIMIT_FINGERPRINTS)
        return error_set(error, STIR_E_SYNTAX, "the SDP has more than %d fingerprints",
                         LIMIT_FINGERPRINTS);
    text_add_octets(&text, value, alg);
    if (alg == 0 || alg >= len || value[alg] != ' '
        || !add_hex(&text, value + alg + 1, len - alg - 1)) {
        text_free(&text);
        return error_set(error, STIR_E_SYNTAX,
                         "the SDP's fingerprint \"%s\" is none (RFC 8122 section 5)",
                         shown(room, value, len));
    }
    all->list[all->n] = (struct fingerprint){text_take(&text), alg};
    return all->list[all->n++].text != NULL ? 0 : error_no_memory(error);
}

static int collect(struct fingerprints *all, const char *body, size_t len,
                   struct stir_error *error)
{
    static const char name[] = "a=fingerprint:";
    const char *end = body + len;

    while (body < end) {
        const char *line = body;
        while (body < end && *body != '\r' && *body != '\n')
            body++;
        size_t line_len = (size_t)(body - line);
        while (line_len > 0 && (line[line_len - 1] == ' ' || line[line_len - 1] == '\t'))
            line_len--;
        if (line_len >= sizeof name - 1 && memcmp(line, name, sizeof name - 1) == 0) {
            int rc = add(all, line + sizeof name - 1, line_len - (sizeof name - 1), error);
            if (rc < 0)
                return rc;
        }
        body += body < end;
    }
    return 0;
}

static int by_octets(const void *a, const void *b)
{
    const struct fingerprint *left = a, *right = b;

    return strcmp(left->text, right->text);
}

static char *write_mky(const struct fingerprints *all)
{
    struct text text = {0};

    for (size_t i = 0; i < all->n; i++) {
        const struct fingerprint *one = &all->list[i];
        text_addf(&text, "%s{\"alg\":\"%.*s\",\"dig\":\"%s\"}", i == 0 ? "[" : ",",
                  (int)one->alg_len, one->text, one->text + one->alg_len);
    }
    text_add(&text, "]");
    return text_take(&text);
}

int call_mky(const struct stir_call *call, char **mky, struct stir_error *error)
{
    struct fingerprints all = {.n = 0};
    int rc = 0;

    *mky = NULL;
    if (call->body != NULL && is_sdp(call->body_type))
        rc = collect(&all, call->body, call->body_len, error);
    if (rc == 0 && all.n > 0) {
        qsort(all.list, all.n, sizeof *all.list, by_octets);
        *mky = write_mky(&all);
        rc = *mky != NULL ? 0 : error_no_memory(error);
    }
    for (size_t i = 0; i < all.n; i++)
        free(all.list[i].text);
    return rc;
}
