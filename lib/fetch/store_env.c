/* LMDB: opened with care, read by copies, written in one commit at a time. */
#include "fetch/store_env.h"

#include <errno.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fetch/store_file.h"
#include "fetch/store_pages.h"

struct store_env {
    MDB_env *env;
    MDB_dbi dbi;
    store_time *time;
    /* Read: transactions. Written: the map changes its size, which no transaction survives. */
    pthread_rwlock_t use;
    char *path;
};

static int failed(const char *path, int rc, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (rc == ENOMEM)
        return error_no_memory(error);
    return error_set(error, STIR_E_FILE, "cache file %s: %s", shown(room, path, strlen(path)),
                     rc == MDB_INVALID || rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND
                             || rc == MDB_VERSION_MISMATCH || rc == MDB_INCOMPATIBLE
                         ? "wanted an LMDB file, found none, or a damaged one"
                         : mdb_strerror(rc));
}

/* Once; *passed: others committed so often meanwhile that the head of the snapshot is written over,
   though its pages are not, and nothing is known. */
static int look_at_pages(struct store_env *env, bool *passed)
{
    MDB_stat stat;
    MDB_envinfo info;
    MDB_txn *txn;
    int descriptor, rc = mdb_txn_begin(env->env, NULL, MDB_RDONLY, &txn);

    *passed = false;
    if (rc != 0)
        return rc;
    mdb_env_stat(env->env, &stat);
    rc = mdb_env_get_fd(env->env, &descriptor);
    if (rc == 0 && !store_pages_are_sound(descriptor, stat.ms_psize, mdb_txn_id(txn)))
        rc = MDB_CORRUPTED;
    mdb_env_info(env->env, &info);
    *passed = info.me_last_txnid >= mdb_txn_id(txn) + 2;
    mdb_txn_abort(txn);
    return rc;
}

/* Whole pages as far as it says that it reaches: past the end of a file that was cut, a process
   that reads its map gets SIGBUS. And every page that is in use as LMDB, which trusts them all,
   needs it. */
static int check_pages(struct store_env *env)
{
    enum { TRIES = 100 };
    bool passed = true;
    int rc = MDB_CORRUPTED;

    for (int i = 0; i < TRIES && rc == MDB_CORRUPTED && passed; i++)
        rc = look_at_pages(env, &passed);
    return rc;
}

static int open_dbi(struct store_env *env)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(env->env, NULL, MDB_RDONLY, &txn);

    if (rc != 0)
        return rc;
    rc = mdb_dbi_open(txn, NULL, 0, &env->dbi);
    mdb_txn_abort(txn);
    return rc;
}

/* The lock file beside it, which must be ours alone as well. */
static int judge_lock_file(const char *path, struct stir_error *error)
{
    struct file_identity identity;
    struct text text = {0};

    text_add(&text, path);
    text_add(&text, "-lock");
    char *name = text_take(&text);
    int rc = name == NULL ? error_no_memory(error) : store_file_judge(name, &identity, error);
    free(name);
    return rc;
}

/* What was opened is what was judged, or was made by us just now. */
static int judge_opened(struct store_env *env, struct stir_error *error)
{
    struct file_identity identity;
    int descriptor, rc = store_file_judge(env->path, &identity, error);

    if (rc != 0)
        return rc;
    if (mdb_env_get_fd(env->env, &descriptor) == 0 && store_file_is(descriptor, &identity))
        return 0;
    return error_set(error, STIR_E_FILE, "the cache file was replaced while it was opened");
}

static int open_env(struct store_env *env, struct stir_error *error)
{
    int rc = mdb_env_create(&env->env);

    if (rc == 0)
        rc = mdb_env_set_mapsize(env->env, STORE_MAP_OCTETS);
    if (rc == 0)
        rc = mdb_env_set_maxreaders(env->env, STORE_READERS);
    if (rc == 0)
        rc = mdb_env_open(env->env, env->path, MDB_NOSUBDIR | MDB_NOTLS | MDB_NOSYNC, 0600);
    if (rc != 0)
        return failed(env->path, rc, error);
    rc = judge_opened(env, error);
    if (rc != 0)
        return rc;
    /* Of processes that were killed. */
    mdb_reader_check(env->env, NULL);
    rc = check_pages(env);
    if (rc == 0)
        rc = open_dbi(env);
    return rc == 0 ? 0 : failed(env->path, rc, error);
}

