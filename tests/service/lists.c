/*
 * TNAuthLists by reference (RFC 8226 section 10.1, A-10, A-34; R8226-10.1-1 to -3, R9060-4.1-3):
 * when they are wanted, what comes of each answer, and what they weigh beside a list by value.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/certificate.h"
#include "number/scope.h"
#include "service/list_cache.h"
#include "service/verifier.h"
#include "tests/mint_octets.h"
#include "tests/scene.h"

#define LEAF_URL "https://lists.example.com/acme"
#define PARENT_URL "https://lists.example.com/709J"
#define SECOND_URL "https://mirror.example.com/acme"
#define ROOT                                                                                   \
    {                                                                                          \
        .subject = "Root"                                                                      \
    }
#define STI_CA                                                                                 \
    {                                                                                          \
        .subject = "STI CA", .ca = MINT_YES                                                    \
    }
#define SCA(...)                                                                               \
    {                                                                                          \
        .subject = "SCA", .ca = MINT_YES, __VA_ARGS__                                          \
    }

/* DER of "709J!,12155551200+100,t*67": as tests/mint.h has lists, an SPC with !. For free(3). */
static void *list_of(const char *entries, size_t *len)
{
    struct stir_scope *scope = stir_scope_new();
    struct stir_error error;
    char copy[200], *save = NULL;

    snprintf(copy, sizeof copy, "%s", entries);
    for (char *entry = strtok_r(copy, ",", &save); entry != NULL;
         entry = strtok_r(NULL, ",", &save)) {
        char *plus = strchr(entry, '+'), *bang = strchr(entry, '!');
        int rc;
        if (bang != NULL) {
            *bang = '\0';
            rc = stir_scope_add_spc(scope, entry, &error);
        } else if (plus != NULL) {
            *plus = '\0';
            rc = stir_scope_add_range(scope, entry, strtoull(plus + 1, NULL, 10), &error);
        } else {
            rc = stir_scope_add_tn(scope, entry, &error);
        }
        cr_assert_eq(rc, 0, "%s: %s", entry, error.text);
    }
    void *der = stir_scope_encode(scope, len, &error);
    cr_assert_not_null(der, "%s", error.text);
    stir_scope_free(scope);
    return der;
}

/* authorityInfoAccess with each of these URLs as id-ad-stirTNList, in hex; lives on. */
static const char *access_to(const char *const *urls, size_t n)
{
    struct text all = {0}, whole = {0};
    size_t octets = 0;

    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(urls[i]);
        cr_assert_lt(len, 100);
        text_addf(&all, "30%02zx06082b0601050507300e86%02zx", len + 12, len);
        text_add_hex(&all, urls[i], len);
        octets += len + 14;
    }
    text_addf(&whole,
              octets < 128   ? "30%02zx%s"
              : octets < 256 ? "3081%02zx%s"
                             : "3082%04zx%s",
              octets, all.data);
    const char *kept = keep_text("%s", whole.data);
    text_free(&whole);
    text_free(&all);
    return kept;
}

static struct stir_verifier *verifier_for(const struct scene *scene)
{
    struct stir_config *config = scene_config(scene);
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    cr_assert_not_null(verifier, "%s: %s", scene->desc, error.text);
    stir_config_free(config);
    cr_assert_eq(stir_verifier_supply(verifier, SCENE_X5U, scene_body(scene), STIR_NUL, &error),
                 0);
    return verifier;
}

static void supply(struct stir_verifier *verifier, const char *url, const char *entries)
{
    struct stir_error error;
    size_t len;
    void *der = list_of(entries, &len);

    cr_assert_eq(stir_verifier_supply(verifier, url, der, len, &error), 0, "%s", error.text);
    free(der);
}

/* ---- What lists weigh --------------------------------------------------------------------- */

#define TWO(leaf_value, parent_value)                                                          \
    .own_chain = true,                                                                         \
    .signer = {.subject = "ACME", .stir_tn_list = LEAF_URL, .tnauthlist = leaf_value},         \
    .above = {SCA(.stir_tn_list = PARENT_URL, .tnauthlist = parent_value), STI_CA, ROOT}

