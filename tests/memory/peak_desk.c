/*
 * The most heap that other operations than a call's take: prechecks, signing, issuing, decoding
 * and showing. At most 64 KiB and four times what came in; what does not come of that alone
 * (questions about SPCs, the tree of a listing) has a bound of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tests/memory/allocator.h"
#include "tests/situation.h"

enum { LEAST = 64 * 1024, TIMES = 4 };

static int failures;

/* n times the pattern, with i in it. */
static char *repeated(const char *pattern, size_t n)
{
    char *text = calloc(n, strlen(pattern) + 16), *at = text;

    for (size_t i = 0; i < n; i++)
        at += sprintf(at, pattern, i);
    return text;
}

typedef int deed_function(const void *arg);

/* extra: what it may take besides, which does not come of what was sent. */
static void measure_deed(const char *desc, deed_function *deed, const void *arg, size_t octets,
                         size_t extra)
{
    deed(arg); /* what libraries make once for all */
    allocator_start(NULL);
    int code = deed(arg);
    struct allocator_count count = allocator_stop();
    size_t most = LEAST + TIMES * octets + extra;
    bool good = code == 0 && count.peak <= most && count.left == 0;
    printf("%s: %s: %s, %zu octets sent, %zu in use of %zu, %zu left\n", good ? "PASS" : "FAIL",
           desc, stir_code_name(code), octets, count.peak, most, count.left);
    failures += !good;
}

struct octets {
    const void *data;
    size_t len;
};

static int decode(const void *arg)
{
    const struct octets *octets = arg;
    struct stir_error error = {0};
    struct stir_scope *scope = stir_scope_parse(octets->data, octets->len, &error);

    stir_scope_free(scope);
    return error.code;
}

static int show_as(const struct octets *octets, enum stir_form form)
{
    struct stir_error error = {0};

    free(stir_describe(octets->data, octets->len, form, &error));
    return error.code;
}

static int show_text(const void *arg)
{
    return show_as(arg, STIR_TEXT);
}

static int show_json(const void *arg)
{
    return show_as(arg, STIR_JSON);
}

static struct octets list_of(const char *pattern, size_t n)
{
    char *entries = repeated(pattern, n);
    struct stir_scope *scope = stir_scope_new();
    struct octets list;
    char *rest = entries;

    for (char *word; (word = strtok_r(NULL, ",", &rest)) != NULL;)
        if (stir_scope_add_tn(scope, word, NULL) != 0)
            abort();
    list.data = stir_scope_encode(scope, &list.len, NULL);
    stir_scope_free(scope);
    free(entries);
    return list;
}

static void measure_lists(void)
{
    /* A tree of JSON: an object, its members and texts for each entry. */
    enum { ENTRIES = 10000, EACH = 500 };
    struct octets list = list_of("1215%07zu1,", ENTRIES);
    char repeated_number[5 * ENTRIES + 4] = {0x30, (char)0x82, (char)(5 * ENTRIES >> 8),
                                             (char)(5 * ENTRIES & 0xFF)};

    for (size_t i = 0; i < ENTRIES; i++)
        memcpy(repeated_number + 4 + 5 * i,
               "\xA2\x03\x16\x01"
               "1",
               5);
    measure_deed("10,000 numbers decoded", decode, &list, list.len, 0);
    measure_deed("10,000 times one number decoded", decode,
                 &(struct octets){repeated_number, sizeof repeated_number},
                 sizeof repeated_number, 0);
    measure_deed("10,000 numbers shown as text", show_text, &list, list.len, EACH * ENTRIES);
    measure_deed("10,000 numbers shown as JSON", show_json, &list, list.len, EACH * ENTRIES);
    free((void *)(uintptr_t)list.data);
}

/* ---- Authentication service and CA --------------------------------------------------------- */

static const struct mint lone_root = {.subject = "Lone Root", .key = "root"};
static const struct mint spc_ca = {
    .subject = "Provider", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "709J"};
static struct mint signer = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};

struct desk {
    struct stage stage;
    struct stir_verifier *verifier;
    const char *key;
};

static struct stir_signer *signer_at(const struct desk *desk, struct stir_chain **chain,
                                     struct stir_key **key)
{
    *key = NULL;
    *chain = stir_chain_parse(desk->stage.body, STIR_NUL, NULL);
    if (desk->key != NULL)
        *key = stir_key_parse(desk->key, STIR_NUL, NULL);
    return stir_signer_new(desk->verifier, *chain, *key, SITUATION_X5U, NULL);
}

