/* Paths that a verifier keeps: a hit skips nothing that depends on the call, the time or the
   configuration. */
#include "service/path_cache.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "fetch/cache.h"
#include "service/verifier.h"
#include "tests/scene.h"

static const uint8_t *digest_of(unsigned i)
{
    static uint8_t digests[1024][DIGEST_SHA256_SIZE];

    digests[i][0] = 7;
    digests[i][1] = (uint8_t)i;
    digests[i][2] = (uint8_t)(i >> 8);
    return digests[i];
}

static struct path_key key_of(unsigned i, int64_t now)
{
    return (struct path_key){digest_of(i), NULL, 1, now, MINT_NOW};
}

/* A reference; NULL: it is not there, and nobody's turn. */
static struct kept_path *look(struct path_cache *cache, struct path_key key)
{
    struct turn turn = {0};
    struct kept_path *kept;

    if (path_cache_find(cache, &key, &turn, &kept) == 1)
        return kept;
    path_cache_leave(cache, &turn, NULL);
    return NULL;
}

static bool has_key(struct path_cache *cache, struct path_key key)
{
    struct kept_path *kept = look(cache, key);
    bool found = kept != NULL;

    if (found) {
        cr_expect_eq(kept->path.n, 1);
        cr_expect_eq(kept->warnings.n, 1);
    }
    kept_path_free(kept);
    return found;
}

static bool has(struct path_cache *cache, unsigned i, int64_t now)
{
    return has_key(cache, key_of(i, now));
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

static void put_key(struct path_cache *cache, struct path_key key,
                    const struct stir_chain *chain, const struct anchors *anchors,
                    const struct stir_error *finding)
{
    struct path path = {.certificates = {chain->certificates[0]}, .n = 1, .anchored = true};
    struct warnings warnings = {0};
    struct kept_path *kept;

    cr_assert_eq(warnings_add(&warnings, WARNING_PATH_ORDER, "odd"), 0);
    cr_assert_eq(path_cache_put(cache, &key, chain, anchors, &path, &warnings, finding, &kept),
                 0);
    kept_path_free(kept);
    warnings_free(&warnings);
}

static void put(struct path_cache *cache, unsigned i, int64_t now,
                const struct stir_chain *chain, const struct anchors *anchors)
{
    put_key(cache, key_of(i, now), chain, anchors, NULL);
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
        struct anchor_origin origin = {INT64_MAX, ""};
        struct anchors anchors = {
            .certificates = root->certificates, .origins = &origin, .n = 1};
        put(cache, 1, MINT_NOW, chain, &anchors);
        cr_expect_eq(has(cache, 1, cases[i].at), cases[i].kept, "%s", cases[i].desc);
        cr_expect_not(has(cache, 2, MINT_NOW), "%s: another list", cases[i].desc);
        path_cache_free(cache);
        stir_chain_free(chain);
        stir_chain_free(root);
    }
}

static const struct anchors none = {.n = 0};

/* What another configuration found is not asked, and what an old one finds late changes nothing. */
Test(path_cache, each_epoch_judges_for_itself)
{
    struct path_cache *cache = path_cache_new();
    struct stir_chain *chain = chain_of_times(0, 0);
    struct path_key old = key_of(1, MINT_NOW), new = old;

    new.epoch = 2;
    put_key(cache, old, chain, &none, NULL);
    cr_expect(has_key(cache, old));
    cr_expect_not(has_key(cache, new));
    put_key(cache, new, chain, &none, NULL);
    cr_expect(has_key(cache, new));
    put_key(cache, old, chain, &none, NULL);
    cr_expect(has_key(cache, new), "the older epoch came last");
    path_cache_free(cache);
    stir_chain_free(chain);
}

static struct body *body_of(const char *text, struct path_key *key)
{
    struct body *body = body_new(text, strlen(text));

