/*
 * TNAuthLists that URLs gave, read once, by their digest; and certificates with theirs. A list
 * of a million entries takes half a second to read: so who must not be held up reads on for as
 * long as his budget lasts, and then again, and whoever else wants the same list in the
 * meantime goes on where the last one stopped. Bounded by entries and octets; the one not asked
 * for the longest gives way. For any thread.
 */
#ifndef STIR_SERVICE_LIST_CACHE_H
#define STIR_SERVICE_LIST_CACHE_H

#include "cert/certificate.h"
#include "fetch/body.h"

struct list_cache;

struct list_cache *list_cache_new(void); /* NULL: out of memory */
void list_cache_free(struct list_cache *cache);
/*
 * The certificate with that list: a reference. 0, STIR_CODE_TNAUTHLIST_SYNTAX, negative;
 * BUDGET_GONE: there is more to read than the budget was good for, or another thread is reading on
 * (turns.h). cache NULL: it is read, and not kept, for which the budget must suffice.
 */
int list_cache_open(struct list_cache *cache, const struct stir_certificate *certificate,
                    struct body *body, size_t *budget, struct stir_certificate **with,
                    struct stir_error *error);

#endif
