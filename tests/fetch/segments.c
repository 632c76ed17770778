/* fetch/segments: a map that forgets, against one that does not; what a flood cannot push out. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/segments.h"

struct item {
    struct segments_entry entry;
    int value;
    char key[32];
    bool used; /* elsewhere */
};

static atomic_int alive;

static void release(struct segments_entry *entry)
{
    alive--;
    free(entry);
}

static void put(struct segments *map, const char *text, int value, uint32_t octets)
{
    struct item *item = calloc(1, sizeof *item);
    struct segments_key key = {.data = text, .len = strlen(text)};

    alive++;
    item->value = value;
    strcpy(item->key, text);
    item->entry.key = item->key;
    item->entry.key_len = (uint16_t)key.len;
    item->entry.octets = octets;
    struct shard *shard = segments_lock(map, &key);
    segments_put(shard, &key, &item->entry);
    segments_unlock(map, shard);
}

/* -1: it is not there. */
static int get(struct segments *map, const char *text, bool use)
{
    struct segments_key key = {.data = text, .len = strlen(text)};
    struct shard *shard = segments_lock(map, &key);
    struct item *item = (struct item *)segments_find(shard, &key);
    int value = item == NULL ? -1 : item->value;

    if (item != NULL && use)
        segments_use(shard, &item->entry);
    segments_unlock(map, shard);
    return value;
}

static bool drop(struct segments *map, const char *text)
{
    struct segments_key key = {.data = text, .len = strlen(text)};
    struct shard *shard = segments_lock(map, &key);
    struct segments_entry *entry = segments_find(shard, &key);

    if (entry != NULL)
        segments_remove(shard, entry);
    segments_unlock(map, shard);
    return entry != NULL;
}

static const char *name(char room[32], const char *prefix, int i)
{
    snprintf(room, 32, "%s%d", prefix, i);
    return room;
}

/* 100,000 random steps on 500 keys: what is found is what was put last. With room for all,
   everything is found. */
Test(segments, random)
{
    enum { KEYS = 500 };
    static const size_t bounds[] = {KEYS, 100, 1};

    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        struct segments *map = segments_new(bounds[b], 1 << 20, release);
        int model[KEYS];
        char room[32];
        unsigned seed = 7;
        memset(model, -1, sizeof model);
        for (int step = 0; step < 100000; step++) {
            int k = rand_r(&seed) % KEYS, what = rand_r(&seed) % 4;
            if (what == 0) {
                put(map, name(room, "k", k), step, 10);
                model[k] = step;
            } else if (what == 1) {
                bool there = drop(map, name(room, "k", k));
                cr_assert(model[k] >= 0 || !there);
                model[k] = -1;
            } else {
                int found = get(map, name(room, "k", k), what == 2);
                cr_assert(found == model[k] || (found == -1 && bounds[b] < KEYS), "%d, not %d",
                          found, model[k]);
            }
            cr_assert_leq(segments_entries(map), bounds[b]);
            cr_assert_eq(segments_octets(map), 10 * segments_entries(map));
        }
        cr_expect_eq((size_t)alive, segments_entries(map));
        segments_free(map);
        cr_expect_eq(alive, 0);
    }
}

/* A bound of octets: many small ones, or few large ones. */
Test(segments, octets)
{
    struct segments *map = segments_new(1000, 10000, release);
    char room[32];

    for (int i = 0; i < 300; i++)
        put(map, name(room, "small", i), i, 100);
    cr_expect_eq(segments_entries(map), 100);
    put(map, "large", 1, 9950);
    cr_expect_leq(segments_octets(map), 10000);
    cr_expect_eq(segments_entries(map), 1);
    put(map, "too large", 1, 10001);
    cr_expect_eq(segments_entries(map), 0);
    cr_expect_eq(segments_octets(map), 0);
    segments_free(map);
}

/* What was used twice stays while 100,000 come that are used once; unlike its twin that was not
   used. */