static const struct {
    struct scene scene; /* SCENE_ORIG is 12155551234 */
    const char *leaf, *parent;
} weighed[] = {
    {{"R8226-10.1-1, R9060-4.1-3: both lists by reference alone", TWO(NULL, NULL), .depth = -1},
     "12155551200+100",
     "12155550000+10000"},
    {{"R9060-4.1-3: the number is not in the leaf's", TWO(NULL, NULL),
      .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
     "12155551300+100",
     "12155550000+10000"},
    {{"A-10: the parent's shrank, so the child is invalid", TWO(NULL, NULL),
      .code = STIR_CODE_NOT_ENCOMPASSED, .depth = 0,
      .sentence = "12155551250-12155551299 is not encompassed"},
     "12155551200+100",
     "12155551200+50"},
    {{"A-10, A-34: by value and by reference, the number in both",
      TWO("12155551200+100", "12155550000+10000"), .depth = -1},
     "12155551200+50",
     "12155551000+1000"},
    {{"A-10: in the list by value alone", TWO("12155551200+100", "12155550000+10000"),
      .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
     "12155551240+10",
     "12155551000+1000"},
    {{"A-10: in the list by reference alone", TWO("12155551240+10", "12155550000+10000"),
      .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
     "12155551200+50",
     "12155551000+1000"},
    {{"A-34: the child's list by value is beyond the parent's by reference",
      TWO("12155551200+100", "12155550000+10000"), .code = STIR_CODE_NOT_ENCOMPASSED,
      .depth = 0},
     "12155551200+50",
     "12155551200+50"},
    {{"A-34: the child's list by reference is beyond the parent's by value",
      TWO("12155551200+50", "12155551200+50"), .code = STIR_CODE_NOT_ENCOMPASSED, .depth = 0},
     "12155551200+100",
     "12155550000+10000"},
    {{"A-10: the same with reference_list=reference_only",
      TWO("12155551200+50", "12155551200+50"), .policy = {"reference_list", "reference_only"},
      .depth = -1},
     "12155551200+100",
     "12155550000+10000"},
    {{"reference_only: the list by value does not help",
      TWO("12155551200+100", "12155550000+10000"),
      .policy = {"reference_list", "reference_only"}, .code = STIR_CODE_ORIG_OUT_OF_SCOPE,
      .depth = 0},
     "12155551240+10",
     "12155551000+1000"},
};

Test(lists, weighed)
{
    for (size_t i = 0; i < sizeof weighed / sizeof *weighed; i++) {
        const struct scene *scene = &weighed[i].scene;
        struct stir_verifier *verifier = verifier_for(scene);
        struct stir_call *call = scene_call(scene);
        struct stir_error error;
        supply(verifier, LEAF_URL, weighed[i].leaf);
        supply(verifier, PARENT_URL, weighed[i].parent);
        for (int again = 0; again < 2; again++) { /* from the path that is kept, too */
            struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
            cr_assert_not_null(result, "%s: %s", scene->desc, error.text);
            const char *detail = stir_result_detail(result);
            cr_expect_eq(stir_result_code(result), scene->code, "%s: %s: %s", scene->desc,
                         stir_code_name(stir_result_code(result)), detail);
            cr_expect_eq(stir_result_depth(result), scene->depth, "%s: %s", scene->desc,
                         detail);
            if (scene->sentence != NULL)
                cr_expect_not_null(strstr(detail, scene->sentence), "%s: %s", scene->desc,
                                   detail);
            stir_result_free(result);
        }
        stir_call_free(call);
        stir_verifier_free(verifier);
    }
}

/* the provider's own word does for it only if both lists are SPCs only. */
Test(lists, attested)
{
    static const struct {
        const char *desc, *leaf;
        int code;
    } cases[] = {
        {"an SPC in both", "709J!", 0},
        {"a number in one", "709J!,12155551234", 0},
        {"another number in one", "709J!,12155551235", STIR_CODE_SCOPE_UNKNOWN},
    };
    static const struct scene scene = {
        "shaken", .own_chain = true, .ppt = "shaken",
        .signer = {.subject = "SHAKEN 709J", .tnauthlist = "709J", .stir_tn_list = LEAF_URL},
        .above = {STI_CA, ROOT}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_verifier *verifier = verifier_for(&scene);
        struct stir_call *call = scene_call(&scene);
        struct stir_error error;
        supply(verifier, LEAF_URL, cases[i].leaf);
        struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
        /* The list by value holds an SPC of which nothing is known, so that a number in the other
           alone leaves it unknown. */
        int code = i == 1 ? STIR_CODE_SCOPE_UNKNOWN : cases[i].code;
        cr_expect_eq(stir_result_code(result), code, "%s: %s", cases[i].desc,
                     stir_result_detail(result));
        stir_result_free(result);
        stir_call_free(call);
        stir_verifier_free(verifier);
    }
}

/* ---- When they are wanted, and what comes of each answer ----------------------------------- */

static struct stir_op *op_for(const struct scene *scene, struct stir_verifier *verifier)
{
    struct stir_call *call = scene_call(scene);
    struct stir_error error;
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, &error);

    cr_assert_not_null(op, "%s", error.text);
    stir_call_free(call);
    return op;
}

Test(lists, wanted_all_at_once_when_the_path_is_good)
{
    static const struct scene scene = {"both by reference", TWO(NULL, NULL)};
    struct stir_verifier *verifier = verifier_for(&scene);
    struct stir_op *op = op_for(&scene, verifier);
    struct stir_want *wants[2];
    struct stir_error error;
    size_t len;

    cr_assert_null(stir_op_want(op), "nothing is wanted before the path is judged");
    cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_not_null(wants[i] = stir_op_want(op));
        cr_expect_eq(wants[i]->kind, STIR_WANT_TNAUTHLIST);
        cr_expect_str_eq(wants[i]->url, i == 0 ? LEAF_URL : PARENT_URL);
        cr_expect_str_eq(wants[i]->accept, "application/tnauthlist");
        cr_expect_eq(wants[i]->limit, 16 * 1024 * 1024);
    }
    cr_assert_null(stir_op_want(op));
    void *der = list_of("12155550000+10000", &len);
    stir_want_put(wants[1], 200, der, len);
    cr_assert_eq(stir_op_step(op, &error), STIR_WANT, "one is not there yet");
    cr_assert_null(stir_op_want(op));
    free(der);
    der = list_of("12155551200+100", &len);
    stir_want_add_header(wants[0], "Content-Type", "application/tnauthlist", STIR_NUL);
    stir_want_put(wants[0], 200, der, len);
    free(der);
    cr_assert_eq(stir_op_step(op, &error), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), 0, "%s",
                 stir_result_detail(stir_op_result(op)));
    stir_op_free(op);
    stir_verifier_free(verifier);
}

