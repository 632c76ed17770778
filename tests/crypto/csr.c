/* crypto/csr: requests made by openssl req (tests/crypto/csr), and what is done to them. */
#include <criterion/criterion.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "crypto/csr.h"
#include "tests/help.h"

static char *sample(const char *name, size_t *len)
{
    char relative[64];
    snprintf(relative, sizeof relative, "tests/crypto/csr/%s.pem", name);
    char *path = help_source(relative);
    char *pem = help_read(path, len);

    cr_assert_not_null(pem, "%s", path);
    free(path);
    return pem;
}

static const struct {
    const char *name;
    int wanted;
    bool subject, ca;
    int path_length;
    size_t tnauthlist, constraints, enhanced;
} cases[] = {
    {"bare", 0, true, false, -1, 0, 0, 0},
    {"plain", 0, true, false, -1, 10, 16, 0},
    {"ca", 0, true, true, 1, 0, 0, 0},
    {"enhanced", 0, true, false, -1, 0, 0, 66},
    {"both", 0, true, false, -1, 0, 16, 66}, /* not judged here */
    {"bad-list", 0, true, false, -1, 2, 0, 0},
    {"no-subject", 0, false, false, -1, 0, 0, 0},
    {"p384", 0, true, false, -1, 0, 0, 0},
    {"forged", STIR_CODE_BAD_SIGNATURE, true, false, 0, 0, 0, 0}, /* plain, a letter changed */
};

Test(csr, samples)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_error error = {0};
        struct csr csr;
        size_t len;
        char *pem = sample(cases[i].name, &len);
        int rc = csr_read(pem, len, &csr, &error);

        cr_expect_eq(rc, cases[i].wanted, "%s: %d %s", cases[i].name, rc, error.text);
        cr_expect_eq(csr.subject.len > 2, cases[i].subject, "%s", cases[i].name);
        cr_expect_eq(csr.spki.data[0], 0x30, "%s", cases[i].name);
        cr_expect_eq(csr.ca, cases[i].ca, "%s", cases[i].name);
        cr_expect_eq(csr.path_length, cases[i].path_length, "%s", cases[i].name);
        cr_expect_eq(csr.tnauthlist.len, cases[i].tnauthlist, "%s", cases[i].name);
        cr_expect_eq(csr.constraints.len, cases[i].constraints, "%s", cases[i].name);
        cr_expect_eq(csr.enhanced_constraints.len, cases[i].enhanced, "%s", cases[i].name);
        csr_free(&csr);
        free(pem);
    }
}

/* The octets of a sample's DER, with room for one more. */
static uint8_t *der_of(const char *name, size_t *len)
{
    size_t pem_len;
    char *pem = sample(name, &pem_len);
    gnutls_datum_t in = {(unsigned char *)pem, (unsigned)pem_len}, out;

    cr_assert_eq(gnutls_pem_base64_decode2("CERTIFICATE REQUEST", &in, &out), 0);
    uint8_t *der = malloc(out.size + 1);
    memcpy(der, out.data, out.size);
    *len = out.size;
    gnutls_free(out.data);
    free(pem);
    return der;
}

Test(csr, der_and_its_ends)
{
    struct stir_error error = {0};
    struct csr csr;
    size_t len;
    uint8_t *der = der_of("plain", &len);

    cr_expect_eq(csr_read(der, len, &csr, &error), 0, "%s", error.text);
    cr_expect_eq(csr.tnauthlist.len, 10);
    csr_free(&csr);
    cr_expect_eq(csr_read(der, len - 1, &csr, &error), STIR_E_SYNTAX);
    csr_free(&csr);
    der[len] = 0;
    cr_expect_eq(csr_read(der, len + 1, &csr, NULL), STIR_E_SYNTAX, "a trailing octet");
    csr_free(&csr);
    free(der);
}

Test(csr, no_request)
{
    static const char *const texts[] = {
        "", "rubbish", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\n!\n-----END CERTIFICATE REQUEST-----\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct stir_error error = {0};
        struct csr csr;
        cr_expect_eq(csr_read(texts[i], strlen(texts[i]), &csr, &error), STIR_E_SYNTAX,
                     "%zu: %s", i, error.text);
        cr_expect_eq(strncmp(error.text, "request: ", 9), 0, "%s", error.text);
        csr_free(&csr);
    }
}

Test(csr, limit)
{
    struct csr csr;
    char *octets = calloc(1, LIMIT_PEM_LIST + 1);

    cr_expect_eq(csr_read(octets, LIMIT_PEM_LIST, &csr, NULL), STIR_E_SYNTAX);
    csr_free(&csr);
    cr_expect_eq(csr_read(octets, LIMIT_PEM_LIST + 1, &csr, NULL), STIR_E_LIMIT);
    csr_free(&csr);
    free(octets);
}
