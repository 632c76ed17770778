/*
 * Profiles of tokens: what ATIS-1000074 and -1000092 ask of a PASSporT beyond RFC 8225 and 8588
 * (A74-1, A92-4).
 *
 * What is asked of the token alone is judged with the other things that need no certificate, so
 * that a token which the profile refuses causes no fetch; what is asked of it because of who signed
 * it is judged with the path (profile_check_path()).
 */
#ifndef STIR_RULES_PROFILE_TOKEN_H
#define STIR_RULES_PROFILE_TOKEN_H

#include "rules/profile.h"
#include "token/passport.h"

struct profile_token {
    bool compact;
    enum passport_type type;
    const struct value *header, *payload; /* NULL: not there, and nothing is said of it */
};

/* As profile_check() has it, of the token alone. */
int profile_check_token(const struct profile_token *token, enum profile profile,
                        profile_each *each, void *arg);
/* The first broken rule of severity error is STIR_CODE_PROFILE, at no depth; the others of severity
   warning are warnings. 0 under rfc. */
int profile_judge_token(const struct profile_token *token, enum profile profile,
                        struct warnings *warnings, struct stir_error *error);
/* The same of what a signer in that position may sign. */
int profile_check_signed(const struct profile_token *token, unsigned position,
                         enum profile profile, profile_each *each, void *arg);

/* A row: for profile_token.c, the manual and the tests. */
struct profile_token_rule {
    const char *name, *clause;
    unsigned types;   /* 1 << enum passport_type, of those it is for */
    unsigned signers; /* POSITION_*; 0: it is about the token alone */
    enum severity severity[PROFILE_COUNT];
    bool (*holds)(
        const struct profile_token *token); /* NULL: no token of these types keeps it */
    const char *wanted;
    void (*tell)(const struct profile_token *token, char found[PROFILE_FOUND_SIZE]);
};
/* The i-th; NULL: no more. */
const struct profile_token_rule *profile_token_rule(size_t i);

#endif
