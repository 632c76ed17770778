/* How many of many cases are run: for suites, and for programs that are none. */
#include <stdlib.h>

#include "tests/help.h"

size_t help_every(void)
{
    const char *every = getenv("STIR_EVERY");
    long n = every == NULL ? 1 : strtol(every, NULL, 10);

    return n < 1 ? 1 : (size_t)n;
}
