/* Revocation: which lists concern a certificate, which may be relied on, and what they say. */
#include "rules/revocation.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/build_path.h"
#include "tests/mint_crl.h"

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};
/* Its name, another key. */
static const struct mint false_pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                                     .key = "false pa",
                                     .ca = MINT_NO,
                                     .key_usage = MINT_KU_CRL_SIGN};
static const struct mint old_pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                                   .key = "pa",
                                   .ca = MINT_NO,
                                   .not_after = MINT_NOW - 1,
                                   .key_usage = MINT_KU_CRL_SIGN};
static const struct mint same_name = {
    .subject = "C=US,O=Provider,CN=SHAKEN 709J", .key = "another 709J", .ca = MINT_YES};
static const struct mint no_crl_sign = {.subject = "C=US,O=Provider,CN=SHAKEN 709J",
                                        .key = "spc-ca",
                                        .ca = MINT_YES,
                                        .key_usage = MINT_KU_KEY_CERT_SIGN,
                                        .tnauthlist = "709J,12155550000+10000"};
static const struct mint any_use = {.subject = "C=US,O=Provider,CN=SHAKEN 709J",
                                    .key = "spc-ca",
                                    .ca = MINT_YES,
                                    .key_usage = MINT_KU_ABSENT,
                                    .tnauthlist = "709J,12155550000+10000"};

#define PROVIDER "C=US,O=Provider,CN=SHAKEN 709J" /* issuer of the delegate */
#define STI_CA "C=US,O=Test,CN=Test SHAKEN CA"    /* of the provider's CA */
#define DELEGATE                                                                               \
    {                                                                                          \
        .certificate = &mint_delegate, .issuer = PROVIDER, .reason_hex = "01"                  \
    }
#define OF_ITS_ISSUER                                                                          \
    {                                                                                          \
        .certificate = &mint_delegate, .reason_hex = "01"                                      \
    }

/* A delegate with a distribution point: http://a/1 in full. */
#define POINT_1 "3010A00EA00C860A687474703A2F2F612F31"
#define POINT_2 "3010A00EA00C860A687474703A2F2F612F32"
static const struct mint_extension pointed[] = {{"2.5.29.31", false, "3012" POINT_1},
                                                {NULL, false, NULL}};
static const struct mint pointing = {.subject = "C=US,O=ACME,CN=ACME delegate",
                                     .key = "delegate",
                                     .tnauthlist = "12155551200+100",
                                     .extensions = pointed};

#define CRITICAL(oid, hex)                                                                     \
    (const struct mint_extension[])                                                            \
    {                                                                                          \
        {oid, true, hex},                                                                      \
        {                                                                                      \
            NULL, false, NULL                                                                  \
        }                                                                                      \
    }
#define HARMLESS(oid, hex)                                                                     \
    (const struct mint_extension[])                                                            \
    {                                                                                          \
        {oid, false, hex},                                                                     \
        {                                                                                      \
            NULL, false, NULL                                                                  \
        }                                                                                      \
    }

struct listed {
    struct mint_crl crl;
    const struct mint *signer;
};

struct revocation_case {
    const char *desc;
    struct listed lists[3];
    const struct mint *anchors[2];      /* NULL, NULL: pa */
    const struct mint *leaf, *provider; /* NULL: mint_delegate, mint_spc_ca */
    enum status_policy policy;
    int64_t now; /* 0: MINT_NOW */
    bool no_anchors;
    int code, depth;
    const char *says;
};

static void fill(struct crl_set *set, const struct revocation_case *test)
{
    static const struct mint *const usual[2] = {&pa, NULL};
    const struct mint *const *anchors = test->anchors[0] != NULL ? test->anchors : usual;
    struct stir_error error;

    error_clear(&error);
    for (size_t i = 0; i < 2 && anchors[i] != NULL && !test->no_anchors; i++) {
        const char *pem = mint_make(anchors[i], NULL)->pem;
        cr_assert_eq(
            anchors_add_crl_signers(&set->signers, pem, strlen(pem), &es256_gnutls, &error), 0,
            "%s: %s", test->desc, error.text);
    }
    for (size_t i = 0; i < 3 && test->lists[i].signer != NULL; i++) {
        const struct minted *crl = mint_crl(&test->lists[i].crl, test->lists[i].signer);
        cr_assert_eq(crl_set_add(set, crl->der, crl->len, "test", &error), 0, "%s: %s",
                     test->desc, error.text);
    }
}

