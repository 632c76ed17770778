/* service/op, judgement, credential: a call judged end to end; every code that a call can get. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/code.h"
#include "tests/scene.h"

/* RFC 8226 section 9, RFC 9060 sections 4 to 7, RFC 8224 section 6.2: the main job, and one field
   changed. All are judged by signer ACME delegate (12155551200+100) under SHAKEN 709J. */
static const struct scene delegated[] = {
    {"a call from inside the range (R9060-5-2)", .depth = -1,
     .sentence = "certificate 0 \"ACME delegate\" has authority over 12155551234"},
    {"the same from one number outside (R9060-5-2)", .orig = "12155551300",
     .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0, .sentence = "12155551300"},
    {"first number", .orig = "12155551200", .depth = -1},
    {"one below", .orig = "12155551199", .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
    {"last number", .orig = "12155551299", .depth = -1},
    {"inside the parent, not inside the signer (A-1)", .orig = "12155551400",
     .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
    {"shaken, by a delegate with numbers: its scope counts (A-31)", .ppt = "shaken",
     .orig = "12155551234", .depth = -1},
    {"shaken, one number outside", .ppt = "shaken", .orig = "12155551300",
     .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
};

/* Over-claims, gaps and unknowns, by certificates of their own. */
#define ABOVE                                                                                  \
    {                                                                                          \
        mint_spc_ca_like, mint_sti_ca_like, mint_root_like                                     \
    }
#define mint_spc_ca_like                                                                       \
    {                                                                                          \
        .subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J,12155550000+10000"       \
    }
#define mint_sti_ca_like                                                                       \
    {                                                                                          \
        .subject = "STI CA", .ca = MINT_YES                                                    \
    }
#define mint_root_like                                                                         \
    {                                                                                          \
        .subject = "Root"                                                                      \
    }

static const struct scene delegation[] = {
    {"own chain, encompassed (R9060-4-4)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"}, .above = ABOVE,
     .depth = -1},
    {"one number beyond the parent, for which no call is made (R9060-4-4, R8226-9-2)",
     .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100,t12155560000"},
     .above = {{.subject = "Parent", .ca = MINT_YES, .tnauthlist = "12155550000+10000"},
               mint_sti_ca_like,
               mint_root_like},
     .code = STIR_CODE_NOT_ENCOMPASSED, .depth = 0,
     .sentence = "12155560000 is not encompassed by certificate 1 \"Parent\""},
    {"an SPC the parent has not (A-4)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "709j,12155551200+100"}, .above = ABOVE,
     .code = STIR_CODE_NOT_ENCOMPASSED, .depth = 0},
    {"numbers under an SPC, no data (A-3)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},
     .above = {{.subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"},
               mint_sti_ca_like,
               mint_root_like},
     .code = STIR_CODE_ENCOMPASS_UNKNOWN, .depth = 0},
    {"numbers under an SPC, the data says yes (R9060-4.1-2)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},
     .above = {{.subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"},
               mint_sti_ca_like,
               mint_root_like},
     .csv = "spc,first,last\n709J,12155550000,12155559999\n", .depth = -1},
    {"numbers under an SPC, the data says no to one", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},
     .above = {{.subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"},
               mint_sti_ca_like,
               mint_root_like},
     .csv = "spc,first,last\n709J,12155550000,12155551298\n", .code = STIR_CODE_NOT_ENCOMPASSED,
     .depth = 0, .sentence = "12155551299"},
    {"a gap below a listed certificate (A-11)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},
     .above = {{.subject = "No list", .ca = MINT_YES},
               {.subject = "Listed", .ca = MINT_YES, .tnauthlist = "12155550000+10000"},
               mint_root_like},
     .code = STIR_CODE_TNAUTHLIST_GAP, .depth = 1},
    {"a list by reference (R8226-10.1-1, A-10)", .own_chain = true,
     .signer = {.subject = "ACME", .stir_tn_list = "https://lists.example.com/acme"},
     .above = ABOVE, .code = STIR_CODE_TNAUTHLIST_UNREACHABLE, .depth = 0},
    {"a list by reference over http (R8226-10.1-2)", .own_chain = true,
     .signer = {.subject = "ACME", .stir_tn_list = "http://lists.example.com/acme"},
     .above = ABOVE, .code = STIR_CODE_TNAUTHLIST_REFERENCE, .depth = 0},
    {"no list at all (A-13)", .own_chain = true, .signer = {.subject = "ACME"},
     .above = {mint_sti_ca_like, mint_root_like}, .code = STIR_CODE_NO_TN_AUTHORITY,
     .depth = 0},
    {"a URI caller, by subjectAltName (R8224-8.4-1)", .own_chain = true,
     .orig = "sip:alice@example.com",
     .signer = {.subject = "ACME", .san = "uri:sip:example.com"},
     .above = {mint_sti_ca_like, mint_root_like}, .depth = -1},
    {"a URI caller of another domain", .own_chain = true, .orig = "sip:alice@example.org",
     .signer = {.subject = "ACME", .san = "uri:sip:example.com"},
     .above = {mint_sti_ca_like, mint_root_like}, .code = STIR_CODE_NO_URI_AUTHORITY,
     .depth = 0},
    {"a provider attests (A-31)", .own_chain = true, .ppt = "shaken", .orig = "442071838750",
     .signer = {.subject = "SHAKEN 709J", .tnauthlist = "709J"},
     .above = {mint_sti_ca_like, mint_root_like}, .depth = -1, .sentence = "own word"},
    {"its base token needs scope (A-31)", .own_chain = true, .orig = "442071838750",
     .signer = {.subject = "SHAKEN 709J", .tnauthlist = "709J"},
     .above = {mint_sti_ca_like, mint_root_like}, .code = STIR_CODE_SCOPE_UNKNOWN, .depth = 0},
    {"an SPC delegate gains nothing by it (A-31)", .own_chain = true, .ppt = "shaken",
     .signer = {.subject = "ACME", .tnauthlist = "709J"},
     .above = {{.subject = "SCA", .ca = MINT_YES, .tnauthlist = "709J"},
               mint_sti_ca_like,
               mint_root_like},
     .code = STIR_CODE_SCOPE_UNKNOWN, .depth = 0},
    {"a TNAuthList that is none (R8226-9-3)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist_hex = "3000"}, .above = ABOVE,
     .code = STIR_CODE_TNAUTHLIST_SYNTAX, .depth = 0},
};

/* Claim constraints (RFC 8226 section 8, RFC 9118). */
#define SIGNER_WITH(text)                                                                      \
    .own_chain = true,                                                                         \
    .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .constraints = text},       \
    .above = ABOVE
static const struct scene constrained[] = {
    {"mustExclude attest, base token (R9118-3-4)", SIGNER_WITH("-attest"), .depth = -1},
    {"mustExclude attest, shaken", SIGNER_WITH("-attest"), .ppt = "shaken",
     .code = STIR_CODE_CLAIM_EXCLUDED, .depth = 0, .sentence = "attest"},
    {"mustInclude attest, shaken (R8226-8-2)", SIGNER_WITH("+attest"), .ppt = "shaken",
     .depth = -1},
    {"mustInclude attest, base token, well signed (R9118-8-3)", SIGNER_WITH("+attest"),
     .code = STIR_CODE_CLAIM_MISSING, .depth = 0, .sentence = "attest"},
    {"permitted A (R8226-8-3)", SIGNER_WITH("attest=A"), .ppt = "shaken", .depth = -1},
    {"permitted B", SIGNER_WITH("attest=B"), .ppt = "shaken",
     .code = STIR_CODE_CLAIM_NOT_PERMITTED, .depth = 0, .sentence = "attest"},
    {"mustExclude iat: void (R9118-3-5)", SIGNER_WITH("-iat,+confidence"), .depth = -1,
     .warning = "constraints-void"},
    {"constraints of a CA are nobody's, nor inherited (A-16)", .own_chain = true,
     .ppt = "shaken", .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},
     .above = {{.subject = "Constrained CA",
                .ca = MINT_YES,
                .tnauthlist = "12155550000+10000",
                .constraints = "-attest"},
               mint_sti_ca_like,
               mint_root_like},
     .depth = -1, .warning = "constraints-on-ca"},
    {"malformed (R8226-8-4)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .constraints_hex = "3000"},
     .above = ABOVE, .code = STIR_CODE_CONSTRAINTS_SYNTAX, .depth = 0},
    {"both kinds (A-16, R9118-6-1)", .own_chain = true,
     .signer = {.subject = "ACME",
                .tnauthlist = "12155551200+100",
                .constraints_hex = "300AA008300616046E616D65",
                .enhanced_hex = "300AA008300616046E616D65"},
     .above = ABOVE, .code = STIR_CODE_CONSTRAINTS_BOTH, .depth = 0},
};

#define H(more) "{\"alg\":\"ES256\"," more "\"typ\":\"passport\",\"x5u\":\"" SCENE_X5U "\"}"
#define P(iat, more)                                                                           \
    "{\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":" iat ",\"orig\":{\"tn\":\"" SCENE_ORIG   \
    "\"}" more "}"
#define NOW "1767225600"
#define SHAKEN_P(attest, origid)                                                               \
    "{" attest "\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":" NOW                           \
    ",\"orig\":{\"tn\":\"" SCENE_ORIG "\"}" origid "}"
#define ORIGID ",\"origid\":\"" SCENE_ORIGID "\""

/* Header and token: RFC 8224 section 4 and 6.2, RFC 8225. */
static const struct scene tokens[] = {
    {"the payload as JSON", .header = H(""), .payload = P(NOW, ""), .depth = -1},
    {"an extra claim (R8225-8.3-1)", .payload = P(NOW, ",\"zzz\":1"), .depth = -1},
    {"no semicolon", .identity = "abc", .code = STIR_CODE_INFO_MISSING, .depth = -1},
    {"bad characters in the token (R8224-4-5)", .identity = "a+b.c.d;info=<https://x/y>",
     .code = STIR_CODE_IDENTITY_SYNTAX, .depth = -1},
    {"unsupported ppt parameter (R8224-6.2-1)", .parameters = ";info=<" SCENE_X5U ">;ppt=zzz",
     .code = STIR_CODE_PPT_UNSUPPORTED, .depth = -1},
    {"no info (R8224-4-3)", .parameters = ";alg=ES256", .code = STIR_CODE_INFO_MISSING,
     .depth = -1},
    {"two segments (R7515-1)", .token = "e30.e30", .code = STIR_CODE_TOKEN_SYNTAX, .depth = -1},
    {"header that is no JSON (R7515-1b)", .header = "{", .code = STIR_CODE_JSON_SYNTAX,
     .depth = -1},
    {"payload that is no object (R7519-1)", .payload = "[]", .code = STIR_CODE_JSON_SYNTAX,
     .depth = -1},
    {"crit (R7515-2)", .header = H("\"crit\":[\"exp\"],"), .code = STIR_CODE_CRIT_UNSUPPORTED,
     .depth = -1},
    {"typ JWT (R8225-4.1)",
     .header = "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"x5u\":\"" SCENE_X5U "\"}",
     .code = STIR_CODE_TYP_NOT_PASSPORT, .depth = -1},
    {"ppt of the token unsupported (R8225-8.1-1)", .header = H("\"ppt\":\"zzz\","),
     .code = STIR_CODE_PPT_UNSUPPORTED, .depth = -1},
    {"ppt parameter without ppt (A-18, R8224-4.1-4)", .header = H(""), .ppt = "shaken",
     .code = STIR_CODE_PPT_MISMATCH, .depth = -1},
    {"ppt without parameter (A-18)", .header = H("\"ppt\":\"shaken\","),
     .payload = SHAKEN_P("\"attest\":\"A\",", ORIGID), .depth = -1,
     .warning = "ppt-parameter-missing"},
    {"alg ES384 (R8225-4.2)",
     .header = "{\"alg\":\"ES384\",\"typ\":\"passport\",\"x5u\":\"" SCENE_X5U "\"}",
     .code = STIR_CODE_ALG_UNSUPPORTED, .depth = -1},
    {"alg parameter differs (R8224-4.1-2)", .parameters = ";info=<" SCENE_X5U ">;alg=ES384",
     .code = STIR_CODE_ALG_MISMATCH, .depth = -1},
    {"no x5u (R8225-4.3)", .header = "{\"alg\":\"ES256\",\"typ\":\"passport\"}",
     .code = STIR_CODE_X5U_MISSING, .depth = -1},
    {"x5u in another case (R8224-4.1-3)",
     .parameters = ";info=<https://certificates.EXAMPLE.com/acme.pem>",
     .code = STIR_CODE_X5U_MISMATCH, .depth = -1},
    {"iat a string (R8225-5.1.1)", .payload = P("\"" NOW "\"", ""),
     .code = STIR_CODE_IAT_SYNTAX, .depth = -1},
    {"orig twice (R8225-5.2.1-1)",
     .payload = "{\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":" NOW
                ",\"orig\":{\"tn\":\"1\",\"uri\":\"sip:a@b\"}}",
     .code = STIR_CODE_ORIG_SYNTAX, .depth = -1},
    {"dest a string (R8224-4.1-6)",
     .payload = "{\"dest\":{\"tn\":\"1\"},\"iat\":" NOW ",\"orig\":{\"tn\":\"1\"}}",
     .code = STIR_CODE_DEST_SYNTAX, .depth = -1},
    {"attest D (R8588-4)", .ppt = "shaken", .payload = SHAKEN_P("\"attest\":\"D\",", ORIGID),
     .code = STIR_CODE_ATTEST_SYNTAX, .depth = -1},
    {"no origid (R8588-5)", .ppt = "shaken", .payload = SHAKEN_P("\"attest\":\"A\",", ""),
     .code = STIR_CODE_ORIGID_SYNTAX, .depth = -1},
    {"exp a string (R7519-1)", .payload = P(NOW, ",\"exp\":\"x\""),
     .code = STIR_CODE_CLAIM_SYNTAX, .depth = -1},
    {"out of order (A-17)",
     .payload = "{\"orig\":{\"tn\":\"" SCENE_ORIG "\"},\"iat\":" NOW
                ",\"dest\":{\"tn\":[\"" SCENE_DEST "\"]}}",
     .depth = -1, .warning = "non-deterministic"},
    {"x5c beside x5u (A-21)", .header = H(""), .depth = -1},
    {"x5c beside x5u, ignored (A-21)",
     .header = "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5c\":[\"AAAA\"],\"x5u\":\"" SCENE_X5U
               "\"}",
     .depth = -1, .warning = "x5c-ignored"},
    {"signed by another key (R8224-6.2-5)", .key = "somebody else",
     .code = STIR_CODE_BAD_SIGNATURE, .depth = 0},
    {"one bit of the signature", .corrupt = true, .code = STIR_CODE_BAD_SIGNATURE, .depth = 0},
};

/* Freshness and comparison (A-27, R8224-6.2.4-1). */
static const struct scene calls[] = {
    {"60 s old (R8224-6.2-4, A74-4)", .iat = MINT_NOW - 60, .depth = -1},
    {"61 s old (A74-4)", .iat = MINT_NOW - 61, .code = STIR_CODE_STALE_IAT, .depth = -1},
    {"60 s ahead", .iat = MINT_NOW + 60, .depth = -1},
    {"61 s ahead", .iat = MINT_NOW + 61, .code = STIR_CODE_STALE_IAT, .depth = -1},
    {"expires in a second", .payload = P(NOW, ",\"exp\":1767225601"), .depth = -1},
    {"expired (R7519-1)", .payload = P(NOW, ",\"exp\":1767225600"),
     .code = STIR_CODE_TOKEN_EXPIRED, .depth = -1},
    {"nbf now", .payload = P(NOW, ",\"nbf\":1767225600"), .depth = -1},
    {"nbf to come", .payload = P(NOW, ",\"nbf\":1767225601"),
     .code = STIR_CODE_TOKEN_NOT_YET_VALID, .depth = -1},
    {"the Date of the token", .date = "Thu, 01 Jan 2026 00:00:00 GMT", .depth = -1},
    {"an old Date, iat decides (A-26)", .date = "Thu, 01 Jan 2025 00:00:00 GMT", .depth = -1,
     .warning = "date-differs"},
    {"attest C, another origid: not compared with the call (R8588-9)", .ppt = "shaken",
     .payload =
         SHAKEN_P("\"attest\":\"C\",", ",\"origid\":\"00000000-0000-4000-8000-000000000000\""),
     .depth = -1},
    {"From with display name (R8224-6.2-2)",
     .from = "\"Alice\" <sip:+12155551234@example.com;user=phone>", .depth = -1},
    {"another From, where no P-Asserted-Identity is (R8224-6.2-2, A74-4)",
     .from = "<sip:+12155551235@example.com>", .code = STIR_CODE_ORIG_MISMATCH, .depth = -1,
     .sentence = "12155551235"},
    {"a From that is none", .from = "<sip:", .code = STIR_CODE_ORIG_MISMATCH, .depth = -1},
    {"P-Asserted-Identity decides (A74-4)", .from = "sip:anonymous@anonymous.invalid",
     .pai = "<tel:+12155551234>", .depth = -1},
    {"another P-Asserted-Identity, and the From would fit (A74-4)", .from = SCENE_ORIG,
     .pai = "<tel:+12155551235>", .code = STIR_CODE_ORIG_MISMATCH, .depth = -1},
    {"To in national form (R8224-8.3-2)", .to = "<sip:2155559876@example.com>", .depth = -1},
    {"another To (R8225-10.1-1, A74-4)", .to = "<sip:+12155559877@example.com>",
     .code = STIR_CODE_DEST_MISMATCH, .depth = -1},
};

/* Retrieval and path, as far as a call shows them; cert/path has the rest. */
static const struct scene retrieval[] = {
    {"nothing is there", .nothing = true, .code = STIR_CODE_X5U_UNREACHABLE, .depth = -1,
     .sentence = SCENE_X5U},
    {"rubbish is there (A-34)", .body = "<html>", .code = STIR_CODE_X5U_BODY, .depth = -1},
    {"another anchor (R9060-6-3)", .no_anchor = true, .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2},
    {"expired when judged (A-24)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .not_after = MINT_NOW - 1},
     .above = ABOVE, .code = STIR_CODE_CERT_EXPIRED, .depth = 0},
    {"its last second", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .not_after = MINT_NOW},
     .above = ABOVE, .depth = -1},
    {"expired when signed (A-24)", .own_chain = true, .iat = MINT_NOW + 10,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .not_after = MINT_NOW + 9},
     .above = ABOVE, .code = STIR_CODE_CERT_EXPIRED, .depth = 0},
    {"not valid yet", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .not_before = MINT_NOW + 1},
     .above = ABOVE, .code = STIR_CODE_CERT_NOT_YET_VALID, .depth = 0},
    {"signed by a CA (R9060-4-6)", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .ca = MINT_YES},
     .above = ABOVE, .code = STIR_CODE_SIGNER_IS_CA, .depth = 0},
};

