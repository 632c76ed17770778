/* service/path_work, turns, op: what takes longer than a step, whoever takes the steps. */
#include "service/path_work.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "service/op.h"
#include "service/path_cache.h"
#include "service/turns.h"
#include "service/verifier.h"
#include "tests/scene.h"

/* ---- Half-made works ------------------------------------------------------------------------ */

static struct body *body_of(const char *text)
{
    struct body *body = body_new(text, strlen(text));

    cr_assert_not_null(body);
    return body;
}

static void lay(struct path_works *works, const char *text, uint64_t epoch)
{
    struct body *body = body_of(text);
    struct path_work *work = path_work_new(body, epoch);

    cr_assert_not_null(work);
    path_works_lay(works, work);
    path_work_free(work);
    body_free(body);
}

static bool takes(struct path_works *works, const char *text, uint64_t epoch)
{
    struct body *body = body_of(text);
    struct path_work *work = path_works_take(works, body->sha256, epoch);
    bool found = work != NULL;

    path_work_free(work);
    body_free(body);
    return found;
}

/* As many as there is room for; the oldest gives way, and one of the same list and epoch takes the
   other's place. */
Test(path_work, lies_for_whoever_goes_on)
{
    struct path_works works;
    char text[16];

    path_works_init(&works);
    for (int i = 0; i < LIMIT_HALF_MADE; i++) {
        snprintf(text, sizeof text, "list %d", i);
        lay(&works, text, 1);
    }
    lay(&works, "list 0", 1);
    cr_expect_eq(path_works_count(&works), LIMIT_HALF_MADE);
    cr_expect_not(takes(&works, "list 1", 2), "another epoch");
    lay(&works, "list 1", 2);
    cr_expect_eq(path_works_count(&works), LIMIT_HALF_MADE);
    cr_expect_not(takes(&works, "list 1", 1), "the oldest");
    cr_expect(takes(&works, "list 0", 1), "laid again");
    cr_expect_not(takes(&works, "list 0", 1), "it is taken");
    cr_expect(takes(&works, "list 1", 2));
    cr_expect_eq(path_works_count(&works), LIMIT_HALF_MADE - 2);
    path_works_free(&works);
}

/* What got further counts, whoever has it. */
Test(path_work, is_taken_up_where_it_got_further)
{
    struct path_cache *cache = path_cache_new();
    struct body *body = body_of("a list");
    struct path_key key = {body->sha256, body, 1, MINT_NOW, MINT_NOW};
    struct path_work *first = path_work_new(body, 1), *second = path_work_new(body, 1), *mine;
    struct turn turn = {0};
    struct kept_path *kept;

    cr_assert_eq(path_cache_find(cache, &key, &turn, &kept), 0);
    first->spent = 5;
    second->spent = 3;
    path_cache_leave(cache, &turn, first);
    cr_assert_eq(path_cache_find(cache, &key, &turn, &kept), 0);
    path_cache_take_up(cache, &key, &second);
    cr_expect_eq(second, first);
    path_cache_leave(cache, &turn, NULL);
    cr_assert_eq(path_cache_find(cache, &key, &turn, &kept), 0);
    mine = NULL;
    path_cache_take_up(cache, &key, &mine);
    cr_expect_null(mine, "it was taken up before");
    path_cache_leave(cache, &turn, NULL);
    cr_expect_eq(path_cache_find(cache, &key, NULL, &kept), BUDGET_GONE, "no turn is wanted");
    path_work_free(first);
    path_work_free(second);
    body_free(body);
    path_cache_free(cache);
}

/* ---- Turns ---------------------------------------------------------------------------------- */

Test(turns, one_at_a_time)
{
    static const uint8_t a[DIGEST_SHA256_SIZE] = {1}, b[DIGEST_SHA256_SIZE] = {2};
    struct turns turns;
    struct turn first = {0}, second = {0}, third = {0};
    uint64_t taken, waited;

    turns_init(&turns);
    cr_expect_eq(turns_take(&turns, a, 1, true, &first), TURN_TAKEN);
    cr_expect_eq(turns_take(&turns, a, 1, false, &second), TURN_BUSY);
    cr_expect_not(second.taken);
    cr_expect_eq(turns_take(&turns, a, 2, false, &second), TURN_TAKEN, "another epoch");
    cr_expect_eq(turns_take(&turns, b, 1, false, &third), TURN_TAKEN, "another list");
    turns_leave(&turns, &first);
    turns_leave(&turns, &first); /* once is enough */
    cr_expect_eq(turns_take(&turns, a, 1, false, &first), TURN_TAKEN);
    turns_leave(&turns, &second);
    turns_leave(&turns, &third);
    turns_leave(&turns, &first);
    turns_count(&turns, &taken, &waited);
    cr_expect_eq(taken, 4);
    cr_expect_eq(waited, 0);
    turns_free(&turns);
}

