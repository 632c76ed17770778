/* A suite that loses an allocation. Without abort_on_error Criterion takes the process in which
   LeakSanitizer complains for one that passed. */
#include <criterion/criterion.h>
#include <stdlib.h>

static void *volatile held;

Test(canary, leak)
{
    held = malloc(23);
    held = NULL;
}
