/* crypto/es256: Wycheproof, published tokens, the range of r and s, strict DER (R7515-3). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/es256.h"
#include "crypto/key.h"
#include "json/value.h"
#include "tests/help.h"

static const char *member_string(const struct value *object, const char *name)
{
    const char *text = value_string(value_member(object, name));

    cr_assert_not_null(text, "no member %s", name);
    return text;
}

/*
 * Where a case goes another way here than in Wycheproof (and fails once it does not). Otherwise
 * all 262 cases in P1363 and all 484 in DER agree: high s is legal, r and s outside 1 to n-1
 * are not, nor is any departure from DER.
 */
static const struct {
    const char *file;
    int64_t id;
    const char *why;
} exceptions[] = {
    {"p1363", 204,
     "Nettle 3.8 adds u1 G and u2 Q with a formula that is none for equal points, so it "
     "refuses "
     "a good signature made for that; nobody comes upon one by chance, and none is let in"},
    {"sha256_test", 427, "the same signature"},
};

static bool is_exception(const char *file, int64_t id)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (exceptions[i].id == id && strstr(file, exceptions[i].file) != NULL)
            return true;
    return false;
}

static int verify_raw(const struct es256_key *key, const void *data, size_t len,
                      const uint8_t *signature, size_t signature_len)
{
    if (signature_len != ES256_SIGNATURE_SIZE) /* what a JWS settles before it comes here */
        return 0;
    return es256_verify(key, data, len, signature);
}

static void run_case(const char *file, const struct es256_key *key, const struct value *test,
                     int (*verify)(const struct es256_key *, const void *, size_t,
                                   const uint8_t *, size_t))
{
    size_t len, signature_len;
    int64_t id = 0;
    uint8_t *data = help_unhex(member_string(test, "msg"), &len);
    uint8_t *signature = help_unhex(member_string(test, "sig"), &signature_len);
    int wanted = strcmp(member_string(test, "result"), "valid") == 0;

    value_integer(value_member(test, "tcId"), &id);
    int found = verify(key, data, len, signature, signature_len);
    cr_expect_eq(found != wanted, is_exception(file, id), "case %d (%s): wanted %d, found %d",
                 (int)id, member_string(test, "comment"), wanted, found);
    free(data);
    free(signature);
}

static size_t run_wycheproof(const char *file,
                             int (*verify)(const struct es256_key *, const void *, size_t,
                                           const uint8_t *, size_t))
{
    struct value *all = help_json(help_corpus(file));
    const struct value *groups = value_member(all, "testGroups");
    size_t n = 0;

    for (size_t i = 0; i < value_size(groups); i++) {
        const struct value *tests = value_member(value_at(groups, i), "tests");
        const char *hex =
            value_string(value_pointer(value_at(groups, i), "/publicKey/uncompressed"));
        size_t len;
        uint8_t *point = help_unhex(hex, &len);

        cr_assert_eq(len, 1 + ES256_POINT_SIZE);
        struct es256_key *key = es256_key_new(&es256_gnutls, point + 1, NULL);
        cr_assert_not_null(key);
        for (size_t k = 0; k < value_size(tests); k++, n++)
            run_case(file, key, value_at(tests, k), verify);
        es256_key_free(key);
        free(point);
    }
    value_free(all);
    return n;
}

Test(es256, wycheproof_raw)
{
    help_need_corpora();
    cr_expect_eq(
        run_wycheproof("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", verify_raw), 262);
}

Test(es256, wycheproof_der)
{
    help_need_corpora();
    cr_expect_eq(
        run_wycheproof("wycheproof/ecdsa_secp256r1_sha256_test.json", es256_verify_der), 484);
}

/* Of an SPKI in PEM. */
static struct public_key *read_public_key(char *path)
{
    struct stir_error error = {0};
    size_t len;
    uint8_t *der = help_pem(path, &len);
    struct public_key *key = public_key_new(&es256_gnutls, der, len, &error);

    cr_assert_not_null(key, "%s: %s", path, error.text);
    free(der);
    free(path);
    return key;
}

/* requirements.md 2.1: what the published tokens really do. */
static const struct {
    const char *desc, *name, *key;
    int wanted;
} published[] = {
    {"RFC 8946 section 3", "8946-s3-div", "rfc8946-A-public.pem", 1},
    {"RFC 8946 section 5, opt", "8946-opt", "rfc8946-A-public.pem", 1},
    {"RFC 8946 section 5, div-o", "8946-div-o", "rfc8946-A-public.pem", 1},
    {"RFC 8946 section 5, opt, another key", "8946-opt", "rfc8225-A2-public.pem", 0},
    {"RFC 8225 section 7.1", "8225-s7.1", "rfc8225-A2-public.pem", 1},
    {"RFC 8225 appendix A: signed with neither key", "8225-appA", "rfc8225-A2-public.pem", 0},
};

static char *token_named(const struct value *all, const char *name)
{
    char *token = NULL;

    for (size_t i = 0; i < value_size(all) && token == NULL; i++)
        if (strcmp(member_string(value_at(all, i), "name"), name) == 0)
            token = strdup(member_string(value_at(all, i), "token"));
    cr_assert_not_null(token, "no token %s", name);
    return token;
}

