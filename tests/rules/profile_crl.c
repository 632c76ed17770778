/* Profiles of revocation lists: every rule with a list that breaks it, and one that breaks none. */
#include "rules/profile_crl.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/mint_crl.h"

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};

#define EXTENSIONS(...)                                                                        \
    (const struct mint_extension[])                                                            \
    {                                                                                          \
        __VA_ARGS__,                                                                           \
        {                                                                                      \
            NULL, false, NULL                                                                  \
        }                                                                                      \
    }
#define ENTRY(...)                                                                             \
    {                                                                                          \
        {                                                                                      \
            .serial_hex = "12", __VA_ARGS__                                                    \
        }                                                                                      \
    }
/* [4] of CN=a */
#define ISSUER "3010A40E300C310A300806035504030C0161"

static const struct {
    const char *desc;
    struct mint_crl crl;
    enum profile profile;
    const char *says; /* "severity rule found"; NULL: nothing at all */
} cases[] = {
    {"a good direct list",
     {.revoked = ENTRY(.reason_hex = "01", .date = MINT_THIS_UPDATE)},
     PROFILE_RFC,
     NULL},
    {"A80-9: a direct list",
     {.revoked = ENTRY(.reason_hex = "01")},
     PROFILE_ATIS80,
     "warning crl-indirect a list of its issuer's certificates alone"},
    {"A80-9: a good indirect list",
     {.idp_hex = MINT_IDP_INDIRECT,
      .revoked =
          ENTRY(.reason_hex = "01", .date = MINT_THIS_UPDATE, .issuer = "C=US,O=Test,CN=ca")},
     PROFILE_ATIS80,
     NULL},
    {"A80-9: the same under atis92", {.idp_hex = MINT_IDP_INDIRECT}, PROFILE_ATIS92, NULL},
    {"R5280-5-1: version 1",
     {.version = -1, .no_extensions = true, .number_hex = "", .akid = ""},
     PROFILE_RFC,
     "error crl-version another"},
    {"R5280-5-1: version 1 with extensions",
     {.version = -1},
     PROFILE_RFC,
     "error crl-extensions-version another"},
    {"R5280-5-1: another algorithm inside",
     {.tbs_algorithm_hex = "300A06082A8648CE3D040303"},
     PROFILE_RFC,
     "error crl-algorithms two"},
    {"A-34: an algorithm that is not taken",
     {.tbs_algorithm_hex = "300706052B0E03021D", .algorithm_hex = "300706052B0E03021D"},
     PROFILE_RFC,
     "error crl-algorithm another algorithm"},
    {"R5280-5-1: no nextUpdate",
     {.next_update = -1},
     PROFILE_RFC,
     "error crl-next-update absent"},
    {"nextUpdate that is thisUpdate",
     {.next_update = MINT_THIS_UPDATE},
     PROFILE_RFC,
     "warning crl-next-update-first 2025-12-31T00:00:00Z and 2025-12-31T00:00:00Z"},
    {"an empty list of entries",
     {.revoked_empty = true},
     PROFILE_RFC,
     "warning crl-entries-empty an empty list"},
    {"R5280-4-1: an extension twice",
     {.extensions = EXTENSIONS({"2.5.29.20", false, "020101"})},
     PROFILE_RFC,
     "error crl-extension-twice one twice"},
    {"R5280-5-1: a critical extension that is not known",
     {.extensions = EXTENSIONS({"1.2.3.4", true, "0500"})},
     PROFILE_RFC,
     "error crl-critical-extension 1.2.3.4"},
    {"one that is not critical",
     {.extensions = EXTENSIONS({"1.2.3.4", false, "0500"})},
     PROFILE_RFC,
     NULL},
    {"R5280-5-6: a delta",
     {.extensions = EXTENSIONS({"2.5.29.27", true, "020101"})},
     PROFILE_RFC,
     "error crl-delta a delta to another list"},
    {"A-34: no number", {.number_hex = ""}, PROFILE_RFC, "warning crl-number-missing absent"},
    {"a negative number", {.number_hex = "80"}, PROFILE_RFC, "error crl-number another"},
    {"a critical number",
     {.number_hex = "", .extensions = EXTENSIONS({"2.5.29.20", true, "020101"})},
     PROFILE_RFC,
     "warning crl-number-critical critical"},
    {"A-34: no key identifier", {.akid = ""}, PROFILE_RFC, "warning crl-akid-missing none"},
    {"a critical key identifier",
     {.akid = "", .extensions = EXTENSIONS({"2.5.29.35", true, "30038001AA"})},
     PROFILE_RFC,
     "warning crl-akid-critical critical"},
    {"R5280-5-2: a scope that is not critical",
     {.idp_hex = MINT_IDP_INDIRECT, .idp_not_critical = true},
     PROFILE_RFC,
     "warning crl-idp-critical not critical"},
    {"a scope that says nothing",
     {.idp_hex = "3000"},
     PROFILE_RFC,
     "warning crl-idp-empty an empty one"},
    {"no reason", {.idp_hex = "300483020700"}, PROFILE_RFC, "error crl-no-reason"},
    {"users and CAs alone, both",
     {.idp_hex = "30068101FF8201FF"},
     PROFILE_RFC,
     "error crl-scopes several"},
    {"some reasons",
     {.idp_hex = "300483020640"},
     PROFILE_RFC,
     "notice crl-some-reasons onlySomeReasons"},
    {"attribute certificates",
     {.idp_hex = "30038501FF"},
     PROFILE_RFC,
     "notice crl-attributes attribute certificates alone"},
    {"an entry of number 0",
     {.revoked = {{.serial_hex = "12"}, {.serial_hex = "00"}, {.serial_hex = "80"}}},
     PROFILE_RFC,
     "warning crl-entry-serial entry 1, and 1 more"},
    {"an entry that is later than the list",
     {.revoked = ENTRY(.date = MINT_NOW)},
     PROFILE_RFC,
     "notice crl-entry-later entry 0"},
    {"R5280-5-1: an entry's extension in version 1",
     {.version = -1, .no_extensions = true, .revoked = ENTRY(.reason_hex = "01")},
     PROFILE_RFC,
     "error crl-entry-version entry 0"},
    {"R5280-4-1: an entry's extension twice",
     {.revoked = ENTRY(.extensions = EXTENSIONS({"2.5.29.21", false, "0A0101"},
                                                {"2.5.29.21", false, "0A0101"}))},
     PROFILE_RFC,
     "error crl-entry-extension-twice entry 0"},
    {"R5280-5-1: a critical extension of an entry",
     {.revoked = ENTRY(.extensions = EXTENSIONS({"1.2.3.4", true, "0500"}))},
     PROFILE_RFC,
     "error crl-entry-critical-extension entry 0"},
    {"a reason that there is not",
     {.revoked = ENTRY(.reason_hex = "07")},
     PROFILE_RFC,
     "error crl-entry-reason entry 0"},
    {"R5280-5-6: removeFromCRL",
     {.revoked = ENTRY(.reason_hex = "08")},
     PROFILE_RFC,
     "error crl-entry-remove entry 0"},
    {"unspecified, said",
     {.revoked = ENTRY(.reason_hex = "00")},
     PROFILE_RFC,
     "notice crl-entry-unspecified entry 0"},
    {"a critical reason",
     {.revoked = ENTRY(.extensions = EXTENSIONS({"2.5.29.21", true, "0A0101"}))},
     PROFILE_RFC,
     "warning crl-entry-reason-critical entry 0"},
    {"R5280-5-3: an issuer in a direct list",
     {.revoked = ENTRY(.issuer = "CN=a")},
     PROFILE_RFC,
     "error crl-entry-issuer-direct entry 0"},
    {"R5280-5-3: an issuer without a directory name",
     {.idp_hex = MINT_IDP_INDIRECT,
      .revoked = ENTRY(.extensions = EXTENSIONS({"2.5.29.29", true, "3003820161"}))},
     PROFILE_RFC,
     "error crl-entry-issuer entry 0"},
    {"R5280-5-3: an issuer that is not critical",
     {.idp_hex = MINT_IDP_INDIRECT,
      .revoked = ENTRY(.extensions = EXTENSIONS({"2.5.29.29", false, ISSUER}))},
     PROFILE_RFC,
     "warning crl-entry-issuer-critical entry 0"},
};

