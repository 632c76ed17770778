/*
 * service/request: parts set one by one, and requests read from a CSR (tests/crypto/csr, made by
 * openssl req). What is refused here is what cannot be written down: R8226-9-3, R8226-9-4,
 * R8226-9-5, R9118-3-6; what may not be granted is the issuer's to say.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "service/request.h"
#include "tests/help.h"

static struct stir_request *new_request(void)
{
    struct stir_key *key = stir_key_generate(NULL);
    struct stir_request *request = stir_request_new(key);

    cr_assert_not_null(request);
    stir_key_free(key);
    return request;
}

static const struct {
    const char *name, *value;
    int wanted;
    const char *sentence; /* a part of it */
} sets[] = {
    {"subject", "CN=ACME,C=US", 0, NULL},
    {"subject", "ACME", STIR_E_SYNTAX, "RFC 4514"},
    {"subject", "", STIR_E_SYNTAX, "RFC 4514"},
    {"spc", "709J", 0, NULL},
    {"spc", "", STIR_E_SYNTAX, "RFC 8226 section 9"},
    {"spc", "7\x01", STIR_E_SYNTAX, "\"7\\x01\""},
    {"tn", "12155551212", 0, NULL},
    {"tn", "*67", 0, NULL},
    {"tn", "+12155551212", STIR_E_SYNTAX, "without +"},
    {"tn", "1234567890123456", STIR_E_SYNTAX, "1 to 15"},
    {"tn", "1215555121A", STIR_E_SYNTAX, "0-9 * #"},
    {"tn", "", STIR_E_SYNTAX, "1 to 15"},
    {"range", "12155551200+100", 0, NULL},
    {"range", "12155551200", STIR_E_SYNTAX, "FIRST+COUNT"},
    {"range", "+12155551200+100", STIR_E_SYNTAX, "without +"},
    {"range", "12155551200+", STIR_E_SYNTAX, "FIRST+COUNT"},
    {"range", "12155551200+-5", STIR_E_SYNTAX, "FIRST+COUNT"},
    {"range", "#12+5", STIR_E_SYNTAX, "FIRST+COUNT"}, /* R8226-9-4 */
    {"range", "12155551200+2", 0, NULL},
    {"range", "12155551200+1", STIR_E_SYNTAX, "2 numbers or more"}, /* R8226-9-3 */
    {"range", "10+89", 0, NULL},                                    /* R8226-9-5 */
    {"range", "10+90", STIR_E_SYNTAX, "length"},
    {"range", "9990+20", STIR_E_SYNTAX, "length"},
    {"range", "1+9999999999999999999999", STIR_E_SYNTAX, "FIRST+COUNT"},
    {"ca", "yes", 0, NULL},
    {"ca", "no", 0, NULL},
    {"ca", "true", STIR_E_SYNTAX, "yes or no"},
    {"path_length", "0", 0, NULL},
    {"path_length", "11", STIR_E_SYNTAX, "0 to 10"},
    {"path_length", "-1", STIR_E_SYNTAX, "0 to 10"},
    {"days", "1", 0, NULL},
    {"days", "36525", 0, NULL},
    {"days", "0", STIR_E_SYNTAX, "1 to 36525"},
    {"days", "36526", STIR_E_SYNTAX, "1 to 36525"},
    {"days", "9d", STIR_E_SYNTAX, "1 to 36525"},
    {"not_before", "1767225600", 0, NULL},
    {"not_before", "2026-01-01T00:00:00Z", 0, NULL},
    {"not_before", "tomorrow", STIR_E_SYNTAX, "UNIX seconds"},
    {"not_after", "253402300799", 0, NULL},
    {"not_after", "253402300800", STIR_E_SYNTAX, "UNIX seconds"},
    {"must_include", "attest", 0, NULL},
    {"must_include", "\xC3\xA4", STIR_E_SYNTAX, "RFC 9118 section 3"}, /* R9118-3-6 */
    {"must_exclude", "rcd", 0, NULL},
    {"must_exclude", "", STIR_E_SYNTAX, "RFC 9118 section 3"},
    {"permit", "attest=A", 0, NULL},
    {"permit", "attest", STIR_E_SYNTAX, "NAME=VALUE"},
    {"permit", "=A", STIR_E_SYNTAX, "NAME=VALUE"},
    {"permit", "\xC3\xA4=A", STIR_E_SYNTAX, "RFC 9118 section 3"},
    {"tnauthlist_url", "https://a.example/list", 0, NULL},
    {"tnauthlist_url", "", STIR_E_SYNTAX, "a URL"},
    {"tnauthlist_url", "https://a.example/a b", STIR_E_SYNTAX, "a URL"},
    {"crl_url", "https://crl.example/crl", 0, NULL},
    {"crl_url", "", STIR_E_SYNTAX, "a URL (RFC 5280 section 4.2.1.13)"},
    {"crl_url", "https://crl.example/\n", STIR_E_SYNTAX, "a URL"},
    {"crl_issuer", "CN=STI-PA CRL,O=PA", 0, NULL},
    {"crl_issuer", "STI-PA", STIR_E_SYNTAX, "RFC 4514"},
    {"policy", "2.16.840.1.114569.1.1.4", 0, NULL},
    {"policy", "2.16.840.1.114569.1.1.", STIR_E_SYNTAX, "an object identifier"},
    {"policy", "", STIR_E_SYNTAX, "an object identifier"},
    {"serial", "01", 0, NULL},
    {"serial", "7fffffffffffffffffffffffffffffffffffffff", 0, NULL},
    {"serial", "8000000000000000000000000000000000000000", STIR_E_SYNTAX, "20 octets"},
    {"serial", "00", STIR_E_SYNTAX, "positive"},
    {"serial", "-1", STIR_E_SYNTAX, "hexadecimal"},
    {"serial", "", STIR_E_SYNTAX, "hexadecimal"},
    {"colour", "red", STIR_E_ARGUMENT, "there are subject, spc"},
};

