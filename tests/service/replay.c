/* service/replay: a token that was valid in one call does not serve another (policy replay). */
#include "service/replay.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "base/limits.h"
#include "tests/scene.h"

static struct stir_verifier *verifier_with(const char *value)
{
    static const struct scene any = {.desc = "any"};
    struct stir_error error;
    struct stir_config *config = scene_config(&any);

    cr_assert_eq(stir_config_set(config, "replay", value, &error), 0, "%s", error.text);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(verifier, "%s", error.text);
    cr_assert_eq(stir_verifier_supply(verifier, SCENE_X5U, scene_body(&any), STIR_NUL, &error),
                 0);
    stir_config_free(config);
    return verifier;
}

static struct stir_call *call_of(const char *identity, const char *name, const char *call_id)
{
    struct stir_call *call = stir_call_new();

    stir_call_add_header(call, "From", SCENE_ORIG, STIR_NUL);
    stir_call_add_header(call, "To", SCENE_DEST, STIR_NUL);
    stir_call_add_header(call, "Identity", identity, STIR_NUL);
    if (call_id != NULL)
        stir_call_add_header(call, name, call_id, STIR_NUL);
    return call;
}

/* The code, or the error's where there is no result. */
static int judge(struct stir_verifier *verifier, const char *identity, const char *call_id)
{
    struct stir_error error;
    struct stir_call *call = call_of(identity, "Call-ID", call_id);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    int code = result == NULL ? error.code : stir_result_code(result);

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

static char *identity_of(const struct scene *scene)
{
    char *identity = scene_identity(scene);

    cr_assert_not_null(identity);
    return identity;
}

/* R8224-12.1-1: the same token in the same call, forked or repeated, is one call. */
Test(replay, of_one_call_and_another)
{
    static const struct scene good = {.desc = "good"}, late = {.iat = MINT_NOW - 1};
    struct stir_verifier *verifier = verifier_with("on");
    char *identity = identity_of(&good), *later = identity_of(&late);

    cr_expect_eq(judge(verifier, identity, "a@h"), 0);
    cr_expect_eq(judge(verifier, identity, "a@h"), 0, "a fork of the call");
    cr_expect_eq(judge(verifier, identity, "b@h"), STIR_CODE_REPLAYED);
    cr_expect_eq(judge(verifier, identity, "a@h"), 0, "the call that was first");
    cr_expect_eq(judge(verifier, later, "b@h"), 0, "another token");
    cr_expect_eq(judge(verifier, identity, NULL), STIR_E_ARGUMENT, "no Call-ID");
    cr_expect_eq(judge(verifier, identity, ""), STIR_E_ARGUMENT, "an empty one");
    stir_verifier_free(verifier);

    verifier = verifier_with("off");
    cr_expect_eq(judge(verifier, identity, "a@h"), 0);
    cr_expect_eq(judge(verifier, identity, "b@h"), 0, "policy replay is off");
    cr_expect_eq(judge(verifier, identity, NULL), 0, "and asks for no Call-ID");
    stir_verifier_free(verifier);
    free(identity);
    free(later);
}

/* RFC 3261 section 7.3.3: i is Call-ID. */
Test(replay, compact_name)
{
    static const struct scene good = {.desc = "good"};
    struct stir_verifier *verifier = verifier_with("on");
    struct stir_error error;
    char *identity = identity_of(&good);
    struct stir_call *call = call_of(identity, "i", "a@h");
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);

    cr_assert_not_null(result, "%s", error.text);
    cr_expect_eq(stir_result_code(result), 0);
    cr_expect_eq(judge(verifier, identity, "a@h"), 0, "the same call");
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    free(identity);
}

/* Whoever shows a token with a broken signature, or before it is its time, spoils nothing. */
Test(replay, only_what_was_valid_counts)
{
    static const struct scene good = {.desc = "good"}, foreign = {.orig = "12155559999"};
    struct stir_verifier *verifier = verifier_with("on");
    char *identity = identity_of(&good), *outside = identity_of(&foreign);
    char *broken = strdup(identity);
    size_t at = strcspn(broken, ";") - 3; /* the last octets of s */

    broken[at] = broken[at] == 'A' ? 'B' : 'A';
    cr_expect_eq(judge(verifier, broken, "thief@h"), STIR_CODE_BAD_SIGNATURE);
    cr_expect_eq(judge(verifier, identity, "a@h"), 0);
    cr_expect_eq(judge(verifier, broken, "thief@h"), STIR_CODE_REPLAYED, "r is that of a@h");
    cr_expect_eq(judge(verifier, outside, "c@h"), STIR_CODE_ORIG_MISMATCH);
    stir_verifier_free(verifier);
    free(identity);
    free(outside);
    free(broken);
}

