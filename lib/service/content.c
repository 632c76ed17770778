/* What octets are: PEM by its label, DER by its first elements. */
#include "service/content.h"

#include <string.h>

#include "base/der.h"
#include "base/text.h"

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

static int content_of_pem(const char *pem, size_t len, struct stir_error *error)
{
    if (holds(pem, len, "-----BEGIN CERTIFICATE-----"))
        return CONTENT_CERTIFICATES_PEM;
    if (holds(pem, len, "-----BEGIN X509 CRL-----"))
        return CONTENT_CRL_PEM;
    if (holds(pem, len, "-----BEGIN CERTIFICATE REQUEST-----")
        || holds(pem, len, "-----BEGIN NEW CERTIFICATE REQUEST-----"))
        return CONTENT_REQUEST;
    return refuse_pem(pem, len, error);
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

/* Everything that is known begins with a SEQUENCE: one that begins with a SEQUENCE is signed, any
   other would be a TNAuthList. */
static int content_of_der(const void *data, size_t len, struct stir_error *error)
{
    static const enum content contents[] = {[SIGNED_CERTIFICATE] = CONTENT_CERTIFICATE,
                                            [SIGNED_CRL] = CONTENT_CRL,
                                            [SIGNED_REQUEST] = CONTENT_REQUEST};
    struct der_element whole, first;

    if (der_only((struct der){data, len}, DER_SEQUENCE, &whole) != 0)
        return error_set(error, STIR_E_SYNTAX,
                         "begins like DER, but has a length that is none, or octets behind it "
                         "(X.690 section 10.1)");
    if (der_take(&whole.content, DER_SEQUENCE, &first) == 0) {
        enum signed_kind kind = signed_kind_of(first.content);
        if (kind != SIGNED_NONE)
            return (int)contents[kind];
        return error_set(error, STIR_E_SYNTAX,
                         "DER that is no certificate, revocation list or request");
    }
    if (whole.content.len > 0 && whole.content.data[0] == DER_INTEGER)
        return error_set(
            error, STIR_E_SYNTAX,
            "DER of a key, it seems: wanted a certificate, revocation list, request "
            "or TNAuthList");
    return CONTENT_TNAUTHLIST;
}

int content_of(const void *data, size_t len, struct stir_error *error)
{
    if (holds(data, len, "-----BEGIN "))
        return content_of_pem(data, len, error);
    if (len > 0 && *(const uint8_t *)data == DER_SEQUENCE)
        return content_of_der(data, len, error);
    return CONTENT_LINES;
}
