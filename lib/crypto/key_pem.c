/*
 * Private keys as PKCS #8 PEM.
 *
 * A P-256 key is written here, because GnuTLS (3.7.9) writes every second one in 33 octets, with
 * a zero in front as an INTEGER has, where RFC 5915 section 3 wants 32: strict readers refuse
 * that. Keys of other kinds, which libstir holds but does not make, are written as GnuTLS does.
 */
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/der.h"
#include "base/text.h"
#include "crypto/key_private.h"

enum { SCALAR_SIZE = 32 };

/* id-ecPublicKey with prime256v1. */
static const uint8_t algorithm[] = {0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
                                    0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};

/* A coordinate or the scalar in its place, behind zeros where it is short. */
static bool place(uint8_t octets[SCALAR_SIZE], gnutls_datum_t number)
{
    if (number.size > SCALAR_SIZE)
        return false;
    memcpy(octets + SCALAR_SIZE - number.size, number.data, number.size);
    return true;
}

/* ECPrivateKey (RFC 5915 section 3) with the public key, in the PrivateKeyInfo of RFC 5208. */
static bool write_p256(struct der_writer *writer, gnutls_datum_t x, gnutls_datum_t y,
                       gnutls_datum_t k)
{
    uint8_t scalar[SCALAR_SIZE] = {0};
    uint8_t point[2 + 2 * SCALAR_SIZE] = {0x00, 0x04}; /* no unused bits; not compressed */

    if (!place(scalar, k) || !place(point + 2, x) || !place(point + 2 + SCALAR_SIZE, y))
        return false;
    der_write_unsigned(writer, 0);
    der_write(writer, DER_SEQUENCE, algorithm, sizeof algorithm);
    size_t key = writer->len;
    der_write_unsigned(writer, 1);
    der_write(writer, DER_OCTET_STRING, scalar, sizeof scalar);
    size_t public_key = writer->len;
    der_write(writer, DER_BIT_STRING, point, sizeof point);
    der_wrap(writer, DER_CONTEXT(1), public_key);
    der_wrap(writer, DER_SEQUENCE, key);
    der_wrap(writer, DER_OCTET_STRING, key);
    der_wrap(writer, DER_SEQUENCE, 0);
    gnutls_memset(scalar, 0, sizeof scalar);
    return !writer->failed;
}

static void wipe(gnutls_datum_t *datum)
{
    if (datum->data != NULL)
        gnutls_memset(datum->data, 0, datum->size);
    gnutls_free(datum->data);
}

static int p256_pem(gnutls_privkey_t key, gnutls_datum_t *pem)
{
    gnutls_datum_t x = {NULL, 0}, y = {NULL, 0}, k = {NULL, 0};
    gnutls_ecc_curve_t curve;
    struct der_writer writer = {0};
    int rc = gnutls_privkey_export_ecc_raw2(key, &curve, &x, &y, &k, GNUTLS_EXPORT_FLAG_NO_LZ);

    if (rc >= 0 && !write_p256(&writer, x, y, k))
        rc = GNUTLS_E_MEMORY_ERROR;
    if (rc >= 0) {
        gnutls_datum_t der = {writer.data, (unsigned)writer.len};
        rc = gnutls_pem_base64_encode2("PRIVATE KEY", &der, pem);
    }
    if (writer.data != NULL)
        gnutls_memset(writer.data, 0, writer.len);
    der_writer_free(&writer);
    wipe(&x);
    wipe(&y);
    wipe(&k);
    return rc;
}

static int other_pem(gnutls_privkey_t key, gnutls_datum_t *pem)
{
    gnutls_x509_privkey_t x509 = NULL;
    int rc = gnutls_privkey_export_x509(key, &x509);

    if (rc >= 0)
        rc = gnutls_x509_privkey_export2_pkcs8(x509, GNUTLS_X509_FMT_PEM, NULL,
                                               GNUTLS_PKCS_PLAIN, pem);
    if (x509 != NULL)
        gnutls_x509_privkey_deinit(x509);
    return rc;
}

char *key_private_pem(gnutls_privkey_t key, bool is_p256, struct stir_error *error)
{
    gnutls_datum_t out = {NULL, 0};
    char *pem = NULL;
    int rc = (is_p256 ? p256_pem : other_pem)(key, &out);

    if (rc < 0)
        error_set(error, rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : STIR_E_INTERNAL,
                  "the key cannot be written: %s", gnutls_strerror(rc));
    else if ((pem = text_copy(out.data, out.size)) == NULL)
        error_no_memory(error);
    wipe(&out);
    return pem;
}
