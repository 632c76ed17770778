/* The public functions of struct stir_scope. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cert/tnauthlist.h"
#include "number/scope.h"

/* Adding makes no set, or a long list would take quadratic time; the first question does. What
   many threads share (a certificate's) came out of tnauthlist_parse() and has its set. */
static int make_set(const struct stir_scope *scope, struct stir_error *error)
{
    if (scope->normal || scope_normalise((struct stir_scope *)(uintptr_t)scope) == 0)
        return 0;
    return error_no_memory(error);
}

struct stir_scope *stir_scope_new(void)
{
    return scope_new();
}

void stir_scope_free(struct stir_scope *scope)
{
    scope_free(scope);
}

struct stir_scope *stir_scope_parse(const void *der, size_t len, struct stir_error *error)
{
    struct stir_scope *scope = NULL;

    error_clear(error);
    if (der == NULL)
        error_null(error, "der");
    else
        tnauthlist_parse((struct der){der, len}, &scope, NULL, error);
    return scope;
}

/* 0, or what is wrong with the text that came. */
static int added(int result, const char *what, const char *text, const char *wanted,
                 struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (result == STIR_E_NOMEM)
        return error_no_memory(error);
    if (result != 0)
        return error_set(error, result, "%s \"%s\" is not %s (RFC 8226 section 9)", what,
                         shown(room, text, strlen(text)), wanted);
    return 0;
}

int stir_scope_add_spc(struct stir_scope *scope, const char *spc, struct stir_error *error)
{
    error_clear(error);
    if (scope == NULL || spc == NULL)
        return error_null(error, scope == NULL ? "scope" : "spc");
    return added(scope_add_spc(scope, spc, strlen(spc)), "SPC", spc,
                 "one or more printable characters of ASCII", error);
}

int stir_scope_add_tn(struct stir_scope *scope, const char *tn, struct stir_error *error)
{
    error_clear(error);
    if (scope == NULL || tn == NULL)
        return error_null(error, scope == NULL ? "scope" : "tn");
    return added(scope_add_tn(scope, tn, strlen(tn)), "number", tn,
                 "1 to 15 characters of 0-9, * and #", error);
}

int stir_scope_add_range(struct stir_scope *scope, const char *first, uint64_t count,
                         struct stir_error *error)
{
    struct tn_range range;
    char room[SHOWN_SIZE];

    error_clear(error);
    if (scope == NULL || first == NULL)
        return error_null(error, scope == NULL ? "scope" : "first");
    if (!tn_range_make(first, strlen(first), count, &range))
        return error_set(error, STIR_E_SYNTAX,
                         "range \"%s\" +%" PRIu64 ": wanted 1 to 15 digits, and 2 numbers or "
                         "more with start + count below 10^digits (RFC 8226 section 9)",
                         shown(room, first, strlen(first)), count);
    return scope_add_range(scope, range) == 0 ? 0 : error_no_memory(error);
}

bool stir_scope_entry(const struct stir_scope *scope, size_t i, struct stir_entry *entry)
{
    if (scope == NULL || entry == NULL || i >= scope->n_entries)
        return false;
    const struct scope_entry found = scope_entry_at(scope, i);
    *entry = (struct stir_entry){0};
    if (found.first == SCOPE_SPC) {
        entry->spc = found.text;
    } else if (found.first == SCOPE_LITERAL) {
        memcpy(entry->first, found.text, strlen(found.text) + 1);
        memcpy(entry->last, entry->first, sizeof entry->last);
        entry->count = 1;
    } else {
        tn_text(entry->first, found.first);
        tn_text(entry->last, found.last);
        entry->count = found.last - found.first + 1;
    }
    return true;
}

void *stir_scope_encode(const struct stir_scope *scope, size_t *len, struct stir_error *error)
{
    error_clear(error);
    if (scope == NULL || len == NULL) {
        error_null(error, scope == NULL ? "scope" : "len");
        return NULL;
    }
    *len = 0;
    return make_set(scope, error) == 0 ? tnauthlist_encode(scope, len, error) : NULL;
}

/* Of what a parent's own entries leave: numbers may be among those of its SPCs. Never an SPC
   (A-4, A-5), nor a literal (A-8). */
static enum stir_answer answer_of(const struct stir_scope *rest,
                                  const struct stir_scope *parent)
{
    if (rest == NULL)
        return STIR_YES;
    if (rest->n_spc_set > 0 || rest->n_literal_set > 0 || parent->n_spc_set == 0)
        return STIR_NO;
    return STIR_UNKNOWN;
}

int stir_scope_encompasses(const struct stir_scope *parent, const struct stir_scope *child,
                           struct stir_scope **rest, struct stir_error *error)
{
    struct stir_scope *left = NULL;

    error_clear(error);
    if (rest != NULL)
        *rest = NULL;
    if (parent == NULL || child == NULL)
        return error_null(error, parent == NULL ? "parent" : "child");
    if (make_set(parent, error) != 0 || make_set(child, error) != 0)
        return STIR_E_NOMEM;
    if (scope_subtract(child, parent, &left) != 0)
        return error_no_memory(error);
    enum stir_answer answer = answer_of(left, parent);
    if (rest != NULL)
        *rest = left;
    else
        scope_free(left);
    return (int)answer;
}

int stir_scope_covers(const struct stir_scope *scope, const char *tn, struct stir_error *error)
{
    error_clear(error);
    if (scope == NULL || tn == NULL)
        return error_null(error, scope == NULL ? "scope" : "tn");
    size_t len = strlen(tn);
    if (!tn_is_number(tn, len))
        return added(STIR_E_SYNTAX, "number", tn, "1 to 15 characters of 0-9, * and #", error);
    if (make_set(scope, error) != 0)
        return STIR_E_NOMEM;
    if (scope_has_tn(scope, tn, len))
        return STIR_YES;
    return tn_is_digits(tn, len) && scope->n_spc_set > 0 ? STIR_UNKNOWN : STIR_NO;
}
