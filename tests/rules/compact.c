/* rules/compact: a compact token rebuilt from the call (R8224-4.1.1-1, R8225-7-1, R8588-3,
   requirements 1.6). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "rules/compact.h"
#include "tests/help.h"

#define SIGNATURE                                                                              \
    "..1bEzkzcNbKvgz4QoMx0_DJ2T8qFMDC1sPqHPXl1WvbauzRJRvYlZqQ0qgGTlS8tJ_wXjVe07Z3wvDrdApHhhYw"
#define DATE "Fri, 25 Sep 2015 19:12:25 GMT"

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static struct jws parse(void)
{
    struct jws jws;

    cr_assert_eq(jws_parse(SIGNATURE, strlen(SIGNATURE), &jws, NULL), 0);
    return jws;
}

static struct identity tn(const char *number)
{
    return (struct identity){true, text(number)};
}

static struct identity uri(const char *canonical)
{
    return (struct identity){false, text(canonical)};
}

Test(compact, allowed)
{
    static const struct {
        const char *ppt;
        int code;
    } cases[] = {{NULL, 0}, {"", 0}, {"shaken", STIR_CODE_COMPACT_NOT_ALLOWED}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct identity_header header = {.ppt = text(cases[i].ppt)};
        struct stir_error error = {0};
        cr_expect_eq(compact_check_allowed(&header, &error), cases[i].code, "%s", error.text);
    }
}

/* What RFC 8946 section 5 publishes as opt in full form is, in compact form, this call. */
Test(compact, published_token)
{
    struct identity_header header = {.info = text("https://www.example.com/cert.cer")};
    struct identity orig = tn("12155551212"), dest = tn("12155551213");
    struct stir_call call = {.date = text(DATE)};
    struct stir_error error = {0};
    struct jws jws = parse();
    struct value *tokens;
    size_t len = 0;

    help_need_corpora();
    char *path = help_vector("passports.json"), *file = help_read(path, &len);
    cr_assert_not_null(file);
    cr_assert_eq(value_load(file, len, &tokens, NULL), 0);
    cr_assert_eq(compact_rebuild(&jws, &header, &orig, &dest, &call, &error), 0, "%s",
                 error.text);
    cr_expect_str_eq(value_string(value_pointer(tokens, "/1/name")), "8946-opt");
    cr_expect_str_eq(jws.token, value_string(value_pointer(tokens, "/1/token")));
    jws_free(&jws);
    value_free(tokens);
    free(file);
    free(path);
}

/* RFC 8224 section 5.1, but for the quotes around iat that it should not have. */
Test(compact, rfc8224_example)
{
    struct identity_header header = {.info = text("https://cert.example.org/passport.cer"),
                                     .alg = text("ES256")};
    struct identity orig = tn("12155551212"), dest = uri("sip:alice@example.com");
    struct stir_call call = {.date = text(DATE)};
    struct stir_error error = {0};
    struct jws jws = parse();

    cr_assert_eq(compact_rebuild(&jws, &header, &orig, &dest, &call, &error), 0, "%s",
                 error.text);
    cr_expect_str_eq(jws.header, "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"https://"
                                 "cert.example.org/passport.cer\"}");
    cr_expect_str_eq(jws.payload, "{\"dest\":{\"uri\":[\"sip:alice@example.com\"]},\"iat\":"
                                  "1443208345,\"orig\":{\"tn\":\"12155551212\"}}");
    cr_expect_eq(strlen(jws.token) - strlen(SIGNATURE) + 1, jws.signing_len);
    jws_free(&jws);
}

/* R8225-5.2.2: the SDP's fingerprints become mky, between iat and orig. */
Test(compact, fingerprints)
{
    static const char sdp[] =
        "v=0\r\n"
        "a=fingerprint:sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n"
        "a=fingerprint:sha-256 02:1A:CC:54:27:AB:EB:9C:53:3F:3E:4B:65:2E:7D:46:3F:54:42:CD\r\n";
    struct identity_header header = {.info = text("https://cert.example.org/passport.cer")};
    struct identity orig = tn("1"), dest = tn("2");
    struct stir_call call = {.date = text(DATE), .body = text(sdp), .body_len = sizeof sdp - 1};
    struct stir_error error = {0};
    struct jws jws = parse();

    cr_assert_eq(compact_rebuild(&jws, &header, &orig, &dest, &call, &error), 0, "%s",
                 error.text);
    cr_expect_str_eq(
        jws.payload,
        "{\"dest\":{\"tn\":[\"2\"]},\"iat\":1443208345,\"mky\":[{\"alg\":\"sha-256\",\"dig\":"
        "\"021ACC5427ABEB9C533F3E4B652E7D463F5442CD\"},{\"alg\":\"sha-256\",\"dig\":"
        "\"4AADB9B13F82183B540212DF3E5D496B19E57CAB\"}],\"orig\":{\"tn\":\"1\"}}");
    jws_free(&jws);
}

