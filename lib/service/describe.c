/* stir_describe(): what a thing is, by its content, and then what it says of itself. */
#include "service/describe.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/pem_list.h"
#include "service/content.h"

/* Things told of so far: the one, or an array. */
struct list {
    struct value *array;
    struct stir_error *error;
};

static int append(struct list *list, struct value *object)
{
    return value_append(list->array, object) == 0 ? 0 : error_no_memory(list->error);
}

/* Takes the certificate, which was read if rc is 0. */
static int add_read(struct list *list, int rc, struct stir_certificate *certificate)
{
    if (rc == 0)
        rc = append(list, describe_certificate(certificate, value_size(list->array)));
    certificate_free(certificate);
    return rc >= 0              ? rc
           : rc == STIR_E_NOMEM ? error_no_memory(list->error)
                                : error_set(list->error, rc, "a certificate cannot be read");
}

static int add_certificate(void *arg, uint8_t *der, size_t len)
{
    struct stir_certificate *certificate = NULL;
    int rc = certificate_take(der, len, &es256_gnutls, &certificate);

    return add_read(arg, rc, certificate);
}

static int add_der(struct list *list, const void *der, size_t len)
{
    struct stir_certificate *certificate = NULL;
    int rc = certificate_new(der, len, &es256_gnutls, &certificate);

    return add_read(list, rc, certificate);
}

/* A thing that is told of by one object, whatever it is written in. */
static int describe_one(int (*tell)(const void *data, size_t len, struct value **object,
                                    struct stir_error *error),
                        const void *data, size_t len, struct list *list)
{
    struct value *object = NULL;
    int rc = tell(data, len, &object, list->error);

    return rc == 0 ? append(list, object) : rc;
}

static int add_crl(void *arg, uint8_t *der, size_t len)
{
    int rc = describe_one(describe_crl, der, len, arg);

    free(der);
    return rc;
}

static int describe_line(void *arg, enum content_line kind, const char *text, size_t len)
{
    struct list *list = arg;
    struct value *object = NULL;
    char room[SHOWN_SIZE];

    if (kind == LINE_OTHER)
        return error_set(list->error, STIR_E_SYNTAX,
                         "\"%s\": wanted certificates, a revocation list, request, TNAuthList, "
                         "PASSporT or Identity value",
                         shown(room, text, len));
    int rc = (kind == LINE_TOKEN ? describe_passport : describe_identity)(text, len, &object,
                                                                          list->error);
    return rc == 0 ? append(list, object) : rc;
}

static int describe_lines(const char *text, size_t len, struct list *list)
{
    int rc = content_lines_each(text, len, describe_line, list);

    if (rc == 0 && value_size(list->array) == 0)
        return error_set(list->error, STIR_E_SYNTAX, "there is nothing in it");
    return rc;
}

static int describe(const void *data, size_t len, struct list *list)
{
    if (list->array == NULL)
        return error_no_memory(list->error);
    int content = content_of(data, len, list->error);
    switch (content) {
    case CONTENT_CERTIFICATES_PEM:
        return pem_list_each(data, len, true, add_certificate, list, list->error);
    case CONTENT_CERTIFICATE:
        return add_der(list, data, len);
    case CONTENT_CRL_PEM:
        return pem_blocks_each(data, len, PEM_CRL, true, add_crl, list, list->error);
    case CONTENT_CRL:
        return describe_one(describe_crl, data, len, list);
    case CONTENT_REQUEST:
        return describe_one(describe_csr, data, len, list);
    case CONTENT_TNAUTHLIST:
        return describe_one(describe_tnauthlist, data, len, list);
    case CONTENT_LINES:
        return describe_lines(data, len, list);
    default:
        return content;
    }
}

char *stir_describe(const void *data, size_t len, enum stir_form form, struct stir_error *error)
{
    struct list list = {NULL, error};
    char *text = NULL;

    error_clear(error);
    if (data == NULL || (form != STIR_TEXT && form != STIR_JSON)) {
        error_set(error, STIR_E_ARGUMENT, data == NULL ? "data is NULL" : "no such form");
        return NULL;
    }
    list.array = value_new_array();
    if (describe(data, len == STIR_NUL ? strlen(data) : len, &list) == 0) {
        const struct value *told =
            value_size(list.array) == 1 ? value_at(list.array, 0) : list.array;
        text = form == STIR_JSON ? value_dump_pretty(told) : describe_text(told);
        if (text == NULL)
            error_no_memory(error);
    }
    value_free(list.array);
    return text;
}
