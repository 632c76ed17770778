/* sip/call, sip/mky: what is kept of a request, and the fingerprints in its SDP (R8224-4-1,
   R8224-4-2, R8224-4.1-9, R8225-5.2.2). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/call.h"

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void add(struct stir_call *call, const char *name, const char *value)
{
    stir_call_add_header(call, name, value, STIR_NUL);
}

Test(call, headers_by_their_names)
{
    struct stir_call *call = stir_call_new();

    add(call, "From", "sip:old@x");
    add(call, "f", " sip:from@x\r\n");
    add(call, "T", "\tsip:to@x");
    add(call, "p-asserted-identity", "sip:pai@x");
    add(call, "P-Asserted-Identity", "sip:second@x");
    add(call, "DATE", "Fri, 25 Sep 2015 19:12:25 GMT");
    add(call, "Request-URI", "sip:ruri@x");
    add(call, "Via", "SIP/2.0/UDP x");
    add(call, "Identity-Info", "<x:y>");
    add(call, "n", "<x:y>");
    cr_assert_str_eq(call->from, "sip:from@x");
    cr_assert_str_eq(call->to, "sip:to@x");
    cr_assert_str_eq(call->pai, "sip:pai@x");
    cr_assert_str_eq(call->date, "Fri, 25 Sep 2015 19:12:25 GMT");
    cr_assert_str_eq(call->request_uri, "sip:ruri@x");
    cr_assert_eq(call->n_identities, 0, "R8224-4-1: Identity-Info and n are dead");
    cr_assert_not(call->no_memory);
    stir_call_free(call);
}

Test(call, identities_are_all_kept)
{
    struct stir_call *call = stir_call_new();

    add(call, "Identity", "a;info=<https://x/a,b>, c");
    add(call, "y", "b");
    add(call, "IDENTITY", "");
    cr_assert_eq(call->n_identities, 3, "R8224-4-2: never split at commas");
    cr_assert_str_eq(call->identities[0], "a;info=<https://x/a,b>, c");
    cr_assert_str_eq(call->identities[1], "b");
    cr_assert_str_eq(call->identities[2], "");
    for (int i = 0; i < 100; i++)
        add(call, "Identity", "a");
    cr_assert_eq(call->n_identities, 17, "one more than the limit is kept, to tell of it");
    stir_call_free(call);
}

Test(call, what_cannot_be_kept_whole_becomes_bad)
{
    enum { MOST = 8 * 1024 };
    struct stir_call *call = stir_call_new();
    char *line = malloc(MOST + 1);

    stir_call_add_header(call, "From", "sip:bob@x\0.example.com", 22);
    cr_assert_eq(strlen(call->from), 22);
    cr_assert_str_eq(call->from, "sip:bob@x\x01.example.com");
    memset(line, '1', MOST + 1);
    stir_call_add_header(call, "To", line, MOST);
    cr_assert_eq(strlen(call->to), MOST);
    cr_assert_null(strchr(call->to, '\x01'));
    stir_call_add_header(call, "To", line, MOST + 1);
    cr_assert_eq(strlen(call->to), MOST + 1);
    cr_assert_eq(call->to[MOST], '\x01');
    free(line);
    stir_call_free(call);
}

Test(call, nothing_is_no_mistake)
{
    struct stir_call *call = stir_call_new();
    char *mky;

    add(NULL, "From", "x");
    add(call, NULL, "x");
    stir_call_add_header(call, "From", NULL, 0);
    cr_assert_null(call->from);
    stir_call_set_body(NULL, "application/sdp", "", 0);
    stir_call_set_body(call, "application/sdp", NULL, 0);
    cr_assert_eq(call_mky(call, &mky, NULL), 0);
    cr_assert_null(mky);
    stir_call_free(call);
    stir_call_free(NULL);
}

#define FIRST                                                                                  \
    "4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:3E:4B:65:2E:7D:46:3F:54:42:"  \
    "CD:54:F1"
#define SECOND                                                                                 \
    "02:1A:CC:54:27:AB:EB:9C:53:3F:3E:4B:65:2E:7D:46:3F:54:42:CD:54:F1:7A:03:A2:7D:F9:B0:7F:"  \
    "46:19:B2"

static const struct {
    const char *desc, *type, *body, *mky; /* mky "!": the SDP is broken */
} sdps[] = {
    {"none", "application/sdp", "v=0\r\ns=-\r\n", NULL},
    {"R8225-5.2.2: the RFC's two, sorted", "application/sdp",
     "v=0\r\na=fingerprint:sha-256 " FIRST "\r\na=fingerprint:sha-256 " SECOND "\r\n",
     "[{\"alg\":\"sha-256\",\"dig\":"
     "\"021ACC5427ABEB9C533F3E4B652E7D463F5442CD54F17A03A27DF9B07F4619B2\"},"
     "{\"alg\":\"sha-256\",\"dig\":"
     "\"4AADB9B13F82183B540212DF3E5D496B19E57CAB3E4B652E7D463F5442CD54F1\"}]"},
    {"R8225-5.2.2: alg sorts first", "application/sdp",
     "a=fingerprint:sha-256 00\na=fingerprint:sha-1 FF\n",
     "[{\"alg\":\"sha-1\",\"dig\":\"FF\"},{\"alg\":\"sha-256\",\"dig\":\"00\"}]"},
    {"hexadecimal as it is in the SDP", "application/sdp", "a=fingerprint:sha-256 aB:cD",
     "[{\"alg\":\"sha-256\",\"dig\":\"aBcD\"}]"},
    {"the same twice, in two media", "application/sdp",
     "m=audio\r\na=fingerprint:sha-256 AB\r\nm=video\r\na=fingerprint:sha-256 AB\r\n",
     "[{\"alg\":\"sha-256\",\"dig\":\"AB\"},{\"alg\":\"sha-256\",\"dig\":\"AB\"}]"},
    {"type with parameters, in any case", "Application/SDP; charset=utf-8",
     "a=fingerprint:x AB", "[{\"alg\":\"x\",\"dig\":\"AB\"}]"},
    {"no type", NULL, "a=fingerprint:x AB", "[{\"alg\":\"x\",\"dig\":\"AB\"}]"},
    {"another type", "application/sdpx", "a=fingerprint:x AB", NULL},
    {"blank before the end of line", "application/sdp", "a=fingerprint:x AB \r\n",
     "[{\"alg\":\"x\",\"dig\":\"AB\"}]"},
    {"another attribute", "application/sdp", "a=fingerprints:x AB\r\nb=a=fingerprint:x AB",
     NULL},
    {"no hexadecimal", "application/sdp", "a=fingerprint:sha-256 AG", "!"},
    {"half an octet", "application/sdp", "a=fingerprint:sha-256 AB:C", "!"},
    {"no colon", "application/sdp", "a=fingerprint:sha-256 ABCD", "!"},
    {"colon at the end", "application/sdp", "a=fingerprint:sha-256 AB:", "!"},
    {"no fingerprint", "application/sdp", "a=fingerprint:sha-256", "!"},
    {"no hash", "application/sdp", "a=fingerprint: AB", "!"},
    {"a quote in the hash", "application/sdp", "a=fingerprint:\" AB", "!"},
};

