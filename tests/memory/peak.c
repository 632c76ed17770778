/*
 * The most heap that one operation takes, from what comes in to its result: at most 64 KiB and
 * four times what strangers sent, with whatever they send that takes the most.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/memory/allocator.h"
#include "tests/situation.h"

enum { LEAST = 64 * 1024, TIMES = 4 };

static const struct mint lone_root = {.subject = "Lone Root", .key = "root"};
static struct mint signer = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};

static int failures;

static int judge(const struct stage *stage, struct stir_verifier *verifier)
{
    struct stir_error error;
    struct stir_call *call = stage_call(stage);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    int code = result == NULL ? error.code : stir_result_code(result);

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* may_keep: the verifier may keep the path, which counts as in use. */
static void measure_call(const struct stage *stage, struct stir_verifier *verifier,
                         const char *which, bool may_keep)
{
    const struct situation *situation = stage->situation;

    allocator_start(NULL);
    int code = judge(stage, verifier);
    struct allocator_count count = allocator_stop();
    size_t most = LEAST + TIMES * stage->octets;
    bool good = code == situation->code && count.peak <= most && (may_keep || count.left == 0);
    printf("%s: %s, %s: %s, %zu octets sent, %zu in use of %zu, %zu left\n",
           good ? "PASS" : "FAIL", situation->desc, which, stir_code_name(code), stage->octets,
           count.peak, most, count.left);
    failures += !good;
}

static void measure(const struct situation *situation)
{
    struct stage stage;

    stage_set(&stage, situation);
    struct stir_verifier *verifier = stage_verifier(&stage, NULL);
    judge(&stage, verifier); /* what libraries make once for all */
    stir_verifier_free(verifier);
    verifier = stage_verifier(&stage, NULL);
    measure_call(&stage, verifier, "seen first", true);
    measure_call(&stage, verifier, "seen again", false);
    stir_verifier_free(verifier);
}

/* n times the pattern, with i in it. */
static char *repeated(const char *pattern, size_t n)
{
    char *text = calloc(n, strlen(pattern) + 16), *at = text;

    for (size_t i = 0; i < n; i++)
        at += sprintf(at, pattern, i);
    return text;
}

/* A list that its issuer's does not encompass. */
static void measure_overhang(const char *desc, const char *pattern, size_t n)
{
    static const struct mint issuer = {
        .subject = "Issuer", .key = "issuer", .ca = MINT_YES, .tnauthlist = "t19999999999"};
    char *entries = repeated(pattern, n);

    entries[strlen(entries) - 1] = '\0'; /* the last comma */
    signer.tnauthlist = entries;
    measure(&(struct situation){.desc = desc,
                                .chain = {&signer, &issuer, &lone_root},
                                .code = STIR_CODE_NOT_ENCOMPASSED});
    signer.tnauthlist = "12155551200+100";
    free(entries);
}

static void measure_list(const char *desc, const char *pattern, size_t n, int code)
{
    char *entries = repeated(pattern, n);

    entries[strlen(entries) - 1] = '\0'; /* the last comma */
    signer.tnauthlist = entries;
    measure(&(struct situation){.desc = desc, .chain = {&signer, &lone_root}, .code = code});
    signer.tnauthlist = "12155551200+100";
    free(entries);
}

static void measure_constraints(const char *desc, const char *pattern, size_t n)
{
    char *items = repeated(pattern, n);

    items[strlen(items) - 1] = '\0';
    signer.constraints = items;
    measure(&(struct situation){.desc = desc, .chain = {&signer, &lone_root}, .code = 0});
    signer.constraints = NULL;
    free(items);
}

