/* sip/identity_header: RFC 8224 section 4 with errata 6499 and 6519 (R8224-4-1 to -5, A-18). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sip/identity_header.h"

#define URL "https://cert.example.org/passport.cer"

static const struct {
    const char *desc, *in, *token, *info, *alg, *ppt;
} good[] = {
    {"R8224-4-3: only info", "a.b.c;info=<" URL ">", "a.b.c", URL, NULL, NULL},
    {"RFC 8224 section 4.1.1", "..rq3p-_;info=<https://biloxi.example.org/biloxi.cer>",
     "..rq3p-_", "https://biloxi.example.org/biloxi.cer", NULL, NULL},
    {"R8224-4-5: the whole alphabet", "Az09-_.;info=<x:y>", "Az09-_.", "x:y", NULL, NULL},
    {"R8224-4-1: with the name", "Identity: a;info=<x:y>", "a", "x:y", NULL, NULL},
    {"R8224-4-1: in any case", "iDENTITY : a;info=<x:y>", "a", "x:y", NULL, NULL},
    {"R8224-4-1: compact", "y: a;info=<x:y>", "a", "x:y", NULL, NULL},
    {"R8224-4-1: compact, upper case", "Y:a;info=<x:y>", "a", "x:y", NULL, NULL},
    {"a token that begins as the name does", "Identity;info=<x:y>", "Identity", "x:y", NULL,
     NULL},
    {"all", "a;info=<x:y>;alg=ES256;ppt=shaken", "a", "x:y", "ES256", "shaken"},
    {"R8224-4-4: quoted", "a;info=<x:y>;alg=\"ES256\";ppt=\"shaken\"", "a", "x:y", "ES256",
     "shaken"},
    {"R8224-4-4: escaped", "a;info=<x:y>;ppt=\"sh\\aken\\\"\"", "a", "x:y", NULL, "shaken\""},
    {"R8224-4-4: names in any case", "a;INFO=<x:y>;Alg=es256;pPT=Shaken", "a", "x:y", "es256",
     "Shaken"},
    {"R8224-4-3: info last", "a;ppt=shaken;alg=ES256;info=<x:y>", "a", "x:y", "ES256",
     "shaken"},
    {"R8224-4-3: no info, which is not for the syntax", "a;alg=ES256", "a", NULL, "ES256",
     NULL},
    {"only a token", "a", "a", NULL, NULL, NULL},
    {"info empty", "a;info=<>;alg=ES256", "a", "", "ES256", NULL},
    {"info without value", "a;info;alg=ES256", "a", "", "ES256", NULL},
    {"info= at the end", "a;info=", "a", "", NULL, NULL},
    {"R8224-4-2: comma, semicolon and = in the URI", "a;info=<https://x/a,b;c=d>;ppt=shaken",
     "a", "https://x/a,b;c=d", NULL, "shaken"},
    {"R8224-4-4: extensions", "a;foo=bar;info=<x:y>;v6=[::1]:5060;q=\"a;b,c\";flag;ppt=rph",
     "a", "x:y", NULL, "rph"},
    {"R8224-4-4: extension twice", "a;info=<x:y>;foo=1;foo=2", "a", "x:y", NULL, NULL},
    {"blanks", " a ; info = <x:y> ; ppt = \"shaken\" ", "a", "x:y", NULL, "shaken"},
    {"folded", "a\r\n ;info=\r\n\t<x:y>\n ;\r ppt=shaken\r\n", "a", "x:y", NULL, "shaken"},
};

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

Test(identity_header, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct identity_header header;
        struct stir_error error;
        error_clear(&error);
        int rc = identity_header_parse(good[i].in, strlen(good[i].in), &header, &error);
        cr_expect_eq(rc, 0, "%s: %s", good[i].desc, error.text);
        cr_expect(same(header.token, good[i].token), "%s: %s", good[i].desc, header.token);
        cr_expect(same(header.info, good[i].info), "%s: %s", good[i].desc, header.info);
        cr_expect(same(header.alg, good[i].alg), "%s: %s", good[i].desc, header.alg);
        cr_expect(same(header.ppt, good[i].ppt), "%s: %s", good[i].desc, header.ppt);
        identity_header_free(&header);
    }
}

static const struct {
    const char *desc, *in, *sentence;
} bad[] = {
    {"empty", "", "ends where the token"},
    {"only the name", "Identity:", "ends where the token"},
    {"no token", ";info=<x:y>", "\";\" at octet 0"},
    {"R8224-4-5: +", "a+b;info=<x:y>", "\"+\" at octet 1"},
    {"R8224-4-5: /", "a/b;info=<x:y>", "\"/\" at octet 1"},
    {"R8224-4-5: =", "ab=;info=<x:y>", "\"=\" at octet 2"},
    {"R8224-4-5: blank inside", "a b;info=<x:y>", "\"b\" at octet 2"},
    {"R8224-4-5: fold inside", "a\r\n b;info=<x:y>", "\"b\" at octet 4"},
    {"R8224-4-5: UTF-8", "a\xC3\xA9;info=<x:y>", "at octet 1"},
    {"another header's name", "From: a;info=<x:y>", "\":\" at octet 4"},
    {"R8224-4-1: the dead compact name", "n: a;info=<x:y>", "\":\" at octet 1"},
    {"line feed without a fold", "a\n;info=<x:y>", "\"\\x0A\" at octet 1"},
    {"line feed between parameters", "a;info=<x:y>\r\n;ppt=shaken", "\"\\x0D\" at octet 12"},
    {"R8224-4-4: info twice", "a;info=<x:y>;info=<x:y>", "parameter info twice"},
    {"R8224-4-4: info twice, first empty", "a;info=<>;info=<x:y>", "parameter info twice"},
    {"R8224-4-4: alg twice", "a;alg=ES256;info=<x:y>;ALG=ES256", "parameter alg twice"},
    {"R8224-4-4: ppt twice", "a;ppt=shaken;info=<x:y>;ppt=\"shaken\"", "parameter ppt twice"},
    {"R8224-4-2: a list", "a;info=<x:y>,b;info=<x:y>", "\",\" at octet 12"},
    {"R8224-4-2: a list, quoted ppt", "a;info=<x:y>;ppt=\"shaken\",b;info=<x:y>", "\",\" at"},
    {"R8224-4-3: no brackets", "a;info=https://x", "the < of info's URI"},
    {"R8224-4-3: quotes", "a;info=\"https://x\"", "the < of info's URI"},
    {"R8224-4-3: no end", "a;info=<https://x", "the > of info's URI"},
    {"blank in the URI", "a;info=<https://x y>", "the > of info's URI"},
    {"bracket in the URI", "a;info=<https://x<y>", "the > of info's URI"},
    {"text behind info", "a;info=<x:y>z", "\"z\" at octet 12"},
    {"empty alg", "a;info=<x:y>;alg=", "ends where a parameter's value"},
    {"empty ppt", "a;info=<x:y>;ppt=;alg=ES256", "a parameter's value"},
    {"empty quoted ppt", "a;info=<x:y>;ppt=\"\"", "ppt is empty"},
    {"ppt without value", "a;info=<x:y>;ppt", "ends where the = of a parameter"},
    {"empty extension", "a;info=<x:y>;foo=", "a parameter's value"},
    {"quotes without end", "a;info=<x:y>;ppt=\"shaken", "the end of a quoted string"},
    {"quotes that end escaped", "a;info=<x:y>;ppt=\"shaken\\\"", "the end of a quoted string"},
    {"line feed in quotes", "a;info=<x:y>;ppt=\"sha\nken\"", "the end of a quoted string"},
    {"two values", "a;info=<x:y>;ppt=a b", "\"b\" at octet 19"},
    {"no parameter behind ;", "a;info=<x:y>;", "ends where a parameter's name"},
    {"no parameter between ;", "a;;info=<x:y>", "\";\" at octet 2"},
    {"brackets around an extension", "a;info=<x:y>;foo=<x:y>", "\"<\" at"},
};

Test(identity_header, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct identity_header header;
        struct stir_error error;
        error_clear(&error);
        int rc = identity_header_parse(bad[i].in, strlen(bad[i].in), &header, &error);
        cr_expect(rc == STIR_CODE_IDENTITY_SYNTAX && error.code == rc
                      && strstr(error.text, bad[i].sentence) != NULL
                      && strstr(error.text, "RFC 8224 section 4") != NULL,
                  "%s: %d %s", bad[i].desc, rc, error.text);
        identity_header_free(&header);
    }
}

Test(identity_header, filled_as_far_as_it_was_read)
{
    struct identity_header header;

    cr_assert_eq(identity_header_parse("a;info=<x:y>;ppt", 16, &header, NULL),
                 STIR_CODE_IDENTITY_SYNTAX);
    cr_assert_str_eq(header.token, "a");
    cr_assert_str_eq(header.info, "x:y");
    identity_header_free(&header);
}

Test(identity_header, a_NUL_is_no_end)
{
    struct identity_header header;

    cr_assert_eq(identity_header_parse("a;info=<x:y>\0", 13, &header, NULL),
                 STIR_CODE_IDENTITY_SYNTAX);
    identity_header_free(&header);
    cr_assert_eq(identity_header_parse("a;info=<x:\0y>", 13, &header, NULL),
                 STIR_CODE_IDENTITY_SYNTAX);
    identity_header_free(&header);
    cr_assert_eq(identity_header_parse("a;ppt=\"\\\0\";info=<x:y>", 20, &header, NULL),
                 STIR_CODE_IDENTITY_SYNTAX);
    identity_header_free(&header);
}

Test(identity_header, limit)
{
    enum { MOST = 64 * 1024 + 8 * 1024 };
    char *value = malloc(MOST + 1);
    struct identity_header header;

    memset(value, 'a', MOST + 1);
    cr_assert_eq(identity_header_parse(value, MOST, &header, NULL), 0);
    identity_header_free(&header);
    cr_assert_eq(identity_header_parse(value, MOST + 1, &header, NULL),
                 STIR_CODE_IDENTITY_SYNTAX);
    free(value);
}

static const struct {
    const char *desc, *in;
    int rc;
} infos[] = {
    {"R8224-4-3: absolute", "a;info=<" URL ">", 0},
    {"R8224-4-3: any scheme", "a;info=<cid:1@x>", 0},
    {"R8224-4-3: missing", "a;alg=ES256", STIR_CODE_INFO_MISSING},
    {"R8224-4-3: empty", "a;info=<>", STIR_CODE_INFO_MISSING},
    {"R8224-4-3: without value", "a;info", STIR_CODE_INFO_MISSING},
    {"R8224-4-3: relative", "a;info=</passport.cer>", STIR_CODE_INFO_MISSING},
};

Test(identity_header, info)
{
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++) {
        struct identity_header header;
        struct stir_error error;
        error_clear(&error);
        cr_expect_eq(identity_header_parse(infos[i].in, strlen(infos[i].in), &header, NULL), 0,
                     "%s", infos[i].desc);
        int rc = identity_header_check_info(&header, &error);
        cr_expect(rc == infos[i].rc && error.code == rc, "%s: %d %s", infos[i].desc, rc,
                  error.text);
        identity_header_free(&header);
    }
}

Test(identity_header, what_is_written_is_read)
{
    char *with = identity_header_write("a.b.c", "https://x/a,b", "shaken");
    char *without = identity_header_write("..c", "https://x/a,b", "");
    struct identity_header header;

    cr_assert_str_eq(with, "a.b.c;info=<https://x/a,b>;alg=ES256;ppt=\"shaken\"");
    cr_assert_str_eq(without, "..c;info=<https://x/a,b>;alg=ES256");
    cr_assert_eq(identity_header_parse(with, strlen(with), &header, NULL), 0);
    cr_assert_str_eq(header.ppt, "shaken");
    cr_assert_str_eq(header.info, "https://x/a,b");
    identity_header_free(&header);
    free(with);
    free(without);
}
