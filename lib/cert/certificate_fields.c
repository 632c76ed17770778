/* The steps of certificate_new() that GnuTLS reads: names, key, and the ordinary extensions. */
#include <gnutls/x509.h>
#include <gnutls/x509-ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/certificate_steps.h"

static int malformed(struct stir_certificate *certificate, const char *what, int rc)
{
    if (rc == GNUTLS_E_MEMORY_ERROR)
        return STIR_E_NOMEM;
    return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX, "%s: %s", what,
                     gnutls_strerror(rc));
}

static gnutls_datum_t datum_of(struct der der)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)der.data, (unsigned)der.len};
}

/* RFC 4514 leaves as they are control characters and what is no UTF-8; written as its section
   2.4 allows, \0A, they are as unambiguous and can be shown. */
static char *name_text(gnutls_datum_t name)
{
    struct text text = {0};
    const char *data = (const char *)name.data;

    for (size_t i = 0; i < name.size;) {
        const char *escape = memchr(data + i, '\\', name.size - i);
        size_t len = escape == NULL ? name.size - i : (size_t)(escape - data) - i;
        char *plain = text_shown(data + i, len);
        for (const char *at = plain; at != NULL && *at != '\0'; at++)
            if (at == plain || *at != 'x' || at[-1] != '\\')
                text_add_octets(&text, at, 1);
        text.failed |= plain == NULL;
        free(plain);
        i += len;
        if (i < name.size)
            text_add_octets(&text, data + i++, 1);
    }
    return text_take(&text);
}

int fields_name_text(struct der name, char **out)
{
    gnutls_datum_t der = datum_of(name), text = {NULL, 0};

    *out = NULL;
    if (name.data == NULL)
        return 0;
    int rc = gnutls_x509_rdn_get2(&der, &text, 0);
    if (rc == GNUTLS_E_MEMORY_ERROR)
        return STIR_E_NOMEM;
    if (rc < 0 && rc != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) /* the empty name */
        return 0;
    *out = name_text(text);
    gnutls_free(text.data);
    return *out != NULL ? 0 : STIR_E_NOMEM;
}

/* The octets of a string that ASCII or UTF-8 is written in; none of others (BMPString). */
static struct der string_of(struct der der)
{
    enum { PRINTABLE_STRING = 0x13, TELETEX_STRING = 0x14 };
    struct der_element element;

    if (der_next(&der, &element) < 0
        || (element.tag != DER_UTF8_STRING && element.tag != PRINTABLE_STRING
            && element.tag != TELETEX_STRING && element.tag != DER_IA5_STRING))
        return (struct der){NULL, 0};
    return element.content;
}

/* The first CN's value in DER; data NULL: there is none. */
static struct der find_common_name(struct der name)
{
    static const uint8_t id_at_common_name[] = {0x55, 0x04, 0x03};
    const struct der wanted = {id_at_common_name, sizeof id_at_common_name};
    struct der_element sequence, rdn, attribute, oid;

    if (der_only(name, DER_SEQUENCE, &sequence) < 0)
        return (struct der){NULL, 0};
    while (der_take(&sequence.content, DER_SET, &rdn) == 0)
        while (der_take(&rdn.content, DER_SEQUENCE, &attribute) == 0)
            if (der_take(&attribute.content, DER_OID, &oid) == 0
                && der_equal(oid.content, wanted))
                return attribute.content;
    return (struct der){NULL, 0};
}

static int label_by_subject(struct stir_certificate *certificate)
{
    char room[SHOWN_SIZE], *subject = NULL;
    int rc = fields_name_text(certificate->subject, &subject);

    if (rc < 0)
        return rc;
    if (subject == NULL)
        return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX, "the subject is no Name");
    shown(room, subject, strlen(subject));
    free(subject);
    certificate->label = text_copy(room, strlen(room));
    return certificate->label != NULL ? 0 : STIR_E_NOMEM;
}

/* What stands for the certificate in sentences: its CN, or the whole subject. */
int fields_read_label(struct stir_certificate *certificate, const struct skeleton *skeleton)
{
    char room[SHOWN_SIZE];
    struct der found = string_of(find_common_name(skeleton->subject));

    if (found.data == NULL)
        return label_by_subject(certificate);
    shown(room, found.data, found.len);
    certificate->label = text_copy(room, strlen(room));
    if (certificate->label == NULL)
        return STIR_E_NOMEM;
    if (memchr(found.data, '\0', found.len) != NULL)
        return 0;
    certificate->common_name = text_copy(found.data, found.len);
    return certificate->common_name != NULL ? 0 : STIR_E_NOMEM;
}

/* A second reader: nothing is a certificate here that is none to GnuTLS. Repeated extensions
   have a code of their own and come later. */
int fields_check_gnutls(struct stir_certificate *certificate, const struct skeleton *skeleton)
{
    gnutls_datum_t der = datum_of(certificate->der);
    gnutls_x509_crt_t crt = NULL;

    (void)skeleton;
    if (gnutls_x509_crt_init(&crt) < 0)
        return STIR_E_NOMEM;
    int rc = gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER);
    gnutls_x509_crt_deinit(crt);
    if (rc >= 0 || rc == GNUTLS_E_X509_DUPLICATE_EXTENSION)
        return 0;
    return malformed(certificate, "it is no X.509 certificate", rc);
}

