/*
 * Scopes: entries in wire order, the set they make, and what one set leaves of another.
 *
 * Invariant: while normal is true, ranges, spc_set and literal_set are the set of the entries;
 * adding an entry ends that.
 */
#include "number/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"

/* Entries one behind the other: a kind and what follows it. SCOPE_SPC and SCOPE_LITERAL: a text
   and a NUL. Otherwise NUMBERS, how many octets the first number takes, and how many what the
   last one is more (0: nothing, the same number), and these, the least octet first. */
struct scope_block {
    struct scope_block *next;
    size_t used, room;
    uint8_t octets[];
};

enum { NUMBERS = 0x80, FIRST_BLOCK = 64, MOST_BLOCK = 64 * 1024 };

struct stir_scope *scope_new(void)
{
    return calloc(1, sizeof(struct stir_scope));
}

static void forget_set(struct stir_scope *scope)
{
    free(scope->ranges);
    free(scope->spc_set);
    free(scope->literal_set);
    scope->ranges = NULL;
    scope->spc_set = scope->literal_set = NULL;
    scope->n_ranges = scope->n_spc_set = scope->n_literal_set = 0;
    scope->normal = false;
}

struct stir_scope *scope_ref(struct stir_scope *scope)
{
    atomic_fetch_add(&scope->others, 1);
    return scope;
}

void scope_free(struct stir_scope *scope)
{
    if (scope == NULL || atomic_fetch_sub(&scope->others, 1) > 0)
        return;
    forget_set(scope);
    while (scope->first_block != NULL) {
        struct scope_block *next = scope->first_block->next;
        free(scope->first_block);
        scope->first_block = next;
    }
    free(scope->marks);
    free(scope);
}

/* ---- Entries ---- */

static int add_block(struct stir_scope *scope, size_t room)
{
    struct scope_block *block = malloc(sizeof *block + room);

    if (block == NULL)
        return STIR_E_NOMEM;
    *block = (struct scope_block){NULL, 0, room};
    if (scope->last_block != NULL)
        scope->last_block->next = block;
    else
        scope->first_block = block;
    scope->last_block = block;
    return 0;
}

static int reserve_marks(struct stir_scope *scope, size_t room)
{
    if (room <= scope->marks_room)
        return 0;
    struct scope_cursor *marks = realloc(scope->marks, room * sizeof *marks);
    if (marks == NULL)
        return STIR_E_NOMEM;
    scope->marks = marks;
    scope->marks_room = room;
    return 0;
}

int scope_reserve(struct stir_scope *scope, size_t entries, size_t octets)
{
    if (entries > SIZE_MAX / sizeof *scope->marks - scope->n_entries
        || reserve_marks(scope, (scope->n_entries + entries) / SCOPE_STRIDE + 1) < 0)
        return STIR_E_NOMEM;
    return add_block(scope, octets);
}

/* Where an entry of so many octets goes; NULL: out of memory. */
static uint8_t *add_entry(struct stir_scope *scope, size_t size)
{
    struct scope_block *block = scope->last_block;

    if (block == NULL || block->room - block->used < size) {
        size_t room = block == NULL ? FIRST_BLOCK : block->room * 2;
        room = room > MOST_BLOCK ? MOST_BLOCK : room;
        if (add_block(scope, room < size ? size : room) < 0)
            return NULL;
        block = scope->last_block;
    }
    if (scope->n_entries % SCOPE_STRIDE == 0) {
        if (scope->n_marks == scope->marks_room
            && reserve_marks(scope, scope->marks_room == 0 ? 1 : scope->marks_room * 2) < 0)
            return NULL;
        scope->marks[scope->n_marks++] = (struct scope_cursor){block, block->used};
    }
    forget_set(scope);
    scope->n_entries++;
    block->used += size;
    return block->octets + block->used - size;
}

static int add_text(struct stir_scope *scope, uint8_t kind, const char *text, size_t len)
{
    uint8_t *entry = add_entry(scope, len + 2);

    if (entry == NULL)
        return STIR_E_NOMEM;
    entry[0] = kind;
    memcpy(entry + 1, text, len);
    entry[len + 1] = 0;
    return 0;
}

static uint8_t octets_of(uint64_t number)
{
    uint8_t n = 0;

    for (; number > 0; number >>= 8)
        n++;
    return n;
}

static void put_number(uint8_t *to, uint64_t number)
{
    for (; number > 0; number >>= 8)
        *to++ = (uint8_t)number;
}

