/* fetch/store: one file for processes: what is in it comes back, whatever happened to it. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/store.h"

static char folder[64], path[80];

static void begin(void)
{
    strcpy(folder, "/tmp/stir-store-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/cache", folder);
}

static void end(void)
{
    char name[96];
    static const char *const ends[] = {"", "-lock", ".link"};

    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
}

TestSuite(store, .init = begin, .fini = end);

static struct store *must_open(void)
{
    struct stir_error error = {0};
    struct store *store = store_open(path, &error);

    cr_assert_not_null(store, "%s", error.text);
    return store;
}

/* Without an assertion: a forked child has no part in Criterion's. */
static int put_plainly(struct store *store, const char *url, const char *text, int64_t received)
{
    struct store_record record = {.kind = FETCH_CERTIFICATES,
                                  .url = url,
                                  .requested = received,
                                  .received = received,
                                  .meta = {.etag = "\"1\""}};

    record.body = body_new(text, strlen(text));
    int rc = record.body == NULL ? STIR_E_NOMEM : store_put(store, &record, NULL);
    body_free(record.body);
    return rc;
}

static void put(struct store *store, const char *url, const char *text, int64_t received)
{
    cr_assert_eq(put_plainly(store, url, text, received), 0);
}

static bool holds(struct store *store, const char *url, const char *text)
{
    struct stir_error error = {0};
    struct store_record record;
    int rc = store_get(store, FETCH_CERTIFICATES, url, NULL, &record, &error);

    cr_expect_geq(rc, 0, "%s", error.text);
    if (rc <= 0)
        return false;
    bool same = record.body->len == strlen(text)
                && memcmp(record.body->data, text, record.body->len) == 0
                && strcmp(record.meta.etag, "\"1\"") == 0 && strcmp(record.url, url) == 0;
    body_free(record.body);
    return same;
}

Test(store, put_get)
{
    struct store *store = must_open();

    cr_expect_not(holds(store, "u", "chain"));
    put(store, "u", "chain", 100);
    cr_expect(store_is_waiting(store));
    cr_expect_not(holds(store, "u", "chain"), "written at the flush");
    cr_expect_eq(store_flush(store, NULL), 0);
    cr_expect_not(store_is_waiting(store));
    cr_expect(holds(store, "u", "chain"));
    put(store, "u", "newer", 200);
    put(store, "v", "other", 200);
    store_free(store);
    store = must_open();
    cr_expect(holds(store, "u", "newer"), "the last end flushes");
    cr_expect(holds(store, "v", "other"));
    struct store_record record;
    cr_expect_eq(store_get(store, FETCH_TNAUTHLIST, "u", NULL, &record, NULL), 0,
                 "of another kind");
    store_free(store);
}

/* URLs longer than LMDB's keys, which differ in their last octet. */
Test(store, long_urls)
{
    struct store *store = must_open();
    char a[CACHE_URL_SIZE], b[CACHE_URL_SIZE];

    for (size_t len = 508; len <= CACHE_URL_MOST; len++) {
        memset(a, 'a', len);
        a[len] = '\0';
        strcpy(b, a);
        b[len - 1] = 'b';
        put(store, a, "a", 1);
        put(store, b, "b", 1);
        store_flush(store, NULL);
        cr_expect(holds(store, a, "a"), "%zu", len);
        cr_expect(holds(store, b, "b"), "%zu", len);
    }
    store_free(store);
}

static bool count(void *arg, const struct store_record *record)
{
    cr_expect_eq(record->received, 5);
    return ++*(int *)arg < 3;
}

Test(store, drop_and_each)
{
    struct store *store = must_open();
    size_t damaged = 9;
    int n = 0;

    put(store, "u", "chain", 5);
    cr_expect_eq(store_drop(store, "u", NULL), 1, "what waits is dropped too");
    cr_expect_eq(store_drop(store, "u", NULL), 0);
    cr_expect_not(holds(store, "u", "chain"));
    cr_expect_eq(store_drop(store, NULL, NULL), 0);
    put(store, "u", "chain", 5);
    put(store, "v", "chain", 5);
    cr_expect_eq(store_each(store, count, &n, &damaged, NULL), 0);
    cr_expect_eq(n, 2);
    cr_expect_eq(damaged, 0);
    put(store, "w", "chain", 5);
    put(store, "x", "chain", 5);
    n = 0;
    store_each(store, count, &n, NULL, NULL);
    cr_expect_eq(n, 3, "visit ended it");
    cr_expect_eq(store_drop(store, NULL, NULL), 1);
    n = 0;
    store_each(store, count, &n, NULL, NULL);
    cr_expect_eq(n, 0);
    store_free(store);
}