static void expect(const struct revocation_case *test)
{
    const struct mint *leaf = test->leaf != NULL ? test->leaf : &mint_delegate;
    const struct mint *provider = test->provider != NULL ? test->provider : &mint_spc_ca;
    const char *anchor = mint_make(&mint_root, NULL)->pem;
    const char *list =
        mint_pem_list(mint_make(leaf, provider), mint_make(provider, &mint_sti_ca),
                      mint_make(&mint_sti_ca, &mint_root), NULL);
    struct crl_set set = {0};
    struct built built;
    struct stir_error error;

    built_make(&built, list, &anchor, 1, PATH_ORDER_STRICT, MINT_NOW);
    cr_assert_eq(built.code, 0, "%s: %s", test->desc, built_said(&built));
    fill(&set, test);
    for (int again = 0; again < 2; again++) { /* the second time what is remembered answers */
        error_clear(&error);
        int rc = revocation_check(&built.path, &set, test->policy,
                                  test->now != 0 ? test->now : MINT_NOW, &error);
        cr_expect_eq(rc, test->code, "%s: %d, %s", test->desc, rc, error.text);
        if (rc > 0)
            cr_expect_eq(error.depth, test->depth, "%s: depth %d", test->desc, error.depth);
        if (test->says != NULL)
            cr_expect_not_null(strstr(error.text, test->says), "%s: %s", test->desc,
                               error.text);
    }
    crl_set_free(&set);
    built_free(&built);
}

/* `for` of one table. */
#define EXPECT_ALL(table)                                                                      \
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)                                  \
    expect(&table[i])

#define INDIRECT(...)                                                                          \
    {                                                                                          \
        {.idp_hex = MINT_IDP_INDIRECT, __VA_ARGS__}, &pa                                       \
    }

/* by a CRL anchor and indirect, for every certificate of the path but its anchor. */
Test(revocation, indirect_lists_are_about_everybody)
{
    static const struct revocation_case cases[] = {
        {.desc = "the delegate",
         .lists = {INDIRECT(.revoked = {DELEGATE})},
         .code = STIR_CODE_REVOKED,
         .says = "certificate 0 \"ACME delegate\" was revoked on 2025-12-31T23:43:20Z "
                 "(keyCompromise) by the CRL of \"CN=STI-PA CRL,O=PA,C=US\" (number 1) (RFC "
                 "5280 section 6.3)"},
        {.desc = "nobody", .lists = {INDIRECT(.number_hex = "01")}},
        {.desc = "its serial number, of another issuer",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_delegate, .issuer = STI_CA}})}},
        {.desc = "its serial number, of the list's issuer",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_delegate}})}},
        {.desc = "another serial number of its issuer",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234", .issuer = PROVIDER}})}},
        {.desc = "the provider's CA",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_spc_ca, .issuer = STI_CA}})},
         .code = STIR_CODE_REVOKED,
         .depth = 1,
         .says = "certificate 1 \"SHAKEN 709J\""},
        {.desc = "the STI-CA",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_sti_ca,
                                         .issuer = "C=US,O=Test,CN=Test SHAKEN ROOT"}})},
         .code = STIR_CODE_REVOKED,
         .depth = 2},
        {.desc = "the anchor: not asked (A-34)",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_root,
                                         .issuer = "C=US,O=Test,CN=Test SHAKEN ROOT"}})}},
        {.desc = "the one nearest to the signer is told of",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_spc_ca, .issuer = STI_CA},
                                        DELEGATE})},
         .code = STIR_CODE_REVOKED,
         .depth = 0},
        {.desc = "a delegate whose distribution point is elsewhere (A-32)",
         .leaf = &pointing,
         .lists = {INDIRECT(.revoked = {{.certificate = &pointing, .issuer = PROVIDER}})},
         .code = STIR_CODE_REVOKED},
        {.desc = "the list names a distribution point of its own (A-32)",
         .lists = {{{.idp_hex = "3013A00EA00C860A687474703A2F2F612F318401FF",
                     .revoked = {DELEGATE}},
                    &pa}},
         .code = STIR_CODE_REVOKED},
        {.desc = "R5280-5-3: its name in other strings, case and blanks (RFC 5280 section 7.1)",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_delegate,
                                         .issuer = "C=us,O=provider,CN= shaken  709j "}})},
         .code = STIR_CODE_REVOKED},
    };

    EXPECT_ALL(cases);
}

