/* service/encompassed: whether a delegate's list is encompassed is found once, and again only when
   what it rests on may have changed: the SPC data's generation, its time, the configuration. */
#include "service/encompassed.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "service/credential.h"
#include "service/verifier.h"
#include "tests/scene.h"

/* SPC data that counts who asks it what. */
struct data {
    uint64_t generation; /* the present one */
    int64_t keep;        /* seconds */
    bool keeps, says_no, has_generation, dated;
    int64_t as_of;
    unsigned asked;  /* about more than one number: the delegate's range */
    unsigned looked; /* for the generation */
};

static int answer(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct data *data = arg;

    (void)error;
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct stir_question *question = &want->questions[i];
        data->asked += question->last > question->first;
        stir_want_answer(want, i, question->first, question->last,
                         data->says_no ? STIR_NO : STIR_YES);
        if (data->dated)
            stir_want_as_of(want, i, data->as_of);
        if (data->keeps)
            stir_want_keep(want, i, data->has_generation ? data->generation : 0, data->keep);
    }
    return 0;
}

static uint64_t generation(void *arg, const char *spc)
{
    struct data *data = arg;

    cr_expect_str_eq(spc, "709J");
    data->looked++;
    return data->generation;
}

static const struct scene by_spc = {
    .desc = "numbers under an SPC",
    .own_chain = true,
    .signer = {.subject = "ACME", .tnauthlist = "12155551200+100"},
    .above = {{.subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"},
              {.subject = "STI CA", .ca = MINT_YES},
              {.subject = "Root"}}};

struct stage {
    struct stir_config *config;
    struct stir_verifier *verifier;
    struct data data;
    int64_t clock;
};

static int64_t read_clock(void *arg)
{
    return *(int64_t *)arg;
}

static void set_up(struct stage *stage, struct data data)
{
    struct stir_error error;
    const struct stir_resolver resolver = {.size = sizeof resolver,
                                           .arg = &stage->data,
                                           .answer = answer,
                                           .generation =
                                               data.has_generation ? generation : NULL};

    stage->data = data;
    stage->clock = MINT_NOW;
    stage->config = scene_config(&by_spc);
    cr_assert_eq(stir_config_set_resolver(stage->config, &resolver, &error), 0);
    stage->verifier = stir_verifier_new(stage->config, &error);
    cr_assert_not_null(stage->verifier, "%s", error.text);
    stage->verifier->memory->clock = read_clock;
    stage->verifier->memory->clock_arg = &stage->clock;
    cr_assert_eq(
        stir_verifier_supply(stage->verifier, SCENE_X5U, scene_body(&by_spc), STIR_NUL, &error),
        0);
}

static void tear_down(struct stage *stage)
{
    stir_verifier_free(stage->verifier);
    stir_config_free(stage->config);
}

static int judge(struct stage *stage, int64_t now)
{
    struct stir_error error;
    struct scene scene = by_spc;
    scene.iat = now;
    struct stir_call *call = scene_call(&scene);
    struct stir_result *result = stir_verify(stage->verifier, call, now, 0, &error);

    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* How often the range was asked about in a second call, so many seconds later by both clocks. */
Test(encompassed, is_asked_again_when_it_may_have_changed)
{
    enum { NO_CHANGE, NEXT_GENERATION, RELOAD };
    static const struct {
        const char *desc;
        struct data data;
        int64_t call_later, clock_later;
        int change;
        unsigned again;
    } cases[] = {
        {"not kept", {.generation = 7, .has_generation = true}, 0, 0, NO_CHANGE, 1},
        {"kept by generation",
         {.generation = 7, .has_generation = true, .keeps = true},
         1,
         1,
         NO_CHANGE,
         0},
        {"and that changed",
         {.generation = 7, .has_generation = true, .keeps = true},
         1,
         1,
         NEXT_GENERATION,
         1},
        {"within freshness of the time asked about",
         {.generation = 7, .has_generation = true, .keeps = true},
         60,
         0,
         NO_CHANGE,
         0},
        {"a second beyond",
         {.generation = 7, .has_generation = true, .keeps = true},
         61,
         0,
         NO_CHANGE,
         1},
        {"a second before",
         {.generation = 7, .has_generation = true, .keeps = true},
         -61,
         0,
         NO_CHANGE,
         1},
        {"kept for 10 seconds", {.keeps = true, .keep = 10}, 9, 9, NO_CHANGE, 0},
        {"which are over", {.keeps = true, .keep = 10}, 10, 10, NO_CHANGE, 1},
        {"both, and the seconds are over",
         {.generation = 7, .has_generation = true, .keeps = true, .keep = 10},
         10,
         10,
         NO_CHANGE,
         1},
        {"generation 0 and no seconds: for this once", {.keeps = true}, 0, 0, NO_CHANGE, 1},
        {"another configuration",
         {.generation = 7, .has_generation = true, .keeps = true},
         0,
         0,
         RELOAD,
         1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        struct stir_error error;
        set_up(&stage, cases[i].data);
        cr_expect_eq(judge(&stage, MINT_NOW), 0, "%s", cases[i].desc);
        cr_expect_eq(stage.data.asked, 1, "%s", cases[i].desc);
        stage.clock += cases[i].clock_later;
        if (cases[i].change == NEXT_GENERATION)
            stage.data.generation++;
        if (cases[i].change == RELOAD)
            cr_assert_eq(stir_verifier_reload(stage.verifier, stage.config, &error), 0);
        judge(&stage, MINT_NOW + cases[i].call_later);
        cr_expect_eq(stage.data.asked, 1 + cases[i].again, "%s: asked %u times", cases[i].desc,
                     stage.data.asked);
        tear_down(&stage);
    }
}

/* what is kept ends where the data it rests on gets too old; what is too old is not kept, so
   that newer data counts at once. */
Test(encompassed, until_the_data_is_too_old)
{
    struct stage stage;
    struct stir_error error;

    set_up(&stage, (struct data){.generation = 1,
                                 .has_generation = true,
                                 .keeps = true,
                                 .dated = true,
                                 .as_of = MINT_NOW - 3590});
    cr_assert_eq(stir_config_set(stage.config, "spc_db_max_age", "3600", &error), 0);
    cr_assert_eq(stir_verifier_reload(stage.verifier, stage.config, &error), 0);
    cr_expect_eq(judge(&stage, MINT_NOW), 0);
    cr_expect_eq(judge(&stage, MINT_NOW + 10), 0);
    cr_expect_eq(stage.data.asked, 1);
    cr_expect_eq(judge(&stage, MINT_NOW + 11), STIR_CODE_ENCOMPASS_UNKNOWN);
    cr_expect_eq(judge(&stage, MINT_NOW + 11), STIR_CODE_ENCOMPASS_UNKNOWN);
    cr_expect_eq(stage.data.asked, 3);
    stage.data.as_of = MINT_NOW;
    cr_expect_eq(judge(&stage, MINT_NOW + 11), 0);
    /* Of data that does not say as of when it is, nothing is too old. */
    stage.data.dated = false;
    stage.data.generation++;
    cr_expect_eq(judge(&stage, MINT_NOW + 3600), 0);
    tear_down(&stage);
}

/* R8226-10-1: a certificate that is known proves nothing of whose the numbers are now. One that
   left its provider is seen by the very next call. */
Test(encompassed, follows_the_data)
{
    struct stage stage;

    set_up(&stage, (struct data){.generation = 1, .has_generation = true, .keeps = true});
    cr_expect_eq(judge(&stage, MINT_NOW), 0);
    stage.data.says_no = true;
    cr_expect_eq(judge(&stage, MINT_NOW), 0, "nobody said that anything changed");
    stage.data.generation++;
    cr_expect_eq(judge(&stage, MINT_NOW), STIR_CODE_NOT_ENCOMPASSED);
    cr_expect_eq(judge(&stage, MINT_NOW), STIR_CODE_NOT_ENCOMPASSED, "kept, too");
    stage.data.says_no = false;
    stage.data.generation++;
    cr_expect_eq(judge(&stage, MINT_NOW), 0);
    cr_expect_eq(stage.data.asked, 3);
    tear_down(&stage);
}

static bool has_overhang(const struct stir_result *result)
{
    const char *line;

    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(line, "spc-overhang:", 13) == 0)
            return true;
    return false;
}

/* What policy lets pass for a calling number does not pass for a caller by URI, so that what
   was found for the one is not said of the other. */
Test(encompassed, by_policy)
{
    static const struct scene by_uri = {
        .desc = "a URI",
        .own_chain = true,
        .orig = "sip:alice@example.com",
        .signer = {.subject = "ACME",
                   .tnauthlist = "12155551200+100",
                   .san = "uri:sip:example.com"},
        .above = {{.subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"},
                  {.subject = "STI CA", .ca = MINT_YES},
                  {.subject = "Root"}}};
    struct scene number = by_uri;
    struct stage stage;
    struct stir_error error;

    number.orig = "12155551234";
    set_up(&stage, (struct data){.generation = 1, .has_generation = true, .keeps = true});
    struct stir_config *config = scene_config(&by_uri);
    const char *csv = "spc,first,last\n709J,12155551200,12155551298\n";
    cr_assert_eq(stir_config_set_data(config, "spc", csv, STIR_NUL, &error), 0);
    cr_assert_eq(stir_config_set(config, "spc_overhang", "called", &error), 0);
    cr_assert_eq(stir_verifier_reload(stage.verifier, config, &error), 0);
    cr_assert_eq(
        stir_verifier_supply(stage.verifier, SCENE_X5U, scene_body(&by_uri), STIR_NUL, &error),
        0);
    for (int i = 0; i < 4; i++) {
        const struct scene *scene = i % 2 == 0 ? &number : &by_uri;
        struct stir_call *call = scene_call(scene);
        struct stir_result *result = stir_verify(stage.verifier, call, MINT_NOW, 0, &error);
        cr_assert_not_null(result, "%s", error.text);
        cr_expect_eq(stir_result_code(result), i % 2 == 0 ? 0 : STIR_CODE_NOT_ENCOMPASSED,
                     "%d: %s", i, stir_result_detail(result));
        cr_expect_eq(has_overhang(result), i % 2 == 0, "%d", i);
        stir_result_free(result);
        stir_call_free(call);
    }
    stir_config_free(config);
    tear_down(&stage);
}

/* ---- In steps ---- */

enum { LONG = 10000, PORTIONS = 3 }; /* numbers under an SPC, of a portion at a step */

/* SPC data of which a generation may end with each answer. */
struct long_data {
    uint64_t generation;
    bool keeps;
    unsigned changes; /* so many answers from the first are each of a generation of their own */
    unsigned no_at;   /* the number of the answer that says no; 0: none */
    unsigned answered; /* how often */
    size_t asked, most_at_once;
};

static int answer_long(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct long_data *data = arg;

    (void)error;
    data->asked += want->n_questions;
    if (want->n_questions > data->most_at_once)
        data->most_at_once = want->n_questions;
    data->answered++;
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct stir_question *question = &want->questions[i];
        stir_want_answer(want, i, question->first, question->last,
                         data->answered == data->no_at && i == 1 ? STIR_NO : STIR_YES);
        if (data->keeps)
            stir_want_keep(want, i, data->generation, 0);
    }
    if (data->answered <= data->changes)
        data->generation++;
    return 0;
}

static uint64_t generation_long(void *arg, const char *spc)
{
    (void)spc;
    return ((struct long_data *)arg)->generation;
}

struct long_stage {
    struct stir_verifier *verifier;
    struct body *body;
    struct snapshot *snapshot;
    struct long_data data;
};

static char *long_list(void)
{
    char *numbers = malloc(LONG * 16), *at = numbers;

    for (unsigned i = 0; i < LONG; i++)
        at += sprintf(at, "%st1215%07u", i > 0 ? "," : "", 2 * i);
    return numbers;
}

static void set_up_long(struct long_stage *stage, struct long_data data)
{
    static const char *body;
    char *numbers = NULL;
    struct scene scene = by_spc;
    struct stir_error error;
    const struct stir_resolver resolver = {.size = sizeof resolver,
                                           .arg = &stage->data,
                                           .answer = answer_long,
                                           .generation = generation_long};

    if (body == NULL) {
        scene.signer.tnauthlist = numbers = long_list();
        body = scene_body(&scene);
    }
    stage->data = data;
    struct stir_config *config = scene_config(&scene);
    cr_assert_eq(stir_config_set_resolver(config, &resolver, &error), 0);
    stage->verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(stage->verifier, "%s", error.text);
    stir_config_free(config);
    free(numbers);
    stage->snapshot = verifier_snapshot(stage->verifier, NULL);
    stage->body = body_new(body, strlen(body));
}

static void tear_down_long(struct long_stage *stage)
{
    body_free(stage->body);
    snapshot_free(stage->snapshot);
    stir_verifier_free(stage->verifier);
}

/* One that asks whether the lists are good, a portion at a step. */
struct asker {
    struct credential credential;
    struct stir_result *result;
    struct stir_error error;
};

static void begin(struct asker *asker, struct long_stage *stage)
{
    size_t all = SIZE_MAX;

    *asker = (struct asker){.credential = {.snapshot = stage->snapshot,
                                           .memory = stage->verifier->memory,
                                           .claimant = {.signed_at = MINT_NOW},
                                           .now = MINT_NOW}};
    asker->result = result_new(&stage->snapshot->policy);
    cr_assert_eq(credential_judge_list(&asker->credential, stage->body, true, &all,
                                       asker->result, &asker->error),
                 0, "%s", asker->error.text);
}

static int step(struct asker *asker)
{
    size_t budget = 1;

    return credential_judge_delegation(&asker->credential, asker->result, &budget,
                                       &asker->error);
}

static void end(struct asker *asker)
{
    credential_free(&asker->credential);
    result_free(asker->result);
}

/* Who steps when, and what it comes to: A and B are of one verifier and one list. */
static const struct {
    const char *desc;
    struct long_data data;
    const char *steps; /* a letter: a step; "-a": A ends in mid-walk */
    size_t asked;
    const char *done; /* who has the answer at the end */
    int code;
    bool kept; /* a further one need not ask */
} steps[] = {
    {"a portion at a step", {.generation = 1, .keeps = true}, "AAA", LONG, "A", 0, true},
    {"not done in two", {.generation = 1, .keeps = true}, "AA", 8192, "", 0, false},
    {"two alternate on one path",
     {.generation = 1, .keeps = true},
     "ABAB",
     LONG,
     "AB",
     0,
     true},
    {"one ends in mid-walk, another goes on",
     {.generation = 1, .keeps = true},
     "AA-aB",
     LONG,
     "B",
     0,
     true},
    {"what may not be kept is each one's own",
     {.generation = 1},
     "ABABAB",
     2 * LONG,
     "AB",
     0,
     false},
    {"and ends with it", {.generation = 1}, "AA-aBBB", 8192 + LONG, "B", 0, false},
    {"the data changes between two portions: from the beginning",
     {.generation = 1, .keeps = true, .changes = 1},
     "AAAA",
     4096 + LONG,
     "A",
     0,
     true},
    {"whoever steps then",
     {.generation = 1, .keeps = true, .changes = 1},
     "AB-aBB",
     4096 + LONG,
     "B",
     0,
     true},
    {"it changes all the time: judged by what was said, and not kept",
     {.generation = 1, .keeps = true, .changes = 100},
     "AAAAAA",
     3 * 4096 + LONG,
     "A",
     0,
     false},
    {"a no in the second portion is a no when all is asked",
     {.generation = 1, .keeps = true, .no_at = 2},
     "AAA",
     LONG,
     "A",
     STIR_CODE_NOT_ENCOMPASSED,
     true},
    {"a no is said before the data changes",
     {.generation = 1, .keeps = true, .no_at = 1, .changes = 1},
     "AAAA",
     4096 + LONG,
     "A",
     0,
     true},
};

Test(encompassed, in_steps)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct long_stage stage;
        struct asker askers[3];
        char done[3] = "";
        set_up_long(&stage, steps[i].data);
        for (size_t k = 0; k < 3; k++)
            begin(&askers[k], &stage);
        for (const char *at = steps[i].steps; *at != '\0'; at++) {
            struct asker *asker = &askers[(*at | 32) == 'a' || *at == '-' ? 0 : 1];
            if (*at == '-') {
                end(asker);
                at++;
                continue;
            }
            int rc = step(asker);
            if (rc == BUDGET_GONE) {
                cr_expect_eq(asker->result->finding.code, 0, "%s", steps[i].desc);
                cr_expect_eq(asker->result->warnings.n, 0, "%s", steps[i].desc);
                continue;
            }
            cr_expect_eq(rc, steps[i].code != 0, "%s: %s", steps[i].desc, asker->error.text);
            cr_expect_eq(asker->result->finding.code, steps[i].code, "%s: %s", steps[i].desc,
                         asker->result->finding.text);
            strncat(done, at, 1);
        }
        cr_expect_str_eq(done, steps[i].done, "%s", steps[i].desc);
        cr_expect_eq(stage.data.asked, steps[i].asked, "%s: %zu", steps[i].desc,
                     stage.data.asked);
        cr_expect_leq(stage.data.most_at_once, LIMIT_PORTION, "%s", steps[i].desc);
        if (steps[i].done[0] != '\0') {
            cr_expect_eq(step(&askers[2]) != BUDGET_GONE, steps[i].kept, "%s", steps[i].desc);
            cr_expect_eq(stage.data.asked == steps[i].asked, steps[i].kept, "%s",
                         steps[i].desc);
        }
        for (size_t k = strchr(steps[i].steps, '-') != NULL; k < 3; k++)
            end(&askers[k]);
        tear_down_long(&stage);
    }
}

