/* Which of several Identity headers decides about the call (RFC 8224 section 6.2.1 and 6.2.2,
 */
#ifndef STIR_SERVICE_DECISION_H
#define STIR_SERVICE_DECISION_H

#include "service/result.h"

/* Sets decided_by, or the finding of a call without Identity, and withholds a status that only
   some of the headers would have. */
void decision_make(struct stir_result *call);

#endif
