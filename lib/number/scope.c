/*
 * Scopes: entries in wire order, the set they make, and what one set leaves of another.
 *
 * Invariant: while normal is true, ranges, spc_set and literal_set are the set of the entries;
 * adding an entry ends that.
 */
#include "number/scope.h"

#include <stdlib.h>
#include <string.h>

/* Texts stand one behind the other in blocks, because a list may bring a million SPCs of a few
   octets each. */
struct scope_texts {
    struct scope_texts *next;
    size_t used, room;
    char text[];
};

enum { FIRST_TEXTS = 64, MOST_TEXTS = 64 * 1024 };

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

void scope_free(struct stir_scope *scope)
{
    if (scope == NULL)
        return;
    forget_set(scope);
    while (scope->texts != NULL) {
        struct scope_texts *next = scope->texts->next;
        free(scope->texts);
        scope->texts = next;
    }
    free(scope->entries);
    free(scope);
}

int scope_reserve(struct stir_scope *scope, size_t entries)
{
    if (entries <= scope->room)
        return 0;
    if (entries > SIZE_MAX / sizeof *scope->entries)
        return STIR_E_NOMEM;
    struct scope_entry *bigger = realloc(scope->entries, entries * sizeof *scope->entries);
    if (bigger == NULL)
        return STIR_E_NOMEM;
    scope->entries = bigger;
    scope->room = entries;
    return 0;
}

static int add(struct stir_scope *scope, struct scope_entry entry)
{
    if (scope->n_entries == scope->room
        && scope_reserve(scope, scope->room == 0 ? 4 : scope->room * 2) < 0)
        return STIR_E_NOMEM;
    forget_set(scope);
    scope->entries[scope->n_entries++] = entry;
    return 0;
}

static struct scope_texts *more_texts(struct stir_scope *scope, size_t size)
{
    size_t room = scope->texts == NULL ? FIRST_TEXTS : scope->texts->room * 2;

    if (room > MOST_TEXTS)
        room = MOST_TEXTS;
    if (room < size)
        room = size;
    struct scope_texts *texts = malloc(sizeof *texts + room);
    if (texts == NULL)
        return NULL;
    *texts = (struct scope_texts){scope->texts, 0, room};
    scope->texts = texts;
    return texts;
}

/* A copy with a NUL behind that stays where it is. */
static const char *keep(struct stir_scope *scope, const char *text, size_t len)
{
    struct scope_texts *texts = scope->texts;

    if (texts == NULL || texts->room - texts->used < len + 1)
        texts = more_texts(scope, len + 1);
    if (texts == NULL)
        return NULL;
    char *kept = texts->text + texts->used;
    memcpy(kept, text, len);
    kept[len] = '\0';
    texts->used += len + 1;
    return kept;
}