int store_env_open(const char *path, store_time *time, struct store_env **made,
                   struct stir_error *error)
{
    struct file_identity identity;
    struct store_env *env = NULL;

    *made = NULL;
    int rc = store_file_judge(path, &identity, error);
    if (rc == 0)
        rc = judge_lock_file(path, error);
    if (rc != 0)
        return rc;
    env = calloc(1, sizeof *env);
    if (env == NULL || (env->path = text_copy(path, strlen(path))) == NULL) {
        free(env);
        return error_no_memory(error);
    }
    env->time = time;
    pthread_rwlock_init(&env->use, NULL);
    rc = open_env(env, error);
    if (rc != 0) {
        store_env_close(env);
        return rc;
    }
    *made = env;
    return 0;
}

void store_env_close(struct store_env *env)
{
    if (env == NULL)
        return;
    if (env->env != NULL)
        mdb_env_close(env->env);
    pthread_rwlock_destroy(&env->use);
    free(env->path);
    free(env);
}

/* Another process made the map larger. */
static int follow_size(struct store_env *env)
{
    pthread_rwlock_wrlock(&env->use);
    int rc = mdb_env_set_mapsize(env->env, 0);
    pthread_rwlock_unlock(&env->use);
    return rc;
}

/* Ends with end(). What hinders it is mended once: a larger map, readers that were killed. */
static int begin(struct store_env *env, unsigned flags, MDB_txn **txn)
{
    for (int tries = 0;; tries++) {
        pthread_rwlock_rdlock(&env->use);
        int rc = mdb_txn_begin(env->env, NULL, flags, txn);
        if (rc == 0)
            return 0;
        pthread_rwlock_unlock(&env->use);
        if (tries > 0 || (rc != MDB_MAP_RESIZED && rc != MDB_READERS_FULL))
            return rc;
        rc = rc == MDB_MAP_RESIZED ? follow_size(env) : mdb_reader_check(env->env, NULL);
        if (rc != 0)
            return rc;
    }
}

static void end(struct store_env *env, MDB_txn *txn)
{
    mdb_txn_abort(txn);
    pthread_rwlock_unlock(&env->use);
}

static int commit(struct store_env *env, MDB_txn *txn)
{
    int rc = mdb_txn_commit(txn);

    pthread_rwlock_unlock(&env->use);
    return rc;
}

int store_env_read(struct store_env *env, const void *key, size_t key_len, void **data,
                   size_t *len, struct stir_error *error)
{
    MDB_val name = {key_len, (void *)key}, value;
    MDB_txn *txn;

    *data = NULL;
    *len = 0;
    int rc = begin(env, MDB_RDONLY, &txn);
    if (rc != 0)
        return failed(env->path, rc, error);
    rc = mdb_get(txn, env->dbi, &name, &value);
    if (rc == 0 && (*data = text_copy(value.mv_data, value.mv_size)) == NULL)
        rc = ENOMEM;
    if (rc == 0)
        *len = value.mv_size;
    end(env, txn);
    if (rc == MDB_NOTFOUND)
        return 0;
    return rc == 0 ? 1 : failed(env->path, rc, error);
}

