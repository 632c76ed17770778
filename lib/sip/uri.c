/* SIP, SIPS and tel URIs and numbers, made canonical (RFC 8224 section 8, A-34). */
#include "sip/uri.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "sip/address.h"

/* A piece of the value. */
struct span {
    const char *at;
    size_t len;
};

/* How the pieces of a URI make an identity. */
struct canon {
    bool numeric_user_is_tn;
    enum number_plan plan;
};

void identity_free(struct identity *identity)
{
    free(identity->text);
    *identity = (struct identity){0};
}

bool identity_equal(bool a_is_tn, const char *a, bool b_is_tn, const char *b)
{
    return a_is_tn == b_is_tn && strcmp(a, b) == 0;
}

/* ---- Characters ------------------------------------------------------------------------ */

static bool is_alpha(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* RFC 3986 section 2.3: what canonical forms write as it is. */
static bool is_unreserved(char c)
{
    return is_alpha(c) || is_digit(c) || is_one_of(c, "-._~");
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static int hex_digit(char c)
{
    return is_digit(c)                          ? c - '0'
           : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10
                                                : -1;
}

/* The octet that %XX at i stands for; -1: it is no escape. */
static int escaped(struct span span, size_t i)
{
    if (i + 2 >= span.len || hex_digit(span.at[i + 1]) < 0 || hex_digit(span.at[i + 2]) < 0)
        return -1;
    return hex_digit(span.at[i + 1]) * 16 + hex_digit(span.at[i + 2]);
}

/* ---- Numbers --------------------------------------------------------------------------- */

bool identity_number(const char *text, size_t len, char number[64])
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (is_one_of(text[i], "+-(). "))
            continue;
        if ((!is_digit(text[i]) && !is_one_of(text[i], "*#")) || n == 63)
            return false;
        number[n++] = text[i];
    }
    number[n] = '\0';
    return n > 0;
}

/* A TN of at most 15 characters, completed by the plan. */
static bool make_number(struct span span, enum number_plan plan, char number[64])
{
    if (!identity_number(span.at, span.len, number))
        return false;
    number_plan_complete(plan, memchr(span.at, '+', span.len) != NULL, number, 64);
    return strlen(number) <= LIMIT_TN_DIGITS;
}

/* The user part percent-decoded, without its parameters (A-34: in this order). False: a broken
   escape, a NUL, or longer than any number. */
static bool decode_user(struct span user, char out[64], size_t *len)
{
    *len = 0;
    for (size_t i = 0; i < user.len; i++) {
        int octet = (unsigned char)user.at[i];
        if (octet == '%') {
            octet = escaped(user, i);
            i += 2;
        }
        if (octet == ';')
            return true;
        if (octet <= 0 || *len == 64)
            return false;
        out[(*len)++] = (char)octet;
    }
    return true;
}

static bool user_number(struct span user, enum number_plan plan, char number[64])
{
    char decoded[64];
    size_t len;

    return decode_user(user, decoded, &len)
           && make_number((struct span){decoded, len}, plan, number);
}

static int take_number(struct identity *identity, const char *number, struct stir_error *error)
{
    identity->is_tn = true;
    identity->text = text_copy(number, strlen(number));
    return identity->text != NULL ? 0 : error_no_memory(error);
}

/* ---- SIP URIs -------------------------------------------------------------------------- */

struct sip_uri {
    bool secure;
    struct span user;       /* without the password */
    struct span host;       /* without the port; an IPv6 address with its brackets */
    struct span parameters; /* from the first ; or ? on */
};

static struct span until(struct span span, const char *ends)
{
    size_t len = 0;

    while (len < span.len && !is_one_of(span.at[len], ends))
        len++;
    return (struct span){span.at, len};
}

static struct span behind(struct span span, size_t taken)
{
    return (struct span){span.at + taken, span.len - taken};
}

static bool is_port(struct span port)
{
    for (size_t i = 0; i < port.len; i++)
        if (!is_digit(port.at[i]))
            return false;
    return port.len >= 1 && port.len <= 5;
}

