/*
 * Text that grows, and strangers' text made fit to be shown: one line of printable UTF-8 in
 * which every other octet, and the backslash, is written \xNN.
 */
#ifndef STIR_BASE_TEXT_H
#define STIR_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* All zero is an empty one. Want of memory is remembered in failed and shows in text_take(). */
struct text {
    char *data; /* NUL-terminated; NULL while empty */
    size_t len, room;
    bool failed;
};

void text_free(struct text *text);
void text_add(struct text *text, const char *more);
void text_add_octets(struct text *text, const void *more, size_t len);
void text_addf(struct text *text, const char *format, ...) STIR_PRINTF(2, 3);
void text_add_shown(struct text *text, const void *data, size_t len);
/* Lower case, two digits an octet. */
void text_add_hex(struct text *text, const void *data, size_t len);
/* The whole, for free(3), "" where nothing was added; NULL: out of memory. text is empty after. */
char *text_take(struct text *text);

/* A copy of len octets with a NUL behind; NULL: out of memory. */
char *text_copy(const void *data, size_t len);
/* The shown form, for free(3). */
char *text_shown(const void *data, size_t len);

/* Room for a name in a sentence; what is longer ends in "...". */
enum { SHOWN_SIZE = 60 };
/* data's shown form, cut to fit, in room. Returns room. */
const char *shown(char room[SHOWN_SIZE], const void *data, size_t len);

#endif