int fields_read_key(struct stir_certificate *certificate, const struct skeleton *skeleton,
                    const struct es256_provider *provider)
{
    struct stir_error error;

    error_clear(&error);
    certificate->key =
        public_key_new(provider, skeleton->spki.data, skeleton->spki.len, &error);
    if (certificate->key != NULL || error.code == STIR_E_NOMEM)
        return error.code;
    return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX,
                     "%s (RFC 5280 section 4.1.2.7)", error.text);
}

int fields_read_basic_constraints(struct stir_certificate *certificate,
                                  const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_basic_constraints);
    unsigned ca = 0;

    if (extension == NULL)
        return 0;
    gnutls_datum_t value = datum_of(extension->value);
    int rc = gnutls_x509_ext_import_basic_constraints(&value, &ca, &certificate->path_length);
    if (rc < 0)
        return malformed(certificate, "basicConstraints cannot be read", rc);
    certificate->has_basic_constraints = true;
    certificate->ca = ca != 0;
    return 0;
}

static const struct {
    unsigned gnutls, ours;
    const char *name;
} usages[] = {
    {GNUTLS_KEY_DIGITAL_SIGNATURE, KEY_USAGE_DIGITAL_SIGNATURE, "digitalSignature"},
    {GNUTLS_KEY_NON_REPUDIATION, KEY_USAGE_OTHER, "nonRepudiation"},
    {GNUTLS_KEY_KEY_ENCIPHERMENT, KEY_USAGE_OTHER, "keyEncipherment"},
    {GNUTLS_KEY_DATA_ENCIPHERMENT, KEY_USAGE_OTHER, "dataEncipherment"},
    {GNUTLS_KEY_KEY_AGREEMENT, KEY_USAGE_OTHER, "keyAgreement"},
    {GNUTLS_KEY_KEY_CERT_SIGN, KEY_USAGE_KEY_CERT_SIGN, "keyCertSign"},
    {GNUTLS_KEY_CRL_SIGN, KEY_USAGE_CRL_SIGN, "cRLSign"},
    {GNUTLS_KEY_ENCIPHER_ONLY, KEY_USAGE_OTHER, "encipherOnly"},
    {GNUTLS_KEY_DECIPHER_ONLY, KEY_USAGE_OTHER, "decipherOnly"},
};

int fields_read_key_usage(struct stir_certificate *certificate, const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_key_usage);
    struct text text = {0};
    unsigned found = 0;

    if (extension == NULL)
        return 0;
    gnutls_datum_t value = datum_of(extension->value);
    int rc = gnutls_x509_ext_import_key_usage(&value, &found);
    if (rc < 0)
        return malformed(certificate, "keyUsage cannot be read", rc);
    certificate->has_key_usage = true;
    for (size_t i = 0; i < sizeof usages / sizeof *usages; i++)
        if ((found & usages[i].gnutls) != 0) {
            certificate->key_usage |= usages[i].ours;
            text_addf(&text, "%s%s", text.len > 0 ? ", " : "", usages[i].name);
        }
    certificate->key_usage_text = text_take(&text);
    return certificate->key_usage_text != NULL ? 0 : STIR_E_NOMEM;
}

/* A name with a NUL in it is none: it can match nothing. */
static int add_name(char ***names, size_t *n, gnutls_datum_t name)
{
    if (memchr(name.data, '\0', name.size) != NULL)
        return 0;
    char **longer = realloc(*names, (*n + 1) * sizeof *longer);
    if (longer == NULL)
        return STIR_E_NOMEM;
    *names = longer;
    longer[*n] = text_copy(name.data, name.size);
    if (longer[*n] == NULL)
        return STIR_E_NOMEM;
    ++*n;
    return 0;
}

static int add_names(struct stir_certificate *certificate, gnutls_subject_alt_names_t names)
{
    gnutls_datum_t name;
    unsigned type;
    int rc = 0;

    for (unsigned i = 0;
         rc == 0 && gnutls_subject_alt_names_get(names, i, &type, &name, NULL) >= 0; i++)
        if (type == GNUTLS_SAN_DNSNAME)
            rc = add_name(&certificate->dns_names, &certificate->n_dns_names, name);
        else if (type == GNUTLS_SAN_URI)
            rc = add_name(&certificate->uris, &certificate->n_uris, name);
    return rc;
}

int fields_read_alternative_names(struct stir_certificate *certificate,
                                  const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_subject_alt_name);
    gnutls_subject_alt_names_t names = NULL;

    if (extension == NULL)
        return 0;
    certificate->has_alternative_names = true;
    gnutls_datum_t value = datum_of(extension->value);
    if (gnutls_subject_alt_names_init(&names) < 0)
        return STIR_E_NOMEM;
    int rc = gnutls_x509_ext_import_subject_alt_names(&value, names, 0);
    rc = rc < 0 ? malformed(certificate, "subjectAltName cannot be read", rc)
                : add_names(certificate, names);
    gnutls_subject_alt_names_deinit(names);
    return rc;
}
