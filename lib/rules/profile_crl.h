/* Profiles of revocation lists: what a list should be beyond what lets a status rest on it. */
#ifndef STIR_RULES_PROFILE_CRL_H
#define STIR_RULES_PROFILE_CRL_H

#include "cert/crl.h"
#include "rules/profile.h"

/* As profile_check() has it. An error is what makes the list unusable, too. */
int profile_check_crl(const struct crl *crl, enum profile profile, profile_each *each,
                      void *arg);

/* A row: for profile_crl.c, the manual and the tests. */
struct profile_crl_rule {
    const char *name, *clause;
    enum severity severity[PROFILE_COUNT];
    enum crl_flaw flaw;                   /* it is broken by, or */
    bool (*holds)(const struct crl *crl); /* NULL: by the flaw */
    const char *wanted, *found;           /* found NULL: the entries that have the flaw */
};
/* The i-th; NULL: no more. */
const struct profile_crl_rule *profile_crl_rule(size_t i);

#endif
