/*
 * SPC data from a csv: a header line `spc,first,last`, then one row an interval of equal-length
 * numbers. Rows may overlap and come in any order. An SPC that is not in the file is
 * unknown; a listed one without the number is no. What it says is as of when the file was changed
 * last; of one from memory that is not known. Immutable once loaded; may cross a fork.
 */
#ifndef STIR_SPC_CSV_H
#define STIR_SPC_CSV_H

#include "base/error.h"
#include "number/tn.h"

struct csv;

/* STIR_E_SYNTAX: a bad line refuses the whole, and is named with what is wrong with it;
   STIR_E_FILE; STIR_E_NOMEM. */
int csv_load(const char *file, struct csv **csv, struct stir_error *error);
int csv_parse(const char *text, size_t len, struct csv **csv, struct stir_error *error);
void csv_free(struct csv *csv);
/* As a source: its answer() and release(), with csv as arg. */
void csv_resolver(struct csv *csv, struct stir_resolver *resolver);
/* One number of one SPC: for tests. */
enum stir_answer csv_answer(const struct csv *csv, const char *spc, uint64_t tn);

#endif
