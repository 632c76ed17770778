/*
 * The judgement of one Identity header value: stage after stage, as RFC 8224 section 6.2 and
 * design.md have them. Everything up to the retrieval of the certificates needs no I/O and is
 * done at once; the rest when they are there.
 */
#ifndef STIR_SERVICE_JUDGEMENT_H
#define STIR_SERVICE_JUDGEMENT_H

#include "service/arrival.h"
#include "service/result.h"
#include "service/snapshot.h"
#include "service/want.h"
#include "sip/call.h"
#include "sip/identity_header.h"
#include "sip/uri.h"
#include "token/jws.h"
#include "token/passport.h"

/* What of the call tokens are compared with. */
struct caller_facts {
    struct identity identity;  /* text NULL: there is none */
    const char *header;        /* the name of the header it is from; NULL: not compared */
    struct stir_error problem; /* why there is none although the header is there */
};

struct facts {
    struct caller_facts caller, called;
    struct identity to; /* for compact tokens (RFC 8224 section 4.1.1); text NULL: none */
};

void facts_free(struct facts *facts);
/* STIR_E_ARGUMENT: the call lacks a header that policy compares; STIR_E_NOMEM. */
int facts_of(struct facts *facts, const struct stir_call *call, const struct policy *policy,
             struct stir_error *error);

struct judgement {
    struct stir_result *result; /* the operation's */
    struct identity_header header;
    struct jws jws;
    struct passport passport;
    struct want *want;        /* the operation's; NULL: not needed, or the list is inlined */
    struct replay_key replay; /* where policy replay is on */
    struct arrival arrival;   /* inlined is set where the token brought its certificates */
    bool done;
};

void judgement_free(struct judgement *judgement);
/* Stages header, token, freshness, comparison, and what of retrieval is in the token. 0: the
   certificates at passport.x5u are wanted, unless done or arrival.inlined; negative. */
int judgement_begin(struct judgement *judgement, const char *value,
                    const struct stir_call *call, const struct facts *facts,
                    const struct snapshot *snapshot, struct memory *memory, int64_t now,
                    struct stir_error *error);
/* Stages retrieval (what the want came to), path, signature, scope, constraints: all, or up to
   where lists by reference are wanted of their source, or its budget is gone (arrival.reading), and
   then done is not set. */
int judgement_step(struct judgement *judgement, const struct want_source *lists, int64_t now,
                   struct stir_error *error);

#endif
