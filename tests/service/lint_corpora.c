/*
 * stir_lint() on production certificates, against what the linters of their time recorded of them
 * . Where the two differ, the table says in how many, and why: a row that no longer
 * fits the numbers fails.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "stir.h"
#include "tests/help.h"

/* Recorded names, with a space on either side of each; our rule, or NULL: we have none. */
static const struct row {
    const char *recorded, *rule;
    int both, ours_only, theirs_only;
    const char *why;
} rows[] = {
    {" e_us_cp_subject_sn e_us_cp_subject_sn_shall e_cp1_3_subject_sn ",
     "subject-serial-number", 143, 0, 47,
     "e_us_cp_subject_sn was put to certificates made before CP 1.3, which asked for it, and "
     "after CP 1.4, which does not"},
    {" e_atis_ext_crl_distribution_struct e_sti_crl_distribution ", "crl-distribution", 125, 43,
     5,
     "the structure was not looked at before e_atis_ext_crl_distribution_struct came; an early "
     "e_sti_crl_distribution refused points that have both a URL and a cRLIssuer"},
    {" e_atis_subject_cn_spc e_atis_subject_cn e_sti_subject_cn ", "subject-spc", 89, 0, 1,
     "one was made before v004 was issued"},
    {" e_atis_ext_key_usage_ee e_atis_key_usage e_sti_key_usage ", "key-usage-more", 61, 0, 0,
     NULL},
    {" e_atis_certificate_policies e_shaken_certificate_policies_id "
     "e_sti_certificate_policies ",
     "policies-id", 45, 0, 0, NULL},
    {" e_incorrect_ku_encoding ", "key-usage-der", 28, 0, 0, NULL},
    {" e_atis_subject e_sti_subject ", "subject-organization", 0, 0, 1,
     "it was made before v004 was issued"},
    {" - ", "akid-serial", 0, 28, 0, "lawful; no linter says it"},
    {" e_atis_issuer_dn e_sti_issuer_dn ", NULL, 0, 0, 43,
     "ours is told of the issuer's own certificate (subject-country)"},
    {" e_us_cp_ambiguous_identifier e_cp1_3_ambiguous_identifier ", NULL, 0, 0, 92,
     "no rule of ATIS-1000080: the policy's advice on names"},
    {" w_shaken_subject_rdn_unknown w_pki_subject_rdn_unknown w_cp1_3_subject_rdn_unknown "
     "w_cp_1_3_subject_email ",
     NULL, 0, 0, 97, "best practice of one CA, not a rule"},
};
enum { N = sizeof rows / sizeof *rows };

struct counts {
    int both, ours_only, theirs_only;
};

static struct stir_rows *lint_file(char *path, const char *profile)
{
    struct stir_error error;
    size_t len;
    char *pem = help_read(path, &len);

    cr_assert_not_null(pem, "%s", path);
    struct stir_rows *found = stir_lint(pem, len, profile, &error);
    cr_assert_not_null(found, "%s: %s", path, error.text);
    free(pem);
    free(path);
    return found;
}

static bool has(const struct stir_rows *found, const char *column, const char *text)
{
    const char *here;

    for (size_t i = 0; (here = stir_rows_text(found, i, column)) != NULL; i++)
        if (strcmp(here, text) == 0)
            return true;
    return false;
}

static bool is_recorded(const struct value *lints, const char *names)
{
    char name[80];

    for (size_t i = 0; i < value_size(lints); i++) {
        snprintf(name, sizeof name, " %s ", value_string(value_at(lints, i)));
        if (strstr(names, name) != NULL)
            return true;
    }
    return false;
}

static void expect_known(const struct value *lints)
{
    for (size_t i = 0; i < value_size(lints); i++) {
        char name[80];
        bool known = false;
        snprintf(name, sizeof name, " %s ", value_string(value_at(lints, i)));
        for (size_t k = 0; k < N; k++)
            known |= strstr(rows[k].recorded, name) != NULL;
        cr_expect(known, "no row has%s", name);
    }
}

static void expect_ours_known(const struct stir_rows *found)
{
    const char *rule;

    for (size_t i = 0; (rule = stir_rows_text(found, i, "rule")) != NULL; i++) {
        bool known = false;
        for (size_t k = 0; k < N; k++)
            known |= rows[k].rule != NULL && strcmp(rows[k].rule, rule) == 0;
        cr_expect(known, "no row has our %s", rule);
    }
}

