/* What a path that is kept takes: at most 8 KiB each, of delegates under one authority. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/path_cache.h"
#include "tests/memory/allocator.h"
#include "tests/mint.h"

enum { PATHS = 24, WARM = 4, MOST = 8 * 1024 };

static struct anchors anchors;
static const char *bodies[PATHS];

static void mint_all(void)
{
    struct stir_error error;
    const struct minted *root = mint_make(&mint_root, NULL),
                        *sti_ca = mint_make(&mint_sti_ca, &mint_root),
                        *spc_ca = mint_make(&mint_spc_ca, &mint_sti_ca);

    if (anchors_add_pem(&anchors, root->pem, strlen(root->pem), &es256_gnutls, &error) != 0)
        abort();
    for (unsigned i = 0; i < PATHS; i++) {
        struct mint spec = mint_delegate;
        char serial[8];
        snprintf(serial, sizeof serial, "%04x", i + 0x1000);
        spec.serial_hex = serial;
        bodies[i] = mint_pem_list(mint_make(&spec, &mint_spc_ca), spc_ca, sti_ca, NULL);
    }
}

/* As a call does it: the list is read, its path built and kept, and the list forgotten. */
static void keep(struct path_cache *cache, unsigned i)
{
    struct stir_chain *chain = NULL;
    struct stir_error error;
    struct warnings warnings = {0};
    struct path path = {0};
    struct kept_path *kept = NULL;
    uint8_t digest[DIGEST_SHA256_SIZE];
    struct path_key key = {digest, NULL, 1, MINT_NOW, MINT_NOW};

    error_clear(&error);
    if (digest_sha256(bodies[i], strlen(bodies[i]), digest) < 0
        || chain_new(bodies[i], strlen(bodies[i]), false, &es256_gnutls, &chain) < 0
        || path_build(&path, chain, &anchors, PATH_ORDER_AUTO, MINT_NOW, &warnings, &error) != 0
        || path_cache_put(cache, &key, chain, &anchors, &path, &warnings, NULL, &kept) < 0) {
        printf("FAIL: %s\n", error.text);
        exit(1);
    }
    kept_path_free(kept);
    path_free(&path);
    warnings_free(&warnings);
    stir_chain_free(chain);
}

int main(void)
{
    struct path_cache *cache = path_cache_new();
    struct path_cache_counts before, after;

    mint_all();
    for (unsigned i = 0; i < WARM; i++)
        keep(cache, i);
    path_cache_count(cache, &before);
    allocator_start(NULL);
    for (unsigned i = WARM; i < PATHS; i++)
        keep(cache, i);
    struct allocator_count count = allocator_stop();
    path_cache_count(cache, &after);
    size_t each = count.left / (PATHS - WARM),
           estimate = (after.octets - before.octets) / (PATHS - WARM);
    bool good = each <= MOST && after.good == PATHS && after.interned == 2
                && estimate >= each / 2 && estimate <= 2 * each;
    printf("%s: %zu octets a path, of %d; estimated %zu; %zu certificates shared\n",
           good ? "PASS" : "FAIL", each, MOST, estimate, after.interned);
    path_cache_free(cache);
    anchors_free(&anchors);
    return !good;
}
