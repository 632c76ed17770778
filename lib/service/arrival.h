/* A credential whose list came through a want, or in the token itself: the stages retrieval and
   path, in steps, which also wait for lists by reference in between. */
#ifndef STIR_SERVICE_ARRIVAL_H
#define STIR_SERVICE_ARRIVAL_H

#include "service/credential.h"
#include "service/lists.h"
#include "service/want.h"

enum arrival_stage {
    ARRIVAL_NEW,
    ARRIVAL_PATH,       /* what needs the certificates alone */
    ARRIVAL_LISTS,      /* their lists by reference, which may be wanted */
    ARRIVAL_DELEGATION, /* each list in its parent's, and the profile */
    ARRIVAL_JUDGED
};

/* All zero but for the credential's claimant and inlined, before. */
struct arrival {
    struct credential credential;
    struct lists lists;
    struct body *inlined; /* the list, where the token brought it; NULL: it comes by a want */
    enum arrival_stage stage;
    bool reading; /* the budget was gone, and nothing is waited for */
};

enum { ARRIVAL_WAITS = 2 };

/*
 * Judges what the want, which has ended (NULL: of what is inlined), came to, and the path of
 * the list, which may be known; the cache learns what its body was good for. Then what lists
 * says of the lists by reference, and how the path's lists encompass each other. All of it
 * spends the budget of lists. ARRIVAL_WAITS: for a want, or for another step, if it is reading;
 * then again. 0: go on; 1: definitely invalid, stop; negative: it could not be judged. Findings
 * are in the result, whose path is filled.
 */
int arrival_step(struct arrival *arrival, struct want *want, const struct want_source *lists,
                 int64_t now, struct stir_result *result, struct stir_error *error);
/* The same of a list for nobody's token, with status: a result of its own (a precheck). 0: done;
   ARRIVAL_WAITS; negative. */
int arrival_step_alone(struct arrival *arrival, struct want *want,
                       const struct want_source *lists, int64_t now, struct stir_result *result,
                       struct stir_error *error);
/* Is it worth a step: is it reading, or did something come that no step has looked at? */
bool arrival_gets_on(const struct arrival *arrival, struct want *want);
void arrival_free(struct arrival *arrival);

#endif
