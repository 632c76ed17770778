/* service/policy, config: every policy key is obeyed, and every setting is judged when made. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/scene.h"

#define SPC_CA                                                                                 \
    {                                                                                          \
        .subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"                         \
    }
#define STI_CA                                                                                 \
    {                                                                                          \
        .subject = "STI CA", .ca = MINT_YES                                                    \
    }
#define ROOT                                                                                   \
    {                                                                                          \
        .subject = "Root"                                                                      \
    }
/* ACME holds numbers of a provider that lists its SPC alone. */
#define UNDER_SPC                                                                              \
    .own_chain = true, .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},         \
    .above = {SPC_CA, STI_CA, ROOT}
#define PROVIDER                                                                               \
    .own_chain = true, .signer = {.subject = "SHAKEN 709J", .tnauthlist = "709J"},             \
    .above = {STI_CA, ROOT}
#define PORTED "spc,first,last\n709J,12155551200,12155551298\n"
#define P(orig, more)                                                                          \
    "{\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":1767225600,\"orig\":" orig more "}"
#define SHAKEN(attest, origid)                                                                 \
    "{\"attest\":\"" attest "\",\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":1767225600,"    \
    "\"orig\":{\"tn\":\"" SCENE_ORIG "\"},\"origid\":\"" origid "\"}"
#define SHAKEN_AND_MORE                                                                        \
    "{\"attest\":\"A\",\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":1767225600,"             \
    "\"orig\":{\"tn\":\"" SCENE_ORIG "\"},\"origid\":\"" SCENE_ORIGID "\",\"z\":1}"
#define OURS "spc,first,last\n709J,12155550000,12155559999\n"
#define DATE "Thu, 01 Jan 2026 00:00:00 GMT"
#define OLD_DATE "Wed, 31 Dec 2025 23:58:59 GMT"

