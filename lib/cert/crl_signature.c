/* Who signed a revocation list: asked once for each key, since a check takes as long as a call. */
#include <stdlib.h>
#include <string.h>

#include "cert/crl.h"
#include "cert/name_canonical.h"
#include "crypto/digest.h"

struct crl_verdict {
    uint8_t spki_sha256[DIGEST_SHA256_SIZE];
    int good;
};

enum { N_VERDICTS = sizeof((struct crl *)NULL)->verdicts / sizeof(void *) };

/* -1: it was not checked yet. */
static int remembered(const struct crl *crl, const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < N_VERDICTS; i++) {
        const struct crl_verdict *verdict = atomic_load(&crl->verdicts[i]);
        if (verdict == NULL)
            break;
        if (memcmp(verdict->spki_sha256, certificate->spki_sha256, sizeof verdict->spki_sha256)
            == 0)
            return verdict->good;
    }
    return -1;
}

/* In the first free place; where there is none, or no memory, it is checked again next time. */
static void remember(const struct crl *crl, const struct stir_certificate *certificate,
                     int good)
{
    struct crl *same =
        (struct crl *)(uintptr_t)crl; /* what it has found out is no part of it */
    struct crl_verdict *verdict = malloc(sizeof *verdict);

    if (verdict == NULL)
        return;
    memcpy(verdict->spki_sha256, certificate->spki_sha256, sizeof verdict->spki_sha256);
    verdict->good = good;
    for (size_t i = 0; i < N_VERDICTS; i++) {
        struct crl_verdict *none = NULL;
        if (atomic_compare_exchange_strong(&same->verdicts[i], &none, verdict))
            return;
    }
    free(verdict);
}

/* Its name, its key by the list's own word, and that it may sign lists (R5280-4.2.1.3). */
static bool may_be_signer(const struct crl *crl, const struct stir_certificate *certificate)
{
    if (certificate->key == NULL || !certificate_may(certificate, KEY_USAGE_CRL_SIGN))
        return false;
    if (crl->akid.data != NULL && certificate->skid.data != NULL
        && !der_equal(crl->akid, certificate->skid))
        return false;
    return name_canonical_equal(crl->issuer, certificate->subject);
}

int crl_is_signed_by(const struct crl *crl, const struct stir_certificate *certificate)
{
    if (!may_be_signer(crl, certificate))
        return 0;
    int good = remembered(crl, certificate);
    if (good >= 0)
        return good;
    good = signature_is_pss(crl->signature_kind)
               ? public_key_verify_pss(certificate->key, crl->signature_kind, crl->salt,
                                       crl->digest, crl->signature.data, crl->signature.len)
               : public_key_verify_digest(certificate->key, crl->signature_kind, crl->digest,
                                          crl->signature.data, crl->signature.len);
    if (good >= 0)
        remember(crl, certificate, good);
    return good;
}