#define EXPECT_ALL(table)                                                                      \
    for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++)                               \
    scene_expect(&(table)[i])

Test(op, delegated)
{
    EXPECT_ALL(delegated);
}

Test(op, delegation)
{
    EXPECT_ALL(delegation);
}

Test(op, constrained)
{
    EXPECT_ALL(constrained);
}

Test(op, tokens)
{
    EXPECT_ALL(tokens);
}

Test(op, calls)
{
    EXPECT_ALL(calls);
}

Test(op, retrieval)
{
    EXPECT_ALL(retrieval);
}

/* RFC 8224 section 4.1.1 and its worked facts in requirements.md 1.6: rebuilt and verified. */
static char *compact_of(const char *payload)
{
    const char *full = mint_token(H(""), payload, "delegate");
    char *compact = NULL;

    cr_assert_gt(asprintf(&compact, "..%s;info=<" SCENE_X5U ">", strrchr(full, '.') + 1), 0);
    return compact;
}

Test(op, compact)
{
    char *good = compact_of(P(NOW, "")), *bad = compact_of(P("1767225601", ""));
    char *shaken = NULL;
    cr_assert_gt(asprintf(&shaken, "%s;ppt=shaken", good), 0);
    const struct scene cases[] = {
        {"compact (R8224-4.1.1-1, R8225-7-1)", .identity = good,
         .date = "Thu, 01 Jan 2026 00:00:00 GMT", .depth = -1},
        {"compact, signed at another time", .identity = bad,
         .date = "Thu, 01 Jan 2026 00:00:00 GMT", .code = STIR_CODE_BAD_SIGNATURE, .depth = 0},
        {"compact, no Date", .identity = good, .code = STIR_CODE_COMPACT_NOT_REBUILDABLE,
         .depth = -1},
        {"compact shaken (R8588-3)", .identity = shaken,
         .date = "Thu, 01 Jan 2026 00:00:00 GMT", .code = STIR_CODE_COMPACT_NOT_ALLOWED,
         .depth = -1},
        {"compact, another caller", .identity = good, .from = "12155551235",
         .date = "Thu, 01 Jan 2026 00:00:00 GMT", .code = STIR_CODE_BAD_SIGNATURE, .depth = 0},
    };

    EXPECT_ALL(cases);
    free(good);
    free(bad);
    free(shaken);
}