Test(segments, flood)
{
    enum { REAL = 1000, FLOOD = 100000 };
    struct segments *map = segments_new(8192, 1u << 30, release);
    char room[32];
    int used = 0, unused = 0;

    for (int i = 0; i < REAL; i++) {
        put(map, name(room, "used", i), i, 1);
        put(map, name(room, "unused", i), i, 1);
        get(map, name(room, "used", i), true);
        get(map, name(room, "unused", i), false);
    }
    for (int i = 0; i < FLOOD; i++)
        put(map, name(room, "flood", i), i, 1);
    for (int i = 0; i < REAL; i++) {
        used += get(map, name(room, "used", i), false) == i;
        unused += get(map, name(room, "unused", i), false) == i;
    }
    cr_expect_eq(used, REAL);
    cr_expect_eq(unused, 0, "%d", unused);
    cr_expect_eq(segments_entries(map), 8192);
    cr_expect_eq(segments_evicted(map), 2 * REAL + FLOOD - 8192);
    segments_free(map);
}

/* Though all of a flood is used twice, new ones find room: protection is bounded. */
Test(segments, protection_is_bounded)
{
    struct segments *map = segments_new(6400, 1u << 30, release);
    char room[32];
    int found = 0;

    for (int i = 0; i < 20000; i++) {
        put(map, name(room, "k", i), i, 1);
        get(map, name(room, "k", i), true);
    }
    for (int i = 0; i < 300; i++)
        put(map, name(room, "new", i), i, 1);
    for (int i = 0; i < 300; i++)
        found += get(map, name(room, "new", i), false) == i;
    cr_expect_eq(found, 300, "%d", found);
    segments_free(map);
}

/* A replacement keeps its place: a refresh does not put what is in use on probation. */
Test(segments, replacement_stays_protected)
{
    struct segments *map = segments_new(1000, 1u << 30, release);
    char room[32];

    put(map, "kept", 1, 1);
    get(map, "kept", true);
    put(map, "kept", 2, 1);
    for (int i = 0; i < 5000; i++)
        put(map, name(room, "flood", i), i, 1);
    cr_expect_eq(get(map, "kept", false), 2);
    segments_free(map);
}

/* Keys of different length, or that differ behind a NUL, are different keys. */
Test(segments, whole_key)
{
    struct segments *map = segments_new(100, 1u << 30, release);

    put(map, "ab", 1, 1);
    put(map, "abc", 2, 1);
    put(map, "", 3, 1);
    cr_expect_eq(get(map, "ab", false), 1);
    cr_expect_eq(get(map, "abc", false), 2);
    cr_expect_eq(get(map, "", false), 3);
    cr_expect_eq(get(map, "a", false), -1);
    struct segments_key key = {.data = "ab\0c", .len = 4};
    struct shard *shard = segments_lock(map, &key);
    cr_expect_null(segments_find(shard, &key));
    segments_unlock(map, shard);
    segments_free(map);
}

/* The same octets of another sort are another key. */
Test(segments, sorts)
{
    struct segments *map = segments_new(100, 1u << 30, release);
    struct item *items[2] = {calloc(1, sizeof **items), calloc(1, sizeof **items)};

    for (uint8_t sort = 0; sort < 2; sort++) {
        struct segments_key key = {.data = "a", .len = 1, .sort = sort};
        struct shard *shard = segments_lock(map, &key);
        cr_expect_null(segments_find(shard, &key));
        alive++;
        items[sort]->entry =
            (struct segments_entry){.key = "a", .key_len = 1, .octets = 1, .sort = sort};
        segments_put(shard, &key, &items[sort]->entry);
        cr_expect_eq((struct item *)segments_find(shard, &key), items[sort]);
        segments_unlock(map, shard);
    }
    cr_expect_eq(segments_entries(map), 2);
    segments_free(map);
}

/* What an entry leads to is a hint: where nothing is any more, and where another's is in its place,
   the same is found. */
