/* Lists of look-alike issuers. */
#include "tests/mint_look_alikes.h"

#include <stdlib.h>
#include <string.h>

#include "tests/mint_octets.h"

enum { MOST = 63 };

static const struct mint_extension *padding(size_t octets)
{
    struct mint_extension *two = keep(2 * sizeof *two);
    char *hex = keep(2 * octets + 1);

    memset(hex, '7', 2 * octets);
    two[0] = (struct mint_extension){.oid = "1.2.3.4.5", .hex = hex};
    return octets > 0 ? two : NULL;
}

/* The i-th. */
static struct mint issuer(const struct mint_look_alikes *list, size_t i)
{
    return (struct mint){.subject = list->subject != NULL ? list->subject : "look-alike",
                         .issuer_name = list->issuer_name,
                         .key = keep_text("look-alike %zu", list->keys == MINT_ONE_KEY ? 0 : i),
                         .kind = list->kind,
                         .serial_hex = keep_text("%02zx", i + 1),
                         .not_after = i < list->ending ? MINT_NOW - 1 : 0,
                         .ca = MINT_YES,
                         .skid = "01",
                         .akid = "01",
                         .extensions = padding(list->padding)};
}

/* What signed the i-th; the leaf is below the last. */
static const struct mint *signer(const struct mint_look_alikes *list,
                                 const struct mint *issuers, size_t i)
{
    if (i + 1 == list->n && list->anchor != NULL)
        return list->anchor;
    if (list->keys == MINT_CIRCLE)
        return &issuers[(i + 1) % list->n];
    return &issuers[i];
}

static const struct minted *make_leaf(const struct mint_look_alikes *list,
                                      const struct mint *above)
{
    struct mint leaf = *list->leaf;

    leaf.akid = "01";
    leaf.issuer_name = list->issuer_name;
    if (list->padding > 0)
        leaf.extensions = padding(list->padding);
    if (list->keys == MINT_STRANGERS && list->anchor == NULL)
        leaf.signing_key = "none of the look-alikes";
    return mint_make(&leaf, above);
}

const char *mint_look_alikes(const struct mint_look_alikes *list)
{
    struct mint issuers[MOST];
    const struct minted *made[MOST + 1];

    if (list->n == 0 || list->n > MOST)
        abort();
    for (size_t i = 0; i < list->n; i++)
        issuers[i] = issuer(list, i);
    made[0] = make_leaf(list, &issuers[list->n - 1]);
    for (size_t i = 0; i < list->n; i++) {
        const struct mint *above = signer(list, issuers, i);
        struct mint one = issuers[i];
        if (above == list->anchor)
            one.akid = one.issuer_name = NULL;
        made[i + 1] = mint_make(&one, above);
    }
    return mint_pem_list_n(made, list->n + 1);
}
