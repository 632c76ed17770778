/*
 * A whole operation: certificates, tokens, SPC data, headers, clock and policy in one input, which
 * is a list of records. A record is "%%", a letter, a line feed and its content, up to the next
 * line feed and "%%":
 *
 *   m  how it goes: an octet of MODE_*, then up to 8 octets that say which signature checks are good
 *   a  a trust anchor in DER        A  anchors in PEM
 *   c  the list's next certificate  X  the body at x5u, instead
 *   C  SPC data as csv              r  answers of a resolver, an octet each, instead
 *   P  lines KEY=VALUE              N  the time, decimal
 *   H  lines NAME: VALUE            S  an SDP body
 *   h  a JOSE header in JSON        s  a signature, 64 octets
 *   x  headers get the list's certificates as x5c
 *   i  parameters                   p  a payload in JSON: ends a token, which becomes an Identity
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "base/text.h"
#include "cert/chain.h"
#include "cert/pem_list.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

enum {
    MODE_TOLD = 1,      /* signatures are as record m says */
    MODE_OP = 2,        /* an operation with wants, otherwise stir_verify() */
    MODE_FAIL = 4,      /* the first want fails */
    MODE_EXPIRE = 8,    /* the operation is ended early */
    MODE_TWO_STEPS = 16 /* a step without anything having come */
};

#define X5U "https://certificates.example.com/acme.pem"

struct record {
    char letter;
    const uint8_t *data;
    size_t len;
};

struct scene {
    uint8_t mode;
    int64_t now;
    struct stir_config *config;
    struct stir_call *call;
    struct text body, x5c; /* PEM; the same certificates as members of an array */
    bool inlined;
    struct record header, signature, parameters, answers;
    size_t n_questions;
    bool has_data; /* of SPCs */
    int rc;
};

/* ---- The records ---- */

static bool is_mark(const uint8_t *at, const uint8_t *end)
{
    return end - at >= 4 && at[0] == '%' && at[1] == '%' && at[3] == '\n';
}

static bool next_record(const uint8_t **at, const uint8_t *end, struct record *record)
{
    while (*at < end && !is_mark(*at, end))
        (*at)++;
    if (*at >= end)
        return false;
    *record = (struct record){(char)(*at)[2], *at + 4, 0};
    for (*at += 4; *at < end && !(**at == '\n' && is_mark(*at + 1, end)); (*at)++)
        record->len++;
    return true;
}

static void fail(struct scene *scene, int rc)
{
    if (scene->rc == 0)
        scene->rc = rc;
}

static void set_mode(struct scene *scene, const struct record *record)
{
    uint64_t good = record->len > 1 ? 0 : UINT64_MAX;

    scene->mode = record->len > 0 ? record->data[0] : 0;
    for (size_t i = 1; i < record->len && i < 9; i++)
        good |= (uint64_t)record->data[i] << 8 * (i - 1);
    if (scene->mode & MODE_TOLD)
        fuzz_signatures_answer(good);
}

static void set_source(struct scene *scene, const char *key, const void *data, size_t len)
{
    struct stir_error error;
    int rc = stir_config_set_data(scene->config, key, data, len, &error);

    FUZZ_ALWAYS(fuzz_is_line(error.text));
    if (rc == STIR_E_NOMEM)
        fail(scene, rc);
    scene->has_data |= rc == 0 && *key == 's';
}

/* What of PEM is base64. */
static void add_x5c(struct text *x5c, const char *pem)
{
    text_add(x5c, x5c->len > 0 ? ",\"" : "\"");
    for (; *pem != '\0'; pem += strcspn(pem, "\n") + 1)
        if (*pem != '-')
            text_add_octets(x5c, pem, strcspn(pem, "\n"));
    text_add(x5c, "\"");
}

