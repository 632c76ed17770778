/* Trust anchors: the certificates that paths may end at. */
#include "cert/anchors.h"

#include <stdlib.h>
#include <string.h>

#include "cert/name_canonical.h"
#include "cert/pem_list.h"

struct adding {
    struct anchors anchors; /* the new ones */
    const struct anchor_origin *origin;
    const struct es256_provider *provider;
    int (*judge)(const struct stir_certificate *certificate, int depth,
                 struct stir_error *error);
    int n; /* blocks so far */
    struct stir_error *error;
};

void anchors_free(struct anchors *anchors)
{
    for (size_t i = 0; i < anchors->n; i++)
        certificate_free(anchors->certificates[i]);
    free(anchors->certificates);
    free(anchors->origins);
    free(anchors->places);
    *anchors = (struct anchors){0};
}

static struct anchor_origin *find(const struct anchors *anchors,
                                  const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < anchors->n; i++)
        if (certificate_equal(anchors->certificates[i], certificate))
            return &anchors->origins[i];
    return NULL;
}

static int make_room(struct anchors *anchors, size_t more)
{
    size_t n = anchors->n + more;
    struct stir_certificate **certificates =
        realloc(anchors->certificates, n * sizeof *certificates);

    if (certificates == NULL)
        return STIR_E_NOMEM;
    anchors->certificates = certificates;
    struct anchor_origin *origins = realloc(anchors->origins, n * sizeof *origins);
    if (origins == NULL)
        return STIR_E_NOMEM;
    anchors->origins = origins;
    struct anchor_place *places = realloc(anchors->places, n * sizeof *places);
    if (places == NULL)
        return STIR_E_NOMEM;
    anchors->places = places;
    return 0;
}

/* To one that has no places yet; takes certificate on success. */
static int append(struct anchors *anchors, struct stir_certificate *certificate,
                  const struct anchor_origin *origin)
{
    if (make_room(anchors, 1) < 0)
        return STIR_E_NOMEM;
    anchors->origins[anchors->n] = *origin;
    anchors->certificates[anchors->n++] = certificate;
    return 0;
}

/* What can be told now: time is judged at validation. A-34. */
static int judge(const struct stir_certificate *certificate, int depth,
                 struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate_fault(certificate, depth, error) != 0)
        return STIR_E_REFUSED;
    certificate_name(name, certificate, depth);
    if (!certificate->ca)
        error_set_at(
            error, STIR_CODE_ISSUER_NOT_CA, depth,
            "%s is no CA, wanted of a trust anchor: basicConstraints with cA TRUE (RFC "
            "5280 section 4.2.1.9)",
            name);
    else if (!certificate_may(certificate, KEY_USAGE_KEY_CERT_SIGN))
        error_set_at(error, STIR_CODE_KEY_USAGE, depth,
                     "%s: its key usage is %s, wanted of a trust anchor: keyCertSign (RFC 5280 "
                     "section 4.2.1.3)",
                     name, certificate->key_usage_text);
    else
        return 0;
    return STIR_E_REFUSED;
}

/* Whether its key ever signs a list is for each list to show. */
static int judge_crl_signer(const struct stir_certificate *certificate, int depth,
                            struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate_fault(certificate, depth, error) != 0)
        return STIR_E_REFUSED;
    if (certificate_may(certificate, KEY_USAGE_CRL_SIGN))
        return 0;
    error_set_at(error, STIR_CODE_KEY_USAGE, depth,
                 "%s: its key usage is %s, wanted of a CRL anchor: cRLSign (RFC 5280 section "
                 "4.2.1.3)",
                 certificate_name(name, certificate, depth), certificate->key_usage_text);
    return STIR_E_REFUSED;
}

/* ES256, as tokens. */
static int judge_list_signer(const struct stir_certificate *certificate, int depth,
                             struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate_fault(certificate, depth, error) != 0)
        return STIR_E_REFUSED;
    if (public_key_es256(certificate->key) != NULL)
        return 0;
    error_set_at(error, STIR_CODE_SIGNER_KEY, depth,
                 "%s: its key is %s, wanted of who signs a trusted list: P-256 (ATIS-1000084)",
                 certificate_name(name, certificate, depth), public_key_name(certificate->key));
    return STIR_E_REFUSED;
}

static int add(void *arg, uint8_t *der, size_t len)
{
    struct adding *adding = arg;
    struct stir_certificate *certificate = NULL;
    int rc = certificate_take(der, len, adding->provider, &certificate);

    if (rc == 0)
        rc = adding->judge(certificate, adding->n++, adding->error);
    if (rc == 0 && find(&adding->anchors, certificate) == NULL) {
        certificate->anchor = true;
        rc = append(&adding->anchors, certificate, adding->origin);
        if (rc == 0)
            certificate = NULL;
    }
    certificate_free(certificate);
    return rc;
}

static int compare(const void *a, const void *b)
{
    const struct anchor_place *first = a, *second = b;
    int order = memcmp(first->name_sha256, second->name_sha256, sizeof first->name_sha256);

    if (order == 0)
        order = memcmp(first->certificate->spki_sha256, second->certificate->spki_sha256,
                       sizeof first->certificate->spki_sha256);
    return order != 0 ? order : (first->i > second->i) - (first->i < second->i);
}

