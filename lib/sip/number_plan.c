/* Dialling plans. */
#include "sip/number_plan.h"

#include <string.h>

/* NXX NXX XXXX: area code and exchange begin with 2 to 9 (and the area code's second digit is
   not 9, which is kept for a longer plan). */
static bool is_national_nanp(const char *number)
{
    return strlen(number) == 10 && strspn(number, "0123456789") == 10 && number[0] >= '2'
           && number[1] != '9' && number[3] >= '2';
}

void number_plan_complete(enum number_plan plan, bool global, char *number, size_t room)
{
    size_t len = strlen(number);

    if (plan != NUMBER_PLAN_NANP || global)
        return;
    if (strncmp(number, "011", 3) == 0 && len > 3 && strspn(number, "0123456789") == len) {
        memmove(number, number + 3, len - 2);
    } else if (is_national_nanp(number) && len + 2 <= room) {
        memmove(number + 1, number, len + 1);
        number[0] = '1';
    }
}
