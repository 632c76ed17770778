/* Dates as text: RFC 1123 (SIP Date), RFC 3339, and the two times of X.509. No clock is read
   here. */
#ifndef STIR_BASE_CLOCK_H
#define STIR_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* "Fri, 25 Sep 2015 19:12:25 GMT", GMT only (RFC 3261 section 20.17). 0, or -1: it is none. The
   weekday must be the date's. Leap seconds (60) are taken as the next second. */
int clock_parse_sip_date(const char *text, size_t len, int64_t *time);
/* HTTP's (RFC 9110 section 5.6.7): that, or one of the two old forms, "Sunday, 06-Nov-94 08:49:37
   GMT" (years 70 to 99 are of 1900: no response is older) and "Sun Nov  6 08:49:37 1994". 0 or
   -1. */
int clock_parse_http_date(const char *text, size_t len, int64_t *time);
/* "2026-11-22T01:02:03Z", or with an offset; fractions of a second are cut. 0 or -1. */
int clock_parse_rfc3339(const char *text, size_t len, int64_t *time);
/* The times of X.509, in seconds and with Z (RFC 5280 section 4.1.2.5): UTCTime "150925191225Z",
   whose years 50 to 99 are of 1900, and GeneralizedTime "20150925191225Z". 0 or -1. */
int clock_parse_utc_time(const char *text, size_t len, int64_t *time);
int clock_parse_generalized_time(const char *text, size_t len, int64_t *time);
enum { CLOCK_UTC_TIME = 0x17, CLOCK_GENERALIZED_TIME = 0x18 };
/* One of these two by its ASN.1 tag. 0 or -1. */
int clock_parse_x509(uint8_t tag, const char *text, size_t len, int64_t *time);
/* UNIX seconds (digits only), RFC 3339 or a SIP date. 0 or -1. */
int clock_parse_any(const char *text, size_t len, int64_t *time);

enum { CLOCK_TEXT_SIZE = 24 };
/* RFC 3339 with Z, of years 0 to 9999; what is outside is shown as the nearest end. Returns
   room. */
const char *clock_text(char room[CLOCK_TEXT_SIZE], int64_t time);

#endif