static void add_certificate(struct scene *scene, const struct record *record, bool is_anchor)
{
    char *pem = pem_list_write(record->data, record->len);

    if (pem == NULL)
        fail(scene, STIR_E_NOMEM);
    else if (is_anchor)
        set_source(scene, "anchors", pem, strlen(pem));
    else
        text_add(&scene->body, pem);
    if (pem != NULL && !is_anchor)
        add_x5c(&scene->x5c, pem);
    free(pem);
}

/* One line, cut at separator: left gets what is before it, rest and rest_len what is behind. */
static bool next_pair(struct record *lines, char separator, char left[64], const char **rest,
                      size_t *rest_len)
{
    while (lines->len > 0) {
        const uint8_t *start = lines->data, *eol = memchr(start, '\n', lines->len);
        size_t len = eol == NULL ? lines->len : (size_t)(eol - start);
        const uint8_t *cut = memchr(start, separator, len);
        lines->data += len + (eol != NULL);
        lines->len -= len + (eol != NULL);
        if (cut == NULL || cut - start > 63)
            continue;
        memcpy(left, start, (size_t)(cut - start));
        left[cut - start] = '\0';
        *rest = (const char *)cut + 1;
        *rest_len = len - (size_t)(cut + 1 - start);
        return true;
    }
    return false;
}

static void set_policies(struct scene *scene, struct record lines)
{
    char key[64], value[64];
    const char *rest;
    size_t len;

    while (next_pair(&lines, '=', key, &rest, &len)) {
        /* A key that names a file is not for a fuzzer, nor is a network. */
        if (len > 63 || strcmp(key, "fetch") == 0
            || stir_config_get(scene->config, key) == NULL)
            continue;
        memcpy(value, rest, len);
        value[len] = '\0';
        if (stir_config_set(scene->config, key, value, NULL) == STIR_E_NOMEM)
            fail(scene, STIR_E_NOMEM);
    }
}

static void add_headers(struct scene *scene, struct record lines)
{
    char name[64];
    const char *rest;
    size_t len;

    while (next_pair(&lines, ':', name, &rest, &len))
        stir_call_add_header(scene->call, name, rest, len);
}

static void add_encoded(struct text *text, const struct record *record)
{
    char *encoded = base64url_encode(record->data, record->len);

    text->failed |= encoded == NULL;
    if (encoded != NULL)
        text_add(text, encoded);
    free(encoded);
}

static void add_header(struct text *value, const struct scene *scene)
{
    const struct record *header = &scene->header;
    struct text json = {0};

    if (!scene->inlined || header->len == 0 || header->data[header->len - 1] != '}') {
        add_encoded(value, header);
        return;
    }
    text_add_octets(&json, header->data, header->len - 1);
    text_add(&json, ",\"x5c\":[");
    text_add_octets(&json, scene->x5c.data != NULL ? scene->x5c.data : "", scene->x5c.len);
    text_add(&json, "]}");
    value->failed |= json.failed || scene->x5c.failed;
    if (!json.failed)
        add_encoded(value, &(struct record){'h', (const uint8_t *)json.data, json.len});
    text_free(&json);
}

static void add_token(struct scene *scene, const struct record *payload)
{
    static const uint8_t any[64] = {1, [63] = 1};
    struct record signature = {'s', any, sizeof any};
    struct text value = {0};

    add_header(&value, scene);
    text_add(&value, ".");
    add_encoded(&value, payload);
    text_add(&value, ".");
    add_encoded(&value, scene->signature.len > 0 ? &scene->signature : &signature);
    if (scene->parameters.letter == 'i')
        text_add_octets(&value, scene->parameters.data, scene->parameters.len);
    else
        text_add(&value, ";info=<" X5U ">;alg=ES256");
    if (value.failed)
        fail(scene, STIR_E_NOMEM);
    else
        stir_call_add_header(scene->call, "Identity", value.data, value.len);
    text_free(&value);
}

static void set_now(struct scene *scene, const struct record *record)
{
    char room[24];
    size_t len = record->len < sizeof room ? record->len : sizeof room - 1;

    memcpy(room, record->data, len);
    room[len] = '\0';
    scene->now = strtoll(room, NULL, 10);
}