static int take(void *arg, const struct profile_finding *finding)
{
    text_addf(arg, "%s %s %s (%s)\n", severity_name(finding->severity), finding->rule,
              finding->found, finding->clause);
    return 0;
}

Test(profile_crl, cases)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct minted *minted = mint_crl(&cases[i].crl, &pa);
        struct text said = {0};
        struct stir_error error;
        struct crl *crl;
        error_clear(&error);
        cr_assert_eq(crl_new((struct der){minted->der, minted->len}, "", &crl, &error), 0,
                     "%s: %s", cases[i].desc, error.text);
        cr_assert_eq(profile_check_crl(crl, cases[i].profile, take, &said), 0);
        const char *text = said.data != NULL ? said.data : "";
        if (cases[i].says == NULL)
            cr_expect_str_empty(text, "%s: %s", cases[i].desc, text);
        else
            cr_expect_not_null(strstr(text, cases[i].says), "%s: %s", cases[i].desc, text);
        /* What is an error is what nothing may rest on. */
        cr_expect_eq(strstr(text, "error ") != NULL, crl->fault.code != 0, "%s: %s %s",
                     cases[i].desc, text, crl->fault.text);
        crl_free(crl);
        text_free(&said);
    }
}

/* No row without a case. */
Test(profile_crl, every_rule_has_a_case)
{
    const struct profile_crl_rule *rule;

    for (size_t i = 0; (rule = profile_crl_rule(i)) != NULL; i++) {
        bool found = false;
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            const char *at = cases[k].says == NULL ? NULL : strchr(cases[k].says, ' ');
            size_t len = strlen(rule->name);
            found |= at != NULL && strncmp(at + 1, rule->name, len) == 0
                     && (at[len + 1] == ' ' || at[len + 1] == '\0');
        }
        cr_expect(found, "no case breaks %s", rule->name);
    }
}