/* Each key's values side by side; the first of a group is the default. */
static const struct scene keys[] = {
    {"spc_unknown, default", UNDER_SPC, .code = STIR_CODE_ENCOMPASS_UNKNOWN, .depth = 0},
    {"spc_unknown=invalid", UNDER_SPC, .policy = {"spc_unknown", "invalid"},
     .code = STIR_CODE_NOT_ENCOMPASSED, .depth = 0},
    {"spc_unknown=trust_issuer", UNDER_SPC, .policy = {"spc_unknown", "trust_issuer"},
     .depth = -1, .warning = "scope-unchecked"},
    {"spc_unknown=trust_issuer, scope stays unknown", PROVIDER,
     .policy = {"spc_unknown", "trust_issuer"}, .code = STIR_CODE_SCOPE_UNKNOWN, .depth = 0},
    {"spc_unknown=invalid, scope too", PROVIDER, .policy = {"spc_unknown", "invalid"},
     .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},

    {"spc_overhang, default", UNDER_SPC, .csv = PORTED, .code = STIR_CODE_NOT_ENCOMPASSED,
     .depth = 0},
    {"spc_overhang=called", UNDER_SPC, .csv = PORTED, .policy = {"spc_overhang", "called"},
     .depth = -1, .warning = "spc-overhang"},
    {"spc_overhang=called, and the number ported away", UNDER_SPC, .csv = PORTED,
     .policy = {"spc_overhang", "called"}, .orig = "12155551299",
     .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},

    {"spc_attests, default", PROVIDER, .ppt = "shaken", .depth = -1},
    {"spc_attests=none", PROVIDER, .ppt = "shaken", .policy = {"spc_attests", "none"},
     .code = STIR_CODE_SCOPE_UNKNOWN, .depth = 0},
    {"spc_attests=div", PROVIDER, .ppt = "shaken", .policy = {"spc_attests", "div"},
     .code = STIR_CODE_SCOPE_UNKNOWN, .depth = 0},
    {"spc_attests=rcd,shaken", PROVIDER, .ppt = "shaken",
     .policy = {"spc_attests", "rcd,shaken"}, .depth = -1},

    {"require_delegate, default", PROVIDER, .ppt = "shaken", .depth = -1},
    {"require_delegate=yes (A-11)", PROVIDER, .ppt = "shaken",
     .policy = {"require_delegate", "yes"}, .code = STIR_CODE_NO_TN_AUTHORITY, .depth = 0},
    {"require_delegate=yes, a delegate", .policy = {"require_delegate", "yes"}, .depth = -1},

    {"freshness, default", .iat = MINT_NOW - 61, .code = STIR_CODE_STALE_IAT, .depth = -1},
    {"freshness=61", .iat = MINT_NOW - 61, .policy = {"freshness", "61"}, .depth = -1},
    {"freshness=0", .iat = MINT_NOW - 1, .policy = {"freshness", "0"},
     .code = STIR_CODE_STALE_IAT, .depth = -1},

    {"date_check, default", .date = OLD_DATE, .depth = -1, .warning = "date-differs"},
    {"date_check=require", .date = OLD_DATE, .policy = {"date_check", "require"},
     .code = STIR_CODE_STALE_DATE, .depth = -1},
    {"date_check=require, fresh", .date = DATE, .policy = {"date_check", "require"},
     .depth = -1},
    {"date_check=require, none", .policy = {"date_check", "require"},
     .code = STIR_CODE_STALE_DATE, .depth = -1},

    {"orig_check, default", .from = "1", .pai = SCENE_ORIG, .depth = -1},
    {"orig_check=from", .from = "1", .pai = SCENE_ORIG, .policy = {"orig_check", "from"},
     .code = STIR_CODE_ORIG_MISMATCH, .depth = -1},
    {"orig_check=off", .from = "1", .policy = {"orig_check", "off"}, .depth = -1,
     .warning = "not-compared"},
    {"orig_check=off, no From", .from = "", .policy = {"orig_check", "off"}, .depth = -1},

    {"dest_check, default", .to = "1", .request_uri = SCENE_DEST,
     .code = STIR_CODE_DEST_MISMATCH, .depth = -1},
    {"dest_check=request_uri", .to = "1", .request_uri = SCENE_DEST,
     .policy = {"dest_check", "request_uri"}, .depth = -1},
    {"dest_check=off", .to = "1", .policy = {"dest_check", "off"}, .depth = -1,
     .warning = "not-compared"},

    {"numeric_user, default", .from = "<sip:12155551234@example.com>", .depth = -1},
    {"numeric_user=uri", .from = "<sip:12155551234@example.com>",
     .policy = {"numeric_user", "uri"}, .code = STIR_CODE_ORIG_MISMATCH, .depth = -1},
    {"numeric_user=uri, user=phone", .from = "<sip:12155551234@example.com;user=phone>",
     .policy = {"numeric_user", "uri"}, .depth = -1},

    {"number_plan, default", .from = "2155551234", .depth = -1},
    {"number_plan=none", .from = "2155551234", .policy = {"number_plan", "none"},
     .code = STIR_CODE_ORIG_MISMATCH, .depth = -1},

    {"origid, default", .ppt = "shaken", .payload = SHAKEN("A", "x"),
     .code = STIR_CODE_ORIGID_SYNTAX, .depth = -1},
    {"origid=any", .ppt = "shaken", .payload = SHAKEN("A", "x"), .policy = {"origid", "any"},
     .depth = -1},

    {"strict_json, default", .payload = P("{\"tn\":\"" SCENE_ORIG "\"}", " "), .depth = -1,
     .warning = "non-deterministic"},
    {"strict_json=reject", .payload = P("{\"tn\":\"" SCENE_ORIG "\"}", " "),
     .policy = {"strict_json", "reject"}, .code = STIR_CODE_JSON_SYNTAX, .depth = -1},
    {"strict_json=reject, deterministic", .payload = P("{\"tn\":\"" SCENE_ORIG "\"}", ""),
     .policy = {"strict_json", "reject"}, .depth = -1},

    {"constraints_void, default", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .constraints = "-iat,+x"},
     .above = {STI_CA, ROOT}, .depth = -1, .warning = "constraints-void"},
    {"constraints_void=reject", .own_chain = true,
     .signer = {.subject = "ACME", .tnauthlist = "12155551200+100", .constraints = "-iat,+x"},
     .above = {STI_CA, ROOT}, .policy = {"constraints_void", "reject"},
     .code = STIR_CODE_CONSTRAINTS_SYNTAX, .depth = 0},

    {"min_attest, default", .ppt = "shaken", .payload = SHAKEN("C", SCENE_ORIGID), .depth = -1},
    {"min_attest=B, found C", .ppt = "shaken", .payload = SHAKEN("C", SCENE_ORIGID),
     .policy = {"min_attest", "B"}, .code = STIR_CODE_ATTEST_TOO_LOW, .depth = -1},
    {"min_attest=B, found B", .ppt = "shaken", .payload = SHAKEN("B", SCENE_ORIGID),
     .policy = {"min_attest", "B"}, .depth = -1},
    {"min_attest=A, found B", .ppt = "shaken", .payload = SHAKEN("B", SCENE_ORIGID),
     .policy = {"min_attest", "A"}, .code = STIR_CODE_ATTEST_TOO_LOW, .depth = -1},
    {"min_attest=C, found C", .ppt = "shaken", .payload = SHAKEN("C", SCENE_ORIGID),
     .policy = {"min_attest", "C"}, .depth = -1},
    {"min_attest=C, a base token", .policy = {"min_attest", "C"},
     .code = STIR_CODE_ATTEST_TOO_LOW, .depth = -1},

    {"profile, default (A-14)", PROVIDER, .ppt = "shaken", .depth = -1},
    {"profile=atis80: a provider's leaf without numbers", PROVIDER, .ppt = "shaken",
     .policy = {"profile", "atis80"}, .depth = -1, .warning = "profile"},
    {"profile=atis80: a delegate", .ppt = "shaken", .policy = {"profile", "atis80"},
     .code = STIR_CODE_PROFILE, .depth = 0, .sentence = "tnauthlist-spc"},
    {"A74-1: profile=atis80, no shaken token: it causes no fetch", PROVIDER, .nothing = true,
     .policy = {"profile", "atis80"}, .code = STIR_CODE_PROFILE, .depth = -1,
     .sentence = "the token: token-ppt: wanted ppt shaken, found absent (ATIS-1000074)"},
    {"A74-1: its twin, which does", PROVIDER, .nothing = true, .ppt = "shaken",
     .policy = {"profile", "atis80"}, .code = STIR_CODE_X5U_UNREACHABLE, .depth = -1},
    {"A74-1: profile=atis80, a further claim", PROVIDER, .ppt = "shaken",
     .payload = SHAKEN_AND_MORE, .policy = {"profile", "atis80"}, .code = STIR_CODE_PROFILE,
     .depth = -1, .sentence = "token-claims"},
    {"A74-1: a further claim, default", PROVIDER, .ppt = "shaken", .payload = SHAKEN_AND_MORE,
     .depth = -1},
    {"A74-1: profile=atis92, a further member of the header", PROVIDER, .ppt = "shaken",
     .header =
         "{\"alg\":\"ES256\",\"kid\":\"1\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":"
         "\"" SCENE_X5U "\"}",
     .policy = {"profile", "atis92"}, .code = STIR_CODE_PROFILE, .depth = -1,
     .sentence = "token-header"},
    {"A92-4: profile=atis92, a delegate's shaken token", UNDER_SPC, .ppt = "shaken",
     .csv = OURS, .policy = {"profile", "atis92"}, .code = STIR_CODE_PROFILE, .depth = 0,
     .sentence = "delegate-shaken"},
    {"A92-4: its base token", UNDER_SPC, .csv = OURS, .policy = {"profile", "atis92"},
     .depth = -1},
    {"A92-2: profile=atis92, an SPC in a delegate's list", .own_chain = true,
     .signer = {.subject = "C=US,O=ACME,CN=ACME", .tnauthlist = "709J,12155551200+100"},
     .above = {SPC_CA, STI_CA, ROOT}, .csv = OURS, .policy = {"profile", "atis92"},
     .code = STIR_CODE_PROFILE, .depth = 0, .sentence = "delegate-numbers"},
    {"A92-1: profile=atis92, an SCA with two SPCs", .own_chain = true,
     .signer = {.subject = "C=US,O=ACME,CN=ACME", .tnauthlist = "12155551200+100"},
     .above = {{.subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J,1234"},
               STI_CA,
               ROOT},
     .csv = OURS, .policy = {"profile", "atis92"}, .code = STIR_CODE_PROFILE, .depth = 1,
     .sentence = "sca-spc"},
    {"A74-2: profile=atis80, an x5u with a query", .ppt = "shaken",
     .header = "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"" SCENE_X5U
               "?a\"}",
     .parameters = ";info=<" SCENE_X5U "?a>;ppt=shaken", .policy = {"profile", "atis80"},
     .code = STIR_CODE_X5U_REFUSED, .depth = -1},
    {"A74-2: its twin, which goes on to the certificates", .ppt = "shaken",
     .header = "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"" SCENE_X5U
               "\"}",
     .parameters = ";info=<" SCENE_X5U ">;ppt=shaken", .policy = {"profile", "atis80"},
     .code = STIR_CODE_PROFILE, .depth = 0},
    {"profile=atis92: a delegate with numbers, below a list with numbers",
     .policy = {"profile", "atis92"}, .code = STIR_CODE_PROFILE, .depth = 1,
     .sentence = "sca-spc"},

    {"keys with one value that matters yet", .depth = -1,
     .policy = {"profile", "rfc", "status", "off", "es256", "gnutls", "replay", "off"}},
    {"more of them", .depth = -1,
     .policy = {"x5c", "off", "reference_list", "both", "status", "prefer", "es256", "auto"}},
};

