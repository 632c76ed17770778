/* sip/uri, sip/address: what a header value canonically names (R8224-8.1-1, R8224-8.3-1,
   R8224-8.3-2, R8224-8.3-3, R8224-8.5-1, A-9, A-34). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sip/uri.h"

enum { TN, URI, NONE };

static const struct {
    const char *desc, *in;
    int is;
    const char *out; /* of NONE: a part of the sentence */
} cases[] = {
    /* Numbers. */
    {"R8224-8.3-1: bare, with separators", "+1 (215) 555-1212", TN, "12155551212"},
    {"R8224-8.3-1: dots", "1.215.555.1212", TN, "12155551212"},
    {"R8224-8.3-1: a letter is no separator", "1-800-FLOWERS", NONE, "neither a URI nor"},
    {"R8224-8.3-1: nor is a slash", "1215/5551212", NONE, "neither a URI nor"},
    {"R8224-8.3-1: # and * stay", "*67#", TN, "*67#"},
    {"only separators", "+-()", NONE, "neither a URI nor"},
    {"A-9: 15 digits", "123456789012345", TN, "123456789012345"},
    {"A-9: 16 digits", "1234567890123456", NONE, "1 to 15"},
    {"70 digits", "1234567890123456789012345678901234567890123456789012345678901234567890",
     NONE, "1 to 15"},
    {"R8224-8.3-2: emergency", "911", TN, "911"},
    {"R8224-8.3-2: national, by plan", "(215) 555-1212", TN, "12155551212"},
    {"R8224-8.3-2: + says it is global", "+2155551212", TN, "2155551212"},
    {"R8224-8.3-2: international prefix", "011 44 20 7183 8750", TN, "442071838750"},
    {"empty", "", NONE, "it is empty"},
    {"blanks", " \t ", NONE, "it is empty"},

    /* tel (R8224-8.3-3). */
    {"tel", "tel:+1-215-555-1212", TN, "12155551212"},
    {"TEL", "TEL:+12155551212", TN, "12155551212"},
    {"R8224-8.3-3: verstat", "tel:+12155551212;verstat=TN-Validation-Passed", TN,
     "12155551212"},
    {"R8224-8.3-3: portability", "tel:+12155551212;npdi;rn=+12155550000", TN, "12155551212"},
    {"R8224-8.3-3: context", "tel:863-1234;phone-context=+1-914-555", TN, "8631234"},
    {"tel with *", "tel:*67", TN, "*67"},
    {"tel percent-encoded", "tel:%2B12155551212", TN, "12155551212"},
    {"tel with letters", "tel:+1215555CALL", NONE, "the tel URI is no number"},
    {"tel without number", "tel:;phone-context=x", NONE, "the tel URI is no number"},
    {"tel with 16 digits", "tel:+1234567890123456", NONE, "the tel URI is no number"},
    {"tel with a host", "tel:+12155551212@example.com", NONE, "the tel URI is no number"},

    /* SIP users that are numbers (R8224-8.1-1). */
    {"user=phone", "sip:+17005551008@chicago.example.com;user=phone", TN, "17005551008"},
    {"USER=PHONE", "sip:+17005551008@x;USER=Phone", TN, "17005551008"},
    {"user=phone behind others", "sip:+17005551008@x;lr;user=phone;tag=1", TN, "17005551008"},
    {"numeric without user=phone", "sip:17005551008@x", TN, "17005551008"},
    {"numeric with separators", "sips:+1-700-555-1008@x", TN, "17005551008"},
    {"A-34: percent-decoded first", "sip:%2B1700%35551008@x", TN, "17005551008"},
    {"A-34: user parameters", "sip:+17005551008;npdi;rn=1@x;user=phone", TN, "17005551008"},
    {"A-34: encoded semicolon", "sip:17005551008%3Bnpdi@x", TN, "17005551008"},
    {"A-34: password", "sip:17005551008:secret@x", TN, "17005551008"},
    {"A-34: an encoded colon makes no number", "sip:1700%3A1@x", URI, "sip:1700%3a1@x"},
    {"A-34: an encoded NUL makes no number", "sip:1700%00@x", URI, "sip:1700%00@x"},
    {"A-34: * needs user=phone", "sip:*67@x", URI, "sip:*67@x"},
    {"A-34: * with user=phone", "sip:*67@x;user=phone", TN, "*67"},
    {"A-34: # with user=phone", "sip:%2367@x;user=phone", TN, "#67"},
    {"16 digits are a URI", "sip:1234567890123456@x;user=phone", URI, "sip:1234567890123456@x"},
    {"user=phone of a name", "sip:bob@x;user=phone", URI, "sip:bob@x"},
    {"plan in SIP", "sip:2155551212@x", TN, "12155551212"},
    {"plan in SIP, encoded +", "sip:%2B2155551212@x", TN, "2155551212"},
    {"only dots", "sip:..@x", URI, "sip:..@x"},

    /* URIs (R8224-8.5-1). */
    {"RFC 8224", "SIP:Alice:pw@EXAMPLE.com:5060;transport=tcp?x=y", URI,
     "sip:alice@example.com"},
    {"unreserved decoded", "sip:%41lice%2dB%5F@example.com", URI, "sip:alice-b_@example.com"},
    {"reserved stays escaped", "sip:a%40b@example.com", URI, "sip:a%40b@example.com"},
    {"sips is another", "SIPS:bob@x", URI, "sips:bob@x"},
    {"IPv6", "sip:bob@[2001:DB8::1]:5060", URI, "sip:bob@[2001:db8::1]"},
    {"IPv6 without port", "sip:bob@[2001:DB8::1];lr", URI, "sip:bob@[2001:db8::1]"},
    {"IPv6 without end", "sip:bob@[2001:DB8::1", NONE, "host or port"},
    {"question mark in the user", "sip:a?b@x", URI, "sip:a?b@x"},
    {"headers", "sip:bob@x?subject=a;b", URI, "sip:bob@x"},
    {"no user", "sip:example.com", NONE, "no user part"},
    {"empty user", "sip:@example.com", NONE, "user part is empty"},
    {"only a password", "sip::pw@example.com", NONE, "user part is empty"},
    {"no host", "sip:bob@", NONE, "host or port"},
    {"no host but a port", "sip:bob@:5060", NONE, "host or port"},
    {"port of letters", "sip:bob@x:five", NONE, "host or port"},
    {"empty port", "sip:bob@x:", NONE, "host or port"},
    {"two @", "sip:bob@x@y", NONE, "two @"},
    {"broken escape", "sip:b%4@x", NONE, "must be escaped"},
    {"blank in the user", "sip:bob b@x", NONE, "must be escaped"},
    {"blank in the host", "sip:bob@x y", NONE, "host or port"},
    {"UTF-8 in the user", "sip:b\xC3\xB6@x", NONE, "must be escaped"},
    {"line feed in the host", "sip:bob@x\ny", NONE, "host or port"},
    {"slash in the host", "sip:bob@x/y", NONE, "host or port"},
    {"urn", "urn:service:sos", NONE, "its scheme is \"urn\""},
    {"https", "https://example.com/", NONE, "its scheme is \"https\""},
    {"no scheme", "bob@example.com", NONE, "neither a URI nor"},

    /* Header values. */
    {"name-addr", "Bob <sip:bob@x>;tag=1", URI, "sip:bob@x"},
    {"name-addr, its URI's parameters", "<sip:+12155551212@x;user=phone>;tag=a", TN,
     "12155551212"},
    {"quoted name", "\"Bob\" <sip:bob@x>", URI, "sip:bob@x"},
    {"quoted name without a blank", "\"Bob\"<sip:bob@x>", URI, "sip:bob@x"},
    {"name with a bracket", "\"<sip:mallory@x>\" <sip:bob@x>", URI, "sip:bob@x"},
    {"name with an escaped quote", "\"a\\\" <sip:mallory@x>\" <sip:bob@x>", URI, "sip:bob@x"},
    {"name with an escaped backslash", "\"a\\\\\" <sip:bob@x>", URI, "sip:bob@x"},
    {"name with a comma", "\"Doe, John\" <sip:bob@x>", URI, "sip:bob@x"},
    {"name with a comma, unquoted", "Doe, John <sip:bob@x>", NONE, "must be quoted"},
    {"name that looks like a number, with a comma", "911, <sip:bob@x>", NONE, "must be quoted"},
    {"name with a colon, unquoted", "sip:bob@x <sip:mallory@x>", NONE, "must be quoted"},
    {"name in UTF-8", "J\xC3\xB6rg <sip:bob@x>", URI, "sip:bob@x"},
    {"name of tokens", "The Bob-o'mat!  <sip:bob@x>", URI, "sip:bob@x"},
    {"name that does not end", "\"Bob <sip:bob@x>", NONE, "the display name does not end"},
    {"name and no URI", "\"Bob\"", NONE, "the display name does not end"},
    {"name and a bare URI", "\"Bob\" sip:bob@x", NONE, "no <URI> follows"},
    {"comment before", "(a <sip:mallory@x> (b)) <sip:bob@x>", URI, "sip:bob@x"},
    {"comment that does not end", "(a <sip:bob@x>", NONE, "does not end"},
    {"comment behind", "<sip:bob@x> (a, b);tag=1", URI, "sip:bob@x"},
    {"comment behind a bare one", "sip:bob@x (that's me)", URI, "sip:bob@x"},
    {"folded", "\"Bob\"\r\n <sip:bob@x>", URI, "sip:bob@x"},
    {"bare with parameters", "sip:bob@x;tag=88sja8x", URI, "sip:bob@x"},
    {"bare with a parameter apart", "sip:bob@x ;tag=88sja8x", URI, "sip:bob@x"},
    {"no closing bracket", "<sip:bob@x", NONE, "has no >"},
    {"bracket in brackets", "<sip:<bob@x>>", NONE, "a < or a quote"},
    {"text behind", "<sip:bob@x> <sip:mallory@x>", NONE, "behind the >"},
    {"blanks in brackets", "< sip:bob@x >", URI, "sip:bob@x"},
    {"empty brackets", "<>", NONE, "neither a URI nor"},
    {"first of a list", "<tel:+12155551212>, <sip:bob@x>", TN, "12155551212"},
    {"first of a list, quoted", "\"a, <sip:mallory@x>\" <sip:bob@x>, <tel:+1>", URI,
     "sip:bob@x"},
    {"first of a bare list", "sip:bob@x, <sip:mallory@x>", URI, "sip:bob@x"},
    {"first of a bare list, tel", "tel:+12155551212,sip:bob@x", TN, "12155551212"},
    {"empty first", ", sip:bob@x", NONE, "it is empty"},
};