static bool is_host(struct span host)
{
    bool literal = host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';

    for (size_t i = literal; i + literal < host.len; i++)
        if (literal ? hex_digit(host.at[i]) < 0 && !is_one_of(host.at[i], ":.")
                    : !is_alpha(host.at[i]) && !is_digit(host.at[i])
                          && !is_one_of(host.at[i], "-._"))
            return false;
    return host.len > 0 && host.at[0] != '.' && host.at[0] != '-';
}

/* RFC 3261 section 25.1: unreserved, escaped and user-unreserved. */
static bool is_user(struct span user)
{
    for (size_t i = 0; i < user.len; i++) {
        if (user.at[i] == '%') {
            if (escaped(user, i) < 0)
                return false;
            i += 2;
        } else if (!is_unreserved(user.at[i]) && !is_one_of(user.at[i], "!*'()&=+$,;?/#")) {
            return false;
        }
    }
    return user.len > 0;
}

/* Host, port, and what follows. */
static bool split_host(struct span rest, struct sip_uri *uri)
{
    struct span host = until(rest, rest.len > 0 && rest.at[0] == '[' ? "]" : ":;?");

    if (rest.len > 0 && rest.at[0] == '[' && host.len < rest.len)
        host.len++;
    rest = behind(rest, host.len);
    /* A header parameter may stand apart (SEMI, RFC 3261 section 25.1). */
    while (host.len > 0 && rest.len > 0 && is_one_of(host.at[host.len - 1], " \t\r\n"))
        host.len--;
    uri->host = host;
    if (rest.len > 0 && rest.at[0] == ':') {
        struct span port = until(behind(rest, 1), ";?");
        if (!is_port(port))
            return false;
        rest = behind(rest, 1 + port.len);
    }
    uri->parameters = rest;
    return is_host(host) && (rest.len == 0 || is_one_of(rest.at[0], ";?"));
}

/* rest is what stands behind the scheme. */
static int split(struct span rest, struct sip_uri *uri, struct stir_error *error)
{
    const char *at = memchr(rest.at, '@', rest.len);

    if (at == NULL)
        return error_set(error, STIR_E_SYNTAX,
                         "the URI has no user part, so it names nobody (RFC 8224 section 8.5)");
    struct span user = {rest.at, (size_t)(at - rest.at)};
    uri->user = until(user, ":");
    if (uri->user.len == 0)
        return error_set(error, STIR_E_SYNTAX, "the URI's user part is empty");
    rest = behind(rest, user.len + 1);
    if (memchr(rest.at, '@', rest.len) != NULL)
        return error_set(error, STIR_E_SYNTAX, "the URI has two @");
    if (!split_host(rest, uri))
        return error_set(error, STIR_E_SYNTAX, "the URI's host or port is none");
    return 0;
}

static bool equals(struct span span, const char *text)
{
    return span.len == strlen(text) && strncasecmp(span.at, text, span.len) == 0;
}

static bool is_phone(struct span parameters)
{
    while (parameters.len > 0 && parameters.at[0] == ';') {
        struct span one = until(behind(parameters, 1), ";?");
        if (equals(one, "user=phone"))
            return true;
        parameters = behind(parameters, 1 + one.len);
    }
    return false;
}

/* Escapes of unreserved characters are decoded, all else of them stays; then lower case. */
static void add_user(struct text *text, struct span user)
{
    for (size_t i = 0; i < user.len; i++) {
        int octet = user.at[i] == '%' ? escaped(user, i) : -1;
        char c = lower(user.at[i]);
        if (octet >= 0 && is_unreserved((char)octet)) {
            c = lower((char)octet);
            i += 2;
        }
        text_add_octets(text, &c, 1);
    }
}

static int take_uri(struct identity *identity, const struct sip_uri *uri,
                    struct stir_error *error)
{
    struct text text = {0};

    if (!is_user(uri->user))
        return error_set(error, STIR_E_SYNTAX,
                         "the URI's user part has characters that must be escaped");
    text_add(&text, uri->secure ? "sips:" : "sip:");
    add_user(&text, uri->user);
    text_add(&text, "@");
    for (size_t i = 0; i < uri->host.len; i++)
        text_add_octets(&text, (char[]){lower(uri->host.at[i])}, 1);
    identity->is_tn = false;
    identity->text = text_take(&text);
    return identity->text != NULL ? 0 : error_no_memory(error);
}

