/*
 * crypto/csr and stir_request_parse(). The first octet's lowest bit says that any signature will
 * do, since nobody can mutate a request and keep it signed.
 */
#include "crypto/csr.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/request.h"

const size_t fuzz_most = 64 * 1024;

static int read_one(const uint8_t *data, size_t len)
{
    struct csr csr = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = csr_read(data, len, &csr, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (error.code == 0));
    if (rc == 0) {
        FUZZ_ALWAYS(csr.octets != NULL && csr.subject.data > csr.octets
                    && csr.spki.data > csr.subject.data && csr.spki.len > 0);
        FUZZ_ALWAYS(fuzz_signatures_good() > 0);
    }
    csr_free(&csr);
    return rc;
}

static int parse(const uint8_t *data, size_t len)
{
    struct stir_error error;
    struct stir_request *request = stir_request_parse(data, len, &error);

    FUZZ_ALWAYS(fuzz_is_line(error.text) && (request == NULL) == (error.code != 0));
    if (request != NULL) {
        FUZZ_ALWAYS(request->spki_len > 0 && !request->ca_given);
        stir_request_set(request, "tn", "12155551212", &error);
        stir_request_set(request, "must_exclude", "rcd", &error);
    }
    stir_request_free(request);
    return request == NULL ? error.code : 0;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 1;
    if (data[0] & 1)
        fuzz_signatures_answer(UINT64_MAX);
    else
        fuzz_signatures_calculate();
    int rc = read_one(data + 1, len - 1);
    int parsed = parse(data + 1, len - 1);
    /* Only what is signed is parsed. */
    FUZZ_EXPECT(parsed != 0 || rc == 0);
    fuzz_signatures_calculate();
    return rc == STIR_E_NOMEM || parsed == STIR_E_NOMEM ? STIR_E_NOMEM : parsed;
}