/* Who waits does so for the turn that is taken, and not for the next ones of others. */
struct relay {
    struct turns turns;
    atomic_bool stop;
    atomic_int ends[3];
};

static const uint8_t relayed[DIGEST_SHA256_SIZE] = {3};

static void *take_again_and_again(void *arg)
{
    struct relay *relay = arg;
    struct turn turn = {0};

    while (!atomic_load(&relay->stop)) {
        atomic_fetch_add(&relay->ends[turns_take(&relay->turns, relayed, 1, true, &turn)], 1);
        turns_leave(&relay->turns, &turn);
    }
    return NULL;
}

Test(turns, nobody_waits_for_all)
{
    enum { THREADS = 4, TIMES = 2000 };
    struct relay relay = {.stop = false};
    struct turn turn = {0};
    pthread_t threads[THREADS];
    int ends[3] = {0};

    turns_init(&relay.turns);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, take_again_and_again, &relay), 0);
    for (int i = 0; i < TIMES; i++) {
        ends[turns_take(&relay.turns, relayed, 1, i % 2 == 0, &turn)]++;
        turns_leave(&relay.turns, &turn);
    }
    atomic_store(&relay.stop, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(ends[0] + ends[1] + ends[2], TIMES);
    cr_expect_eq(relay.ends[TURN_BUSY], 0, "they all wait");
    turns_free(&relay.turns);
}

/* ---- Operations ------------------------------------------------------------------------------ */

enum { NUMBERS = 20000 };

/* A delegate with so many numbers that one step does not read them. */
static const struct scene *long_scene(void)
{
    static char list[NUMBERS * 16];
    static struct scene scene = {.desc = "a long list",
                                 .own_chain = true,
                                 .signer = {.subject = "ACME", .tnauthlist = list},
                                 .above = {{.subject = "Root"}}};
    size_t at = 0;

    for (unsigned i = 0; i < NUMBERS; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%st121555%05u", i == 0 ? "" : ",",
                               20000 + 2 * i);
    return &scene;
}

static const struct scene usual = {.desc = "usual"};

/* step 0: the usual one. */
static struct stir_verifier *verifier_for(const struct scene *scene, size_t step)
{
    struct stir_error error;
    struct stir_config *config = scene_config(scene);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    cr_assert_not_null(verifier, "%s", error.text);
    cr_assert_eq(stir_verifier_supply(verifier, SCENE_X5U, scene_body(scene), STIR_NUL, &error),
                 0, "%s", error.text);
    if (step > 0)
        verifier->memory->step = step;
    stir_config_free(config);
    return verifier;
}

static struct path_cache_counts counts_of(const struct stir_verifier *verifier)
{
    struct path_cache_counts counts;

    path_cache_count(verifier->memory->paths, &counts);
    return counts;
}

static int verify(struct stir_verifier *verifier, struct stir_call *call)
{
    struct stir_error error;
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);

    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    stir_result_free(result);
    return code;
}

static struct stir_op *op_of(struct stir_verifier *verifier, struct stir_call *call)
{
    struct stir_error error;
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, &error);

    cr_assert_not_null(op, "%s", error.text);
    return op;
}

/* How many steps it takes when nobody knows anything. */
static unsigned turns_for(const struct scene *scene, size_t step)
{
    struct stir_verifier *verifier = verifier_for(scene, step);
    struct stir_call *call = scene_call(scene);

    cr_expect_eq(verify(verifier, call), 0, "%s", scene->desc);
    struct path_cache_counts counts = counts_of(verifier);
    cr_expect_eq(counts.built, 1);
    cr_expect_eq(counts.half_made, 0);
    stir_call_free(call);
    stir_verifier_free(verifier);
    return (unsigned)counts.turns;
}

