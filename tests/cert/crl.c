/* Revocation lists: what is one, what of a good one may change, and how lists follow each other. */
#include "cert/crl_set.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mint_crl.h"
#include "tests/mutate.h"

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};
static const struct mint issuer = {.subject = "C=US,O=Test,CN=Issuer"};

static int add(struct crl_set *set, const void *data, size_t len, struct stir_error *error)
{
    error_clear(error);
    return crl_set_add(set, data, len, "test.crl", error);
}

static int add_signer(struct crl_set *set, const struct mint *signer)
{
    const char *pem = mint_make(signer, NULL)->pem;

    return anchors_add_crl_signers(&set->signers, pem, strlen(pem), &es256_gnutls, NULL);
}

/* ---- What is a list ------------------------------------------------------------------------ */

static const struct mint_extension bad_reason[] = {{"2.5.29.21", false, "0A020001"},
                                                   {NULL, false, NULL}};
static const struct mint_extension bad_issuer[] = {{"2.5.29.29", true, "A400"},
                                                   {NULL, false, NULL}};
static const struct mint_extension bad_date[] = {
    {"2.5.29.24", false, "170D3235303130313030303030305A"}, {NULL, false, NULL}};
static const struct mint_extension bad_number[] = {{"2.5.29.20", false, "0200"},
                                                   {NULL, false, NULL}};
static const struct mint_extension bad_akid[] = {{"2.5.29.35", false, "0400"},
                                                 {NULL, false, NULL}};

static const struct {
    const char *desc;
    struct mint_crl crl;
    const char *says; /* NULL: it is one, and good */
} lists[] = {
    {"a list of nobody", {.version = 2}, NULL},
    {"an empty list of entries", {.revoked_empty = true}, NULL},
    {"an entry", {.revoked = {{.serial_hex = "1234"}}}, NULL},
    {"an entry in GeneralizedTime",
     {.revoked = {{.serial_hex = "1234", .date_raw = "20251231234320Z"}}},
     NULL},
    {"octets behind the list", {.more_hex = "0500"}, "no tbsCertList, algorithm and signature"},
    {"octets behind the extensions", {.tbs_more_hex = "0500"}, "no entries and extensions"},
    {"an empty list of extensions", {.extensions_empty = true}, "no list of one or more"},
    {"thisUpdate that is none", {.this_raw = "251331000000Z"}, "thisUpdate is no time"},
    {"an entry that is cut off", {.revoked_hex = "3014020212"}, "entry 0"},
    {"an entry without a date", {.revoked_hex = "300402021234"}, "entry 0"},
    {"an entry without a number",
     {.revoked_hex = "300F170D3235313233313030303030305A"},
     "entry 0"},
    {"an entry with a number that is padded", {.revoked = {{.serial_hex = "0012"}}}, "entry 0"},
    {"an entry with a number of no octets", {.revoked = {{.serial_hex = ""}}}, "entry 0"},
    {"a second entry whose date is none",
     {.revoked = {{.serial_hex = "12"}, {.serial_hex = "13", .date_raw = "250230000000Z"}}},
     "entry 1"},
    {"a date without seconds",
     {.revoked = {{.serial_hex = "12", .date_raw = "2512310000Z"}}},
     "entry 0"},
    {"an entry with an empty list of extensions",
     {.revoked = {{.serial_hex = "12", .extensions_empty = true}}},
     "entry 0: extensions are an empty list"},
    {"a reason of two octets",
     {.revoked = {{.serial_hex = "12", .extensions = bad_reason}}},
     "entry 0: reasonCode is no DER"},
    {"a certificateIssuer that is no list",
     {.idp_hex = MINT_IDP_INDIRECT,
      .revoked = {{.serial_hex = "12", .extensions = bad_issuer}}},
     "entry 0: certificateIssuer is no DER"},
    {"an invalidity date in UTCTime",
     {.revoked = {{.serial_hex = "12", .extensions = bad_date}}},
     "entry 0: invalidityDate is no GeneralizedTime"},
    {"a number without octets", {.number_hex = "", .extensions = bad_number}, "cRLNumber"},
    {"a key identifier that is none", {.akid = "", .extensions = bad_akid}, "key identifier"},
    {"a scope that is no SEQUENCE", {.idp_hex = "0500"}, "distribution point is no DER"},
    {"a scope with a flag of two octets", {.idp_hex = "30048402FFFF"}, "distribution point"},
    {"a scope with a flag that is neither", {.idp_hex = "3003840101"}, "distribution point"},
    {"a scope with its members in another order",
     {.idp_hex = "30068401FF8101FF"},
     "distribution point"},
    {"a scope with more members", {.idp_hex = "30068401FF8601FF"}, "distribution point"},
    {"a scope that is empty", {.idp_hex = "3000"}, NULL},
    {"a scope with a flag that is false, said so", {.idp_hex = "3003840100"}, NULL},
};

