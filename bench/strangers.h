/* What strangers put at a URL so that it takes long to judge, through a fetcher. */
#ifndef STIR_BENCH_STRANGERS_H
#define STIR_BENCH_STRANGERS_H

#include "tests/site.h"

/* Each prints a line. 1: a dispatch took longer than the goal. */

/* A list of just under 1 MiB whose signer has 48,000 numbers, twice; the same in chunks of one
   octet; the same below an SPC of which the SPC data knows the numbers. */
int strangers_certificate(struct server *server);
int strangers_crumbs(struct server *server);
int strangers_certificate_spc(struct server *server);
/* A million numbers by reference below such an SPC, twice. */
int strangers_reference_spc(struct server *server);
/* Nine P-521 issuers that look alike: none of them is the signer's; each could be each other's;
   the first once more for a signer of 0.7 MB. */
int strangers_alike(struct server *server);
int strangers_alike_same(struct server *server);
int strangers_alike_long(struct server *server);
/* A hundred calls at once over as many URLs: of the long signer below an SPC; then of the long
   signer whose issuers look alike. */
int strangers_hundred(struct server *server);
/* A thousand calls at once on a list of 48,000 numbers that is not there yet. */
int strangers_thousand(struct server *server);

#endif
