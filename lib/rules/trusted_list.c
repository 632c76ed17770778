/* The trusted CA list of a policy administrator. */
#include "rules/trusted_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cert/pem_list.h"
#include "json/value.h"
#include "token/jws.h"

void trusted_list_free(struct trusted_list *list)
{
    anchors_free(&list->anchors);
    *list = (struct trusted_list){0};
}

/* ---- Header and signature ------------------------------------------------------------------ */

static int check_header(const struct value *header, struct stir_error *error)
{
    const char *alg = value_string(value_member(header, "alg"));
    const struct value *typ = value_member(header, "typ");

    if (value_kind(header) != VALUE_OBJECT)
        return error_set(error, STIR_CODE_JSON_SYNTAX, "header: wanted an object, found %s",
                         value_kind_name(header));
    if (value_member(header, "crit") != NULL || value_member(header, "b64") != NULL)
        return error_set(
            error, STIR_CODE_CRIT_UNSUPPORTED,
            "header: wanted no crit and no b64, found one (RFC 7515 section 4.1.11)");
    if (typ != NULL && (value_string(typ) == NULL || strcmp(value_string(typ), "JWT") != 0))
        return error_set(error, STIR_CODE_TYP_NOT_PASSPORT,
                         "typ: wanted JWT, found another (ATIS-1000084)");
    if (alg == NULL || strcmp(alg, "ES256") != 0)
        return error_set(error, STIR_CODE_ALG_UNSUPPORTED,
                         "alg: wanted ES256, found another (ATIS-1000084)");
    return 0;
}

static int check_signature(const struct jws *jws, const struct anchors *signers,
                           struct trusted_list *list, struct stir_error *error)
{
    for (size_t i = 0; i < signers->n; i++) {
        const struct stir_certificate *signer = signers->certificates[i];
        int rc = es256_verify(public_key_es256(signer->key), jws->token, jws->signing_len,
                              jws->signature);
        if (rc < 0)
            return error_set(error, rc, "the signature could not be checked");
        if (rc == 1) {
            memcpy(list->signer, signer->spki_sha256, sizeof list->signer);
            return 0;
        }
    }
    return error_set(error, STIR_CODE_BAD_SIGNATURE,
                     "it is signed by none of the %zu keys that are pinned (ATIS-1000084)",
                     signers->n);
}

/* ---- Payload -------------------------------------------------------------------------------- */

static int read_number(const struct value *payload, const char *name, int64_t *number,
                       struct stir_error *error)
{
    if (value_integer(value_member(payload, name), number) && *number >= 0)
        return 0;
    return error_set(error, STIR_CODE_CLAIM_SYNTAX,
                     "%s: wanted an integer, 0 or more, found %s (ATIS-1000084)", name,
                     value_kind_name(value_member(payload, name)));
}

static int count_one(void *arg, uint8_t *der, size_t len)
{
    size_t *n = arg;

    (void)len;
    free(der);
    ++*n;
    return 0;
}

/* One certificate, and nothing else. */
static int check_member(const char *pem, size_t i, struct stir_error *error)
{
    struct stir_error found;
    size_t n = 0;

    error_clear(&found);
    int rc = pem == NULL ? 0 : pem_list_each(pem, strlen(pem), false, count_one, &n, &found);
    if (rc < 0)
        return error_no_memory(error);
    if (rc == 0 && n == 1)
        return 0;
    return error_set_at(error, STIR_CODE_CLAIM_SYNTAX, (int)i,
                        "trustList: element %zu: wanted one certificate in PEM, found %s%s%s "
                        "(ATIS-1000084)",
                        i,
                        pem == NULL ? "no string"
                        : n > 1     ? "more"
                                    : "none",
                        rc > 0 ? ": " : "", rc > 0 ? found.text : "");
}

static int add_member(const struct value *member, size_t i, const struct anchor_origin *origin,
                      const struct es256_provider *provider, struct anchors *anchors,
                      struct stir_error *error)
{
    const char *pem = value_string(member);
    struct stir_error found;
    int rc = check_member(pem, i, error);

    if (rc != 0)
        return rc;
    error_clear(&found);
    rc = anchors_add_from(anchors, origin, pem, strlen(pem), provider, &found);
    if (rc == 0)
        return 0;
    if (rc != STIR_E_REFUSED && found.code <= 0)
        return error_set(error, rc, "trustList: element %zu could not be read: %s", i,
                         found.text);
    return error_set_at(error, found.code, (int)i, "trustList: element %zu: %s", i, found.text);
}

