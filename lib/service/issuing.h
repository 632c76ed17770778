/*
 * One certificate on its way to be issued: its draft, and what is found wrong with it.
 *
 * What is judged is the certificate itself: it is written with a signature that is none, read
 * back as any verifier would read it, and put before its issuer's chain.
 */
#ifndef STIR_SERVICE_ISSUING_H
#define STIR_SERVICE_ISSUING_H

#include <sys/types.h>

#include "cert/certificate_write.h"
#include "cert/path.h"
#include "cert/chain.h"
#include "service/request.h"
#include "service/result.h"
#include "service/verifier.h"

struct stir_issuer {
    pid_t process; /* that made it */
    struct stir_verifier *verifier;
    struct stir_chain *chain; /* NULL: it makes roots */
    struct stir_key *key;
    bool key_fits; /* the chain's first certificate */
};

struct issuing {
    const struct stir_issuer *issuer;
    const struct stir_request *request;
    int64_t now;
    struct snapshot *snapshot;
    struct certificate_draft draft; /* borrows from all the others */
    uint8_t serial[LIMIT_SERIAL + 1];
    uint8_t akid[KEY_ID_SIZE];
    struct path path; /* of the draft as read back */
    struct stir_result *result;
    bool writable;
};

/* From issuer, request and now. 0, with the finding and the warnings in the result, or negative.
   writable: the draft can be signed, whatever was found. */
int issuing_judge(struct issuing *issuing, struct stir_error *error);
void issuing_free(struct issuing *issuing);

#endif
