/* Certification requests. */
#include "crypto/csr.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

#define OID_TNAUTHLIST "1.3.6.1.5.5.7.1.26"
#define OID_CONSTRAINTS "1.3.6.1.5.5.7.1.27"
#define OID_ENHANCED_CONSTRAINTS "1.3.6.1.5.5.7.1.33"

void csr_free(struct csr *csr)
{
    free(csr->octets);
    free(csr->tnauthlist.data);
    free(csr->constraints.data);
    free(csr->enhanced_constraints.data);
    *csr = (struct csr){0};
}

static int keep(const gnutls_datum_t *octets, uint8_t **data, size_t *len,
                struct stir_error *error)
{
    *data = (uint8_t *)text_copy(octets->data, octets->size);
    *len = octets->size;
    return *data == NULL ? error_no_memory(error) : 0;
}

/* Both labels are in use: RFC 7468 section 7, and what came before it. */
static int to_der(const gnutls_datum_t *in, uint8_t **der, size_t *len,
                  struct stir_error *error)
{
    gnutls_datum_t out = {NULL, 0};
    int rc;

    if (memmem(in->data, in->size, "-----BEGIN", 10) == NULL)
        return keep(in, der, len, error);
    rc = gnutls_pem_base64_decode2("CERTIFICATE REQUEST", in, &out);
    if (rc < 0)
        rc = gnutls_pem_base64_decode2("NEW CERTIFICATE REQUEST", in, &out);
    if (rc < 0)
        return error_set(error, STIR_E_SYNTAX,
                         "request: wanted a PEM block CERTIFICATE REQUEST, found none that can "
                         "be read (RFC 7468 section 7)");
    rc = keep(&out, der, len, error);
    gnutls_free(out.data);
    return rc;
}

/* CertificationRequestInfo: version, subject, subjectPKInfo, attributes (RFC 2986 section 4). */
static int walk(struct csr *csr, size_t len, struct stir_error *error)
{
    struct der_element request, info, version, subject, spki;

    if (der_only((struct der){csr->octets, len}, DER_SEQUENCE, &request) < 0
        || der_take(&request.content, DER_SEQUENCE, &info) < 0
        || der_take(&info.content, DER_INTEGER, &version) < 0
        || der_take(&info.content, DER_SEQUENCE, &subject) < 0
        || der_take(&info.content, DER_SEQUENCE, &spki) < 0)
        return error_set(error, STIR_E_SYNTAX,
                         "request: no certification request (RFC 2986 section 4)");
    csr->subject = subject.whole;
    csr->spki = spki.whole;
    return 0;
}

static int take_extension(gnutls_x509_crq_t crq, const char *oid, struct csr_extension *to,
                          struct stir_error *error)
{
    gnutls_datum_t value = {NULL, 0}, again = {NULL, 0};
    unsigned critical = 0;
    int rc = gnutls_x509_crq_get_extension_by_oid2(crq, oid, 0, &value, &critical);

    /* GnuTLS sets critical by whatever extension it looked at last. */
    to->critical = rc >= 0 && critical != 0;
    if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return 0;
    if (rc < 0)
        return error_set(error, STIR_E_SYNTAX, "request: extension %s: %s", oid,
                         gnutls_strerror(rc));
    if (gnutls_x509_crq_get_extension_by_oid2(crq, oid, 1, &again, NULL) >= 0)
        rc = error_set(error, STIR_E_SYNTAX,
                       "request: extension %s is asked for twice (RFC 5280 section 4.2)", oid);
    else
        rc = keep(&value, &to->data, &to->len, error);
    gnutls_free(again.data);
    gnutls_free(value.data);
    return rc;
}

static int take_basic_constraints(gnutls_x509_crq_t crq, struct csr *csr,
                                  struct stir_error *error)
{
    unsigned critical, ca = 0;
    int path_length = -1;
    int rc = gnutls_x509_crq_get_basic_constraints(crq, &critical, &ca, &path_length);

