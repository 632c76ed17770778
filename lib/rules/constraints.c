/* Claims that the signer's certificate demands, permits and forbids (RFC 8226 section 8, RFC
   9118). */
#include "rules/constraints.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int require(const struct passport *passport, const char *claim, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (value_member(passport->payload, claim) != NULL)
        return 0;
    return error_set_at(error, STIR_CODE_CLAIM_MISSING, 0,
                        "certificate 0 demands the claim %s, which the token has not (RFC 8226 "
                        "section 8)",
                        shown(room, claim, strlen(claim)));
}

/* R8226-8-2: iat, orig and dest are demanded in any case. */
static int check_include(const struct claim_names *names, const struct passport *passport,
                         struct stir_error *error)
{
    static const char *const baseline[] = {"iat", "orig", "dest"};

    for (size_t i = 0; i < sizeof baseline / sizeof *baseline; i++)
        if (require(passport, baseline[i], error) != 0)
            return STIR_CODE_CLAIM_MISSING;
    for (size_t i = 0; i < names->n; i++)
        if (require(passport, names->names[i], error) != 0)
            return STIR_CODE_CLAIM_MISSING;
    return 0;
}

static bool is_number(const struct value *value)
{
    return value_kind(value) == VALUE_INTEGER || value_kind(value) == VALUE_REAL;
}

/* What permittedValues is compared with: a string's content, a number as it was
   received, of anything else the deterministic form. For free(3); NULL: out of memory. */
static char *compared_text(const struct passport *passport, const char *claim,
                           const struct value *value)
{
    const char *text = value_string(value);
    size_t len;

    if (text != NULL)
        return text_copy(text, strlen(text));
    if (is_number(value)
        && value_member_text(passport->payload_text, passport->payload_len, claim, &text, &len))
        return text_copy(text, len);
    return value_dump(value);
}

static bool permits(const struct claim_permit *permit, const char *text)
{
    for (size_t i = 0; i < permit->n_values; i++)
        if (strcmp(permit->values[i], text) == 0)
            return true;
    return false;
}

static int refuse_value(const struct claim_permit *permit, const char *text,
                        struct stir_error *error)
{
    char claim[SHOWN_SIZE], found[SHOWN_SIZE], wanted[SHOWN_SIZE];

    return error_set_at(error, STIR_CODE_CLAIM_NOT_PERMITTED, 0,
                        "claim %s is \"%s\"; certificate 0 permits \"%s\"%s (RFC 8226 section "
                        "8)",
                        shown(claim, permit->name, strlen(permit->name)),
                        shown(found, text, strlen(text)),
                        shown(wanted, permit->values[0], strlen(permit->values[0])),
                        permit->n_values > 1 ? " and other values" : " alone");
}

/* R8226-8-3, R9118-3-3: a claim that is absent is fine, unless it is in mustInclude too. */
static int check_permitted(const struct claim_permit *permit, const struct passport *passport,
                           struct stir_error *error)
{
    const struct value *value = value_member(passport->payload, permit->name);

    if (value == NULL)
        return 0;
    char *text = compared_text(passport, permit->name, value);
    if (text == NULL)
        return error_no_memory(error);
    int rc = permits(permit, text) ? 0 : refuse_value(permit, text, error);
    free(text);
    return rc;
}

/* R9118-3-4 */
static int check_exclude(const struct claim_names *names, const struct passport *passport,
                         struct stir_error *error)
{
    char room[SHOWN_SIZE];

    for (size_t i = 0; i < names->n; i++)
        if (value_member(passport->payload, names->names[i]) != NULL)
            return error_set_at(
                error, STIR_CODE_CLAIM_EXCLUDED, 0,
                "certificate 0 forbids the claim %s, which the token has (RFC 9118 section 3)",
                shown(room, names->names[i], strlen(names->names[i])));
    return 0;
}

int constraints_check(const struct claim_constraints *constraints,
                      const struct passport *passport, struct stir_error *error)
{
    if (!constraints->present || claim_constraints_are_void(constraints))
        return 0;
    int rc = check_include(&constraints->must_include, passport, error);
    for (size_t i = 0; rc == 0 && i < constraints->n_permitted; i++)
        rc = check_permitted(&constraints->permitted[i], passport, error);
    return rc != 0 ? rc : check_exclude(&constraints->must_exclude, passport, error);
}

int constraints_check_void(const struct claim_constraints *constraints, bool reject,
                           struct warnings *warnings, struct stir_error *error)
{
    static const char sentence[] =
        "certificate 0: its claim constraints exclude iat, orig or dest, which voids them (RFC "
        "9118 section 3)";

    if (!constraints->present || !claim_constraints_are_void(constraints))
        return 0;
    if (reject)
        return error_set_at(error, STIR_CODE_CONSTRAINTS_SYNTAX, 0, "%s", sentence);
    return warnings_add(warnings, WARNING_CONSTRAINTS_VOID, "%s", sentence);
}
