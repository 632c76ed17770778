/* fetch/url: which URLs are fetched (R8224-7.*, A74-2). */
#include "fetch/url.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "tests/help.h"

static const struct {
    const char *desc, *url;
    const char *host; /* NULL: refused */
    int port;
    const char *sentence; /* of a refusal, a part of it */
    bool query;
} cases[] = {
    {"A74-2: https, no port", "https://cert.example.org/passport.cer", "cert.example.org", 443,
     NULL, false},
    {"R8224-7-1: http", "http://cert.example.org/passport.cer", NULL, 0, "scheme https", false},
    {"a file", "file:///etc/passwd", NULL, 0, "scheme https", false},
    {"no scheme", "//cert.example.org/", NULL, 0, "scheme https", false},
    {"nothing", "", NULL, 0, "scheme https", false},
    {"a scheme that begins alike", "httpsx://cert.example.org/", NULL, 0, "scheme https",
     false},
    {"a scheme is of any case", "HTTPS://cert.example.org/", "cert.example.org", 443, NULL,
     false},
    {"and a host, which is judged in lower case", "https://Cert.EXAMPLE.org/A",
     "cert.example.org", 443, NULL, false},
    {"A74-2: port 443", "https://h.example:443/a", "h.example", 443, NULL, false},
    {"A74-2: port 8443", "https://h.example:8443/a", "h.example", 8443, NULL, false},
    {"port 8444", "https://h.example:8444/a", NULL, 0, "x5u_ports", false},
    {"port 22", "https://h.example:22/a", NULL, 0, "x5u_ports", false},
    {"a port with a zero in front", "https://h.example:0443/a", NULL, 0, "x5u_ports", false},
    {"a port modulo 65536", "https://h.example:65979/a", NULL, 0, "x5u_ports", false},
    {"an empty port", "https://h.example:/a", NULL, 0, "x5u_ports", false},
    {"a port with more behind", "https://h.example:443x/a", NULL, 0, "x5u_ports", false},
    {"A74-2: userinfo", "https://user@h.example/a", NULL, 0, "userinfo", false},
    {"with a password", "https://user:443@h.example/a", NULL, 0, "userinfo", false},
    {"userinfo that looks like the host", "https://h.example:443@evil.example/", NULL, 0,
     "userinfo", false},
    {"an @ in the path is none", "https://h.example/@a", "h.example", 443, NULL, false},
    {"A74-2: a fragment", "https://h.example/a#b", NULL, 0, "fragment", false},
    {"a fragment without a path", "https://h.example#b", NULL, 0, "fragment", false},
    {"A74-2: a query", "https://h.example/a?b=c", NULL, 0, "x5u_query", false},
    {"by policy", "https://h.example/a?b=c", "h.example", 443, NULL, true},
    {"a query without a path", "https://h.example?b=c", "h.example", 443, NULL, true},
    {"a fragment is refused all the same", "https://h.example/a?b#c", NULL, 0, "fragment",
     true},
    {"no path", "https://h.example", "h.example", 443, NULL, false},
    {"dots in a path", "https://h.example/../a", "h.example", 443, NULL, false},
    {"a blank", "https://h.example/a b", NULL, 0, "octet", false},
    {"a line feed, and a header behind it", "https://h.example/a\r\nHost: x", NULL, 0, "octet",
     false},
    {"a tab", "https://h.example/\ta", NULL, 0, "octet", false},
    {"an octet above 127", "https://h\303\244.example/a", NULL, 0, "octet", false},
    {"a backslash, a slash to some", "https://h.example\\@evil.example/", NULL, 0, "octet",
     false},
    {"an underscore", "https://a_b.example/", NULL, 0, "letters, digits and hyphens", false},
    {"a percent sign in the host", "https://h%2eexample/", NULL, 0,
     "letters, digits and hyphens", false},
    {"one in the path", "https://h.example/%2e", "h.example", 443, NULL, false},
    {"no host", "https:///a", NULL, 0, "letters, digits and hyphens", false},
    {"a dot at the end", "https://h.example./a", NULL, 0, "letters, digits and hyphens", false},
    {"two dots", "https://h..example/a", NULL, 0, "letters, digits and hyphens", false},
    {"a hyphen in front", "https://-h.example/a", NULL, 0, "letters, digits and hyphens",
     false},
    {"a hyphen at the end", "https://h-.example/a", NULL, 0, "letters, digits and hyphens",
     false},
    {"a hyphen within", "https://h-h.example/a", "h-h.example", 443, NULL, false},
    {"a label of 63",
     "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", 443, NULL,
     false},
    {"a label of 64",
     "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/", NULL,
     0, "letters, digits and hyphens", false},
    {"an IPv4 address", "https://192.0.2.1/a", "192.0.2.1", 443, NULL, false},
    {"one of three numbers", "https://192.0.513/a", NULL, 0, "letters, digits and hyphens",
     false},
    {"one number", "https://2130706433/a", NULL, 0, "letters, digits and hyphens", false},
    {"in hex", "https://0x7f000001/a", NULL, 0, "letters, digits and hyphens", false},
    {"in octal", "https://0177.0.0.1/a", NULL, 0, "letters, digits and hyphens", false},
    {"a name that begins with a digit", "https://1and1.example/a", "1and1.example", 443, NULL,
     false},
    {"an IPv6 address", "https://[2001:DB8::1]:8443/a", "2001:db8::1", 8443, NULL, false},
    {"without brackets", "https://2001:db8::1/a", NULL, 0, "", false},
    {"with a zone", "https://[fe80::1%25eth0]/a", NULL, 0, "IPv6", false},
    {"brackets around IPv4", "https://[192.0.2.1]/a", NULL, 0, "IPv6", false},
    {"brackets that do not close", "https://[2001:db8::1/a", NULL, 0, "]", false},
    {"something behind the brackets", "https://[2001:db8::1]x/a", NULL, 0, "x5u_ports", false},
    {"brackets in the path", "https://h.example/[a]", NULL, 0, "octet", false},
};