/* RFC 8224 sections 6.2.1 and 6.2.2, A-20. */
Test(op, several_identities)
{
    const char *other = mint_identity_value(
        mint_base_token("https://other.example.com/x", SCENE_ORIG, SCENE_DEST, MINT_NOW, "z"),
        "https://other.example.com/x", NULL);
    const char *alien = "e30.e30.e30;info=<https://x.example.com/>;ppt=zzz";
    const struct scene cases[] = {
        {"one bad, one good (R8224-6.2.1-1)", .more = {"rubbish"}, .depth = -1},
        {"one unreachable, one good", .more = {other}, .depth = -1},
        {"one of an unknown type, one good", .more = {alien}, .depth = -1},
        {"one unreachable, one bad", .more = {other}, .corrupt = true,
         .code = STIR_CODE_X5U_UNREACHABLE, .depth = -1},
        {"only an unknown type", .identity = alien, .code = STIR_CODE_PPT_UNSUPPORTED,
         .depth = -1},
        {"none (R8224-6.2-6)", .identity = "", .code = STIR_CODE_NO_IDENTITY, .depth = -1},
    };

    EXPECT_ALL(cases);
    struct stir_result *result = scene_judge(&cases[3]);
    cr_assert_eq(stir_result_decided_by(result), 0);
    cr_assert_eq(stir_result_sip_status(result, NULL), 0, "436 is not for all of them");
    cr_assert_eq(stir_result_sip_status(stir_result_identity(result, 1), NULL), 438);
    stir_result_free(result);
}