static const struct {
    const char *desc;
    struct scene scene;
    int code;
} unwanted[] = {
    {"no anchor", {"", TWO(NULL, NULL), .no_anchor = true}, STIR_CODE_PATH_NO_ANCHOR},
    {"a signature that is none",
     {"", .own_chain = true,
      .signer = {.subject = "ACME", .stir_tn_list = LEAF_URL, .corrupt = true},
      .above = {SCA(.stir_tn_list = PARENT_URL), STI_CA, ROOT}},
     STIR_CODE_PATH_SIGNATURE},
    {"expired",
     {"", TWO(NULL, NULL), .now = MINT_NOT_AFTER + 1, .iat = MINT_NOT_AFTER + 1},
     STIR_CODE_CERT_EXPIRED},
    {"a gap below",
     {"", .own_chain = true, .signer = {.subject = "ACME"},
      .above = {SCA(.stir_tn_list = PARENT_URL), STI_CA, ROOT}},
     STIR_CODE_TNAUTHLIST_GAP},
    {"R8226-10.1-2: http",
     {"", .own_chain = true,
      .signer = {.subject = "ACME", .stir_tn_list = "http://lists.example.com/acme"},
      .above = {SCA(.stir_tn_list = PARENT_URL), STI_CA, ROOT}},
     STIR_CODE_TNAUTHLIST_REFERENCE},
};

