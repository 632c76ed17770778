/* Telephone numbers as integers: the digits behind a leading 1. */
#include "number/tn.h"

#include <string.h>

#include "base/limits.h"

/* Ten to the power of how many digits: the least integer of numbers that long. */
static const uint64_t least[LIMIT_TN_DIGITS + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool tn_is_number(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]) && text[i] != '*' && text[i] != '#')
            return false;
    return len >= 1 && len <= LIMIT_TN_DIGITS;
}

uint64_t tn_parse(const char *text, size_t len)
{
    uint64_t tn = 1;

    if (len < 1 || len > LIMIT_TN_DIGITS)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]))
            return 0;
        tn = tn * 10 + (uint64_t)(text[i] - '0');
    }
    return tn;
}

bool tn_is_digits(const char *text, size_t len)
{
    return tn_parse(text, len) != 0;
}

int tn_digits(uint64_t tn)
{
    for (int digits = 1; digits <= LIMIT_TN_DIGITS; digits++)
        if (tn >= least[digits] && tn < 2 * least[digits])
            return digits;
    return 0;
}

uint64_t tn_value(uint64_t tn)
{
    return tn - least[tn_digits(tn)];
}

uint64_t tn_make(int digits, uint64_t value)
{
    if (digits < 1 || digits > LIMIT_TN_DIGITS || value >= least[digits])
        return 0;
    return least[digits] + value;
}

const char *tn_text(char room[TN_SIZE], uint64_t tn)
{
    int digits = tn_digits(tn);

    room[digits] = '\0';
    for (int i = digits - 1; i >= 0; i--) {
        room[i] = (char)('0' + tn % 10);
        tn /= 10;
    }
    return room;
}

bool tn_range_make(const char *start, size_t len, uint64_t count, struct tn_range *range)
{
    uint64_t first = tn_parse(start, len);

    /* The count is compared with what is left, so that no sum can overflow. */
    if (first == 0 || count < 2 || count >= 2 * least[len] - first)
        return false;
    *range = (struct tn_range){first, first + count - 1};
    return true;
}

bool tn_range_is(struct tn_range range)
{
    return range.first <= range.last && tn_digits(range.first) != 0
           && tn_digits(range.first) == tn_digits(range.last);
}

const char *tn_range_text(char room[TN_RANGE_SIZE], struct tn_range range)
{
    tn_text(room, range.first);
    if (range.last != range.first) {
        size_t len = strlen(room);
        room[len] = '-';
        tn_text(room + len + 1, range.last);
    }
    return room;
}

/* Sinks the interval at place to where none below it in the heap of n starts later. */
static void sink(struct tn_range *ranges, size_t place, size_t n)
{
    struct tn_range moved = ranges[place];

    for (size_t child; (child = 2 * place + 1) < n; place = child) {
        if (child + 1 < n && ranges[child + 1].first > ranges[child].first)
            child++;
        if (ranges[child].first <= moved.first)
            break;
        ranges[place] = ranges[child];
    }
    ranges[place] = moved;
}

/* Heap sort: in place and never quadratic, because the lists are strangers'; qsort(3) may take
   as much memory again. */
static void sort(struct tn_range *ranges, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sink(ranges, i, n);
    for (size_t end = n; end-- > 1;) {
        struct tn_range greatest = ranges[0];
        ranges[0] = ranges[end];
        ranges[end] = greatest;
        sink(ranges, 0, end);
    }
}

static bool is_sorted(const struct tn_range *ranges, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (ranges[i - 1].first > ranges[i].first)
            return false;
    return true;
}

size_t tn_ranges_merge(struct tn_range *ranges, size_t n)
{
    size_t merged = 0;

    if (!is_sorted(ranges, n))
        sort(ranges, n);
    for (size_t i = 0; i < n; i++) {
        struct tn_range *before = merged > 0 ? &ranges[merged - 1] : NULL;
        if (before == NULL || ranges[i].first > before->last + 1)
            ranges[merged++] = ranges[i];
        else if (ranges[i].last > before->last)
            before->last = ranges[i].last;
    }
    return merged;
}

size_t tn_ranges_from(const struct tn_range *ranges, size_t n, uint64_t tn)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < tn)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
