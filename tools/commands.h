/* The commands of stir(1), a file each. */
#ifndef STIR_TOOLS_COMMANDS_H
#define STIR_TOOLS_COMMANDS_H

#include "options.h"

extern const struct command command_cache_add;
extern const struct command command_cache_drop;
extern const struct command command_cache_list;
extern const struct command command_cache_show;
extern const struct command command_cache_warm;
extern const struct command command_show;
extern const struct command command_lint;
extern const struct command command_anchors_show;
extern const struct command command_tnauthlist_encode;
extern const struct command command_tnauthlist_decode;
extern const struct command command_path;
extern const struct command command_verify;
extern const struct command command_sign;
extern const struct command command_issue;
extern const struct command command_signers_list;
extern const struct command command_signers_allow;
extern const struct command command_signers_deny;

#endif
