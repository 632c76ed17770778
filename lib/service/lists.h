/*
 * The TNAuthLists by reference of one path (RFC 8226 section 10.1, A-10): wanted when its
 * signatures are known to reach an anchor, all certificates' at once, and of one certificate the
 * next location when the one before gave no list.
 */
#ifndef STIR_SERVICE_LISTS_H
#define STIR_SERVICE_LISTS_H

#include "service/result.h"
#include "service/want.h"

/* Who makes wants: an operation, or memory alone. */
struct want_source {
    struct memory *memory;
    const struct snapshot *snapshot;
    /* A want that its maker owns; *want stays NULL where there are too many. 0 or STIR_E_NOMEM. */
    int (*make)(void *arg, const char *url, struct want **want);
    void *arg;
    size_t *budget; /* for what is read of lists that came (base/budget.h) */
};

struct list_item {
    size_t depth, location;
    struct want *want;             /* borrowed; NULL: it is settled */
    bool counted;                  /* what it came to, among the octets */
    const struct want *gave;       /* borrowed: what gave the list; NULL: nothing yet */
    struct stir_certificate *with; /* the certificate with its list; NULL: none yet */
    struct stir_error fault;       /* why there is none */
};

/* All zero is none. */
struct lists {
    struct list_item *items; /* NULL: none. One for each certificate that refers to a list */
    size_t n;
    size_t octets; /* of the lists so far: LIMIT_LISTS_OCTETS */
};

void lists_free(struct lists *lists);
/* What the certificates of path refer to. 0 or STIR_E_NOMEM. */
int lists_begin(struct lists *lists, const struct path *path, const struct want_source *source,
                struct stir_error *error);
/* Takes what has come. 1: everything is settled; 0: something is still wanted; BUDGET_GONE: or is
   being read; negative. */
int lists_advance(struct lists *lists, const struct path *path,
                  const struct want_source *source, struct stir_error *error);
/* Did anything come that lists_advance() has not taken? */
bool lists_have_come(const struct lists *lists);
/*
 * Puts certificates with their lists in the place of those without, and finds what is wrong:
 * STIR_CODE_TNAUTHLIST_UNREACHABLE, STIR_CODE_TNAUTHLIST_SYNTAX, STIR_CODE_X5U_REFUSED,
 * STIR_CODE_X5U_BODY at the certificate's depth. Warns of copies that have expired, as long as the
 * wants are there. 0: go on; 1: definitely invalid; STIR_E_NOMEM.
 */
int lists_apply(struct lists *lists, struct stir_result *result, struct stir_error *error);
/* All of it with what memory has, for who waits for nothing. 0, 1 or negative. */
int lists_from_memory(struct memory *memory, const struct snapshot *snapshot,
                      struct stir_result *result, struct stir_error *error);

#endif