static int verify_token(const struct es256_key *key, const char *token)
{
    const char *dot = strrchr(token, '.');
    uint8_t signature[ES256_SIGNATURE_SIZE + 2];

    cr_assert_eq(base64url_decoded_size(strlen(dot + 1)), ES256_SIGNATURE_SIZE);
    cr_assert_eq(base64url_decode(dot + 1, strlen(dot + 1), signature), 0);
    return es256_verify(key, token, (size_t)(dot - token), signature);
}

Test(es256, published_tokens)
{
    help_need_corpora();
    struct value *all = help_json(help_vector("passports.json"));

    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        struct public_key *key = read_public_key(help_vector(published[i].key));
        char *token = token_named(all, published[i].name);
        int found = verify_token(public_key_es256(key), token);

        cr_expect_eq(found, published[i].wanted, "%s: %d", published[i].desc, found);
        token[10] ^= 1;
        cr_expect_eq(verify_token(public_key_es256(key), token), 0, "%s, altered",
                     published[i].desc);
        free(token);
        public_key_free(key);
    }
    value_free(all);
}

#define GX "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
#define GY "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE "0000000000000000000000000000000000000000000000000000000000000001"
#define N "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
#define N_LESS_1 "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550"
#define P "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"
#define ALL_ONES "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

/* R7515-3: the public key's point is on P-256. */
static const struct {
    const char *desc, *x, *y;
    bool good;
} points[] = {
    {"the generator", GX, GY, true},
    {"y off by one", GX, "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F4",
     false},
    {"x and y swapped", GY, GX, false},
    {"zero", ZERO, ZERO, false},
    {"one, one", ONE, ONE, false},
    {"x = p", P, GY, false},
    {"beyond p", ALL_ONES, ALL_ONES, false},
};

static void put(uint8_t *out, const char *first, const char *second)
{
    size_t len;
    uint8_t *octets = help_unhex(first, &len);

    memcpy(out, octets, 32);
    free(octets);
    octets = help_unhex(second, &len);
    memcpy(out + 32, octets, 32);
    free(octets);
}

Test(es256, point_on_curve)
{
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        uint8_t point[ES256_POINT_SIZE];
        int not_on_curve = -1;

        put(point, points[i].x, points[i].y);
        struct es256_key *key = es256_key_new(&es256_gnutls, point, &not_on_curve);
        cr_expect_eq(key != NULL, points[i].good, "%s", points[i].desc);
        cr_expect_eq(not_on_curve, !points[i].good, "%s", points[i].desc);
        es256_key_free(key);
    }
}

/* A provider that says yes to everything: what is refused is refused here (R7515-3). */
static void *any_key_new(const uint8_t point[ES256_POINT_SIZE])
{
    (void)point;
    return malloc(1);
}

static int any_verify(const void *key, const uint8_t digest[ES256_DIGEST_SIZE],
                      const uint8_t signature[ES256_SIGNATURE_SIZE])
{
    (void)key, (void)digest, (void)signature;
    return 1;
}

static const struct es256_provider yes_man = {"yes", any_key_new, free, any_verify};

static const struct {
    const char *desc, *r, *s;
    int wanted;
} ranges[] = {
    {"r = s = 1", ONE, ONE, 1},
    {"r = 0", ZERO, ONE, 0},
    {"s = 0", ONE, ZERO, 0},
    {"r = n - 1", N_LESS_1, ONE, 1},
    {"r = n", N, ONE, 0},
    {"s = n - 1: high s is legal", ONE, N_LESS_1, 1},
    {"s = n", ONE, N, 0},
    {"r beyond n", ALL_ONES, ONE, 0},
    {"s beyond n", ONE, ALL_ONES, 0},
};

Test(es256, range_of_r_and_s)
{
    uint8_t octets[64];

    put(octets, GX, GY);
    struct es256_key *key = es256_key_new(&yes_man, octets, NULL);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        put(octets, ranges[i].r, ranges[i].s);
        cr_expect_eq(es256_verify(key, "x", 1, octets), ranges[i].wanted, "%s", ranges[i].desc);
    }
    es256_key_free(key);
}

/* ECDSA-Sig-Value, for a provider that says yes. */
static const struct {
    const char *desc, *hex;
    int wanted;
} ders[] = {
    {"r = s = 1", "3006020101020101", 1},
    {"an octet behind", "300602010102010100", 0},
    {"a third number", "3009020101020101020101", 0},
    {"one number", "3003020101", 0},
    {"empty", "", 0},
    {"r with a needless zero", "300702020001020101", 0},
    {"r negative", "3006020181020101", 0},
    {"r with the sign's zero", "30070202008102 0101", 1},
    {"r of no octets", "30050200020101", 0},
    {"r = 0", "3006020100020101", 0},
    {"indefinite length", "30800201010201010000", 0},
    {"length in long form", "308106020101020101", 0},
    {"a SET", "3106020101020101", 0},
    {"r an OCTET STRING", "3006040101020101", 0},
    {"r of 33 octets", "3026022101" ZERO "020101", 0},
};

Test(es256, strict_der)
{
    uint8_t octets[64];

    put(octets, GX, GY);
    struct es256_key *key = es256_key_new(&yes_man, octets, NULL);
    for (size_t i = 0; i < sizeof ders / sizeof *ders; i++) {
        size_t len;
        uint8_t *der = help_unhex(ders[i].hex, &len);
        cr_expect_eq(es256_verify_der(key, "x", 1, der, len), ders[i].wanted, "%s",
                     ders[i].desc);
        free(der);
    }
    es256_key_free(key);
}