Test(request, set)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct stir_error error;
        struct stir_request *request = new_request();
        int rc = stir_request_set(request, sets[i].name, sets[i].value, &error);

        cr_expect_eq(rc, sets[i].wanted, "%s \"%s\": %d %s", sets[i].name, sets[i].value, rc,
                     error.text);
        cr_expect_eq(error.code, rc);
        if (sets[i].sentence != NULL)
            cr_expect(strstr(error.text, sets[i].sentence) != NULL, "%s", error.text);
        stir_request_free(request);
    }
}

static void set(struct stir_request *request, const char *name, const char *value)
{
    struct stir_error error;

    cr_expect_eq(stir_request_set(request, name, value, &error), 0, "%s", error.text);
}

/* What may be there more than once adds; the rest replaces. */
Test(request, adds_or_replaces)
{
    struct stir_request *request = new_request();

    set(request, "spc", "709J");
    set(request, "spc", "710K");
    set(request, "range", "12155551200+100");
    set(request, "tn", "12155551300");
    cr_expect_eq(request->scope->n_entries, 4);
    set(request, "permit", "attest=A");
    set(request, "permit", "attest=B=C");
    cr_assert_eq(request->constraints.n_permitted, 1);
    cr_assert_eq(request->constraints.permitted[0].n_values, 2);
    cr_expect_str_eq(request->constraints.permitted[0].values[1], "B=C");
    set(request, "subject", "CN=a");
    set(request, "subject", "CN=bcd");
    cr_expect_eq(request->subject_len, 16);
    set(request, "ca", "yes");
    set(request, "ca", "no");
    cr_expect(request->ca_given && !request->ca);
    set(request, "serial", "0abc");
    cr_expect_eq(request->serial_len, 2);
    cr_expect(request->serial[0] == 0x0A && request->serial[1] == 0xBC);
    set(request, "policy", "1.2.3");
    set(request, "policy", "1.2.4");
    cr_expect_eq(request->policies.len, 12);
    set(request, "crl_url", "https://a.example/");
    set(request, "crl_url", "https://b.example/");
    cr_expect_str_eq(request->crl_url, "https://b.example/");
    set(request, "crl_issuer", "CN=a");
    set(request, "crl_issuer", "CN=bcd");
    cr_expect_eq(request->crl_issuer_len, 16);
    /* An end is said in one way. */
    set(request, "days", "5");
    set(request, "not_after", "1767225600");
    cr_expect_eq(request->days, 0);
    set(request, "days", "5");
    cr_expect_not(request->has_not_after);
    stir_request_free(request);
}