/* R5280-5-3: a certificateIssuer holds for its entry and all that follow. */
Test(revocation, certificate_issuers_are_sticky)
{
    static const struct revocation_case cases[] = {
        {.desc = "said one entry before",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234", .issuer = PROVIDER},
                                        {.certificate = &mint_delegate}})},
         .code = STIR_CODE_REVOKED},
        {.desc = "said three entries before",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234", .issuer = PROVIDER},
                                        {.serial_hex = "1235"},
                                        {.serial_hex = "1236", .reason_hex = "04"},
                                        {.certificate = &mint_delegate}})},
         .code = STIR_CODE_REVOKED},
        {.desc = "changed meanwhile",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234", .issuer = PROVIDER},
                                        {.serial_hex = "1235", .issuer = STI_CA},
                                        {.certificate = &mint_delegate}})}},
        {.desc = "changed, and back",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234", .issuer = PROVIDER},
                                        {.serial_hex = "1235", .issuer = STI_CA},
                                        {.serial_hex = "1236", .issuer = PROVIDER},
                                        {.certificate = &mint_delegate}})},
         .code = STIR_CODE_REVOKED},
        {.desc = "said one entry after",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_delegate},
                                        {.serial_hex = "1234", .issuer = PROVIDER}})}},
        {.desc = "the same serial number under two issuers, the other one first",
         .lists = {INDIRECT(.revoked = {{.certificate = &mint_delegate, .issuer = STI_CA},
                                        {.certificate = &mint_delegate, .issuer = PROVIDER}})},
         .code = STIR_CODE_REVOKED},
        {.desc = "in a list that is not indirect",
         .lists = {{{.revoked = {DELEGATE}}, &mint_spc_ca}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "entry 0 has a certificateIssuer in a list that is not indirect"},
    };

    EXPECT_ALL(cases);
}

