/* stir_describe(): what a thing is, by its content, and then what it says of itself. */
#include "service/describe.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/pem_list.h"

/* Things told of so far: the one, or an array. */
struct list {
    struct value *array;
    struct stir_error *error;
};

static int append(struct list *list, struct value *object)
{
    return value_append(list->array, object) == 0 ? 0 : error_no_memory(list->error);
}

/* Takes the certificate, which was read if rc is 0. */
static int add_read(struct list *list, int rc, struct stir_certificate *certificate)
{
    if (rc == 0)
        rc = append(list, describe_certificate(certificate, value_size(list->array)));
    certificate_free(certificate);
    return rc >= 0              ? rc
           : rc == STIR_E_NOMEM ? error_no_memory(list->error)
                                : error_set(list->error, rc, "a certificate cannot be read");
}

static int add_certificate(void *arg, uint8_t *der, size_t len)
{
    struct stir_certificate *certificate = NULL;
    int rc = certificate_take(der, len, &es256_gnutls, &certificate);

    return add_read(arg, rc, certificate);
}

static int add_der(struct list *list, const void *der, size_t len)
{
    struct stir_certificate *certificate = NULL;
    int rc = certificate_new(der, len, &es256_gnutls, &certificate);

    return add_read(list, rc, certificate);
}

static bool holds(const char *data, size_t len, const char *what)
{
    return memmem(data, len, what, strlen(what)) != NULL;
}

/* The label of the first block, for the sentence. */
static int refuse_pem(const char *pem, size_t len, struct stir_error *error)
{
    static const char begin[] = "-----BEGIN ";
    const char *label = (const char *)memmem(pem, len, begin, strlen(begin)) + strlen(begin);
    size_t rest = len - (size_t)(label - pem);
    const char *end = memchr(label, '-', rest);
    char room[SHOWN_SIZE];

    return error_set(error, STIR_E_SYNTAX,
                     "PEM block \"%s\": wanted CERTIFICATE, X509 CRL or CERTIFICATE REQUEST",
                     shown(room, label, end == NULL ? rest : (size_t)(end - label)));
}

static int describe_pem(const char *pem, size_t len, struct list *list)
{
    struct value *object = NULL;
    int rc;

    if (holds(pem, len, "-----BEGIN CERTIFICATE-----"))
        return pem_list_each(pem, len, true, add_certificate, list, list->error);
    if (holds(pem, len, "-----BEGIN X509 CRL-----"))
        rc = describe_crl(pem, len, &object, list->error);
    else if (holds(pem, len, "-----BEGIN CERTIFICATE REQUEST-----")
             || holds(pem, len, "-----BEGIN NEW CERTIFICATE REQUEST-----"))
        rc = describe_csr(pem, len, &object, list->error);
    else
        rc = refuse_pem(pem, len, list->error);
    return rc == 0 ? append(list, object) : rc;
}

enum signed_kind { SIGNED_NONE, SIGNED_CERTIFICATE, SIGNED_CRL, SIGNED_REQUEST };

/*
 * By what follows in the SEQUENCE that is signed: a certificate's begins with [0] or, in version
 * 1, has at least three SEQUENCEs behind its INTEGER; a CRL's has a time behind two; a request's
 * ends behind two, or goes on with [0].
 */
static enum signed_kind signed_kind_of(struct der tbs)
{
    struct der_element element;
    bool present;

    if (der_take_optional(&tbs, DER_CONTEXT(0), &element, &present) != 0 || present)
        return SIGNED_CERTIFICATE;
    if (der_take_optional(&tbs, DER_INTEGER, &element, &present) != 0
        || der_take(&tbs, DER_SEQUENCE, &element) != 0
        || der_take(&tbs, DER_SEQUENCE, &element) != 0)
        return SIGNED_NONE;
    if (tbs.len > 0 && (tbs.data[0] == 0x17 || tbs.data[0] == 0x18)) /* UTCTime and the other */
        return SIGNED_CRL;
    if (tbs.len > 0 && tbs.data[0] == DER_SEQUENCE)
        return SIGNED_CERTIFICATE;
    return SIGNED_REQUEST;
}

static int describe_signed(const void *data, size_t len, struct der tbs, struct list *list)
{
    struct value *object = NULL;
    int rc;

    switch (signed_kind_of(tbs)) {
    case SIGNED_CERTIFICATE:
        return add_der(list, data, len);
    case SIGNED_CRL:
        rc = describe_crl(data, len, &object, list->error);
        break;
    case SIGNED_REQUEST:
        rc = describe_csr(data, len, &object, list->error);
        break;
    default:
        return error_set(list->error, STIR_E_SYNTAX,
                         "DER that is no certificate, revocation list or request");
    }
    return rc == 0 ? append(list, object) : rc;
}

/* Everything that is known begins with a SEQUENCE: one that begins with a SEQUENCE is signed, any
   other would be a TNAuthList. */