static void compare(const struct value *record, struct counts *counts)
{
    const char *sha256 = value_string(value_member(record, "sha256"));
    const struct value *lints = value_member(record, "lints");
    char relative[120];

    snprintf(relative, sizeof relative, "shaken/leaf/%s.pem", sha256);
    struct stir_rows *found = lint_file(help_corpus(relative), "atis80");
    cr_expect_not(has(found, "severity", "error"), "%s: an error under atis80", sha256);
    expect_known(lints);
    expect_ours_known(found);
    for (size_t i = 0; i < N; i++) {
        bool ours = rows[i].rule != NULL && has(found, "rule", rows[i].rule);
        bool theirs = is_recorded(lints, rows[i].recorded);
        counts[i].both += ours && theirs;
        counts[i].ours_only += ours && !theirs;
        counts[i].theirs_only += !ours && theirs;
    }
    stir_rows_free(found);
}

Test(lint_corpora, leaves_against_recorded_lints)
{
    help_need_corpora();
    struct counts counts[N] = {{0}};
    char *path = help_corpus("shaken/leaf.jsonl"), *text = help_read(path, NULL), *save = NULL;
    int n = 0;

    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save), n++) {
        struct value *record = NULL;
        cr_assert_eq(value_load(line, strlen(line), &record, NULL), 0);
        compare(record, counts);
        value_free(record);
    }
    cr_expect_eq(n, 384);
    for (size_t i = 0; i < N; i++) {
        const char *name = rows[i].rule != NULL ? rows[i].rule : rows[i].recorded;
        cr_expect_eq(counts[i].both, rows[i].both, "%s: both %d", name, counts[i].both);
        cr_expect_eq(counts[i].ours_only, rows[i].ours_only, "%s: ours only %d", name,
                     counts[i].ours_only);
        cr_expect_eq(counts[i].theirs_only, rows[i].theirs_only, "%s: theirs only %d", name,
                     counts[i].theirs_only);
        cr_expect_eq(rows[i].why != NULL, rows[i].ours_only + rows[i].theirs_only > 0, "%s",
                     name);
    }
    free(text);
    free(path);
}

/* What the 18 CA certificates above them break. */
static const struct {
    const char *profile, *rule, *severity;
    int n;
} of_cas[] = {
    {"rfc", "key-usage-der", "warning", 2},
    {"atis80", "key-usage-der", "warning", 2},
    {"atis80", "subject-country", "warning", 3},
    {"atis80", "subject-organization", "warning", 1},
    {"atis80", "subject-shaken", "warning", 1},
    {"atis80", "crl-distribution", "warning", 1},
    {"atis80", "policies", "warning", 1},
    {"atis80", "policies-id", "warning", 3},
};

static void count_ca(const char *file, const char *profile, int *counts, int *total)
{
    char relative[400];
    const char *rule;

    snprintf(relative, sizeof relative, "shaken/ca/%s", file);
    struct stir_rows *found = lint_file(help_corpus(relative), profile);
    for (size_t row = 0; (rule = stir_rows_text(found, row, "rule")) != NULL; row++, ++*total)
        for (size_t i = 0; i < sizeof of_cas / sizeof *of_cas; i++)
            counts[i] +=
                strcmp(of_cas[i].profile, profile) == 0 && strcmp(of_cas[i].rule, rule) == 0
                && strcmp(of_cas[i].severity, stir_rows_text(found, row, "severity")) == 0;
    stir_rows_free(found);
}

Test(lint_corpora, cas)
{
    help_need_corpora();
    int counts[sizeof of_cas / sizeof *of_cas] = {0}, total = 0, wanted = 0, files = 0;
    char *folder = help_corpus("shaken/ca");
    DIR *dir = opendir(folder);
    struct dirent *entry;

    cr_assert_not_null(dir);
    while ((entry = readdir(dir)) != NULL)
        if (strstr(entry->d_name, ".pem") != NULL) {
            count_ca(entry->d_name, "rfc", counts, &total);
            count_ca(entry->d_name, "atis80", counts, &total);
            files++;
        }
    closedir(dir);
    free(folder);
    cr_expect_eq(files, 18);
    for (size_t i = 0; i < sizeof of_cas / sizeof *of_cas; i++) {
        cr_expect_eq(counts[i], of_cas[i].n, "%s %s: %d", of_cas[i].profile, of_cas[i].rule,
                     counts[i]);
        wanted += of_cas[i].n;
    }
    cr_expect_eq(total, wanted, "%d findings, of which the table has %d", total, wanted);
}