static void take(struct scene *scene, const struct record *record)
{
    const void *data = record->data;

    switch (record->letter) {
    case 'm':
        set_mode(scene, record);
        break;
    case 'a':
    case 'c':
        add_certificate(scene, record, record->letter == 'a');
        break;
    case 'A':
        set_source(scene, "anchors", data, record->len);
        break;
    case 'X':
        text_add_octets(&scene->body, data, record->len);
        break;
    case 'C':
        set_source(scene, "spc", data, record->len);
        break;
    case 'r':
        scene->answers = *record;
        break;
    case 'P':
        set_policies(scene, *record);
        break;
    case 'N':
        set_now(scene, record);
        break;
    case 'H':
        add_headers(scene, *record);
        break;
    case 'S':
        stir_call_set_body(scene->call, "application/sdp", data, record->len);
        break;
    case 'x':
        scene->inlined = true;
        break;
    case 'h':
        scene->header = *record;
        break;
    case 's':
        scene->signature = *record;
        break;
    case 'i':
        scene->parameters = *record;
        break;
    case 'p':
        add_token(scene, record);
        break;
    default:
        break;
    }
}

/* ---- SPC data of the caller's own ---- */

static int answer(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct scene *scene = arg;

    (void)error;
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct stir_question *question = &want->questions[i];
        uint64_t middle = question->first + (question->last - question->first) / 2;
        FUZZ_ALWAYS(question->spc != NULL && question->digits >= 1 && question->digits <= 15
                    && question->first <= question->last);
        uint8_t octet = scene->answers.len == 0
                            ? 0
                            : scene->answers.data[scene->n_questions++ % scene->answers.len];
        if (octet == 0xFF)
            return STIR_E_FILE;
        if (octet & 128)
            stir_want_as_of(want, i, question->at > 0 ? question->at - octet : INT64_MIN);
        if (octet & 4)
            stir_want_answer(want, i, middle, middle + (octet >> 4),
                             (enum stir_answer)((octet & 3) % 3));
        if (!(octet & 8))
            stir_want_answer(want, i, question->first, question->last,
                             (enum stir_answer)((octet & 3) % 3));
    }
    return 0;
}

static void set_resolver(struct scene *scene)
{
    struct stir_resolver resolver = {.size = sizeof resolver, .arg = scene, .answer = answer};

    if (scene->answers.letter != 'r')
        return;
    int rc = stir_config_set_resolver(scene->config, &resolver, NULL);
    scene->has_data = true;
    FUZZ_EXPECT(rc == 0);
    if (rc != 0)
        fail(scene, rc);
}

/* ---- What must hold of a result ---- */

static void expect_json(const struct stir_result *result)
{
    char *text = stir_result_json(result, NULL);
    json_t *json = text == NULL ? NULL : fuzz_json(text, strlen(text));
    const char *verdict = json_string_value(json_object_get(json, "verdict"));

    FUZZ_EXPECT(verdict != NULL);
    if (verdict != NULL)
        FUZZ_ALWAYS(strcmp(verdict, stir_verdict_name(stir_result_verdict(result))) == 0);
    json_decref(json);
    free(text);
}

