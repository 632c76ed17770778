/* Trust in TLS servers: GnuTLS's list of anchors, asked about a session's peer. */
#include "crypto/trust.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

struct trust {
    gnutls_x509_trust_list_t anchors;
};

static int add(struct trust *trust, const void *pem, size_t len, struct stir_error *error)
{
    gnutls_datum_t data = {(unsigned char *)pem, (unsigned)len};
    int n = pem != NULL ? gnutls_x509_trust_list_add_trust_mem(trust->anchors, &data, NULL,
                                                               GNUTLS_X509_FMT_PEM, 0, 0)
                        : gnutls_x509_trust_list_add_system_trust(trust->anchors, 0, 0);

    if (n > 0)
        return 0;
    if (n == GNUTLS_E_MEMORY_ERROR)
        return error_no_memory(error);
    if (pem != NULL)
        return error_set(error, STIR_E_SYNTAX, "wanted certificates in PEM, found none: %s",
                         n < 0 ? gnutls_strerror(n) : "no certificate");
    return error_set(error, STIR_E_FILE, "the system has no list of trusted authorities");
}

struct trust *trust_new(const void *pem, size_t len, struct stir_error *error)
{
    struct trust *trust = calloc(1, sizeof *trust);

    if (trust == NULL || gnutls_x509_trust_list_init(&trust->anchors, 0) < 0) {
        free(trust);
        error_no_memory(error);
        return NULL;
    }
    if (add(trust, pem, len, error) == 0)
        return trust;
    trust_free(trust);
    return NULL;
}

void trust_free(struct trust *trust)
{
    if (trust == NULL)
        return;
    gnutls_x509_trust_list_deinit(trust->anchors, 1);
    free(trust);
}

static int say_why(unsigned status, struct stir_error *error)
{
    static const struct {
        unsigned bit;
        const char *found;
    } reasons[] = {
        {GNUTLS_CERT_UNEXPECTED_OWNER, "its certificate is another host's"},
        {GNUTLS_CERT_EXPIRED, "its certificate has expired"},
        {GNUTLS_CERT_NOT_ACTIVATED, "its certificate is not yet valid"},
        {GNUTLS_CERT_REVOKED, "its certificate is revoked"},
        {GNUTLS_CERT_SIGNER_NOT_FOUND, "no authority trusted for TLS issued its certificate"},
        {GNUTLS_CERT_INSECURE_ALGORITHM, "its certificate is signed with a weak algorithm"},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (status & reasons[i].bit)
            return error_set(error, STIR_E_REFUSED, "%s", reasons[i].found);
    return error_set(error, STIR_E_REFUSED, "its certificate does not verify");
}

/* Takes n certificates out of their DER; those made are counted in *made. */
static int import(const gnutls_datum_t *der, unsigned n, gnutls_x509_crt_t *list,
                  unsigned *made, struct stir_error *error)
{
    for (; *made < n; ++*made) {
        if (gnutls_x509_crt_init(&list[*made]) < 0)
            return error_no_memory(error);
        if (gnutls_x509_crt_import(list[*made], &der[*made], GNUTLS_X509_FMT_DER) < 0) {
            gnutls_x509_crt_deinit(list[*made]);
            return error_set(error, STIR_E_REFUSED, "its certificate cannot be read");
        }
    }
    return 0;
}

static int judge_list(const struct trust *trust, gnutls_x509_crt_t *list, unsigned n,
                      const char *host, struct stir_error *error)
{
    gnutls_typed_vdata_st wanted[2] = {
        {GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)host, 0},
        {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER, 0},
    };
    unsigned status = 0;
    int rc = gnutls_x509_trust_list_verify_crt2(trust->anchors, list, n, wanted, 2, 0, &status,
                                                NULL);

    if (rc == GNUTLS_E_MEMORY_ERROR)
        return error_no_memory(error);
    if (rc < 0)
        return error_set(error, STIR_E_REFUSED, "%s", gnutls_strerror(rc));
    return status == 0 ? 0 : say_why(status, error);
}

int trust_judge(const struct trust *trust, void *session, const char *host,
                struct stir_error *error)
{
    gnutls_x509_crt_t list[LIMIT_TLS_CERTIFICATES];
    unsigned n = 0, made = 0;
    const gnutls_datum_t *der =
        session == NULL ? NULL : gnutls_certificate_get_peers((gnutls_session_t)session, &n);

    if (der == NULL || n == 0)
        return error_set(error, STIR_E_REFUSED, "it sent no certificate");
    if (n > LIMIT_TLS_CERTIFICATES)
        return error_set(error, STIR_E_REFUSED, "it sent more than %d certificates",
                         LIMIT_TLS_CERTIFICATES);
    int rc = import(der, n, list, &made, error);
    if (rc == 0)
        rc = judge_list(trust, list, n, host, error);
    while (made > 0)
        gnutls_x509_crt_deinit(list[--made]);
    return rc;
}
