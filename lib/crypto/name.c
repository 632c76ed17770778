/* Distinguished names from text. */
#include "crypto/name.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/text.h"

static int refuse(const char *text, const char *part, struct stir_error *error)
{
    char name[SHOWN_SIZE], at[SHOWN_SIZE];

    if (part == NULL || *part == '\0')
        part = text;
    return error_set(error, STIR_E_SYNTAX,
                     "name \"%s\": wanted parts such as CN=ACME,O=ACME,C=US, found \"%s\" "
                     "(RFC 4514 section 3)",
                     shown(name, text, strlen(text)), shown(at, part, strlen(part)));
}

static int export(gnutls_x509_dn_t dn, void **der, size_t *len, struct stir_error *error)
{
    gnutls_datum_t out = {NULL, 0};
    int rc = gnutls_x509_dn_export2(dn, GNUTLS_X509_FMT_DER, &out);

    if (rc < 0)
        return error_set(error, STIR_E_INTERNAL, "name: %s", gnutls_strerror(rc));
    *der = text_copy(out.data, out.size);
    *len = out.size;
    gnutls_free(out.data);
    return *der == NULL ? error_no_memory(error) : 0;
}

int name_from_text(const char *text, void **der, size_t *len, struct stir_error *error)
{
    gnutls_x509_dn_t dn = NULL;
    const char *part = NULL;
    int rc;

    *der = NULL;
    *len = 0;
    /* GnuTLS takes white space alone for an empty name, which names nobody. */
    if (text[strspn(text, " ")] == '\0')
        return refuse(text, NULL, error);
    if (gnutls_x509_dn_init(&dn) < 0)
        return error_no_memory(error);
    rc = gnutls_x509_dn_set_str(dn, text, &part);
    if (rc == GNUTLS_E_MEMORY_ERROR)
        rc = error_no_memory(error);
    else if (rc < 0)
        rc = refuse(text, part, error);
    else
        rc = export(dn, der, len, error);
    gnutls_x509_dn_deinit(dn);
    return rc;
}
