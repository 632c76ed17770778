/*
 * Telephone numbers as integers.
 *
 * A number of 1 to 15 digits is the integer written as a 1 followed by its digits: 0100 is
 * 10100 and 100 is 1100, so that numbers of different lengths never meet, numbers of one length
 * sort by value, and an interval of equal-length numbers is an interval of integers. A number
 * with * or # is a literal: it is kept as text and matches only itself.
 */
#ifndef STIR_NUMBER_TN_H
#define STIR_NUMBER_TN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 15 digits and a NUL. */
enum { TN_SIZE = 16 };

/* first to last, both of the same length and included. */
struct tn_range {
    uint64_t first, last;
};

/* 1 to 15 characters of 0-9 * #. */
bool tn_is_number(const char *text, size_t len);
/* 1 to 15 digits. */
bool tn_is_digits(const char *text, size_t len);
/* The integer of 1 to 15 digits; 0: it is no such number. */
uint64_t tn_parse(const char *text, size_t len);
/* How many digits an integer made by tn_parse() stands for; its value without the leading 1. */
int tn_digits(uint64_t tn);
uint64_t tn_value(uint64_t tn);
/* The integer for a digit count (1 to 15) and a value; 0: the value has more digits. */
uint64_t tn_make(int digits, uint64_t value);
/* The digits, NUL-terminated. Returns room. */
const char *tn_text(char room[TN_SIZE], uint64_t tn);

/* Numbers start, start+1, ... of that count. False unless start is digits, count >= 2 and
   start + count < 10^digits (R8226-9-5, A-6). */
bool tn_range_make(const char *start, size_t len, uint64_t count, struct tn_range *range);

/* Do its ends make sense: numbers of one length, in order? */
bool tn_range_is(struct tn_range range);

enum { TN_RANGE_SIZE = 2 * TN_SIZE };
/* "12155551300-12155551399", or "12155551300" where it is one number. Returns room. */
const char *tn_range_text(char room[TN_RANGE_SIZE], struct tn_range range);

/* Makes a set of intervals canonical, in place: sorted, disjoint, no two adjacent. Returns how
   many are left. */
size_t tn_ranges_merge(struct tn_range *ranges, size_t n);
/* The same in steps, so that a million of them do not hold up a loop. Zero but for the first
   two. */
struct tn_merging {
    struct tn_range *ranges;
    size_t n;
    unsigned stage;
    size_t at; /* where the stage is */
    bool sorted;
    size_t merged; /* how many are left, when it is done */
};
/* True: there is more to do than that budget (base/budget.h), which is spent. */
bool tn_merging_step(struct tn_merging *merging, size_t *budget);
/* In a canonical set, the first interval that does not end before tn; n: there is none. */
size_t tn_ranges_from(const struct tn_range *ranges, size_t n, uint64_t tn);

#endif