    csr->path_length = -1;
    if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return 0;
    if (rc < 0)
        return error_set(error, STIR_E_SYNTAX, "request: basicConstraints: %s",
                         gnutls_strerror(rc));
    csr->ca = ca != 0;
    csr->path_length = ca != 0 ? path_length : -1;
    return 0;
}

static int take_key_usage(gnutls_x509_crq_t crq, struct csr *csr, struct stir_error *error)
{
    unsigned usage = 0;
    int rc = gnutls_x509_crq_get_key_usage(crq, &usage, NULL);

    if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return 0;
    if (rc < 0)
        return error_set(error, STIR_E_SYNTAX, "request: keyUsage: %s", gnutls_strerror(rc));
    csr->has_key_usage = true;
    csr->may_sign_certificates = (usage & GNUTLS_KEY_KEY_CERT_SIGN) != 0;
    return 0;
}

static bool is_known(const char *oid)
{
    static const char *const known[] = {"2.5.29.19", "2.5.29.15", OID_TNAUTHLIST,
                                        OID_CONSTRAINTS, OID_ENHANCED_CONSTRAINTS};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], oid) == 0)
            return true;
    return false;
}

/* The first that its subject wants to be critical, and nobody here knows. */
static void find_critical(gnutls_x509_crq_t crq, struct csr *csr)
{
    char oid[CSR_OID_SIZE];
    unsigned critical = 0;
    size_t size = sizeof oid;

    for (unsigned i = 0; gnutls_x509_crq_get_extension_info(crq, i, oid, &size, &critical) >= 0;
         i++) {
        if (critical != 0 && !is_known(oid)) {
            strcpy(csr->critical, oid);
            return;
        }
        size = sizeof oid;
    }
}

static int take_all(gnutls_x509_crq_t crq, struct csr *csr, struct stir_error *error)
{
    int rc = take_basic_constraints(crq, csr, error);

    if (rc == 0)
        rc = take_extension(crq, OID_TNAUTHLIST, &csr->tnauthlist, error);
    if (rc == 0)
        rc = take_extension(crq, OID_CONSTRAINTS, &csr->constraints, error);
    if (rc == 0)
        rc = take_extension(crq, OID_ENHANCED_CONSTRAINTS, &csr->enhanced_constraints, error);
    if (rc == 0)
        rc = take_key_usage(crq, csr, error);
    if (rc == 0)
        find_critical(crq, csr);
    return rc;
}

static int read_with(gnutls_x509_crq_t crq, struct csr *csr, size_t len,
                     struct stir_error *error)
{
    gnutls_datum_t der = {csr->octets, (unsigned)len};
    int rc = walk(csr, len, error);

    if (rc != 0)
        return rc;
    rc = gnutls_x509_crq_import(crq, &der, GNUTLS_X509_FMT_DER);
    if (rc < 0)
        return error_set(error, STIR_E_SYNTAX, "request: %s", gnutls_strerror(rc));
    rc = gnutls_x509_crq_verify(crq, 0);
    if (rc < 0)
        return error_set(error, STIR_CODE_BAD_SIGNATURE,
                         "request: not signed by the key it names (RFC 2986 section 3): %s",
                         gnutls_strerror(rc));
    return take_all(crq, csr, error);
}

int csr_read(const void *data, size_t len, struct csr *csr, struct stir_error *error)
{
    gnutls_x509_crq_t crq = NULL;
    gnutls_datum_t in;
    size_t der_len = 0;
    int rc;

    *csr = (struct csr){0};
    if (len > LIMIT_PEM_LIST)
        return error_set(error, STIR_E_LIMIT, "request: %zu octets, at most %d are taken", len,
                         LIMIT_PEM_LIST);
    in = (gnutls_datum_t){(unsigned char *)data, (unsigned)len};
    rc = to_der(&in, &csr->octets, &der_len, error);
    if (rc != 0)
        return rc;
    if (gnutls_x509_crq_init(&crq) < 0)
        return error_no_memory(error);
    rc = read_with(crq, csr, der_len, error);
    gnutls_x509_crq_deinit(crq);
    return rc;
}
