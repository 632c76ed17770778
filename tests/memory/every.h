/* Every request for memory in an operation, one after the other, made to fail. */
#ifndef STIR_TESTS_MEMORY_EVERY_H
#define STIR_TESTS_MEMORY_EVERY_H

/* Does the whole operation and gives back what it took. 0 or the positive code that it came to;
   negative, a STIR_E_*: it failed. */
typedef int operation_run(const void *arg);

/* Does it with each of its requests refused: it must come to the same as otherwise, or fail with
   STIR_E_NOMEM, and leave nothing behind. */
void every_request(const char *desc, operation_run *operation, const void *arg, int wanted);
/* The same of libstir's own requests; what the libraries underneath do without memory is for the
   programs that take longer. */
void every_own_request(const char *desc, operation_run *operation, const void *arg, int wanted);
/* The program's exit status, after a line of what was done. */
int every_status(void);

#endif
