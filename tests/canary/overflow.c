/* A signed int beyond its greatest value: UndefinedBehaviorSanitizer must fail it. */
#include <limits.h>

int main(void)
{
    volatile int most = INT_MAX;

    most = most + 1;
    return 0;
}
