/* struct stir_request: what a certificate is to say, set part by part. */
#include "service/request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/oid.h"
#include "base/text.h"
#include "crypto/key.h"
#include "crypto/name.h"

struct stir_request *request_new(const void *spki, size_t len)
{
    struct stir_request *request = calloc(1, sizeof *request);

    if (request == NULL)
        return NULL;
    request->path_length = -1;
    error_clear(&request->unwanted);
    request->spki = text_copy(spki, len);
    request->spki_len = len;
    request->scope = scope_new();
    if (request->spki == NULL || request->scope == NULL) {
        stir_request_free(request);
        return NULL;
    }
    return request;
}

struct stir_request *stir_request_new(const struct stir_key *key)
{
    size_t len;

    if (key == NULL)
        return NULL;
    const void *spki = key_spki(key, &len);
    return request_new(spki, len);
}

void stir_request_free(struct stir_request *request)
{
    if (request == NULL)
        return;
    free(request->spki);
    free(request->subject);
    free(request->tnauthlist_url);
    free(request->crl_url);
    free(request->crl_issuer);
    der_writer_free(&request->policies);
    scope_free(request->scope);
    claim_constraints_free(&request->constraints);
    free(request);
}

/* ---- Part by part ---------------------------------------------------------------------- */

/* `request: range "1+0": wanted ...` */
static int refuse(const char *name, const char *value, const char *wanted,
                  struct stir_error *error)
{
    char room[SHOWN_SIZE];

    return error_set(error, STIR_E_SYNTAX, "request: %s \"%s\": wanted %s", name,
                     shown(room, value, strlen(value)), wanted);
}

static int replace_name(const char *value, void **name, size_t *name_len,
                        struct stir_error *error)
{
    void *der;
    size_t len;
    int rc = name_from_text(value, &der, &len, error);

    if (rc != 0)
        return rc;
    free(*name);
    *name = der;
    *name_len = len;
    return 0;
}

static int set_subject(struct stir_request *request, const char *value,
                       struct stir_error *error)
{
    return replace_name(value, &request->subject, &request->subject_len, error);
}

static int set_spc(struct stir_request *request, const char *value, struct stir_error *error)
{
    int rc = scope_add_spc(request->scope, value, strlen(value));

    if (rc == STIR_E_SYNTAX)
        return refuse("spc", value,
                      "printable ASCII, such as 709J (RFC 8226 section 9, IA5String)", error);
    return rc < 0 ? error_no_memory(error) : 0;
}

static int set_tn(struct stir_request *request, const char *value, struct stir_error *error)
{
    int rc = scope_add_tn(request->scope, value, strlen(value));

    if (rc == STIR_E_SYNTAX)
        return refuse("tn", value, "1 to 15 of 0-9 * #, without + (RFC 8226 section 9)", error);
    return rc < 0 ? error_no_memory(error) : 0;
}

/* More numbers than 15 digits can count are no number. */
static bool parse_count(const char *text, uint64_t *count)
{
    size_t len = strlen(text);

    if (!tn_is_digits(text, len))
        return false;
    *count = strtoull(text, NULL, 10);
    return true;
}

static int set_range(struct stir_request *request, const char *value, struct stir_error *error)
{
    const char *plus = strrchr(value, '+');
    struct tn_range range;
    uint64_t count;

    if (plus == NULL || !tn_is_digits(value, (size_t)(plus - value))
        || !parse_count(plus + 1, &count))
        return refuse("range", value,
                      "FIRST+COUNT, such as 12155551200+100: 1 to 15 digits without +, and how "
                      "many numbers (RFC 8226 section 9)",
                      error);
    if (count < 2)
        return refuse("range", value, "2 numbers or more, or a tn (RFC 8226 section 9)", error);
    if (!tn_range_make(value, (size_t)(plus - value), count, &range))
        return refuse("range", value,
                      "FIRST + COUNT to keep the length of FIRST (RFC 8226 section 9)", error);
    return scope_add_range(request->scope, range) < 0 ? error_no_memory(error) : 0;
}

