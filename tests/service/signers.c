/* service/signers, status: the operator's decisions and the record of who was seen, in calls. */
#include "service/signers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/verifier.h"
#include "tests/scene.h"

/* ---- A call, and what stands --------------------------------------------------------------- */

/* Signatures are made anew each time, so that a certificate is made once: the delegate, its parent
   with SPC 709J, and the STI-CA. */
static const char *body(void)
{
    static const char *pem;

    if (pem == NULL)
        pem = mint_pem_list(mint_make(&mint_delegate, &mint_spc_ca),
                            mint_make(&mint_spc_ca, &mint_sti_ca),
                            mint_make(&mint_sti_ca, &mint_root), NULL);
    return pem;
}

static int answers[8]; /* of the hook, one after the other */
static int asked;

static enum stir_decision first_seen(void *arg, const struct stir_certificate *signer)
{
    cr_expect_str_eq(stir_certificate_text(signer, "subject"), (const char *)arg);
    return (enum stir_decision)answers[asked++];
}

static struct stir_config *config_of(const struct scene *scene, const char *decisions,
                                     const char *file, bool hook)
{
    struct stir_config *config = scene_config(scene);
    struct stir_error error;
    struct stir_hooks hooks = {.size = sizeof hooks,
                               .arg = (void *)(uintptr_t) "CN=ACME delegate,O=ACME,C=US",
                               .first_seen = first_seen};

    if (decisions != NULL)
        cr_assert_eq(stir_config_set_data(config, "decisions", decisions, STIR_NUL, &error), 0,
                     "%s", error.text);
    if (file != NULL)
        cr_assert_eq(stir_config_set(config, "signers_file", file, &error), 0, "%s",
                     error.text);
    if (hook)
        cr_assert_eq(stir_config_set_hooks(config, &hooks, &error), 0, "%s", error.text);
    return config;
}

static struct stir_verifier *verifier_of(const struct scene *scene, const char *decisions,
                                         const char *file, bool hook)
{
    struct stir_config *config = config_of(scene, decisions, file, hook);
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    cr_assert_not_null(verifier, "%s", error.text);
    stir_config_free(config);
    cr_assert_eq(stir_verifier_supply(verifier, NULL, body(), STIR_NUL, &error), 0);
    return verifier;
}

/* As the verifier found it. */
static const char *digest_of(struct stir_verifier *verifier, const struct scene *scene,
                             size_t depth, const char *name)
{
    static char digest[65];
    struct stir_call *call = scene_call(scene);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, NULL);

    snprintf(digest, sizeof digest, "%s",
             stir_certificate_text(stir_result_certificate(result, depth), name));
    stir_result_free(result);
    stir_call_free(call);
    return digest;
}

static int judge(const struct scene *scene, struct stir_verifier *verifier,
                 struct stir_error *finding)
{
    struct stir_call *call = scene_call(scene);
    struct stir_error error;
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);

    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    if (finding != NULL) {
        snprintf(finding->text, sizeof finding->text, "%s", stir_result_detail(result));
        finding->depth = stir_result_depth(result);
    }
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

static const struct scene scene = {.desc = "a delegate"};

