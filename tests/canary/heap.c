/* Writes one octet behind an allocation: AddressSanitizer must fail it. */
#include <stdlib.h>

int main(void)
{
    volatile size_t len = 23;
    volatile char *data = malloc(len);

    data[len] = 'x';
    free((void *)data);
    return 0;
}