    cr_assert_not_null(body);
    *key = (struct path_key){body->sha256, body, 1, MINT_NOW, MINT_NOW};
    return body;
}

static bool is_pinned(struct body *body)
{
    struct pinned *pinned = body_pinned(body);

    pinned_free(pinned);
    return pinned != NULL;
}

/* What is pinned to the body is found without its digest, and asked for epoch and time like what
   the map has; a later epoch's takes its place. */
Test(path_cache, is_pinned_to_its_body)
{
    struct path_cache *cache = path_cache_new();
    struct stir_chain *chain = chain_of_times(MINT_NOW - 9, MINT_NOW + 9);
    struct path_key key, late, new;
    struct body *body = body_of("list", &key);

    cr_expect_not(has_key(cache, key));
    put_key(cache, key, chain, &none, NULL);
    cr_expect(is_pinned(body));
    key.digest = digest_of(1); /* which the map does not have */
    cr_expect(has_key(cache, key));
    late = new = key;
    late.now = MINT_NOW + 10;
    cr_expect_not(has_key(cache, late), "pinned, and not for that time");
    new.epoch = 2;
    cr_expect_not(has_key(cache, new), "pinned, and of another epoch");
    new.digest = body->sha256;
    put_key(cache, new, chain, &none, NULL);
    new.digest = digest_of(1);
    cr_expect(has_key(cache, new));
    cr_expect_not(has_key(cache, key));
    key.digest = body->sha256;
    put_key(cache, key, chain, &none, NULL);
    cr_expect(has_key(cache, new), "the older epoch came last");
    body_free(body);
    path_cache_free(cache);
    stir_chain_free(chain);
}

/* The same octets, come twice: the path is of the body that was asked with last. A refusal is of
   none. */
Test(path_cache, is_pinned_once)
{
    struct path_cache *cache = path_cache_new();
    struct stir_chain *chain = chain_of_times(0, 0);
    struct path_key key, again, refused;
    struct body *body = body_of("list", &key), *other = body_of("list", &again),
                *bad = body_of("bad", &refused);
    struct stir_error finding;

    put_key(cache, key, chain, &none, NULL);
    cr_expect(has_key(cache, again));
    cr_expect(is_pinned(other));
    cr_expect_not(is_pinned(body));
    body_free(other);
    cr_expect(has_key(cache, key));
    cr_expect(is_pinned(body));
    error_clear(&finding);
    error_set_at(&finding, STIR_CODE_PATH_NO_ANCHOR, 0, "no");
    put_key(cache, refused, chain, &none, &finding);
    cr_expect(has_key(cache, refused));
    cr_expect_not(is_pinned(bad));
    body_free(bad);
    path_cache_free(cache);
    cr_expect_not(is_pinned(body), "the cache is gone");
    body_free(body);
    stir_chain_free(chain);
}

/* What the map pushes out is pinned no more, so that bodies hold no more paths than it may; what is
   used by way of its body is in use, and stays. */
Test(path_cache, what_is_pushed_out_is_not_pinned)
{
    struct path_cache *cache = path_cache_new();
    struct stir_chain *chain = chain_of_times(0, 0);
    struct path_key used, unused, key;
    struct body *body = body_of("used", &used), *twin = body_of("unused", &unused);
    struct path_cache_counts counts;
    char text[16];

    put_key(cache, used, chain, &none, NULL);
    put_key(cache, unused, chain, &none, NULL);
    cr_expect(has_key(cache, used));
    for (int i = 0; i < LIMIT_CACHED_PATHS; i++) {
        snprintf(text, sizeof text, "%d", i);
        struct body *flood = body_of(text, &key);
        key.body = NULL;
        put_key(cache, key, chain, &none, NULL);
        body_free(flood);
    }
    cr_expect_not(is_pinned(twin));
    cr_expect_not(has_key(cache, unused));
    cr_expect(is_pinned(body));
    cr_expect(has_key(cache, used));
    path_cache_count(cache, &counts);
    cr_expect_leq(counts.good, LIMIT_CACHED_PATHS);
    body_free(body);
    body_free(twin);
    path_cache_free(cache);
    stir_chain_free(chain);
}

