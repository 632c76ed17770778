/* Telephone numbers as integers: the digits behind a leading 1. */
#include "number/tn.h"

#include <string.h>

#include "base/budget.h"
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

/* ---- Merging: its stages, each of which is done when it returns true ----------------------- */

/* What an interval that is walked counts for, and one that sinks in a heap. */
enum { WALKED = 8, SUNK = 40 };

static bool find_disorder(struct tn_merging *merging, size_t *budget)
{
    const struct tn_range *ranges = merging->ranges;

    for (; merging->at + 1 < merging->n; merging->at++) {
        if (!budget_spend(budget, WALKED))
            return false;
        if (ranges[merging->at].first > ranges[merging->at + 1].first) {
            merging->at = merging->n / 2;
            return true;
        }
    }
    merging->sorted = true;
    return true;
}

/* Heap sort: in place and never quadratic, because the lists are strangers'; qsort(3) may take
   as much memory again. */
static bool make_heap(struct tn_merging *merging, size_t *budget)
{
    for (; !merging->sorted && merging->at > 0; merging->at--) {
        if (!budget_spend(budget, SUNK))
            return false;
        sink(merging->ranges, merging->at - 1, merging->n);
    }
    merging->at = merging->n;
    return true;
}

static bool empty_heap(struct tn_merging *merging, size_t *budget)
{
    struct tn_range *ranges = merging->ranges;

    for (; !merging->sorted && merging->at > 1; merging->at--) {
        if (!budget_spend(budget, SUNK))
            return false;
        struct tn_range greatest = ranges[0];
        ranges[0] = ranges[merging->at - 1];
        ranges[merging->at - 1] = greatest;
        sink(ranges, 0, merging->at - 1);
    }
    merging->at = 0;
    return true;
}

static bool unite(struct tn_merging *merging, size_t *budget)
{
    for (; merging->at < merging->n; merging->at++) {
        struct tn_range *before =
            merging->merged > 0 ? &merging->ranges[merging->merged - 1] : NULL;
        struct tn_range next = merging->ranges[merging->at];
        if (!budget_spend(budget, WALKED))
            return false;
        if (before == NULL || next.first > before->last + 1)
            merging->ranges[merging->merged++] = next;
        else if (next.last > before->last)
            before->last = next.last;
    }
    return true;
}

bool tn_merging_step(struct tn_merging *merging, size_t *budget)
{
    static bool (*const stages[])(struct tn_merging *, size_t *) = {find_disorder, make_heap,
                                                                    empty_heap, unite};
    enum { STAGES = sizeof stages / sizeof *stages };

    while (merging->stage < STAGES && stages[merging->stage](merging, budget))
        merging->stage++;
    return merging->stage < STAGES;
}

size_t tn_ranges_merge(struct tn_range *ranges, size_t n)
{
    struct tn_merging merging = {.ranges = ranges, .n = n};
    size_t all = SIZE_MAX;

    tn_merging_step(&merging, &all);
    return merging.merged;
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