Test(call, mky)
{
    for (size_t i = 0; i < sizeof sdps / sizeof *sdps; i++) {
        struct stir_call *call = stir_call_new();
        struct stir_error error;
        char *mky;
        error_clear(&error);
        stir_call_set_body(call, sdps[i].type, sdps[i].body, STIR_NUL);
        int rc = call_mky(call, &mky, &error);
        bool broken = same(sdps[i].mky, "!");
        cr_expect_eq(rc, broken ? STIR_E_SYNTAX : 0, "%s: %d %s", sdps[i].desc, rc, error.text);
        cr_expect(same(mky, broken ? NULL : sdps[i].mky), "%s: %s", sdps[i].desc, mky);
        cr_expect(!broken || strstr(error.text, "RFC 8122") != NULL, "%s", error.text);
        free(mky);
        stir_call_free(call);
    }
}

Test(call, fingerprints_have_a_limit)
{
    static const char line[] = "a=fingerprint:x AB\n";
    char *body = malloc(65 * (sizeof line - 1) + 1), *mky;
    struct stir_call *call = stir_call_new();

    for (size_t i = 0; i < 65; i++)
        strcpy(body + i * (sizeof line - 1), line);
    stir_call_set_body(call, NULL, body, 64 * (sizeof line - 1));
    cr_assert_eq(call_mky(call, &mky, NULL), 0);
    free(mky);
    stir_call_set_body(call, NULL, body, STIR_NUL);
    cr_assert_eq(call_mky(call, &mky, NULL), STIR_E_SYNTAX);
    free(body);
    stir_call_free(call);
}
