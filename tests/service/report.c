/* service/report: the JSON of design.md, every key always there. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "tests/scene.h"

static struct value *report_of(const struct scene *scene)
{
    struct stir_result *result = scene_judge(scene);
    struct stir_error error;
    char *json = stir_result_json(result, &error);
    struct value *value = NULL;

    cr_assert_not_null(json, "%s", error.text);
    cr_assert_eq(value_load(json, strlen(json), &value, &error), 0, "%s", error.text);
    free(json);
    stir_result_free(result);
    return value;
}

static void expect_keys(const struct value *object, const char *wanted)
{
    char found[400] = "";
    const struct value *member;

    for (size_t i = 0; i < value_size(object); i++) {
        strcat(found, value_name(object, i, &member));
        strcat(found, " ");
    }
    cr_expect_str_eq(found, wanted);
}

static void expect(const struct value *report, const char *pointer, const char *wanted)
{
    const struct value *found = value_pointer(report, pointer);

    cr_assert_not_null(found, "%s is not there", pointer);
    char *text = value_dump(found);
    cr_expect_str_eq(text, wanted, "%s: wanted %s, found %s", pointer, wanted, text);
    free(text);
}

#define VERDICT_KEYS "verdict verstat code sip_status sip_reason depth detail "
#define PATH_KEYS                                                                              \
    "depth subject issuer serial sha256 not_before not_after ca tnauthlist tnauthlist_url "    \
    "anchor "
#define IDENTITY_KEYS "verdict code sip_status depth detail ppt x5u in_spc compared claims "

static const struct {
    const char *pointer, *wanted;
} of_valid[] = {
    {"/verdict", "\"valid\""},
    {"/verstat", "\"TN-Validation-Passed\""},
    {"/code", "\"ok\""},
    {"/sip_status", "null"},
    {"/sip_reason", "null"},
    {"/depth", "null"},
    {"/decided_by", "0"},
    {"/warnings/0", "\"date-differs: the call has no Date\""},
    {"/path/0/depth", "0"},
    {"/path/0/subject", "\"CN=ACME delegate,O=ACME,C=US\""},
    {"/path/0/issuer", "\"CN=SHAKEN 709J,O=Provider,C=US\""},
    {"/path/0/not_before", "\"2025-01-01T00:00:00Z\""},
    {"/path/0/not_after", "\"2045-01-01T00:00:00Z\""},
    {"/path/0/ca", "false"},
    {"/path/0/tnauthlist", "[{\"first\":\"12155551200\",\"last\":\"12155551299\"}]"},
    {"/path/0/tnauthlist_url", "null"},
    {"/path/0/anchor", "false"},
    {"/path/1/tnauthlist", "[{\"spc\":\"709J\"},{\"first\":\"12155550000\",\"last\":"
                           "\"12155559999\"}]"},
    {"/path/2/tnauthlist", "null"},
    {"/path/3/ca", "true"},
    {"/path/3/anchor", "true"},
    {"/identities/0/verdict", "\"valid\""},
    {"/identities/0/ppt", "\"\""},
    {"/identities/0/x5u", "\"" SCENE_X5U "\""},
    {"/identities/0/in_spc", "null"},
    {"/identities/0/compared", "true"},
    {"/identities/0/claims", "{\"dest\":{\"tn\":[\"" SCENE_DEST "\"]},\"iat\":1767225600,"
                             "\"orig\":{\"tn\":\"" SCENE_ORIG "\"}}"},
};

Test(report, valid)
{
    struct scene scene = {.desc = "valid"};
    struct value *report = report_of(&scene);

    expect_keys(report, VERDICT_KEYS "decided_by warnings path identities ");
    expect_keys(value_pointer(report, "/path/0"), PATH_KEYS);
    expect_keys(value_pointer(report, "/identities/0"), IDENTITY_KEYS);
    for (size_t i = 0; i < sizeof of_valid / sizeof *of_valid; i++)
        if (strcmp(of_valid[i].pointer, "/warnings/0") != 0)
            expect(report, of_valid[i].pointer, of_valid[i].wanted);
    value_free(report);
}

Test(report, invalid)
{
    struct scene scene = {.desc = "outside", .orig = "12155551300"};
    struct value *report = report_of(&scene);

    expect_keys(report, VERDICT_KEYS "decided_by warnings path identities ");
    expect(report, "/verdict", "\"invalid\"");
    expect(report, "/sip_status", "437");
    expect(report, "/sip_reason", "\"Unsupported Credential\"");
    expect(report, "/depth", "0");
    expect(report, "/identities/0/claims", "null");
    cr_assert_eq(value_size(value_member(report, "path")), 4);
    value_free(report);
}

Test(report, nothing_to_show)
{
    struct scene scene = {.desc = "none", .identity = ""};
    struct value *report = report_of(&scene);

    expect_keys(report, VERDICT_KEYS "decided_by warnings path identities ");
    expect(report, "/decided_by", "null");
    expect(report, "/path", "[]");
    expect(report, "/identities", "[]");
    expect(report, "/warnings", "[]");
    value_free(report);
}

/* what the data says of an attested number is told, whatever the verdict. */
Test(report, in_spc)
{
    static const struct {
        const char *csv, *wanted;
    } cases[] = {
        {NULL, "\"unknown\""},
        {"spc,first,last\n709J,12155551234,12155551234\n", "\"yes\""},
        {"spc,first,last\n709J,12155551235,12155551235\n", "\"no\""},
    };

    for (size_t i = 0; i < 3; i++) {
        struct scene scene = {
            .desc = "in_spc",
            .own_chain = true,
            .ppt = "shaken",
            .signer = {.subject = "SHAKEN 709J", .tnauthlist = "709J"},
            .above = {{.subject = "STI CA", .ca = MINT_YES}, {.subject = "Root"}},
            .csv = cases[i].csv};
        struct value *report = report_of(&scene);
        expect(report, "/verdict", "\"valid\"");
        expect(report, "/identities/0/in_spc", cases[i].wanted);
        value_free(report);
    }
}

Test(report, strangers_text_is_one_printable_line)
{
    struct scene scene = {.desc = "CN with a line feed",
                          .own_chain = true,
                          .signer = {.subject = "AC\nME\\x0A", .tnauthlist = "12155551200+100"},
                          .above = {{.subject = "STI CA", .ca = MINT_YES}, {.subject = "Root"}},
                          .orig = "12155551300"};
    struct stir_result *result = scene_judge(&scene);

    cr_assert_not_null(strstr(stir_result_detail(result), "AC\\x0AME\\x5Cx0A"), "%s",
                       stir_result_detail(result));
    cr_assert_null(strchr(stir_result_detail(result), '\n'));
    stir_result_free(result);
}

Test(report, null)
{
    struct stir_error error;

    cr_assert_null(stir_result_json(NULL, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
}