Test(policy, every_key_is_obeyed)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        scene_expect(&keys[i]);
}

/* path_order: a provider's certificate, its issuer not next to it. */
static const char *shuffled(const struct mint *signer, const struct mint *ca,
                            const struct mint *sti_ca, const struct mint *root)
{
    return mint_pem_list(mint_make(signer, ca), mint_make(sti_ca, root), mint_make(ca, sti_ca),
                         NULL);
}

Test(policy, path_order)
{
    static const struct mint root = ROOT, sti = STI_CA,
                             plain_ca = {.subject = "Issuing", .ca = MINT_YES},
                             provider = {.subject = "SHAKEN 709J", .tnauthlist = "709J"};
    const char *plain = shuffled(&provider, &plain_ca, &sti, &root);
    const char *delegated = shuffled(&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root);
    const struct scene cases[] = {
        {"auto, plain", .own_chain = true, .signer = provider, .above = {plain_ca, sti, root},
         .ppt = "shaken", .body = plain, .depth = -1, .warning = "path-order"},
        {"strict, plain", .own_chain = true, .signer = provider, .above = {plain_ca, sti, root},
         .ppt = "shaken", .body = plain, .policy = {"path_order", "strict"},
         .code = STIR_CODE_PATH_ORDER, .depth = 0},
        {"auto, delegated (R9060-7-3)", .body = delegated, .code = STIR_CODE_PATH_ORDER,
         .depth = 0},
        {"any, delegated", .body = delegated, .policy = {"path_order", "any"}, .depth = -1,
         .warning = "path-order"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        scene_expect(&cases[i]);
}

/* A csv that was changed so many seconds before MINT_NOW. */
static char *csv_of_age(int64_t age)
{
    static const char rows[] = "spc,first,last\n709J,12155550000,12155559999\n";
    char path[] = "/tmp/stir-csv-XXXXXX", *spec = NULL;
    int fd = mkstemp(path);
    const struct timespec times[2] = {{.tv_sec = MINT_NOW - age}, {.tv_sec = MINT_NOW - age}};

    cr_assert_eq(write(fd, rows, sizeof rows - 1), (ssize_t)sizeof rows - 1);
    cr_assert_eq(futimens(fd, times), 0);
    close(fd);
    cr_assert_gt(asprintf(&spec, "csv:%s", path), 0);
    return spec;
}

static const char *warning_of(const struct stir_result *result, const char *begins)
{
    const char *line;

    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(line, begins, strlen(begins)) == 0)
            return line;
    return NULL;
}

/* what the data says of numbers under an SPC, by how old it is. */
Test(policy, spc_db_max_age)
{
    static const struct {
        const char *desc;
        int64_t age;
        const char *most;
        int code;
        const char *says;
    } rows[] = {
        {"the default", 40 * 86400, "none", 0, NULL},
        {"as old as it may be", 3600, "3600", 0, NULL},
        {"a second older", 3601, "3600", STIR_CODE_ENCOMPASS_UNKNOWN,
         "spc-data-old: the data of SPC \"709J\" is as of 2025-12-31T22:59:59Z, 3601 seconds "
         "old; "
         "policy spc_db_max_age wants at most 3600"},
        {"an hour", 3600, "1h", 0, NULL},
        {"and a second", 3601, "1h", STIR_CODE_ENCOMPASS_UNKNOWN, "at most 3600"},
        {"no time at all", 0, "0", 0, NULL},
        {"of which a second passed", 1, "0", STIR_CODE_ENCOMPASS_UNKNOWN, "1 seconds old"},
        {"changed after the call", -100, "0", 0, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *spec = csv_of_age(rows[i].age);
        struct scene scene = {rows[i].desc, UNDER_SPC,
                              .policy = {"spc", spec, "spc_db_max_age", rows[i].most}};
        struct stir_result *result = scene_judge(&scene);
        const char *line = warning_of(result, "spc-data-old: ");
        cr_expect_eq(stir_result_code(result), rows[i].code, "%s: %s", rows[i].desc,
                     stir_result_detail(result));
        cr_expect_eq(line != NULL, rows[i].says != NULL, "%s: %s", rows[i].desc, line);
        if (rows[i].says != NULL && line != NULL)
            cr_expect_not_null(strstr(line, rows[i].says), "%s: %s", rows[i].desc, line);
        stir_result_free(result);
        unlink(spec + 4);
        free(spec);
    }
    /* Data in memory has no age. */
    const struct scene memory = {"in memory", UNDER_SPC,
                                 .csv = "spc,first,last\n709J,12155550000,12155559999\n",
                                 .policy = {"spc_db_max_age", "0"}, .depth = -1};
    scene_expect(&memory);
}

Test(policy, require_identity)
{
    struct scene none = {.desc = "none", .identity = ""};
    struct stir_result *result = scene_judge(&none);

    cr_assert_eq(stir_result_sip_status(result, NULL), 0);
    stir_result_free(result);
    none.policy[0] = "require_identity";
    none.policy[1] = "yes";
    result = scene_judge(&none);
    cr_assert_eq(stir_result_sip_status(result, NULL), 428);
    cr_assert_eq(stir_result_verdict(result), STIR_INDETERMINATE);
    stir_result_free(result);
}

Test(policy, verstat_map)
{
    struct scene stale = {.desc = "stale", .iat = MINT_NOW - 100};
    struct stir_result *result = scene_judge(&stale);

    cr_assert_str_eq(stir_result_verstat(result), "No-TN-Validation");
    stir_result_free(result);
    stale.policy[0] = "verstat_map";
    stale.policy[1] = "verdict";
    result = scene_judge(&stale);
    cr_assert_str_eq(stir_result_verstat(result), "TN-Validation-Failed");
    stir_result_free(result);
    stale.nothing = true;
    stale.iat = 0;
    result = scene_judge(&stale);
    cr_assert_str_eq(stir_result_verstat(result), "No-TN-Validation", "indeterminate is none");
    stir_result_free(result);
}

static const struct {
    const char *key, *value;
    int code;
    const char *sentence;
} refused[] = {
    {"path_order", "loose", STIR_E_ARGUMENT,
     "policy path_order: wanted auto|strict|any, found \"loose\""},
    {"path_order", "", STIR_E_ARGUMENT, "found \"\""},
    {"path_order", "auto|strict", STIR_E_ARGUMENT, "found \"auto|strict\""},
    {"pathorder", "auto", STIR_E_ARGUMENT, "there is no policy pathorder"},
    {"freshness", "-1", STIR_E_ARGUMENT, "0 to 86400 seconds"},
    {"freshness", "86401", STIR_E_ARGUMENT, "86400"},
    {"freshness", "60s", STIR_E_ARGUMENT, "60s"},
    {"freshness", "99999999999999999999", STIR_E_ARGUMENT, "freshness"},
    {"spc_attests", "shaken,,div", STIR_E_ARGUMENT, "shaken,,div"},
    {"spc_attests", "msg", STIR_E_ARGUMENT, "msg"},
    {"spc_attests", "", STIR_E_ARGUMENT, "spc_attests"},
    {"spc_db_max_age", "", STIR_E_ARGUMENT, "wanted none, or a time"},
    {"spc_db_max_age", "-1", STIR_E_ARGUMENT, "found \"-1\""},
    {"spc_db_max_age", "367d", STIR_E_ARGUMENT, "367d"},
    {"profile", "atis", STIR_E_ARGUMENT, "wanted rfc|atis80|atis92"},
    {"reference_list", "none", STIR_E_ARGUMENT, "wanted both|reference_only"},
    {"status", "always", STIR_E_ARGUMENT, "prefer|require|off"},
    {"replay", "yes", STIR_E_ARGUMENT, "wanted off|on"},
    {"x5c", "on", STIR_E_ARGUMENT, "off|prefer"},
    {"es256", "libcrypto", STIR_E_UNSUPPORTED, "es256"},
    {"fetch", "no", STIR_E_ARGUMENT, "wanted on|caller|off"},
    {"x5u_media", "ignore", STIR_E_ARGUMENT, "wanted warn|reject"},
    {"x5u_ports", "443,0", STIR_E_ARGUMENT, "wanted a list of up to 16 ports"},
    {"x5u_query", "maybe", STIR_E_ARGUMENT, "wanted no|yes"},
    {"fetch_allow", "10.0.0.1/8", STIR_E_ARGUMENT, "wanted none, or networks"},
    {"proxy", "https://proxy.example.com", STIR_E_ARGUMENT, "wanted none, or http://HOST:PORT"},
    {"cache_floor", "", STIR_E_ARGUMENT, "wanted a time"},
    {"cache_floor", "32d", STIR_E_ARGUMENT, "wanted a time"},
    {"cache_floor", "1h,", STIR_E_ARGUMENT, "wanted a time"},
    {"cache_floor", "1w", STIR_E_ARGUMENT, "wanted a time"},
    {"cache_floor", "99999999999999999999", STIR_E_ARGUMENT, "wanted a time"},
    {"stale_if_error", "-1", STIR_E_ARGUMENT, "wanted a time"},
    {"stale_if_error", "1hh", STIR_E_ARGUMENT, "wanted a time"},
    {"fetch_ca", "/nonexistent", STIR_E_FILE, "/nonexistent"},
    {"fetch_ca", "/dev/null", STIR_E_SYNTAX, "/dev/null"},
    {"cache_file", "/", STIR_E_FILE, "cache file /: wanted a regular file"},
    {"cache_file", "/no/such/folder/cache", STIR_E_FILE, "cache file /no/such/folder/cache: "},
    {"crl", "/nonexistent", STIR_E_FILE, "/nonexistent"},
    {"crl", "/dev/null", STIR_E_SYNTAX, "/dev/null"},
    {"crl_anchors", "/nonexistent", STIR_E_FILE, "/nonexistent"},
    {"crl_anchors", "/dev/null", STIR_E_SYNTAX, "/dev/null"},
    {"spc", "lmdb:x", STIR_E_UNSUPPORTED, "lmdb:x"},
    {"spc", "csv:/nonexistent", STIR_E_FILE, "/nonexistent"},
    {"anchors", "/nonexistent", STIR_E_FILE, "/nonexistent"},
    {"anchors", "/dev/null", STIR_E_SYNTAX, "/dev/null"},
    {"min_attest", "D", STIR_E_ARGUMENT, "min_attest"},
    {"x\ny", "1", STIR_E_ARGUMENT, "x\\x0Ay"},
};

Test(config, refuses)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        int rc = stir_config_set(config, refused[i].key, refused[i].value, &error);
        cr_expect_eq(rc, refused[i].code, "%s=%s: %d %s", refused[i].key, refused[i].value, rc,
                     error.text);
        cr_expect_eq(error.code, rc, "%s=%s", refused[i].key, refused[i].value);
        cr_expect_not_null(strstr(error.text, refused[i].sentence), "%s=%s: %s", refused[i].key,
                           refused[i].value, error.text);
    }
    cr_assert_str_eq(stir_config_get(config, "path_order"), "auto", "nothing changed");
    stir_config_free(config);
}

