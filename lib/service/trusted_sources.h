/* What source keys trusted_list and trusted_list_signer name: the lists of policy administrators,
   one for each key that is pinned. */
#ifndef STIR_SERVICE_TRUSTED_SOURCES_H
#define STIR_SERVICE_TRUSTED_SOURCES_H

#include "rules/trusted_list.h"

/* All zero is none. */
struct trusted_lists {
    struct anchors signers; /* that are pinned */
    struct trusted_list *lists;
    size_t n;
};

void trusted_lists_free(struct trusted_lists *lists);
int trusted_lists_copy(struct trusted_lists *to, const struct trusted_lists *from);

/* From a file or folder, or (path NULL) from memory; all or nothing. A list is judged by the
   signers there are by then; it takes the place of one of the same signer with a lower sequence.
   0, a positive enum stir_code, or negative. */
int trusted_sources_add_signers(struct trusted_lists *lists, const char *path, const void *data,
                                size_t len, struct stir_error *error);
int trusted_sources_add(struct trusted_lists *lists, const char *path, const void *data,
                        size_t len, struct stir_error *error);
/* Is there one at all? 0 or STIR_E_ARGUMENT. */
int trusted_sources_check_signers(const struct trusted_lists *lists, struct stir_error *error);

/* One more, by reference; of a signer the newest stays. 0 or STIR_E_NOMEM. */
int trusted_lists_add(struct trusted_lists *lists, const struct trusted_list *list);
/* Is the list's signer among those that are pinned? */
bool trusted_lists_have_signer(const struct trusted_lists *lists,
                               const struct trusted_list *list);
/* Is there one of the same signer that has not ended? */
bool trusted_lists_lasts(const struct trusted_lists *lists, const struct trusted_list *list,
                         int64_t now);
/* May next take the place of what there is of its signer? 0 or STIR_E_REFUSED. */
int trusted_lists_check_next(const struct trusted_lists *before,
                             const struct trusted_list *next, struct stir_error *error);
/* May next take before's place: no signer's sequence goes back? 0 or STIR_E_REFUSED. */
int trusted_lists_check_succession(const struct trusted_lists *next,
                                   const struct trusted_lists *before,
                                   struct stir_error *error);
/* Adds the anchors of all lists: 0 or STIR_E_NOMEM. */
int trusted_lists_add_anchors(const struct trusted_lists *lists, struct anchors *anchors);

#endif
