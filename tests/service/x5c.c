/* rules/x5c and what service makes of it: certificates in the token itself (R9060-7-1, RFC 7515
   section 4.1.6, A-21). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/verifier.h"
#include "tests/mint_octets.h"
#include "tests/scene.h"

static const char *header_of(const char *x5c, bool has_x5u)
{
    return keep_text("{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5c\":%s%s}", x5c,
                     has_x5u ? ",\"x5u\":\"" SCENE_X5U "\"" : "");
}

/* The delegate's list, of which letters are in x5c: d(elegate), p(rovider), s(TI-CA), r(oot),
   x: a stranger. */
static const char *list_of(const char *letters)
{
    static const struct mint stranger = {.subject = "Stranger", .ca = MINT_YES};
    static const struct minted *made[5];
    const struct minted *list[16];
    size_t n = 0;

    if (made[0] == NULL) {
        made[0] = mint_make(&mint_delegate, &mint_spc_ca);
        made[1] = mint_make(&mint_spc_ca, &mint_sti_ca);
        made[2] = mint_make(&mint_sti_ca, &mint_root);
        made[3] = mint_make(&mint_root, NULL);
        made[4] = mint_make(&stranger, NULL);
    }
    for (; letters[n] != '\0'; n++)
        list[n] = made[strchr("dpsrx", letters[n]) - "dpsrx"];
    return mint_pem_list_n(list, n);
}

static const char *x5c_of(const char *letters)
{
    return mint_x5c(list_of(letters));
}

/* What is at x5u is good in every case, so that whatever fell back to it would be valid. */
struct inlined {
    const char *desc;
    const char *letters; /* the list; NULL: */
    const char *x5c;     /* the member's value */
    const char *mode;    /* of policy x5c; NULL: prefer */
    bool no_x5u, nothing, no_info, other_info, no_anchor, other_key;
    const char *orig;
    int code, depth;
    const char *sentence;
};