static uint64_t get_number(const uint8_t *from, size_t n)
{
    uint64_t number = 0;

    while (n-- > 0)
        number = number << 8 | from[n];
    return number;
}

/* Reads the entry at octets; returns how many it takes. */
static size_t read_entry(const uint8_t *octets, struct scope_entry *entry)
{
    if (octets[0] < NUMBERS) {
        *entry = (struct scope_entry){octets[0], {.text = (const char *)octets + 1}};
        return strlen(entry->text) + 2;
    }
    size_t n_first = octets[0] >> 3 & 7, n_more = octets[0] & 7;
    entry->first = get_number(octets + 1, n_first);
    entry->last = entry->first + get_number(octets + 1 + n_first, n_more);
    return 1 + n_first + n_more;
}

bool scope_next(const struct stir_scope *scope, struct scope_cursor *cursor,
                struct scope_entry *entry)
{
    if (cursor->block == NULL)
        cursor->block = scope->first_block;
    while (cursor->block != NULL && cursor->at == cursor->block->used)
        *cursor = (struct scope_cursor){cursor->block->next, 0};
    if (cursor->block == NULL)
        return false;
    cursor->at += read_entry(cursor->block->octets + cursor->at, entry);
    return true;
}

struct scope_entry scope_entry_at(const struct stir_scope *scope, size_t i)
{
    struct scope_cursor cursor = scope->marks[i / SCOPE_STRIDE];
    struct scope_entry entry = {0};

    for (size_t k = i % SCOPE_STRIDE + 1; k > 0; k--)
        scope_next(scope, &cursor, &entry);
    return entry;
}

int scope_add_spc(struct stir_scope *scope, const char *spc, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (spc[i] < 0x20 || spc[i] > 0x7E)
            return STIR_E_SYNTAX;
    return len == 0 ? STIR_E_SYNTAX : add_text(scope, SCOPE_SPC, spc, len);
}

int scope_add_range(struct stir_scope *scope, struct tn_range range)
{
    if (!tn_range_is(range))
        return STIR_E_SYNTAX;
    uint8_t n_first = octets_of(range.first), n_more = octets_of(range.last - range.first);
    uint8_t *entry = add_entry(scope, (size_t)1 + n_first + n_more);
    if (entry == NULL)
        return STIR_E_NOMEM;
    entry[0] = (uint8_t)(NUMBERS | n_first << 3 | n_more);
    put_number(entry + 1, range.first);
    put_number(entry + 1 + n_first, range.last - range.first);
    return 0;
}

int scope_add_tn(struct stir_scope *scope, const char *tn, size_t len)
{
    uint64_t number = tn_parse(tn, len);

    if (number != 0)
        return scope_add_range(scope, (struct tn_range){number, number});
    if (!tn_is_number(tn, len))
        return STIR_E_SYNTAX;
    return add_text(scope, SCOPE_LITERAL, tn, len);
}

/* ---- The set ---- */

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool scope_is_empty(const struct stir_scope *scope)
{
    return scope->n_entries == 0;
}

bool scope_is_spcs_only(const struct stir_scope *scope)
{
    return scope->n_spc_set > 0 && scope->n_ranges == 0 && scope->n_literal_set == 0;
}

static bool has_text(const char *const *set, size_t n, const char *text)
{
    return n > 0 && bsearch(&text, set, n, sizeof *set, compare_texts) != NULL;
}

bool scope_has_spc(const struct stir_scope *scope, const char *spc)
{
    return has_text(scope->spc_set, scope->n_spc_set, spc);
}

bool scope_has_literal(const struct stir_scope *scope, const char *literal)
{
    return has_text(scope->literal_set, scope->n_literal_set, literal);
}

const struct tn_range *scope_find(const struct stir_scope *scope, uint64_t tn)
{
    size_t i = tn_ranges_from(scope->ranges, scope->n_ranges, tn);

    return i < scope->n_ranges && scope->ranges[i].first <= tn ? &scope->ranges[i] : NULL;
}

bool scope_has_tn(const struct stir_scope *scope, const char *tn, size_t len)
{
    char literal[TN_SIZE];
    uint64_t number = tn_parse(tn, len);

    if (number != 0)
        return scope_find(scope, number) != NULL;
    if (!tn_is_number(tn, len))
        return false;
    memcpy(literal, tn, len);
    literal[len] = '\0';
    return scope_has_literal(scope, literal);
}

