/* A call and what it is judged with, as scene.h has it, for programs that are no Criterion
   suites. */
#ifndef STIR_TESTS_SITUATION_H
#define STIR_TESTS_SITUATION_H

#include "tests/mint.h"
#include "stir.h"

#define SITUATION_X5U "https://certificates.example.com/acme.pem"

enum { SITUATION_CHAIN = 12 };

struct situation {
    const char *desc;
    const struct mint *chain[SITUATION_CHAIN]; /* signer first, the anchor last */
    const char *ppt, *orig;                    /* NULL: base; 12155551234 */
    const char *x5u;                           /* NULL: SITUATION_X5U */
    const char *claims;                        /* further ones: ",\"z\":1" */
    const char *csv;
    const char *path_order; /* policy */
    bool corrupt;           /* the token's signature */
    bool nothing;           /* nothing is at x5u */
    bool compact;
    bool x5c;            /* the token brings its certificates, which policy prefers */
    unsigned identities; /* so many times the same; 0: once */
    int code;            /* enum stir_code */
};

/* The same as octets, made once, since what is minted lives as long as the process. */
struct stage {
    const struct situation *situation;
    const char *anchor, *body, *identity, *from;
    size_t octets; /* that strangers sent: body and headers */
};

void stage_set(struct stage *stage, const struct situation *situation);
/* Each NULL, or negative with an error, where memory lacks. */
struct stir_config *stage_config(const struct stage *stage, struct stir_error *error);
struct stir_verifier *stage_verifier(const struct stage *stage, struct stir_error *error);
int stage_supply(const struct stage *stage, struct stir_verifier *verifier,
                 struct stir_error *error);
struct stir_call *stage_call(const struct stage *stage);

#endif
