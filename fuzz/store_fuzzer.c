/* fetch/store: a record of the cache's file. The digest is made good, where the first octet's
   lowest bit is set; what is read is written again as the same octets. */
#include "fetch/store.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 16 * 1024;

enum { HASHED_FROM = 1 + DIGEST_SHA256_SIZE };

static bool is_printable(const char *text, size_t size)
{
    size_t len = strnlen(text, size);

    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return len < size;
}

static void expect_sound(const struct store_record *record)
{
    const struct http_meta *meta = &record->meta;
    struct cache_policy policy;

    FUZZ_ALWAYS((unsigned)record->kind < FETCH_KINDS && record->received >= 0);
    FUZZ_ALWAYS(is_printable(record->url, CACHE_URL_SIZE));
    FUZZ_ALWAYS(is_printable(meta->etag, sizeof meta->etag));
    FUZZ_ALWAYS(is_printable(meta->last_modified, sizeof meta->last_modified));
    FUZZ_ALWAYS(is_printable(meta->content_type, sizeof meta->content_type));
    cache_policy_init(&policy);
    struct cache_life life =
        cache_life_of(&policy, record->kind, meta, record->requested, record->received, 7);
    FUZZ_ALWAYS(life.expires >= record->received && life.stale_until >= life.expires);
}

static void expect_same(const struct store_record *record, const uint8_t *data, size_t len)
{
    size_t again_len = 0;
    uint8_t *again = store_encode(record, &again_len);

    FUZZ_EXPECT(again != NULL);
    if (again != NULL)
        FUZZ_ALWAYS(again_len == len && memcmp(again, data, len) == 0);
    free(again);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct store_record record;
    char *url = NULL;

    if (len == 0)
        return 1;
    uint8_t *copy = malloc(len - 1 > 0 ? len - 1 : 1);
    if (copy == NULL)
        return STIR_E_NOMEM;
    memcpy(copy, data + 1, --len);
    if ((data[0] & 1) != 0 && len >= HASHED_FROM
        && digest_sha256(copy + HASHED_FROM, len - HASHED_FROM, copy + 1) < 0) {
        free(copy);
        return STIR_E_INTERNAL;
    }
    int rc = store_decode(copy, len, NULL, &record, &url, NULL);
    FUZZ_ALWAYS((rc == 0) == (url != NULL));
    if (rc == 0) {
        expect_sound(&record);
        expect_same(&record, copy, len);
        body_free(record.body);
    }
    free(url);
    free(copy);
    return rc == STIR_E_SYNTAX ? 1 : rc;
}
