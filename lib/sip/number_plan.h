/* The dialling plan that a number as dialled or shown belongs to (R8224-8.3-2). */
#ifndef STIR_SIP_NUMBER_PLAN_H
#define STIR_SIP_NUMBER_PLAN_H

#include <stdbool.h>
#include <stddef.h>

enum number_plan { NUMBER_PLAN_NANP, NUMBER_PLAN_NONE };

/*
 * Makes a canonical number (0-9 * #) of at most 15 digits a global one, in place. global: it was
 * written with a +, so that it is one already. NANP: the prefix 011 goes, and ten digits that
 * begin as a North American number does get their country code 1. What the plan does not know
 * stays as it is: 911, 112, *67.
 */
void number_plan_complete(enum number_plan plan, bool global, char *number, size_t room);

#endif