/* All of from's go over to anchors, or none; what was there already keeps its certificate. */
static int move_all(struct anchors *anchors, struct anchors *from)
{
    if (from->n == 0)
        return 0;
    if (make_room(anchors, from->n) < 0)
        return STIR_E_NOMEM;
    struct anchor_place *places = &anchors->places[anchors->n];
    for (size_t i = 0; i < from->n; i++)
        if (name_canonical_digest(from->certificates[i]->subject, places[i].name_sha256) < 0)
            return STIR_E_INTERNAL;
    for (size_t i = 0; i < from->n; i++) {
        struct anchor_origin *there = find(anchors, from->certificates[i]);
        if (there == NULL) {
            struct anchor_place *place = &anchors->places[anchors->n];
            memmove(place->name_sha256, places[i].name_sha256, sizeof place->name_sha256);
            place->certificate = from->certificates[i];
            place->i = anchors->n;
            anchors->origins[anchors->n] = from->origins[i];
            anchors->certificates[anchors->n++] = from->certificates[i];
            continue;
        }
        if (from->origins[i].until > there->until)
            *there = from->origins[i];
        certificate_free(from->certificates[i]);
    }
    from->n = 0;
    qsort(anchors->places, anchors->n, sizeof *anchors->places, compare);
    return 0;
}

static int add_pem(struct anchors *anchors, struct adding *adding, const void *pem, size_t len)
{
    struct stir_error failure;

    error_clear(&failure);
    int rc = pem_list_each(pem, len, true, add, adding, &failure);
    if (rc > 0) /* an x5u-body is a matter of calls, not of this */
        rc = error_set(adding->error, STIR_E_SYNTAX, "trust anchors: %s", failure.text);
    if (rc == 0)
        rc = move_all(anchors, &adding->anchors);
    anchors_free(&adding->anchors);
    if (rc == STIR_E_NOMEM)
        return error_no_memory(adding->error);
    if (rc < 0 && rc != STIR_E_REFUSED) /* what was said before stands */
        error_set(adding->error, rc, "trust anchors: a certificate could not be read");
    return rc;
}

static const struct anchor_origin for_ever = {INT64_MAX, ""};

int anchors_add_pem(struct anchors *anchors, const void *pem, size_t len,
                    const struct es256_provider *provider, struct stir_error *error)
{
    return anchors_add_from(anchors, &for_ever, pem, len, provider, error);
}

int anchors_add_from(struct anchors *anchors, const struct anchor_origin *origin,
                     const void *pem, size_t len, const struct es256_provider *provider,
                     struct stir_error *error)
{
    struct adding adding = {
        .origin = origin, .provider = provider, .judge = judge, .error = error};

    return add_pem(anchors, &adding, pem, len);
}

int anchors_add_crl_signers(struct anchors *anchors, const void *pem, size_t len,
                            const struct es256_provider *provider, struct stir_error *error)
{
    struct adding adding = {
        .origin = &for_ever, .provider = provider, .judge = judge_crl_signer, .error = error};

    return add_pem(anchors, &adding, pem, len);
}

int anchors_add_list_signers(struct anchors *anchors, const void *pem, size_t len,
                             const struct es256_provider *provider, struct stir_error *error)
{
    struct adding adding = {
        .origin = &for_ever, .provider = provider, .judge = judge_list_signer, .error = error};

    return add_pem(anchors, &adding, pem, len);
}

int anchors_add_all(struct anchors *anchors, const struct anchors *from)
{
    struct anchors copy;
    int rc = anchors_copy(&copy, from);

    if (rc == 0)
        rc = move_all(anchors, &copy);
    anchors_free(&copy);
    return rc;
}

int anchors_copy(struct anchors *to, const struct anchors *from)
{
    *to = (struct anchors){0};
    if (from->n == 0)
        return 0;
    if (make_room(to, from->n) < 0) {
        anchors_free(to);
        return STIR_E_NOMEM;
    }
    memcpy(to->origins, from->origins, from->n * sizeof *to->origins);
    memcpy(to->places, from->places, from->n * sizeof *to->places);
    for (; to->n < from->n; to->n++)
        to->certificates[to->n] = certificate_ref(from->certificates[to->n]);
    return 0;
}

/* How many places have a lesser name, or one that is no greater. */
static size_t count_below(const struct anchors *anchors, const uint8_t name_sha256[32],
                          bool with_equal)
{
    size_t least = 0, most = anchors->n;

    while (least < most) {
        size_t middle = least + (most - least) / 2;
        int order = memcmp(anchors->places[middle].name_sha256, name_sha256,
                           sizeof anchors->places->name_sha256);
        if (order < 0 || (order == 0 && with_equal))
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

const struct anchor_place *anchors_named(const struct anchors *anchors,
                                         const uint8_t name_sha256[32], size_t *n)
{
    size_t first = count_below(anchors, name_sha256, false);

    *n = count_below(anchors, name_sha256, true) - first;
    return *n > 0 ? &anchors->places[first] : NULL;
}

/* With the same octets, or with others that are the same name (RFC 5280 section 7.1). */
static bool is_named(const struct stir_certificate *certificate, struct der subject,
                     bool octets)
{
    return der_equal(certificate->subject, subject)
               ? octets
               : !octets && name_canonical_equal(certificate->subject, subject);
}

const struct stir_certificate *anchors_by_subject(const struct anchors *anchors,
                                                  struct der subject, int64_t now, size_t i)
{
    /* Those of the same octets come first: mostly there is one, and no other is looked at. */
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < anchors->n; k++)
            if (anchors->origins[k].until >= now
                && is_named(anchors->certificates[k], subject, pass == 0) && i-- == 0)
                return anchors->certificates[k];
    return NULL;
}

const struct stir_certificate *anchors_same(const struct anchors *anchors,
                                            const struct stir_certificate *certificate,
                                            int64_t now)
{
    for (size_t i = 0; i < anchors->n; i++)
        if (anchors->origins[i].until >= now
            && der_equal(anchors->certificates[i]->spki, certificate->spki)
            && name_canonical_equal(anchors->certificates[i]->subject, certificate->subject))
            return anchors->certificates[i];
    return NULL;
}
