/* Calls whose certificates are at the test server, for suites and for programs that are none. */
#ifndef STIR_TESTS_RETRIEVE_H
#define STIR_TESTS_RETRIEVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/help_server.h"
#include "tests/situation.h"

/* The chain below mint_sti_ca's root: a delegate of a provider's; what differs is where it is. */
extern const struct situation retrieve_situation;

/* A call whose x5u is this URL (freed), signed by the delegate of the situation. */
struct stage *retrieve_stage(char *url);
/* The list that belongs there. */
const char *retrieve_body(void);
const char *retrieve_leaf(void);

/* Anchors, and what lets calls fetch from the server: its ports, its CA, loopback. Keys and values
   that follow come on top, NULL ends them. Abort where they are not taken. */
struct stir_config *retrieve_config(struct server *server, ...);
/* The same with another root as the only anchor. */
struct stir_config *retrieve_other_anchor(struct server *server);
/* Of a configuration (freed): names are asked of the server's stub. */
struct stir_verifier *retrieve_verifier(struct server *server, struct stir_config *config);
/* The same again after stir_verifier_reload(). */
void retrieve_names(struct server *server, struct stir_verifier *verifier);
/* A verifier of retrieve_config() alone; the server has the list under every URL. */
struct stir_verifier *retrieve_verifier_with_bodies(struct server *server);

/* The verifier's own clock stands still from now on, and goes only as told. */
void retrieve_stop_clock(struct stir_verifier *verifier);
void retrieve_pass(int64_t seconds);

/* By a clock that nobody sets. */
int64_t retrieve_now_ms(void);

/* Judged, and freed: the code, or negative. The sentence, in a room of 256, if asked for. */
int retrieve_code(struct stir_verifier *verifier, const struct stage *stage, int timeout_ms,
                  char *sentence);

#endif
