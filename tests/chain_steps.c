/* A certificate list in steps against the same list in one go. */
#include "tests/chain_steps.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cert/chain.h"

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_texts(char *const *a, size_t n_a, char *const *b, size_t n_b)
{
    bool same = n_a == n_b;

    for (size_t i = 0; same && i < n_a; i++)
        same = same_text(a[i], b[i]);
    return same;
}

static bool same_error(const struct stir_error *a, const struct stir_error *b)
{
    return a->code == b->code && a->depth == b->depth && strcmp(a->text, b->text) == 0;
}

/* The same place in octets of their own. */
static bool same_der(const struct stir_certificate *a, struct der of_a,
                     const struct stir_certificate *b, struct der of_b)
{
    if (of_a.data == NULL || of_b.data == NULL)
        return of_a.data == NULL && of_b.data == NULL;
    return of_a.data - a->der.data == of_b.data - b->der.data && der_equal(of_a, of_b);
}

static bool same_entries(const struct stir_scope *a, const struct stir_scope *b)
{
    struct scope_cursor of_a = {0}, of_b = {0};
    struct scope_entry one, other;
    bool same = a->n_entries == b->n_entries;

    while (same && scope_next(a, &of_a, &one) && scope_next(b, &of_b, &other)) {
        bool is_text = one.first == SCOPE_SPC || one.first == SCOPE_LITERAL;
        same = one.first == other.first
               && (is_text ? strcmp(one.text, other.text) == 0 : one.last == other.last);
    }
    return same;
}

static bool same_scope(const struct stir_scope *a, const struct stir_scope *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (!same_entries(a, b) || a->normal != b->normal || a->n_ranges != b->n_ranges
        || a->n_spc_set != b->n_spc_set || a->n_literal_set != b->n_literal_set)
        return false;
    for (size_t i = 0; i < a->n_spc_set; i++)
        if (strcmp(a->spc_set[i], b->spc_set[i]) != 0)
            return false;
    for (size_t i = 0; i < a->n_literal_set; i++)
        if (strcmp(a->literal_set[i], b->literal_set[i]) != 0)
            return false;
    return a->n_ranges == 0
           || memcmp(a->ranges, b->ranges, a->n_ranges * sizeof *a->ranges) == 0;
}

static bool same_constraints(const struct claim_constraints *a,
                             const struct claim_constraints *b)
{
    if (a->present != b->present || a->enhanced != b->enhanced
        || a->n_permitted != b->n_permitted
        || !same_texts(a->must_include.names, a->must_include.n, b->must_include.names,
                       b->must_include.n)
        || !same_texts(a->must_exclude.names, a->must_exclude.n, b->must_exclude.names,
                       b->must_exclude.n))
        return false;
    for (size_t i = 0; i < a->n_permitted; i++)
        if (!same_text(a->permitted[i].name, b->permitted[i].name)
            || !same_texts(a->permitted[i].values, a->permitted[i].n_values,
                           b->permitted[i].values, b->permitted[i].n_values))
            return false;
    return true;
}

/* What was walked. */
static const char *differs_in_octets(const struct stir_certificate *a,
                                     const struct stir_certificate *b)
{
    return !der_equal(a->der, b->der)                                      ? "der"
           : !same_der(a, a->tbs, b, b->tbs)                               ? "tbs"
           : !same_der(a, a->serial, b, b->serial)                         ? "serial"
           : !same_der(a, a->issuer, b, b->issuer)                         ? "issuer"
           : !same_der(a, a->subject, b, b->subject)                       ? "subject"
           : !same_der(a, a->spki, b, b->spki)                             ? "spki"
           : !same_der(a, a->signature, b, b->signature)                   ? "signature"
           : !same_der(a, a->skid, b, b->skid)                             ? "skid"
           : !same_der(a, a->akid, b, b->akid)                             ? "akid"
           : !same_der(a, a->akid_issuer, b, b->akid_issuer)               ? "akid_issuer"
           : !same_der(a, a->akid_serial, b, b->akid_serial)               ? "akid_serial"
           : !same_der(a, a->crl_points, b, b->crl_points)                 ? "crl_points"
           : memcmp(a->sha256, b->sha256, sizeof a->sha256)                ? "sha256"
           : memcmp(a->spki_sha256, b->spki_sha256, sizeof a->spki_sha256) ? "spki_sha256"
           : memcmp(a->tbs_digest, b->tbs_digest, sizeof a->tbs_digest)    ? "tbs_digest"
                                                                           : NULL;
}