static int set_ca(struct stir_request *request, const char *value, struct stir_error *error)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0)
        return refuse("ca", value, "yes or no", error);
    request->ca_given = true;
    request->ca = yes;
    return 0;
}

/* A decimal number of at most most. */
static bool parse_number(const char *text, long most, int *number)
{
    char *end;
    long read;

    if (!tn_is_digits(text, strlen(text)))
        return false;
    errno = 0;
    read = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || read > most)
        return false;
    *number = (int)read;
    return true;
}

static int set_path_length(struct stir_request *request, const char *value,
                           struct stir_error *error)
{
    if (!parse_number(value, LIMIT_CERTIFICATES, &request->path_length))
        return refuse("path_length", value, "a number from 0 to 10 (RFC 5280 section 4.2.1.9)",
                      error);
    return 0;
}

static int set_days(struct stir_request *request, const char *value, struct stir_error *error)
{
    enum { CENTURY = 36525 };
    int days;

    if (!parse_number(value, CENTURY, &days) || days == 0)
        return refuse("days", value, "a number from 1 to 36525", error);
    request->days = days;
    request->has_not_after = false;
    return 0;
}

static int parse_time(const char *name, const char *value, int64_t *time,
                      struct stir_error *error)
{
    static const int64_t year_10000 = 253402300800;

    if (clock_parse_any(value, strlen(value), time) < 0 || *time >= year_10000)
        return refuse(name, value, "UNIX seconds or a time as 2026-11-22T01:02:03Z", error);
    return 0;
}

static int set_not_before(struct stir_request *request, const char *value,
                          struct stir_error *error)
{
    int64_t time;
    int rc = parse_time("not_before", value, &time, error);

    if (rc < 0)
        return rc;
    request->has_not_before = true;
    request->not_before = time;
    return 0;
}

static int set_not_after(struct stir_request *request, const char *value,
                         struct stir_error *error)
{
    int64_t time;
    int rc = parse_time("not_after", value, &time, error);

    if (rc < 0)
        return rc;
    request->has_not_after = true;
    request->not_after = time;
    request->days = 0;
    return 0;
}

static int added(int rc, const char *name, const char *value, struct stir_error *error)
{
    if (rc == STIR_E_SYNTAX)
        return refuse(name, value, "a claim's name in ASCII (RFC 9118 section 3)", error);
    return rc < 0 ? error_no_memory(error) : 0;
}

static int set_must_include(struct stir_request *request, const char *value,
                            struct stir_error *error)
{
    return added(claim_constraints_add_include(&request->constraints, value), "must_include",
                 value, error);
}

static int set_must_exclude(struct stir_request *request, const char *value,
                            struct stir_error *error)
{
    return added(claim_constraints_add_exclude(&request->constraints, value), "must_exclude",
                 value, error);
}

static int set_permit(struct stir_request *request, const char *value, struct stir_error *error)
{
    const char *equals = strchr(value, '=');
    char *name;
    int rc;

    if (equals == NULL || equals == value)
        return refuse("permit", value, "NAME=VALUE, such as attest=A (RFC 8226 section 8)",
                      error);
    name = text_copy(value, (size_t)(equals - value));
    if (name == NULL)
        return error_no_memory(error);
    rc = claim_constraints_add_permit(&request->constraints, name, equals + 1);
    rc = added(rc, "permit", value, error);
    free(name);
    return rc;
}

/* Hexadecimal, at most LIMIT_SERIAL octets once leading zeros are gone. False: it is none. */
static bool parse_serial(const char *hex, uint8_t serial[LIMIT_SERIAL], size_t *len)
{
    size_t n, digits;

    hex += strspn(hex, "0");
    digits = strspn(hex, "0123456789abcdefABCDEF");
    if (hex[digits] != '\0' || digits == 0 || digits > 2 * LIMIT_SERIAL)
        return false;
    n = (digits + 1) / 2;
    memset(serial, 0, LIMIT_SERIAL);
    for (size_t i = 0; i < digits; i++) {
        size_t place = digits - 1 - i;
        char digit[2] = {hex[i], '\0'};
        serial[n - 1 - place / 2] |= (uint8_t)(strtoul(digit, NULL, 16) << (place % 2 * 4));
    }
    *len = n;
    return true;
}