static const struct inlined cases[] = {
    {"the whole list (R9060-7-1)", "dps", .depth = -1, .sentence = "has authority over"},
    {"the anchor too", "dpsr", .depth = -1},
    {"nothing is at x5u", "dps", .nothing = true, .depth = -1},
    {"nothing is at x5u, and policy is off", "dps", .nothing = true, .mode = "off",
     .code = STIR_CODE_X5U_UNREACHABLE, .depth = -1},
    {"no x5u, nothing for info to mirror", "dps", .no_x5u = true, .depth = -1},
    {"no x5u, and policy is off", "dps", .no_x5u = true, .mode = "off",
     .code = STIR_CODE_X5U_MISSING, .depth = -1},
    {"no x5u and no info, which the grammar wants", "dps", .no_x5u = true, .no_info = true,
     .code = STIR_CODE_INFO_MISSING, .depth = -1},
    {"an x5u that info does not mirror", "dps", .other_info = true,
     .code = STIR_CODE_X5U_MISMATCH, .depth = -1},
    {"another's key", "dps", .other_key = true, .code = STIR_CODE_BAD_SIGNATURE, .depth = 0},
    {"a number that is not the signer's", "dps", .orig = "12155551300",
     .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
    {"another anchor", "dps", .no_anchor = true, .code = STIR_CODE_PATH_NO_ANCHOR, .depth = 2},
    /* No fallback: what is at x5u would be valid. */
    {"swapped", "dsp", .code = STIR_CODE_PATH_ORDER, .depth = 0},
    {"twice the same (path_order)", "dpps", .code = STIR_CODE_PATH_ORDER, .depth = 1},
    {"a stranger behind (path_order)", "dpsx", .code = STIR_CODE_PATH_ORDER, .depth = 2},
    {"the signer alone", "d", .code = STIR_CODE_PATH_NO_ANCHOR, .depth = 0},
    {"a CA first", "ps", .code = STIR_CODE_SIGNER_IS_CA, .depth = 0},
    {"10 certificates", "dpssssssss", .code = STIR_CODE_PATH_ORDER, .depth = 2},
    {"11 certificates", "dpsssssssss", .code = STIR_CODE_LIST_TOO_LONG, .depth = -1,
     .sentence = "11 certificates, wanted: at most 10"},
    {"no array", NULL, "\"MAA=\"", .code = STIR_CODE_X5U_BODY, .depth = -1,
     .sentence = "x5c is a string"},
    {"an empty array", NULL, "[]", .code = STIR_CODE_X5U_BODY, .depth = -1,
     .sentence = "empty"},
    {"null", NULL, "null", .code = STIR_CODE_X5U_BODY, .depth = -1},
    {"a number among them", NULL, "[\"MAA=\",1]", .code = STIR_CODE_X5U_BODY, .depth = -1,
     .sentence = "entry 1 of x5c is a number"},
    {"an empty entry", NULL, "[\"\"]", .code = STIR_CODE_X5U_BODY, .depth = -1,
     .sentence = "not base64"},
    {"base64url (RFC 7515 section 4.1.6)", NULL, "[\"MA-_\"]", .code = STIR_CODE_X5U_BODY,
     .depth = -1, .sentence = "\"MA-_\", is not base64"},
    {"base64 of no certificate", NULL, "[\"MA+/\"]", .code = STIR_CODE_CERT_SYNTAX, .depth = 0},
    {"not padded", NULL, "[\"MA\"]", .code = STIR_CODE_X5U_BODY, .depth = -1},
    {"padded, no certificate", NULL, "[\"MA==\"]", .code = STIR_CODE_CERT_SYNTAX, .depth = 0},
    {"bits behind the last octet", NULL, "[\"MB==\"]", .code = STIR_CODE_X5U_BODY, .depth = -1},
    {"a line feed", NULL, "[\"MA==\\n\"]", .code = STIR_CODE_X5U_BODY, .depth = -1,
     .sentence = "MA==\\x0A"},
    {"the end of a block, and more behind it", NULL,
     "[\"MA==\\n-----END CERTIFICATE-----\\n-----BEGIN CERTIFICATE-----\\nMA==\"]",
     .code = STIR_CODE_X5U_BODY, .depth = -1},
};

static struct scene scene_of(const struct inlined *inlined)
{
    const char *x5c = inlined->x5c != NULL ? inlined->x5c : x5c_of(inlined->letters);

    return (struct scene){.desc = inlined->desc,
                          .header = header_of(x5c, !inlined->no_x5u),
                          .body = list_of("dps"),
                          .nothing = inlined->nothing,
                          .no_anchor = inlined->no_anchor,
                          .key = inlined->other_key ? "somebody else" : NULL,
                          .orig = inlined->orig,
                          .parameters = inlined->no_info ? ";alg=ES256"
                                        : inlined->other_info
                                            ? ";info=<https://b.example.com/x>"
                                            : NULL,
                          .policy = {"x5c", inlined->mode != NULL ? inlined->mode : "prefer"},
                          .code = inlined->code,
                          .depth = inlined->depth,
                          .sentence = inlined->sentence};
}

Test(x5c, list)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene = scene_of(&cases[i]);
        scene_expect(&scene);
    }
}

/* what the outside hears. */
Test(x5c, outward)
{
    static const struct {
        const char *x5c;
        int status;
    } rows[] = {{"[\"-\"]", 436}, {"[\"MA==\"]", 437}};

    for (size_t i = 0; i < 2; i++) {
        struct scene scene = scene_of(&(struct inlined){.desc = "outward", .x5c = rows[i].x5c});
        struct stir_result *result = scene_judge(&scene);
        cr_expect_eq(stir_result_sip_status(result, NULL), rows[i].status, "%s", rows[i].x5c);
        cr_expect_eq(stir_result_verdict(result), STIR_INVALID);
        stir_result_free(result);
    }
    /* What was looked at: the token's x5u as it is, and not an info that nobody read. */
    struct scene with = scene_of(&cases[0]),
                 without = scene_of(
                     &(struct inlined){.desc = "no x5u", .letters = "dps", .no_x5u = true});
    struct stir_result *first = scene_judge(&with), *second = scene_judge(&without);
    cr_expect_str_eq(stir_result_x5u(first), SCENE_X5U);
    cr_expect_null(stir_result_x5u(second));
    stir_result_free(first);
    stir_result_free(second);
}

