/* How much heap the library uses: of programs linked with --wrap of malloc(3) and its kin. */
#ifndef STIR_BENCH_HEAP_H
#define STIR_BENCH_HEAP_H

#include <stddef.h>

size_t heap_in_use(void); /* octets */
/* The most since the last heap_watch(). */
size_t heap_peak(void);
size_t heap_watch(void); /* returns what is in use */

#endif