/* A URL that is forgotten leads to no path, and a body that is forgotten holds none. */
Test(path_cache, what_is_forgotten_leads_to_none)
{
    static const char url[] = "https://a.example/c.pem";
    struct path_cache *paths = path_cache_new();
    struct cache *cache = cache_new(NULL);
    struct stir_chain *chain = chain_of_times(0, 0);
    struct cache_policy policy;
    struct path_key key;
    struct body *body = body_of("list", &key);
    struct cache_hit hit;

    cache_policy_init(&policy);
    cr_assert_eq(cache_put(cache, FETCH_CERTIFICATES, url, &policy,
                           &(struct cache_response){200, NULL, body, MINT_NOW, MINT_NOW}, NULL),
                 0);
    put_key(paths, key, chain, &none, NULL);
    struct kept_path *kept = look(paths, key);
    cr_assert_eq(cache_find(cache, FETCH_CERTIFICATES, url, MINT_NOW, &hit), CACHE_FRESH);
    cr_expect_eq(body_pinned(hit.body), &kept->pinned);
    pinned_free(&kept->pinned);
    cache_hit_clear(&hit);
    body_free(body);
    cr_expect_eq(kept->pinned.references, 3, "the map's, the body's and ours");
    cache_forget(cache, url);
    cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, url, MINT_NOW, &hit), CACHE_MISS);
    cr_expect_null(hit.body);
    cache_forget(cache, NULL);
    cr_expect_eq(kept->pinned.references, 2, "the body is gone");
    kept_path_free(kept);
    cache_free(cache);
    path_cache_free(paths);
    stir_chain_free(chain);
}

/* A refusal is kept apart from good paths, and for a minute of the memory's clock. */
Test(path_cache, a_refusal_is_kept_for_a_minute)
{
    struct path_cache *cache = path_cache_new();
    struct stir_chain *chain = chain_of_times(0, 0);
    struct stir_error finding;
    struct path_key key = key_of(1, MINT_NOW), later = key;

    error_clear(&finding);
    error_set_at(&finding, STIR_CODE_PATH_NO_ANCHOR, 0, "no");
    put_key(cache, key, chain, &none, &finding);
    struct kept_path *kept = look(cache, key);
    cr_assert_not_null(kept);
    cr_expect_eq(kept->finding.code, STIR_CODE_PATH_NO_ANCHOR);
    cr_expect_str_eq(kept->finding.text, "no");
    kept_path_free(kept);
    later.clock += REFUSED_SECONDS - 1;
    cr_expect(has_key(cache, later));
    later.clock += 1;
    cr_expect_not(has_key(cache, later));
    put(cache, 2, MINT_NOW, chain, &none);
    later.digest = digest_of(2);
    cr_expect(has_key(cache, later), "a good one has no such end");

    /* However many there are, they displace no good path, and there are not more than may be. */
    for (unsigned i = 3; i < 3 + 2 * LIMIT_REFUSED_PATHS; i++)
        put_key(cache, key_of(i, MINT_NOW), chain, &none, &finding);
    struct path_cache_counts counts;
    path_cache_count(cache, &counts);
    cr_expect_leq(counts.refused, LIMIT_REFUSED_PATHS);
    cr_expect_eq(counts.good, 1);
    cr_expect(has(cache, 2, MINT_NOW));
    path_cache_free(cache);
    stir_chain_free(chain);
}