Test(lists, not_wanted_of_a_path_that_is_none)
{
    for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++) {
        const struct scene *scene = &unwanted[i].scene;
        struct stir_verifier *verifier = verifier_for(scene);
        struct stir_call *call = scene_call(scene);
        struct stir_error error;
        struct stir_op *op =
            stir_op_new(verifier, call, scene->now != 0 ? scene->now : MINT_NOW, &error);
        cr_assert_eq(stir_op_step(op, &error), 0, "%s", unwanted[i].desc);
        cr_expect_eq(stir_result_code(stir_op_result(op)), unwanted[i].code, "%s: %s",
                     unwanted[i].desc, stir_result_detail(stir_op_result(op)));
        stir_op_free(op);
        stir_call_free(call);
        stir_verifier_free(verifier);
    }
}

/* One list by reference, of the leaf; every answer somebody may give. */
static const struct scene single = {
    "one", .own_chain = true, .signer = {.subject = "ACME", .stir_tn_list = LEAF_URL},
    .above = {SCA(.tnauthlist = "12155550000+10000"), STI_CA, ROOT}};

static const struct {
    const char *desc;
    const char *entries, *raw; /* of the body; raw: as it is */
    int status;
    const char *type;
    int failure; /* -1: put */
    int code, depth;
    const char *says;
} answers[] = {
    {"the list", "12155551200+100", NULL, 200, "application/tnauthlist", -1, 0, -1, NULL},
    {"without a field, as of a file", "12155551200+100", NULL, 0, NULL, -1, 0, -1, NULL},
    {"R8226-10.1-3: another media type", "12155551200+100", NULL, 200, "text/html", -1,
     STIR_CODE_TNAUTHLIST_SYNTAX, 0, "wanted media type application/tnauthlist"},
    {"R8226-10.1-3: no DER", NULL, "hello", 200, "application/tnauthlist", -1,
     STIR_CODE_TNAUTHLIST_SYNTAX, 0, "certificate 0 \"ACME\": "},
    {"R8226-10.1-3: an octet behind it", NULL,
     "\x30\x08\xa0\x06\x16\x04"
     "709Jx",
     200, "application/tnauthlist", -1, STIR_CODE_TNAUTHLIST_SYNTAX, 0, NULL},
    {"R8226-10.1-3: BER, a length in two octets", NULL,
     "\x30\x81\x08\xa0\x06\x16\x04"
     "709J",
     200, "application/tnauthlist", -1, STIR_CODE_TNAUTHLIST_SYNTAX, 0, NULL},
    {"R8226-10.1-3: an empty body", NULL, "", 200, "application/tnauthlist", -1,
     STIR_CODE_TNAUTHLIST_SYNTAX, 0, NULL},
    {"R8226-9-3: an empty list", NULL, "\x30", 200, "application/tnauthlist", -1,
     STIR_CODE_TNAUTHLIST_SYNTAX, 0, NULL},
    {"A-10: not found", NULL, "no", 404, "text/plain", -1, STIR_CODE_TNAUTHLIST_UNREACHABLE, 0,
     "wanted status 200, found 404 (RFC 8226 section 10.1)"},
    {"A-10: a redirect", NULL, "", 302, NULL, -1, STIR_CODE_TNAUTHLIST_UNREACHABLE, 0,
     "found 302"},
    {"A-10: no answer", NULL, NULL, 0, NULL, STIR_FAILURE_TIMEOUT,
     STIR_CODE_TNAUTHLIST_UNREACHABLE, 0, "did not answer in time (RFC 8226 section 10.1)"},
    {"A-10: TLS", NULL, NULL, 0, NULL, STIR_FAILURE_TLS, STIR_CODE_TNAUTHLIST_UNREACHABLE, 0,
     "TLS"},
    {"an address that policy refuses", NULL, NULL, 0, NULL, STIR_FAILURE_ADDRESS,
     STIR_CODE_X5U_REFUSED, 0, "policy does not allow"},
    {"more than 16 MiB", NULL, NULL, 0, NULL, STIR_FAILURE_TOO_LARGE, STIR_CODE_X5U_BODY, 0,
     "larger than its limit"},
};

