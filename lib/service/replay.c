/* Tokens seen: which call each was first valid in. */
#include "service/replay.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/es256.h"
#include "fetch/segments.h"

struct seen {
    struct segments_entry entry; /* first: the map's */
    struct replay_key key;
};

struct replay {
    _Atomic(struct segments *) map; /* NULL before it is prepared; then never another one */
};

static void release(struct segments_entry *entry)
{
    free(entry);
}

struct replay *replay_new(void)
{
    return calloc(1, sizeof(struct replay));
}

int replay_prepare(struct replay *replay)
{
    struct segments *none = NULL, *map;

    if (atomic_load(&replay->map) != NULL)
        return 0;
    map = segments_new(LIMIT_REPLAYS, LIMIT_REPLAYS * sizeof(struct seen), release);
    if (map == NULL)
        return STIR_E_NOMEM;
    if (!atomic_compare_exchange_strong(&replay->map, &none, map))
        segments_free(map); /* another reload was first */
    return 0;
}

void replay_free(struct replay *replay)
{
    if (replay == NULL)
        return;
    segments_free(replay->map);
    free(replay);
}

int replay_key_of(struct replay_key *key, const struct jws *jws, const char *call_id)
{
    if (digest_sha256(jws->token, jws->signing_len, key->token) < 0
        || digest_sha256(call_id, strlen(call_id), key->call) < 0)
        return STIR_E_INTERNAL;
    memcpy(key->token + DIGEST_SHA256_SIZE, jws->signature, ES256_NUMBER_SIZE);
    return 0;
}

static struct segments_key place_of(const struct replay_key *key)
{
    return (struct segments_key){.data = key->token, .len = sizeof key->token};
}

static bool is_other(const struct segments_entry *entry, const struct replay_key *key)
{
    return memcmp(((const struct seen *)entry)->key.call, key->call, sizeof key->call) != 0;
}

bool replay_is_known(struct replay *replay, const struct replay_key *key)
{
    struct segments *map = atomic_load(&replay->map);
    struct segments_key place = place_of(key);
    struct shard *shard = segments_lock(map, &place);
    struct segments_entry *entry = segments_find(shard, &place);
    bool known = entry != NULL && is_other(entry, key);

    segments_unlock(map, shard);
    return known;
}

int replay_claim(struct replay *replay, const struct replay_key *key)
{
    struct segments *map = atomic_load(&replay->map);
    struct segments_key place = place_of(key);
    struct seen *seen = calloc(1, sizeof *seen);
    int rc = 0;

    if (seen == NULL)
        return STIR_E_NOMEM;
    seen->key = *key;
    seen->entry.key = seen->key.token;
    seen->entry.key_len = sizeof seen->key.token;
    seen->entry.octets = sizeof *seen;
    struct shard *shard = segments_lock(map, &place);
    struct segments_entry *entry = segments_find(shard, &place);
    if (entry == NULL) {
        segments_put(shard, &place, &seen->entry);
        seen = NULL;
    } else {
        rc = is_other(entry, key);
    }
    segments_unlock(map, shard);
    free(seen);
    return rc;
}
