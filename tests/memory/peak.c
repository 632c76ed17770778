/*
 * The most heap that one call takes, from its headers to its result: at most 64 KiB and four times
 * what strangers sent. Not of everything that could be made: an SPC in a list takes 55 octets and
 * a JSON value up to 160, of which limits.h bounds the number.
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

static void measure_list(const char *desc, const char *pattern, size_t n, int code)
{
    char *entries = repeated(pattern, n);

    entries[strlen(entries) - 1] = '\0'; /* the last comma */
    signer.tnauthlist = entries;
    measure(&(struct situation){.desc = desc, .chain = {&signer, &lone_root}, .code = code});
    signer.tnauthlist = "12155551200+100";
    free(entries);
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
    free(text);
    free(claim);
}

int main(void)
{
    static const struct situation usual = {
        .desc = "a delegated call",
        .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}};

    measure(&usual);
    measure_list("1,000 numbers", "t1215%07zu,", 1000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("10,000 numbers", "t1215%07zu,", 10000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("10,000 ranges", "1215%07zu+2,", 10000, STIR_CODE_ORIG_OUT_OF_SCOPE);
    measure_list("2,000 SPCs", "%04zu,", 2000, STIR_CODE_SCOPE_UNKNOWN);
    measure_claim("500 elements", "[", "1,", 500, "]");
    measure_claim("a long text", "\"", "1111,", 8000, "\"");
    return failures > 0;
}
