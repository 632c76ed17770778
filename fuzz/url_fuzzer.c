/* fetch/url and fetch/address: what is taken is a URL to libcurl too, of the same host and port,
   with nothing in it that was not judged; an address is read as the C library reads it. */
#include "fetch/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/address.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 4096;

static char *part(CURLU *url, CURLUPart what)
{
    char *text = NULL;

    return curl_url_get(url, what, &text, CURLU_DEFAULT_PORT) == CURLUE_OK ? text : NULL;
}

/* libcurl leaves the brackets of IPv6, and writes the address in its own way. */
static bool is_host(char *theirs, const struct url *ours)
{
    struct address a, b;

    if (theirs == NULL || !ours->is_address)
        return theirs != NULL && strcasecmp(theirs, ours->host) == 0;
    theirs[strcspn(theirs, "]")] = '\0';
    return address_parse(theirs + (*theirs == '['), &a) && address_parse(ours->host, &b)
           && address_equal(&a, &b);
}

static void expect_the_same(const char *text, const struct url *ours, bool query)
{
    CURLU *url = curl_url();

    FUZZ_ALWAYS(url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK);
    char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST);
    char *port = part(url, CURLUPART_PORT), *user = part(url, CURLUPART_USER);
    char *asked = part(url, CURLUPART_QUERY), *fragment = part(url, CURLUPART_FRAGMENT);
    FUZZ_ALWAYS(scheme != NULL && strcmp(scheme, "https") == 0);
    FUZZ_ALWAYS(is_host(host, ours));
    FUZZ_ALWAYS(port != NULL && strtoul(port, NULL, 10) == ours->port);
    FUZZ_ALWAYS(user == NULL && fragment == NULL && (query || asked == NULL));
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(user);
    curl_free(asked);
    curl_free(fragment);
    curl_url_cleanup(url);
}

static void expect_url(const char *text, const struct url *url, bool query)
{
    struct address address;

    FUZZ_ALWAYS(*url->host != '\0' && strlen(url->host) < sizeof url->host);
    FUZZ_ALWAYS(strspn(url->host, "abcdefghijklmnopqrstuvwxyz0123456789-.:")
                == strlen(url->host));
    FUZZ_ALWAYS(url->port == 443 || url->port == 8443);
    FUZZ_ALWAYS(url->is_address == address_parse(url->host, &address));
    expect_the_same(text, url, query);
}

static void expect_address(const char *text)
{
    struct address address;
    uint8_t four[4], sixteen[16];
    char room[ADDRESS_TEXT_SIZE];

    bool ours = address_parse(text, &address);
    bool theirs =
        inet_pton(AF_INET, text, four) == 1 || inet_pton(AF_INET6, text, sixteen) == 1;
    FUZZ_ALWAYS(ours == theirs);
    if (!ours)
        return;
    struct address again;
    FUZZ_ALWAYS(address_parse(address_text(&address, room), &again));
    FUZZ_ALWAYS(address_equal(&address, &again));
    const char *refusal = address_refusal(&address, NULL);
    FUZZ_ALWAYS(refusal == NULL || fuzz_is_line(refusal));
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct url_policy with_query = url_policy_default;
    struct stir_error error;
    struct url url;
    char *text = malloc(len + 1);

    if (text == NULL)
        return STIR_E_NOMEM;
    memcpy(text, data, len);
    text[len] = '\0';
    with_query.query = true;
    error_clear(&error);
    int rc = url_judge(text, &url_policy_default, &url, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (*error.text == '\0'));
    if (rc == 0)
        expect_url(text, &url, false);
    int other = url_judge(text, &with_query, &url, NULL);
    FUZZ_ALWAYS(rc != 0 || other == 0);
    if (other == 0)
        expect_url(text, &url, true);
    expect_address(text);
    free(text);
    return rc;
}
