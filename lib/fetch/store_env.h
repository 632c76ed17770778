/*
 * The LMDB file under the store: keys and values, whatever they mean. The one place that knows
 * LMDB.
 *
 * Flags, and why: NOSUBDIR, one file (and its lock file, "-lock"). NOTLS, so that a read
 * transaction belongs to no thread. NOSYNC, since a commit that waits for the disk takes 13 to
 * 20 ms, measured, which no event loop has: it survives the end of the process, however that
 * comes, and the disk is waited for when the file is closed. After a crash of the machine it
 * may hold half of a commit; that is found when it is opened (store_pages.h). No WRITEMAP, with
 * which it could be overwritten by accident. No NOMEMINIT, or it would hold what was in our
 * memory.
 */
#ifndef STIR_FETCH_STORE_ENV_H
#define STIR_FETCH_STORE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct store_env;

enum {
    /* Of addresses and, at most, of the file: four times the bodies of the field's 17,839 URLs. All
       processes say the same; where a later version made it larger, that is followed. */
    STORE_MAP_OCTETS = 256 * 1024 * 1024,
    /* What may be in use of it, in hundredths: a commit writes new pages before it frees old
       ones, and pages that another process still reads are not free. */
    STORE_USED_MOST = 60,
    /* How much of the records goes when that is reached, in hundredths. */
    STORE_EVICTED = 10,
    /* Processes and threads that read at once; the lock file takes 64 octets for each. */
    STORE_READERS = 1024,
    /* Octets of a key: LMDB's own limit. */
    STORE_KEY_MOST = 511
};

/* An octet string to be put under a key; data NULL: what is there goes. */
struct store_item {
    const void *key, *data;
    size_t key_len, len;
};

/* When a value came, for the oldest to go first. */
typedef int64_t store_time(const void *data, size_t len);

/* Opens or makes it. The caller sees to it that no process opens a file twice. 0, STIR_E_FILE,
   STIR_E_NOMEM. */
int store_env_open(const char *path, store_time *time, struct store_env **env,
                   struct stir_error *error);
void store_env_close(struct store_env *env);
/* 1: *data is a copy, for free(3); 0: it is not there; negative. */
int store_env_read(struct store_env *env, const void *key, size_t key_len, void **data,
                   size_t *len, struct stir_error *error);
/* All of them, in one commit. How many there were of those to go; negative: nothing changed. */
int store_env_write(struct store_env *env, const struct store_item *items, size_t n,
                    struct stir_error *error);
/* Waits until the disk has what was committed. */
int store_env_sync(struct store_env *env, struct stir_error *error);
/* Everything goes. */
int store_env_clear(struct store_env *env, struct stir_error *error);
/* In the order of keys, in one transaction, which visit must not keep open for long. */
int store_env_each(struct store_env *env,
                   bool (*visit)(void *arg, const void *key, size_t key_len, const void *data,
                                 size_t len),
                   void *arg, struct stir_error *error);

#endif
