/*
 * SPC data of the program's own, in place of a csv file: an inventory in memory decides whether
 * a delegate's numbers are its parent's to give.
 *
 * resolver ANCHORS CERTIFICATES NOW
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stir.h>

struct block {
    const char *spc;
    int digits;
    uint64_t first, last;
};

struct inventory {
    const struct block *blocks;
    size_t n;
};

/* Called from many threads at once: it only reads. */
static int answer(void *arg, struct stir_want *want, struct stir_error *error)
{
    const struct inventory *inventory = arg;

    (void)error; /* a database that fails would say so here */
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct stir_question *question = &want->questions[i];
        bool known = false;
        for (size_t k = 0; k < inventory->n; k++) {
            const struct block *block = &inventory->blocks[k];
            if (strcmp(block->spc, question->spc) != 0)
                continue;
            known = true;
            if (block->digits == question->digits)
                stir_want_answer(want, i, block->first, block->last, STIR_YES);
        }
        /* What else there is, of a provider that is known, is not his; of others: unknown. */
        if (known)
            stir_want_answer(want, i, question->first, question->last, STIR_NO);
    }
    return 0;
}

static int judge(struct stir_verifier *verifier, const char *file, int64_t now,
                 struct stir_error *error)
{
    struct stir_chain *chain = stir_chain_load(file, error);
    struct stir_signer *signer = NULL;
    struct stir_result *result = NULL;
    int status = 2;

    if (chain != NULL && (signer = stir_signer_new(verifier, chain, NULL, NULL, error)) != NULL
        && (result = stir_signer_precheck(signer, NULL, now, 0, error)) != NULL) {
        printf("%s: %s\n", stir_code_name(stir_result_code(result)),
               stir_result_detail(result));
        status = stir_result_verdict(result) != STIR_VALID;
    }
    stir_result_free(result);
    stir_signer_free(signer);
    stir_chain_free(chain);
    return status;
}

int main(int argc, char **argv)
{
    static const struct block blocks[] = {
        {"709J", 11, 12155550000, 12155551249}, /* the rest was ported out */
        {"709J", 11, 12155551260, 12155559999},
    };
    struct inventory inventory = {blocks, sizeof blocks / sizeof *blocks};
    struct stir_resolver resolver = {sizeof resolver, &inventory, answer, NULL, NULL};
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();
    struct stir_verifier *verifier = NULL;
    int status = 2;

    if (argc == 4 && stir_config_set(config, "anchors", argv[1], &error) == 0
        && stir_config_set_resolver(config, &resolver, &error) == 0
        && (verifier = stir_verifier_new(config, &error)) != NULL)
        status = judge(verifier, argv[2], atoll(argv[3]), &error);
    if (status == 2)
        fprintf(stderr, "resolver: %s\n", error.text);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return status;
}