static int set_serial(struct stir_request *request, const char *value, struct stir_error *error)
{
    uint8_t serial[LIMIT_SERIAL];
    size_t len;

    /* With the first bit set it takes an octet more (RFC 5280 section 4.1.2.2). */
    if (!parse_serial(value, serial, &len) || (len == LIMIT_SERIAL && serial[0] >= 0x80))
        return refuse("serial", value,
                      "a positive hexadecimal number of at most 20 octets (RFC 5280 section "
                      "4.1.2.2)",
                      error);
    memcpy(request->serial, serial, sizeof serial);
    request->serial_len = len;
    return 0;
}

static int replace_url(const char *name, const char *value, const char *wanted, char **url,
                       struct stir_error *error)
{
    size_t len = strlen(value);
    bool plain = len > 0;

    for (size_t i = 0; i < len; i++)
        plain = plain && value[i] > ' ' && value[i] <= '~';
    if (!plain)
        return refuse(name, value, wanted, error);
    char *copy = text_copy(value, len);
    if (copy == NULL)
        return error_no_memory(error);
    free(*url);
    *url = copy;
    return 0;
}

/* That it is https is for the issuer to judge (R8226-10.1-2), as what a certificate says. */
static int set_tnauthlist_url(struct stir_request *request, const char *value,
                              struct stir_error *error)
{
    return replace_url("tnauthlist_url", value, "a URL (RFC 8226 section 10.1)",
                       &request->tnauthlist_url, error);
}

static int set_crl_url(struct stir_request *request, const char *value,
                       struct stir_error *error)
{
    return replace_url("crl_url", value, "a URL (RFC 5280 section 4.2.1.13)", &request->crl_url,
                       error);
}

static int set_crl_issuer(struct stir_request *request, const char *value,
                          struct stir_error *error)
{
    return replace_name(value, &request->crl_issuer, &request->crl_issuer_len, error);
}

/* Each a PolicyInformation without qualifiers (RFC 5280 section 4.2.1.4). */
static int set_policy(struct stir_request *request, const char *value, struct stir_error *error)
{
    struct der_writer *policies = &request->policies;
    uint8_t oid[OID_SIZE];
    size_t len = oid_parse(value, oid), from = policies->len;

    if (len == 0)
        return refuse("policy", value,
                      "an object identifier, such as 2.16.840.1.114569.1.1.4 (RFC 5280 section "
                      "4.2.1.4)",
                      error);
    der_write(policies, DER_OID, oid, len);
    der_wrap(policies, DER_SEQUENCE, from);
    return policies->failed ? error_no_memory(error) : 0;
}

static const struct part {
    const char *name;
    int (*set)(struct stir_request *request, const char *value, struct stir_error *error);
} parts[] = {
    {"subject", set_subject},
    {"spc", set_spc},
    {"range", set_range},
    {"tn", set_tn},
    {"ca", set_ca},
    {"path_length", set_path_length},
    {"days", set_days},
    {"not_before", set_not_before},
    {"not_after", set_not_after},
    {"must_include", set_must_include},
    {"must_exclude", set_must_exclude},
    {"permit", set_permit},
    {"serial", set_serial},
    {"tnauthlist_url", set_tnauthlist_url},
    {"crl_url", set_crl_url},
    {"crl_issuer", set_crl_issuer},
    {"policy", set_policy},
};

int stir_request_set(struct stir_request *request, const char *name, const char *value,
                     struct stir_error *error)
{
    char room[SHOWN_SIZE];

    error_clear(error);
    if (request == NULL || name == NULL || value == NULL)
        return error_null(error, request == NULL ? "request" : name == NULL ? "name" : "value");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(parts[i].name, name) == 0)
            return parts[i].set(request, value, error);
    return error_set(error, STIR_E_ARGUMENT,
                     "request: no part \"%s\": there are subject, spc, range, tn, ca, "
                     "path_length, days, not_before, not_after, must_include, must_exclude, "
                     "permit, serial, tnauthlist_url, crl_url, crl_issuer, policy",
                     shown(room, name, strlen(name)));
}
