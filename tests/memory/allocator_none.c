/* The allocator of these programs where it is the system's: for valgrind. */
#include "tests/memory/allocator.h"

void allocator_start(allocator_refuse *refuse)
{
    (void)refuse;
}

struct allocator_count allocator_stop(void)
{
    return (struct allocator_count){0};
}

char *allocator_name(const void *caller)
{
    (void)caller;
    return 0;
}

bool allocator_is_ours(const void *caller)
{
    (void)caller;
    return false;
}
