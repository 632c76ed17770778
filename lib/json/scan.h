/* Looking at JSON text itself: how deep it nests, how much it holds, and where a member of it
   stands. */
#ifndef STIR_JSON_SCAN_H
#define STIR_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* The deepest nesting of arrays and objects in text, which need not be JSON; at is the offset
   of the first bracket that goes beyond limit, len where none does. */
size_t scan_depth(const char *text, size_t len, size_t limit, size_t *at);

/* How many values there are at most in text, which need not be JSON; an object counts twice. */
size_t scan_values(const char *text, size_t len);

/* One member of an object as it was written. */
struct scan_member {
    const char *name; /* with its quotes and escapes */
    size_t name_len;
    const char *value;
    size_t value_len;
};

/* The member that stands at *offset or behind it, of the object that text is; *offset is 0 at
   first and is moved on. text has been loaded by value_load(). False: there is no more. */
bool scan_member(const char *text, size_t len, size_t *offset, struct scan_member *member);

#endif