Test(uri, canonical)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct identity identity;
        struct stir_error error;
        error_clear(&error);
        int rc = identity_canonical(cases[i].in, strlen(cases[i].in), true, NUMBER_PLAN_NANP,
                                    &identity, &error);
        if (cases[i].is == NONE) {
            cr_expect(rc == STIR_E_SYNTAX && strstr(error.text, cases[i].out) != NULL,
                      "%s: %d %s %s", cases[i].desc, rc, error.text, identity.text);
        } else {
            cr_expect(rc == 0 && identity.is_tn == (cases[i].is == TN)
                          && strcmp(identity.text, cases[i].out) == 0,
                      "%s: %d %s %s", cases[i].desc, rc, error.text,
                      identity.text == NULL ? "" : identity.text);
        }
        identity_free(&identity);
    }
}

/* Policy numeric_user = uri: only user=phone and tel make a number. */
static const struct {
    const char *desc, *in;
    bool is_tn;
    const char *out;
} as_uri[] = {
    {"digits", "sip:12155551212@x", false, "sip:12155551212@x"},
    {"digits with +", "sip:+12155551212@x", false, "sip:+12155551212@x"},
    {"user=phone", "sip:12155551212@x;user=phone", true, "12155551212"},
    {"tel", "tel:12155551212", true, "12155551212"},
    {"bare", "12155551212", true, "12155551212"},
};