/* A-34, R5280-5-5, R5280-4.2.1.3: who may sign. */
Test(revocation, signers_of_lists)
{
    static const struct revocation_case cases[] = {
        {.desc = "an indirect list by another key of the anchor's name",
         .lists = {{{.idp_hex = MINT_IDP_INDIRECT, .revoked = {DELEGATE}}, &false_pa}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "none of the CRL anchors"},
        {.desc = "the same without a key identifier",
         .lists = {{{.idp_hex = MINT_IDP_INDIRECT, .akid = "", .revoked = {DELEGATE}},
                    &false_pa}},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "with both keys as anchors",
         .anchors = {&pa, &false_pa},
         .lists = {{{.idp_hex = MINT_IDP_INDIRECT, .akid = "", .revoked = {DELEGATE}},
                    &false_pa}},
         .code = STIR_CODE_REVOKED},
        {.desc = "the anchor's key, another one's name",
         .lists =
             {{{.idp_hex = MINT_IDP_INDIRECT, .issuer_name = "CN=other", .revoked = {DELEGATE}},
               &pa}},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "a broken signature",
         .lists = {INDIRECT(.corrupt = true, .revoked = {DELEGATE})},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "no CRL anchor is configured",
         .no_anchors = true,
         .lists = {INDIRECT(.revoked = {DELEGATE})},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "none of the CRL anchors that are valid signed it"},
        {.desc = "the CRL anchor is past its validity",
         .anchors = {&old_pa},
         .lists = {INDIRECT(.revoked = {DELEGATE})},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "and another certificate of it is not",
         .anchors = {&old_pa, &pa},
         .lists = {INDIRECT(.revoked = {DELEGATE})},
         .code = STIR_CODE_REVOKED},
        {.desc = "an indirect list by the certificate's own issuer, who is no anchor",
         .lists = {{{.idp_hex = MINT_IDP_INDIRECT, .revoked = {DELEGATE}}, &mint_spc_ca}},
         .code = STIR_CODE_REVOKED},
        {.desc = "a direct list by the issuer",
         .lists = {{{.revoked = {OF_ITS_ISSUER}}, &mint_spc_ca}},
         .code = STIR_CODE_REVOKED,
         .says = "by the CRL of \"CN=SHAKEN 709J,O=Provider,C=US\""},
        {.desc = "a direct list of nobody", .lists = {{{.number_hex = "01"}, &mint_spc_ca}}},
        {.desc = "a direct list by an issuer without cRLSign",
         .provider = &no_crl_sign,
         .lists = {{{.revoked = {OF_ITS_ISSUER}}, &no_crl_sign}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "the certificate's issuer did not sign it"},
        {.desc = "a direct list by an issuer without key usage (A-34)",
         .provider = &any_use,
         .lists = {{{.revoked = {OF_ITS_ISSUER}}, &any_use}},
         .code = STIR_CODE_REVOKED},
        {.desc = "a direct list of the provider's CA's issuer",
         .lists = {{{.revoked = {{.certificate = &mint_spc_ca}}}, &mint_sti_ca}},
         .code = STIR_CODE_REVOKED,
         .depth = 1},
        {.desc = "a direct list by the anchor",
         .lists = {{{.revoked = {{.certificate = &mint_sti_ca}}}, &mint_root}},
         .code = STIR_CODE_REVOKED,
         .depth = 2},
        {.desc = "a direct list by the issuer's name and another key, which it names",
         .lists = {{{.revoked = {OF_ITS_ISSUER}}, &same_name}}},
        {.desc = "the same, and names none",
         .lists = {{{.akid = "", .revoked = {OF_ITS_ISSUER}}, &same_name}},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "a direct list by a CRL anchor of the issuer's name",
         .anchors = {&same_name},
         .lists = {{{.revoked = {OF_ITS_ISSUER}}, &same_name}},
         .code = STIR_CODE_REVOKED},
        {.desc = "R5280-5-4: a CRL anchor's list that is not indirect is not about others",
         .lists = {{{.revoked = {OF_ITS_ISSUER}}, &pa}}},
    };

    EXPECT_ALL(cases);
}

/* R5280-5-1: times, both ends included; a usable list beats one that is not. */
Test(revocation, times_of_lists)
{
    static const struct revocation_case cases[] = {
        {.desc = "at thisUpdate", .now = MINT_THIS_UPDATE, .lists = {INDIRECT(.version = 2)}},
        {.desc = "before it",
         .now = MINT_THIS_UPDATE - 1,
         .lists = {INDIRECT(.version = 2)},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "it is of 2025-12-31T00:00:00Z"},
        {.desc = "at nextUpdate", .now = MINT_NEXT_UPDATE, .lists = {INDIRECT(.version = 2)}},
        {.desc = "after it",
         .now = MINT_NEXT_UPDATE + 1,
         .lists = {INDIRECT(.version = 2)},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "certificate 0 \"ACME delegate\": its status is not known: the CRL of "
                 "\"CN=STI-PA CRL,O=PA,C=US\" (number 1): the next was due at "
                 "2026-01-02T00:00:00Z"},
        {.desc = "after it, and it has the delegate",
         .now = MINT_NEXT_UPDATE + 1,
         .lists = {INDIRECT(.revoked = {DELEGATE})},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "without nextUpdate",
         .lists = {INDIRECT(.next_update = -1)},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "it has no nextUpdate"},
        {.desc = "GeneralizedTime", .lists = {INDIRECT(.this_raw = "20250101000000Z")}},
        {.desc = "a stale list of the issuer beside a good indirect one",
         .lists = {{{.next_update = MINT_NOW - 1}, &mint_spc_ca}, INDIRECT(.version = 2)}},
        {.desc = "a stale list of the issuer alone",
         .lists = {{{.next_update = MINT_NOW - 1}, &mint_spc_ca}},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "of two certificates, one of unknown status and one revoked above it",
         .lists = {{{.next_update = MINT_NOW - 1}, &mint_spc_ca},
                   {{.revoked = {{.certificate = &mint_sti_ca}}}, &mint_root}},
         .code = STIR_CODE_REVOKED,
         .depth = 2},
    };

    EXPECT_ALL(cases);
}

/* R5280-5-1: what makes a list unusable; GnuTLS verifies most of these without complaint. */
Test(revocation, unusable_lists)
{
#define UNUSABLE(what, sentence, ...)                                                          \
    {                                                                                          \
        .desc = what, .lists = {INDIRECT(__VA_ARGS__)}, .code = STIR_CODE_STATUS_UNKNOWN,      \
        .says = sentence                                                                       \
    }
    const struct revocation_case cases[] = {
        UNUSABLE("a critical extension", "1.2.3.4 is critical and is not known",
                 .extensions = CRITICAL("1.2.3.4", "0500")),
        {.desc = "the same, not critical",
         .lists = {INDIRECT(.extensions = HARMLESS("1.2.3.4", "0500"))}},
        {.desc = "a freshest CRL, not critical",
         .lists = {INDIRECT(.extensions = HARMLESS("2.5.29.46", "3000"))}},
        UNUSABLE("a delta", "it is a delta to another list",
                 .extensions = CRITICAL("2.5.29.27", "020101")),
        UNUSABLE("a delta that is not marked critical", "it is a delta to another list",
                 .extensions = HARMLESS("2.5.29.27", "020101")),
        UNUSABLE("an extension twice", "twice", .extensions = HARMLESS("2.5.29.20", "020101")),
        UNUSABLE("version 1, with extensions", "version 2", .version = -1),
        UNUSABLE("version 1, said so", "version 2", .version = 1),
        UNUSABLE("version 3", "version 2", .version = 3),
        UNUSABLE("ECDSA with SHA-1", "it is not signed with", .algorithm = MINT_ECDSA_SHA1),
        UNUSABLE("unequal algorithms", "not the same",
                 .algorithm_hex = "300A06082A8648CE3D040303"),
        UNUSABLE("a negative number", "its number is negative", .number_hex = "80"),
        UNUSABLE("a number of 21 octets", "its number is negative or has more than 20",
                 .number_hex = "010101010101010101010101010101010101010101"),
        {.desc = "a number of 20 octets",
         .lists = {INDIRECT(.number_hex = "0101010101010101010101010101010101010101")}},
        {.desc = "no number (A-34)", .lists = {INDIRECT(.number_hex = "")}},
        {.desc = "a critical number (A-34)",
         .lists = {INDIRECT(.number_hex = "", .extensions = CRITICAL("2.5.29.20", "020101"))}},
        {.desc = "a scope of users and CAs at once",
         .lists = {{{.idp_hex = "30098101FF8201FF8401FF"}, &pa}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "several of these at once"},
        {.desc = "a scope of no reasons",
         .lists = {{{.idp_hex = "3007830207808401FF"}, &pa}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "about no reason at all"},
        {.desc = "a scope that is not marked critical",
         .lists = {INDIRECT(.idp_not_critical = true)}},
        UNUSABLE(
            "an entry with a critical extension", "entry 1 has a critical extension",
            .revoked = {{.serial_hex = "1234"},
                        {.serial_hex = "1235", .extensions = CRITICAL("1.2.3.4", "0500")}}),
        {.desc = "the same, not critical",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234"},
                                        {.serial_hex = "1235",
                                         .extensions = HARMLESS("1.2.3.4", "0500")}})}},
        UNUSABLE("an entry with an extension twice", "entry 0 has an extension twice",
                 .revoked = {{.serial_hex = "1234",
                              .reason_hex = "01",
                              .extensions = HARMLESS("2.5.29.21", "0A0101")}}),
        UNUSABLE("R5280-5-6: removeFromCRL", "entry 0 has reason removeFromCRL",
                 .revoked = {{.serial_hex = "1234", .reason_hex = "08"}}),
        UNUSABLE("a reason that there is not", "entry 0 has a reason that there is not",
                 .revoked = {{.serial_hex = "1234", .reason_hex = "07"}}),
        UNUSABLE("a reason beyond the last", "entry 0 has a reason that there is not",
                 .revoked = {{.serial_hex = "1234", .reason_hex = "0B"}}),
        UNUSABLE("a certificateIssuer without a directory name", "without a directory name",
                 .revoked = {{.serial_hex = "1234",
                              .extensions = CRITICAL("2.5.29.29", "30038201 61")}}),
        UNUSABLE("a certificateIssuer of two names", "of two names",
                 .revoked = {{.serial_hex = "1234",
                              .extensions = CRITICAL("2.5.29.29", "3008A4023000A4023000")}}),
        {.desc = "a certificateIssuer of one name and others",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234",
                                         .extensions =
                                             CRITICAL("2.5.29.29", "3007820161A4023000")}})}},
        {.desc = "an invalidity date",
         .lists = {INDIRECT(.revoked = {{.serial_hex = "1234",
                                         .extensions = HARMLESS(
                                             "2.5.29.24",
                                             "180F32303235303130313030303030305A")}})}},
    };

    EXPECT_ALL(cases);
}

