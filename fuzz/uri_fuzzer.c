/*
 * sip/uri, sip/address, sip/number_plan: the identity in a header value. The first octet's bits
 * are the policies; the rest is the value.
 */
#include "sip/uri.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "number/tn.h"

const size_t fuzz_most = 8 * 1024;

/* What is canonical stays as it is; without a plan, which completes what a bare number lacks, and
   in angle brackets, because a bare URI ends where a header's parameters may begin. */
static void expect_stable(const struct identity *identity, bool numeric_user_is_tn)
{
    struct identity again = {0};
    struct text text = {0};

    text_addf(&text, identity->is_tn ? "%s" : "<%s>", identity->text);
    int rc = text.failed ? STIR_E_NOMEM
                         : identity_canonical(text.data, text.len, numeric_user_is_tn,
                                              NUMBER_PLAN_NONE, &again, NULL);
    FUZZ_EXPECT(rc == 0);
    text_free(&text);
    if (rc == 0)
        FUZZ_ALWAYS(identity_equal(identity->is_tn, identity->text, again.is_tn, again.text)
                    && again.is_tn == identity->is_tn
                    && strcmp(again.text, identity->text) == 0);
    identity_free(&again);
}

static void expect_form(const struct identity *identity)
{
    if (identity->is_tn) {
        FUZZ_ALWAYS(tn_is_number(identity->text, strlen(identity->text)));
        FUZZ_ALWAYS(uri_host(identity->text) == NULL);
    } else {
        FUZZ_ALWAYS(strchr(identity->text, ':') != NULL);
        FUZZ_ALWAYS(uri_is_absolute(identity->text, strlen(identity->text)));
    }
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct identity identity = {0};
    struct stir_error error;
    char number[64];

    if (len == 0)
        return 1;
    bool numeric_user_is_tn = data[0] & 1;
    enum number_plan plan = data[0] & 2 ? NUMBER_PLAN_NONE : NUMBER_PLAN_NANP;
    const char *value = (const char *)data + 1;

    error_clear(&error);
    int rc = identity_canonical(value, len - 1, numeric_user_is_tn, plan, &identity, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (identity.text != NULL));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_E_SYNTAX || rc == STIR_E_NOMEM);
    if (rc == 0) {
        expect_form(&identity);
        expect_stable(&identity, numeric_user_is_tn);
    }
    identity_free(&identity);
    uri_is_absolute(value, len - 1);
    if (identity_number(value, len - 1, number))
        FUZZ_ALWAYS(strspn(number, "0123456789*#") == strlen(number));
    return rc;
}
