/*
 * Several sources of SPC data as one: a number is an SPC's if any of them says so; it is not if
 * one says no and none yes; otherwise it is unknown. For sources in memory (csv), which cannot
 * fail to answer: of one that could, a no of another would be too much said.
 */
#ifndef STIR_SPC_UNION_H
#define STIR_SPC_UNION_H

#include "spc/spc.h"

/* A source of the two, which it keeps references of. NULL: out of memory. */
struct spc_source *spc_source_union(struct spc_source *first, struct spc_source *second);

#endif