static void give(struct stir_want *want, size_t i)
{
    size_t len = 0;
    void *der = NULL;

    if (answers[i].failure >= 0) {
        stir_want_fail(want, (enum stir_failure)answers[i].failure);
        return;
    }
    if (answers[i].entries != NULL)
        der = list_of(answers[i].entries, &len);
    if (answers[i].type != NULL)
        stir_want_add_header(want, "Content-Type", answers[i].type, STIR_NUL);
    stir_want_put(want, answers[i].status, der != NULL ? der : answers[i].raw,
                  der != NULL ? len : strlen(answers[i].raw));
    free(der);
}

Test(lists, answers)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct stir_verifier *verifier = verifier_for(&single);
        struct stir_op *op = op_for(&single, verifier);
        struct stir_error error;
        cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
        give(stir_op_want(op), i);
        cr_assert_eq(stir_op_step(op, &error), 0, "%s", answers[i].desc);
        const struct stir_result *result = stir_op_result(op);
        const char *detail = stir_result_detail(result);
        cr_expect_eq(stir_result_code(result), answers[i].code, "%s: %s: %s", answers[i].desc,
                     stir_code_name(stir_result_code(result)), detail);
        cr_expect_eq(stir_result_depth(result), answers[i].depth, "%s: %d", answers[i].desc,
                     stir_result_depth(result));
        if (answers[i].says != NULL)
            cr_expect_not_null(strstr(detail, answers[i].says), "%s: %s", answers[i].desc,
                               detail);
        stir_op_free(op);
        stir_verifier_free(verifier);
    }
}

/* ---- Several locations (A-10) --------------------------------------------------------------- */

static const char *const two_urls[] = {LEAF_URL, SECOND_URL};

static struct stir_op *op_of_locations(const char *const *urls, size_t n,
                                       struct stir_verifier **verifier)
{
    struct mint_extension extensions[] = {{"1.3.6.1.5.5.7.1.1", false, access_to(urls, n)},
                                          {0}};
    struct scene scene = {"locations", .own_chain = true,
                          .signer = {.subject = "ACME", .extensions = extensions},
                          .above = {SCA(.tnauthlist = "12155550000+10000"), STI_CA, ROOT}};

    *verifier = verifier_for(&scene);
    return op_for(&scene, *verifier);
}

static int64_t clock_of(void *arg)
{
    return *(const int64_t *)arg;
}

/* Answers the call's one list; true: it was wanted. */
static bool answer_list(struct stir_op *op, int status, const void *der, size_t len)
{
    if (stir_op_step(op, NULL) != STIR_WANT)
        return false;
    struct stir_want *want = stir_op_want(op);
    cr_assert(want != NULL && want->kind == STIR_WANT_TNAUTHLIST);
    stir_want_put(want, status, der, len);
    cr_assert_eq(stir_op_step(op, NULL), 0);
    return true;
}

