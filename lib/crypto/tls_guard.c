/* What a TLS server may make a client compute before anybody knows who it is. */
#include "crypto/tls_guard.h"

#include <gnutls/gnutls.h>

#include "base/limits.h"
#include "crypto/spki.h"

/* ---- A certificate -------------------------------------------------------------------------- */

enum { DEEPEST = 16 };

/* Adds the elements in data to *n; an OCTET STRING is looked into, since it may hold an extension.
   False: it is no DER, too deep or too much. */
static bool count(struct der data, size_t depth, size_t *n)
{
    struct der_element element;

    while (data.len > 0) {
        if (depth == DEEPEST || *n == LIMIT_TLS_ELEMENTS || der_next(&data, &element) < 0)
            return false;
        ++*n;
        bool constructed = (element.tag & 0x20) != 0;
        bool whole = (!constructed && element.tag != DER_OCTET_STRING)
                     || count(element.content, depth + 1, n);
        if (!whole && (constructed || *n == LIMIT_TLS_ELEMENTS))
            return false;
    }
    return true;
}

/* Its SubjectPublicKeyInfo: behind version, serial number, algorithm, issuer, validity, subject. */
static bool find_key(struct der certificate, struct der *spki)
{
    struct der_element outer, tbs, element;
    bool versioned;

    if (der_only(certificate, DER_SEQUENCE, &outer) < 0
        || der_take(&outer.content, DER_SEQUENCE, &tbs) < 0
        || der_take_optional(&tbs.content, DER_CONTEXT(0), &element, &versioned) < 0)
        return false;
    for (int i = 0; i < 6; i++)
        if (der_next(&tbs.content, &element) < 0)
            return false;
    *spki = element.whole;
    return true;
}

static const char *refusal_of(struct der certificate)
{
    struct der spki;
    size_t n = 0;

    if (certificate.len > LIMIT_TLS_CERTIFICATE)
        return "its certificate is longer than is looked at";
    if (!count(certificate, 0, &n))
        return "its certificate is no DER, or has more in it than is looked at";
    if (!find_key(certificate, &spki) || !spki_is_quick(spki))
        return "its certificate has a key with which nothing is checked";
    return NULL;
}

/* ---- The messages --------------------------------------------------------------------------- */

/* Takes a vector off that has its length, in so many octets, before it. */
static bool take(struct der *left, size_t octets, struct der *vector)
{
    size_t len = 0;

    if (left->len < octets)
        return false;
    for (size_t i = 0; i < octets; i++)
        len = len << 8 | left->data[i];
    if (left->len - octets < len)
        return false;
    *vector = (struct der){left->data + octets, len};
    left->data += octets + len;
    left->len -= octets + len;
    return true;
}

/* RFC 5246 section 7.4.2, RFC 8446 section 4.4.2. */
const char *tls_guard_refusal(const void *message, size_t len, bool is_13)
{
    static const char malformed[] = "its certificates are no message of TLS";
    struct der left = {message, len}, list, certificate, unused;
    const char *why = NULL;

    if ((is_13 && !take(&left, 1, &unused)) || !take(&left, 3, &list))
        return malformed;
    for (size_t n = 0; why == NULL && list.len > 0; n++) {
        if (n == LIMIT_TLS_CERTIFICATES)
            return "it sent more certificates than are looked at";
        if (!take(&list, 3, &certificate) || (is_13 && !take(&list, 2, &unused)))
            return malformed;
        why = refusal_of(certificate);
    }
    return why;
}

static int on_message(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                      const gnutls_datum_t *message)
{
    struct tls_guard *guard = gnutls_session_get_ptr(session);
    const char *why = NULL;

    (void)when;
    guard->begun = true;
    if (!incoming)
        return 0;
    if (type == GNUTLS_HANDSHAKE_CERTIFICATE_PKT)
        why = tls_guard_refusal(message->data, message->size,
                                gnutls_protocol_get_version(session) == GNUTLS_TLS1_3);
    else if (type == GNUTLS_HANDSHAKE_SERVER_KEY_EXCHANGE
             && gnutls_kx_get(session) != GNUTLS_KX_ECDHE_RSA
             && gnutls_kx_get(session) != GNUTLS_KX_ECDHE_ECDSA)
        why = "it exchanges keys otherwise than by elliptic curves";
    if (why == NULL)
        return 0;
    guard->refusal = why;
    return GNUTLS_E_PREMATURE_TERMINATION;
}

void tls_guard_put(struct tls_guard *guard, void *session)
{
    /* What curl asks for, without what takes long: finite fields. */
    static const char priority[] =
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-DHE-RSA:-GROUP-FFDHE2048:-GROUP-FFDHE3072:"
        "-GROUP-FFDHE4096:-GROUP-FFDHE6144:-GROUP-FFDHE8192";
    gnutls_session_t tls = session;

    if (guard->begun)
        return;
    gnutls_session_set_ptr(tls, guard);
    gnutls_handshake_set_max_packet_length(tls, LIMIT_TLS_MESSAGE);
    gnutls_handshake_set_hook_function(tls, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE, on_message);
    /* Where a system knows not all of these, what curl set stays. */
    if (gnutls_priority_set_direct(tls, priority, NULL) < 0)
        return;
}