/* LMDB must not be opened twice in a process: it is the same handle, by whatever name. */
Test(store, opened_once)
{
    struct store *store = must_open(), *again;
    char other[160];

    snprintf(other, sizeof other, "%s/../%s/cache", folder, strrchr(folder, '/') + 1);
    again = store_open(other, NULL);
    cr_expect_eq(again, store);
    store_free(again);
    put(store, "u", "chain", 1);
    cr_expect_eq(store_flush(store, NULL), 0, "it is still open");
    cr_expect(holds(store, "u", "chain"));
    store_free(store);
}

static mode_t mode_of(const char *name)
{
    struct stat status = {0};

    stat(name, &status);
    return status.st_mode & 07777;
}

Test(store, made_for_us_alone)
{
    char lock[96];

    umask(0);
    struct store *store = must_open();
    cr_expect_eq(mode_of(path), 0600);
    snprintf(lock, sizeof lock, "%s-lock", path);
    cr_expect_eq(mode_of(lock), 0600);
    store_free(store);
}

static void expect_refused(const char *desc, const char *sentence)
{
    struct stir_error error = {0};
    struct store *store = store_open(path, &error);

    cr_expect_null(store, "%s", desc);
    cr_expect_eq(error.code, STIR_E_FILE, "%s", desc);
    cr_expect_not_null(strstr(error.text, sentence), "%s: %s", desc, error.text);
    store_free(store);
}

static void expect_check(int rc)
{
    cr_expect_eq(store_check(path, NULL), rc);
}

/* Whoever could write to it could say what certificates are at a URL. */
Test(store, file_of_others)
{
    static const mode_t modes[] = {0660, 0640, 0606, 0604, 0601, 0666};
    char link[96];

    expect_check(0);
    store_free(must_open());
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        chmod(path, modes[i]);
        expect_refused("mode", "mode 0600");
        expect_check(STIR_E_FILE);
    }
    chmod(path, 0600);
    store_free(must_open());
    snprintf(link, sizeof link, "%s.link", path);
    rename(path, link);
    cr_assert_eq(symlink(link, path), 0);
    expect_refused("link", "symbolic link");
    unlink(path);
    mkdir(path, 0700);
    expect_refused("folder", "regular file");
    rmdir(path);
    rename(link, path);
    if (geteuid() == 0) {
        cr_assert_eq(chown(path, 1, 0), 0);
        expect_refused("owner", "another's");
        cr_assert_eq(chown(path, 0, 0), 0);
    }
    store_free(must_open());
    chmod(folder, 0777);
    expect_refused("a folder of all", "others cannot write");
    chmod(folder, 01777);
    store_free(must_open());
    chmod(folder, 0700);
}

Test(store, lock_file_of_others)
{
    char lock[96];

    store_free(must_open());
    snprintf(lock, sizeof lock, "%s-lock", path);
    chmod(lock, 0666);
    expect_refused("lock file", "mode 0600");
}

static void write_file(const void *data, size_t len)
{
    FILE *file = fopen(path, "w");

    fwrite(data, 1, len, file);
    fclose(file);
    chmod(path, 0600);
}

Test(store, no_lmdb_file)
{
    char text[9000];

    memset(text, 'x', sizeof text);
    write_file(text, sizeof text);
    expect_refused("text", "damaged");
    write_file(text, 10);
    expect_refused("short text", "cache file");
    write_file("", 0);
    store_free(must_open());
}

static void fill(int n)
{
    struct store *store = must_open();
    char url[32], *text = calloc(1, 20001);

    for (int i = 0; i < n; i++) {
        snprintf(url, sizeof url, "https://h/%d", i);
        memset(text, 'a' + i % 26, 20000);
        text[i % 5 * 1000 + 500] = '\0';
        put(store, url, text, i);
        if (i % 10 == 0)
            store_flush(store, NULL);
    }
    store_free(store);
    free(text);
}