Test(config, remembers)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;
    const char *key;

    for (size_t i = 0; (key = stir_config_key(i)) != NULL; i++) {
        const char *value = stir_config_get(config, key);
        cr_assert_not_null(value, "%s", key);
        char *copy = strdup(value);
        cr_assert_eq(stir_config_set(config, key, copy, &error), 0, "%s: %s", key, error.text);
        cr_assert_str_eq(stir_config_get(config, key), copy);
        free(copy);
    }
    cr_assert_eq(stir_config_set(config, "freshness", "5", &error), 0);
    cr_assert_str_eq(stir_config_get(config, "freshness"), "5");
    cr_assert_null(stir_config_get(config, "anchors"));
    cr_assert_null(stir_config_get(NULL, "freshness"));
    cr_assert_eq(stir_config_set(NULL, "freshness", "5", &error), STIR_E_ARGUMENT);
    cr_assert_eq(stir_config_set(config, "freshness", NULL, &error), STIR_E_ARGUMENT);
    stir_config_free(config);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static enum stir_verdict judge_scene(const struct stir_config *config, struct scene scene)
{
    struct stir_verifier *verifier = stir_verifier_new(config, NULL);
    struct stir_call *call = scene_call(&scene);

    stir_verifier_supply(verifier, NULL, scene_body(&scene), STIR_NUL, NULL);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, NULL);
    enum stir_verdict verdict = stir_result_verdict(result);
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    return verdict;
}

