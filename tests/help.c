/* What several suites need. */
#include "tests/help.h"

#include "tests/help_server.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *help_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    size_t used = 0, room = 0, got;

    if (file == NULL)
        return NULL;
    do {
        room = room == 0 ? 65536 : room * 2;
        data = realloc(data, room);
        got = fread(data + used, 1, room - used - 1, file);
        used += got;
    } while (got > 0);
    fclose(file);
    data[used] = '\0';
    if (len != NULL)
        *len = used;
    return data;
}

static char *below(const char *variable, const char *otherwise, const char *relative)
{
    const char *folder = getenv(variable);
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder != NULL ? folder : otherwise, relative) < 0)
        abort();
    return path;
}

char *help_corpus(const char *relative)
{
    return below("STIR_CORPORA", "../shared/corpora", relative);
}

char *help_vector(const char *relative)
{
    return below("STIR_VECTORS", "../shared/spec/vectors", relative);
}

char *help_source(const char *relative)
{
    return below("top_srcdir", ".", relative);
}

void help_need_corpora(void)
{
    char *path = help_corpus("README.md");
    int absent = access(path, R_OK) != 0;

    free(path);
    if (!absent)
        return;
    if (getenv("CI") != NULL)
        cr_assert_fail("the corpora are not at $STIR_CORPORA, and in CI they must be");
    cr_skip_test("the corpora are not at $STIR_CORPORA");
}

struct server *help_server(void)
{
    const char *why;
    struct server *server = server_start(&why);

    if (server == NULL && getenv("CI") != NULL)
        cr_assert_fail("the test server cannot be started, and in CI it must be: %s", why);
    if (server == NULL)
        cr_skip_test("the test server cannot be started: %s", why);
    return server;
}

uint8_t *help_unhex(const char *hex, size_t *len)
{
    uint8_t *octets = malloc(strlen(hex) / 2 + 1);
    size_t n = 0;

    for (; *hex != '\0'; hex++) {
        unsigned octet;
        if (isspace((unsigned char)*hex))
            continue;
        if (sscanf(hex, "%2x", &octet) != 1)
            abort();
        octets[n++] = (uint8_t)octet;
        hex++;
    }
    *len = n;
    return octets;
}

uint8_t *help_pem(const char *path, size_t *len)
{
    size_t size = 0;
    char *text = help_read(path, &size);
    gnutls_datum_t der = {NULL, 0};

    cr_assert_not_null(text, "%s cannot be read", path);
    gnutls_datum_t pem = {(unsigned char *)text, (unsigned)size};
    cr_assert_geq(gnutls_pem_base64_decode2(NULL, &pem, &der), 0, "%s holds no PEM", path);
    uint8_t *octets = malloc(der.size);
    memcpy(octets, der.data, der.size);
    *len = der.size;
    gnutls_free(der.data);
    free(text);
    return octets;
}

/* A struct value is jansson's json_t. */
struct value *help_json(char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

    cr_assert_not_null(json, "%s, line %d: %s", path, error.line, error.text);
    free(path);
    return (struct value *)json;
}