static int compare_times(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

/* Every record's time, sorted. */
static int times_of(struct store_env *env, MDB_cursor *cursor, size_t entries, int64_t **times,
                    size_t *n)
{
    MDB_val key, value;
    int rc;

    *n = 0;
    *times = malloc((entries + 1) * sizeof **times);
    if (*times == NULL)
        return ENOMEM;
    while (*n < entries && (rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        (*times)[(*n)++] = env->time(value.mv_data, value.mv_size);
    qsort(*times, *n, sizeof **times, compare_times);
    return 0;
}

/* Those that came up to a time; what came together goes together. */
static int remove_until(struct store_env *env, MDB_cursor *cursor, int64_t until)
{
    MDB_val key, value;
    int rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);

    for (; rc == 0; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))
        if (env->time(value.mv_data, value.mv_size) <= until
            && (rc = mdb_cursor_del(cursor, 0)) != 0)
            break;
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static int evict(struct store_env *env, MDB_txn *txn, size_t entries)
{
    MDB_cursor *cursor = NULL;
    int64_t *times = NULL;
    size_t n = 0;
    int rc = mdb_cursor_open(txn, env->dbi, &cursor);

    if (rc == 0)
        rc = times_of(env, cursor, entries, &times, &n);
    if (rc == 0 && n > 0)
        rc = remove_until(env, cursor, times[n * STORE_EVICTED / 100]);
    free(times);
    mdb_cursor_close(cursor);
    return rc;
}

/* Room for len octets more, by pages in use. */
static int make_room(struct store_env *env, MDB_txn *txn, size_t len)
{
    MDB_stat stat;
    int rc = mdb_stat(txn, env->dbi, &stat);

    if (rc != 0 || stat.ms_entries == 0)
        return rc;
    const size_t pages = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    if (pages * stat.ms_psize + len <= (size_t)STORE_MAP_OCTETS / 100 * STORE_USED_MOST)
        return 0;
    return evict(env, txn, stat.ms_entries);
}

static int write_item(struct store_env *env, MDB_txn *txn, const struct store_item *item,
                      int *gone)
{
    MDB_val key = {item->key_len, (void *)item->key}, value = {item->len, (void *)item->data};

    if (item->data == NULL) {
        int rc = mdb_del(txn, env->dbi, &key, NULL);
        *gone += rc == 0;
        return rc == MDB_NOTFOUND ? 0 : rc;
    }
    int rc = make_room(env, txn, item->len);
    return rc == 0 ? mdb_put(txn, env->dbi, &key, &value, 0) : rc;
}

int store_env_write(struct store_env *env, const struct store_item *items, size_t n,
                    struct stir_error *error)
{
    MDB_txn *txn;
    int gone = 0, rc = begin(env, 0, &txn);

    if (rc != 0)
        return failed(env->path, rc, error);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = write_item(env, txn, &items[i], &gone);
    if (rc == 0)
        rc = commit(env, txn);
    else
        end(env, txn);
    return rc == 0 ? gone : failed(env->path, rc, error);
}

int store_env_sync(struct store_env *env, struct stir_error *error)
{
    int rc = mdb_env_sync(env->env, 1);

    return rc == 0 ? 0 : failed(env->path, rc, error);
}

int store_env_clear(struct store_env *env, struct stir_error *error)
{
    MDB_txn *txn;
    MDB_stat stat = {0};
    int rc = begin(env, 0, &txn);

    if (rc != 0)
        return failed(env->path, rc, error);
    rc = mdb_stat(txn, env->dbi, &stat);
    if (rc == 0)
        rc = mdb_drop(txn, env->dbi, 0);
    if (rc == 0)
        rc = commit(env, txn);
    else
        end(env, txn);
    return rc == 0 ? stat.ms_entries > 0 : failed(env->path, rc, error);
}

int store_env_each(struct store_env *env,
                   bool (*visit)(void *arg, const void *key, size_t key_len, const void *data,
                                 size_t len),
                   void *arg, struct stir_error *error)
{
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    MDB_txn *txn;
    int rc = begin(env, MDB_RDONLY, &txn);

    if (rc != 0)
        return failed(env->path, rc, error);
    rc = mdb_cursor_open(txn, env->dbi, &cursor);
    while (rc == 0 && (rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        if (!visit(arg, key.mv_data, key.mv_size, value.mv_data, value.mv_size))
            rc = MDB_NOTFOUND;
    if (cursor != NULL)
        mdb_cursor_close(cursor);
    end(env, txn);
    return rc == MDB_NOTFOUND ? 0 : failed(env->path, rc, error);
}
