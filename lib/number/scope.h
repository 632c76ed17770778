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

#include "number/tn.h"
#include "stir.h"

/* What the first number of an entry says where it is no number's integer (those are 10 up). */
enum { SCOPE_SPC = 0, SCOPE_LITERAL = 1 };

/* An entry in 16 octets: numbers first to last, or SCOPE_SPC or SCOPE_LITERAL and a text. A list
   of 10^6 ranges is 20 MB on the wire, and a decode may take twice that. */
struct scope_entry {
    uint64_t first;
    union {
        uint64_t last;
        const char *text;
    };
};

struct scope_texts;

struct stir_scope {
    struct scope_entry *entries; /* in wire order */
    size_t n_entries, room;
    struct scope_texts *texts; /* SPCs and literals, which never move */

    bool normal;             /* what follows is the set of the above */
    struct tn_range *ranges; /* sorted, disjoint, no two adjacent */
    size_t n_ranges;
    const char **spc_set; /* sorted by octets, unique; point into texts */
    size_t n_spc_set;
    const char **literal_set;
    size_t n_literal_set;
};

/* NULL: out of memory. */
struct stir_scope *scope_new(void);
void scope_free(struct stir_scope *scope);
/* Makes room for so many entries in all, so that a counted list needs one allocation. */
int scope_reserve(struct stir_scope *scope, size_t entries);

/* 0, STIR_E_SYNTAX (not such an entry; nothing is added) or STIR_E_NOMEM. Octets of an SPC:
   0x20 to 0x7E, at least one. */
int scope_add_spc(struct stir_scope *scope, const char *spc, size_t len);
/* Digits, or a literal. */
int scope_add_tn(struct stir_scope *scope, const char *tn, size_t len);
int scope_add_range(struct stir_scope *scope, struct tn_range range);

/* Makes the set. 0 or STIR_E_NOMEM. Cheap where it is made already. Everything below needs it. */
int scope_normalise(struct stir_scope *scope);

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

/*
 * What of child the parent's own entries do not cover: SPCs the parent does not list, literals
 * it does not list, numbers outside its intervals. rest is a normalised scope of the caller's,
 * or NULL where the child is covered whole. 0 or STIR_E_NOMEM. One walk over both.
 */
int scope_subtract(const struct stir_scope *child, const struct stir_scope *parent,
                   struct stir_scope **rest);

#endif
