/* The test server's certificates, minted at its start, and streams with or without TLS. */
#include "tests/server/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/mint.h"

#define NAMES .san = "dns:localhost,dns:*.stir.test,ip4:127.0.0.1,ip6:::1"
/* extKeyUsage with serverAuth, and with clientAuth. */
#define SERVING                                                                                \
    (const struct mint_extension[])                                                            \
    {                                                                                          \
        {"2.5.29.37", 0, "300A06082B06010505070301"},                                          \
        {                                                                                      \
            0                                                                                  \
        }                                                                                      \
    }
#define ASKING                                                                                 \
    (const struct mint_extension[])                                                            \
    {                                                                                          \
        {"2.5.29.37", 0, "300A06082B06010505070302"},                                          \
        {                                                                                      \
            0                                                                                  \
        }                                                                                      \
    }
/* TLS 1.1 signs with SHA-1 and wants RSA. */
#define RSA                                                                                    \
    .kind = MINT_RSA2048, .key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_KEY_ENCIPHERMENT

static const struct mint authority = {.subject = "Server CA", .key = "server-ca"};
static const struct mint stranger = {.subject = "Strangers' CA", .key = "strangers-ca"};

static struct credential {
    const char *name;
    struct mint leaf;
    const struct mint *issuer; /* NULL: itself */
    gnutls_certificate_credentials_t made;
} credentials[] = {
    {.name = "good", .leaf = {.subject = "Server", NAMES, RSA}, .issuer = &authority},
    {.name = "wrong-name",
     .leaf = {.subject = "Other", .san = "dns:other.example"},
     .issuer = &authority},
    {.name = "expired",
     .leaf = {.subject = "Expired", NAMES, .not_after = MINT_NOT_BEFORE + 86400},
     .issuer = &authority},
    {.name = "not-yet",
     .leaf = {.subject = "Not yet", NAMES, .not_before = MINT_NOT_AFTER - 86400},
     .issuer = &authority},
    {.name = "wrong-purpose", .leaf = {.subject = "Client", NAMES}, .issuer = &authority},
    {.name = "self-signed", .leaf = {.subject = "Self", NAMES, .ca = MINT_NO}},
    {.name = "crowded", .leaf = {.subject = "Crowded", RSA}, .issuer = &authority},
    {.name = "stranger", .leaf = {.subject = "Stranger", NAMES}, .issuer = &stranger},
};
enum { CREDENTIALS = sizeof credentials / sizeof *credentials };

static void check(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "server: %s: %s\n", what, gnutls_strerror(rc));
    exit(1);
}

static gnutls_datum_t datum(const char *text)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)text, (unsigned)strlen(text)};
}

/* The good ones, and a thousand. */
static const char *many_names(void)
{
    enum { MANY = 1000 };
    static char names[128 + MANY * 24] = "dns:localhost,ip4:127.0.0.1";
    size_t used = strlen(names);

    for (int i = 0; i < MANY; i++)
        used += (size_t)sprintf(names + used, ",dns:h%d.stir.test", i);
    return names;
}

static void make(struct credential *credential)
{
    struct mint *leaf = &credential->leaf;

    if (strcmp(credential->name, "crowded") == 0)
        leaf->san = many_names();

    leaf->extensions = strcmp(credential->name, "wrong-purpose") == 0 ? ASKING : SERVING;
    gnutls_datum_t certificate = datum(mint_make(leaf, credential->issuer)->pem);
    gnutls_datum_t key = datum(mint_key_pem(leaf->subject, leaf->kind));
    check(gnutls_certificate_allocate_credentials(&credential->made), "credentials");
    check(gnutls_certificate_set_x509_key_mem(credential->made, &certificate, &key,
                                              GNUTLS_X509_FMT_PEM),
          credential->name);
}

void credentials_make(void)
{
    for (size_t i = 0; i < CREDENTIALS; i++)
        make(&credentials[i]);
}

const char *credentials_ca(const char *which)
{
    if (strcmp(which, "good") == 0)
        return mint_make(&authority, NULL)->pem;
    return strcmp(which, "stranger") == 0 ? mint_make(&stranger, NULL)->pem : NULL;
}

static gnutls_certificate_credentials_t credentials_find(const char *name)
{
    for (size_t i = 0; i < CREDENTIALS; i++)
        if (strcmp(credentials[i].name, name) == 0)
            return credentials[i].made;
    return NULL;
}

int stream_open(struct stream *stream, const struct port *port, int fd)
{
    int rc;

    *stream = (struct stream){.fd = fd};
    if (port->credential == NULL)
        return 0;
    check(gnutls_init(&stream->tls, GNUTLS_SERVER), "session");
    check(gnutls_priority_set_direct(stream->tls,
                                     port->priority != NULL ? port->priority : "NORMAL", NULL),
          "priority");
    check(gnutls_credentials_set(stream->tls, GNUTLS_CRD_CERTIFICATE,
                                 credentials_find(port->credential)),
          "credentials");
    gnutls_transport_set_int(stream->tls, fd);
    gnutls_handshake_set_timeout(stream->tls, 30000);
    do
        rc = gnutls_handshake(stream->tls);
    while (rc < 0 && gnutls_error_is_fatal(rc) == 0);
    if (rc == 0)
        return 0;
    gnutls_alert_send_appropriate(stream->tls, rc);
    stream_close(stream);
    return -1;
}

void stream_close(struct stream *stream)
{
    if (stream->tls != NULL) {
        gnutls_bye(stream->tls, GNUTLS_SHUT_WR);
        gnutls_deinit(stream->tls);
    }
    stream->tls = NULL;
    shutdown(stream->fd, SHUT_RDWR);
    close(stream->fd);
}

void stream_reset(struct stream *stream)
{
    struct linger at_once = {.l_onoff = 1};

    setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (stream->tls != NULL)
        gnutls_deinit(stream->tls);
    stream->tls = NULL;
    close(stream->fd);
}

size_t stream_read(struct stream *stream, char *to, size_t len)
{
    ssize_t got;

    do
        got = stream->tls != NULL ? gnutls_record_recv(stream->tls, to, len)
                                  : recv(stream->fd, to, len, 0);
    while (got == GNUTLS_E_INTERRUPTED || got == GNUTLS_E_AGAIN);
    return got > 0 ? (size_t)got : 0;
}

int stream_write(struct stream *stream, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = stream->tls != NULL ? gnutls_record_send(stream->tls, data, len)
                                           : send(stream->fd, data, len, MSG_NOSIGNAL);
        if (sent == GNUTLS_E_INTERRUPTED || sent == GNUTLS_E_AGAIN)
            continue;
        if (sent <= 0)
            return -1;
        data += sent;
        len -= (size_t)sent;
    }
    return 0;
}