static int read_members(const struct value *payload, const char *source,
                        const struct es256_provider *provider, struct trusted_list *list,
                        struct stir_error *error)
{
    const struct value *members = value_member(payload, "trustList");
    const bool is_array = members != NULL && value_kind(members) == VALUE_ARRAY;
    struct anchor_origin origin = {.until = list->exp};
    int rc = 0;

    if (!is_array || value_size(members) == 0)
        return error_set(error, STIR_CODE_CLAIM_SYNTAX,
                         "trustList: wanted an array of one certificate or more, found %s "
                         "(ATIS-1000084)",
                         is_array ? "an empty one" : value_kind_name(members));
    if (value_size(members) > LIMIT_TRUSTED_MEMBERS)
        return error_set(error, STIR_CODE_CLAIM_SYNTAX,
                         "trustList: wanted %d certificates at most, found %zu (our limit)",
                         LIMIT_TRUSTED_MEMBERS, value_size(members));
    shown(list->source, source, strlen(source));
    memcpy(origin.source, list->source, sizeof origin.source);
    for (size_t i = 0; rc == 0 && i < value_size(members); i++)
        rc = add_member(value_at(members, i), i, &origin, provider, &list->anchors, error);
    return rc;
}

static int read_payload(const struct value *payload, const char *source,
                        const struct es256_provider *provider, struct trusted_list *list,
                        struct stir_error *error)
{
    if (value_kind(payload) != VALUE_OBJECT)
        return error_set(error, STIR_CODE_JSON_SYNTAX, "payload: wanted an object, found %s",
                         value_kind_name(payload));
    int rc = read_number(payload, "sequence", &list->sequence, error);
    if (rc == 0)
        rc = read_number(payload, "exp", &list->exp, error);
    return rc != 0 ? rc : read_members(payload, source, provider, list, error);
}

/* ---- The whole ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Nothing of the payload is looked at before the signature is good. */
static int judge(const struct jws *jws, const struct anchors *signers, const char *source,
                 const struct es256_provider *provider, struct trusted_list *list,
                 struct stir_error *error)
{
    struct value *header = NULL, *payload = NULL;
    int rc = value_load(jws->header, jws->header_len, &header, error);

    if (rc == 0)
        rc = check_header(header, error);
    if (rc == 0)
        rc = check_signature(jws, signers, list, error);
    if (rc == 0)
        rc = value_load(jws->payload, jws->payload_len, &payload, error);
    if (rc == 0)
        rc = read_payload(payload, source, provider, list, error);
    value_free(header);
    value_free(payload);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}

int trusted_list_read(const char *text, size_t len, const struct anchors *signers,
                      const char *source, const struct es256_provider *provider,
                      struct trusted_list *list, struct stir_error *error)
{
    struct jws jws = {0};

    *list = (struct trusted_list){0};
    while (len > 0 && is_blank(text[len - 1])) /* a file ends in a line feed */
        len--;
    int rc = jws_parse_long(text, len, LIMIT_TRUSTED_LIST, &jws, error);
    if (rc == 0 && jws.compact)
        rc = error_set(error, STIR_CODE_TOKEN_SYNTAX,
                       "wanted header, payload and signature, found a signature alone");
    if (rc == 0)
        rc = judge(&jws, signers, source, provider, list, error);
    jws_free(&jws);
    if (rc != 0)
        trusted_list_free(list);
    return rc;
}

/* ---- Succession ----------------------------------------------------------------------------- */

static int refuse(const struct trusted_list *next, const char *why, struct stir_error *error)
{
    error_set(error, STIR_CODE_REPLAYED,
              "the trusted list has sequence %lld, wanted: %s (ATIS-1000084)",
              (long long)next->sequence, why);
    return STIR_E_REFUSED;
}

static bool has_all(const struct anchors *anchors, const struct anchors *of)
{
    size_t n = 0;

    for (size_t i = 0; i < of->n; i++)
        for (size_t k = 0; k < anchors->n; k++)
            n += certificate_equal(anchors->certificates[k], of->certificates[i]);
    return n == of->n;
}

int trusted_list_check_succession(const struct trusted_list *next,
                                  const struct trusted_list *before, struct stir_error *error)
{
    char why[80];

    if (next->sequence > before->sequence)
        return 0;
    snprintf(why, sizeof why, "%lld, which is known, or more", (long long)before->sequence);
    if (next->sequence < before->sequence)
        return refuse(next, why, error);
    if (next->anchors.n != before->anchors.n || !has_all(&before->anchors, &next->anchors))
        return refuse(next, "more, since its certificates are others than under that before",
                      error);
    return next->exp >= before->exp
               ? 0
               : refuse(next, "more, since it ends sooner than under that before", error);
}
