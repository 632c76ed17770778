/* URLs: taken apart and judged, octet by octet. */
#include "fetch/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

const struct url_policy url_policy_default = {{443, 8443}, 2, false};

/* "443" before the end: 1 to 65535, without zeros in front. *end is behind it. 0: it is none. */
static unsigned read_port(const char *text, const char **end)
{
    unsigned port = 0;
    size_t n = 0;

    for (; n < 5 && text[n] >= '0' && text[n] <= '9'; n++)
        port = port * 10 + (unsigned)(text[n] - '0');
    *end = text + n;
    return n == 0 || text[0] == '0' || port > 65535 ? 0 : port;
}

int url_policy_read_ports(struct url_policy *policy, const char *value)
{
    struct url_policy read = {.query = policy->query};

    for (;; value++) {
        unsigned port = read_port(value, &value);
        if (port == 0 || read.n_ports == URL_PORTS || (*value != ',' && *value != '\0'))
            return STIR_E_SYNTAX;
        read.ports[read.n_ports++] = (uint16_t)port;
        if (*value == '\0')
            break;
    }
    *policy = read;
    return 0;
}

/* ---- The judgement, part by part ---------------------------------------------------------- */

struct reading {
    const char *text;
    const char *at; /* what is not read yet */
    const struct url_policy *policy;
    struct url *url;
    struct stir_error *error;
};

static int refuse(const struct reading *reading, const char *what)
{
    char room[SHOWN_SIZE];

    return error_set(reading->error, STIR_CODE_X5U_REFUSED,
                     "%s: %s (RFC 8224 section 7, ATIS-1000074)",
                     shown(room, reading->text, strlen(reading->text)), what);
}

static int judge_octets(const struct reading *reading)
{
    if (strlen(reading->text) > LIMIT_URL)
        return refuse(reading, "wanted no more octets than libstir fetches, found more");
    for (const char *c = reading->text; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~' || strchr("\"<>\\^`{|}", *c) != NULL)
            return refuse(reading, "wanted a URL (RFC 3986), found an octet that none has");
    return 0;
}

static int judge_scheme(struct reading *reading)
{
    static const char https[] = "https://";

    for (size_t i = 0; https[i] != '\0'; i++)
        if ((reading->at[i] | (i < 5 ? 0x20 : 0)) != https[i])
            return refuse(reading, "wanted scheme https, found another one");
    reading->at += sizeof https - 1;
    return 0;
}

static bool is_address(const char *host)
{
    struct in6_addr room;

    return inet_pton(AF_INET6, host, &room) == 1 || inet_pton(AF_INET, host, &room) == 1;
}

/* Some read 127.1, 0x7f000001 or 2130706433 as an address: a last label that begins with a digit
   is no name's (RFC 1123 section 2.1, RFC 3696 section 2). */
static bool ends_in_number(const char *host)
{
    const char *label = strrchr(host, '.');

    label = label == NULL ? host : label + 1;
    return *label >= '0' && *label <= '9';
}

static bool is_label(const char *label, size_t len)
{
    if (len == 0 || len > 63 || label[0] == '-' || label[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!(label[i] >= 'a' && label[i] <= 'z') && !(label[i] >= '0' && label[i] <= '9')
            && label[i] != '-')
            return false;
    return true;
}

static bool is_name(const char *host)
{
    if (*host == '\0' || strlen(host) > 253 || ends_in_number(host))
        return false;
    for (;; host++) {
        size_t len = strcspn(host, ".");
        if (!is_label(host, len))
            return false;
        host += len;
        if (*host == '\0')
            return true;
    }
}

/* Into url, in lower case. */
static int take_host(struct reading *reading, const char *host, size_t len)
{
    if (len >= URL_HOST_SIZE)
        return refuse(reading, "wanted a host of at most 253 octets, found a longer one");
    for (size_t i = 0; i < len; i++) {
        bool upper = host[i] >= 'A' && host[i] <= 'Z';
        reading->url->host[i] = (char)(host[i] | (upper ? 0x20 : 0));
    }
    reading->url->host[len] = '\0';
    return 0;
}

static int judge_bracketed(struct reading *reading)
{
    struct in6_addr room;
    const char *host = reading->at + 1;
    size_t len = strcspn(host, "]/?#");

    if (host[len] != ']')
        return refuse(reading, "wanted ] behind an IPv6 address");
    reading->at = host + len + 1;
    int rc = take_host(reading, host, len);
    if (rc != 0)
        return rc;
    reading->url->is_address = true;
    if (inet_pton(AF_INET6, reading->url->host, &room) != 1)
        return refuse(reading, "wanted an IPv6 address in brackets, found something else");
    return 0;
}

static int judge_host(struct reading *reading)
{
    size_t len = strcspn(reading->at, "/?#");

    if (memchr(reading->at, '@', len) != NULL)
        return refuse(reading, "wanted no userinfo, found an @ before the host");
    if (*reading->at == '[')
        return judge_bracketed(reading);
    len = strcspn(reading->at, ":/?#");
    int rc = take_host(reading, reading->at, len);
    if (rc != 0)
        return rc;
    reading->at += len;
    reading->url->is_address = is_address(reading->url->host);
    if (!reading->url->is_address && !is_name(reading->url->host))
        return refuse(reading, "wanted a host of letters, digits and hyphens, or an address");
    return 0;
}

static bool is_allowed(const struct url_policy *policy, unsigned port)
{
    for (size_t i = 0; i < policy->n_ports; i++)
        if (policy->ports[i] == port)
            return true;
    return policy->n_ports == 0;
}

static int judge_port(struct reading *reading)
{
    unsigned port = 443;

    if (*reading->at == ':')
        port = read_port(reading->at + 1, &reading->at);
    if (*reading->at != '\0' && strchr("/?#", *reading->at) == NULL)
        port = 0;
    reading->url->port = (uint16_t)port;
    if (port != 0 && is_allowed(reading->policy, port))
        return 0;
    return refuse(reading, "wanted a port of policy x5u_ports, found another one");
}

static int judge_rest(const struct reading *reading)
{
    if (strchr(reading->at, '#') != NULL)
        return refuse(reading, "wanted no fragment, found one");
    if (strchr(reading->at, '?') != NULL && !reading->policy->query)
        return refuse(reading, "wanted no query (policy x5u_query), found one");
    if (strpbrk(reading->at, "[]") != NULL)
        return refuse(reading, "wanted a URL (RFC 3986), found an octet that none has");
    return 0;
}

int url_judge(const char *text, const struct url_policy *policy, struct url *url,
              struct stir_error *error)
{
    struct url own = {0};
    struct reading reading = {text, text, policy == NULL ? &url_policy_default : policy,
                              url == NULL ? &own : url, error};
    int rc;

    *reading.url = own;
    if ((rc = judge_octets(&reading)) != 0 || (rc = judge_scheme(&reading)) != 0
        || (rc = judge_host(&reading)) != 0 || (rc = judge_port(&reading)) != 0)
        return rc;
    return judge_rest(&reading);
}

const char *url_authority(const struct url *url, char room[URL_AUTHORITY_SIZE])
{
    snprintf(room, URL_AUTHORITY_SIZE, "%s:%u", url->host, (unsigned)url->port);
    return room;
}
