/*
 * Errors as values.
 *
 * Functions that can go wrong return int: 0; a negative STIR_E_* (it could not be done); or,
 * where they judge something, a positive enum stir_code (judged, and this is wrong with it).
 * The last parameter says where, wanted, found and clause. The first error wins: setting one
 * that is set already changes nothing, so a caller may add context on the way up only by
 * setting its own before it calls down.
 */
#ifndef STIR_BASE_ERROR_H
#define STIR_BASE_ERROR_H

#include "stir.h"

#if defined(__GNUC__)
#define STIR_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define STIR_PRINTF(text, first)
#endif

/* No error, no depth. error may be NULL, here and below. */
void error_clear(struct stir_error *error);

/* Both return code. Strangers' text goes through shown() (text.h) before it gets in here. */
int error_set(struct stir_error *error, int code, const char *format, ...) STIR_PRINTF(3, 4);
int error_set_at(struct stir_error *error, int code, int depth, const char *format, ...)
    STIR_PRINTF(4, 5);

/* STIR_E_NOMEM, STIR_E_ARGUMENT ("key is NULL"). */
int error_no_memory(struct stir_error *error);
int error_null(struct stir_error *error, const char *what);

/* Takes over an error found elsewhere: its code, depth and text. Returns its code. */
int error_copy(struct stir_error *error, const struct stir_error *from);

#endif
