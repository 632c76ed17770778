/* Lines of decisions on signers, and the file of signers seen: what is taken says the same when it
   is read again. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "rules/decisions.h"
#include "service/signers_file.h"

const size_t fuzz_most = 8 * 1024;

static void check_sorted(const struct decisions *decisions)
{
    for (size_t s = 0; s < DECISION_SUBJECTS; s++)
        for (size_t i = 1; i < decisions->n_marks[s]; i++)
            FUZZ_ALWAYS(
                memcmp(decisions->marks[s][i - 1].sha256, decisions->marks[s][i].sha256, 32)
                < 0);
    for (size_t i = 1; i < decisions->n_spcs; i++)
        FUZZ_ALWAYS(strcmp(decisions->spcs[i - 1].spc, decisions->spcs[i].spc) < 0);
}

/* Lines read twice, and a copy, say no more than lines read once. */
static int check_lines(const char *text, size_t len)
{
    struct decisions decisions = {0}, copy = {0};
    struct stir_error error = {0};
    int rc = decisions_add_text(&decisions, text, len, &error);

    FUZZ_ALWAYS(rc == 0 || (error.code == rc && fuzz_is_line(error.text)));
    check_sorted(&decisions);
    if (rc == 0 && (rc = decisions_copy(&copy, &decisions)) == 0
        && (rc = decisions_add_text(&copy, text, len, NULL)) == 0) {
        FUZZ_ALWAYS(copy.n_spcs == decisions.n_spcs && copy.others == decisions.others);
        for (size_t s = 0; s < DECISION_SUBJECTS; s++)
            FUZZ_ALWAYS(copy.n_marks[s] == decisions.n_marks[s]);
    }
    decisions_free(&decisions);
    decisions_free(&copy);
    return rc;
}

static int write_line(void *arg, struct signer *signer)
{
    signers_file_add_line(arg, signer);
    free(signer);
    return 0;
}

static int rewrite(const char *text, size_t len, char **written)
{
    struct text lines = {0};
    struct stir_error error = {0};
    int rc = signers_file_parse(text, len, write_line, &lines, &error);

    FUZZ_ALWAYS(rc == 0 || (error.code == rc && fuzz_is_line(error.text)));
    *written = text_take(&lines);
    if (rc == 0)
        return *written == NULL ? STIR_E_NOMEM : 0;
    free(*written);
    *written = NULL;
    return rc;
}

static int check_signers(const char *text, size_t len)
{
    char *first, *second = NULL;
    int rc = rewrite(text, len, &first);

    if (rc == 0)
        rc = rewrite(first, strlen(first), &second);
    FUZZ_ALWAYS(first == NULL || rc == STIR_E_NOMEM || strcmp(first, second) == 0);
    free(first);
    free(second);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    int rc = check_lines((const char *)data, len);

    return rc == STIR_E_NOMEM ? rc : check_signers((const char *)data, len);
}