/* By each kind of subject, with the verdict's twin where one digit differs. */
Test(signers, lines_decide_calls)
{
    static const struct {
        const char *desc, *verb, *subject, *name;
        size_t depth;
        int code, at;
    } cases[] = {
        {"signer's certificate", "deny", "certificate", "sha256", 0, STIR_CODE_SIGNER_DENIED,
         0},
        {"signer's key", "deny", "key", "spki_sha256", 0, STIR_CODE_SIGNER_DENIED, 0},
        {"the provider above it", "deny", "certificate", "sha256", 1, STIR_CODE_SIGNER_DENIED,
         1},
        {"the trust anchor", "deny", "anchor", "sha256", 3, STIR_CODE_SIGNER_DENIED, 3},
        {"an anchor that is none", "deny", "anchor", "sha256", 2, 0, -1},
        {"allowed", "allow", "certificate", "sha256", 0, 0, -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_config *config = config_of(&scene, NULL, NULL, false);
        struct stir_verifier *verifier = stir_verifier_new(config, NULL);
        struct stir_error finding;
        char line[128];
        stir_verifier_supply(verifier, NULL, body(), STIR_NUL, NULL);
        snprintf(line, sizeof line, "%s %s %s", cases[i].verb, cases[i].subject,
                 digest_of(verifier, &scene, cases[i].depth, cases[i].name));
        char *digit = line + strlen(line) - 1, right = *digit;
        *digit = right == '0' ? '1' : '0';
        cr_assert_eq(stir_config_set_data(config, "decisions", line, STIR_NUL, NULL), 0);
        cr_assert_eq(stir_verifier_reload(verifier, config, NULL), 0);
        cr_expect_eq(judge(&scene, verifier, &finding), 0, "%s, a digit apart: %s",
                     cases[i].desc, finding.text);
        *digit = right;
        cr_assert_eq(stir_config_set_data(config, "decisions", line, STIR_NUL, NULL), 0);
        cr_assert_eq(stir_verifier_reload(verifier, config, NULL), 0);
        for (int again = 0; again < 2; again++) { /* the second time the path is kept */
            cr_expect_eq(judge(&scene, verifier, &finding), cases[i].code, "%s: %s",
                         cases[i].desc, finding.text);
            cr_expect_eq(finding.depth, cases[i].at, "%s", cases[i].desc);
        }
        stir_config_free(config);
        stir_verifier_free(verifier);
    }
}

static const struct {
    const char *desc, *decisions;
    int code;
} others[] = {
    {"an SPC above", "deny spc 709J", STIR_CODE_SIGNER_DENIED},
    {"another SPC", "deny spc 709K", 0},
    {"all others held", "others hold", STIR_CODE_SIGNER_HELD},
    {"all others denied", "others deny", STIR_CODE_SIGNER_DENIED},
    {"all others allowed", "others allow", 0},
    {"held, but allowed", "others hold\nallow spc 709J", 0},
    {"denied, but allowed", "allow spc 709J\nothers deny", 0},
    {"allowed and denied", "allow spc 709J\ndeny spc 709J", STIR_CODE_SIGNER_DENIED},
};

Test(signers, others)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct stir_error finding;
        struct stir_verifier *verifier = verifier_of(&scene, others[i].decisions, NULL, false);
        cr_expect_eq(judge(&scene, verifier, &finding), others[i].code, "%s: %s",
                     others[i].desc, finding.text);
        stir_verifier_free(verifier);
    }
}

/* Indeterminate: a definite failure behind it still wins, and nothing is said of a path that was
   not found good. */