static int describe_der(const void *data, size_t len, struct list *list)
{
    struct der_element whole, first;
    struct value *object = NULL;

    if (der_only((struct der){data, len}, DER_SEQUENCE, &whole) != 0)
        return error_set(list->error, STIR_E_SYNTAX,
                         "begins like DER, but has a length that is none, or octets behind it "
                         "(X.690 section 10.1)");
    if (der_take(&whole.content, DER_SEQUENCE, &first) == 0)
        return describe_signed(data, len, first.content, list);
    if (whole.content.len > 0 && whole.content.data[0] == DER_INTEGER)
        return error_set(
            list->error, STIR_E_SYNTAX,
            "DER of a key, it seems: wanted a certificate, revocation list, request "
            "or TNAuthList");
    int rc = describe_tnauthlist(data, len, &object, list->error);
    return rc == 0 ? append(list, object) : rc;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank((*text)[0])) {
        ++*text;
        --*len;
    }
    while (*len > 0 && is_blank((*text)[*len - 1]))
        --*len;
}

/* How many octets of a line, and of those that continue it because they begin with white space
   (RFC 3261 section 7.3.1). */
static size_t line_length(const char *text, size_t len)
{
    size_t at = 0;

    do {
        const char *end = memchr(text + at, '\n', len - at);
        at = end == NULL ? len : (size_t)(end - text) + 1;
    } while (at < len && (text[at] == ' ' || text[at] == '\t'));
    return at;
}

/* "Identity:" or "y:", in any case, with white space before the colon. */
static bool has_header_name(const char *text, size_t len)
{
    static const char *const names[] = {"identity", "y"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t at = 0, n = strlen(names[i]);
        while (at < n && at < len && (text[at] | 0x20) == names[i][at])
            at++;
        if (at < n)
            continue;
        while (at < len && is_blank(text[at]))
            at++;
        if (at < len && text[at] == ':')
            return true;
    }
    return false;
}

/* Octets at the front that a token may have; *dots: how many of them are dots. */
static size_t token_length(const char *text, size_t len, int *dots)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
    size_t at = 0;

    for (*dots = 0; at < len && text[at] != '\0' && strchr(alphabet, text[at]) != NULL; at++)
        *dots += text[at] == '.';
    return at;
}

static int describe_line(const char *text, size_t len, struct list *list)
{
    struct value *object = NULL;
    char room[SHOWN_SIZE];
    int dots, rc;
    size_t token = token_length(text, len, &dots), rest = token;

    while (rest < len && is_blank(text[rest]))
        rest++;
    if (dots == 2 && token == len)
        rc = describe_passport(text, len, &object, list->error);
    else if (has_header_name(text, len) || (dots == 2 && rest < len && text[rest] == ';'))
        rc = describe_identity(text, len, &object, list->error);
    else
        rc = error_set(list->error, STIR_E_SYNTAX,
                       "\"%s\": wanted certificates, a revocation list, request, TNAuthList, "
                       "PASSporT or Identity value",
                       shown(room, text, len));
    return rc == 0 ? append(list, object) : rc;
}

static int describe_lines(const char *text, size_t len, struct list *list)
{
    int rc = 0;

    while (len > 0 && rc == 0) {
        const char *line = text;
        size_t taken = line_length(text, len), line_len = taken;
        trim(&line, &line_len);
        if (line_len > 0)
            rc = describe_line(line, line_len, list);
        text += taken;
        len -= taken;
    }
    if (rc == 0 && value_size(list->array) == 0)
        return error_set(list->error, STIR_E_SYNTAX, "there is nothing in it");
    return rc;
}

static int describe(const void *data, size_t len, struct list *list)
{
    if (list->array == NULL)
        return error_no_memory(list->error);
    if (holds(data, len, "-----BEGIN "))
        return describe_pem(data, len, list);
    if (len > 0 && *(const uint8_t *)data == DER_SEQUENCE)
        return describe_der(data, len, list);
    return describe_lines(data, len, list);
}

char *stir_describe(const void *data, size_t len, enum stir_form form, struct stir_error *error)
{
    struct list list = {NULL, error};
    char *text = NULL;

    error_clear(error);
    if (data == NULL || (form != STIR_TEXT && form != STIR_JSON)) {
        error_set(error, STIR_E_ARGUMENT, data == NULL ? "data is NULL" : "no such form");
        return NULL;
    }
    list.array = value_new_array();
    if (describe(data, len == STIR_NUL ? strlen(data) : len, &list) == 0) {
        const struct value *told =
            value_size(list.array) == 1 ? value_at(list.array, 0) : list.array;
        text = form == STIR_JSON ? value_dump_pretty(told) : describe_text(told);
        if (text == NULL)
            error_no_memory(error);
    }
    value_free(list.array);
    return text;
}