static enum stir_verdict judge_with(const struct stir_config *config)
{
    return judge_scene(config, (struct scene){.desc = "by anchors of files"});
}

/* A PEM file, a folder of them; sources add; all or nothing. */
Test(config, anchors)
{
    char folder[] = "/tmp/stir-anchors-XXXXXX", a[64], b[64];
    static const struct mint other = {.subject = "Other Root"};
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(stir_config_set(config, "anchors", folder, &error), STIR_E_SYNTAX);
    snprintf(a, sizeof a, "%s/a.pem", folder);
    snprintf(b, sizeof b, "%s/b.pem", folder);
    write_file(a, mint_make(&other, NULL)->pem);
    cr_assert_eq(stir_config_set(config, "anchors", a, &error), 0, "%s", error.text);
    cr_assert_eq(judge_with(config), STIR_INVALID);
    write_file(b, mint_make(&mint_delegate, &mint_spc_ca)->pem);
    cr_assert_eq(stir_config_set(config, "anchors", folder, &error), STIR_E_REFUSED);
    cr_assert_gt(error.code, 0, "the code says why it is no anchor");
    cr_assert_not_null(strstr(error.text, b), "%s", error.text);
    write_file(b, mint_make(&mint_root, NULL)->pem);
    cr_assert_eq(stir_config_set(config, "anchors", folder, &error), 0, "%s", error.text);
    cr_assert_eq(judge_with(config), STIR_VALID);
    unlink(a);
    unlink(b);
    rmdir(folder);
    stir_config_free(config);
}