/* R5280-5-1: what cannot be read is refused, and what was there stays. */
Test(crl, what_is_a_list)
{
    struct crl_set set = {0};
    struct stir_error error;
    const struct minted *first = mint_crl(&(struct mint_crl){.version = 2}, &pa);

    cr_assert_eq(add(&set, first->der, first->len, &error), 0);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct minted *crl = mint_crl(&lists[i].crl, &issuer);
        size_t n = set.n;
        int rc = add(&set, crl->der, crl->len, &error);
        if (lists[i].says == NULL) {
            cr_expect_eq(rc, 0, "%s: %s", lists[i].desc, error.text);
            cr_expect_eq(set.lists[set.n - 1]->fault.code, 0, "%s: %s", lists[i].desc,
                         set.lists[set.n - 1]->fault.text);
            continue;
        }
        cr_expect_eq(rc, STIR_E_SYNTAX, "%s: %d %s", lists[i].desc, rc, error.text);
        cr_expect_not_null(strstr(error.text, lists[i].says), "%s: %s", lists[i].desc,
                           error.text);
        cr_expect_eq(set.n, n, "%s", lists[i].desc);
    }
    crl_set_free(&set);
}

/* PEM or DER; several in a file. */
Test(crl, files)
{
    const struct minted *a = mint_crl(&(struct mint_crl){.version = 2}, &pa);
    const struct minted *b = mint_crl(&(struct mint_crl){.version = 2}, &issuer);
    const struct minted *bad = mint_crl(&(struct mint_crl){.more_hex = "0500"}, &issuer);
    const char *certificate = mint_make(&issuer, NULL)->pem;
    char two[8192], text[8192], mixed[8192], spoilt[8192];
    struct stir_error error;

    snprintf(two, sizeof two, "%s%s", a->pem, b->pem);
    snprintf(text, sizeof text, "A list:\n%s\nand another\n%s", a->pem, b->pem);
    snprintf(mixed, sizeof mixed, "%s%s", certificate, a->pem);
    snprintf(spoilt, sizeof spoilt, "%s%s", a->pem, bad->pem);
    const struct {
        const char *desc;
        const void *data;
        size_t len, n;
        int rc;
    } files[] = {
        {"DER", a->der, a->len, 1, 0},
        {"PEM", a->pem, strlen(a->pem), 1, 0},
        {"two", two, strlen(two), 2, 0},
        {"two, with text around", text, strlen(text), 2, 0},
        {"a certificate beside it", mixed, strlen(mixed), 1, 0},
        {"one that is good and one that is not", spoilt, strlen(spoilt), 0, STIR_E_SYNTAX},
        {"a certificate", certificate, strlen(certificate), 0, STIR_E_SYNTAX},
        {"nothing", "", 0, 0, STIR_E_SYNTAX},
        {"DER cut off", a->der, a->len - 1, 0, STIR_E_SYNTAX},
        {"PEM cut off", a->pem, strlen(a->pem) - 30, 0, STIR_E_SYNTAX},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct crl_set set = {0};
        int rc = add(&set, files[i].data, files[i].len, &error);
        cr_expect_eq(rc, files[i].rc, "%s: %d %s", files[i].desc, rc, error.text);
        cr_expect_eq(set.n, files[i].n, "%s: %zu", files[i].desc, set.n);
        crl_set_free(&set);
    }
}

/* ---- Look-up against a simple search ------------------------------------------------------- */

