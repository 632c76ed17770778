/* A credential whose list came through a want: the stages retrieval and path. */
#ifndef STIR_SERVICE_ARRIVAL_H
#define STIR_SERVICE_ARRIVAL_H

#include "service/credential.h"
#include "service/want.h"

/*
 * Judges what the want came to, and the path of the list, which may be known; the cache learns
 * what its body was good for. 0: go on; 1: definitely invalid, stop; negative: it could not be
 * judged. Findings are in the result, whose path is filled.
 */
int arrival_judge(struct credential *credential, struct want *want, struct stir_result *result,
                  struct stir_error *error);
/* The same of a list for nobody's token, with status: a result of its own (a precheck). */
int arrival_judge_alone(const struct snapshot *snapshot, struct memory *memory,
                        struct want *want, int64_t now, struct stir_result *result,
                        struct stir_error *error);

#endif