/* rows of several files are rows of one. */
Test(config, spc_adds)
{
    struct scene scene = {.desc = "numbers in two files",
                          UNDER_SPC,
                          .csv = "spc,first,last\n709J,12155551200,12155551249\n"};
    struct stir_config *config = scene_config(&scene);
    struct stir_error error;

    cr_assert_eq(judge_scene(config, scene), STIR_INVALID);
    cr_assert_eq(stir_config_set_data(config, "spc",
                                      "spc,first,last\n709J,12155551250,12155551299\n",
                                      STIR_NUL, &error),
                 0, "%s", error.text);
    cr_assert_eq(judge_scene(config, scene), STIR_VALID);
    stir_config_free(config);
}

/* ---- The caller's own resolver ------------------------------------------------------------- */

struct own {
    int asked, released;
    bool broken;
};

static int answer(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct own *own = arg;

    own->asked++;
    if (own->broken)
        return -1;
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct stir_question *q = &want->questions[i];
        if (strcmp(q->spc, "709J") == 0 && q->digits == 11)
            stir_want_answer(want, i, q->first, q->last, STIR_YES);
    }
    stir_want_put(want, 0, NULL, 0); /* not the resolver's to end: nothing happens */
    error->code = 0;
    return 0;
}

static void release(void *arg)
{
    ((struct own *)arg)->released++;
}