Test(segments, leads)
{
    struct segments *map = segments_new(8, 1u << 30, release);
    char room[32], *gone = malloc(1 << 20);

    cr_assert(segments_lead(map));
    for (int i = 0; i < 8; i++) {
        put(map, name(room, "k", i), i, 1);
        struct segments_key key = {.data = room, .len = strlen(room)};
        struct shard *shard = segments_lock(map, &key);
        segments_lead_to(shard, segments_find(shard, &key), gone, i % 2 == 0 ? NULL : gone);
        segments_unlock(map, shard);
    }
    free(gone);
    for (int i = 0; i < 8; i++)
        cr_expect_eq(get(map, name(room, "k", i), false), i);
    segments_free(map);
}

static bool was_used(struct segments_entry *entry)
{
    struct item *item = (struct item *)entry;
    bool used = item->used;

    item->used = false;
    return used;
}

static void use_elsewhere(struct segments *map, const char *text)
{
    struct segments_key key = {.data = text, .len = strlen(text)};
    struct shard *shard = segments_lock(map, &key);
    struct item *item = (struct item *)segments_find(shard, &key);

    if (item != NULL)
        item->used = true;
    segments_unlock(map, shard);
}

/* What is used elsewhere stays while a flood comes and it goes on being used; unlike its twin
   that is not, and unlike itself when it is used no more and what is protected is full of
   others. */
Test(segments, used_elsewhere)
{
    enum { REAL = 100, FLOOD = 20000 };
    struct segments *map = segments_new(1000, 1u << 30, release);
    char room[32];
    int used = 0, unused = 0;

    segments_ask(map, was_used);
    for (int i = 0; i < REAL; i++) {
        put(map, name(room, "used", i), i, 1);
        put(map, name(room, "unused", i), i, 1);
        use_elsewhere(map, name(room, "used", i));
    }
    for (int i = 0; i < FLOOD; i++) {
        put(map, name(room, "flood", i), i, 1);
        cr_assert_leq(segments_entries(map), 1000);
    }
    for (int i = 0; i < REAL; i++) {
        used += get(map, name(room, "used", i), false) == i;
        unused += get(map, name(room, "unused", i), false) == i;
    }
    cr_expect_eq(used, REAL, "%d", used);
    cr_expect_eq(unused, 0, "%d", unused);
    for (int i = 0; i < 5000; i++) {
        put(map, name(room, "later", i), i, 1);
        use_elsewhere(map, room);
    }
    for (int i = 0, left = 0; i < REAL; i++) {
        left += get(map, name(room, "used", i), false) == i;
        cr_expect_eq(left, 0, "%d", left);
    }
    segments_free(map);
}

/* Though all is always in use, what is beyond the bounds goes. */
static bool always_used(struct segments_entry *entry)
{
    (void)entry;
    return true;
}

Test(segments, bounds_hold_though_all_is_used)
{
    struct segments *map = segments_new(100, 1u << 30, release);
    char room[32];

    segments_ask(map, always_used);
    for (int i = 0; i < 1000; i++) {
        put(map, name(room, "k", i), i, 1);
        cr_assert_leq(segments_entries(map), 100);
    }
    segments_free(map);
}

static bool count(void *arg, struct segments_entry *entry)
{
    (void)entry;
    return ++*(int *)arg < 40;
}

Test(segments, walk_and_clear)
{
    struct segments *map = segments_new(1000, 1u << 30, release);
    char room[32];
    int n = 0, parts = -1000;

    for (int i = 0; i < 100; i++)
        put(map, name(room, "k", i), i, 1);
    segments_walk(map, 0, SEGMENTS_SHARDS, count, &n);
    cr_expect_eq(n, 40, "visit ends it");
    for (size_t i = 0; i < SEGMENTS_SHARDS; i++)
        segments_walk(map, i, 1, count, &parts);
    cr_expect_eq(parts, -900, "all of it in parts");
    segments_clear(map);
    cr_expect_eq(segments_entries(map), 0);
    cr_expect_eq(alive, 0);
    segments_free(map);
}
