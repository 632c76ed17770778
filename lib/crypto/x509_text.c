/* Names and revocation lists as far as people are told of them. */
#include "crypto/x509_text.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };

/* The backslashes are RFC 4514's own and stay; what else does not print is shown. */
static char *printable(const char *name)
{
    struct text text = {0};

    while (*name != '\0') {
        size_t len = strcspn(name, "\\");
        text_add_shown(&text, name, len);
        name += len;
        if (*name == '\\') {
            text_add(&text, "\\");
            name++;
        }
    }
    return text_take(&text);
}

static int name_text(gnutls_x509_dn_t dn, struct der name, char **text)
{
    gnutls_datum_t der = {(unsigned char *)name.data, (unsigned)name.len}, out = {NULL, 0};
    int rc = gnutls_x509_dn_import(dn, &der);

    if (rc >= 0)
        rc = gnutls_x509_dn_get_str2(dn, &out, 0);
    if (rc < 0)
        return rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : STIR_E_SYNTAX;
    if (out.data == NULL) /* what a SET of nothing gives */
        return STIR_E_SYNTAX;
    *text = printable((const char *)out.data);
    gnutls_free(out.data);
    return *text == NULL ? STIR_E_NOMEM : 0;
}

int x509_name_text(struct der name, char **text, struct stir_error *error)
{
    struct der_element sequence;
    gnutls_x509_dn_t dn = NULL;

    *text = NULL;
    if (der_only(name, DER_SEQUENCE, &sequence) != 0)
        return error_set(error, STIR_E_SYNTAX, "name: no SEQUENCE (RFC 5280 section 4.1.2.4)");
    if (sequence.content.len == 0) { /* which GnuTLS has no text for */
        *text = text_copy("", 0);
        return *text == NULL ? error_no_memory(error) : 0;
    }
    if (gnutls_x509_dn_init(&dn) < 0)
        return error_no_memory(error);
    int rc = name_text(dn, name, text);
    gnutls_x509_dn_deinit(dn);
    if (rc == STIR_E_NOMEM)
        return error_no_memory(error);
    if (rc != 0)
        return error_set(error, rc, "name: cannot be read (RFC 5280 section 4.1.2.4)");
    return 0;
}

static int take_time(struct der *left, int64_t *time)
{
    struct der_element element;
    const char *text;

    if (der_next(left, &element) != 0)
        return -1;
    text = (const char *)element.content.data;
    if (element.tag == UTC_TIME)
        return clock_parse_utc_time(text, element.content.len, time);
    if (element.tag == GENERALIZED_TIME)
        return clock_parse_generalized_time(text, element.content.len, time);
    return -1;
}

static bool is_time_next(struct der left)
{
    return left.len > 0 && (left.data[0] == UTC_TIME || left.data[0] == GENERALIZED_TIME);
}

static int count_entries(struct der list, size_t *n)
{
    struct der_element entry;

    for (*n = 0; list.len > 0; ++*n)
        if (der_take(&list, DER_SEQUENCE, &entry) != 0)
            return -1;
    return 0;
}

/* TBSCertList: version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates. */
static int walk_list(struct der left, struct crl_summary *summary, struct der *issuer)
{
    struct der_element version, algorithm, name, revoked;
    bool present;

    if (der_take_optional(&left, DER_INTEGER, &version, &present) != 0
        || der_take(&left, DER_SEQUENCE, &algorithm) != 0
        || der_take(&left, DER_SEQUENCE, &name) != 0
        || take_time(&left, &summary->this_update) != 0)
        return -1;
    *issuer = name.whole;
    summary->has_next_update = is_time_next(left);
    if (summary->has_next_update && take_time(&left, &summary->next_update) != 0)
        return -1;
    if (der_take_optional(&left, DER_SEQUENCE, &revoked, &present) != 0)
        return -1;
    return present ? count_entries(revoked.content, &summary->entries) : 0;
}

/* CertificateList: tbsCertList, signatureAlgorithm, signatureValue. */
static int walk(struct der der, struct crl_summary *summary, struct der *issuer)
{
    struct der_element list, tbs, algorithm, signature;

    if (der_only(der, DER_SEQUENCE, &list) != 0
        || der_take(&list.content, DER_SEQUENCE, &tbs) != 0
        || der_take(&list.content, DER_SEQUENCE, &algorithm) != 0
        || der_only(list.content, DER_BIT_STRING, &signature) != 0)
        return -1;
    return walk_list(tbs.content, summary, issuer);
}

static int summarise(struct der der, struct crl_summary *summary, struct stir_error *error)
{
    struct der issuer = {NULL, 0};

    if (walk(der, summary, &issuer) != 0)
        return error_set(error, STIR_E_SYNTAX,
                         "no certificate revocation list in DER (RFC 5280 section 5.1)");
    return x509_name_text(issuer, &summary->issuer, error);
}

int crl_summary_read(const void *data, size_t len, struct crl_summary *summary,
                     struct stir_error *error)
{
    gnutls_datum_t pem = {(unsigned char *)data, (unsigned)len}, der = {NULL, 0};

    *summary = (struct crl_summary){0};
    if (len > INT_MAX)
        return error_set(error, STIR_E_SYNTAX, "revocation list: %zu octets", len);
    if (memmem(data, len, "-----BEGIN", 10) == NULL)
        return summarise((struct der){data, len}, summary, error);
    int rc = gnutls_pem_base64_decode2("X509 CRL", &pem, &der);
    if (rc == GNUTLS_E_MEMORY_ERROR)
        return error_no_memory(error);
    if (rc < 0)
        return error_set(error, STIR_E_SYNTAX,
                         "revocation list: no PEM block X509 CRL that can be read "
                         "(RFC 7468 section 6)");
    rc = summarise((struct der){der.data, der.size}, summary, error);
    gnutls_free(der.data);
    return rc;
}

void crl_summary_free(struct crl_summary *summary)
{
    free(summary->issuer);
    *summary = (struct crl_summary){0};
}