static enum stir_verdict judge_with_own(struct own *own)
{
    struct scene scene = {.desc = "own resolver", UNDER_SPC};
    struct stir_config *config = scene_config(&scene);
    struct stir_resolver resolver = {
        .size = sizeof resolver, .arg = own, .answer = answer, .release = release};
    struct stir_error error;

    cr_assert_eq(stir_config_set_resolver(config, &resolver, &error), 0, "%s", error.text);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    struct stir_call *call = scene_call(&scene);
    stir_config_free(config);
    stir_verifier_supply(verifier, NULL, scene_body(&scene), STIR_NUL, &error);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    enum stir_verdict verdict = stir_result_verdict(result);
    cr_assert_eq(own->released, 0, "the verifier still uses it");
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    cr_assert_eq(own->released, 1);
    return verdict;
}

Test(config, resolver_of_the_caller)
{
    struct own good = {0}, broken = {.broken = true};

    cr_assert_eq(judge_with_own(&good), STIR_VALID);
    cr_assert_eq(good.asked, 1, "one list of questions for a whole path");
    cr_assert_eq(judge_with_own(&broken), STIR_INDETERMINATE, "cannot know is not passed");
}

Test(config, resolver_is_checked)
{
    struct stir_config *config = stir_config_new();
    struct stir_resolver none = {.size = sizeof none}, small = {.size = 8, .answer = answer};
    struct stir_error error;

    cr_assert_eq(stir_config_set_resolver(config, &none, &error), STIR_E_ARGUMENT);
    cr_assert_eq(stir_config_set_resolver(config, &small, &error), STIR_E_ARGUMENT);
    cr_assert_eq(stir_config_set_resolver(config, NULL, &error), STIR_E_ARGUMENT);
    stir_config_free(config);
}

