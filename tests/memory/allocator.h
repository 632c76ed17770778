/*
 * The program's malloc: counts what is in use and makes requests fail.
 *
 * It stands before libc's (or a sanitizer's), so that it serves GnuTLS, jansson and libc too.
 * What the libraries do without a sanitizer's knowledge is told apart by who asked.
 */
#ifndef STIR_TESTS_MEMORY_ALLOCATOR_H
#define STIR_TESTS_MEMORY_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

struct allocator_count {
    size_t requests;       /* those that may fail */
    size_t peak;           /* octets in use at once */
    size_t left;           /* octets not given back */
    const void *left_by;   /* who asked for one of them; the program, if it did */
    const void *failed_by; /* whose request failed; NULL: none did */
};

/* Shall this request (from 1) fail? */
typedef bool allocator_refuse(size_t request, const void *caller);

/* Counts from here on, and asks refuse (NULL: no one) about each request. */
void allocator_start(allocator_refuse *refuse);
struct allocator_count allocator_stop(void);
/* "libgnutls.so.30 _asn1_add_single_node+0x12" for free(3). */
char *allocator_name(const void *caller);
/* Is it the program, which has all of libstir in it? */
bool allocator_is_ours(const void *caller);

#endif
