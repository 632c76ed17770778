/* The table of codes: verdict, verstat and SIP status of each, and the names of warnings. */
#ifndef STIR_BASE_CODE_H
#define STIR_BASE_CODE_H

#include "stir.h"

struct code {
    int code; /* enum stir_code */
    const char *name;
    enum stir_verdict verdict;
    const char *verstat;
    int sip_status;         /* 0: none */
    const char *sip_reason; /* NULL: none */
    const char *meaning;    /* one sentence for the manual */
};

/* NULL: there is no such code. */
const struct code *code_find(int code);
/* The i-th row of the table, NULL past the end: for the manual, and for the tests. */
const struct code *code_row(size_t i);
enum stir_verdict code_verdict(int code);

/* What is worth saying of something that is accepted all the same. */
enum warning {
    WARNING_PATH_ORDER,
    WARNING_PPT_PARAMETER_MISSING,
    WARNING_NON_DETERMINISTIC,
    WARNING_DATE_DIFFERS,
    WARNING_SCOPE_UNCHECKED,
    WARNING_SPC_OVERHANG,
    WARNING_CONSTRAINTS_VOID,
    WARNING_CONSTRAINTS_ON_CA,
    WARNING_STIR_EXTENSION_CRITICAL,
    WARNING_UNKNOWN_RANGE_EXTENSION,
    WARNING_ECDSA_NULL_PARAMETERS,
    WARNING_AKID_ISSUER_DIFFERS,
    WARNING_NOT_AFTER_BEYOND_ISSUER,
    WARNING_X5C_IGNORED,
    WARNING_NOT_COMPARED,
    WARNING_ENTRIES_MERGED,
    WARNING_CONSTRAINTS_CONTRADICT,
    WARNING_MUST_EXCLUDE_RCDI,
    WARNING_MUST_INCLUDE_BASELINE,
    WARNING_SHORT_SERIAL,
    WARNING_PROFILE,
    WARNING_X5U_MEDIA,
    WARNING_X5U_STALE,
    WARNING_TNAUTHLIST_STALE,
    WARNING_SPC_DATA_OLD,
    WARNING_COUNT
};

const char *warning_name(enum warning warning);
const char *warning_meaning(enum warning warning);

#endif