/* Who comes while another is at it begins for himself; of what both lay down the further stays. */
Test(encompassed, taken_while_another_is_at_it)
{
    struct long_stage stage;
    struct asker a, b;

    set_up_long(&stage, (struct long_data){.generation = 1, .keeps = true});
    begin(&a, &stage);
    begin(&b, &stage);
    cr_expect_eq(step(&a), BUDGET_GONE);
    cr_expect_eq(step(&a), BUDGET_GONE);
    struct kept_path *kept = a.credential.kept;
    struct encompassed_work *work = kept->work;
    cr_assert_not_null(work);
    kept->work = NULL; /* as if a were stepping */
    cr_expect_eq(step(&b), BUDGET_GONE);
    cr_expect_eq(stage.data.asked, 3 * 4096);
    cr_expect(kept->work != NULL && kept->work != work);
    cr_expect(encompassed_lay(kept, work));
    cr_expect_eq(kept->work, work, "it is further");
    cr_expect_eq(step(&b), 0);
    cr_expect_eq(stage.data.asked, 4096 + LONG);
    end(&a);
    end(&b);
    tear_down_long(&stage);
}

/* What is asked is asked about the time of who asks it, and no earlier one that lies there. */
Test(encompassed, half_made_at_another_time)
{
    struct encompassed_key key = {.now = MINT_NOW, .freshness = 60};
    struct long_stage stage;
    struct asker a;

    set_up_long(&stage, (struct long_data){.generation = 1, .keeps = true});
    begin(&a, &stage);
    key.source = stage.snapshot->spc;
    struct kept_path *kept = a.credential.kept;
    struct encompassed_work *work = encompassed_begin(kept, &key);
    cr_assert(encompassed_lay(kept, work));
    a.credential.now += 3600;
    key.now += 3600;
    work = encompassed_begin(kept, &key);
    cr_expect_eq(work->now, MINT_NOW + 3600, "nobody was asked yet");
    cr_assert(encompassed_lay(kept, work));
    cr_expect_eq(step(&a), BUDGET_GONE);
    key.now += 61;
    work = encompassed_begin(kept, &key);
    cr_expect_eq(work->now, MINT_NOW + 3661);
    cr_expect_eq(work->walk.n_asked, 0, "more than freshness later: from the beginning");
    encompassed_work_free(work);
    end(&a);
    tear_down_long(&stage);
}