static int canonical_sip(struct span rest, bool secure, const struct canon *canon,
                         struct identity *identity, struct stir_error *error)
{
    struct sip_uri uri = {.secure = secure};
    char number[64];
    int rc = split(rest, &uri, error);

    if (rc < 0)
        return rc;
    bool phone = is_phone(uri.parameters);
    if ((phone || canon->numeric_user_is_tn) && user_number(uri.user, canon->plan, number)
        && (phone || strpbrk(number, "*#") == NULL))
        return take_number(identity, number, error);
    return take_uri(identity, &uri, error);
}

/* ---- Any identity ---------------------------------------------------------------------- */

static int canonical_tel(struct span rest, const struct canon *canon, struct identity *identity,
                         struct stir_error *error)
{
    char number[64];

    if (user_number(rest, canon->plan, number))
        return take_number(identity, number, error);
    return error_set(error, STIR_E_SYNTAX,
                     "the tel URI is no number of 1 to %d of 0-9 * # and separators",
                     LIMIT_TN_DIGITS);
}

static int canonical_bare(struct span text, const struct canon *canon,
                          struct identity *identity, struct stir_error *error)
{
    char number[64];

    if (make_number(until(text, ";"), canon->plan, number))
        return take_number(identity, number, error);
    return error_set(error, STIR_E_SYNTAX,
                     "it is neither a URI nor a number of 1 to %d of 0-9 * # and separators",
                     LIMIT_TN_DIGITS);
}

static int canonical_any(struct span span, const struct canon *canon, struct identity *identity,
                         struct stir_error *error)
{
    struct span scheme = until(span, ":");
    char name[SHOWN_SIZE];

    if (scheme.len == span.len)
        return canonical_bare(span, canon, identity, error);
    struct span rest = behind(span, scheme.len + 1);
    if (equals(scheme, "sip") || equals(scheme, "sips"))
        return canonical_sip(rest, scheme.len == 4, canon, identity, error);
    if (equals(scheme, "tel"))
        return canonical_tel(rest, canon, identity, error);
    return error_set(error, STIR_E_SYNTAX, "its scheme is \"%s\", wanted sip, sips or tel",
                     shown(name, scheme.at, scheme.len));
}

/* Says whose fault it is in front of what the fault is. */
static int blame(const char *value, size_t len, int code, const struct stir_error *found,
                 struct stir_error *error)
{
    char name[SHOWN_SIZE];

    if (code == STIR_E_NOMEM)
        return error_no_memory(error);
    return error_set(error, code, "\"%s\" is no identity: %s", shown(name, value, len),
                     found->text);
}

int identity_canonical(const char *value, size_t len, bool numeric_user_is_tn,
                       enum number_plan plan, struct identity *identity,
                       struct stir_error *error)
{
    const struct canon canon = {numeric_user_is_tn, plan};
    struct stir_error found;
    struct span span;
    int rc;

    *identity = (struct identity){0};
    error_clear(&found);
    if (len > LIMIT_HEADER)
        rc = error_set(&found, STIR_E_SYNTAX, "it has more than %d octets", LIMIT_HEADER);
    else
        rc = address_find(value, len, &span.at, &span.len, &found);
    if (rc == 0)
        rc = canonical_any(span, &canon, identity, &found);
    return rc == 0 ? 0 : blame(value, len, rc, &found, error);
}

const char *uri_host(const char *canonical)
{
    const char *at = strchr(canonical, '@');

    if (strncmp(canonical, "sip:", 4) != 0 && strncmp(canonical, "sips:", 5) != 0)
        return NULL;
    return at == NULL ? NULL : at + 1;
}

bool uri_is_absolute(const char *uri, size_t len)
{
    size_t scheme = 0;

    while (scheme < len
           && (is_alpha(uri[scheme]) || is_digit(uri[scheme]) || is_one_of(uri[scheme], "+-.")))
        scheme++;
    if (scheme == 0 || !is_alpha(uri[0]) || scheme + 1 >= len || uri[scheme] != ':')
        return false;
    for (size_t i = scheme + 1; i < len; i++)
        if (!is_unreserved(uri[i]) && !is_one_of(uri[i], "%:/?#[]@!$&'()*+,;="))
            return false;
    return true;
}