/* R5280-5-6: every reason counts, holds too. */
Test(revocation, reasons)
{
    static const struct {
        const char *hex, *says;
    } reasons[] = {{"00", "revoked on 2025-12-31T23:43:20Z (unspecified)"},
                   {NULL, "(unspecified)"},
                   {"01", "(keyCompromise)"},
                   {"02", "(cACompromise)"},
                   {"03", "(affiliationChanged)"},
                   {"04", "(superseded)"},
                   {"05", "(cessationOfOperation)"},
                   {"06", "was put on hold on 2025-12-31T23:43:20Z (certificateHold)"},
                   {"09", "(privilegeWithdrawn)"},
                   {"0A", "(aACompromise)"}};

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        const struct revocation_case test = {
            .desc = reasons[i].says,
            .lists = {INDIRECT(.revoked = {{.certificate = &mint_delegate,
                                            .issuer = PROVIDER,
                                            .reason_hex = reasons[i].hex}})},
            .code = STIR_CODE_REVOKED,
            .says = reasons[i].says};
        expect(&test);
    }
}

/* R5280-5-2: what a list is about; with status require, what it is not about is not known. */
Test(revocation, scopes_of_lists)
{
#define DIRECT(...)                                                                            \
    {                                                                                          \
        {__VA_ARGS__, .revoked = {OF_ITS_ISSUER}}, &mint_spc_ca                                \
    }
    static const struct revocation_case cases[] = {
        {.desc = "user certificates: the delegate",
         .lists = {DIRECT(.idp_hex = "30038101FF")},
         .code = STIR_CODE_REVOKED},
        {.desc = "CA certificates: not the delegate",
         .lists = {DIRECT(.idp_hex = "30038201FF")}},
        {.desc = "attribute certificates: neither", .lists = {DIRECT(.idp_hex = "30038501FF")}},
        {.desc = "user certificates: not the provider's CA",
         .lists = {{{.idp_hex = "30068101FF8401FF",
                     .revoked = {{.certificate = &mint_spc_ca, .issuer = STI_CA}}},
                    &pa}}},
        {.desc = "CA certificates: the provider's CA",
         .lists = {{{.idp_hex = "30068201FF8401FF",
                     .revoked = {{.certificate = &mint_spc_ca, .issuer = STI_CA}}},
                    &pa}},
         .code = STIR_CODE_REVOKED,
         .depth = 1},
        {.desc = "a partition: the delegate's",
         .leaf = &pointing,
         .lists = {{{.idp_hex = POINT_1, .revoked = {{.certificate = &pointing}}},
                    &mint_spc_ca}},
         .code = STIR_CODE_REVOKED},
        {.desc = "a partition: another",
         .leaf = &pointing,
         .lists = {{{.idp_hex = POINT_2, .revoked = {{.certificate = &pointing}}},
                    &mint_spc_ca}}},
        {.desc = "a partition, of a certificate that names none",
         .lists = {DIRECT(.idp_hex = POINT_1)}},
        {.desc = "some reasons, of which it was revoked for one",
         .lists = {DIRECT(.idp_hex = "300483020640")},
         .code = STIR_CODE_REVOKED},
        {.desc = "some reasons, for none of which it was revoked",
         .lists = {{{.idp_hex = "300483020640"}, &mint_spc_ca}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "about some reasons only"},
        {.desc = "some reasons, and the rest in another list",
         .lists = {{{.idp_hex = "300483020640"}, &mint_spc_ca},
                   {{.idp_hex = "30058303073F80"}, &mint_spc_ca}}},
        {.desc = "some reasons, and the rest in another list that is stale",
         .lists = {{{.idp_hex = "300483020640"}, &mint_spc_ca},
                   {{.idp_hex = "30058303073F80", .next_update = MINT_NOW - 1}, &mint_spc_ca}},
         .code = STIR_CODE_STATUS_UNKNOWN},
        {.desc = "some reasons, and all in another list",
         .lists = {{{.idp_hex = "300483020640"}, &mint_spc_ca}, INDIRECT(.version = 2)}},
    };

    EXPECT_ALL(cases);
}

/* Policy status. */
Test(revocation, policies)
{
    static const struct revocation_case cases[] = {
        {.desc = "prefer, without any list"},
        {.desc = "require, without any list",
         .policy = STATUS_REQUIRE,
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "no CRL covers it, and policy status is require"},
        {.desc = "off, revoked",
         .policy = STATUS_OFF,
         .lists = {INDIRECT(.revoked = {DELEGATE})}},
        {.desc = "off, stale",
         .policy = STATUS_OFF,
         .now = MINT_NEXT_UPDATE + 1,
         .lists = {INDIRECT(.revoked = {DELEGATE})}},
        {.desc = "require, with a list about everybody",
         .policy = STATUS_REQUIRE,
         .lists = {INDIRECT(.version = 2)}},
        {.desc = "require, and the list has it",
         .policy = STATUS_REQUIRE,
         .lists = {INDIRECT(.revoked = {DELEGATE})},
         .code = STIR_CODE_REVOKED},
        {.desc = "require, and the list is stale",
         .policy = STATUS_REQUIRE,
         .now = MINT_NEXT_UPDATE + 1,
         .lists = {INDIRECT(.version = 2)},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .says = "the next was due"},
        {.desc = "require, with a list of the delegate's issuer alone",
         .policy = STATUS_REQUIRE,
         .lists = {{{.number_hex = "01"}, &mint_spc_ca}},
         .code = STIR_CODE_STATUS_UNKNOWN,
         .depth = 1},
        {.desc = "require, with a list of each issuer",
         .policy = STATUS_REQUIRE,
         .lists = {{{.number_hex = "01"}, &mint_spc_ca},
                   {{.number_hex = "01"}, &mint_sti_ca},
                   {{.number_hex = "01"}, &mint_root}}},
        {.desc = "require, and one of them has the STI-CA",
         .policy = STATUS_REQUIRE,
         .lists = {{{.number_hex = "01"}, &mint_spc_ca},
                   {{.number_hex = "01"}, &mint_sti_ca},
                   {{.revoked = {{.certificate = &mint_sti_ca}}}, &mint_root}},
         .code = STIR_CODE_REVOKED,
         .depth = 2},
        {.desc = "prefer, with a list of somebody else, which is stale",
         .lists = {{{.next_update = MINT_NOW - 1}, &mint_shaken}}},
    };

    EXPECT_ALL(cases);
}