/* A claim of n times the pattern, the last comma being replaced. */
static void measure_claim(const char *desc, const char *open, const char *pattern, size_t n,
                          const char *close)
{
    char *claim = repeated(pattern, n), *text = NULL;

    claim[strlen(claim) - 1] = '\0';
    if (asprintf(&text, ",\"z\":%s%s%s", open, claim, close) < 0)
        abort();
    measure(&(struct situation){
        .desc = desc, .chain = {&signer, &lone_root}, .claims = text, .code = 0});
    measure(&(struct situation){.desc = "16 of these",
                                .chain = {&signer, &lone_root},
                                .claims = text,
                                .identities = 16,
                                .corrupt = true,
                                .code = STIR_CODE_BAD_SIGNATURE});
    free(text);
    free(claim);
}

int main(void)
{
    static const struct situation usual = {
        .desc = "a delegated call",
        .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}};

    static const struct mint cas[] = {{.subject = "1", .key = "1", .ca = MINT_YES},
                                      {.subject = "2", .key = "2", .ca = MINT_YES},
                                      {.subject = "3", .key = "3", .ca = MINT_YES},
                                      {.subject = "4", .key = "4", .ca = MINT_YES},
                                      {.subject = "5", .key = "5", .ca = MINT_YES},
                                      {.subject = "6", .key = "6", .ca = MINT_YES},
                                      {.subject = "7", .key = "7", .ca = MINT_YES},
                                      {.subject = "8", .key = "8", .ca = MINT_YES},
                                      {.subject = "9", .key = "9", .ca = MINT_YES}};
    static const struct situation longest = {.desc = "10 certificates",
                                             .chain = {&signer, &cas[0], &cas[1], &cas[2],
                                                       &cas[3], &cas[4], &cas[5], &cas[6],
                                                       &cas[7], &cas[8], &lone_root}};

    struct situation inlined = longest;

    inlined.desc = "10 certificates, in the token";
    inlined.x5c = inlined.nothing = true;
    measure(&usual);
    measure(&inlined);
    inlined.desc = "16 of these";
    inlined.identities = 16;
    inlined.corrupt = true;
    inlined.code = STIR_CODE_BAD_SIGNATURE;
    measure(&inlined);
    measure(&longest);
    measure_list("1,000 numbers", "t1215%07zu,", 1000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("10,000 numbers", "t1215%07zu,", 10000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("10,000 ranges", "1215%07zu+2,", 10000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("2,000 SPCs", "%04zu,", 2000, STIR_CODE_SCOPE_UNKNOWN);
    measure_list("10,000 SPCs", "%04zu,", 10000, STIR_CODE_SCOPE_UNKNOWN);
    measure_list("40,000 SPCs", "%05zu,", 40000, STIR_CODE_SCOPE_UNKNOWN);
    measure_list("1,000 short SPCs", "%zu,", 1000, STIR_CODE_SCOPE_UNKNOWN);
    measure_list("100,000 times one SPC", "A,", 100000, STIR_CODE_SCOPE_UNKNOWN);
    measure_list("100,000 times one number", "t1,", 100000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("10,000 literals", "t*%07zu,", 10000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_overhang("10,000 numbers not encompassed", "t1215%07zu1,", 10000);
    measure_overhang("10,000 SPCs not encompassed", "%04zu,", 10000);
    measure_constraints("1,000 permitted values", "z=,", 1000);
    measure_constraints("1,000 permitted claims", "%04zu=,", 1000);
    measure_constraints("1,000 excluded claims", "-%04zu,", 1000);
    measure_claim("members", "{", "\"%zu\":1,", 230, "}");
    measure_claim("members and empty objects", "{", "\"%zu\":{},", 76, "}");
    measure_claim("objects with an empty name", "[", "{\"\":1},", 78, "]");
    measure_claim("empty objects", "[", "{ },", 78, "]");
    measure_claim("empty arrays", "[", "[ ],", 115, "]");
    measure_claim("empty strings", "[", "\"\",", 230, "]");
    measure_claim("integers", "[", "1,", 230, "]");
    measure_claim("reals", "[", "1.0,", 230, "]");
    measure_claim("a long text", "\"", "1111,", 8000, "\"");
    return failures > 0;
}
