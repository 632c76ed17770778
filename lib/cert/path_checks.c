/* What is asked of a path's certificates one by one and pair by pair, and how a refusal is
   worded. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/path_build.h"

static int key_usage_wrong(const struct stir_certificate *certificate, size_t depth,
                           const char *wanted, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];
    const char *found = certificate->key_usage_text;

    return error_set_at(error, STIR_CODE_KEY_USAGE, (int)depth,
                        "%s may be used for %s, but must be for %s (RFC 5280 section 4.2.1.3)",
                        certificate_name(name, certificate, (int)depth),
                        found != NULL && found[0] != '\0' ? found : "nothing", wanted);
}

int path_check_signer(const struct stir_certificate *signer, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    certificate_name(name, signer, 0);
    if (public_key_kind(signer->key) != KEY_P256)
        return error_set_at(error, STIR_CODE_SIGNER_KEY, 0,
                            "%s has a key (%s) that makes no ES256 signatures: wanted P-256 "
                            "(RFC 8226 section 4)",
                            name, public_key_name(signer->key));
    if (signer->ca)
        return error_set_at(
            error, STIR_CODE_SIGNER_IS_CA, 0,
            "%s is a CA's, but only an end-entity certificate may sign PASSporTs "
            "(RFC 9060 section 4)",
            name);
    if (!certificate_may(signer, KEY_USAGE_DIGITAL_SIGNATURE))
        return key_usage_wrong(signer, 0, "digitalSignature", error);
    return 0;
}

/* The first octets of a key identifier in hex: enough to tell two apart. */
static const char *identifier(char room[24], struct der id)
{
    struct text hex = {0};
    size_t shown_octets = id.len < 8 ? id.len : 8;

    text_add_hex(&hex, id.data, shown_octets);
    text_add(&hex, id.len > shown_octets ? "..." : "");
    memset(room, 0, 24);
    if (!hex.failed && hex.len < 24)
        memcpy(room, hex.data, hex.len);
    text_free(&hex);
    return room;
}

/* R9060-4-3, R9060-7-4, A-23. An anchor need not have an SKID, but one that it has
   counts. */
static int check_identifiers(const struct stir_certificate *child,
                             const struct stir_certificate *issuer, size_t depth,
                             bool is_anchor, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], above[CERTIFICATE_NAME_SIZE], akid[24], skid[24];

    certificate_name(name, child, (int)depth);
    certificate_name(above, issuer, (int)depth + 1);
    if (child->akid.data == NULL)
        return error_set_at(error, STIR_CODE_AKID_MISSING, (int)depth,
                            "%s has no authority key identifier, by which its issuer is found "
                            "(RFC 9060 section 4)",
                            name);
    if (issuer->skid.data == NULL && is_anchor)
        return 0;
    if (issuer->skid.data == NULL)
        return error_set_at(error, STIR_CODE_SKID_MISSING, (int)depth + 1,
                            "%s issued %s, but has no subject key identifier (RFC 9060 section "
                            "7, RFC 5280 section 4.2.1.2)",
                            above, name);
    if (!der_equal(child->akid, issuer->skid))
        return error_set_at(
            error, STIR_CODE_AKID_MISMATCH, (int)depth,
            "%s names key %s as its issuer's, but %s has %s (RFC 9060 section 7)", name,
            identifier(akid, child->akid), above, identifier(skid, issuer->skid));
    return 0;
}

int path_check_pair(const struct stir_certificate *child, const struct stir_certificate *issuer,
                    size_t depth, bool is_anchor, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], above[CERTIFICATE_NAME_SIZE];

    if (!issuer->ca)
        return error_set_at(
            error, STIR_CODE_ISSUER_NOT_CA, (int)depth + 1,
            "%s issued %s, but is no CA's (RFC 9060 section 4, RFC 5280 section "
            "4.2.1.9)",
            certificate_name(above, issuer, (int)depth + 1),
            certificate_name(name, child, (int)depth));
    if (!certificate_may(issuer, KEY_USAGE_KEY_CERT_SIGN))
        return key_usage_wrong(issuer, depth + 1, "keyCertSign", error);
    return check_identifiers(child, issuer, depth, is_anchor, error);
}

/* good: certificate_is_signed_by()'s. */
static int tell_signature(int good, const struct stir_certificate *child,
                          const struct stir_certificate *issuer, size_t depth,
                          struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], above[CERTIFICATE_NAME_SIZE];

    if (good == 1)
        return 0;
    certificate_name(name, child, (int)depth);
    if (good < 0)
        return error_set(error, good, "the signature of %s could not be checked", name);
    return error_set_at(error, STIR_CODE_PATH_SIGNATURE, (int)depth,
                        "%s was not signed by the key of %s (RFC 5280 section 6.1)", name,
                        certificate_name(above, issuer, (int)depth + 1));
}

