/* The version of the library at run time. */
#include "stir.h"

const char *stir_version(void)
{
    return STIR_VERSION;
}
