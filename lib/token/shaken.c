/* The claims of ppt shaken (RFC 8588). */
#include "token/shaken.h"

#include <string.h>

#include "base/text.h"

static int refuse(int code, const char *claim, const char *wanted, const struct value *found,
                  struct stir_error *error)
{
    const char *text = value_string(found);
    char room[SHOWN_SIZE];

    if (text == NULL)
        return error_set(error, code, "%s is %s, not %s", claim, value_kind_name(found),
                         wanted);
    return error_set(error, code, "%s is \"%s\", not %s", claim,
                     shown(room, text, strlen(text)), wanted);
}

int shaken_check_attest(const struct value *payload, const char **attest,
                        struct stir_error *error)
{
    const struct value *member = value_member(payload, "attest");
    const char *text = value_string(member);

    if (text == NULL || strlen(text) != 1 || strchr("ABC", text[0]) == NULL)
        return refuse(STIR_CODE_ATTEST_SYNTAX, "attest", "A, B or C (RFC 8588 section 4)",
                      member, error);
    *attest = text;
    return 0;
}

/* RFC 4122: 8-4-4-4-12 hexadecimal digits in either case. */
static bool is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'x' ? strchr("0123456789abcdefABCDEF", text[i]) == NULL
                           : text[i] != form[i])
            return false;
    return true;
}

int shaken_check_origid(const struct value *payload, bool any, const char **origid,
                        struct stir_error *error)
{
    const struct value *member = value_member(payload, "origid");
    const char *text = value_string(member);

    if (text == NULL || *text == '\0' || (!any && !is_uuid(text)))
        return refuse(STIR_CODE_ORIGID_SYNTAX, "origid",
                      any ? "a text" : "a UUID (RFC 8588 section 5)", member, error);
    *origid = text;
    return 0;
}