int path_check_signature(const struct stir_certificate *child,
                         const struct stir_certificate *issuer, size_t depth,
                         struct stir_error *error)
{
    return tell_signature(certificate_is_signed_by(child, issuer->key), child, issuer, depth,
                          error);
}

/* ---- signatures, each checked once ---- */

static const struct path_signature *find(const struct path_signatures *known,
                                         const struct stir_certificate *child,
                                         const struct stir_certificate *issuer)
{
    for (size_t i = 0; i < known->made && i < LIMIT_SIGNATURE_CHECKS; i++)
        if (known->checks[i].child == child
            && memcmp(known->checks[i].spki_sha256, issuer->spki_sha256,
                      sizeof issuer->spki_sha256)
                   == 0)
            return &known->checks[i];
    return NULL;
}

/* What a check takes, measured: P-256 0.28 ms, P-384 0.65, P-521 1.35, RSA of 8192 bits 0.41. */
static size_t cost(const struct public_key *key)
{
    switch (public_key_kind(key)) {
    case KEY_P256:
        return BUDGET_P256;
    case KEY_P384:
        return 5 * BUDGET_SLICE;
    case KEY_P521:
        return 10 * BUDGET_SLICE;
    case KEY_RSA:
    case KEY_UNSUPPORTED:
        break;
    }
    return 3 * BUDGET_SLICE;
}

/* 1, 0, BUDGET_GONE, or negative, which is not kept: it may be well the next time. */
static int is_signed_by(struct path_walk *walk, const struct stir_certificate *child,
                        const struct stir_certificate *issuer)
{
    struct path_signatures *known = walk->known;
    const struct path_signature *before = find(known, child, issuer);

    if (before != NULL)
        return before->good;
    if (!budget_spend(walk->budget, cost(issuer->key)))
        return BUDGET_GONE;
    int good = certificate_is_signed_by(child, issuer->key);
    if (good < 0)
        return good;
    struct path_signature *kept = &known->checks[known->made++ % LIMIT_SIGNATURE_CHECKS];
    kept->child = child;
    memcpy(kept->spki_sha256, issuer->spki_sha256, sizeof kept->spki_sha256);
    kept->good = good == 1;
    return good;
}

int path_check_issuer(struct path_walk *walk, const struct stir_certificate *issuer,
                      bool is_anchor, struct stir_error *error)
{
    const struct stir_certificate *child = walk->certificates[walk->n - 1];
    char name[CERTIFICATE_NAME_SIZE];
    size_t depth = walk->n - 1;
    int rc = path_check_pair(child, issuer, depth, is_anchor, error);

    if (rc != 0)
        return rc;
    if (walk->signatures >= LIMIT_SIGNATURE_CHECKS)
        return error_set(
            error, STIR_CODE_PATH_TOO_DEEP,
            "%s: no path was found within %d checks of signatures, a limit of this "
            "library",
            certificate_name(name, walk->certificates[0], 0), LIMIT_SIGNATURE_CHECKS);
    walk->signatures++;
    int good = is_signed_by(walk, child, issuer);
    return good == BUDGET_GONE ? BUDGET_GONE
                               : tell_signature(good, child, issuer, depth, error);
}

/* R5280-4.2.1.9: certificates between this one and the signer, but for those that an authority
   issued to itself. */
int path_check_lengths(const struct path_walk *walk, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];
    int below = 0;

    for (size_t i = 1; i < walk->n; i++) {
        const struct stir_certificate *issuer = walk->certificates[i];
        if (issuer->path_length >= 0 && below > issuer->path_length)
            return error_set_at(error, STIR_CODE_PATH_LENGTH, (int)i,
                                "%s allows %d CA certificates below it, but there are %d (RFC "
                                "5280 section 4.2.1.9)",
                                certificate_name(name, issuer, (int)i), issuer->path_length,
                                below);
        if (i + 1 < walk->n && !path_is_self_issued(walk, issuer))
            below++;
    }
    return 0;
}

int path_no_anchor(const struct path_walk *walk, struct stir_error *error)
{
    const struct stir_certificate *last = walk->certificates[walk->n - 1];
    char name[CERTIFICATE_NAME_SIZE];
    int depth = (int)walk->n - 1;

    certificate_name(name, last, depth);
    if (path_is_self_issued(walk, last))
        return error_set_at(error, STIR_CODE_PATH_NO_ANCHOR, depth,
                            "%s issued itself, but is none of the %zu trust anchors (RFC 9060 "
                            "section 6)",
                            name, walk->anchors->n);
    const char *issuer = stir_certificate_text(last, "issuer");
    return error_set_at(error, STIR_CODE_PATH_NO_ANCHOR, depth,
                        "the issuer of %s is neither in the list nor one of the %zu trust "
                        "anchors (RFC 9060 section 6): %s",
                        name, walk->anchors->n, issuer != NULL ? issuer : "");
}
