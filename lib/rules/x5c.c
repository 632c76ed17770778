/* The certificates that a token brings itself, as a list in PEM. */
#include "rules/x5c.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/pem_list.h"

/* So many certificates, and no more: a short entry takes many times its octets in PEM. */
static int check_size(const struct value *x5c, struct stir_error *error)
{
    size_t n = value_size(x5c);

    if (value_kind(x5c) != VALUE_ARRAY || n == 0)
        return error_set(
            error, STIR_CODE_X5U_BODY,
            "header of the token: x5c is %s, not an array of certificates (RFC 7515 "
            "section 4.1.6)",
            value_kind(x5c) == VALUE_ARRAY ? "empty" : value_kind_name(x5c));
    if (n <= LIMIT_CERTIFICATES)
        return 0;
    return error_set(error, STIR_CODE_LIST_TOO_LONG,
                     "header of the token: x5c has %zu certificates, wanted: at most %d", n,
                     LIMIT_CERTIFICATES);
}

static int refuse(const struct value *entry, size_t i, struct stir_error *error)
{
    const char *text = value_string(entry);
    char room[SHOWN_SIZE];

    if (text == NULL)
        return error_set(error, STIR_CODE_X5U_BODY,
                         "header of the token: entry %zu of x5c is %s, not a string (RFC 7515 "
                         "section 4.1.6)",
                         i, value_kind_name(entry));
    return error_set(error, STIR_CODE_X5U_BODY,
                     "header of the token: entry %zu of x5c, \"%s\", is not base64 (RFC 7515 "
                     "section 4.1.6)",
                     i, shown(room, text, strlen(text)));
}

static int add(struct text *pem, const struct value *entry, size_t i, struct stir_error *error)
{
    const char *text = value_string(entry);
    size_t len = text == NULL ? 0 : strlen(text), n = 0;
    uint8_t *der = NULL;
    int rc = base64_octets(text != NULL ? text : "", len, &der, &n);

    if (rc != 0)
        return rc < 0 ? error_no_memory(error) : refuse(entry, i, error);
    char *block = pem_list_write(der, n);
    pem->failed |= block == NULL;
    text_add(pem, block != NULL ? block : "");
    free(block);
    free(der);
    return 0;
}

int x5c_pem(const struct value *x5c, char **pem, struct stir_error *error)
{
    struct text text = {0};
    int rc = check_size(x5c, error);

    *pem = NULL;
    for (size_t i = 0; rc == 0 && i < value_size(x5c); i++)
        rc = add(&text, value_at(x5c, i), i, error);
    if (rc != 0) {
        text_free(&text);
        return rc;
    }
    *pem = text_take(&text);
    return *pem == NULL ? error_no_memory(error) : 0;
}
