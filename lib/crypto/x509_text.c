/* Names as people are told of them. */
#include "crypto/x509_text.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

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
