/*
 * struct stir_request: what a certificate is to say. It holds what it was given; what its
 * issuer may not grant is for stir_issuer_precheck().
 */
#ifndef STIR_SERVICE_REQUEST_H
#define STIR_SERVICE_REQUEST_H

#include "base/der.h"
#include "base/error.h"
#include "base/limits.h"
#include "cert/claim_constraints.h"
#include "number/scope.h"
#include "stir.h"

struct stir_request {
    void *spki; /* SubjectPublicKeyInfo */
    size_t spki_len;
    void *subject; /* Name; NULL: none was given */
    size_t subject_len;

    bool ca_given, ca; /* as set: the issuer's word */
    bool ca_asked;     /* in the CSR: the subject's wish (R9060-8.1-1) */
    int path_length;   /* -1: none */
    struct stir_scope *scope;
    struct claim_constraints constraints;
    char *tnauthlist_url; /* NULL: none */
    char *crl_url;        /* NULL: none */
    void *crl_issuer;     /* Name; NULL: none */
    size_t crl_issuer_len;
    struct der_writer policies; /* PolicyInformations, one behind the other */

    bool has_not_before, has_not_after;
    int64_t not_before, not_after;
    int days; /* 0: not given */
    uint8_t serial[LIMIT_SERIAL];
    size_t serial_len; /* 0: one is made */

    struct stir_error
        unwanted; /* of what a CSR asked for, and is not issued; code 0: nothing */
};

/* For the key of a SubjectPublicKeyInfo. NULL: out of memory. */
struct stir_request *request_new(const void *spki, size_t len);

#endif
