/* The claims every PASSporT has or may have (RFC 8225 section 5): is each what it must be? */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "token/passport.h"
#include "token/shaken.h"

/* A-26: beyond 2^53 a JSON number is no integer to half of the world. */
static const int64_t latest_date = INT64_C(1) << 53;

/* A NumericDate that is a whole number (R8225-5.1.1, R7519-1). */
static int check_date(const struct passport *passport, const char *name, int code,
                      int64_t *date, struct stir_error *error)
{
    static const char wanted[] = "a whole number of seconds from 0 to 2^53, written without "
                                 "fraction or exponent (RFC 8225 section 5.1.1)";
    const struct value *member = value_member(passport->payload, name);
    const char *start;
    char room[SHOWN_SIZE];
    size_t len;

    if (value_integer(member, date) && *date >= 0 && *date <= latest_date)
        return 0;
    if (member != NULL
        && (value_kind(member) == VALUE_INTEGER || value_kind(member) == VALUE_REAL)
        && value_member_text(passport->payload_text, passport->payload_len, name, &start, &len))
        return error_set(error, code, "%s is %s, not %s", name, shown(room, start, len),
                         wanted);
    return error_set(error, code, "%s is %s, not %s", name, value_kind_name(member), wanted);
}

static int check_optional_date(const struct passport *passport, const char *name, bool *has,
                               int64_t *date, struct stir_error *error)
{
    *has = value_member(passport->payload, name) != NULL;
    return *has ? check_date(passport, name, STIR_CODE_CLAIM_SYNTAX, date, error) : 0;
}

/* A-9: canonical by R8224-8.3, so no + and no separators. */
static bool is_tn(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789*#")] == '\0';
}

