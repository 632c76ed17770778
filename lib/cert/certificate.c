/* One certificate: who holds it, and what is asked of one. */
#include "cert/certificate.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert/certificate_steps.h"
#include "cert/name_canonical.h"

/* All that is told of the octets is the other's, which it holds; what is counted or made later
   is its own. */
int certificate_with_list(const struct stir_certificate *certificate,
                          struct stir_scope *fetched, const uint8_t fetched_sha256[32],
                          struct stir_certificate **with)
{
    const size_t octets = offsetof(struct stir_certificate, der);
    struct stir_certificate *made = calloc(1, sizeof *made);

    *with = made;
    if (made == NULL)
        return STIR_E_NOMEM;
    memcpy((char *)made + octets, (const char *)certificate + octets, sizeof *made - octets);
    made->fault = certificate->fault;
    made->warnings = certificate->warnings;
    made->anchor = certificate->anchor;
    atomic_init(&made->references_held, 1);
    atomic_init(&made->texts, NULL);
    made->of = certificate_ref(certificate);
    made->fetched = fetched;
    memcpy(made->fetched_sha256, fetched_sha256, sizeof made->fetched_sha256);
    return 0;
}

struct stir_certificate *certificate_ref(const struct stir_certificate *certificate)
{
    struct stir_certificate *same = (struct stir_certificate *)(uintptr_t)certificate;

    atomic_fetch_add(&same->references_held, 1);
    return same;
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

static void free_contents(struct stir_certificate *certificate)
{
    warnings_free(&certificate->warnings);
    free((void *)(uintptr_t)certificate->der.data);
    free(certificate->label);
    free(certificate->key_usage_text);
    free(certificate->common_name);
    public_key_free(certificate->key);
    scope_free(certificate->scope);
    free_list(certificate->references, certificate->n_references);
    free_list(certificate->dns_names, certificate->n_dns_names);
    free_list(certificate->uris, certificate->n_uris);
    claim_constraints_free(&certificate->constraints);
}

void certificate_free(struct stir_certificate *certificate)
{
    if (certificate == NULL || atomic_fetch_sub(&certificate->references_held, 1) > 1)
        return;
    certificate_texts_free(atomic_load(&certificate->texts));
    scope_free(certificate->fetched);
    if (certificate->of == NULL)
        free_contents(certificate);
    else
        certificate_free(certificate->of);
    free(certificate);
}

bool certificate_is_listed(const struct stir_certificate *certificate)
{
    return certificate->scope != NULL || certificate->n_references > 0;
}

bool certificate_equal(const struct stir_certificate *a, const struct stir_certificate *b)
{
    return der_equal(a->der, b->der);
}

bool certificate_is_self_issued(const struct stir_certificate *certificate)
{
    return certificate->subject.data != NULL
           && name_canonical_equal(certificate->subject, certificate->issuer);
}

int certificate_is_signed_by(const struct stir_certificate *certificate,
                             const struct public_key *key)
{
    enum signature_kind kind = certificate->signature_kind;
    struct der signature = certificate->signature;

    if (signature_is_pss(kind))
        return public_key_verify_pss(key, kind, certificate->salt, certificate->tbs_digest,
                                     signature.data, signature.len);
    return public_key_verify_digest(key, kind, certificate->tbs_digest, signature.data,
                                    signature.len);
}

bool certificate_may(const struct stir_certificate *certificate, unsigned key_usage)
{
    return !certificate->has_key_usage || (certificate->key_usage & key_usage) == key_usage;
}

const char *certificate_name(char room[CERTIFICATE_NAME_SIZE],
                             const struct stir_certificate *certificate, int depth)
{
    char number[16] = "";

    if (depth >= 0)
        snprintf(number, sizeof number, " %d", depth);
    if (certificate->label == NULL || certificate->label[0] == '\0')
        snprintf(room, CERTIFICATE_NAME_SIZE, "certificate%s", number);
    else
        snprintf(room, CERTIFICATE_NAME_SIZE, "certificate%s \"%s\"", number,
                 certificate->label);
    return room;
}

int certificate_fault(const struct stir_certificate *certificate, int depth,
                      struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate->fault.code == 0)
        return 0;
    return error_set_at(error, certificate->fault.code, depth, "%s: %s",
                        certificate_name(name, certificate, depth), certificate->fault.text);
}
