/* STIR_LIST_ANCHORS: whom a configuration trusts. */
#include "service/anchor_rows.h"

#include "base/clock.h"
#include "service/rows.h"

static int add(struct stir_rows *rows, const struct stir_certificate *certificate,
               const struct anchor_origin *origin)
{
    char not_after[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
    const char *subject = stir_certificate_text(certificate, "subject");
    const char *sha256 = stir_certificate_text(certificate, "sha256");
    bool ends = origin->until != INT64_MAX;
    int rc = subject == NULL || sha256 == NULL ? STIR_E_NOMEM : rows_add(rows);

    if (rc == 0)
        rc = rows_set(rows, 0, subject);
    if (rc == 0)
        rc = rows_set(rows, 1, sha256);
    if (rc == 0)
        rc = rows_set(rows, 2, clock_text(not_after, certificate->not_after));
    if (rc == 0)
        rc = rows_set(rows, 3, origin->source);
    return rc == 0 && ends ? rows_set(rows, 4, clock_text(until, origin->until)) : rc;
}

struct stir_rows *anchor_rows(const struct anchors *anchors)
{
    static const char *const columns[] = {"subject", "sha256", "not_after",
                                          "source",  "until",  NULL};
    struct stir_rows *rows = rows_new(columns);
    int rc = rows == NULL ? STIR_E_NOMEM : 0;

    for (size_t i = 0; rc == 0 && i < anchors->n; i++)
        rc = add(rows, anchors->certificates[i], &anchors->origins[i]);
    if (rc == 0)
        return rows;
    stir_rows_free(rows);
    return NULL;
}
