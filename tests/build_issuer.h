/* A CA and its requests, for the suites about issuing. */
#ifndef STIR_TESTS_BUILD_ISSUER_H
#define STIR_TESTS_BUILD_ISSUER_H

#include "stir.h"
#include "tests/mint.h"

enum { ABOVE_MOST = 4 };

/* An issuer's chain: its own certificate first. */
struct above {
    struct mint certificates[ABOVE_MOST]; /* ends at one without a subject */
};

/* A provider's CA (709J and 12155550000+10000), an STI-CA, a root. */
struct above above_usual(void);
struct stir_key *key_named(const char *name, enum mint_kind kind);
/* "subject=CN=a;spc=709J;..." */
void request_set_all(struct stir_request *request, const char *parts);
/* Of a key of its own. */
struct stir_request *request_of(const char *parts);
/* Of SPC data and a PEM of anchors, or either NULL. */
struct stir_verifier *verifier_of(const char *csv, const char *anchors);
struct stir_issuer *issuer_of(struct stir_verifier *verifier, const struct above *above,
                              const char *key_name);
bool result_has_warning(const struct stir_result *result, const char *name);
/* Prechecks and issues, which must agree; and with force what can be written is written. wanted
   is an enum stir_code; sentence a part of it, or NULL. */
void issuer_expect(const char *desc, const struct stir_issuer *issuer,
                   const struct stir_request *request, int wanted, int depth,
                   const char *sentence, bool forcible);

#define X "subject=CN=x;"

#endif