static void expect_sane(const struct stir_result *result)
{
    static const char *const pointers[] = {"/orig/tn", "/orig", "/attest", "/dest/tn/0", ""};
    bool valid = stir_result_verdict(result) == STIR_VALID;
    const char *verstat = stir_result_verstat(result), *phrase, *line;

    FUZZ_ALWAYS(valid == (stir_result_code(result) == STIR_CODE_OK));
    FUZZ_ALWAYS(stir_code_name(stir_result_code(result)) != NULL);
    FUZZ_ALWAYS(fuzz_is_line(stir_result_detail(result))
                && *stir_result_detail(result) != '\0');
    FUZZ_ALWAYS(strcmp(verstat, "TN-Validation-Passed") != 0 || valid);
    FUZZ_ALWAYS(!valid || stir_result_sip_status(result, &phrase) == 0);
    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        FUZZ_ALWAYS(fuzz_is_line(line) && strstr(line, ": ") != NULL);
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        FUZZ_ALWAYS(valid || stir_result_claim(result, pointers[i]) == NULL);
        FUZZ_ALWAYS(fuzz_is_claim(stir_result_unverified_claim(result, pointers[i])));
    }
    FUZZ_ALWAYS(fuzz_is_line(stir_result_ppt(result)) && fuzz_is_line(stir_result_x5u(result))
                && fuzz_is_line(stir_result_compared(result, "orig"))
                && fuzz_is_line(stir_result_compared(result, "dest")));
    FUZZ_ALWAYS(stir_result_in_spc(result) >= -1 && stir_result_depth(result) <= 10);
}

static bool is(const struct scene *scene, const char *key, const char *value)
{
    return strcmp(stir_config_get(scene->config, key), value) == 0;
}

/* Certificates, signer first: now is within their times, and each list is within the next. */
static size_t expect_path(const struct scene *scene, const struct stir_result *result)
{
    const struct stir_certificate *certificate, *above = NULL;
    size_t n = 0;

    for (; (certificate = stir_result_certificate(result, n)) != NULL; n++) {
        FUZZ_ALWAYS(stir_certificate_not_after(certificate) >= scene->now);
        above = stir_result_certificate(result, n + 1);
        if (above == NULL || stir_certificate_scope(certificate) == NULL
            || stir_certificate_scope(above) == NULL || scene->has_data
            || !is(scene, "spc_unknown", "indeterminate")
            || !is(scene, "spc_overhang", "certificate"))
            continue;
        FUZZ_EXPECT(stir_scope_encompasses(stir_certificate_scope(above),
                                           stir_certificate_scope(certificate), NULL, NULL)
                    == STIR_YES);
    }
    FUZZ_ALWAYS(n > 0);
    const char *anchor =
        stir_certificate_text(stir_result_certificate(result, n - 1), "anchor");
    FUZZ_EXPECT(anchor != NULL);
    return n;
}

static bool lists_spc(const struct stir_scope *scope)
{
    struct stir_entry entry;

    for (size_t i = 0; stir_scope_entry(scope, i, &entry); i++)
        if (entry.spc != NULL)
            return true;
    return false;
}

/* The signer's own numbers, unless it is its SPC that speaks. */
static void expect_authority(const struct stir_result *result)
{
    const struct stir_scope *scope = stir_certificate_scope(stir_result_certificate(result, 0));
    const char *tn = stir_result_claim(result, "/orig/tn");

    if (tn == NULL || scope == NULL || lists_spc(scope))
        return;
    FUZZ_EXPECT(stir_scope_covers(scope, tn, NULL) == STIR_YES);
}

static void expect_valid(const struct scene *scene, const struct stir_result *result)
{
    const char *iat = stir_result_claim(result, "/iat");
    int64_t window = atoll(stir_config_get(scene->config, "freshness"));

    FUZZ_EXPECT(iat != NULL);
    if (iat != NULL)
        FUZZ_ALWAYS(llabs(atoll(iat) - scene->now) <= window);
    /* A signature for each certificate but the anchor, and the token's. */
    FUZZ_ALWAYS(expect_path(scene, result) <= fuzz_signatures_good());
    expect_authority(result);
    FUZZ_ALWAYS(!(scene->mode & MODE_FAIL) || !(scene->mode & MODE_OP)
                || is(scene, "x5c", "prefer"));
}

static int expect_result(const struct scene *scene, const struct stir_result *result)
{
    const struct stir_result *one;
    size_t n = 0;

    expect_sane(result);
    expect_json(result);
    for (; (one = stir_result_identity(result, n)) != NULL; n++)
        expect_sane(one);
    FUZZ_ALWAYS(stir_result_decided_by(result) < (int)n);
    if (stir_result_verdict(result) == STIR_VALID) {
        FUZZ_ALWAYS(stir_result_decided_by(result) >= 0);
        one = stir_result_identity(result, (size_t)stir_result_decided_by(result));
        FUZZ_ALWAYS(stir_result_verdict(one) == STIR_VALID);
        expect_valid(scene, result);
    }
    return stir_result_code(result);
}

