/* rules/trusted_list: the list of a policy administrator, judged by a pinned key. The first octet
   says whether what follows is the list as it is sent (1) or its payload, which is written into
   one here, and whether the signature is good (2). */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "rules/trusted_list.h"
#include "token/jws.h"

const size_t fuzz_most = 64 * 1024;

static const char signer[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBezCCASGgAwIBAgIUEe9lV3R9zG/D8K9Akcv5V0q7TcUwCgYIKoZIzj0EAwIw\n"
    "EjEQMA4GA1UEAwwHTGlzdCBQQTAgFw0yNjExMjIwODQ4MTZaGA8yMTI2MTAyOTA4\n"
    "NDgxNlowEjEQMA4GA1UEAwwHTGlzdCBQQTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
    "A0IABAXZYh0D8vz+9YhyO/i+AQpKRK3x4U1RL4nOMp6PbKKAfA9FyT8Tf5Fg+/NV\n"
    "p9vODvfmqAWrRXyEMmcKKSUlqMajUzBRMB0GA1UdDgQWBBTYkkrwCMsStyaT2cMu\n"
    "2CRYYy80QDAfBgNVHSMEGDAWgBTYkkrwCMsStyaT2cMu2CRYYy80QDAPBgNVHRMB\n"
    "Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCID719lWu4XFXmRY5ujzqcHrJhNZH\n"
    "aprDBKENhepf7PGDAiEAraFwIpNAjax8TiXQ/U7fceZu2pa5unT7JuVa2QaBP2E=\n"
    "-----END CERTIFICATE-----\n";

static void expect_list(const struct trusted_list *list)
{
    FUZZ_ALWAYS(list->anchors.n > 0 && list->sequence >= 0 && list->exp >= 0);
    FUZZ_ALWAYS(strcmp(list->source, "fuzz") == 0);
    for (size_t i = 0; i < list->anchors.n; i++) {
        const struct stir_certificate *anchor = list->anchors.certificates[i];
        FUZZ_ALWAYS(anchor->anchor && anchor->ca && anchor->fault.code == 0);
        FUZZ_ALWAYS(list->anchors.origins[i].until == list->exp);
    }
}

/* What is taken may follow itself, and what is lower may not follow it. */
static void expect_succession(const struct trusted_list *list)
{
    struct trusted_list lower = *list;
    struct stir_error error;

    error_clear(&error);
    FUZZ_ALWAYS(trusted_list_check_succession(list, list, &error) == 0);
    if (list->sequence == 0)
        return;
    lower.sequence--;
    FUZZ_ALWAYS(trusted_list_check_succession(&lower, list, &error) == STIR_E_REFUSED
                && error.code == STIR_CODE_REPLAYED && fuzz_is_line(error.text));
}

static int read_list(const char *text, size_t len, const struct anchors *signers, bool good)
{
    struct trusted_list list;
    struct stir_error error;

    error_clear(&error);
    fuzz_signatures_answer(good ? UINT64_MAX : 0);
    int rc = trusted_list_read(text, len, signers, "fuzz", &es256_gnutls, &list, &error);
    fuzz_signatures_calculate();
    FUZZ_ALWAYS(fuzz_is_line(error.text) && error.code == rc);
    FUZZ_ALWAYS((rc == 0) == (list.anchors.n > 0) && (good || rc != 0));
    if (rc == 0) {
        expect_list(&list);
        expect_succession(&list);
        trusted_list_free(&list);
    }
    return rc;
}

static int read_payload(const char *payload, size_t len, const struct anchors *signers,
                        bool good)
{
    const uint8_t signature[64] = {1};
    char *text = strndup(payload, len);
    char *input = text == NULL ? NULL : jws_signing_input("{\"alg\":\"ES256\"}", text);
    char *token = input == NULL ? NULL : jws_write(input, signature, false);
    int rc = token == NULL ? STIR_E_NOMEM : read_list(token, strlen(token), signers, good);

    free(text);
    free(input);
    free(token);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct anchors signers = {0};
    const char *text = (const char *)data + 1;

    if (len == 0)
        return 0;
    int rc = anchors_add_list_signers(&signers, signer, strlen(signer), &es256_gnutls, NULL);
    FUZZ_EXPECT(rc == 0);
    if (rc == 0)
        rc = (data[0] & 1) != 0 ? read_list(text, len - 1, &signers, (data[0] & 2) != 0)
                                : read_payload(text, len - 1, &signers, (data[0] & 2) != 0);
    anchors_free(&signers);
    return rc;
}
