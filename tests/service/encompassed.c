/* service/encompassed: whether a delegate's list is encompassed is found once, and again only when
   what it rests on may have changed: the SPC data's generation, its time, the configuration. */
#include "service/encompassed.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

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

/* R8226-10-1: a certificate that is known proves nothing of whose the numbers are now. One that left
   its provider is seen by the very next call. */
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