struct refused_case {
    const char *desc, *info, *alg, *orig, *dest, *date, *body;
    const char *wanted; /* NULL: it can be rebuilt */
};

static const struct refused_case refused_cases[] = {
    {"whole", "https://a/b", NULL, "sip:a@b", "sip:c@d", DATE, NULL, NULL},
    {"another alg is kept: it was signed", "https://a/b", "ES384", "sip:a@b", "sip:c@d", DATE,
     NULL, NULL},
    {"A-26: no Date", "https://a/b", NULL, "sip:a@b", "sip:c@d", NULL, NULL, "no Date"},
    {"a Date that is none", "https://a/b", NULL, "sip:a@b", "sip:c@d", "Fri", NULL, "Date"},
    {"no caller", "https://a/b", NULL, NULL, "sip:c@d", DATE, NULL, "who calls"},
    {"no To", "https://a/b", NULL, "sip:a@b", NULL, DATE, NULL, "no To"},
    {"a broken fingerprint", "https://a/b", NULL, "sip:a@b", "sip:c@d", DATE,
     "a=fingerprint:sha-256 4A:A\r\n", "fingerprint"},
    {"no info", NULL, NULL, "sip:a@b", "sip:c@d", DATE, NULL, "info"},
    {"info is no UTF-8", "https://a/\xFF", NULL, "sip:a@b", "sip:c@d", DATE, NULL, "info"},
    {"alg is no UTF-8", "https://a/b", "\xFF", "sip:a@b", "sip:c@d", DATE, NULL, "alg"},
    {"an identity is no UTF-8", "https://a/b", NULL, "sip:\xFF@b", "sip:c@d", DATE, NULL,
     "identity"},
};

Test(compact, refused)
{
    for (size_t i = 0; i < sizeof refused_cases / sizeof *refused_cases; i++) {
        const struct refused_case *c = &refused_cases[i];
        struct identity_header header = {.info = text(c->info), .alg = text(c->alg)};
        struct identity orig = uri(c->orig), dest = uri(c->dest);
        struct stir_call call = {.date = text(c->date),
                                 .body = text(c->body),
                                 .body_len = c->body == NULL ? 0 : strlen(c->body)};
        struct stir_error error = {0};
        struct jws jws = parse();
        int rc = compact_rebuild(&jws, &header, c->orig == NULL ? NULL : &orig,
                                 c->dest == NULL ? NULL : &dest, &call, &error);

        cr_expect_eq(rc, c->wanted == NULL ? 0 : STIR_CODE_COMPACT_NOT_REBUILDABLE, "%s: %s",
                     c->desc, error.text);
        if (c->wanted != NULL)
            cr_expect(strstr(error.text, c->wanted) != NULL, "%s: %s", c->desc, error.text);
        else if (c->alg != NULL)
            cr_expect(strstr(jws.header, c->alg) != NULL, "%s: %s", c->desc, jws.header);
        jws_free(&jws);
    }
}

/* R8225-5.2.1-2: tn before uri, whatever came first. */
Test(compact, payload_of_several)
{
    struct identity orig = uri("sip:a@b"), dest[] = {uri("sip:c@d"), tn("2"), tn("1")};
    char *payload = compact_payload(&orig, dest, 3, 7, "[{\"alg\":\"x\",\"dig\":\"00\"}]");

    cr_expect_str_eq(
        payload, "{\"dest\":{\"tn\":[\"2\",\"1\"],\"uri\":[\"sip:c@d\"]},\"iat\":7,"
                 "\"mky\":[{\"alg\":\"x\",\"dig\":\"00\"}],\"orig\":{\"uri\":\"sip:a@b\"}}");
    free(payload);
}
