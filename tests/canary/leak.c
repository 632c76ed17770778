/* Loses an allocation: LeakSanitizer must fail it. */
#include <stdlib.h>

static void *volatile held;

int main(void)
{
    held = malloc(23);
    held = NULL;
    return 0;
}