Test(op, too_many_identities)
{
    struct scene scene = {.desc = "too many"};
    struct stir_config *config = scene_config(&scene);
    struct stir_verifier *verifier = stir_verifier_new(config, NULL);
    struct stir_call *call = scene_call(&scene);
    struct stir_error error;

    for (int i = 1; i < 16; i++)
        stir_call_add_header(call, "Identity", "rubbish", STIR_NUL);
    stir_verifier_supply(verifier, NULL, scene_body(&scene), STIR_NUL, NULL);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    cr_assert_eq(stir_result_verdict(result), STIR_VALID, "16 are looked at");
    stir_result_free(result);
    stir_call_add_header(call, "y", "rubbish", STIR_NUL);
    result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    cr_assert_eq(stir_result_code(result), STIR_CODE_TOO_MANY_IDENTITIES);
    cr_assert_eq(stir_result_sip_status(result, NULL), 438);
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

/* An operation of a scene, not yet driven. */
struct driven {
    struct stir_config *config;
    struct stir_verifier *verifier;
    struct stir_call *call;
    struct stir_op *op;
};

static void start(struct driven *driven, const struct scene *scene)
{
    struct stir_error error;

    driven->config = scene_config(scene);
    driven->verifier = stir_verifier_new(driven->config, &error);
    driven->call = scene_call(scene);
    driven->op = stir_op_new(driven->verifier, driven->call, MINT_NOW, &error);
    cr_assert_not_null(driven->op, "%s", error.text);
}

static void stop(struct driven *driven)
{
    stir_op_free(driven->op);
    stir_call_free(driven->call);
    stir_verifier_free(driven->verifier);
    stir_config_free(driven->config);
}

Test(op, wants)
{
    struct scene scene = {.desc = "wants"};
    struct driven driven;

    start(&driven, &scene);
    cr_assert_eq(stir_op_step(driven.op, NULL), STIR_WANT);
    cr_assert_null(stir_op_result(driven.op));
    struct stir_want *want = stir_op_want(driven.op);
    cr_assert_eq(want->kind, STIR_WANT_CERTIFICATES);
    cr_assert_str_eq(want->url, SCENE_X5U);
    cr_assert_str_eq(want->accept, "application/pem-certificate-chain");
    cr_assert_eq(want->limit, 1024 * 1024);
    cr_assert_null(stir_op_want(driven.op), "each want is handed out once");
    cr_assert_eq(stir_op_step(driven.op, NULL), STIR_WANT);
    stir_want_put(want, 200, scene_body(&scene), STIR_NUL);
    cr_assert_eq(stir_op_step(driven.op, NULL), 0);
    cr_assert_eq(stir_result_verdict(stir_op_result(driven.op)), STIR_VALID);
    stir_result_free((struct stir_result *)stir_op_result(driven.op)); /* does nothing */
    stop(&driven);
}

static const struct {
    const char *desc;
    int status;
    enum stir_failure why; /* where status is -1 */
    int code;
} ends[] = {
    {"404", 404, 0, STIR_CODE_X5U_UNREACHABLE},
    {"a redirect, which is not followed", 302, 0, STIR_CODE_X5U_UNREACHABLE},
    {"cancelled", -1, STIR_FAILURE_CANCELLED, STIR_CODE_X5U_UNREACHABLE},
    {"timed out", -1, STIR_FAILURE_TIMEOUT, STIR_CODE_X5U_UNREACHABLE},
    {"no name", -1, STIR_FAILURE_NAME, STIR_CODE_X5U_UNREACHABLE},
    {"an address that is not allowed", -1, STIR_FAILURE_ADDRESS, STIR_CODE_X5U_REFUSED},
    {"no connection", -1, STIR_FAILURE_CONNECT, STIR_CODE_X5U_UNREACHABLE},
    {"no TLS", -1, STIR_FAILURE_TLS, STIR_CODE_X5U_UNREACHABLE},
    {"too large", -1, STIR_FAILURE_TOO_LARGE, STIR_CODE_X5U_BODY},
    {"broken off", -1, STIR_FAILURE_BROKEN, STIR_CODE_X5U_UNREACHABLE},
    {"packed", -1, STIR_FAILURE_ENCODING, STIR_CODE_X5U_BODY},
    {"a failure nobody knows", -1, (enum stir_failure)99, STIR_CODE_X5U_UNREACHABLE},
};

Test(op, wants_that_end_badly)
{
    struct scene scene = {.desc = "bad ends"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct driven driven;
        start(&driven, &scene);
        struct stir_want *want = stir_op_want(driven.op);
        if (ends[i].status >= 0)
            stir_want_put(want, ends[i].status, scene_body(&scene), STIR_NUL);
        else
            stir_want_fail(want, ends[i].why);
        cr_assert_eq(stir_op_step(driven.op, NULL), 0);
        const struct stir_result *result = stir_op_result(driven.op);
        cr_expect_eq(stir_result_code(result), ends[i].code, "%s: %s", ends[i].desc,
                     stir_result_detail(result));
        cr_expect_eq(stir_result_sip_status(result, NULL), 436, "%s", ends[i].desc);
        stop(&driven);
    }
}

Test(op, a_body_over_the_limit)
{
    struct scene scene = {.desc = "large"};
    struct driven driven;
    char *large = calloc(1024 * 1024 + 1, 1);

    start(&driven, &scene);
    stir_want_put(stir_op_want(driven.op), 0, large, 1024 * 1024 + 1);
    cr_assert_eq(stir_op_step(driven.op, NULL), 0);
    cr_assert_eq(stir_result_code(stir_op_result(driven.op)), STIR_CODE_X5U_BODY);
    free(large);
    stop(&driven);
}

Test(op, deadline)
{
    struct scene scene = {.desc = "deadline"};
    struct driven driven;

    start(&driven, &scene);
    struct stir_want *want = stir_op_want(driven.op);
    stir_op_expire(driven.op);
    const struct stir_result *result = stir_op_result(driven.op);
    cr_assert_eq(stir_result_code(result), STIR_CODE_DEADLINE);
    cr_assert_eq(stir_result_verdict(result), STIR_INDETERMINATE);
    cr_assert_eq(stir_result_depth(result), -1);
    cr_assert_null(stir_result_claim(result, "/orig/tn"), "nothing is verified");
    cr_assert_str_eq(stir_result_unverified_claim(result, "/orig/tn"), SCENE_ORIG);
    cr_assert_eq(stir_op_step(driven.op, NULL), 0);
    stop(&driven);
    stir_want_put(want, 200, "late", 4); /* the want outlives the operation */
}

Test(op, at_most_four_urls)
{
    struct scene scene = {.desc = "five URLs"};
    struct stir_config *config = scene_config(&scene);
    struct stir_verifier *verifier = stir_verifier_new(config, NULL);
    struct stir_call *call = stir_call_new();
    char url[64];
    int wants = 0;

    stir_call_add_header(call, "From", SCENE_ORIG, STIR_NUL);
    stir_call_add_header(call, "To", SCENE_DEST, STIR_NUL);
    for (int i = 0; i < 6; i++) {
        snprintf(url, sizeof url, "https://h%d.example.com/c", i % 5);
        stir_call_add_header(
            call, "Identity",
            mint_identity_value(mint_base_token(url, SCENE_ORIG, SCENE_DEST, MINT_NOW, "k"),
                                url, NULL),
            STIR_NUL);
    }
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, NULL);
    struct stir_want *want;
    while ((want = stir_op_want(op)) != NULL) {
        wants++;
        stir_want_fail(want, STIR_FAILURE_CONNECT);
    }
    cr_assert_eq(wants, 4);
    cr_assert_eq(stir_op_step(op, NULL), 0);
    const struct stir_result *result = stir_op_result(op);
    cr_assert_eq(stir_result_code(stir_result_identity(result, 3)), STIR_CODE_X5U_UNREACHABLE);
    cr_assert_eq(stir_result_code(stir_result_identity(result, 4)), STIR_CODE_X5U_REFUSED);
    cr_assert_eq(stir_result_code(stir_result_identity(result, 5)), STIR_CODE_X5U_UNREACHABLE);
    stir_op_free(op);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

/* A call without what is compared is a mistake of the caller, not a verdict. */
Test(op, nothing_stays_uncompared_by_oversight)
{
    struct scene scene = {.desc = "no From"};
    struct stir_config *config = scene_config(&scene);
    struct stir_verifier *verifier = stir_verifier_new(config, NULL);
    struct stir_error error;
    static const char *const given[] = {"From", "To"}, *const missing[] = {"To", "From"};

    for (int i = 0; i < 2; i++) {
        struct stir_call *call = stir_call_new();
        stir_call_add_header(call, given[i], SCENE_ORIG, STIR_NUL);
        cr_assert_null(stir_verify(verifier, call, MINT_NOW, 0, &error));
        cr_assert_eq(error.code, STIR_E_ARGUMENT);
        cr_assert_not_null(strstr(error.text, missing[i]), "%s", error.text);
        stir_call_free(call);
    }
    stir_verifier_free(verifier);
    stir_config_free(config);
}

Test(op, null_objects)
{
    struct stir_error error;
    struct stir_call *call = stir_call_new();

    cr_assert_null(stir_verify(NULL, call, 0, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_null(stir_op_new(NULL, NULL, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_eq(stir_op_step(NULL, &error), STIR_E_ARGUMENT);
    cr_assert_null(stir_op_want(NULL));
    cr_assert_null(stir_op_result(NULL));
    stir_op_expire(NULL);
    stir_op_free(NULL);
    stir_want_put(NULL, 0, NULL, 0);
    stir_want_fail(NULL, STIR_FAILURE_CANCELLED);
    stir_call_free(call);
}

Test(op, a_child_has_to_make_its_own)
{
    struct scene scene = {.desc = "fork"};
    struct driven driven;
    int status;

    start(&driven, &scene);
    pid_t child = fork();
    if (child == 0) {
        struct stir_error error;
        bool forked =
            stir_op_step(driven.op, &error) == STIR_E_FORKED
            && stir_verify(driven.verifier, driven.call, MINT_NOW, 0, &error) == NULL
            && error.code == STIR_E_FORKED
            && stir_verifier_reload(driven.verifier, driven.config, &error) == STIR_E_FORKED;
        struct stir_verifier *own = stir_verifier_new(driven.config, &error);
        stir_verifier_supply(own, NULL, scene_body(&scene), STIR_NUL, &error);
        struct stir_result *result = stir_verify(own, driven.call, MINT_NOW, 0, &error);
        _exit(forked && stir_result_verdict(result) == STIR_VALID ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    stop(&driven);
}

/* design.md: verstat and SIP status of each code, as the result tells them. A74-6: the octets
   that a server writes behind "verstat=". */
Test(op, outward)
{
    struct scene valid = {.desc = "valid"},
                 outside = {.desc = "outside", .orig = "12155551300"},
                 unreachable = {.desc = "unreachable", .nothing = true},
                 untrusted = {.desc = "another anchor", .no_anchor = true};
    const char *phrase;

    struct stir_result *result = scene_judge(&valid);
    cr_assert_str_eq(stir_result_verstat(result), "TN-Validation-Passed");
    cr_assert_eq(stir_result_sip_status(result, &phrase), 0);
    cr_assert_null(phrase);
    cr_assert_str_eq(stir_result_ppt(result), "");
    cr_assert_str_eq(stir_result_x5u(result), SCENE_X5U);
    cr_assert_str_eq(stir_result_claim(result, "/dest/tn/0"), SCENE_DEST);
    cr_assert_str_eq(stir_result_claim(result, "/iat"), NOW);
    cr_assert_eq(stir_result_claim(result, "/iat"), stir_result_claim(result, "/iat"));
    cr_assert_null(stir_result_claim(result, "/attest"));
    cr_assert_str_eq(stir_result_compared(result, "orig"), SCENE_ORIG);
    cr_assert_str_eq(stir_result_compared(result, "dest"), SCENE_DEST);
    cr_assert_null(stir_result_compared(result, "iat"));
    cr_assert_not_null(stir_result_certificate(result, 3), "the anchor is the last");
    cr_assert_null(stir_result_certificate(result, 4));
    stir_result_free(result);

    result = scene_judge(&outside);
    cr_assert_str_eq(stir_result_verstat(result), "TN-Validation-Failed");
    cr_assert_eq(stir_result_sip_status(result, &phrase), 437);
    cr_assert_str_eq(phrase, "Unsupported Credential");
    cr_assert_null(stir_result_claim(result, "/orig/tn"), "nothing is verified");
    stir_result_free(result);

    result = scene_judge(&unreachable); /* R8224-6.2-3: not to be had */
    cr_assert_str_eq(stir_result_verstat(result), "No-TN-Validation");
    cr_assert_eq(stir_result_sip_status(result, &phrase), 436);
    cr_assert_str_eq(phrase, "Bad Identity Info");
    stir_result_free(result);

    result = scene_judge(&untrusted);
    cr_assert_eq(stir_result_sip_status(result, &phrase), 437, "R8224-6.2-3: got, not trusted");
    cr_assert_str_eq(phrase, "Unsupported Credential");
    stir_result_free(result);
}