/* The usual list is never interrupted; a long one is, and though there is no time, is judged.
   By hand it comes to the same, in one call. */
Test(path_work, what_is_there_is_judged_without_time)
{
    const struct scene *scene = long_scene();
    unsigned turns = turns_for(scene, 0);

    cr_expect_eq(turns_for(&usual, 0), 1);
    cr_expect(turns > 2 && turns < GRACE_STEPS, "%u turns", turns);
    struct stir_verifier *verifier = verifier_for(scene, 0);
    struct stir_call *call = scene_call(scene);
    struct stir_op *op = op_of(verifier, call);
    cr_expect_eq(stir_op_step(op, NULL), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), 0);
    cr_expect_eq(counts_of(verifier).turns, turns);
    stir_op_free(op);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* Whatever a step may take, down to a single octet, it comes to the same, and gets on. */
Test(path_work, in_steps_of_any_size_it_is_the_same)
{
    static const struct scene scenes[] = {
        {.desc = "good"},
        {.desc = "corrupt", .corrupt = true, .code = STIR_CODE_BAD_SIGNATURE},
        {.desc = "no anchor", .no_anchor = true, .code = STIR_CODE_PATH_NO_ANCHOR},
        {.desc = "no list", .body = "no list", .code = STIR_CODE_X5U_BODY},
        {.desc = "foreign", .orig = "12155559999", .code = STIR_CODE_ORIG_OUT_OF_SCOPE},
    };
    static const size_t sizes[] = {1, 1000, BUDGET_SLICE, BUDGET_STEP, SIZE_MAX};

    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct stir_verifier *verifier = verifier_for(&scenes[i], sizes[k]);
            struct stir_call *call = scene_call(&scenes[i]);
            struct stir_op *op = op_of(verifier, call);
            cr_expect_eq(stir_op_step(op, NULL), 0);
            cr_expect_eq(stir_result_code(stir_op_result(op)), scenes[i].code, "%s, %zu: %d",
                         scenes[i].desc, sizes[k], stir_result_code(stir_op_result(op)));
            cr_expect_eq(counts_of(verifier).built, 1, "%s", scenes[i].desc);
            cr_expect_eq(counts_of(verifier).half_made, 0, "%s", scenes[i].desc);
            stir_op_free(op);
            stir_call_free(call);
            stir_verifier_free(verifier);
        }
}

/* What takes longer than the steps in which time is no matter ends by its deadline; but what was
   made of it stays, and so the calls after it get there. */