Test(request, null)
{
    struct stir_request *request = new_request();
    struct stir_error error;

    cr_expect_null(stir_request_new(NULL));
    cr_expect_null(stir_request_parse(NULL, 0, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_eq(stir_request_set(NULL, "spc", "709J", &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_request_set(request, NULL, "709J", NULL), STIR_E_ARGUMENT);
    cr_expect_eq(stir_request_set(request, "spc", NULL, &error), STIR_E_ARGUMENT);
    stir_request_free(request);
    stir_request_free(NULL);
}

static struct stir_request *parse_sample(const char *name, struct stir_error *error)
{
    char *path = NULL, *pem;
    size_t len;

    cr_assert_geq(asprintf(&path, "tests/crypto/csr/%s.pem", name), 0);
    char *where = help_source(path);
    pem = help_read(where, &len);
    cr_assert_not_null(pem, "%s", where);
    struct stir_request *request = stir_request_parse(pem, len, error);
    struct stir_request *again = stir_request_parse(pem, STIR_NUL, NULL);
    cr_expect_eq(request == NULL, again == NULL);
    stir_request_free(again);
    free(pem);
    free(where);
    free(path);
    return request;
}

static const struct {
    const char *name;
    int wanted; /* what error.code is */
    bool subject, ca_asked;
    int path_length;
    size_t entries, must_include, must_exclude;
} samples[] = {
    {"bare", 0, true, false, -1, 0, 0, 0},
    {"plain", 0, true, false, -1, 1, 1, 0},
    {"enhanced", 0, true, false, -1, 0, 1, 1},
    {"ca", 0, true, true, 1, 0, 0, 0},
    {"no-subject", 0, false, false, -1, 0, 0, 0},
    {"p384", 0, true, false, -1, 0, 0, 0}, /* held, and judged by the issuer */
    {"forged", STIR_CODE_BAD_SIGNATURE, false, false, 0, 0, 0, 0},
    {"bad-list", STIR_CODE_TNAUTHLIST_SYNTAX, false, false, 0, 0, 0, 0},
    {"list-plus", STIR_CODE_TNAUTHLIST_SYNTAX, false, false, 0, 0, 0, 0},
    {"empty-constraints", STIR_CODE_CONSTRAINTS_SYNTAX, false, false, 0, 0, 0, 0},
    {"critical-list", 0, true, false, -1, 1, 0, 0}, /* held, as are the next two */
    {"critical-constraints", 0, true, false, -1, 0, 1, 0},
    {"critical-enhanced", 0, true, false, -1, 0, 1, 0},
    {"both", STIR_CODE_CONSTRAINTS_BOTH, false, false, 0, 0, 0, 0}, /* R9118-6-1 */
};

Test(request, parse)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct stir_error error;
        struct stir_request *request = parse_sample(samples[i].name, &error);

        cr_expect_eq(error.code, samples[i].wanted, "%s: %d %s", samples[i].name, error.code,
                     error.text);
        cr_assert_eq(request == NULL, samples[i].wanted != 0, "%s", samples[i].name);
        if (request == NULL)
            continue;
        cr_expect_eq(request->subject != NULL, samples[i].subject, "%s", samples[i].name);
        cr_expect_eq(request->ca_asked, samples[i].ca_asked, "%s", samples[i].name);
        cr_expect_not(request->ca_given);
        cr_expect_eq(request->path_length, samples[i].path_length, "%s", samples[i].name);
        cr_expect_eq(request->scope->n_entries, samples[i].entries, "%s", samples[i].name);
        cr_expect_eq(request->constraints.must_include.n, samples[i].must_include, "%s",
                     samples[i].name);
        cr_expect_eq(request->constraints.must_exclude.n, samples[i].must_exclude, "%s",
                     samples[i].name);
        stir_request_free(request);
    }
}

/* What is set comes on top of what the CSR asks for. */
Test(request, parsed_then_set)
{
    struct stir_request *request = parse_sample("plain", NULL);

    set(request, "spc", "710K");
    set(request, "must_exclude", "rcd");
    cr_expect_eq(request->scope->n_entries, 2);
    cr_expect_eq(request->constraints.must_include.n, 1);
    cr_expect_eq(request->constraints.must_exclude.n, 1);
    stir_request_free(request);
}
