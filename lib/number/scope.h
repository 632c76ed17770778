/*
 * Scopes: sets of SPCs and numbers, what a TNAuthList stands for.
 *
 * A scope keeps its entries in the order they came in (the wire's), and, once normalised, the
 * set they make: SPCs sorted and unique (by octets), literals (numbers with * or #) sorted and
 * unique, digit numbers as sorted, disjoint, merged intervals. TNAuthLists are not canonical on
 * the wire, so every question is asked of the set, never of the entries.
 */
#ifndef STIR_NUMBER_SCOPE_H
#define STIR_NUMBER_SCOPE_H

#include <stdatomic.h>

#include "number/text_sort.h"
#include "number/tn.h"
#include "stir.h"

/* What the first number of an entry says where it is no number's integer (those are 10 up). */
enum scope_kind { SCOPE_SPC = 0, SCOPE_LITERAL = 1 };

enum { SCOPE_STRIDE = 64 };

/* An entry: numbers first to last, or SCOPE_SPC or SCOPE_LITERAL and a text of the scope's. */
struct scope_entry {
    uint64_t first;
    union {
        uint64_t last;
        const char *text;
    };
};

struct scope_block;

/* Where a walk over the entries is; all zero before the first. */
struct scope_cursor {
    const struct scope_block *block;
    size_t at;
};

struct stir_scope {
    atomic_uint others; /* that hold it too: once normalised, it may be shared */
    /* Entries in wire order, packed: a list may repeat a number of one digit, which is 5 octets on
       the wire, a hundred thousand times. Blocks never move. */
    struct scope_block *first_block, *last_block;
    size_t n_entries;
    struct scope_cursor *marks; /* where each SCOPE_STRIDE-th entry is */
    size_t n_marks, marks_room;

    bool normal;             /* what follows is the set of the above */
    struct tn_range *ranges; /* sorted, disjoint, no two adjacent */
    size_t n_ranges;
    const char **spc_set; /* sorted by octets, unique; point into the blocks */
    size_t n_spc_set;
    const char **literal_set;
    size_t n_literal_set;
};

/* NULL: out of memory. */
struct stir_scope *scope_new(void);
struct stir_scope *scope_ref(
    struct stir_scope *scope); /* one more holder, of what is normalised */
void scope_free(struct stir_scope *scope);
/* Makes room for so many more entries of so many octets, so that a counted list needs no more
   than it takes. An entry takes at least 2 octets less than its DER. */
int scope_reserve(struct stir_scope *scope, size_t entries, size_t octets);

/* 0, STIR_E_SYNTAX (not such an entry; nothing is added) or STIR_E_NOMEM. Octets of an SPC:
   0x20 to 0x7E, at least one. */
int scope_add_spc(struct stir_scope *scope, const char *spc, size_t len);
/* Digits, or a literal. */
int scope_add_tn(struct stir_scope *scope, const char *tn, size_t len);
int scope_add_range(struct stir_scope *scope, struct tn_range range);

/* The next entry; false: there is none. */
bool scope_next(const struct stir_scope *scope, struct scope_cursor *cursor,
                struct scope_entry *entry);
/* The i-th, of which there are more. */
struct scope_entry scope_entry_at(const struct stir_scope *scope, size_t i);

/* Makes the set. 0 or STIR_E_NOMEM. Cheap where it is made already. Everything below needs it. */
int scope_normalise(struct stir_scope *scope);
/* The same in steps, so that a list of a million entries does not hold up a loop. */
enum { SCOPE_NORMAL = 9 };
struct scope_normalising {
    struct stir_scope *scope;
    unsigned stage; /* SCOPE_NORMAL: done */
    struct scope_cursor cursor;
    size_t n[3]; /* entries by kind; 2: numbers */
    struct text_sort sorts[2];
    size_t at[2], unique[2];
    struct tn_merging merging;
};
void scope_normalise_begin(struct scope_normalising *normalising, struct stir_scope *scope);
/* 1: there is more to do than that budget (base/budget.h), which is spent; 0: the set is made;
   STIR_E_NOMEM. */
int scope_normalise_step(struct scope_normalising *normalising, size_t *budget);
void scope_normalise_end(struct scope_normalising *normalising);

bool scope_is_empty(const struct stir_scope *scope);
/* SPCs, and no number or literal. */
bool scope_is_spcs_only(const struct stir_scope *scope);
bool scope_has_spc(const struct stir_scope *scope, const char *spc);
bool scope_has_literal(const struct stir_scope *scope, const char *literal);
/* Is the number (as text, digits or literal) in the scope's own entries? SPCs are not asked. */
bool scope_has_tn(const struct stir_scope *scope, const char *tn, size_t len);
/* The interval of the set that holds the number; NULL: none. */
const struct tn_range *scope_find(const struct stir_scope *scope, uint64_t tn);
/* How many numbers, literals included; SPCs count nothing. */
uint64_t scope_count(const struct stir_scope *scope);

/* What of child the parent's own entries do not cover: numbers outside its intervals, by a walk
   over both that starts all zero but for the two scopes. */
struct scope_rest {
    const struct stir_scope *child, *parent;
    size_t of_child, of_parent; /* which intervals of either are next */
    uint64_t first;             /* of what is not dealt with of the child's; 0: all of it */
};
/* In steps (base/budget.h). 1: there is one; 0: there is no more; BUDGET_GONE. */
int scope_rest_step(struct scope_rest *rest, size_t *budget, struct tn_range *range);
/* The same of SPCs, or of literals: those of the child's set that the parent does not list. All
   zero is the beginning; the one found stands before of_child. */
struct scope_rest_texts {
    size_t of_child, of_parent;
};
int scope_rest_texts_step(const struct stir_scope *child, const struct stir_scope *parent,
                          enum scope_kind kind, struct scope_rest_texts *rest, size_t *budget);
/* A set of texts: SPCs or literals, sorted by octets. */
struct scope_texts {
    const char *const *texts;
    size_t n;
};
struct scope_texts scope_texts_of(const struct stir_scope *scope, enum scope_kind kind);

/* All of that as a normalised scope of the caller's, or NULL where the child is covered whole. 0
   or STIR_E_NOMEM. */
int scope_subtract(const struct stir_scope *child, const struct stir_scope *parent,
                   struct stir_scope **rest);

#endif
