/*
 * The trusted CA list of a policy administrator (STI-PA; ATIS-1000084, requirements.md 11.4): a JWS
 * of ES256 over version, sequence, exp and the certificates to trust, in PEM.
 *
 * Who signs it is pinned: x5u, x5c and whatever else the header may say of a key are not asked. One
 * bad member refuses the whole.
 */
#ifndef STIR_RULES_TRUSTED_LIST_H
#define STIR_RULES_TRUSTED_LIST_H

#include "cert/anchors.h"
#include "crypto/digest.h"

/* All zero is none. */
struct trusted_list {
    uint8_t signer[DIGEST_SHA256_SIZE]; /* the key's, by its SubjectPublicKeyInfo */
    int64_t sequence, exp;
    struct anchors anchors; /* until exp */
    char source[SHOWN_SIZE];
};

/*
 * Reads a list and judges it by the pinned certificates. source: where it is from, for listings. 0;
 * STIR_CODE_TOKEN_SYNTAX, STIR_CODE_JSON_SYNTAX, STIR_CODE_CRIT_UNSUPPORTED,
 * STIR_CODE_TYP_NOT_PASSPORT (it is no JWT), STIR_CODE_ALG_UNSUPPORTED, STIR_CODE_CLAIM_SYNTAX,
 * STIR_CODE_BAD_SIGNATURE; the code of the first bad member, with its index as depth; negative.
 * trusted_list_free() is due where it is 0.
 */
int trusted_list_read(const char *text, size_t len, const struct anchors *signers,
                      const char *source, const struct es256_provider *provider,
                      struct trusted_list *list, struct stir_error *error);
void trusted_list_free(struct trusted_list *list);
/*
 * May next take the place of before, which has the same signer? 0, or STIR_E_REFUSED with
 * STIR_CODE_REPLAYED: its sequence is lower; or it is the same, and the list another one. What was
 * only signed anew, for as long or longer, may.
 */
int trusted_list_check_succession(const struct trusted_list *next,
                                  const struct trusted_list *before, struct stir_error *error);

#endif
