/*
 * soak [SECONDS]: calls without end whose URLs come and go, good ones and dead ones, through
 * fetchers and stir_verify(), under reloads; and the memory in use does not grow: forgetting all,
 * at each turn, comes back to the same. 300 seconds unless told.
 */
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/retrieve.h"

enum {
    URLS = 3000, /* each with a token of its own */
    TURN = 300,  /* calls between two looks at the memory */
    AT_ONCE = 20,
    WARM = 4, /* turns until all that is made once is there */
    LAST = 8, /* turns of which the least counts: a fetch that just goes on has 60 KB */
    SLACK = 256 * 1024 /* octets: pools of the libraries, not 1 % of what a turn takes */
};

static struct server *server;
static struct stage *stages[URLS];
static struct stir_verifier *verifier;
static struct stir_config *configs[2];
static unsigned long calls, wrong;

/* What is wrong with the nth URL. */
static const char *const rules[] = {"",           "etag=v1",  "no-store",   "max-age=60",
                                    "status=404", "html",     "reset",      "chunked",
                                    "type=html",  "delay=20", "status=500", "length=short"};
enum { RULES = sizeof rules / sizeof *rules };

static char *url_of(size_t i)
{
    char path[64];

    snprintf(path, sizeof path, "/%s%s%zu.pem", rules[i % RULES],
             *rules[i % RULES] != '\0' ? "/" : "", i);
    return server_url(server, "good", path);
}

/* In all arenas, of which there is one. */
static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static size_t resident(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    if (file != NULL)
        fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void count(const struct stage *stage, int code)
{
    const char *url = stage->situation->x5u;
    bool good = code == STIR_CODE_OK;
    bool bad = strstr(url, "status=") != NULL || strstr(url, "html/") != NULL
               || strstr(url, "reset") != NULL || strstr(url, "length=") != NULL;

    calls++;
    if ((good && bad && strstr(url, "type=") == NULL) || code < 0) {
        printf("FAIL: %s: %s\n", url, stir_code_name(code));
        wrong++;
    }
}

static void add(struct stir_fetcher *fetcher, size_t i)
{
    struct stir_call *call = stage_call(stages[i]);
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, NULL);

    if (op == NULL || stir_fetcher_add(fetcher, op, i % 7 == 0 ? 10 : -1, stages[i], NULL) != 0)
        abort();
    stir_call_free(call);
}

static void take_back(struct stir_fetcher *fetcher, size_t *due)
{
    struct pollfd fd = {.fd = stir_fetcher_fd(fetcher), .events = POLLIN};
    struct stir_op *op;
    void *stage;

    poll(&fd, 1, 1000);
    if (stir_fetcher_dispatch(fetcher, NULL) != 0)
        wrong++;
    for (; (op = stir_fetcher_next(fetcher, &stage)) != NULL; (*due)--) {
        count(stage, stir_result_code(stir_op_result(op)));
        stir_op_free(op);
    }
}

static void turn(size_t first)
{
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, NULL);
    size_t due = 0;

    for (size_t n = 0; n < TURN; n++) {
        size_t i = (first + n) % URLS;
        if (n % 10 == 0) {
            count(stages[i], retrieve_code(verifier, stages[i], i % 20 == 0 ? 5 : -1, NULL));
            continue;
        }
        add(fetcher, i);
        for (due++; due >= AT_ONCE;)
            take_back(fetcher, &due);
    }
    while (due > 0)
        take_back(fetcher, &due);
    stir_fetcher_free(fetcher);
}

static void prepare(void)
{
    const char *body = retrieve_body(), *why;

    mallopt(M_ARENA_MAX, 1);
    server = server_start(&why);
    if (server == NULL) {
        printf("%s: the test server cannot be started: %s\n",
               getenv("CI") != NULL ? "FAIL" : "SKIP", why);
        exit(getenv("CI") != NULL ? 1 : 77);
    }
    server_body(server, "*", body, strlen(body));
    for (size_t i = 0; i < URLS; i++)
        stages[i] = retrieve_stage(url_of(i));
    configs[0] = retrieve_config(server, NULL);
    configs[1] = retrieve_config(server, "cache_floor", "0", NULL);
    verifier = stir_verifier_new(configs[0], NULL);
}

static size_t least_of(const size_t looks[LAST])
{
    size_t least = looks[0];

    for (size_t i = 1; i < LAST; i++)
        if (looks[i] < least)
            least = looks[i];
    return least;
}

/* The most in use after the first turns, and the least after the last ones. */
static void soak(time_t seconds, size_t *early, size_t *late)
{
    time_t end = time(NULL) + seconds;
    size_t turns = 0, looks[LAST];

    *early = 0;
    while (time(NULL) < end || turns < 2 * WARM + LAST) {
        turn(turns * TURN);
        turns++;
        stir_verifier_reload(verifier, configs[turns % 2], NULL);
        stir_verifier_forget(verifier, NULL, NULL);
        size_t now = in_use();
        if (turns > WARM && turns <= 2 * WARM && now > *early)
            *early = now;
        looks[turns % LAST] = now;
        if (turns % 10 == 0)
            printf("%lu calls: %zu KiB in use, %zu KiB resident\n", calls, now >> 10,
                   resident() >> 10);
    }
    *late = least_of(looks);
}

int main(int argc, char **argv)
{
    size_t early, late;

    setvbuf(stdout, NULL, _IOLBF, 0);
    prepare();
    soak(argc > 1 ? atol(argv[1]) : 300, &early, &late);
    printf(
        "%lu calls, %lu wrong: %zu octets in use after the first turns, %zu after the last\n",
        calls, wrong, early, late);
    stir_verifier_free(verifier);
    stir_config_free(configs[0]);
    stir_config_free(configs[1]);
    server_stop(server);
    if (late > early + SLACK)
        printf("FAIL: it grows\n");
    return late > early + SLACK || wrong > 0;
}
