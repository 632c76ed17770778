/* The operations of these programs without an allocator that refuses: for valgrind. */
#include "tests/memory/every.h"

#include <stdio.h>

#include "stir.h"

static int failures;

void every_request(const char *desc, operation_run *operation, const void *arg, int wanted)
{
    int found = operation(arg);

    if (found == wanted)
        return;
    printf("FAIL: %s: came to %s, wanted %s\n", desc, stir_code_name(found),
           stir_code_name(wanted));
    failures++;
}

void every_own_request(const char *desc, operation_run *operation, const void *arg, int wanted)
{
    every_request(desc, operation, arg, wanted);
}

int every_status(void)
{
    return failures > 0;
}