/* ---- Wants ---- */

struct driven {
    struct stir_config *config;
    struct stir_verifier *verifier;
};

static void start(struct driven *driven, const struct scene *scene)
{
    struct stir_error error;

    driven->config = scene_config(scene);
    driven->verifier = stir_verifier_new(driven->config, &error);
    cr_assert_not_null(driven->verifier, "%s", error.text);
}

static void stop(struct driven *driven)
{
    stir_verifier_free(driven->verifier);
    stir_config_free(driven->config);
}

/* Steps it once: what it wants (STIR_WANT_SPC: nothing, and it is done), and its code. */
static int step(struct driven *driven, const struct scene *scene, enum stir_want_kind *kind)
{
    struct stir_call *call = scene_call(scene);
    struct stir_op *op = stir_op_new(driven->verifier, call, MINT_NOW, NULL);
    int rc = stir_op_step(op, NULL), code = stir_result_code(stir_op_result(op));
    struct stir_want *want = stir_op_want(op);

    *kind = want == NULL ? STIR_WANT_SPC : want->kind;
    cr_expect_eq(rc == STIR_WANT, want != NULL, "%s", scene->desc);
    if (want != NULL)
        stir_want_fail(want, STIR_FAILURE_CANCELLED);
    stir_op_free(op);
    stir_call_free(call);
    return code;
}

