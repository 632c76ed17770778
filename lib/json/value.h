/*
 * JSON values: a strict reader (RFC 8259, RFC 8225 section 9) and a deterministic writer.
 *
 * The values are jansson's and its writer writes them; a struct value is its json_t. It is
 * included by read.c, value.c and dump.c alone.
 */
#ifndef STIR_JSON_VALUE_H
#define STIR_JSON_VALUE_H

#include "base/error.h"

struct value;

enum value_kind {
    VALUE_NULL,
    VALUE_BOOLEAN,
    VALUE_INTEGER, /* fits int64_t, written without fraction or exponent */
    VALUE_REAL,
    VALUE_STRING,
    VALUE_ARRAY,
    VALUE_OBJECT
};

/*
 * The one value that text is. 0, STIR_E_NOMEM, or STIR_CODE_JSON_SYNTAX: not strict UTF-8,
 * BOM, duplicate member at any depth, nesting over LIMIT_JSON_DEPTH and more values than
 * LIMIT_JSON_VALUES (scanned before it is read), lone surrogate, \u0000, trailing octets, integers
 * beyond int64_t (error says where).
 */
int value_load(const char *text, size_t len, struct value **value, struct stir_error *error);
void value_free(struct value *value);
/* Another reference; the value must not be changed any more. */
struct value *value_ref(const struct value *value);

enum value_kind value_kind(const struct value *value);
/* "a string", "an object": for sentences. NULL is "absent". */
const char *value_kind_name(const struct value *value);
/* NULL: no such member, or no object. Borrowed, as everything below. */
const struct value *value_member(const struct value *object, const char *name);
size_t value_size(const struct value *array_or_object);
const struct value *value_at(const struct value *array, size_t i);
/* The i-th member in the order they were written. */
const char *value_name(const struct value *object, size_t i, const struct value **member);
/* A string's content, which holds no NUL; NULL: no string. */
const char *value_string(const struct value *value);
/* False: no integer. */
bool value_integer(const struct value *value, int64_t *integer);
bool value_is_true(const struct value *value);
/* By JSON pointer (RFC 6901); "" is the value itself. NULL: nothing there. */
const struct value *value_pointer(const struct value *value, const char *pointer);

/* Where a member of the top-level object stands in the text that value_load() took, as it was
   received: permittedValues compares numbers so. False: no such member. */
bool value_member_text(const char *text, size_t len, const char *name, const char **start,
                       size_t *text_len);

/* Deterministic (RFC 8225 section 9): members sorted by Unicode code point, no white space,
   minimal escapes, whole numbers as integers. For free(3); NULL: out of memory. */
char *value_dump(const struct value *value);
/* Is text what value_dump() would give? Without making another of its length. 1, 0 or
   STIR_E_NOMEM. */
int value_is_deterministic(const struct value *value, const char *text, size_t len);
/* Members in the order they were set, two spaces of indentation: what tools print. */
char *value_dump_pretty(const struct value *value);
/* As above on one line. */
char *value_dump_line(const struct value *value);

/* Making values. All return NULL when out of memory; the setters take their value over, also
   where they fail, take NULL as a failure, and return 0 or STIR_E_NOMEM. */
struct value *value_new_object(void);
struct value *value_new_array(void);
struct value *value_new_null(void);
struct value *value_new_boolean(bool boolean);
struct value *value_new_integer(int64_t integer);
/* text must be UTF-8. text NULL gives JSON null. */
struct value *value_new_string(const char *text);
int value_set(struct value *object, const char *name, struct value *member);
int value_append(struct value *array, struct value *element);

#endif