static int add_text(struct stir_scope *scope, uint64_t kind, const char *text, size_t len)
{
    const char *kept = keep(scope, text, len);

    if (kept == NULL)
        return STIR_E_NOMEM;
    return add(scope, (struct scope_entry){kind, {.text = kept}});
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
    return add(scope, (struct scope_entry){range.first, {.last = range.last}});
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

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Gives back what merging left over. size is not 0. */
static void *shrink(void *data, size_t size)
{
    void *smaller = realloc(data, size);

    return smaller != NULL ? smaller : data;
}

/* The entries of a kind, sorted and each once. */
static int collect_texts(const struct stir_scope *scope, uint64_t kind, size_t most,
                         const char ***set, size_t *n_set)
{
    size_t n = 0, unique = 0;

    if (most == 0)
        return 0;
    const char **texts = malloc(most * sizeof *texts);
    if (texts == NULL)
        return STIR_E_NOMEM;
    for (size_t i = 0; i < scope->n_entries; i++)
        if (scope->entries[i].first == kind)
            texts[n++] = scope->entries[i].text;
    qsort(texts, n, sizeof *texts, compare_texts);
    for (size_t i = 0; i < n; i++)
        if (unique == 0 || strcmp(texts[unique - 1], texts[i]) != 0)
            texts[unique++] = texts[i];
    *set = shrink(texts, unique * sizeof *texts);
    *n_set = unique;
    return 0;
}

static int collect_ranges(struct stir_scope *scope, size_t most)
{
    size_t n = 0;

    if (most == 0)
        return 0;
    scope->ranges = malloc(most * sizeof *scope->ranges);
    if (scope->ranges == NULL)
        return STIR_E_NOMEM;
    for (size_t i = 0; i < scope->n_entries; i++)
        if (scope->entries[i].first > SCOPE_LITERAL)
            scope->ranges[n++] =
                (struct tn_range){scope->entries[i].first, scope->entries[i].last};
    scope->n_ranges = tn_ranges_merge(scope->ranges, n);
    scope->ranges = shrink(scope->ranges, scope->n_ranges * sizeof *scope->ranges);
    return 0;
}

int scope_normalise(struct stir_scope *scope)
{
    size_t n[2] = {0, 0}; /* of SCOPE_SPC, SCOPE_LITERAL */

    if (scope->normal)
        return 0;
    for (size_t i = 0; i < scope->n_entries; i++)
        if (scope->entries[i].first <= SCOPE_LITERAL)
            n[scope->entries[i].first]++;
    if (collect_texts(scope, SCOPE_SPC, n[SCOPE_SPC], &scope->spc_set, &scope->n_spc_set) < 0
        || collect_texts(scope, SCOPE_LITERAL, n[SCOPE_LITERAL], &scope->literal_set,
                         &scope->n_literal_set)
               < 0
        || collect_ranges(scope, scope->n_entries - n[0] - n[1]) < 0) {
        forget_set(scope);
        return STIR_E_NOMEM;
    }
    scope->normal = true;
    return 0;
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

/* Adds to rest the texts of one sorted set that the other has not. */
static int subtract_texts(struct stir_scope *rest, uint64_t kind, const char *const *from,
                          size_t n_from, const char *const *what, size_t n_what)
{
    size_t j = 0;

    for (size_t i = 0; i < n_from; i++) {
        while (j < n_what && strcmp(what[j], from[i]) < 0)
            j++;
        if (j < n_what && strcmp(what[j], from[i]) == 0)
            continue;
        if (add_text(rest, kind, from[i], strlen(from[i])) < 0)
            return STIR_E_NOMEM;
    }
    return 0;
}

/* Adds to rest what of the interval the sorted intervals from *at on leave, and moves *at to the
   first that may concern the next interval. */
static int subtract_range(struct stir_scope *rest, struct tn_range range,
                          const struct stir_scope *parent, size_t *at)
{
    uint64_t first = range.first; /* of what is not dealt with yet */

    while (*at < parent->n_ranges && parent->ranges[*at].last < first)
        ++*at;
    for (; *at < parent->n_ranges && parent->ranges[*at].first <= range.last; ++*at) {
        const struct tn_range *covered = &parent->ranges[*at];
        if (covered->first > first
            && scope_add_range(rest, (struct tn_range){first, covered->first - 1}) < 0)
            return STIR_E_NOMEM;
        if (covered->last >= range.last)
            return 0;
        first = covered->last + 1;
    }
    return scope_add_range(rest, (struct tn_range){first, range.last});
}

int scope_subtract(const struct stir_scope *child, const struct stir_scope *parent,
                   struct stir_scope **rest)
{
    struct stir_scope *left = scope_new();
    size_t at = 0;
    int rc = STIR_E_NOMEM;

    *rest = NULL;
    if (left == NULL
        || subtract_texts(left, SCOPE_SPC, child->spc_set, child->n_spc_set, parent->spc_set,
                          parent->n_spc_set)
               < 0)
        goto out;
    for (size_t i = 0; i < child->n_ranges; i++)
        if (subtract_range(left, child->ranges[i], parent, &at) < 0)
            goto out;
    if (subtract_texts(left, SCOPE_LITERAL, child->literal_set, child->n_literal_set,
                       parent->literal_set, parent->n_literal_set)
            < 0
        || scope_normalise(left) < 0)
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
