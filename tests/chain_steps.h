/* A certificate list that is read in steps comes to what it is in one go, octet for octet. */
#ifndef STIR_TESTS_CHAIN_STEPS_H
#define STIR_TESTS_CHAIN_STEPS_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the body at once, and in steps of each budget below and of budgets drawn by lot; expects
   the same fault, certificates, their faults, warnings, scopes and digests. */
void chain_steps_expect(const void *body, size_t len, bool der_too, const char *desc);
/* The budget that reading it takes in all, and in how many steps of that budget. */
size_t chain_steps_cost(const void *body, size_t len);
size_t chain_steps_count(const void *body, size_t len, size_t budget);

#endif
