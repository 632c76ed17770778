/* A verifier whose lists come from URLs, which the test serves by hand (policy fetch is caller),
   by a clock that the test moves; for suites and for programs that are none. What cannot be had
   aborts. */
#ifndef STIR_TESTS_FEED_STAGE_H
#define STIR_TESTS_FEED_STAGE_H

#include "service/drive.h"
#include "tests/mint.h"
#include "tests/mint_crl.h"
#include "stir.h"

#define FEED_CRL "https://pa.example.com/list.crl"
#define FEED_TRUSTED "https://pa.example.com/list.jws"
#define FEED_CALLS "https://certificates.example.com/list.pem"

/* Who signs revocation lists for all, and who signs trusted lists. */
extern const struct mint feed_crl_pa, feed_list_pa;

struct feed_stage {
    struct stir_config *config;
    struct stir_verifier *verifier;
    struct drive drive; /* closed: drive.loop NULL */
    int64_t now;        /* the verifier's clock */
};

/* A configuration by which a call of site_call(FEED_CALLS) is valid: with the root as an anchor,
   or (anchored false) without any; feed_crl_pa and feed_list_pa are set as signers. */
struct stir_config *feed_config(bool anchored);
void feed_set(struct stir_config *config, const char *key, const char *value);
/* A verifier of that configuration, which is the stage's from now on, at MINT_NOW. */
void feed_open(struct feed_stage *stage, struct stir_config *config);
void feed_close(struct feed_stage *stage);

/* The want of a list whose time has come; NULL: there is none. */
struct stir_want *feed_want(struct feed_stage *stage);
/* Until all wants are taken, which are ended, and what came is read. */
void feed_settle(struct feed_stage *stage);
/* Ends the want of that URL, which is due, by this response (tag: its ETag or NULL), and has it
   taken. */
void feed_serve(struct feed_stage *stage, const char *url, int status, const void *data,
                size_t len, const char *tag);
void feed_serve_crl(struct feed_stage *stage, const struct mint_crl *list);
void feed_serve_trusted(struct feed_stage *stage, const char *sequence, const char *exp,
                        const struct mint *const *roots, size_t n);

/* A trusted list, signed by key ("list PA": feed_list_pa's). Lives as long as the process. */
const char *feed_trusted_list(const char *sequence, const char *exp,
                              const struct mint *const *roots, size_t n, const char *key);
/* What is signed of one. The same. */
const char *feed_trusted_payload(const char *sequence, const char *exp,
                                 const struct mint *const *roots, size_t n);
/* The call judged; the result is the caller's. */
struct stir_result *feed_judge(const struct feed_stage *stage);

#endif