static bool is_warned(const struct stir_result *result, const char *name)
{
    const char *warning;

    for (size_t i = 0; (warning = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(warning, name, strlen(name)) == 0)
            return true;
    return false;
}

/* A copy that has expired is used where policy says so, and that is told. */
Test(lists, stale_copies)
{
    static const struct {
        const char *desc, *policy;
        int code;
    } cases[] = {
        {"as by default", NULL, STIR_CODE_TNAUTHLIST_UNREACHABLE},
        {"stale_if_error=0,1h", "0,1h", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene = single;
        size_t len;
        scene.policy[0] = cases[i].policy == NULL ? NULL : "stale_if_error";
        scene.policy[1] = cases[i].policy;
        struct stir_verifier *verifier = verifier_for(&scene);
        int64_t now = MINT_NOW;
        verifier->memory->clock = clock_of;
        verifier->memory->clock_arg = &now;
        void *der = list_of("12155551200+100", &len);
        for (int call = 0; call < 2; call++, now += 1800) {
            struct stir_op *op = op_for(&scene, verifier);
            cr_expect(answer_list(op, call == 0 ? 200 : 500, der, len), "%s", cases[i].desc);
            const struct stir_result *result = stir_op_result(op);
            cr_expect_eq(stir_result_code(result), call == 0 ? 0 : cases[i].code, "%s: %s",
                         cases[i].desc, stir_result_detail(result));
            cr_expect_eq(is_warned(result, "tnauthlist-stale: "),
                         call == 1 && cases[i].policy != NULL, "%s", cases[i].desc);
            stir_op_free(op);
        }
        free(der);
        stir_verifier_free(verifier);
    }
}

Test(lists, the_next_location_when_one_gives_none)
{
    struct stir_verifier *verifier;
    struct stir_op *op = op_of_locations(two_urls, 2, &verifier);
    struct stir_error error;
    size_t len;

    cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
    struct stir_want *want = stir_op_want(op);
    cr_expect_str_eq(want->url, LEAF_URL);
    cr_assert_null(stir_op_want(op), "the second is not wanted unless the first fails");
    stir_want_put(want, 503, "", 0);
    cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
    want = stir_op_want(op);
    cr_assert_not_null(want);
    cr_expect_str_eq(want->url, SECOND_URL);
    void *der = list_of("12155551200+100", &len);
    stir_want_put(want, 200, der, len);
    free(der);
    cr_assert_eq(stir_op_step(op, &error), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), 0, "%s",
                 stir_result_detail(stir_op_result(op)));
    stir_op_free(op);
    stir_verifier_free(verifier);
}

Test(lists, what_is_malformed_somewhere_beats_what_is_out_of_reach)
{
    struct stir_verifier *verifier;
    struct stir_op *op = op_of_locations(two_urls, 2, &verifier);
    struct stir_error error;

    cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
    stir_want_put(stir_op_want(op), 503, "", 0);
    cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
    stir_want_put(stir_op_want(op), 200, "x", 1);
    cr_assert_eq(stir_op_step(op, &error), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_TNAUTHLIST_SYNTAX, "%s",
                 stir_result_detail(stir_op_result(op)));
    stir_op_free(op);
    stir_verifier_free(verifier);
}

Test(lists, at_most_ten_urls_for_a_call)
{
    struct stir_verifier *verifier;
    const char *urls[12];
    char room[12][40];
    struct stir_error error;
    int n = 0;

    for (size_t i = 0; i < 12; i++) {
        snprintf(room[i], sizeof room[i], "https://lists.example.com/%zu", i);
        urls[i] = room[i];
    }
    struct stir_op *op = op_of_locations(urls, 12, &verifier);
    while (stir_op_step(op, &error) == STIR_WANT) {
        struct stir_want *want = stir_op_want(op);
        cr_assert_not_null(want);
        stir_want_fail(want, STIR_FAILURE_CONNECT);
        n++;
    }
    cr_expect_eq(n, 10);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_X5U_REFUSED, "%s",
                 stir_result_detail(stir_op_result(op)));
    stir_op_free(op);
    stir_verifier_free(verifier);
}

Test(lists, expire_while_waiting)
{
    struct stir_verifier *verifier = verifier_for(&single);
    struct stir_op *op = op_for(&single, verifier);
    struct stir_error error;

    cr_assert_eq(stir_op_step(op, &error), STIR_WANT);
    stir_op_expire(op);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_DEADLINE);
    stir_op_free(op);
    stir_verifier_free(verifier);
}

/* ---- What a result shows -------------------------------------------------------------------- */

