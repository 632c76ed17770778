/*
 * Are the pages of an LMDB file sound? LMDB itself trusts them all: with one octet changed in a
 * page it reads and writes where nothing is, and the process is gone. So before it follows them,
 * everything that the snapshot reaches is looked through once: headers, bounds, counts, and that
 * no page is used twice.
 */
#ifndef STIR_FETCH_STORE_PAGES_H
#define STIR_FETCH_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the snapshot of a read transaction, which is open, so that its pages stay as they are: the
   environment's descriptor and page size, the transaction's number. False, too, where there is no
   memory. */
bool store_pages_are_sound(int descriptor, size_t page_size, size_t transaction);

#endif