/* R5280-5-3: random numbers of random issuers, in a list by itself. */
Test(crl, entries_by_brute_force)
{
    enum { N = 3000 };
    static const char *const names[] = {"CN=A", "CN=B", "CN=C"};
    static uint8_t serials[N][3];
    static int owners[N];
    char *hex = malloc(N * 120), *at = hex;
    struct crl_set set = {0};
    struct stir_error error;
    uint32_t random = 1;

    for (int i = 0; i < N; i++) {
        for (size_t k = 0; k < 3; k++) {
            random = random * 1664525 + 1013904223;
            serials[i][k] = (uint8_t)(random >> 24);
        }
        serials[i][0] = (uint8_t)((serials[i][0] & 0x07) | 0x10);
        bool says = i == 0 || random % 3 == 0;
        owners[i] = says ? (int)(random >> 8) % 3 : owners[i - 1];
        /* SEQUENCE { INTEGER, UTCTime, [{ certificateIssuer, critical, [4] CN=x }] } */
        at += sprintf(at, "30%02X0203%02X%02X%02X170D3235303130313030303030305A",
                      says ? 52 : 20, serials[i][0], serials[i][1], serials[i][2]);
        if (says)
            at += sprintf(
                at, "301E301C0603551D1D0101FF04123010A40E300C310A30080603550403%02X01%02X",
                0x0C, names[owners[i]][3]);
    }
    const struct minted *crl =
        mint_crl(&(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT, .revoked_hex = hex}, &pa);
    cr_assert_eq(add(&set, crl->der, crl->len, &error), 0, "%s", error.text);
    cr_assert_eq(set.lists[0]->fault.code, 0, "%s", set.lists[0]->fault.text);
    cr_expect_eq(set.lists[0]->entries.count, N);
    for (int i = 0; i < N; i++)
        for (int owner = 0; owner < 3; owner++) {
            const uint8_t name[] = {
                0x30, 0x0C, 0x31, 0x0A, 0x30, 0x08, 0x06,
                0x03, 0x55, 0x04, 0x03, 0x13, 0x01, (uint8_t)names[owner][3]};
            bool there = false;
            for (int k = 0; k < N && !there; k++)
                there = owners[k] == owner && memcmp(serials[k], serials[i], 3) == 0;
            const struct crl_entry *entry =
                crl_entries_find(&set.lists[0]->entries, (struct der){name, sizeof name},
                                 (struct der){serials[i], 3});
            cr_assert_eq(entry != NULL, there, "entry %d, issuer %d", i, owner);
        }
    crl_set_free(&set);
    free(hex);
}

/* ---- Every bit of a good list -------------------------------------------------------------- */

/* R5280-5-1: no bit of a list can be turned so that it is taken, and even less so that it loses
   an entry. */
