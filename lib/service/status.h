/* The stage status of a verdict, between path and signature: what the operator decided about the
   signer, and revocation. Asked of every call, whether its path is kept or new. */
#ifndef STIR_SERVICE_STATUS_H
#define STIR_SERVICE_STATUS_H

#include "service/credential.h"

/* 0: go on; 1: definitely invalid, stop; negative. Of a path that reached no anchor nothing is
   asked. Findings are in the result, in the order signer-denied, signer-held, revoked,
   status-unknown. */
int credential_judge_status(const struct credential *credential, struct stir_result *result,
                            struct stir_error *error);

#endif