Test(lists, scope_and_json_of_a_result)
{
    struct stir_verifier *verifier = verifier_for(&single);
    struct stir_call *call = scene_call(&single);
    struct stir_error error;
    struct stir_entry entry;

    supply(verifier, LEAF_URL, "12155551200+100");
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    const struct stir_certificate *leaf = stir_result_certificate(result, 0);
    cr_assert(stir_scope_entry(stir_certificate_scope(leaf), 0, &entry));
    cr_expect_str_eq(entry.first, "12155551200");
    char *json = stir_result_json(result, &error);
    cr_expect_not_null(strstr(json, "\"first\": \"12155551200\""), "%s", json);
    cr_expect_not_null(strstr(json, "\"tnauthlist_url\": \"" LEAF_URL "\""), "%s", json);
    free(json);
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* What is given for every x5u is no list. */
Test(lists, a_body_for_every_url_is_none)
{
    struct stir_verifier *verifier = verifier_for(&single);
    struct stir_call *call = scene_call(&single);
    struct stir_error error;

    cr_assert_eq(stir_verifier_supply(verifier, NULL, scene_body(&single), STIR_NUL, &error),
                 0);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    cr_expect_eq(stir_result_code(result), STIR_CODE_TNAUTHLIST_UNREACHABLE, "%s",
                 stir_result_detail(result));
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* R9060-5-1: before signing, too. */
Test(lists, signer)
{
    static const struct {
        const char *entries;
        int code;
    } cases[] = {{"12155551200+100", 0},
                 {"12155551300+100", STIR_CODE_ORIG_OUT_OF_SCOPE},
                 {NULL, STIR_CODE_TNAUTHLIST_UNREACHABLE}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_verifier *verifier = verifier_for(&single);
        struct stir_error error;
        struct stir_chain *chain = stir_chain_parse(scene_body(&single), STIR_NUL, &error);
        if (cases[i].entries != NULL)
            supply(verifier, LEAF_URL, cases[i].entries);
        struct stir_signer *signer = stir_signer_new(verifier, chain, NULL, NULL, &error);
        struct stir_passport *passport = stir_passport_new("", NULL, &error);
        cr_assert_eq(stir_passport_set(passport, "orig", SCENE_ORIG, &error), 0);
        struct stir_result *result =
            stir_signer_precheck(signer, passport, MINT_NOW, 0, &error);
        cr_expect_eq(stir_result_code(result), cases[i].code, "%s", stir_result_detail(result));
        stir_result_free(result);
        stir_passport_free(passport);
        stir_signer_free(signer);
        stir_chain_free(chain);
        stir_verifier_free(verifier);
    }
}

/* ---- Read in slices ------------------------------------------------------------------------ */

/* Every second number from 12155551234 on; good false: the last entry is none. */
static struct body *long_list(unsigned n, bool good)
{
    struct der_writer writer = {0};
    char text[16];
    size_t len;

    for (unsigned i = 0; i < n; i++) {
        size_t from = writer.len;
        snprintf(text, sizeof text, "12%09u", 155551234 + i * 2);
        if (!good && i == n - 1)
            text[3] = 'x';
        der_write(&writer, DER_IA5_STRING, text, strlen(text));
        der_wrap(&writer, DER_CONTEXT(2), from);
    }
    der_wrap(&writer, DER_SEQUENCE, 0);
    void *der = der_writer_take(&writer, &len);
    struct body *body = body_new(der, len);
    free(der);
    cr_assert_not_null(body);
    return body;
}

static struct stir_certificate *certificate_of(const struct mint *spec)
{
    const struct minted *minted = mint_make(spec, NULL);
    struct stir_certificate *certificate;

    cr_assert_eq(certificate_new(minted->der, minted->len, &es256_gnutls, &certificate), 0);
    return certificate;
}

/* who has a small budget reads a slice at a time; what one has read is there for the next
   one, whatever certificate refers to the list, and what is no list is known to be none. */
Test(lists, opened_in_slices)
{
    enum { ENTRIES = 5000 };

    for (int good = 0; good < 2; good++) {
        struct list_cache *cache = list_cache_new();
        struct stir_certificate *one = certificate_of(&(struct mint){.subject = "One"}),
                                *other = certificate_of(&(struct mint){.subject = "Other"}),
                                *with = NULL, *with_too = NULL, *whole = NULL;
        struct body *body = long_list(ENTRIES, good);
        struct stir_error error, same, wanted;
        size_t budget = BUDGET_SLICE, all = SIZE_MAX;
        int slices = 0, rc;
        error_clear(&error);
        error_clear(&same);
        error_clear(&wanted);
        for (; (rc = list_cache_open(cache, slices % 2 == 0 ? one : other, body, &budget, &with,
                                     &error))
               == BUDGET_GONE;
             budget = BUDGET_SLICE)
            slices++;
        cr_expect_gt(slices, 3, "%d slices", slices);
        cr_expect_eq(rc, good ? 0 : STIR_CODE_TNAUTHLIST_SYNTAX, "%s", error.text);
        cr_expect_eq(list_cache_open(cache, other, body, &budget, &with_too, &same), rc);
        cr_expect_str_eq(same.text, error.text);
        cr_expect_eq(list_cache_open(NULL, one, body, &all, &whole, &wanted), rc);
        cr_expect_str_eq(wanted.text, error.text);
        if (good) {
            cr_expect_eq(with->fetched, with_too->fetched, "one scope for both");
            cr_expect_eq(whole->fetched->n_entries, with->fetched->n_entries);
            cr_expect_eq(with->fetched->n_ranges, ENTRIES);
        }
        list_cache_free(cache); /* what was handed out lives on */
        cr_expect(!good || scope_has_tn(with->fetched, "12155551236", 11));
        body_free(body);
        certificate_free(with);
        certificate_free(with_too);
        certificate_free(whole);
        certificate_free(one);
        certificate_free(other);
    }
}

/* A list that is given up in the middle. */
Test(lists, half_read)
{
    struct list_cache *cache = list_cache_new();
    struct stir_certificate *certificate = certificate_of(&(struct mint){.subject = "One"}),
                            *with;
    struct body *body = long_list(5000, true);
    size_t budget = BUDGET_SLICE;

    cr_expect_eq(list_cache_open(cache, certificate, body, &budget, &with, NULL), BUDGET_GONE);
    body_free(body);
    list_cache_free(cache);
    certificate_free(certificate);
}

/* A call keeps its deadline while it reads; what it read is not lost to the next ones. Stepped
   by hand, who would not know when to step again, it reads to the end. */
Test(lists, a_long_list_and_a_deadline)
{
    struct scene scene = {"a long list", TWO(NULL, NULL), .depth = -1};
    struct stir_verifier *verifier = verifier_for(&scene);
    struct stir_call *call = scene_call(&scene);
    struct body *leaf = long_list(200000, true), *parent = long_list(200001, true);
    struct stir_error error;
    int calls = 0, code = STIR_CODE_DEADLINE;

    cr_assert_eq(stir_verifier_supply(verifier, LEAF_URL, leaf->data, leaf->len, &error), 0);
    cr_assert_eq(stir_verifier_supply(verifier, PARENT_URL, parent->data, parent->len, &error),
                 0);
    for (; code == STIR_CODE_DEADLINE && calls < 10000; calls++) {
        struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 1, &error);
        cr_assert_not_null(result, "%s", error.text);
        code = stir_result_code(result);
        stir_result_free(result);
    }
    cr_expect_eq(code, STIR_CODE_OK, "%s", stir_code_name(code));
    cr_expect_gt(calls, 1, "%d calls", calls);
    stir_verifier_free(verifier);

    verifier = verifier_for(&scene);
    stir_verifier_supply(verifier, LEAF_URL, leaf->data, leaf->len, NULL);
    stir_verifier_supply(verifier, PARENT_URL, parent->data, parent->len, NULL);
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, &error);
    cr_expect_eq(stir_op_step(op, &error), 0, "%s", error.text);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_OK);
    stir_op_free(op);
    stir_verifier_free(verifier);
    stir_call_free(call);
    body_free(leaf);
    body_free(parent);
}