Test(crl, every_bit_turned)
{
    static const struct mint revoked = {.subject = "C=US,O=ACME,CN=ACME"};
    const struct minted *good =
        mint_crl(&(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT,
                                    .revoked = {{.certificate = &revoked,
                                                 .issuer = "C=US,O=Test,CN=Issuer",
                                                 .reason_hex = "01"},
                                                {.serial_hex = "1234"}}},
                 &pa);
    uint8_t *octets = malloc(good->len);
    size_t read = 0, refused = 0;

    memcpy(octets, good->der, good->len);
    for (size_t bit = 0; bit <= good->len * 8; bit++) {
        struct crl_set set = {0};
        struct stir_error error;
        int none;
        if (bit < good->len * 8)
            octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
        cr_assert_eq(add_signer(&set, &pa), 0);
        int rc = add(&set, octets, good->len, &error);
        rc == 0 ? read++ : refused++;
        bool taken = rc == 0 && set.lists[0]->fault.code == 0
                     && crl_set_signer(&set, set.lists[0], MINT_NOW, &none) != NULL;
        cr_expect_eq(taken, bit == good->len * 8, "bit %zu: %s", bit, error.text);
        crl_set_free(&set);
        if (bit < good->len * 8)
            octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    cr_expect_gt(read, good->len, "%zu", read);
    cr_expect_gt(refused, good->len, "%zu", refused);
    free(octets);
}

/* ---- Series -------------------------------------------------------------------------------- */

/* RFC 5280 section 5.2.3: of a series the newest counts, in whatever order they come. */
Test(crl, of_a_series_the_newest)
{
    static const struct {
        const char *desc;
        struct mint_crl one, other;
        size_t n;
        int stays; /* of one: 1, or other: 2 */
    } cases[] = {
        {"a higher number", {.number_hex = "01"}, {.number_hex = "02"}, 1, 2},
        {"a lower number", {.number_hex = "02"}, {.number_hex = "01"}, 1, 1},
        {"a number of more octets", {.number_hex = "7F"}, {.number_hex = "0080"}, 1, 2},
        {"a number of two octets", {.number_hex = "00FF"}, {.number_hex = "0100"}, 1, 2},
        {"a lower number, later",
         {.number_hex = "02"},
         {.number_hex = "01", .this_update = MINT_NOW},
         1,
         1},
        {"the same number, later",
         {.number_hex = "01"},
         {.number_hex = "01", .this_update = MINT_NOW},
         1,
         2},
        {"no numbers, earlier",
         {.number_hex = ""},
         {.number_hex = "", .this_update = MINT_NOW - 100000},
         1,
         1},
        {"another scope",
         {.number_hex = "02"},
         {.number_hex = "01", .idp_hex = MINT_IDP_INDIRECT},
         2,
         0},
        {"another key identifier",
         {.number_hex = "02"},
         {.number_hex = "01", .akid = "AA"},
         2,
         0},
        {"one with a fault stays beside it",
         {.number_hex = "02"},
         {.number_hex = "03", .next_update = -1},
         2,
         0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct minted *one = mint_crl(&cases[i].one, &pa);
        const struct minted *other = mint_crl(&cases[i].other, &pa);
        struct crl_set set = {0}, alone = {0};
        struct stir_error error;
        const struct minted *stays = cases[i].stays == 1 ? one : other;
        cr_assert_eq(add(&set, one->der, one->len, &error), 0, "%s", error.text);
        cr_assert_eq(add(&set, other->der, other->len, &error), 0, "%s", error.text);
        cr_assert_eq(add(&alone, stays->der, stays->len, &error), 0, "%s", error.text);
        cr_expect_eq(set.n, cases[i].n, "%s: %zu", cases[i].desc, set.n);
        if (cases[i].n == 1)
            cr_expect_eq(crl_compare_age(set.lists[0], alone.lists[0]), 0, "%s", cases[i].desc);
        crl_set_free(&set);
        crl_set_free(&alone);
    }
}

/* A number never goes back, and a bad list is nobody's successor. */
Test(crl, succession)
{
    static const struct mint stranger = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                                         .key = "stranger"};
    static const struct {
        const char *desc;
        struct mint_crl old, new;
        const struct mint *signer; /* of new; NULL: pa */
        bool none;                 /* there is no new one */
        const char *says;          /* NULL: it may */
    } cases[] = {
        {.desc = "a higher number", .old = {.number_hex = "02"}, .new = {.number_hex = "03"}},
        {.desc = "the same", .old = {.number_hex = "02"}, .new = {.number_hex = "02"}},
        {.desc = "a lower number",
         .old = {.number_hex = "02"},
         .new = {.number_hex = "01"},
         .says = "(number 1): it is older than number 2, which is in force"},
        {.desc = "an earlier one",
         .old = {.number_hex = "02"},
         .new = {.number_hex = "02", .this_update = MINT_NOW - 100000},
         .says = "it is older than number 2"},
        {.desc = "one with a fault",
         .old = {.number_hex = "02"},
         .new = {.number_hex = "03", .next_update = -1},
         .says = "it has no nextUpdate"},
        {.desc = "a broken signature",
         .old = {.number_hex = "02"},
         .new = {.number_hex = "03", .corrupt = true},
         .says = "none of the CRL anchors signed it"},
        {.desc = "a stranger's",
         .old = {.number_hex = "02", .akid = ""},
         .new = {.number_hex = "03", .akid = ""},
         .signer = &stranger,
         .says = "none of the CRL anchors signed it"},
        {.desc = "one that is stale already",
         .old = {.number_hex = "02"},
         .new = {.number_hex = "03", .next_update = MINT_NOW - 1}},
        {.desc = "after one that nobody signed",
         .old = {.number_hex = "02", .corrupt = true},
         .new = {.number_hex = "01"}},
        {.desc = "after one with a fault",
         .old = {.number_hex = "02", .next_update = -1},
         .new = {.number_hex = "01"}},
        {.desc = "the operator drops it", .old = {.number_hex = "02"}, .none = true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct minted *old = mint_crl(&cases[i].old, &pa);
        const struct minted *new =
            mint_crl(&cases[i].new, cases[i].signer != NULL ? cases[i].signer : &pa);
        struct crl_set before = {0}, after = {0};
        struct stir_error error;
        cr_assert_eq(add_signer(&before, &pa), 0);
        cr_assert_eq(add_signer(&after, &pa), 0);
        cr_assert_eq(add(&before, old->der, old->len, &error), 0, "%s", error.text);
        if (!cases[i].none)
            cr_assert_eq(add(&after, new->der, new->len, &error), 0, "%s", error.text);
        cr_assert_eq(crl_set_prepare(&after), 0);
        error_clear(&error);
        int rc = crl_set_check_succession(&after, &before, &error);
        cr_expect_eq(rc, cases[i].says == NULL ? 0 : STIR_E_REFUSED, "%s: %d %s", cases[i].desc,
                     rc, error.text);
        if (cases[i].says != NULL) {
            cr_expect_eq(error.code, STIR_CODE_STATUS_UNKNOWN);
            cr_expect_not_null(strstr(error.text, cases[i].says), "%s: %s", cases[i].desc,
                               error.text);
        }
        crl_set_free(&before);
        crl_set_free(&after);
    }
}

/* ---- Signatures ---------------------------------------------------------------------------- */

/* the algorithms of certificates, and no others. */
Test(crl, algorithms)
{
    static const struct {
        const char *desc;
        enum mint_kind kind;
        enum mint_algorithm algorithm;
        bool good;
    } cases[] = {
        {"P-256", MINT_P256, MINT_ECDSA_SHA256, true},
        {"P-256, SHA-384", MINT_P256, MINT_ECDSA_SHA384, true},
        {"P-384", MINT_P384, MINT_ECDSA_SHA384, true},
        {"P-521", MINT_P521, MINT_ECDSA_SHA512, true},
        {"RSA", MINT_RSA2048, MINT_RSA_SHA256, true},
        {"RSA, SHA-512", MINT_RSA2048, MINT_RSA_SHA512, true},
        {"RSA-PSS", MINT_RSA2048, MINT_RSA_PSS_SHA256, true},
        {"RSA, SHA-1", MINT_RSA2048, MINT_RSA_SHA1, false},
        {"RSA of 1024 bits", MINT_RSA1024, MINT_RSA_SHA256, false},
        {"P-224", MINT_P224, MINT_ECDSA_SHA256, false},
        {"Ed25519", MINT_ED25519, MINT_EDDSA, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int corrupt = 0; corrupt < 2; corrupt++) {
            const struct mint signer = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                                        .key = cases[i].desc,
                                        .kind = cases[i].kind,
                                        .ca = MINT_NO,
                                        .key_usage = MINT_KU_CRL_SIGN};
            const struct minted *crl = mint_crl(
                &(struct mint_crl){.algorithm = cases[i].algorithm, .corrupt = corrupt == 1},
                &signer);
            struct crl_set set = {0};
            struct stir_error error;
            int none;
            add_signer(&set, &signer); /* which is refused where it is none of ours */
            cr_assert_eq(add(&set, crl->der, crl->len, &error), 0, "%s", error.text);
            bool good = set.lists[0]->fault.code == 0
                        && crl_set_signer(&set, set.lists[0], MINT_NOW, &none) != NULL;
            cr_expect_eq(good, cases[i].good && corrupt == 0, "%s, %d: %s", cases[i].desc,
                         corrupt, set.lists[0]->fault.text);
            crl_set_free(&set);
        }
}

/* who may be a CRL anchor. */
Test(crl, anchors)
{
    static const struct {
        const char *desc;
        struct mint signer;
        int code;
    } cases[] = {
        {"cRLSign, no CA", {.ca = MINT_NO, .key_usage = MINT_KU_CRL_SIGN}, 0},
        {"a CA", {.ca = MINT_YES}, 0},
        {"no key usage", {.ca = MINT_NO, .key_usage = MINT_KU_ABSENT}, 0},
        {"keyCertSign alone",
         {.ca = MINT_YES, .key_usage = MINT_KU_KEY_CERT_SIGN},
         STIR_CODE_KEY_USAGE},
        {"a fault",
         {.ca = MINT_NO, .key_usage = MINT_KU_CRL_SIGN, .serial_hex = "00"},
         STIR_CODE_CERT_SYNTAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *pem = mint_make(&cases[i].signer, NULL)->pem;
        struct anchors anchors = {0};
        struct stir_error error;
        error_clear(&error);
        int rc = anchors_add_crl_signers(&anchors, pem, strlen(pem), &es256_gnutls, &error);
        cr_expect_eq(rc, cases[i].code == 0 ? 0 : STIR_E_REFUSED, "%s: %s", cases[i].desc,
                     error.text);
        cr_expect_eq(error.code, cases[i].code, "%s: %s", cases[i].desc, error.text);
        anchors_free(&anchors);
    }
}

/* A number is told in decimal; one that no integer here holds in hexadecimal. */
Test(crl, numbers)
{
    static const struct {
        const char *hex, *text;
    } numbers[] = {{"00", "0"},
                   {"", ""},
                   {"7F", "127"},
                   {"00FF", "255"},
                   {"00FFFFFFFFFFFFFFFF", "18446744073709551615"},
                   {"010000000000000000", "0x010000000000000000"}};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct minted *minted =
            mint_crl(&(struct mint_crl){.number_hex = numbers[i].hex}, &pa);
        char room[CRL_NUMBER_SIZE];
        struct crl *crl;
        cr_assert_eq(crl_new((struct der){minted->der, minted->len}, "", &crl, NULL), 0);
        cr_expect_str_eq(crl_number(room, crl), numbers[i].text);
        crl_free(crl);
    }
}

/* ---- In slices ----------------------------------------------------------------------------- */

static int read_in_slices(struct crl_set *set, const void *data, size_t len, size_t slice,
                          struct stir_error *error)
{
    struct crl_set_reader *reader = crl_set_reader_new(data, len, "test.crl", SIZE_MAX);
    int rc = 1;

    error_clear(error);
    while (rc == 1)
        rc = crl_set_reader_step(reader, slice, error);
    if (rc == 0)
        rc = crl_set_reader_take(reader, set, error);
    crl_set_reader_free(reader);
    return rc;
}

static bool same_octets(struct der a, struct der b)
{
    return (a.data == NULL) == (b.data == NULL) && der_equal(a, b);
}

/* Each entry of one is found in the other: the order within is by a key that is drawn anew. */
static bool same_entries(const struct crl *a, const struct crl *b)
{
    const struct crl_entries *x = &a->entries, *y = &b->entries;
    bool same = x->n == y->n && x->count == y->count && x->n_issuers == y->n_issuers;

    for (size_t i = 0; same && i < x->n_issuers; i++)
        same = x->issuers[i].len == y->issuers[i].len
               && memcmp(x->issuers[i].form, y->issuers[i].form, x->issuers[i].len) == 0;
    for (size_t i = 0; same && i < x->n; i++) {
        size_t k = 0;
        while (k < y->n && memcmp(&x->sorted[i], &y->sorted[k], sizeof *x->sorted) != 0)
            k++;
        same = k < y->n;
    }
    return same;
}

static bool same_list(const struct crl *a, const struct crl *b)
{
    return a->fault.code == b->fault.code && strcmp(a->fault.text, b->fault.text) == 0
           && strcmp(a->issuer_text, b->issuer_text) == 0 && same_octets(a->issuer, b->issuer)
           && same_octets(a->akid, b->akid) && same_octets(a->signature, b->signature)
           && same_octets(a->idp, b->idp) && same_octets(a->number, b->number)
           && a->this_update == b->this_update && a->next_update == b->next_update
           && memcmp(a->digest, b->digest, sizeof a->digest) == 0 && same_entries(a, b);
}

struct slicing {
    const char *desc;
    size_t slice;
};

static void expect_same(void *arg, const struct mutation *mutation)
{
    const struct slicing *slicing = arg;
    struct crl_set whole = {0}, sliced = {0};
    struct stir_error wanted, found;
    int rc = add(&whole, mutation->data, mutation->len, &wanted);

    cr_expect_eq(read_in_slices(&sliced, mutation->data, mutation->len, slicing->slice, &found),
                 rc, "%s, %s %zu, slices of %zu: %s", slicing->desc, mutation->what,
                 mutation->at, slicing->slice, found.text);
    cr_expect_str_eq(found.text, wanted.text, "%s, %s %zu, slices of %zu", slicing->desc,
                     mutation->what, mutation->at, slicing->slice);
    cr_assert_eq(sliced.n, whole.n);
    for (size_t i = 0; i < whole.n; i++)
        cr_expect(same_list(whole.lists[i], sliced.lists[i]), "%s, %s %zu, slices of %zu",
                  slicing->desc, mutation->what, mutation->at, slicing->slice);
    crl_set_free(&whole);
    crl_set_free(&sliced);
}

/* Of the changes each seventh: all of them take a second. */
static void expect_some_same(void *arg, const struct mutation *mutation)
{
    if (mutation->at % 7 == 3)
        expect_same(arg, mutation);
}

static void expect_same_in_slices(const char *desc, const void *data, size_t len)
{
    static const size_t slices[] = {1, 7, 4096};

    for (size_t i = 0; i < sizeof slices / sizeof *slices; i++) {
        struct slicing slicing = {desc, slices[i]};
        expect_same(&slicing, &(struct mutation){"as it is", 0, data, len});
    }
}

/* Entries of 20 octets each, with serial numbers of three. */
static char *many_entries(unsigned n)
{
    char *hex = malloc(n * 48 + 1);

    for (unsigned i = 0; i < n; i++)
        sprintf(hex + i * 44, "301402034%05X170D3235313233313030303030305A",
                i * 3557 % 0xFFFFF);
    return hex;
}

/* R5280-5-1: a list that is read in slices is the list that it is read whole. */
Test(crl, in_slices_it_is_the_same)
{
    char *hex = many_entries(300);
    const struct minted *many =
        mint_crl(&(struct mint_crl){.revoked_hex = hex, .idp_hex = MINT_IDP_INDIRECT}, &pa);
    const struct minted *small =
        mint_crl(&(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT,
                                    .revoked = {{.serial_hex = "12", .issuer = "C=US,CN=A"},
                                                {.serial_hex = "13", .reason_hex = "01"},
                                                {.serial_hex = "14", .issuer = "C=US,CN=B"}}},
                 &pa);
    struct slicing slicing = {"changed", 7};
    char *both = malloc(strlen(many->pem) + strlen(small->pem) + 1);

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct minted *crl = mint_crl(&lists[i].crl, &issuer);
        expect_same_in_slices(lists[i].desc, crl->der, crl->len);
    }
    expect_same_in_slices("300 entries", many->der, many->len);
    sprintf(both, "%s%s", many->pem, small->pem);
    expect_same_in_slices("two in PEM", both, strlen(both));
    mutate_each(small->der, small->len, expect_some_same, &slicing);
    free(both);
    free(hex);
}

/* R5280-4.2.1.13: what is at a URL is DER; a long text would be decoded in one go. */
Test(crl, long_pem_is_refused_where_it_is_said_so)
{
    const char *pem = mint_crl(&(struct mint_crl){.version = 2}, &pa)->pem;

    for (size_t more = 0; more < 2; more++) {
        struct crl_set_reader *reader =
            crl_set_reader_new(pem, strlen(pem), "url", strlen(pem) - more);
        struct stir_error error;
        error_clear(&error);
        int rc = crl_set_reader_step(reader, SIZE_MAX, &error);
        cr_expect_eq(rc, more ? STIR_E_LIMIT : 0);
        cr_expect(!more || strstr(error.text, "or DER") != NULL, "%s", error.text);
        crl_set_reader_free(reader);
    }
}

/* What is kept of a list, and what one entry has, is bounded: each is looked at in one go. */
Test(crl, long_entries_and_heads_are_refused)
{
    static const struct {
        const char *desc;
        size_t octets; /* of an entry's extension */
        int rc;
    } cases[] = {{"an entry of 8 KiB", 8 * 1024 - 64, 0},
                 {"a longer one", 8 * 1024, STIR_E_LIMIT}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct crl_set set = {0};
        struct stir_error error;
        char *hex = calloc(cases[i].octets, 2);
        memset(hex, '0', cases[i].octets * 2 - 2);
        const struct mint_extension extensions[] = {{"1.2.3", false, hex}, {NULL, false, NULL}};
        const struct minted *crl = mint_crl(
            &(struct mint_crl){.revoked = {{.serial_hex = "12", .extensions = extensions}}},
            &pa);
        cr_expect_eq(add(&set, crl->der, crl->len, &error), cases[i].rc, "%s: %s",
                     cases[i].desc, error.text);
        cr_expect(cases[i].rc == 0 || strstr(error.text, "entry 0: ") != NULL, "%s",
                  error.text);
        crl_set_free(&set);
        free(hex);
    }
}
