/*
 * A bounded walker over DER: it allocates nothing, and what it yields points into its input.
 *
 * Tag and length are read by libtasn1's asn1_get_tag_der() and asn1_get_length_der(), unless an
 * octet is all that either has; on top of them this file insists on what makes DER of BER: definite
 * and minimal lengths, low tag numbers in one octet, everything within bounds. All functions that
 * read return 0 or -1: the caller knows what was wanted and words the error.
 */
#ifndef STIR_BASE_DER_H
#define STIR_BASE_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left to walk. */
struct der {
    const uint8_t *data;
    size_t len;
};

/* One element: its identifier octet (class, constructed bit and number), and its content. */
struct der_element {
    uint8_t tag;
    struct der content;
    struct der whole; /* with tag and length */
};

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_UTF8_STRING = 0x0C,
    DER_IA5_STRING = 0x16,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};
/* [n] with content of its own (EXPLICIT, or IMPLICIT of something constructed). */
#define DER_CONTEXT(n) ((uint8_t)(0xA0 | (n)))
/* [n] IMPLICIT of something primitive. */
#define DER_CONTEXT_PRIMITIVE(n) ((uint8_t)(0x80 | (n)))

/* Takes the next element off left. -1: there is none, or it is no DER; left is as it was. */
int der_next(struct der *left, struct der_element *element);
/* The same, with this tag. */
int der_take(struct der *left, uint8_t tag, struct der_element *element);
/* The same where it may be absent: *present says so. */
int der_take_optional(struct der *left, uint8_t tag, struct der_element *element,
                      bool *present);
/* The one element of this tag that data is, with nothing behind it. */
int der_only(struct der data, uint8_t tag, struct der_element *element);

bool der_equal(struct der a, struct der b);
/* Minimal, non-negative and up to UINT64_MAX; *too_large where it is well formed but more. */
int der_unsigned(struct der content, uint64_t *value, bool *too_large);
/* A BOOLEAN's content: 00 or FF (X.690 11.1). */
int der_boolean(struct der content, bool *value);
/* Well-formed UTF-8. */
bool der_is_utf8(struct der content);

/* Writing: appends tag, length and content. Growing buffer; failed as in struct text. */
struct der_writer {
    uint8_t *data;
    size_t len, room;
    bool failed;
};

void der_writer_free(struct der_writer *writer);
void der_write(struct der_writer *writer, uint8_t tag, const void *content, size_t len);
void der_write_unsigned(struct der_writer *writer, uint64_t value);
/* Puts a tag and length before all that was written since position from (a former len). */
void der_wrap(struct der_writer *writer, uint8_t tag, size_t from);
/* The whole, for free(3); NULL: out of memory, or nothing was written. */
void *der_writer_take(struct der_writer *writer, size_t *len);

#endif
