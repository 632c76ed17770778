/* What several commands take alike: anchors, SPC data and policy make a configuration. */
#ifndef STIR_TOOLS_TRUST_H
#define STIR_TOOLS_TRUST_H

#include "options.h"

/* Rows of a command's table of options. */
#define OPTION_ANCHORS                                                                         \
    {                                                                                          \
        "anchors", "PEM", true, "trust anchors, a file or a folder of them"                    \
    }
#define OPTION_CRL                                                                             \
    {                                                                                          \
        "crl", "F", true, "revocation lists: a file, PEM or DER, or a folder of them"          \
    }
#define OPTION_CRL_ANCHORS                                                                     \
    {                                                                                          \
        "crl-anchors", "PEM", true, "who signs indirect revocation lists, as the STI-PA"       \
    }
#define OPTION_SPC                                                                             \
    {                                                                                          \
        "spc", "SPEC", false, "the numbers of SPCs: csv:FILE (spc,first,last)"                 \
    }
#define OPTION_TRUSTED_LIST_SIGNER                                                             \
    {                                                                                          \
        "trusted-list-signer", "PEM", true, "who signs trusted CA lists, as the STI-PA"        \
    }
#define OPTION_TRUSTED_LIST                                                                    \
    {                                                                                          \
        "trusted-list", "F", true, "trusted CA lists (JWS, ATIS-1000084), or URLs"             \
    }
#define OPTION_TNAUTHLIST                                                                      \
    {                                                                                          \
        "tnauthlist", "URL=FILE", true, "the DER of the TNAuthList at URL"                     \
    }
#define OPTION_PROFILE                                                                         \
    {                                                                                          \
        "profile", "P", false, "policy profile: rfc, atis80 or atis92"                         \
    }

/* --profile, --set, --anchors, --crl-anchors, --crl and --spc (of a command that has it,
   --spc-db) in this order. NULL after a complaint. */
struct stir_config *trust_config(const struct options *options);
/* A verifier of that configuration. NULL after a complaint. */
struct stir_verifier *trust_verifier(const struct options *options);
/* Are all --set good? For a command that has no use for them. 0, or EXIT_USAGE. */
int trust_check(const struct options *options);
/* Are there anchors? 0, or EXIT_USAGE after a complaint. */
int trust_need_anchors(const struct options *options);
/* Gives the verifier what the URLs of --tnauthlist and, where the command verifies, --certs would
   give. 0, or EXIT_USAGE after a complaint. */
int trust_supply(const struct options *options, struct stir_verifier *verifier);
/* One setting; 0, or EXIT_USAGE after a complaint that names the option. */
int trust_set(struct stir_config *config, const char *option, const char *key,
              const char *value);

#endif