Test(uri, numeric_user_as_uri)
{
    for (size_t i = 0; i < sizeof as_uri / sizeof *as_uri; i++) {
        struct identity identity;
        cr_expect_eq(identity_canonical(as_uri[i].in, strlen(as_uri[i].in), false,
                                        NUMBER_PLAN_NANP, &identity, NULL),
                     0, "%s", as_uri[i].desc);
        cr_expect_eq(identity.is_tn, as_uri[i].is_tn, "%s", as_uri[i].desc);
        cr_expect_str_eq(identity.text, as_uri[i].out, "%s", as_uri[i].desc);
        identity_free(&identity);
    }
}

Test(uri, without_a_plan)
{
    struct identity identity;

    cr_assert_eq(identity_canonical("2155551212", 10, true, NUMBER_PLAN_NONE, &identity, NULL),
                 0);
    cr_assert_str_eq(identity.text, "2155551212");
    identity_free(&identity);
}

Test(uri, the_length_counts)
{
    struct identity identity;
    struct stir_error error;

    cr_assert_eq(
        identity_canonical("12155551212XXX", 11, true, NUMBER_PLAN_NANP, &identity, NULL), 0);
    cr_assert_str_eq(identity.text, "12155551212");
    identity_free(&identity);
    error_clear(&error);
    cr_assert_eq(
        identity_canonical("1215\0005551212", 12, true, NUMBER_PLAN_NANP, &identity, &error),
        STIR_E_SYNTAX, "a NUL inside: %s", identity.text);
    cr_assert_eq(identity_canonical("sip:b\0b@x", 9, true, NUMBER_PLAN_NANP, &identity, NULL),
                 STIR_E_SYNTAX);
    cr_assert_eq(identity_canonical("sip:b@x\0y", 9, true, NUMBER_PLAN_NANP, &identity, NULL),
                 STIR_E_SYNTAX);
}