Test(url, is_taken_apart_or_refused)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct url_policy policy = url_policy_default;
        struct stir_error error = {0};
        struct url url;
        policy.query = cases[i].query;
        int rc = url_judge(cases[i].url, &policy, &url, &error);
        cr_expect_eq(rc, cases[i].host != NULL ? 0 : STIR_CODE_X5U_REFUSED, "%s: %d %s",
                     cases[i].desc, rc, error.text);
        if (cases[i].host == NULL) {
            cr_expect_not_null(strstr(error.text, cases[i].sentence), "%s: %s", cases[i].desc,
                               error.text);
            continue;
        }
        cr_expect_str_eq(url.host, cases[i].host, "%s: %s", cases[i].desc, url.host);
        cr_expect_eq(url.port, cases[i].port, "%s: %d", cases[i].desc, url.port);
        cr_expect_eq(url.is_address,
                     strchr(url.host, ':') != NULL || strcmp(url.host, "192.0.2.1") == 0, "%s",
                     cases[i].desc);
    }
}

Test(url, length_is_limited)
{
    char url[LIMIT_URL + 2] = "https://h.example/";
    struct stir_error error = {0};

    memset(url + strlen(url), 'a', sizeof url - 1 - strlen(url));
    url[LIMIT_URL] = '\0';
    cr_expect_eq(url_judge(url, NULL, NULL, NULL), 0);
    url[LIMIT_URL] = 'a';
    cr_expect_eq(url_judge(url, NULL, NULL, &error), STIR_CODE_X5U_REFUSED, "%s", error.text);
}

Test(url, a_host_has_253_octets_at_most)
{
    char url[300] = "https://";

    for (int i = 0; i < 42; i++)
        strcat(url, "aaaaa.");
    strcat(url, "a"); /* 253 */
    cr_expect_eq(url_judge(url, NULL, NULL, NULL), 0, "%zu", strlen(url));
    strcat(url, "a");
    cr_expect_eq(url_judge(url, NULL, NULL, NULL), STIR_CODE_X5U_REFUSED);
    strcat(url, "aaaa");
    cr_expect_eq(url_judge(url, NULL, NULL, NULL), STIR_CODE_X5U_REFUSED);
}

Test(url, ports_are_a_list)
{
    static const struct {
        const char *desc, *value;
        size_t n; /* 0: refused */
    } lists[] = {
        {"one", "443", 1},
        {"two", "443,8443", 2},
        {"the least and the most", "1,65535", 2},
        {"none", "", 0},
        {"0", "0", 0},
        {"65536", "65536", 0},
        {"a zero in front", "0443", 0},
        {"a sign", "+443", 0},
        {"a blank", "443, 8443", 0},
        {"a comma at the end", "443,", 0},
        {"a comma in front", ",443", 0},
        {"a word", "https", 0},
        {"sixteen", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", 16},
        {"seventeen", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", 0},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct url_policy policy = {{7}, 1, true};
        int rc = url_policy_read_ports(&policy, lists[i].value);
        cr_expect_eq(rc, lists[i].n > 0 ? 0 : STIR_E_SYNTAX, "%s", lists[i].desc);
        cr_expect_eq(policy.n_ports, lists[i].n > 0 ? lists[i].n : 1, "%s", lists[i].desc);
        cr_expect(policy.query, "%s: the query stays", lists[i].desc);
        if (lists[i].n == 0)
            cr_expect_eq(policy.ports[0], 7, "%s: as it was", lists[i].desc);
    }
}
