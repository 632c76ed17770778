/* How the frame is entered: by libFuzzer, or by replay.c where there is none. */
#ifndef STIR_FUZZ_FRAME_H
#define STIR_FUZZ_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's name for it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
/* The same input with every call made to fail that can be, one after the other, but of each kind
   at most about so many. What fuzz_one() makes of it where nothing fails. */
int frame_fail_each(const uint8_t *data, size_t len, size_t most);

#endif
