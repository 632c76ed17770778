/* crypto/x509_text: what openssl wrote, in words. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/x509_text.h"
#include "tests/help.h"

/* openssl ca -gencrl (3.0.19), two entries, nextUpdate a GeneralizedTime. */
static const char two[] = "-----BEGIN X509 CRL-----\n"
                          "MIIBIzCBygIBATAKBggqhkjOPQQDAjAvMQswCQYDVQQGEwJVUzEPMA0GA1UECgwG\n"
                          "QSwgSW5jMQ8wDQYDVQQDDAZDcmwgQ2EXDTI2MDEwMTAwMDAwMFoYDzIwNTIwMjAx\n"
                          "MDAwMDAwWjA3MBICAQEXDTI2MDEwMTAwMDAwMFowIQICCgsXDTI2MDEwMjAwMDAw\n"
                          "MFowDDAKBgNVHRUEAwoBAaAvMC0wHwYDVR0jBBgwFoAUr8DlXyfm4K/1+nIHH5ra\n"
                          "q7yq7A8wCgYDVR0UBAMCAQIwCgYIKoZIzj0EAwIDSAAwRQIhANSyzyBvlFVVA5dt\n"
                          "dV6TQAnFBqTvGOJQDvdN898OdCWEAiBtplSZxtCgoj/iCydtkHuokb6bgzpu2cHm\n"
                          "loKvLXiz6Q==\n"
                          "-----END X509 CRL-----\n";
/* The same CA without entries. */
static const char none[] = "-----BEGIN X509 CRL-----\n"
                           "MIHnMIGPAgEBMAoGCCqGSM49BAMCMC8xCzAJBgNVBAYTAlVTMQ8wDQYDVQQKDAZB\n"
                           "LCBJbmMxDzANBgNVBAMMBkNybCBDYRcNMjYwMTAxMDAwMDAwWhcNMjYwMjAxMDAw\n"
                           "MDAwWqAvMC0wHwYDVR0jBBgwFoAUr8DlXyfm4K/1+nIHH5raq7yq7A8wCgYDVR0U\n"
                           "BAMCAQEwCgYIKoZIzj0EAwIDRwAwRAIga4cJajNKnomTpKoP0YzbElTzUa2gHNxZ\n"
                           "FO6vogdb9fMCIFR9R9h8XfVy5eJJBasw4D12PFTG3yc3X/resMsrYMop\n"
                           "-----END X509 CRL-----\n";

static const struct {
    const char *desc, *pem;
    int64_t this_update, next_update;
    size_t entries;
} good[] = {
    {"two entries", two, 1767225600, 2590358400, 2},
    {"none", none, 1767225600, 1769904000, 0},
};

Test(x509_text, crl)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct crl_summary crl;
        struct stir_error error = {0};
        int result = crl_summary_read(good[i].pem, strlen(good[i].pem), &crl, &error);
        cr_assert_eq(result, 0, "%s: %s", good[i].desc, error.text);
        cr_expect_str_eq(crl.issuer, "CN=Crl Ca,O=A\\, Inc,C=US", "%s", crl.issuer);
        cr_expect_eq(crl.this_update, good[i].this_update, "%s", good[i].desc);
        cr_expect(crl.has_next_update, "%s", good[i].desc);
        cr_expect_eq(crl.next_update, good[i].next_update, "%s", good[i].desc);
        cr_expect_eq(crl.entries, good[i].entries, "%s: %zu", good[i].desc, crl.entries);
        crl_summary_free(&crl);
    }
}

/* TBSCertList of an empty issuer, without or with what is optional. */
static const struct {
    const char *desc, *hex;
    int result;
    bool has_next_update;
    size_t entries;
} lists[] = {
    {"version 1, no next update",
     "301a 3013 3000 3000 170d 3236303130313030303030305a 3000 030100", 0, false, 0},
    {"and an entry",
     "301e 3017 3000 3000 170d 3236303130313030303030305a 3002 3000 3000 030100", 0, false, 1},
    {"and one that is no SEQUENCE",
     "301e 3017 3000 3000 170d 3236303130313030303030305a 3002 0500 3000 030100", STIR_E_SYNTAX,
     false, 0},
    {"a time that is none", "301a 3013 3000 3000 170d 3236303130313030303030305b 3000 030100",
     STIR_E_SYNTAX, false, 0},
    {"something behind it",
     "301a 3013 3000 3000 170d 3236303130313030303030305a 3000 030100 00", STIR_E_SYNTAX, false,
     0},
    {"no signature", "3017 3013 3000 3000 170d 3236303130313030303030305a 3000", STIR_E_SYNTAX,
     false, 0},
    {"empty", "", STIR_E_SYNTAX, false, 0},
};

Test(x509_text, crl_der)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct crl_summary crl;
        struct stir_error error = {0};
        size_t len;
        uint8_t *der = help_unhex(lists[i].hex, &len);
        int result = crl_summary_read(der, len, &crl, &error);
        cr_expect_eq(result, lists[i].result, "%s: %d %s", lists[i].desc, result, error.text);
        if (result == 0) {
            cr_expect_str_eq(crl.issuer, "", "%s", lists[i].desc);
            cr_expect_eq(crl.has_next_update, lists[i].has_next_update, "%s", lists[i].desc);
            cr_expect_eq(crl.entries, lists[i].entries, "%s", lists[i].desc);
        }
        crl_summary_free(&crl);
        free(der);
    }
}

Test(x509_text, crl_pem_that_is_none)
{
    static const char certificate[] = "-----BEGIN CERTIFICATE-----\nMAA=\n"
                                      "-----END CERTIFICATE-----\n";
    struct crl_summary crl;
    struct stir_error error = {0};

    cr_assert_eq(crl_summary_read(certificate, strlen(certificate), &crl, &error),
                 STIR_E_SYNTAX);
    cr_assert_not_null(strstr(error.text, "X509 CRL"), "%s", error.text);
    crl_summary_free(&crl);
}

/* CN of these octets, UTF8String. */
static const struct {
    const char *desc, *hex, *text;
} names[] = {
    {"empty", "3000", ""},
    {"plain", "300e 310c 300a 0603550403 0c03 61 62 63", "CN=abc"},
    {"a comma", "300e 310c 300a 0603550403 0c03 61 2c 63", "CN=a\\,c"},
    {"a line feed", "300e 310c 300a 0603550403 0c03 61 0a 63", "CN=a\\x0Ac"},
    {"no name", "0500", NULL},
    {"a set of nothing", "3002 3100", NULL},
};

Test(x509_text, name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stir_error error = {0};
        size_t len;
        uint8_t *der = help_unhex(names[i].hex, &len);
        char *text;
        int result = x509_name_text((struct der){der, len}, &text, &error);
        cr_expect_eq(result, names[i].text != NULL ? 0 : STIR_E_SYNTAX, "%s: %d %s",
                     names[i].desc, result, text);
        if (text != NULL && names[i].text != NULL)
            cr_expect_str_eq(text, names[i].text, "%s: %s", names[i].desc, text);
        free(text);
        free(der);
    }
}