/* ---- The ways to ask ---- */

static int verify(struct scene *scene, struct stir_verifier *verifier)
{
    struct stir_error error;

    int rc = stir_verifier_supply(verifier, NULL, scene->body.data, scene->body.len, &error);
    if (rc != 0)
        return rc;
    struct stir_result *result = stir_verify(verifier, scene->call, scene->now, 0, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (result == NULL) == (error.code != 0));
    rc = result == NULL ? error.code : expect_result(scene, result);
    stir_result_free(result);
    return rc;
}

static void serve(const struct scene *scene, struct stir_want *want)
{
    FUZZ_ALWAYS(want->kind == STIR_WANT_CERTIFICATES && want->url != NULL && want->limit > 0);
    if (scene->mode & MODE_FAIL)
        stir_want_fail(want, (enum stir_failure)(scene->mode >> 5));
    else
        stir_want_put(want, scene->mode & 32 ? 404 : 200, scene->body.data, scene->body.len);
}

static int step(const struct scene *scene, struct stir_op *op, struct stir_error *error)
{
    struct stir_want *want;
    int rc = 0;

    for (int rounds = 0; (rc = stir_op_step(op, error)) == STIR_WANT; rounds++) {
        FUZZ_ALWAYS(rounds < 32 && stir_op_result(op) == NULL);
        if (scene->mode & MODE_TWO_STEPS && rounds == 0)
            continue;
        if (scene->mode & MODE_EXPIRE)
            stir_op_expire(op);
        while ((want = stir_op_want(op)) != NULL)
            serve(scene, want);
    }
    return rc;
}

static int operate(struct scene *scene, struct stir_verifier *verifier)
{
    struct stir_error error;
    struct stir_op *op = stir_op_new(verifier, scene->call, scene->now, &error);

    FUZZ_ALWAYS(fuzz_is_line(error.text) && (op == NULL) == (error.code != 0));
    if (op == NULL)
        return error.code;
    int rc = step(scene, op, &error);
    FUZZ_ALWAYS((rc == 0) == (stir_op_result(op) != NULL));
    if (rc == 0)
        rc = expect_result(scene, stir_op_result(op));
    stir_op_free(op);
    return rc;
}

static int judge(struct scene *scene)
{
    struct stir_error error;
    int rc;

    set_resolver(scene);
    if (scene->body.failed)
        fail(scene, STIR_E_NOMEM);
    if (scene->rc != 0)
        return scene->rc;
    if (scene->body.len == 0)
        text_add(&scene->body, "\n");
    if (scene->body.failed)
        return STIR_E_NOMEM;
    struct stir_verifier *verifier = stir_verifier_new(scene->config, &error);
    if (verifier == NULL)
        return error.code;
    rc = scene->mode & MODE_OP ? operate(scene, verifier) : verify(scene, verifier);
    stir_verifier_free(verifier);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct scene scene = {.now = 1767225600};
    const uint8_t *at = data;
    struct record record;

    fuzz_signatures_calculate();
    scene.config = stir_config_new();
    scene.call = stir_call_new();
    int rc = scene.config == NULL || scene.call == NULL ? STIR_E_NOMEM : 0;
    if (rc == 0)
        rc = stir_config_set(scene.config, "fetch", "off", NULL);
    while (rc == 0 && next_record(&at, data + len, &record))
        take(&scene, &record);
    if (rc == 0)
        rc = judge(&scene);
    text_free(&scene.body);
    text_free(&scene.x5c);
    stir_call_free(scene.call);
    stir_config_free(scene.config);
    fuzz_signatures_calculate();
    return rc;
}
