/* A rule of a profile as data; for profile.c, profile_rfc.c and profile_atis.c alone. */
#ifndef STIR_RULES_PROFILE_RULES_H
#define STIR_RULES_PROFILE_RULES_H

#include "rules/profile.h"
#include "rules/profile_facts.h"

/* The issues of a text from which on a rule is one; a certificate made before may break it. */
enum profile_issue {
    ISSUE_NONE,
    ISSUE_ATIS80_V003, /* 2020-09-04 */
    ISSUE_ATIS80_V004, /* 2021-10-18 */
    ISSUE_ATIS80_V005, /* 2022-12-12 */
    ISSUE_CP_1_3,      /* 2021-08-18 */
    ISSUE_CP_1_4       /* 2023-06-06 */
};

struct profile_rule {
    const char *name, *clause;
    unsigned positions; /* POSITION_* */
    enum severity severity[PROFILE_COUNT];
    enum profile_issue since, until; /* until: no rule any more from that one on */
    bool (*holds)(const struct profile_facts *facts);
    const char *wanted;
    void (*tell)(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
};

extern const struct profile_rule profile_rfc_rules[], profile_atis_rules[];
extern const size_t profile_rfc_count, profile_atis_count;

/* ---- How what was found is told ---- */

/* Writes found; a stranger's octets are given in their shown form. */
void profile_tell(char found[PROFILE_FOUND_SIZE], const char *format, ...) STIR_PRINTF(2, 3);

void tell_absent(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_present(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_critical(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_not_critical(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_key(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_key_usage(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_skid(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_serial(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_spc(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);
void tell_list(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE]);

/* ---- Predicates of both ---- */

bool holds_basic_constraints_critical(const struct profile_facts *facts);
bool holds_key_usage_present(const struct profile_facts *facts);
bool holds_key_usage_critical(const struct profile_facts *facts);
bool holds_skid_present(const struct profile_facts *facts);
bool holds_skid_sha1(const struct profile_facts *facts);
bool holds_akid_present(const struct profile_facts *facts);
bool holds_policies_not_critical(const struct profile_facts *facts);
bool holds_serial_bits(const struct profile_facts *facts);
bool holds_spc_form(const struct profile_facts *facts);
bool holds_signer_key(const struct profile_facts *facts);
bool holds_stir_not_critical(const struct profile_facts *facts);

/* A rule's severities, by enum profile: both of ATIS's; ATIS-1000080 alone; ATIS-1000092 alone. */
#define BOTH(severity)                                                                         \
    {                                                                                          \
        SEVERITY_NONE, SEVERITY_##severity, SEVERITY_##severity                                \
    }
#define A80(severity)                                                                          \
    {                                                                                          \
        SEVERITY_NONE, SEVERITY_##severity, SEVERITY_NONE                                      \
    }
#define A92(severity)                                                                          \
    {                                                                                          \
        SEVERITY_NONE, SEVERITY_NONE, SEVERITY_##severity                                      \
    }

#endif