uint64_t scope_count(const struct stir_scope *scope)
{
    uint64_t count = scope->n_literal_set;

    for (size_t i = 0; i < scope->n_ranges; i++)
        count += scope->ranges[i].last - scope->ranges[i].first + 1;
    return count;
}

/* ---- What one set leaves of another ---- */

/* What an interval that is walked counts for, and a text, which lies anywhere in memory. */
enum { WALKED = 4, COMPARED = 16 };

struct scope_texts scope_texts_of(const struct stir_scope *scope, enum scope_kind kind)
{
    return kind == SCOPE_SPC ? (struct scope_texts){scope->spc_set, scope->n_spc_set}
                             : (struct scope_texts){scope->literal_set, scope->n_literal_set};
}

int scope_rest_texts_step(const struct stir_scope *child, const struct stir_scope *parent,
                          enum scope_kind kind, struct scope_rest_texts *rest, size_t *budget)
{
    const struct scope_texts from = scope_texts_of(child, kind),
                             what = scope_texts_of(parent, kind);

    while (rest->of_child < from.n) {
        if (!budget_spend(budget, COMPARED))
            return BUDGET_GONE;
        int order = rest->of_parent == what.n
                        ? 1
                        : strcmp(what.texts[rest->of_parent], from.texts[rest->of_child]);
        rest->of_parent += order <= 0;
        rest->of_child += order >= 0;
        if (order > 0)
            return 1;
    }
    return 0;
}

int scope_rest_step(struct scope_rest *rest, size_t *budget, struct tn_range *range)
{
    const struct stir_scope *child = rest->child, *parent = rest->parent;

    for (; rest->of_child < child->n_ranges; rest->of_child++, rest->first = 0) {
        const struct tn_range *whole = &child->ranges[rest->of_child];
        uint64_t first = rest->first > 0 ? rest->first : whole->first;
        if (!budget_spend(budget, WALKED))
            return BUDGET_GONE;
        while (rest->of_parent < parent->n_ranges
               && parent->ranges[rest->of_parent].last < first) {
            rest->of_parent++; /* before it is paid for, so that each call gets on */
            if (!budget_spend(budget, WALKED))
                return BUDGET_GONE;
        }
        const struct tn_range *covered =
            rest->of_parent < parent->n_ranges ? &parent->ranges[rest->of_parent] : NULL;
        if (covered != NULL && covered->first <= first) {
            if (covered->last >= whole->last)
                continue;
            first = covered->last + 1; /* no other of the parent's adjoins */
            covered = ++rest->of_parent < parent->n_ranges ? covered + 1 : NULL;
        }
        bool cut = covered != NULL && covered->first <= whole->last;
        *range = (struct tn_range){first, cut ? covered->first - 1 : whole->last};
        rest->first = cut ? covered->first : 0;
        rest->of_child += !cut;
        return 1;
    }
    return 0;
}

static int subtract_texts(struct stir_scope *left, uint8_t kind, const struct stir_scope *child,
                          const struct stir_scope *parent)
{
    struct scope_rest_texts rest = {0, 0};
    size_t all = SIZE_MAX;

    while (scope_rest_texts_step(child, parent, kind, &rest, &all) == 1) {
        const char *text = scope_texts_of(child, kind).texts[rest.of_child - 1];
        if (add_text(left, kind, text, strlen(text)) < 0)
            return STIR_E_NOMEM;
    }
    return 0;
}

int scope_subtract(const struct stir_scope *child, const struct stir_scope *parent,
                   struct stir_scope **rest)
{
    struct scope_rest walk = {.child = child, .parent = parent};
    struct stir_scope *left = scope_new();
    struct tn_range range;
    size_t all = SIZE_MAX;
    int rc = STIR_E_NOMEM;

    *rest = NULL;
    if (left == NULL || subtract_texts(left, SCOPE_SPC, child, parent) < 0)
        goto out;
    while (scope_rest_step(&walk, &all, &range) == 1)
        if (scope_add_range(left, range) < 0)
            goto out;
    if (subtract_texts(left, SCOPE_LITERAL, child, parent) < 0 || scope_normalise(left) < 0)
        goto out;
    rc = 0;
    if (!scope_is_empty(left)) {
        *rest = left;
        left = NULL;
    }
out:
    scope_free(left);
    return rc;
}
