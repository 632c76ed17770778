/*
 * The revocation lists of a configuration, and the certificates that sign those of other
 * authorities. Immutable once filled.
 */
#ifndef STIR_CERT_CRL_SET_H
#define STIR_CERT_CRL_SET_H

#include "cert/anchors.h"
#include "cert/crl.h"

/* All zero is none. */
struct crl_set {
    struct crl **lists;
    size_t n;
    struct anchors signers; /* crl_anchors */
};

void crl_set_free(struct crl_set *set);
/* A copy that shares lists and certificates. 0 or STIR_E_NOMEM; to is then for crl_set_free(). */
int crl_set_copy(struct crl_set *to, const struct crl_set *from);
/* Adds every list in data, PEM (text between blocks is skipped) or one in DER. Of a series the
   newest stays; one with a fault stays beside it. STIR_E_SYNTAX, STIR_E_LIMIT, STIR_E_NOMEM:
   then nothing was added. */
int crl_set_add(struct crl_set *set, const void *data, size_t len, const char *source,
                struct stir_error *error);
/* The same in steps, so that a list of a million entries does not hold up a loop: data and
   source stay until the end; PEM of more than pem_most octets is refused, since it is decoded
   in one go. NULL: out of memory. */
struct crl_set_reader;
struct crl_set_reader *crl_set_reader_new(const void *data, size_t len, const char *source,
                                          size_t pem_most);
/* 1: there is more to do than that budget (base/budget.h); 0: all is read; negative as above. */
int crl_set_reader_step(struct crl_set_reader *reader, size_t budget, struct stir_error *error);
/* What was read, into set. */
int crl_set_reader_take(struct crl_set_reader *reader, struct crl_set *set,
                        struct stir_error *error);
void crl_set_reader_free(struct crl_set_reader *reader); /* NULL is fine */
/* The lists of another set, by reference, as crl_set_add() has it. 0 or STIR_E_NOMEM; then some may
   be in. */
int crl_set_add_all(struct crl_set *set, const struct crl_set *from);
/* Takes out what is from that source. 0 or STIR_E_NOMEM. */
int crl_set_drop(struct crl_set *set, const char *source);
/* The configured signer of an indirect list that is valid at now; NULL: none. Negative in *rc:
   could not tell. */
const struct stir_certificate *crl_set_signer(const struct crl_set *set, const struct crl *crl,
                                              int64_t now, int *rc);
/* Finds out which of the lists the configured signers signed, so that no call has to. 0 or
   negative. */
int crl_set_prepare(const struct crl_set *set);
/*
 * May set, which is prepared, take the place of old? STIR_E_REFUSED with
 * STIR_CODE_STATUS_UNKNOWN where of a series whose signature was found good the new list is an
 * older one, or cannot be used, or is signed by nobody (RFC 5280 section 5.2.3: numbers never go
 * back). A series that is no longer there is the operator's to drop.
 */
int crl_set_check_succession(const struct crl_set *set, const struct crl_set *old,
                             struct stir_error *error);

#endif