/* A scheme and what it names, in the characters of RFC 3986; canonical it need not be. */
static bool is_uri(const char *text)
{
    size_t scheme = strcspn(text, ":");

    if (scheme == 0 || strchr("+-.0123456789", text[0]) != NULL || text[scheme] == '\0')
        return false;
    for (size_t i = 0; i < scheme; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-.0123456789", text[i])
            == NULL)
            return false;
    for (const char *c = text; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~')
            return false;
    return text[scheme + 1] != '\0';
}

/* One identity of claim orig or dest; number says which kind it must be. */
static int take_identity(const struct value *value, const char *claim, bool number, int code,
                         struct passport_identity *identity, struct stir_error *error)
{
    const char *text = value_string(value), *kind = number ? "tn" : "uri";
    char room[SHOWN_SIZE];

    if (text == NULL)
        return error_set(error, code, "%s: its %s is %s, not a string (RFC 8225 section 5.2.1)",
                         claim, kind, value_kind_name(value));
    if (number ? !is_tn(text) : !is_uri(text))
        return error_set(error, code, "%s: its %s \"%s\" is %s", claim, kind,
                         shown(room, text, strlen(text)),
                         number ? "not canonical, digits, * and # alone (RFC 8225 section "
                                  "5.2.1.1)"
                                : "no URI (RFC 8225 section 5.2.1.2)");
    *identity = (struct passport_identity){number, text};
    return 0;
}

/* A-34: exactly one member, since a second one might be what somebody else goes by. */
static int check_orig(struct passport *passport, struct stir_error *error)
{
    const struct value *orig = value_member(passport->payload, "orig");

    if (orig == NULL || value_kind(orig) != VALUE_OBJECT)
        return error_set(error, STIR_CODE_ORIG_SYNTAX,
                         "orig is %s, not an object (RFC 8225 section 5.2.1)",
                         value_kind_name(orig));
    const struct value *tn = value_member(orig, "tn"), *uri = value_member(orig, "uri");
    if (value_size(orig) != 1)
        return error_set(error, STIR_CODE_ORIG_SYNTAX,
                         "orig has %zu members, not exactly one (RFC 8225 section 5.2.1)",
                         value_size(orig));
    if (tn == NULL && uri == NULL)
        return error_set(error, STIR_CODE_ORIG_SYNTAX,
                         "orig has neither tn nor uri (RFC 8225 section 5.2.1)");
    return take_identity(tn != NULL ? tn : uri, "orig", tn != NULL, STIR_CODE_ORIG_SYNTAX,
                         &passport->orig, error);
}

/* The array tn or uri of dest, which may be absent. */
static int take_identities(struct passport *passport, const struct value *array, bool number,
                           struct stir_error *error)
{
    const char *kind = number ? "tn" : "uri";

    if (array == NULL)
        return 0;
    if (value_kind(array) != VALUE_ARRAY)
        return error_set(error, STIR_CODE_DEST_SYNTAX,
                         "dest: its %s is %s, not an array (RFC 8225 section 5.2.1)", kind,
                         value_kind_name(array));
    if (value_size(array) == 0)
        return error_set(error, STIR_CODE_DEST_SYNTAX,
                         "dest: its %s is an empty array (RFC 8225 section 5.2.1)", kind);
    for (size_t i = 0; i < value_size(array); i++) {
        int rc = take_identity(value_at(array, i), "dest", number, STIR_CODE_DEST_SYNTAX,
                               &passport->dest[passport->n_dest], error);
        if (rc != 0)
            return rc;
        passport->n_dest++;
    }
    return 0;
}

static int check_dest(struct passport *passport, struct stir_error *error)
{
    const struct value *dest = value_member(passport->payload, "dest");

    if (dest == NULL || value_kind(dest) != VALUE_OBJECT)
        return error_set(error, STIR_CODE_DEST_SYNTAX,
                         "dest is %s, not an object (RFC 8225 section 5.2.1, erratum 5715)",
                         value_kind_name(dest));
    const struct value *tn = value_member(dest, "tn"), *uri = value_member(dest, "uri");
    if (tn == NULL && uri == NULL)
        return error_set(error, STIR_CODE_DEST_SYNTAX,
                         "dest has neither tn nor uri (RFC 8225 section 5.2.1)");
    free(passport->dest);
    passport->n_dest = 0;
    passport->dest = calloc(value_size(tn) + value_size(uri) + 1, sizeof *passport->dest);
    if (passport->dest == NULL)
        return error_no_memory(error);
    int rc = take_identities(passport, tn, true, error);
    return rc != 0 ? rc : take_identities(passport, uri, false, error);
}

static bool is_fingerprint(const struct value *element)
{
    const char *alg = value_string(value_member(element, "alg"));
    const char *dig = value_string(value_member(element, "dig"));

    return value_size(element) == 2 && alg != NULL && *alg != '\0' && dig != NULL
           && *dig != '\0' && dig[strspn(dig, "0123456789abcdefABCDEF")] == '\0'
           && strlen(dig) % 2 == 0;
}

/* Compares alg followed by dig, as octets, without joining them. */
static int compare_fingerprints(const struct value *a, const struct value *b)
{
    const char *a_text = value_string(value_member(a, "alg"));
    const char *b_text = value_string(value_member(b, "alg"));
    bool a_in_alg = true, b_in_alg = true;

    for (;; a_text++, b_text++) {
        if (*a_text == '\0' && a_in_alg) {
            a_text = value_string(value_member(a, "dig"));
            a_in_alg = false;
        }
        if (*b_text == '\0' && b_in_alg) {
            b_text = value_string(value_member(b, "dig"));
            b_in_alg = false;
        }
        if (*a_text != *b_text || *a_text == '\0')
            return (unsigned char)*a_text - (unsigned char)*b_text;
    }
}

/* R8225-5.2.2 */
static int check_mky(const struct passport *passport, struct stir_error *error)
{
    const struct value *mky = value_member(passport->payload, "mky");

    if (mky == NULL)
        return 0;
    if (value_kind(mky) != VALUE_ARRAY || value_size(mky) == 0)
        return error_set(error, STIR_CODE_CLAIM_SYNTAX,
                         "mky is %s, not an array of fingerprints (RFC 8225 section 5.2.2)",
                         value_kind(mky) == VALUE_ARRAY ? "empty" : value_kind_name(mky));
    for (size_t i = 0; i < value_size(mky); i++) {
        if (!is_fingerprint(value_at(mky, i)))
            return error_set(error, STIR_CODE_CLAIM_SYNTAX,
                             "mky: its element %zu is not alg and dig, the latter hexadecimal "
                             "without colons (RFC 8225 section 5.2.2)",
                             i);
        if (i > 0 && compare_fingerprints(value_at(mky, i - 1), value_at(mky, i)) > 0)
            return error_set(error, STIR_CODE_CLAIM_SYNTAX,
                             "mky: its element %zu is not in order (RFC 8225 section 5.2.2)",
                             i);
    }
    return 0;
}

static int check_type(struct passport *passport, bool any_origid, struct stir_error *error)
{
    if (passport->type != PASSPORT_SHAKEN)
        return 0;
    int rc = shaken_check_attest(passport->payload, &passport->attest, error);
    return rc != 0
               ? rc
               : shaken_check_origid(passport->payload, any_origid, &passport->origid, error);
}

int passport_check_claims(struct passport *passport, bool any_origid, struct stir_error *error)
{
    int rc = check_date(passport, "iat", STIR_CODE_IAT_SYNTAX, &passport->iat, error);

    if (rc == 0)
        rc = check_orig(passport, error);
    if (rc == 0)
        rc = check_dest(passport, error);
    if (rc == 0)
        rc = check_type(passport, any_origid, error);
    if (rc == 0)
        rc = check_optional_date(passport, "exp", &passport->has_exp, &passport->exp, error);
    if (rc == 0)
        rc = check_optional_date(passport, "nbf", &passport->has_nbf, &passport->nbf, error);
    return rc != 0 ? rc : check_mky(passport, error);
}
