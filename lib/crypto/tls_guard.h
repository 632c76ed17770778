/*
 * What a TLS server may make a client compute before anybody knows who it is.
 *
 * GnuTLS reads the certificate that a server sends, and checks the handshake's signature by the key
 * in it, before anything is judged; it takes messages of 128 KiB. So whoever runs a host can have a
 * check of an RSA key take a second or a minute, by the length of its numbers, and the reading of a
 * certificate by the number of its names, and of a Diffie-Hellman group by the length of its prime.
 * All this happens in one call, in which an event loop stands still (measured: doc/bench.md).
 */
#ifndef STIR_CRYPTO_TLS_GUARD_H
#define STIR_CRYPTO_TLS_GUARD_H

#include <stdbool.h>
#include <stddef.h>

struct tls_guard {
    bool begun;          /* the handshake, with the guard before it */
    const char *refusal; /* why a handshake was stopped; NULL: it was not */
};

/*
 * Puts the guard before the handshake of a GnuTLS session (a gnutls_session_t), whatever was
 * set there, unless it stands there and the handshake has begun; the guard must outlive the
 * session. Then nothing but elliptic curves and RSA is offered for the exchange of keys, and
 * what comes is stopped where it would take long. Of a handshake that is under way only the
 * latter.
 */
void tls_guard_put(struct tls_guard *guard, void *session);

/* Why a Certificate message of TLS 1.2, or of 1.3, is not looked at; NULL: it may be. */
const char *tls_guard_refusal(const void *message, size_t len, bool is_13);

#endif