Test(signers, order)
{
    struct scene forged = scene, strange = scene;

    forged.corrupt = true;
    strange.no_anchor = true;
    struct stir_verifier *verifier = verifier_of(&scene, "others hold", NULL, false);
    cr_expect_eq(judge(&forged, verifier, NULL), STIR_CODE_BAD_SIGNATURE);
    stir_verifier_free(verifier);
    verifier = verifier_of(&scene, "others deny", NULL, false);
    cr_expect_eq(judge(&forged, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    stir_verifier_free(verifier);
    verifier = verifier_of(&strange, "others deny", NULL, false);
    cr_expect_eq(judge(&strange, verifier, NULL), STIR_CODE_PATH_NO_ANCHOR);
    stir_verifier_free(verifier);
}

Test(signers, reload)
{
    struct stir_verifier *verifier = verifier_of(&scene, NULL, NULL, false);
    struct stir_config *denies = config_of(&scene, "deny spc 709J", NULL, false),
                       *allows = config_of(&scene, NULL, NULL, false);
    struct stir_error error;

    cr_expect_eq(judge(&scene, verifier, NULL), 0);
    cr_assert_eq(stir_verifier_reload(verifier, denies, &error), 0);
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    cr_assert_eq(stir_verifier_reload(verifier, allows, &error), 0);
    cr_expect_eq(judge(&scene, verifier, NULL), 0);
    /* Both add; a bad one changes nothing. */
    cr_expect_eq(stir_config_set_data(denies, "decisions", "deny spc", STIR_NUL, &error),
                 STIR_E_SYNTAX);
    cr_expect(strstr(error.text, "line 1") != NULL, "%s", error.text);
    cr_expect_eq(stir_config_set_data(denies, "decisions", "allow spc X", STIR_NUL, &error), 0);
    cr_assert_eq(stir_verifier_reload(verifier, denies, &error), 0);
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    stir_config_free(denies);
    stir_config_free(allows);
    stir_verifier_free(verifier);
}

/* ---- The hook ------------------------------------------------------------------------------ */

static const struct {
    const char *desc;
    int answers[4], codes[4], asked;
} hooked[] = {
    {"accepted: asked once", {STIR_ACCEPT}, {0, 0, 0}, 1},
    {"refused: asked once",
     {STIR_REFUSE},
     {STIR_CODE_SIGNER_DENIED, STIR_CODE_SIGNER_DENIED, STIR_CODE_SIGNER_DENIED},
     1},
    {"held: asked until decided",
     {STIR_HOLD, STIR_HOLD, STIR_ACCEPT},
     {STIR_CODE_SIGNER_HELD, STIR_CODE_SIGNER_HELD, 0},
     3},
    {"held, then refused",
     {STIR_HOLD, STIR_REFUSE},
     {STIR_CODE_SIGNER_HELD, STIR_CODE_SIGNER_DENIED, STIR_CODE_SIGNER_DENIED},
     2},
};

Test(signers, hook)
{
    for (size_t i = 0; i < sizeof hooked / sizeof *hooked; i++) {
        struct stir_verifier *verifier = verifier_of(&scene, NULL, NULL, true);
        struct stir_error finding;
        memcpy(answers, hooked[i].answers, sizeof hooked[i].answers);
        asked = 0;
        for (size_t k = 0; k < 3; k++)
            cr_expect_eq(judge(&scene, verifier, &finding), hooked[i].codes[k], "%s: %s",
                         hooked[i].desc, finding.text);
        cr_expect_eq(asked, hooked[i].asked, "%s: asked %d times", hooked[i].desc, asked);
        stir_verifier_free(verifier);
    }
}

/* A line decides before the hook is asked, and what it decided stays decided over a reload. */
Test(signers, hook_and_lines)
{
    struct stir_verifier *verifier = verifier_of(&scene, "allow spc 709J", NULL, true);
    struct stir_config *unnamed = config_of(&scene, NULL, NULL, true);

    asked = 0;
    answers[0] = STIR_REFUSE;
    cr_expect_eq(judge(&scene, verifier, NULL), 0);
    cr_expect_eq(asked, 0);
    cr_assert_eq(stir_verifier_reload(verifier, unnamed, NULL), 0);
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    cr_assert_eq(stir_verifier_reload(verifier, unnamed, NULL), 0);
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    cr_expect_eq(asked, 1);
    stir_config_free(unnamed);
    stir_verifier_free(verifier);
}

static int released;

static void release(void *arg)
{
    ++*(int *)arg;
}

Test(signers, hooks_are_released_when_the_last_snapshot_is_gone)
{
    struct stir_config *config = config_of(&scene, NULL, NULL, false);
    struct stir_hooks hooks = {.size = sizeof hooks, .arg = &released, .release = release};
    struct stir_error error;

    cr_assert_eq(stir_config_set_hooks(config, &hooks, &error), 0);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(verifier);
    stir_config_free(config);
    cr_expect_eq(released, 0);
    stir_verifier_free(verifier);
    cr_expect_eq(released, 1);
    hooks.size = 0;
    config = stir_config_new();
    cr_expect_eq(stir_config_set_hooks(config, &hooks, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_config_set_hooks(config, NULL, &error), STIR_E_ARGUMENT);
    stir_config_free(config);
}

/* ---- The record ---------------------------------------------------------------------------- */

static int64_t fixed_clock(void *arg)
{
    return *(const int64_t *)arg;
}

static char folder[] = "/tmp/signers.XXXXXX", file[64];

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/signers", folder);
}

static void expect_row(struct stir_verifier *verifier, const char *first, const char *decision)
{
    struct stir_error error;
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_SIGNERS, &error);

    cr_assert_not_null(rows, "%s", error.text);
    cr_expect_str_eq(stir_rows_text(rows, 0, "subject"), "CN=ACME delegate,O=ACME,C=US");
    cr_expect_str_eq(stir_rows_text(rows, 0, "sha256"),
                     digest_of(verifier, &scene, 0, "sha256"));
    cr_expect_str_eq(stir_rows_text(rows, 0, "spki_sha256"),
                     digest_of(verifier, &scene, 0, "spki_sha256"));
    cr_expect_str_eq(stir_rows_text(rows, 0, "first_seen"), first);
    cr_expect_str_eq(stir_rows_text(rows, 0, "decision"), decision);
    cr_expect_null(stir_rows_text(rows, 1, "subject"));
    stir_rows_free(rows);
}

/* Who was seen when survives a restart, as what the hook decided does, without the hook too. */
Test(signers, survives_restarts)
{
    static int64_t clock = 1767225600;
    struct stat status;

    make_folder();
    asked = 0;
    answers[0] = STIR_REFUSE;
    struct stir_verifier *verifier = verifier_of(&scene, NULL, file, true);
    verifier->memory->clock = fixed_clock;
    verifier->memory->clock_arg = &clock;
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    expect_row(verifier, "2026-01-01T00:00:00Z", "refuse");
    cr_expect_neq(stat(file, &status), 0, "nothing is written in a call");
    cr_expect_eq(stir_verifier_maintain(verifier, 0, NULL), 0);
    cr_assert_eq(stat(file, &status), 0);
    stir_verifier_free(verifier);
    cr_expect_eq(status.st_mode & 0777, 0600);

    clock += 86400;
    verifier = verifier_of(&scene, NULL, file, true);
    verifier->memory->clock = fixed_clock;
    verifier->memory->clock_arg = &clock;
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    cr_expect_eq(asked, 1);
    expect_row(verifier, "2026-01-01T00:00:00Z", "refuse");
    stir_verifier_free(verifier);

    verifier = verifier_of(&scene, "allow spc 709J", file, false);
    cr_expect_eq(judge(&scene, verifier, NULL), 0);
    char line[128];
    snprintf(line, sizeof line, "allow certificate %s",
             digest_of(verifier, &scene, 0, "sha256"));
    stir_verifier_free(verifier);
    verifier = verifier_of(&scene, line, file, false);
    expect_row(verifier, "2026-01-01T00:00:00Z", "allow");
    cr_expect_eq(judge(&scene, verifier, NULL), 0);
    stir_verifier_free(verifier);
    verifier = verifier_of(&scene, NULL, file, false);
    cr_expect_eq(judge(&scene, verifier, NULL), STIR_CODE_SIGNER_DENIED);
    stir_verifier_free(verifier);
}

static struct stir_certificate *certificate_named(unsigned i)
{
    struct stir_certificate *certificate = calloc(1, sizeof *certificate);

    atomic_init(&certificate->references_held, 1);
    certificate->sha256[0] = (uint8_t)(i >> 8);
    certificate->sha256[31] = (uint8_t)i;
    certificate->not_after = MINT_NOT_AFTER;
    return certificate;
}

static void note(struct signers *signers, unsigned i, enum signer_state state, int64_t now)
{
    struct stir_certificate *certificate = certificate_named(i);

    cr_assert_eq(signers_note(signers, certificate, state, now), 0);
    certificate_free(certificate);
}

static int state_of(struct signers *signers, unsigned i)
{
    struct stir_certificate *certificate = certificate_named(i);
    enum signer_state state;
    int found = signers_find(signers, certificate, &state) ? (int)state : -1;

    certificate_free(certificate);
    return found;
}

/* Two processes with one file: each has what the other saw. */
Test(signers, shares_a_file)
{
    make_folder();
    struct signers *one = signers_new(file, NULL), *other = signers_new(file, NULL);
    note(one, 1, SIGNER_ACCEPTED, 1000);
    note(other, 1, SIGNER_UNDECIDED, 900);
    note(other, 2, SIGNER_HELD, 2000);
    cr_expect_eq(signers_save(one, NULL), 0);
    cr_expect_eq(signers_save(other, NULL), 0);
    cr_expect_eq(state_of(other, 1), SIGNER_ACCEPTED, "taken over while saving");
    struct signers *both = signers_new(file, NULL);
    cr_expect_eq(state_of(both, 1), SIGNER_ACCEPTED);
    cr_expect_eq(state_of(both, 2), SIGNER_HELD);
    cr_expect_eq(state_of(both, 3), -1);
    struct decisions decisions = {0};
    struct stir_rows *rows = signers_rows(both, &decisions);
    cr_expect_str_eq(stir_rows_text(rows, 0, "first_seen"), "1970-01-01T00:15:00Z");
    cr_expect_str_eq(stir_rows_text(rows, 1, "decision"), "hold");
    stir_rows_free(rows);
    signers_free(one);
    signers_free(other);
    signers_free(both);
}

/* A child's copy writes nothing. */
Test(signers, is_the_process_s)
{
    make_folder();
    struct signers *signers = signers_new(file, NULL);
    note(signers, 1, SIGNER_ACCEPTED, 1000);
    pid_t child = fork();
    if (child == 0) {
        signers_free(signers);
        _exit(access(file, F_OK) == 0);
    }
    int status;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
    signers_free(signers);
    cr_expect_eq(access(file, F_OK), 0);
}

/* LIM: the one seen last longest ago gives way, of those with the same last octet. */
Test(signers, is_bounded)
{
    struct signers *signers = signers_new(NULL, NULL);
    enum { EACH = 2048 };

    for (unsigned i = 0; i <= EACH; i++) {
        struct stir_certificate *certificate = certificate_named(0);
        certificate->sha256[0] = (uint8_t)(i >> 8);
        certificate->sha256[1] = (uint8_t)i;
        cr_assert_eq(
            signers_note(signers, certificate, SIGNER_ACCEPTED, i == 5 ? 1 : 1000 + (int64_t)i),
            0);
        certificate_free(certificate);
    }
    struct decisions none = {0};
    struct stir_rows *rows = signers_rows(signers, &none);
    cr_expect_not_null(stir_rows_text(rows, EACH - 1, "sha256"));
    cr_expect_null(stir_rows_text(rows, EACH, "sha256"));
    cr_expect_str_eq(stir_rows_text(rows, 0, "first_seen"), "1970-01-01T00:16:40Z",
                     "not the 5th");
    stir_rows_free(rows);
    signers_free(signers);
}

#define H "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define T "2026-01-01T00:00:00Z"

static const struct {
    const char *desc, *text, *sentence;
} texts[] = {
    {"a line", H " " H " " T " " T " " T " accept CN=ACME, O=A\n", NULL},
    {"no subject", H " " H " " T " " T " " T " - ", NULL},
    {"comments", "# x\n\n" H " " H " " T " " T " " T " hold A\n#", NULL},
    {"a short digest", "0011 " H " " T " " T " " T " accept A", "line 1: wanted a SHA-256"},
    {"upper case",
     "AA112233445566778899aabbccddeeff00112233445566778899aabbccddeeff " H " " T " " T " " T
     " accept A",
     "SHA-256"},
    {"a time that is none", "#\n" H " " H " yesterday " T " " T " accept A",
     "line 2: wanted the time it was first seen"},
    {"another state", H " " H " " T " " T " " T " perhaps A",
     "wanted accept, refuse, hold or -"},
    {"cut off", H " " H " " T " " T, "wanted the time it was last seen"},
    {"a control character", H " " H " " T " " T " " T " accept A\x07", "without control"},
};

static int count(void *arg, struct signer *signer)
{
    ++*(int *)arg;
    free(signer);
    return 0;
}

Test(signers, file_is_strict)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct stir_error error = {0};
        int n = 0;
        int rc = signers_file_parse(texts[i].text, strlen(texts[i].text), count, &n, &error);
        cr_expect_eq(rc, texts[i].sentence == NULL ? 0 : STIR_E_SYNTAX, "%s: %s", texts[i].desc,
                     error.text);
        cr_expect_eq(n, texts[i].sentence == NULL, "%s", texts[i].desc);
        if (texts[i].sentence != NULL)
            cr_expect(strstr(error.text, texts[i].sentence) != NULL, "%s: %s", texts[i].desc,
                      error.text);
    }
}

/* A file that is none of signers is told when it is set, not in service. */
Test(signers, broken_file)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    make_folder();
    FILE *out = fopen(file, "w");
    fputs("nonsense\n", out);
    fclose(out);
    cr_expect_eq(stir_config_set(config, "signers_file", file, &error), STIR_E_SYNTAX);
    cr_expect(strstr(error.text, "line 1") != NULL, "%s", error.text);
    cr_expect_eq(stir_config_set(config, "signers_file", folder, &error), STIR_E_FILE);
    cr_expect_str_eq(stir_config_get(config, "signers_file"), "");
    cr_expect_null(stir_verifier_list(NULL, STIR_LIST_SIGNERS, &error));
    stir_config_free(config);
}
