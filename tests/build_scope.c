/* Scopes, and paths of certificates that have nothing but lists, written as text. */
#include "tests/build_scope.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool done)
{
    if (!done)
        abort();
}

static void add_word(struct stir_scope *scope, const char *word)
{
    size_t len = strlen(word);
    const char *plus = strchr(word, '+');
    struct tn_range range;

    if (word[len - 1] == '!') {
        need(scope_add_spc(scope, word, len - 1) == 0);
    } else if (plus != NULL) {
        need(tn_range_make(word, (size_t)(plus - word), strtoull(plus + 1, NULL, 10), &range));
        need(scope_add_range(scope, range) == 0);
    } else {
        need(scope_add_tn(scope, word, len) == 0);
    }
}

void build_scope_add(struct stir_scope *scope, const char *text)
{
    char *copy = strdup(text), *rest = copy;

    need(copy != NULL);
    for (char *word; (word = strtok_r(NULL, " ", &rest)) != NULL;)
        add_word(scope, word);
    free(copy);
}

struct stir_scope *build_scope(const char *text)
{
    struct stir_scope *scope = scope_new();

    need(scope != NULL);
    build_scope_add(scope, text);
    need(scope_normalise(scope) == 0);
    return scope;
}

static void make_certificate(struct listed *listed, size_t i, const char *words)
{
    struct stir_certificate *certificate = &listed->certificates[i];
    char copy[256], *rest = copy;

    snprintf(listed->labels[i], sizeof listed->labels[i], "L%zu", i);
    certificate->label = listed->labels[i];
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word; (word = strtok_r(NULL, " ", &rest)) != NULL;) {
        if (strcmp(word, "-") == 0)
            continue;
        if (word[0] == '@') {
            listed->urls[i] = strdup(word + 1);
            certificate->references = &listed->urls[i];
            certificate->n_references = 1;
            continue;
        }
        if (certificate->scope == NULL)
            certificate->scope = scope_new();
        add_word(certificate->scope, word);
    }
    need(certificate->scope == NULL || scope_normalise(certificate->scope) == 0);
    listed->path.certificates[i] = certificate;
}

void listed_make(struct listed *listed, const char *lists)
{
    char copy[512], *rest = copy;

    *listed = (struct listed){.path.anchored = true};
    snprintf(copy, sizeof copy, "%s", lists);
    for (char *list; (list = strtok_r(NULL, "<", &rest)) != NULL;) {
        need(listed->path.n < LISTED_MOST);
        make_certificate(listed, listed->path.n++, list);
    }
}

void listed_free(struct listed *listed)
{
    for (size_t i = 0; i < listed->path.n; i++) {
        scope_free(listed->certificates[i].scope);
        free(listed->urls[i]);
    }
}

static enum stir_answer answer_of(const char *word)
{
    return strcmp(word, "yes") == 0  ? STIR_YES
           : strcmp(word, "no") == 0 ? STIR_NO
                                     : STIR_UNKNOWN;
}

static int say(void *arg, struct stir_want *want, struct stir_error *error)
{
    char spc[16], word[16];
    uint64_t first, last;
    int taken;

    (void)error;
    for (const char *said = arg; *said != '\0'; said += taken) {
        need(sscanf(said, "%15s %" SCNu64 "-%" SCNu64 " %15[a-z]%n", spc, &first, &last, word,
                    &taken)
             == 4);
        taken += (int)strspn(said + taken, ", ");
        for (size_t i = 0; i < want->n_questions; i++)
            if (strcmp(spc, want->questions[i].spc) == 0)
                stir_want_answer(want, i, first, last, answer_of(word));
    }
    return 0;
}

struct spc_source *said_source(const char *said)
{
    struct stir_resolver resolver = {
        .size = sizeof resolver, .arg = (void *)(uintptr_t)said, .answer = say};
    struct spc_source *source = spc_source_new(&resolver);

    need(source != NULL);
    return source;
}