/* n - s signs as well as s does. The order of P-256 (FIPS 186-4, D.1.2.3). */
static void turn_s(uint8_t s[32])
{
    static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                      0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
                                      0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
    int borrow = 0;

    for (int i = 31; i >= 0; i--) {
        int digit = order[i] - s[i] - borrow;
        borrow = digit < 0;
        s[i] = (uint8_t)(digit + (borrow ? 256 : 0));
    }
}

Test(replay, another_s_is_the_same_token)
{
    static const struct scene good = {.desc = "good"};
    struct stir_verifier *verifier = verifier_with("on");
    char *identity = identity_of(&good), turned[4096];
    char *rest = strchr(identity, ';');
    uint8_t signature[64];

    *rest = '\0';
    char *dot = strrchr(identity, '.');
    cr_assert_eq(strlen(dot + 1), 86);
    cr_assert_eq(base64url_decode(dot + 1, 86, signature), 0);
    turn_s(signature + 32);
    char *encoded = base64url_encode(signature, 64);
    *dot = '\0';
    snprintf(turned, sizeof turned, "%s.%s;%s", identity, encoded, rest + 1);
    *dot = '.';
    *rest = ';';
    cr_assert_str_neq(turned, identity);
    cr_expect_eq(judge(verifier, turned, "a@h"), 0, "as good a signature");
    cr_expect_eq(judge(verifier, identity, "b@h"), STIR_CODE_REPLAYED);
    cr_expect_eq(judge(verifier, turned, "b@h"), STIR_CODE_REPLAYED);
    stir_verifier_free(verifier);
    free(encoded);
    free(identity);
}

/* ---- Of many that come at once, one is the first ---- */

enum { THREADS = 8 };

struct race {
    struct stir_verifier *verifier;
    const char *identity;
    pthread_barrier_t start;
    atomic_int names, valid, replayed;
};

static void *run(void *arg)
{
    struct race *race = arg;
    char call_id[16];

    snprintf(call_id, sizeof call_id, "%d@h", atomic_fetch_add(&race->names, 1));
    pthread_barrier_wait(&race->start);
    int code = judge(race->verifier, race->identity, call_id);
    atomic_fetch_add(code == 0 ? &race->valid : &race->replayed, 1);
    cr_assert(code == 0 || code == STIR_CODE_REPLAYED);
    return NULL;
}

Test(replay, one_of_many_at_once)
{
    static const struct scene good = {.desc = "good"};
    char *identity = identity_of(&good);

    for (int round = 0; round < 5; round++) {
        struct race race = {.verifier = verifier_with("on"), .identity = identity};
        pthread_t threads[THREADS];
        pthread_barrier_init(&race.start, NULL, THREADS);
        for (int i = 0; i < THREADS; i++)
            cr_assert_eq(pthread_create(&threads[i], NULL, run, &race), 0);
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        cr_expect_eq(race.valid, 1);
        cr_expect_eq(race.replayed, THREADS - 1);
        pthread_barrier_destroy(&race.start);
        stir_verifier_free(race.verifier);
    }
    free(identity);
}

Test(replay, is_bounded)
{
    struct replay *replay = replay_new();
    struct replay_key key = {.call = {1}}, other = {.call = {2}};

    cr_assert_eq(replay_prepare(replay), 0);
    cr_assert_eq(replay_prepare(replay), 0, "again");
    cr_assert_eq(replay_claim(replay, &key), 0);
    cr_expect_eq(replay_claim(replay, &key), 0);
    cr_expect_eq(replay_claim(replay, &other), 1);
    for (uint32_t i = 1; i < LIMIT_REPLAYS + 5000; i++) {
        memcpy(other.token, &i, sizeof i);
        cr_assert_eq(replay_claim(replay, &other), 0);
    }
    memset(other.token, 0, sizeof other.token);
    cr_expect_not(replay_is_known(replay, &other), "the oldest has gone");
    replay_free(replay);
}