static void expect_deadlines(const char *desc,
                             int (*judge)(struct stir_verifier *, struct stir_call *))
{
    struct stir_verifier *verifier = verifier_for(&usual, 64); /* octets of PEM, say */
    struct stir_call *call = scene_call(&usual);
    int code = STIR_CODE_DEADLINE, calls = 0;

    for (; code == STIR_CODE_DEADLINE && calls < 100; calls++) {
        cr_expect_leq(counts_of(verifier).turns, (unsigned)calls * (GRACE_STEPS + 1), "%s",
                      desc);
        code = judge(verifier, call);
        cr_expect_eq(counts_of(verifier).half_made, code == STIR_CODE_DEADLINE, "%s", desc);
    }
    cr_expect_eq(code, 0, "%s", desc);
    cr_expect(calls > 1, "%s: %d calls", desc, calls);
    cr_expect_eq(counts_of(verifier).built, 1, "%s", desc);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

static int verify_by_fetcher(struct stir_verifier *verifier, struct stir_call *call);

Test(path_work, what_is_huge_ends_by_its_deadline_and_is_known_later)
{
    expect_deadlines("blocking", verify);
    expect_deadlines("fetcher", verify_by_fetcher);
}

/* An Identity whose certificates take long does not keep another from its share of each step. The
   first one has lists to read for more steps than there are without time. */
Test(path_work, a_long_list_beside_a_valid_one)
{
    static const char long_url[] = "https://certificates.example.com/long.pem";
    struct scene stranger = *long_scene(), both = usual;
    struct stir_error error;

    stranger.header = "{\"alg\":\"ES256\",\"typ\":\"passport\","
                      "\"x5u\":\"https://certificates.example.com/long.pem\"}";
    stranger.parameters = ";info=<https://certificates.example.com/long.pem>;alg=ES256";
    char *identity = scene_identity(&stranger);
    both.more[0] = identity;
    struct stir_verifier *verifier = verifier_for(&both, 2 * BUDGET_SLICE);
    cr_assert_eq(
        stir_verifier_supply(verifier, long_url, scene_body(&stranger), STIR_NUL, &error), 0);
    struct stir_call *call = scene_call(&both);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    cr_expect_eq(stir_result_code(result), 0);
    cr_expect_eq(stir_result_code(stir_result_identity(result, 0)), STIR_CODE_DEADLINE, "%s",
                 stir_result_detail(stir_result_identity(result, 0)));
    cr_expect_eq(stir_result_code(stir_result_identity(result, 1)), 0);
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    free(identity);
}

/* An operation that is given up in the middle leaves what it made; the next one goes on there, and
   takes no step that was taken before. */
Test(path_work, outlives_its_operation)
{
    const struct scene *scene = long_scene();
    const unsigned turns = turns_for(scene, 0);
    struct stir_verifier *verifier = verifier_for(scene, 0);
    struct stir_call *call = scene_call(scene);
    struct stir_op *op = op_of(verifier, call);

    cr_expect_eq(op_step(op, NULL), STIR_WANT);
    cr_expect(op_is_reading(op));
    cr_expect_null(stir_op_want(op), "it waits for nothing");
    cr_expect_eq(counts_of(verifier).half_made, 1);
    stir_op_free(op);
    cr_expect_eq(counts_of(verifier).half_made, 1);
    cr_expect_eq(verify(verifier, call), 0);
    cr_expect_eq(counts_of(verifier).turns, turns);
    cr_expect_eq(counts_of(verifier).half_made, 0);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* Two of one list go on in turns, each with what the other made. */
Test(path_work, is_shared_by_operations)
{
    const struct scene *scene = long_scene();
    const unsigned turns = turns_for(scene, 0);
    struct stir_verifier *verifier = verifier_for(scene, 0);
    struct stir_call *call = scene_call(scene);
    struct stir_op *ops[2] = {op_of(verifier, call), op_of(verifier, call)};
    int rc[2] = {STIR_WANT, STIR_WANT};

    for (unsigned i = 0; (rc[0] == STIR_WANT || rc[1] == STIR_WANT) && i < 100; i++)
        rc[i % 2] = op_step(ops[i % 2], NULL);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(rc[i], 0);
        cr_expect_eq(stir_result_code(stir_op_result(ops[i])), 0);
        stir_op_free(ops[i]);
    }
    cr_expect_eq(counts_of(verifier).turns, turns);
    cr_expect_eq(counts_of(verifier).built, 1);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* So many other works are laid there that none before stays. */
static void flood(struct path_cache *cache)
{
    for (unsigned i = 0; i < LIMIT_HALF_MADE; i++) {
        char text[16];
        struct turn turn = {0};
        struct kept_path *kept;
        snprintf(text, sizeof text, "list %u", i);
        struct body *body = body_of(text);
        struct path_key key = {body->sha256, body, 1, MINT_NOW, MINT_NOW};
        struct path_work *work = path_work_new(body, 1);
        cr_assert_eq(path_cache_find(cache, &key, &turn, &kept), 0);
        path_cache_leave(cache, &turn, work);
        path_work_free(work);
        body_free(body);
    }
}

/* A reload in the middle: the operation ends under its own configuration, and the next one judges
   anew. So does one whose work gave way to others': it has it still. */
Test(path_work, each_epoch_judges_for_itself)
{
    static const struct mint other_root = {.subject = "Another Root", .ca = MINT_YES};
    const struct scene *scene = long_scene();
    const unsigned turns = turns_for(scene, 0);
    struct stir_verifier *verifier = verifier_for(scene, 0);
    struct stir_call *call = scene_call(scene);
    struct stir_config *other = stir_config_new(), *config = scene_config(scene);
    struct stir_op *op = op_of(verifier, call);
    struct stir_error error;

    cr_expect_eq(op_step(op, NULL), STIR_WANT);
    cr_assert_eq(stir_config_set_data(other, "anchors", mint_make(&other_root, NULL)->pem,
                                      STIR_NUL, &error),
                 0);
    cr_assert_eq(stir_verifier_reload(verifier, other, &error), 0, "%s", error.text);
    cr_expect_eq(verify(verifier, call), STIR_CODE_PATH_NO_ANCHOR);
    cr_assert_eq(stir_verifier_reload(verifier, config, &error), 0, "%s", error.text);
    const uint64_t before = counts_of(verifier).turns;
    cr_expect_eq(verify(verifier, call), 0);
    cr_expect_eq(counts_of(verifier).turns, before + turns);
    cr_expect_eq(counts_of(verifier).half_made, 1, "that of the first epoch");
    flood(verifier->memory->paths);
    const uint64_t after = counts_of(verifier).turns;
    cr_expect_eq(stir_op_step(op, NULL), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), 0);
    cr_expect_eq(counts_of(verifier).turns, after + turns - 1);
    stir_op_free(op);
    stir_config_free(config);
    stir_config_free(other);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* ---- Fetchers -------------------------------------------------------------------------------- */

/* Takes all that it has, each of which is to be good. */
static void drain(struct stir_fetcher *fetcher, unsigned wanted)
{
    struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
    struct stir_op *op;
    unsigned n = 0, good = 0;

    while (n < wanted) {
        while ((op = stir_fetcher_next(fetcher, NULL)) != NULL) {
            good += stir_result_code(stir_op_result(op)) == 0;
            n++;
            stir_op_free(op);
        }
        cr_assert(n == wanted || poll(&fd, 1, 30000) == 1, "nothing happens");
        cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
    }
    cr_expect_eq(good, wanted);
}

static struct stir_fetcher *fetcher_with(struct stir_verifier *verifier, struct stir_call *call,
                                         unsigned n)
{
    struct stir_error error;
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, &error);

    cr_assert_not_null(fetcher, "%s", error.text);
    for (unsigned i = 0; i < n; i++)
        cr_assert_eq(stir_fetcher_add(fetcher, op_of(verifier, call), 0, NULL, &error), 0, "%s",
                     error.text);
    return fetcher;
}

static int verify_by_fetcher(struct stir_verifier *verifier, struct stir_call *call)
{
    struct stir_fetcher *fetcher = fetcher_with(verifier, call, 1);
    struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
    struct stir_op *op;

    while ((op = stir_fetcher_next(fetcher, NULL)) == NULL) {
        cr_assert_eq(poll(&fd, 1, 30000), 1, "nothing happens");
        cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
    }
    int code = stir_result_code(stir_op_result(op));
    stir_op_free(op);
    stir_fetcher_free(fetcher);
    return code;
}

/* A thousand calls at once, none of which has any time: one list is built once, and in as many
   steps as for one. */
Test(path_work, a_thousand_calls_in_a_fetcher)
{
    enum { CALLS = 1000 };
    const struct scene *scene = long_scene();
    const unsigned turns = turns_for(scene, 0);
    struct stir_verifier *verifier = verifier_for(scene, 0);
    struct stir_call *call = scene_call(scene);
    struct stir_fetcher *fetcher = fetcher_with(verifier, call, CALLS);

    drain(fetcher, CALLS);
    cr_expect_eq(counts_of(verifier).built, 1);
    cr_expect_eq(counts_of(verifier).turns, turns);
    stir_fetcher_free(fetcher);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

static void *drain_some(void *arg)
{
    drain(arg, 50);
    return NULL;
}

Test(path_work, two_fetchers_in_two_threads)
{
    const struct scene *scene = long_scene();
    const unsigned turns = turns_for(scene, 0);
    struct stir_verifier *verifier = verifier_for(scene, 0);
    struct stir_call *call = scene_call(scene);
    struct stir_fetcher *fetchers[2];
    pthread_t threads[2];

    for (size_t i = 0; i < 2; i++)
        fetchers[i] = fetcher_with(verifier, call, 50);
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, drain_some, fetchers[i]), 0);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        stir_fetcher_free(fetchers[i]);
    }
    cr_expect_eq(counts_of(verifier).built, 1);
    cr_expect_leq(counts_of(verifier).turns, turns + 2, "and who was the last but one");
    stir_call_free(call);
    stir_verifier_free(verifier);
}
