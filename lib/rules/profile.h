/*
 * Profiles: what a certificate should be beyond what makes a path.
 *
 * A rule is a row of a table: its name, its clause, the positions in a hierarchy it is for, since
 * when, how severe it is under each profile, whether it holds, and how what was found is told.
 * rfc has what RFC 5280, 8226, 9060 and 9118 ask and a path does not insist on; atis80 and atis92
 * add ATIS-1000080 with the US certificate policy, and ATIS-1000092 for delegates.
 */
#ifndef STIR_RULES_PROFILE_H
#define STIR_RULES_PROFILE_H

#include "cert/path.h"

enum profile { PROFILE_RFC, PROFILE_ATIS80, PROFILE_ATIS92, PROFILE_COUNT };
/* A notice is lawful, and worth knowing; a warning breaks a rule that the field breaks all day. */
enum severity { SEVERITY_NONE, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_ERROR };

/* Where a certificate stands; of one alone, where its own fields put it. */
enum {
    POSITION_ROOT = 1,        /* a CA that issued itself */
    POSITION_STI_CA = 2,      /* another without a list */
    POSITION_SCA = 4,         /* STI-SCA: the first with a list */
    POSITION_DELEGATE_CA = 8, /* one with a list below another's */
    POSITION_END_ENTITY = 16, /* a provider's */
    POSITION_DELEGATE = 32,   /* an end entity below a list */
    POSITION_ANY = 63,
    POSITION_LIST = 64 /* no certificate: a TNAuthList by itself */
};

enum { PROFILE_FOUND_SIZE = 120 };

/* A rule that is broken. rule, clause and wanted are static. */
struct profile_finding {
    enum severity severity;
    const char *rule, *clause, *wanted;
    char found[PROFILE_FOUND_SIZE];
};

/* "rfc", "atis80", "atis92"; -1: none of these. */
int profile_of_name(const char *name);
const char *severity_name(enum severity severity);

/* Of certificates in the order of a path, the one at depth. */
unsigned profile_position(struct stir_certificate *const *certificates, size_t n, size_t depth);

/* Calls each for every rule that the certificate breaks, in the table's order, until it returns
   other than 0, which is then returned. Of one whose octets cannot be read (cert-syntax) nothing
   is told. */
typedef int profile_each(void *arg, const struct profile_finding *finding);
int profile_check(const struct stir_certificate *certificate, unsigned position,
                  enum profile profile, profile_each *each, void *arg);
/* The same of a TNAuthList by itself: the rules on its entries. */
int profile_check_scope(const struct stir_scope *scope, enum profile profile,
                        profile_each *each, void *arg);

/*
 * The last of the path's rules: STIR_CODE_PROFILE for the first broken one of severity error, from
 * the signer up; the others of severity warning are warnings. 0 under rfc, whose findings are for
 * lint alone. shaken: the token is of that type, which no delegate may sign (A92).
 */
int profile_check_path(const struct path *path, enum profile profile, bool shaken,
                       struct warnings *warnings, struct stir_error *error);

/* The i-th rule: for the manual and the tests. False: no more. */
struct profile_rule;
const struct profile_rule *profile_rule(size_t i);
const char *profile_rule_name(const struct profile_rule *rule);
enum severity profile_rule_severity(const struct profile_rule *rule, enum profile profile);

#endif
