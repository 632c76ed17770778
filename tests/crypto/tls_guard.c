/* Certificate messages of TLS servers, before GnuTLS has read them. */
#include "crypto/tls_guard.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tests/help.h"
#include "tests/mint_octets.h"

static const struct mint ca = {.subject = "CA"};

static void put_length(struct octets *to, size_t len, size_t octets)
{
    while (octets-- > 0) {
        uint8_t octet = (uint8_t)(len >> (8 * octets));
        put(to, &octet, 1);
    }
}

/* n times the certificate, in a message of TLS 1.2 or 1.3. */
static struct octets message_of(const struct minted *certificate, size_t n, bool is_13)
{
    struct octets list = {0}, message = {0};

    for (size_t i = 0; i < n; i++) {
        put_length(&list, certificate->len, 3);
        put(&list, certificate->der, certificate->len);
        if (is_13)
            put_length(&list, 0, 2);
    }
    if (is_13)
        put_length(&message, 0, 1);
    put_length(&message, list.len, 3);
    put_octets(&message, list);
    return message;
}

static const char *hex_of_key(const char *name)
{
    char relative[100];

    snprintf(relative, sizeof relative, "tests/crypto/keys/%s", name);
    size_t len;
    char *path = help_source(relative);
    uint8_t *der = help_pem(path, &len);
    free(path);
    char *hex = keep(len * 2 + 1);
    for (size_t i = 0; i < len; i++)
        sprintf(hex + i * 2, "%02X", der[i]);
    free(der);
    return hex;
}

static const char *names(int n)
{
    char *text = keep((size_t)n * 16 + 16);
    size_t used = 0;

    for (int i = 0; i < n; i++)
        used += (size_t)sprintf(text + used, "%sdns:h%d.test", i > 0 ? "," : "", i);
    return text;
}

/* One extension of so many octets. */
static const struct mint_extension *long_extension(size_t len)
{
    struct mint_extension *extensions = keep(2 * sizeof *extensions);
    char *hex = keep(len * 2 + 1);

    memset(hex, 'F', len * 2);
    extensions[0] = (struct mint_extension){"1.2.3.4", false, hex};
    extensions[1] = (struct mint_extension){0};
    return extensions;
}

struct row {
    const char *desc;
    struct mint spec;
    size_t n;
    const char *refusal; /* a part of it; NULL: none */
};

static void judge(const struct row *row)
{
    const struct minted *certificate = mint_make(&row->spec, &ca);

    for (int is_13 = 0; is_13 < 2; is_13++) {
        struct octets message = message_of(certificate, row->n, is_13);
        const char *found = tls_guard_refusal(message.data, message.len, is_13);
        if (row->refusal == NULL)
            cr_expect_null(found, "%s (1.%d): %s", row->desc, 2 + is_13, found);
        else
            cr_expect(found != NULL && strstr(found, row->refusal) != NULL, "%s (1.%d): %s",
                      row->desc, 2 + is_13, found != NULL ? found : "none");
    }
}

Test(tls_guard, certificates)
{
    const struct row rows[] = {
        {"a usual one", {.subject = "A", .san = "dns:example.com"}, 1, NULL},
        {"RSA", {.subject = "A", .kind = MINT_RSA2048}, 1, NULL},
        {"Ed25519", {.subject = "A", .kind = MINT_ED25519}, 1, NULL},
        {"as many as are looked at", {.subject = "A"}, LIMIT_TLS_CERTIFICATES, NULL},
        {"one more", {.subject = "A"}, LIMIT_TLS_CERTIFICATES + 1, "more certificates"},
        {"an exponent of four octets",
         {.subject = "A", .spki_hex = hex_of_key("rsa-exponent-4.pub")},
         1,
         NULL},
        {"of five",
         {.subject = "A", .spki_hex = hex_of_key("rsa-exponent-5.pub")},
         1,
         "nothing is checked"},
        {"a hundred names", {.subject = "A", .san = names(100)}, 1, NULL},
        {"a thousand", {.subject = "A", .san = names(1000)}, 1, "more in it"},
        {"long", {.subject = "A", .extensions = long_extension(15000)}, 1, NULL},
        {"too long", {.subject = "A", .extensions = long_extension(16384)}, 1, "longer"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        judge(&rows[i]);
}

/* Whatever the message is cut to, or has behind it inside, nothing is read beyond it. */
Test(tls_guard, messages_that_are_none)
{
    const struct minted *certificate = mint_make(&(struct mint){.subject = "A"}, &ca);

    for (int is_13 = 0; is_13 < 2; is_13++) {
        struct octets message = message_of(certificate, 1, is_13);
        cr_expect_null(tls_guard_refusal(message.data, message.len, is_13));
        for (size_t len = 0; len < message.len; len++) {
            uint8_t *cut = malloc(len + 1);
            cr_assert_not_null(cut);
            memcpy(cut, message.data, len);
            cr_expect_not_null(tls_guard_refusal(cut, len, is_13), "%zu octets", len);
            free(cut);
        }
    }
}
