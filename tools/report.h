/* A result for people: the verdict, the sentence that says why, and the path as a tree. */
#ifndef STIR_TOOLS_REPORT_H
#define STIR_TOOLS_REPORT_H

#include <stir.h>

/* Verdict and code; then the sentence, verstat and what SIP would answer. */
void report_verdict(const struct stir_result *result);
/* Is the number one of the signer's SPCs'? Nothing where that was no question. */
void report_in_spc(const struct stir_result *result);
void report_warnings(const struct stir_result *result);
/* Anchor first, each below its issuer, with its scope; the one at fault is marked. */
void report_path(const struct stir_result *result);
/* The EXIT_ of a verdict. */
int verdict_exit(enum stir_verdict verdict);

#endif