static int precheck(const void *arg)
{
    const struct desk *desk = arg;
    struct stir_chain *chain;
    struct stir_key *key;
    struct stir_signer *made = signer_at(desk, &chain, &key);
    struct stir_result *result = stir_signer_precheck(made, NULL, MINT_NOW, 0, NULL);
    int code = result == NULL ? STIR_E_NOMEM : stir_result_code(result);

    stir_result_free(result);
    stir_signer_free(made);
    stir_key_free(key);
    stir_chain_free(chain);
    return code;
}

static int sign(const void *arg)
{
    const struct desk *desk = arg;
    struct stir_error error = {0};
    struct stir_chain *chain;
    struct stir_key *key;
    struct stir_signer *made = signer_at(desk, &chain, &key);
    struct stir_passport *passport = stir_passport_new("", NULL, &error);

    stir_passport_set(passport, "orig", desk->stage.from, &error);
    stir_passport_set(passport, "dest", "12155559876", &error);
    free(stir_signer_sign(made, passport, MINT_NOW, 0, &error));
    stir_passport_free(passport);
    stir_signer_free(made);
    stir_key_free(key);
    stir_chain_free(chain);
    return error.code;
}

static void measure_desk(const char *desc, const char *entries, const struct mint *issuer,
                         const char *csv, size_t extra)
{
    struct desk desk = {.key = NULL};

    signer.tnauthlist = entries;
    stage_set(&desk.stage,
              &(struct situation){.chain = {&signer, issuer, &lone_root}, .csv = csv});
    desk.verifier = stage_verifier(&desk.stage, NULL);
    measure_deed(desc, precheck, &desk, desk.stage.octets, extra);
    if (extra == 0 && desk.stage.octets < 10000) {
        desk.key = mint_key_pem("delegate", MINT_P256);
        measure_deed("a token signed with it", sign, &desk, desk.stage.octets, extra);
    }
    stir_verifier_free(desk.verifier);
}

struct office {
    const char *chain, *key, *entries;
};

/* Entries as an operator's command line has them. */
static int issue(const void *arg)
{
    const struct office *office = arg;
    struct stir_error error = {0};
    struct stir_chain *chain = stir_chain_parse(office->chain, STIR_NUL, &error);
    struct stir_key *key = stir_key_parse(office->key, STIR_NUL, &error);
    struct stir_request *request = stir_request_new(key);
    struct stir_issuer *issuer = stir_issuer_new(NULL, chain, key, &error);
    char entry[16];

    stir_request_set(request, "subject", "CN=ACME", &error);
    for (const char *at = office->entries; *at != '\0'; at += 12) {
        snprintf(entry, sizeof entry, "%.11s", at);
        stir_request_set(request, "tn", entry, &error);
    }
    stir_chain_free(stir_issuer_issue(issuer, request, MINT_NOW, 0, &error));
    stir_issuer_free(issuer);
    stir_request_free(request);
    stir_key_free(key);
    stir_chain_free(chain);
    return error.code;
}

static void measure_services(void)
{
    /* A question, its answer and how long that holds, of which there are LIMIT_PORTION at a time;
       or an entry on its way from a request through DER and a certificate into PEM. */
    enum { NUMBERS = 10000, EACH = 192 };
    static const struct mint ranges = {.subject = "Ranges",
                                       .key = "spc-ca",
                                       .ca = MINT_YES,
                                       .tnauthlist = "12150000000+99999"};
    char *numbers = repeated("t1215%06zu1,", NUMBERS), *same = repeated("t1,", NUMBERS);
    char *plain = repeated("1215%06zu1,", NUMBERS);

    numbers[strlen(numbers) - 1] = same[strlen(same) - 1] = '\0';
    measure_desk("a path", "12155551200+100", &lone_root, NULL, 0);
    measure_desk("a path with 10,000 numbers", numbers, &spc_ca,
                 "spc,first,last\n709J,12150000000,12159999999\n", EACH * LIMIT_PORTION);
    measure_desk("a path with 10,000 times one number", same, &lone_root, NULL, 0);

    struct office office = {mint_make(&ranges, &lone_root)->pem,
                            mint_key_pem("spc-ca", MINT_P256), plain};
    measure_deed("a certificate for 10,000 numbers", issue, &office,
                 strlen(office.chain) + strlen(plain), EACH * NUMBERS);
    free(numbers);
    free(same);
    free(plain);
}

int main(void)
{
    measure_lists();
    measure_services();
    return failures > 0;
}
