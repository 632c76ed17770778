/* What the libraries underneath do where memory lacks, and libstir cannot help. */
#ifndef STIR_TESTS_MEMORY_EXCEPTIONS_H
#define STIR_TESTS_MEMORY_EXCEPTIONS_H

#include <stdbool.h>

enum trouble {
    TROUBLE_CRASH = 1,   /* it crashed or aborted, not in our code */
    TROUBLE_VERDICT = 2, /* another code, and not valid, where STIR_E_NOMEM was due */
    TROUBLE_LEFT = 4,    /* something that it had asked for was not freed */
    TROUBLE_PASSED = 8   /* valid or done, where otherwise it is not: never excepted */
};

/* Is this trouble known of the library whose request was refused, "libgnutls.so.30 ..."? */
bool is_excepted(const char *refused, enum trouble trouble);

#endif