/* ---- Reload -------------------------------------------------------------------------------- */

Test(verifier, reload)
{
    struct scene scene = {.desc = "reload"}, without = {.desc = "without", .no_anchor = true};
    struct stir_config *with = scene_config(&scene), *other = scene_config(&without);
    struct stir_verifier *verifier = stir_verifier_new(with, NULL);
    struct stir_call *call = scene_call(&scene);
    struct stir_error error;

    stir_verifier_supply(verifier, NULL, scene_body(&scene), STIR_NUL, NULL);
    struct stir_op *before = stir_op_new(verifier, call, MINT_NOW, &error);
    cr_assert_eq(stir_verifier_reload(verifier, other, &error), 0);
    stir_want_put(stir_op_want(before), 0, scene_body(&scene), STIR_NUL);
    cr_assert_eq(stir_op_step(before, &error), 0);
    cr_assert_eq(stir_result_verdict(stir_op_result(before)), STIR_VALID, "it keeps its own");
    stir_op_free(before);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    cr_assert_eq(stir_result_code(result), STIR_CODE_PATH_NO_ANCHOR);
    stir_result_free(result);
    cr_assert_eq(stir_verifier_reload(verifier, with, &error), 0);
    result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    cr_assert_eq(stir_result_verdict(result), STIR_VALID);
    stir_result_free(result);
    cr_assert_eq(stir_verifier_reload(verifier, NULL, &error), STIR_E_ARGUMENT);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(with);
    stir_config_free(other);
}

/* What calls cannot be judged without. */
Test(verifier, ready)
{
    struct scene scene = {.desc = "no anchor"};
    struct stir_error error;
    struct stir_config *bare = stir_config_new(), *full = scene_config(&scene);
    struct stir_verifier *verifier = stir_verifier_new(bare, &error);

    cr_expect_eq(stir_verifier_ready(verifier, &error), STIR_E_NOT_READY);
    cr_expect_not_null(strstr(error.text, "no trust anchor"), "%s", error.text);
    cr_assert_eq(stir_config_set(full, "fetch", "off", &error), 0);
    cr_assert_eq(stir_verifier_reload(verifier, full, &error), 0);
    cr_expect_eq(stir_verifier_ready(verifier, &error), 0, "%s", error.text);
    cr_assert_eq(stir_config_set(full, "status", "require", &error), 0);
    cr_assert_eq(stir_verifier_reload(verifier, full, &error), 0);
    cr_expect_eq(stir_verifier_ready(verifier, &error), STIR_E_NOT_READY);
    cr_expect_not_null(strstr(error.text, "revocation list"), "%s", error.text);
    cr_expect_eq(stir_verifier_ready(NULL, &error), STIR_E_ARGUMENT);
    stir_verifier_free(verifier);
    stir_config_free(bare);
    stir_config_free(full);
}

Test(verifier, supply_replaces_and_prefers_the_exact_url)
{
    struct scene scene = {.desc = "supply"};
    struct stir_config *config = scene_config(&scene);
    struct stir_verifier *verifier = stir_verifier_new(config, NULL);
    struct stir_call *call = scene_call(&scene);
    static const struct {
        const char *url, *body;
        int code;
    } steps[] = {
        {SCENE_X5U, "rubbish", STIR_CODE_X5U_BODY},
        {NULL, NULL, STIR_CODE_X5U_BODY},
        {SCENE_X5U, NULL, STIR_CODE_OK},
        {NULL, "rubbish", STIR_CODE_OK},
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const char *body = steps[i].body != NULL ? steps[i].body : scene_body(&scene);
        cr_assert_eq(stir_verifier_supply(verifier, steps[i].url, body, STIR_NUL, NULL), 0);
        struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, NULL);
        cr_expect_eq(stir_result_code(result), steps[i].code, "step %zu", i);
        stir_result_free(result);
    }
    cr_assert_eq(stir_verifier_supply(NULL, NULL, "", 0, NULL), STIR_E_ARGUMENT);
    cr_assert_eq(stir_verifier_supply(verifier, NULL, NULL, 0, NULL), STIR_E_ARGUMENT);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
}