/* Cut at any page: refused, not a signal. */
Test(store, cut)
{
    struct stat status;

    fill(60);
    stat(path, &status);
    for (off_t len = status.st_size - 4096; len > 8192; len -= 4096) {
        cr_assert_eq(truncate(path, len), 0);
        struct store *store = store_open(path, NULL);
        if (store == NULL)
            continue;
        /* What was cut was free. */
        for (int i = 0; i < 60; i++) {
            char url[32];
            struct store_record record;
            snprintf(url, sizeof url, "https://h/%d", i);
            cr_expect_eq(store_get(store, FETCH_CERTIFICATES, url, NULL, &record, NULL), 1);
            body_free(record.body);
        }
        store_free(store);
    }
    cr_assert_eq(truncate(path, 8192), 0);
    expect_refused("meta pages alone", "damaged");
}

static bool look(void *arg, const struct store_record *record)
{
    (void)arg;
    (void)record;
    return true;
}

/* 0: it opened, and was read and written; 1: refused; ends by a signal where LMDB trusted a bent
   page. */
static void use_damaged(void)
{
    struct store *store = store_open(path, NULL);

    if (store == NULL)
        _exit(1);
    store_each(store, look, NULL, NULL, NULL);
    put_plainly(store, "new", "new", 1);
    store_drop(store, "https://h/3", NULL);
    store_flush(store, NULL);
    store_free(store);
    _exit(0);
}

/* 600 times a few octets somewhere are others: an error or a record less, never a signal. */
Test(store, damaged)
{
    struct stat status;
    unsigned seed = 5;
    int seen[2] = {0};

    fill(80);
    stat(path, &status);
    char *whole = malloc((size_t)status.st_size);
    FILE *file = fopen(path, "r");
    cr_assert_eq(fread(whole, 1, (size_t)status.st_size, file), (size_t)status.st_size);
    fclose(file);
    for (int i = 0; i < 600; i++) {
        size_t page = (size_t)rand_r(&seed) % (size_t)(status.st_size / 4096),
               /* Half of them in a page's header and pointers. */
            at = page * 4096 + (size_t)rand_r(&seed) % (i % 2 == 0 ? 64 : 4096);
        char before = whole[at];
        whole[at] = (char)rand_r(&seed);
        write_file(whole, (size_t)status.st_size);
        whole[at] = before;
        pid_t child = fork();
        if (child == 0)
            use_damaged();
        int how;
        waitpid(child, &how, 0);
        cr_assert(WIFEXITED(how) && WEXITSTATUS(how) <= 1, "octet %zu of page %zu: signal %d",
                  at % 4096, page, WTERMSIG(how));
        seen[WEXITSTATUS(how)]++;
    }
    cr_expect_gt(seen[0], 20, "%d", seen[0]);
    cr_expect_gt(seen[1], 20, "%d", seen[1]);
    free(whole);
}

/* kill -9 at any time while it is written: it opens, and holds what was flushed. */
Test(store, killed)
{
    store_free(must_open());
    for (int round = 0; round < 20; round++) {
        int pipes[2], last = -1, i;
        cr_assert_eq(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0) {
            struct store *store = store_open(path, NULL);
            char url[32];
            for (i = 0; store != NULL; i++) {
                snprintf(url, sizeof url, "https://h/%d", i);
                if (put_plainly(store, url, "chain", round) < 0 || store_flush(store, NULL) < 0
                    || write(pipes[1], &i, sizeof i) < 0)
                    _exit(1);
            }
            _exit(1);
        }
        close(pipes[1]);
        while (read(pipes[0], &i, sizeof i) == sizeof i) {
            last = i;
            if (i >= round % 7)
                kill(child, SIGKILL);
        }
        close(pipes[0]);
        waitpid(child, NULL, 0);
        struct store *store = must_open();
        char url[32];
        snprintf(url, sizeof url, "https://h/%d", last);
        cr_expect(holds(store, url, "chain"), "round %d: %s", round, url);
        put(store, "mine", "mine", 1);
        cr_expect_eq(store_flush(store, NULL), 0, "no lock is left behind");
        store_free(store);
    }
}

