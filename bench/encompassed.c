/*
 * A call of a delegate whose list has 40,000 numbers under an SPC, by one of a delegate with one
 * range: what encompassing came to is kept, so that a long list costs a call nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "stir.h"
#include "tests/mint.h"

#define X5U "https://certificates.example.com/acme.pem"
#define ORIG "12155551234"
#define DEST "12155559876"

enum { NUMBERS = 40000, RUNS = 5 };

struct input {
    struct stir_verifier *verifier;
    struct stir_call *call;
};

static void judge(void *arg)
{
    struct input *input = arg;
    struct stir_error error;
    struct stir_result *result = stir_verify(input->verifier, input->call, MINT_NOW, 0, &error);

    measure_need(result != NULL, error.text);
    measure_need(stir_result_verdict(result) == STIR_VALID, stir_result_detail(result));
    stir_result_free(result);
}

/* A verifier that has seen the delegate, and a call of its. */
static void make(struct input *input, const char *numbers)
{
    static const struct mint root = {.subject = "Root", .key = "root"},
                             parent = {.subject = "SHAKEN 709J",
                                       .key = "parent",
                                       .ca = MINT_YES,
                                       .tnauthlist = "709J"};
    const struct mint signer = {.subject = "ACME", .key = "acme", .tnauthlist = numbers};
    const char *csv = "spc,first,last\n709J,12150000000,12159999999\n";
    const struct minted *chain[] = {mint_make(&signer, &parent), mint_make(&parent, &root)};
    struct stir_config *config = stir_config_new();
    const char *body = mint_pem_list_n(chain, 2);
    struct stir_error error;

    measure_need(
        stir_config_set_data(config, "anchors", mint_make(&root, NULL)->pem, STIR_NUL, &error)
            == 0,
        error.text);
    measure_need(stir_config_set_data(config, "spc", csv, STIR_NUL, &error) == 0, error.text);
    input->verifier = stir_verifier_new(config, &error);
    measure_need(stir_verifier_supply(input->verifier, X5U, body, STIR_NUL, &error) == 0,
                 error.text);
    stir_config_free(config);
    input->call = stir_call_new();
    stir_call_add_header(input->call, "From", ORIG, STIR_NUL);
    stir_call_add_header(input->call, "To", DEST, STIR_NUL);
    stir_call_add_header(
        input->call, "Identity",
        mint_identity_value(mint_base_token(X5U, ORIG, DEST, MINT_NOW, "acme"), X5U, NULL),
        STIR_NUL);
    judge(input);
}

static int bench_lists(void)
{
    char *numbers = malloc(NUMBERS * 16), *at = numbers;
    struct input with_range, with_list;

    for (unsigned i = 0; i < NUMBERS; i++)
        at += sprintf(at, "t1215%07u,", 2 * i);
    sprintf(at, "t%s", ORIG);
    make(&with_range, "12155551200+100");
    make(&with_list, numbers);
    struct contender contenders[] = {
        {"a call, one range, seen before", NULL, judge, &with_range, 0, 0},
        {"a call, 40,000 numbers, seen before", NULL, judge, &with_list, 1.5, 0},
    };
    measure(contenders, 2, MEASURE_TURNS, RUNS);
    int rc = measure_print(contenders, 2);
    for (size_t i = 0; i < 2; i++) {
        struct input *input = i == 0 ? &with_range : &with_list;
        stir_verifier_free(input->verifier);
        stir_call_free(input->call);
    }
    free(numbers);
    return rc;
}

int main(void)
{
    return bench_lists();
}