/* The certificates of authorities are held once for all paths, anchors not at all. */
Test(path_cache, authorities_are_shared)
{
    enum { PATHS = 3 };
    struct path_cache *cache = path_cache_new();
    static const struct mint ca = {.subject = "CA", .key = "ca", .ca = MINT_YES},
                             root = {.subject = "Root", .key = "root", .ca = MINT_YES};
    const char *ca_pem = mint_make(&ca, &root)->pem, *root_pem = mint_make(&root, NULL)->pem;
    struct kept_path *kept[PATHS];
    struct stir_error error;

    for (unsigned i = 0; i < PATHS; i++) {
        struct stir_chain *list[3] = {chain_of_times(0, 0),
                                      stir_chain_parse(ca_pem, STIR_NUL, &error),
                                      stir_chain_parse(root_pem, STIR_NUL, &error)};
        struct path path = {.n = 3, .anchored = true};
        for (size_t k = 0; k < 3; k++)
            path.certificates[k] = list[k]->certificates[0];
        path.certificates[2]->anchor = true;
        struct path_key key = key_of(i, MINT_NOW);
        struct warnings warnings = {0};
        cr_assert_eq(
            path_cache_put(cache, &key, list[0], &none, &path, &warnings, NULL, &kept[i]), 0);
        for (size_t k = 0; k < 3; k++)
            stir_chain_free(list[k]);
    }
    for (unsigned i = 1; i < PATHS; i++) {
        cr_expect_neq(kept[i]->path.certificates[0], kept[0]->path.certificates[0]);
        cr_expect_eq(kept[i]->path.certificates[1], kept[0]->path.certificates[1]);
        cr_expect_neq(kept[i]->path.certificates[2], kept[0]->path.certificates[2]);
    }
    struct path_cache_counts counts;
    path_cache_count(cache, &counts);
    cr_expect_eq(counts.interned, 1);
    for (unsigned i = 0; i < PATHS; i++)
        kept_path_free(kept[i]);
    path_cache_free(cache);
}

/* ---- One builds, the others wait ---- */

enum { THREADS = 16 };

struct race {
    struct path_cache *cache;
    const struct stir_chain *chain;
    pthread_barrier_t start;
    atomic_int builders;
};

static void *run(void *arg)
{
    struct race *race = arg;
    struct path_key key = key_of(1, MINT_NOW);
    struct turn turn = {0};
    struct kept_path *kept;

    pthread_barrier_wait(&race->start);
    if (path_cache_find(race->cache, &key, &turn, &kept) == 0) {
        atomic_fetch_add(&race->builders, 1);
        put(race->cache, 1, MINT_NOW, race->chain, &none);
        path_cache_leave(race->cache, &turn, NULL);
    } else {
        kept_path_free(kept);
    }
    return NULL;
}

Test(path_cache, one_of_many_builds)
{
    struct stir_chain *chain = chain_of_times(0, 0);

    for (int round = 0; round < 50; round++) {
        struct race race = {.cache = path_cache_new(), .chain = chain};
        pthread_t threads[THREADS];
        pthread_barrier_init(&race.start, NULL, THREADS);
        for (int i = 0; i < THREADS; i++)
            cr_assert_eq(pthread_create(&threads[i], NULL, run, &race), 0);
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        cr_expect_eq(race.builders, 1, "round %d: %d built", round, race.builders);
        pthread_barrier_destroy(&race.start);
        path_cache_free(race.cache);
    }
    stir_chain_free(chain);
}

/* Who leaves without a path, for want of memory, leaves it to the next. */
Test(path_cache, a_turn_given_up_is_another_s)
{
    struct path_cache *cache = path_cache_new();
    struct path_key key = key_of(1, MINT_NOW);
    struct turn first = {0}, second = {0};
    struct kept_path *kept;

    cr_expect_eq(path_cache_find(cache, &key, &first, &kept), 0);
    path_cache_leave(cache, &first, NULL);
    path_cache_leave(cache, &first, NULL); /* once is enough */
    cr_expect_eq(path_cache_find(cache, &key, &second, &kept), 0);
    path_cache_leave(cache, &second, NULL);
    path_cache_free(cache);
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
