/* fetch/address: global unicast and nothing else, by IANA's special-purpose address registries
   (iana-ipv4-special-registry, iana-ipv6-special-registry). */
#include "fetch/address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "stir.h"
#include "tests/help.h"

/* Blocks of the registries: their first and last address are refused, those just outside are
   as said. */
static const struct {
    const char *block, *first, *last;
    const char *before, *after; /* NULL: there is none, or it is in another block */
    const char *name;
} refused[] = {
    {"0.0.0.0/8", "0.0.0.0", "0.255.255.255", NULL, "1.0.0.0", "this network"},
    {"10.0.0.0/8", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0", "RFC 1918"},
    {"100.64.0.0/10", "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0",
     "RFC 6598"},
    {"127.0.0.0/8", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0", "loopback"},
    {"169.254.0.0/16", "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0",
     "link-local"},
    {"172.16.0.0/12", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0",
     "RFC 1918"},
    {"192.0.0.0/24", "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0", "RFC 6890"},
    {"192.0.2.0/24", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0", "documentation"},
    {"192.88.99.0/24", "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0", "6to4"},
    {"192.168.0.0/16", "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0",
     "RFC 1918"},
    {"198.18.0.0/15", "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0",
     "benchmarking"},
    {"198.51.100.0/24", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0",
     "documentation"},
    {"203.0.113.0/24", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0",
     "documentation"},
    {"224.0.0.0/4", "224.0.0.0", "239.255.255.255", "223.255.255.255", NULL, "multicast"},
    {"240.0.0.0/4", "240.0.0.0", "255.255.255.255", NULL, NULL, "reserved"},
    {"::/128", "::", "::", NULL, NULL, "unspecified"},
    {"::1/128", "::1", "::1", NULL, NULL, "loopback"},
    {"64:ff9b:1::/48", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", NULL, NULL,
     "RFC 8215"},
    {"100::/64", "100::", "100::ffff:ffff:ffff:ffff", NULL, NULL, "discard"},
    {"100:0:0:1::/64", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", NULL, NULL,
     "not global unicast"},
    {"2001::/23", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::", "RFC 2928"},
    {"2001:2::/48", "2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", NULL, NULL, "RFC 2928"},
    {"2001:20::/28", "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL,
     "RFC 2928"},
    {"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "documentation"},
    {"2002::/16", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::", "6to4"},
    {"3fff::/20", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::", "documentation"},
    {"4000::/2, not handed out", "4000::", "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, "not global unicast"},
    {"5f00::/16", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL,
     "segment routing"},
    {"fc00::/7", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL,
     "unique local"},
    {"fe80::/10", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL,
     "link-local"},
    {"fec0::/10, once site-local", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL,
     NULL, "not global unicast"},
    {"ff00::/8", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL, "multicast"},
};

static const char *refusal(const char *text, const struct address_policy *policy)
{
    struct address address;

    cr_assert(address_parse(text, &address), "%s", text);
    return address_refusal(&address, policy);
}

static const char *or_none(const char *text)
{
    return text == NULL ? "nothing" : text;
}

static void expect_refused(const char *text, const char *name, const char *block)
{
    const char *found = refusal(text, NULL);

    cr_expect(found != NULL && strstr(found, name) != NULL, "%s: %s: wanted %s, found %s",
              block, text, name, or_none(found));
}

/* IPv4 in the clothes of IPv6: mapped, and as a translator has it (RFC 6052). */
static void expect_refused_dressed(const char *text, const char *name, const char *block)
{
    char dressed[ADDRESS_TEXT_SIZE];

    if (strchr(text, ':') != NULL)
        return;
    snprintf(dressed, sizeof dressed, "::ffff:%s", text);
    expect_refused(dressed, name, block);
    snprintf(dressed, sizeof dressed, "64:ff9b::%s", text);
    expect_refused(dressed, name, block);
}

static void expect_allowed(const char *text, const char *block)
{
    if (text != NULL)
        cr_expect_null(refusal(text, NULL), "beside %s: %s: %s", block, text,
                       or_none(refusal(text, NULL)));
}

Test(address, of_special_purpose_are_refused)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        expect_refused(refused[i].first, refused[i].name, refused[i].block);
        expect_refused(refused[i].last, refused[i].name, refused[i].block);
        expect_refused_dressed(refused[i].first, refused[i].name, refused[i].block);
        expect_refused_dressed(refused[i].last, refused[i].name, refused[i].block);
        expect_allowed(refused[i].before, refused[i].block);
        expect_allowed(refused[i].after, refused[i].block);
    }
}

Test(address, that_are_global_unicast_are_not)
{
    static const char *const allowed[] = {
        "8.8.8.8",          "192.31.196.1", "192.52.193.1",    "192.175.48.1",
        "2600::1",          "2a00:1450::1", "2620:4f:8000::1", "::ffff:8.8.8.8",
        "64:ff9b::808:808", "2001:4860::1", "223.255.255.255",
    };

    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        cr_expect_null(refusal(allowed[i], NULL), "%s: %s", allowed[i],
                       or_none(refusal(allowed[i], NULL)));
}

Test(address, exempt_networks_are_not)
{
    static const struct {
        const char *desc, *allow, *address;
        bool allowed;
    } cases[] = {
        {"the network's first", "10.1.0.0/16", "10.1.0.0", true},
        {"its last", "10.1.0.0/16", "10.1.255.255", true},
        {"beside it", "10.1.0.0/16", "10.2.0.0", false},
        {"an odd length, its last", "10.1.2.0/23", "10.1.3.255", true},
        {"beside it", "10.1.2.0/23", "10.1.4.0", false},
        {"one address", "127.0.0.1", "127.0.0.1", true},
        {"another one", "127.0.0.1", "127.0.0.2", false},
        {"the second of a list", "10.0.0.0/8,fd00::/8", "fd12::1", true},
        {"neither", "10.0.0.0/8,fd00::/8", "fe80::1", false},
        {"IPv4 mapped", "10.0.0.0/8", "::ffff:10.1.1.1", true},
        {"IPv4 translated", "10.0.0.0/8", "64:ff9b::a01:101", true},
        {"all of IPv4", "0.0.0.0/0", "127.0.0.1", true},
        {"is not IPv6", "0.0.0.0/0", "::1", false},
        {"all of IPv6", "::/0", "::1", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address_policy policy = {0};
        cr_assert_eq(address_policy_read(&policy, cases[i].allow), 0, "%s", cases[i].desc);
        cr_expect_eq(refusal(cases[i].address, &policy) == NULL, cases[i].allowed, "%s: %s",
                     cases[i].desc, cases[i].address);
        address_policy_free(&policy);
    }
}

Test(address, networks_are_a_list)
{
    static const struct {
        const char *desc, *value;
        int n; /* -1: refused */
    } lists[] = {
        {"none", "", 0},
        {"one", "10.0.0.0/8", 1},
        {"two", "10.0.0.0/8,fd00::/8", 2},
        {"one bit too many", "10.0.0.0/33", -1},
        {"of IPv6", "fd00::/129", -1},
        {"no length behind the slash", "10.0.0.0/", -1},
        {"a sign", "10.0.0.0/+8", -1},
        {"a length that overflows", "10.0.0.0/4294967304", -1},
        {"an address within", "10.0.0.1/8", -1},
        {"a blank", "10.0.0.0/8, fd00::/8", -1},
        {"a comma at the end", "10.0.0.0/8,", -1},
        {"a name", "localhost", -1},
        {"octal", "010.0.0.0/8", -1},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct address_policy policy = {0};
        cr_assert_eq(address_policy_read(&policy, "192.168.0.0/16"), 0);
        int rc = address_policy_read(&policy, lists[i].value);
        cr_expect_eq(rc, lists[i].n < 0 ? STIR_E_SYNTAX : 0, "%s: %d", lists[i].desc, rc);
        cr_expect_eq(policy.n_allow, lists[i].n < 0 ? 1 : (size_t)lists[i].n, "%s",
                     lists[i].desc);
        address_policy_free(&policy);
    }
}

Test(address, is_one_form_of_text_and_socket)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    struct sockaddr unix_one = {.sa_family = AF_UNIX};
    struct address a, b;
    char room[ADDRESS_TEXT_SIZE];

    inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
    inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr);
    cr_expect(address_of_socket((struct sockaddr *)&v4, &a));
    cr_expect(address_of_socket((struct sockaddr *)&v6, &b));
    cr_expect(address_equal(&a, &b), "mapped");
    cr_expect(address_is_v4(&b));
    cr_expect_str_eq(address_text(&b, room), "192.0.2.1");
    cr_expect_not(address_of_socket(&unix_one, &a), "another family");
    cr_expect_not(address_parse("192.0.2.1 ", &a), "something behind it");
    cr_expect(address_parse("2001:DB8::1", &b));
    cr_expect_str_eq(address_text(&b, room), "2001:db8::1");
    cr_expect_not(address_equal(&a, &b));
}
