/* Who may have issued what, by name: the certificates of the list and the anchors, compared by
   digests, because a list may have names of LIMIT_NAME octets and a bundle many anchors. */
#include <string.h>

#include "cert/name_canonical.h"
#include "cert/path_build.h"

bool path_is_same(const struct stir_certificate *a, const struct stir_certificate *b)
{
    return memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0;
}

/* What could not be read has no names, and may have very long ones. */
static bool is_readable(const struct stir_certificate *certificate)
{
    return certificate->fault.code != STIR_CODE_CERT_SYNTAX && certificate->spki.data != NULL;
}

int path_names_make(struct path_names *names, const struct stir_chain *chain)
{
    int rc = 0;

    memset(names, 0, sizeof *names);
    for (size_t i = 0; rc == 0 && i < chain->n; i++) {
        const struct stir_certificate *certificate = chain->certificates[i];
        if (!is_readable(certificate))
            continue;
        rc = name_canonical_digest(certificate->subject, names->subjects[i]);
        if (rc == 0)
            rc = name_canonical_digest(certificate->issuer, names->issuers[i]);
    }
    return rc;
}

/* Which of the list it is. */
static size_t place(const struct path_walk *walk, const struct stir_certificate *certificate)
{
    size_t i = 0;

    while (i + 1 < walk->chain->n && walk->chain->certificates[i] != certificate)
        i++;
    return i;
}

static bool is_same_name(const uint8_t a[DIGEST_SHA256_SIZE],
                         const uint8_t b[DIGEST_SHA256_SIZE])
{
    return memcmp(a, b, DIGEST_SHA256_SIZE) == 0;
}

bool path_is_issuer_name(const struct path_walk *walk,
                         const struct stir_certificate *certificate, size_t i)
{
    return is_same_name(walk->names->issuers[place(walk, certificate)],
                        walk->names->subjects[i]);
}

bool path_is_self_issued(const struct path_walk *walk,
                         const struct stir_certificate *certificate)
{
    return path_is_issuer_name(walk, certificate, place(walk, certificate));
}

bool path_is_current(const struct path_walk *walk, const struct stir_certificate *certificate)
{
    return certificate->not_before <= walk->now && walk->now <= certificate->not_after;
}

/* ---- anchors ---- */

/* Of two certificates of one authority: the one that is valid now, then the one that stays so
   for longer. */
static bool is_better(const struct path_walk *walk, const struct stir_certificate *a,
                      const struct stir_certificate *b)
{
    if (path_is_current(walk, a) != path_is_current(walk, b))
        return path_is_current(walk, a);
    return a->not_after > b->not_after;
}

static bool is_same_key(const struct stir_certificate *a, const struct stir_certificate *b)
{
    return memcmp(a->spki_sha256, b->spki_sha256, sizeof a->spki_sha256) == 0;
}

/* The best of those with the key of the one at *at, which goes behind them. NULL: none is an
   anchor now. One name may have two keys and one key two names: only both together are
   the same authority. */
static const struct stir_certificate *best_anchor(const struct path_walk *walk,
                                                  const struct anchor_place *places, size_t n,
                                                  size_t *at)
{
    const struct stir_certificate *first = places[*at].certificate, *best = NULL;

    for (; *at < n && is_same_key(places[*at].certificate, first); ++*at)
        if (walk->anchors->origins[places[*at].i].until >= walk->now
            && (best == NULL || is_better(walk, places[*at].certificate, best)))
            best = places[*at].certificate;
    return best;
}

const struct stir_certificate *path_listed(const struct path_walk *walk, size_t i,
                                           bool *is_anchor)
{
    const struct stir_certificate *listed = walk->chain->certificates[i], *anchor = NULL;
    const struct anchor_place *places = NULL;
    size_t n = 0;

    /* What could not be read stands for nothing, and a signer for itself alone. */
    if (i > 0 && is_readable(listed))
        places = anchors_named(walk->anchors, walk->names->subjects[i], &n);
    for (size_t at = 0; anchor == NULL && at < n;) {
        bool same = is_same_key(places[at].certificate, listed);
        const struct stir_certificate *best = best_anchor(walk, places, n, &at);
        anchor = same ? best : NULL;
    }
    *is_anchor = anchor != NULL;
    return anchor != NULL ? anchor : listed;
}

struct path_anchors path_anchors(const struct path_walk *walk,
                                 const struct stir_certificate *child, bool current_only)
{
    struct path_anchors anchors = {.child = child, .current_only = current_only};

    anchors.places =
        anchors_named(walk->anchors, walk->names->issuers[place(walk, child)], &anchors.n);
    return anchors;
}

static bool fits(const struct stir_certificate *child, const struct stir_certificate *anchor)
{
    return child->akid.data != NULL
           && (anchor->skid.data == NULL || der_equal(child->akid, anchor->skid));
}

const struct stir_certificate *path_next_anchor(const struct path_walk *walk,
                                                struct path_anchors *anchors)
{
    while (anchors->at < anchors->n) {
        const struct stir_certificate *anchor =
            best_anchor(walk, anchors->places, anchors->n, &anchors->at);
        if (anchor == NULL || (anchors->current_only && !path_is_current(walk, anchor)))
            continue;
        if (fits(anchors->child, anchor))
            return anchor;
        if (!anchors->misfit) {
            anchors->misfit = true;
            return anchor;
        }
    }
    return NULL;
}
