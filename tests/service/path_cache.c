/* Paths that a verifier keeps: a hit skips nothing that depends on the call, the time or the
   configuration. */
#include "service/path_cache.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "service/verifier.h"
#include "tests/scene.h"

static const uint8_t *digest_of(unsigned i)
{
    static uint8_t digest[DIGEST_SHA256_SIZE];

    digest[0] = 7; /* one set */
    digest[1] = (uint8_t)i;
    return digest;
}

static bool has(struct path_cache *cache, unsigned i, int64_t now)
{
    struct path path = {0};
    struct warnings warnings = {0};
    int found = path_cache_find(cache, digest_of(i), 1, now, &path, &warnings);

    if (found == 1) {
        cr_expect_eq(path.n, 1);
        cr_expect(path.anchored);
        cr_expect_eq(warnings.n, 1);
    }
    path_free(&path);
    warnings_free(&warnings);
    return found == 1;
}

static struct stir_chain *chain_of_times(int64_t not_before, int64_t not_after)
{
    const struct mint spec = {
        .subject = "A", .key = "a", .not_before = not_before, .not_after = not_after};
    struct stir_error error;
    struct stir_chain *chain = stir_chain_parse(mint_make(&spec, NULL)->pem, STIR_NUL, &error);

    cr_assert_not_null(chain, "%s", error.text);
    return chain;
}

static void put(struct path_cache *cache, unsigned i, int64_t now,
                const struct stir_chain *chain, const struct anchors *anchors)
{
    struct path path = {.certificates = {chain->certificates[0]}, .n = 1, .anchored = true};
    struct warnings warnings = {0};

    cr_assert_eq(warnings_add(&warnings, WARNING_PATH_ORDER, "odd"), 0);
    cr_assert_eq(path_cache_put(cache, digest_of(i), 1, now, chain, anchors, &path, &warnings),
                 0);
    warnings_free(&warnings);
}

/* Every beginning and end of validity, of the list and of every anchor, is an end of the time
   for which a path is kept; that of a certificate not in the path, too, since it might be. */
Test(path_cache, keeps_for_as_long_as_nothing_begins_or_ends)
{
    enum { T = MINT_NOW };
    static const struct {
        const char *desc;
        int64_t listed[2], anchor[2], at;
        bool kept;
    } cases[] = {
        {"the same time", {T - 9, T + 9}, {T - 20, T + 20}, T, true},
        {"the list's last second", {T - 9, T + 9}, {T - 20, T + 20}, T + 9, true},
        {"a second later", {T - 9, T + 9}, {T - 20, T + 20}, T + 10, false},
        {"the list's first second", {T - 9, T + 9}, {T - 20, T + 20}, T - 9, true},
        {"a second before", {T - 9, T + 9}, {T - 20, T + 20}, T - 10, false},
        {"the anchor's last second", {T - 90, T + 90}, {T - 20, T + 20}, T + 20, true},
        {"a second after the anchor", {T - 90, T + 90}, {T - 20, T + 20}, T + 21, false},
        {"before an anchor begins", {T - 90, T + 90}, {T + 5, T + 20}, T + 4, true},
        {"an anchor begins", {T - 90, T + 90}, {T + 5, T + 20}, T + 5, false},
        {"after an anchor's end", {T - 90, T + 90}, {T - 20, T - 5}, T - 4, true},
        {"when it had not ended", {T - 90, T + 90}, {T - 20, T - 5}, T - 5, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct path_cache *cache = path_cache_new();
        struct stir_chain *chain = chain_of_times(cases[i].listed[0], cases[i].listed[1]);
        struct stir_chain *root = chain_of_times(cases[i].anchor[0], cases[i].anchor[1]);
        struct anchors anchors = {root->certificates, 1};
        put(cache, 1, MINT_NOW, chain, &anchors);
        cr_expect_eq(has(cache, 1, cases[i].at), cases[i].kept, "%s", cases[i].desc);
        cr_expect_not(has(cache, 2, MINT_NOW), "%s: another list", cases[i].desc);
        path_cache_free(cache);
        stir_chain_free(chain);
        stir_chain_free(root);
    }
}

Test(path_cache, is_bounded_and_forgets_what_was_not_asked_for_longest)
{
    struct path_cache *cache = path_cache_new();
    struct stir_chain *chain = chain_of_times(0, 0);
    const struct anchors none = {NULL, 0};

    for (unsigned i = 0; i < 4; i++)
        put(cache, i, MINT_NOW, chain, &none);
    put(cache, 3, MINT_NOW, chain, &none); /* again: takes no more room */
    cr_expect(has(cache, 0, MINT_NOW));
    put(cache, 4, MINT_NOW, chain, &none);
    cr_expect(has(cache, 0, MINT_NOW));
    cr_expect_not(has(cache, 1, MINT_NOW));
    cr_expect(has(cache, 2, MINT_NOW) && has(cache, 3, MINT_NOW) && has(cache, 4, MINT_NOW));
    path_cache_free(cache);
    stir_chain_free(chain);
}

static int judge(struct stir_verifier *verifier, const struct scene *scene, int64_t now)
{
    struct stir_error error;
    struct stir_call *call = scene_call(scene);
    struct stir_result *result = stir_verify(verifier, call, now, 0, &error);

    cr_assert_not_null(result, "%s: %s", scene->desc, error.text);
    int code = stir_result_code(result);
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* R8224-6.2, R8226-9, A-24: what is asked of every call is asked of one whose path is known. */
Test(path_cache, a_known_path_vouches_for_nothing_else)
{
    static const struct scene good = {.desc = "good"},
                              bad = {.desc = "corrupt", .corrupt = true},
                              foreign = {.desc = "foreign number", .orig = "12155559999"},
                              late = {.desc = "late", .iat = MINT_NOT_AFTER + 1};
    static const struct mint other_root = {.subject = "Another Root", .ca = MINT_YES};
    struct stir_error error;
    struct stir_config *config = scene_config(&good), *other = stir_config_new();
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    cr_assert_eq(stir_verifier_supply(verifier, SCENE_X5U, scene_body(&good), STIR_NUL, &error),
                 0);
    for (int i = 0; i < 2; i++) {
        cr_expect_eq(judge(verifier, &good, MINT_NOW), 0);
        cr_expect_eq(judge(verifier, &bad, MINT_NOW), STIR_CODE_BAD_SIGNATURE);
        cr_expect_eq(judge(verifier, &foreign, MINT_NOW), STIR_CODE_ORIG_OUT_OF_SCOPE);
        cr_expect_eq(judge(verifier, &late, MINT_NOT_AFTER + 1), STIR_CODE_CERT_EXPIRED);
    }
    /* Other anchors, and nothing is known. */
    cr_assert_eq(stir_config_set_data(other, "anchors", mint_make(&other_root, NULL)->pem,
                                      STIR_NUL, &error),
                 0);
    cr_assert_eq(stir_verifier_reload(verifier, other, &error), 0);
    cr_expect_eq(judge(verifier, &good, MINT_NOW), STIR_CODE_PATH_NO_ANCHOR);
    cr_assert_eq(stir_verifier_reload(verifier, config, &error), 0);
    cr_expect_eq(judge(verifier, &good, MINT_NOW), 0);
    /* Another list at the same URL is another list. */
    cr_assert_eq(stir_verifier_supply(verifier, SCENE_X5U, "no list", STIR_NUL, &error), 0);
    cr_expect_eq(judge(verifier, &good, MINT_NOW), STIR_CODE_X5U_BODY);
    stir_verifier_free(verifier);
    stir_config_free(config);
    stir_config_free(other);
}
