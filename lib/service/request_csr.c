/* struct stir_request from a PKCS #10 request: what is asked for, and what of it no certificate
   should have. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cert/tnauthlist.h"
#include "crypto/csr.h"
#include "service/request.h"

static int take_subject(struct stir_request *request, const struct csr *csr)
{
    struct der_element name;

    if (der_only(csr->subject, DER_SEQUENCE, &name) == 0 && name.content.len == 0)
        return 0;
    request->subject = text_copy(csr->subject.data, csr->subject.len);
    request->subject_len = csr->subject.len;
    return request->subject == NULL ? STIR_E_NOMEM : 0;
}

static int take_scope(struct stir_request *request, const struct csr *csr,
                      struct stir_error *error)
{
    struct stir_scope *scope = NULL;
    int rc;

    if (csr->tnauthlist.data == NULL)
        return 0;
    rc = tnauthlist_parse((struct der){csr->tnauthlist.data, csr->tnauthlist.len}, &scope, NULL,
                          error);
    if (rc != 0)
        return rc;
    scope_free(request->scope);
    request->scope = scope;
    return 0;
}

static int take_constraints(struct stir_request *request, const struct csr *csr,
                            struct stir_error *error)
{
    const struct csr_extension *plain = &csr->constraints,
                               *enhanced = &csr->enhanced_constraints;

    if (plain->data != NULL && enhanced->data != NULL)
        return error_set(error, STIR_CODE_CONSTRAINTS_BOTH,
                         "request: both kinds of claim constraints are asked for (RFC 9118 "
                         "section 6)");
    if (plain->data != NULL)
        return claim_constraints_parse((struct der){plain->data, plain->len}, false,
                                       &request->constraints, error);
    if (enhanced->data != NULL)
        return claim_constraints_parse((struct der){enhanced->data, enhanced->len}, true,
                                       &request->constraints, error);
    return 0;
}

/* What no certificate should have, though it can be read (requirements.md section 12). What the
   subject marks critical its verifiers are to refuse where they do not know it: not to issue it
   would be another certificate than was asked for. */
static void find_unwanted(const struct csr *csr, struct stir_error *unwanted)
{
    if (csr->tnauthlist.critical)
        error_set_at(unwanted, STIR_CODE_TNAUTHLIST_SYNTAX, 0,
                     "request: its TNAuthList is critical, which none may be (RFC 8226 section "
                     "9)");
    if (csr->constraints.critical || csr->enhanced_constraints.critical)
        error_set_at(unwanted, STIR_CODE_CONSTRAINTS_SYNTAX, 0,
                     "request: its claim constraints are critical, which none may be (RFC %s)",
                     csr->constraints.critical ? "8226 section 8" : "9118 section 3");
    if (csr->ca && csr->has_key_usage && !csr->may_sign_certificates)
        error_set_at(unwanted, STIR_CODE_KEY_USAGE, 0,
                     "request: it asks to be a CA whose key usage lacks keyCertSign (RFC 5280 "
                     "section 4.2.1.3)");
    if (csr->critical[0] != '\0')
        error_set_at(
            unwanted, STIR_CODE_CERT_CRITICAL_EXTENSION, 0,
            "request: it asks for critical extension %s, which is not issued here (RFC "
            "5280 section 4.2)",
            csr->critical);
}

static int take_csr(struct stir_request *request, const struct csr *csr,
                    struct stir_error *error)
{
    int rc = take_subject(request, csr);

    if (rc < 0)
        return error_no_memory(error);
    request->ca_asked = csr->ca;
    request->path_length = csr->path_length;
    find_unwanted(csr, &request->unwanted);
    rc = take_scope(request, csr, error);
    return rc != 0 ? rc : take_constraints(request, csr, error);
}

struct stir_request *stir_request_parse(const void *data, size_t len, struct stir_error *error)
{
    struct stir_request *request = NULL;
    struct csr csr = {0};
    int rc;

    error_clear(error);
    if (data == NULL) {
        error_null(error, "csr");
        return NULL;
    }
    rc = csr_read(data, len == STIR_NUL ? strlen(data) : len, &csr, error);
    if (rc == 0) {
        request = request_new(csr.spki.data, csr.spki.len);
        rc = request == NULL ? error_no_memory(error) : take_csr(request, &csr, error);
    }
    csr_free(&csr);
    if (rc == 0)
        return request;
    stir_request_free(request);
    return NULL;
}