Test(uri, a_line_is_long_enough)
{
    enum { MOST = 8 * 1024 };
    char *value = malloc(MOST + 1);
    struct identity identity;
    struct stir_error error;

    memset(value, ' ', MOST + 1);
    memcpy(value, "911", 3);
    cr_assert_eq(identity_canonical(value, MOST, true, NUMBER_PLAN_NANP, &identity, NULL), 0);
    identity_free(&identity);
    error_clear(&error);
    cr_assert_eq(identity_canonical(value, MOST + 1, true, NUMBER_PLAN_NANP, &identity, &error),
                 STIR_E_SYNTAX);
    cr_assert_not_null(strstr(error.text, "8192"), "%s", error.text);
    free(value);
}

Test(uri, numbers)
{
    char number[64], digits[65];

    memset(digits, '1', 64);
    cr_assert(identity_number(digits, 63, number));
    cr_assert_eq(strlen(number), 63);
    cr_assert_not(identity_number(digits, 64, number));
    cr_assert(identity_number("+1 2", 4, number));
    cr_assert_str_eq(number, "12");
    cr_assert_not(identity_number("", 0, number));
    cr_assert_not(identity_number("1\t2", 3, number));
}

Test(uri, equality_is_of_type_and_octets)
{
    cr_assert(identity_equal(true, "911", true, "911"));
    cr_assert_not(identity_equal(true, "911", false, "911"));
    cr_assert_not(identity_equal(true, "911", true, "0911"));
}

Test(uri, hosts)
{
    cr_assert_str_eq(uri_host("sip:bob@example.com"), "example.com");
    cr_assert_str_eq(uri_host("sips:bob@example.com"), "example.com");
    cr_assert_null(uri_host("12155551212"));
    cr_assert_null(uri_host("mailto:bob@example.com"));
}

static const struct {
    const char *uri;
    bool is;
} absolutes[] = {
    {"https://cert.example.org/passport.cer", true},
    {"https://x/a,b;c?d=e#f", true},
    {"cid:1@x", true},
    {"sip:bob@x", true},
    {"a+b-c.1:x", true},
    {"/passport.cer", false},
    {"cert.example.org", false},
    {"https:", false},
    {":x", false},
    {"1http:x", false},
    {"https://x/a b", false},
    {"https://x/\"", false},
    {"https://x/\xC3\xB6", false},
    {"", false},
};

Test(uri, absolute)
{
    for (size_t i = 0; i < sizeof absolutes / sizeof *absolutes; i++)
        cr_expect_eq(uri_is_absolute(absolutes[i].uri, strlen(absolutes[i].uri)),
                     absolutes[i].is, "%s", absolutes[i].uri);
}
