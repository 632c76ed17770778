/* The cache's file after its writer was killed (kill -9) at any time: it opens, what was written
   before the last flush that ended is there, and nothing in it is half written. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/store.h"
#include "tests/tool.h"

enum { ROUNDS = 40, BATCH = 20, URLS = 500, BODY = 3000 };

/* What is at a URL in a round of writing: known from its number alone. */
static struct body *body_of(unsigned number)
{
    char octets[BODY];

    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (char)('a' + (number + i) % 26);
    return body_new(octets, sizeof octets - number % 1000);
}

static void put(struct store *store, unsigned number)
{
    char url[64];

    snprintf(url, sizeof url, "https://example.com/%u.pem", number % URLS);
    struct store_record record = {.kind = FETCH_CERTIFICATES,
                                  .url = url,
                                  .requested = number,
                                  .received = number,
                                  .body = body_of(number)};
    if (record.body == NULL || store_put(store, &record, NULL) != 0)
        _exit(2);
    body_free(record.body);
}

/* In the child: writes without end, and says so after each flush. */
static _Noreturn void write_on(const char *path, unsigned number, int tell)
{
    struct store *store = store_open(path, NULL);

    for (;;) {
        for (unsigned i = 0; i < BATCH; i++)
            put(store, number++);
        if (store_flush(store, NULL) < 0 || write(tell, "", 1) != 1)
            _exit(3);
    }
}

struct found {
    unsigned latest; /* of what was written */
    size_t records;
};

static bool check(void *arg, const struct store_record *record)
{
    struct found *found = arg;
    unsigned number = (unsigned)record->received;
    struct body *wanted = body_of(number);
    char url[64];

    snprintf(url, sizeof url, "https://example.com/%u.pem", number % URLS);
    cr_expect_str_eq(record->url, url);
    cr_expect(record->body->len == wanted->len
                  && memcmp(record->body->data, wanted->data, wanted->len) == 0,
              "%s: another body", record->url);
    body_free(wanted);
    found->records++;
    if (number > found->latest)
        found->latest = number;
    return true;
}

static struct found look(const char *path)
{
    struct stir_error error = {0};
    struct store *store = store_open(path, &error);
    struct found found = {0};
    size_t damaged = 0;

    cr_assert_not_null(store, "it does not open: %s", error.text);
    cr_expect_eq(store_each(store, check, &found, &damaged, &error), 0, "%s", error.text);
    cr_expect_eq(damaged, 0, "%zu damaged records", damaged);
    store_free(store);
    return found;
}

/* Lets a child write from number on, kills it after some flushes, wherever it is then, and
   returns how much it had flushed. */
static unsigned write_and_kill(const char *path, unsigned number, unsigned flushes)
{
    int ends[2], status;
    char octet;

    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        write_on(path, number, ends[1]);
    }
    close(ends[1]);
    unsigned flushed = 0;
    while (flushed < flushes && read(ends[0], &octet, 1) == 1)
        flushed++;
    kill(child, SIGKILL);
    while (read(ends[0], &octet, 1) == 1)
        flushed++;
    close(ends[0]);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the writer ended with %d",
              WEXITSTATUS(status));
    return flushed * BATCH;
}

Test(store_killed, it_opens, .timeout = 120)
{
    char *folder = tool_folder(), *path = NULL;
    unsigned number = 1;

    cr_assert_gt(asprintf(&path, "%s/cache", folder), 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned flushed = write_and_kill(path, number, round * 7 % 5);
        struct found found = look(path);
        if (flushed > 0)
            cr_expect_geq(found.latest, number + flushed - 1, "round %u: of %u there is %u",
                          round, number + flushed - 1, found.latest);
        cr_expect_leq(found.records, URLS);
        number += flushed + BATCH;
    }
    free(path);
    tool_folder_remove(folder);
}