static bool same_key(const struct public_key *a, const struct public_key *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return public_key_kind(a) == public_key_kind(b)
           && strcmp(public_key_name(a), public_key_name(b)) == 0;
}

/* What it means. */
static const char *differs_in_fields(const struct stir_certificate *a,
                                     const struct stir_certificate *b)
{
    return !same_error(&a->fault, &b->fault) ? "fault"
           : !same_texts(a->warnings.lines, a->warnings.n, b->warnings.lines, b->warnings.n)
               ? "warnings"
           : !same_text(a->label, b->label) || !same_text(a->common_name, b->common_name)
               ? "label"
           : a->signature_kind != b->signature_kind || a->salt != b->salt   ? "signature_kind"
           : !same_key(a->key, b->key)                                      ? "key"
           : a->not_before != b->not_before || a->not_after != b->not_after ? "validity"
           : a->has_basic_constraints != b->has_basic_constraints || a->ca != b->ca
                   || a->path_length != b->path_length
               ? "basic constraints"
           : a->has_key_usage != b->has_key_usage || a->key_usage != b->key_usage
                   || !same_text(a->key_usage_text, b->key_usage_text)
               ? "key usage"
           : a->has_alternative_names != b->has_alternative_names
                   || !same_texts(a->dns_names, a->n_dns_names, b->dns_names, b->n_dns_names)
                   || !same_texts(a->uris, a->n_uris, b->uris, b->n_uris)
               ? "alternative names"
           : !same_texts(a->references, a->n_references, b->references, b->n_references)
               ? "references"
           : !same_scope(a->scope, b->scope)                     ? "scope"
           : !same_constraints(&a->constraints, &b->constraints) ? "constraints"
                                                                 : NULL;
}

static void expect_same(const struct stir_chain *a, const struct stir_chain *b, size_t budget,
                        const char *desc)
{
    cr_expect(same_error(&a->fault, &b->fault), "%s, steps of %zu: %s", desc, budget,
              b->fault.text);
    cr_assert_eq(a->n, b->n, "%s, steps of %zu", desc, budget);
    for (size_t i = 0; i < a->n; i++) {
        const struct stir_certificate *one = a->certificates[i], *other = b->certificates[i];
        const char *what = differs_in_octets(one, other);
        cr_expect_null(what, "%s, steps of %zu, certificate %zu: %s", desc, budget, i, what);
        what = differs_in_fields(one, other);
        cr_expect_null(what, "%s, steps of %zu, certificate %zu: %s", desc, budget, i, what);
    }
}

/* budget 0: drawn by lot. */
static struct stir_chain *read_in_steps(const void *body, size_t len, bool der_too,
                                        size_t budget, size_t *steps)
{
    struct chain_reader *reader = chain_reader_new(body, len, der_too, &es256_gnutls);
    int rc;

    cr_assert_not_null(reader);
    *steps = 0;
    do {
        size_t left = budget > 0 ? budget : 1u << rand() % 16;
        rc = chain_reader_step(reader, &left);
        cr_assert(rc == 0 || (rc == BUDGET_GONE && left == 0), "%d, %zu left", rc, left);
        ++*steps;
    } while (rc != 0);
    struct stir_chain *chain = chain_reader_take(reader);
    chain_reader_free(reader);
    return chain;
}

void chain_steps_expect(const void *body, size_t len, bool der_too, const char *desc)
{
    static const size_t budgets[] = {1, 0, 1000, BUDGET_SLICE, BUDGET_STEP};
    struct stir_chain *whole = NULL;
    size_t steps;

    cr_assert_eq(chain_new(body, len, der_too, &es256_gnutls, &whole), 0, "%s", desc);
    /* An octet at a time would be a step for each octet of each walk. */
    for (size_t i = len > 16 * 1024; i < sizeof budgets / sizeof *budgets; i++) {
        struct stir_chain *chain = read_in_steps(body, len, der_too, budgets[i], &steps);
        expect_same(whole, chain, budgets[i], desc);
        stir_chain_free(chain);
    }
    stir_chain_free(whole);
}

size_t chain_steps_cost(const void *body, size_t len)
{
    struct chain_reader *reader = chain_reader_new(body, len, false, &es256_gnutls);
    size_t left = SIZE_MAX;

    cr_assert_not_null(reader);
    cr_assert_eq(chain_reader_step(reader, &left), 0);
    chain_reader_free(reader);
    return SIZE_MAX - left;
}

size_t chain_steps_count(const void *body, size_t len, size_t budget)
{
    size_t steps;

    stir_chain_free(read_in_steps(body, len, false, budget, &steps));
    return steps;
}