/* Processes at once: each sees what the others wrote. */
Test(store, processes)
{
    enum { CHILDREN = 4, EACH = 15 };
    char url[32];

    store_free(must_open());
    for (int c = 0; c < CHILDREN; c++)
        if (fork() == 0) {
            struct stir_error error = {0};
            struct store *store = store_open(path, &error);
            int rc = store == NULL ? -1 : 0;
            if (rc != 0)
                fprintf(stderr, "%s\n", error.text);
            for (int i = 0; rc == 0 && i < EACH; i++) {
                snprintf(url, sizeof url, "https://h/%d/%d", c, i);
                rc = put_plainly(store, url, "chain", 1);
                if (rc == 0 && (rc = store_flush(store, &error)) != 0)
                    fprintf(stderr, "%s\n", error.text);
            }
            store_free(store);
            _exit(rc == 0 ? 0 : 1);
        }
    for (int c = 0; c < CHILDREN; c++) {
        int how = 1;
        wait(&how);
        cr_expect_eq(how, 0);
    }
    struct store *store = must_open();
    for (int c = 0; c < CHILDREN; c++)
        for (int i = 0; i < EACH; i++) {
            snprintf(url, sizeof url, "https://h/%d/%d", c, i);
            cr_expect(holds(store, url, "chain"), "%s", url);
        }
    store_free(store);
}

/* A child has the parent's handle and must not use it; it opens its own. */
Test(store, fork)
{
    struct store *store = must_open();
    int how = 1;

    put(store, "u", "chain", 1);
    store_flush(store, NULL);
    pid_t child = fork();
    if (child == 0) {
        struct store_record record;
        int rc = store_get(store, FETCH_CERTIFICATES, "u", NULL, &record, NULL) == STIR_E_FORKED
                 && store_flush(store, NULL) == STIR_E_FORKED
                 && store_drop(store, NULL, NULL) == STIR_E_FORKED;
        struct store *own = store_open(path, NULL);
        rc = rc && own != NULL && own != store
             && store_get(own, FETCH_CERTIFICATES, "u", NULL, &record, NULL) == 1;
        store_free(own);
        store_free(store);
        _exit(rc ? 0 : 1);
    }
    waitpid(child, &how, 0);
    cr_expect_eq(how, 0);
    cr_expect(holds(store, "u", "chain"), "the parent's is as it was");
    store_free(store);
}

/* What would take long to read back where a call wants it is not there; what is read elsewhere
   is. */
Test(store, long_lists_by_reference)
{
    static const struct {
        enum fetch_kind kind;
        size_t len;
        int there;
    } rows[] = {{FETCH_TNAUTHLIST, STORE_LIST_MOST - 4096, 1},
                {FETCH_TNAUTHLIST, STORE_LIST_MOST + 1, 0},
                {FETCH_CRL, STORE_LIST_MOST + 1, 1}};
    struct store *store = must_open();
    char *octets = calloc(1, STORE_LIST_MOST + 1);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_record record = {.kind = rows[i].kind, .url = "u"};
        record.body = body_new(octets, rows[i].len);
        cr_assert_eq(store_put(store, &record, NULL), 0);
        body_free(record.body);
        cr_assert_eq(store_flush(store, NULL), 0);
        cr_expect_eq(store_get(store, rows[i].kind, "u", NULL, &record, NULL), rows[i].there,
                     "%zu octets", rows[i].len);
        body_free(record.body);
    }
    store_free(store);
    free(octets);
}

/* More than it may hold: the oldest go, the newest stay. */
Test(store, full)
{
    enum { BODIES = 200, LEN = 1024 * 1024 };
    struct store *store = must_open();
    struct store_record record = {.kind = FETCH_CRL};
    char url[32], *text = calloc(1, LEN);
    int kept = 0;

    for (int i = 0; i < BODIES; i++) {
        struct stir_error error = {0};
        snprintf(url, sizeof url, "https://h/%d", i);
        snprintf(text, LEN, "%d", i);
        record.url = url;
        record.received = 1000 + i;
        record.body = body_new(text, LEN);
        cr_assert_eq(store_put(store, &record, NULL), 0);
        body_free(record.body);
        if (i % 10 == 9)
            cr_assert_eq(store_flush(store, &error), 0, "%d: %s", i, error.text);
    }
    for (int i = 0; i < BODIES; i++) {
        snprintf(url, sizeof url, "https://h/%d", i);
        int rc = store_get(store, FETCH_CRL, url, NULL, &record, NULL);
        kept += rc;
        cr_expect(rc == 1 || i < BODIES - 100, "%d is gone", i);
        if (rc == 1)
            body_free(record.body);
    }
    cr_expect_gt(kept, 100, "%d", kept);
    cr_expect_lt(kept, 160, "%d", kept);
    store_free(store);
    free(text);
}
