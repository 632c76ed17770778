/* A verifier that may fetch from the tests' own server, and calls whose certificates are there;
   for suites and for programs that are none. What cannot be had aborts. */
#ifndef STIR_TESTS_SITE_H
#define STIR_TESTS_SITE_H

#include "tests/help_server.h"
#include "tests/mint.h"
#include "stir.h"

struct site {
    struct server *server;
    struct stir_config *config;
    struct stir_verifier *verifier;
};

/* Every path of the server has the list of a good path. policies: key, value, ..., NULL. */
void site_open(struct site *site, struct server *server, const char *const *policies);
/* A verifier more, of the same configuration. */
struct stir_verifier *site_verifier(const struct site *site);
void site_close(struct site *site); /* but for the server */
/* Made anew each time. The list of a good path, and that of one whose signer may sign for other
   numbers only. */
const char *site_list(void);
const char *site_other_list(void);
/* A call, valid at MINT_NOW, whose token names the URL. */
struct stir_call *site_call(const char *url);
struct stir_op *site_op(struct stir_verifier *verifier, const char *url);

#endif