Test(x5c, nothing_is_wanted)
{
    static const struct inlined rows[] = {
        {.desc = "good", .letters = "dps"},
        {"broken, with an x5u", NULL, "[\"!\"]", .code = STIR_CODE_X5U_BODY},
        {"broken path, with an x5u", "dsp", .code = STIR_CODE_PATH_ORDER},
        {"off", "dps", .mode = "off", .code = -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene = scene_of(&rows[i]);
        struct driven driven;
        enum stir_want_kind kind;
        start(&driven, &scene);
        for (int again = 0; again < 2; again++) {
            int code = step(&driven, &scene, &kind);
            if (rows[i].code >= 0)
                cr_expect_eq(code, rows[i].code, "%s: %d", scene.desc, code);
            cr_expect_eq(kind, rows[i].code < 0 ? STIR_WANT_CERTIFICATES : STIR_WANT_SPC, "%s",
                         scene.desc);
        }
        stop(&driven);
    }
}

/* Lists by reference are wanted when the path's signatures reach an anchor, and not before. */
Test(x5c, lists_by_reference)
{
    static const struct mint signer = {.subject = "Referring",
                                       .stir_tn_list = "https://lists.example.com/a"};

    for (int anchored = 0; anchored < 2; anchored++) {
        const char *pem = mint_pem_list(mint_make(&signer, &mint_spc_ca),
                                        mint_make(&mint_spc_ca, &mint_sti_ca),
                                        mint_make(&mint_sti_ca, &mint_root), NULL);
        struct scene scene = {.desc = anchored ? "anchored" : "not anchored",
                              .header = header_of(mint_x5c(pem), true),
                              .key = "Referring",
                              .no_anchor = !anchored,
                              .policy = {"x5c", "prefer", "fetch", "caller"}};
        struct driven driven;
        enum stir_want_kind kind;
        start(&driven, &scene);
        int code = step(&driven, &scene, &kind);
        cr_expect_eq(kind, anchored ? STIR_WANT_TNAUTHLIST : STIR_WANT_SPC, "%s", scene.desc);
        cr_expect(anchored || code == STIR_CODE_PATH_NO_ANCHOR, "%d", code);
        stop(&driven);
    }
}

/* ---- What is kept ---- */

static int judge(struct driven *driven, const struct scene *scene)
{
    struct stir_call *call = scene_call(scene);
    struct stir_result *result = stir_verify(driven->verifier, call, MINT_NOW, 0, NULL);
    int code = stir_result_code(result);

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

static struct path_cache_counts counts_of(const struct driven *driven)
{
    struct path_cache_counts counts;

    path_cache_count(driven->verifier->memory->paths, &counts);
    return counts;
}

/* By what was sent, whichever way it came; of the same octets the same is true. A reload judges it
   anew, and a hit spares nothing that is asked of every call. */
Test(x5c, its_path_is_kept)
{
    struct scene good = scene_of(&(struct inlined){.desc = "good", .letters = "dps"}),
                 forged = scene_of(
                     &(struct inlined){.desc = "forged", .letters = "dps", .other_key = true}),
                 other = scene_of(&(struct inlined){.desc = "another list", .letters = "dpsr"}),
                 at_x5u = {.desc = "by x5u", .body = list_of("dps")};
    struct driven driven;

    start(&driven, &good);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(judge(&driven, &good), 0);
    cr_expect_eq(counts_of(&driven).built, 1);
    cr_expect_eq(counts_of(&driven).hits, 2);
    cr_expect_eq(judge(&driven, &forged), STIR_CODE_BAD_SIGNATURE);
    cr_expect_eq(judge(&driven, &other), 0);
    cr_expect_eq(counts_of(&driven).built, 2);

    stir_verifier_supply(driven.verifier, SCENE_X5U, list_of("dps"), STIR_NUL, NULL);
    cr_expect_eq(judge(&driven, &at_x5u), 0);
    cr_expect_eq(counts_of(&driven).built, 2, "the same list, by x5u");

    cr_assert_eq(stir_verifier_reload(driven.verifier, driven.config, NULL), 0);
    cr_expect_eq(judge(&driven, &good), 0);
    cr_expect_eq(counts_of(&driven).built, 3);
    stop(&driven);
}

/* The path of a token's own list says nothing about the host of an x5u that nobody asked. */
Test(x5c, no_host_gets_known_by_it)
{
    struct scene good = scene_of(&(struct inlined){.desc = "good", .letters = "dps"});
    struct driven driven;

    start(&driven, &good);
    cr_expect_eq(judge(&driven, &good), 0);
    cr_expect_not(
        cache_host_is_known(driven.verifier->memory->cache, "certificates.example.com"));
    struct stir_rows *rows = stir_verifier_list(driven.verifier, STIR_LIST_CACHE, NULL);
    cr_expect_null(stir_rows_text(rows, 0, "url"));
    stir_rows_free(rows);
    stop(&driven);
}

/* Status is asked as of any other (stage status). */
Test(x5c, status)
{
    struct scene good = scene_of(&(struct inlined){.desc = "good", .letters = "dps"});
    struct stir_config *config = scene_config(&good);
    struct stir_error error;

    cr_assert_eq(stir_config_set_data(config, "decisions", "deny spc 709J\n", STIR_NUL, &error),
                 0, "%s", error.text);
    struct driven driven = {config, stir_verifier_new(config, &error)};
    cr_expect_eq(judge(&driven, &good), STIR_CODE_SIGNER_DENIED);
    stop(&driven);
}

/* As many different lists of one call are looked at as URLs are: four. The same one again is no
   other. */
Test(x5c, at_most_four_lists)
{
    static const char *const letters[] = {"d", "d", "dp", "dx", "ds", "dr", "dps"};
    enum { FOUR = 5 };
    struct scene scene = scene_of(&(struct inlined){.desc = "lists", .letters = "dps"});
    struct stir_call *call = stir_call_new();
    struct driven driven;

    stir_call_add_header(call, "From", SCENE_ORIG, STIR_NUL);
    stir_call_add_header(call, "To", SCENE_DEST, STIR_NUL);
    for (size_t i = 0; i < 7; i++) {
        struct scene one = scene_of(&(struct inlined){.desc = "one", .letters = letters[i]});
        char *identity = scene_identity(&one);
        stir_call_add_header(call, "Identity", identity, STIR_NUL);
        free(identity);
    }
    start(&driven, &scene);
    struct stir_result *result = stir_verify(driven.verifier, call, MINT_NOW, 0, NULL);
    for (size_t i = 0; i < 7; i++) {
        const struct stir_result *one = stir_result_identity(result, i);
        cr_expect_eq(stir_result_code(one),
                     i < FOUR ? STIR_CODE_PATH_NO_ANCHOR : STIR_CODE_X5U_REFUSED, "%s: %s",
                     letters[i], stir_result_detail(one));
    }
    stir_result_free(result);
    stir_call_free(call);
    stop(&driven);
}
