/* base/clock: dates of SIP (RFC 3261 section 20.17) and RFC 3339, against date(1)'s figures. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const struct {
    const char *desc, *text;
    int result;
    int64_t time;
} sip_cases[] = {
    {"RFC 8224 section 4.1", "Fri, 25 Sep 2015 19:12:25 GMT", 0, 1443208345},
    {"another weekday than the date's", "Sat, 25 Sep 2015 19:12:25 GMT", -1, 0},
    {"RFC 3261 section 20.17", "Sat, 13 Nov 2010 23:29:00 GMT", 0, 1289690940},
    {"another zone", "Sat, 13 Nov 2010 23:29:00 EST", -1, 0},
    {"an offset", "Sat, 13 Nov 2010 23:29:00 +0000", -1, 0},
    {"no zone", "Sat, 13 Nov 2010 23:29:00", -1, 0},
    {"something behind", "Sat, 13 Nov 2010 23:29:00 GMT ", -1, 0},
    {"something before", " Sat, 13 Nov 2010 23:29:00 GMT", -1, 0},
    {"two spaces", "Sat, 13 Nov 2010  23:29:00 GMT", -1, 0},
    {"any case", "sat, 13 NOV 2010 23:29:00 gmt", 0, 1289690940},
    {"one digit of a day", "Sat, 1 Nov 2010 23:29:00 GMT", -1, 0},
    {"leap day", "Thu, 29 Feb 2024 00:00:00 GMT", 0, 1709164800},
    {"no leap day", "Wed, 29 Feb 2023 00:00:00 GMT", -1, 0},
    {"1900 was no leap year", "Thu, 29 Feb 1900 00:00:00 GMT", -1, 0},
    {"31 April", "Thu, 31 Apr 2015 00:00:00 GMT", -1, 0},
    {"day 0", "Wed, 00 Apr 2015 00:00:00 GMT", -1, 0},
    {"no such month", "Sat, 13 Nob 2010 23:29:00 GMT", -1, 0},
    {"hour 24", "Sat, 13 Nov 2010 24:00:00 GMT", -1, 0},
    {"minute 60", "Sat, 13 Nov 2010 23:60:00 GMT", -1, 0},
    {"a leap second", "Sat, 31 Dec 2016 23:59:60 GMT", 0, 1483228800},
    {"a leap second at noon", "Sat, 31 Dec 2016 12:00:60 GMT", -1, 0},
    {"second 61", "Sat, 31 Dec 2016 23:59:61 GMT", -1, 0},
    {"year 0", "Sat, 01 Jan 0000 00:00:00 GMT", 0, -62167219200},
    {"year 9999", "Fri, 31 Dec 9999 23:59:59 GMT", 0, 253402300799},
    {"before 1970", "Wed, 31 Dec 1969 23:59:59 GMT", 0, -1},
    {"five digits of a year", "Sat, 13 Nov 20100 23:29:00 GMT", -1, 0},
    {"a sign", "Sat, +3 Nov 2010 23:29:00 GMT", -1, 0},
    {"empty", "", -1, 0},
    {"cut", "Sat, 13 N", -1, 0},
};

/* Reads it from memory of exactly that size, so that the sanitizer sees a step too far. */
static int parse(int (*parser)(const char *, size_t, int64_t *), const char *text,
                 int64_t *time)
{
    size_t len = strlen(text);
    char *copy = malloc(len > 0 ? len : 1);

    memcpy(copy, text, len);
    int result = parser(copy, len, time);
    free(copy);
    return result;
}

/* RFC 9110 section 5.6.7's own three, and each form with one thing wrong. */
static const struct {
    const char *desc, *text;
    int result;
    int64_t time;
} http_cases[] = {
    {"IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", 0, 784111777},
    {"RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", 0, 784111777},
    {"asctime", "Sun Nov  6 08:49:37 1994", 0, 784111777},
    {"RFC 850, another weekday", "Monday, 06-Nov-94 08:49:37 GMT", -1, 0},
    {"RFC 850, year 26", "Sunday, 22-Nov-26 00:00:00 GMT", 0, 1795305600},
    {"RFC 850, year 70", "Thursday, 01-Jan-70 00:00:00 GMT", 0, 0},
    {"RFC 850, year 69 is 2069", "Tuesday, 01-Jan-69 00:00:00 GMT", 0, 3124224000},
    {"RFC 850 without zone", "Sunday, 06-Nov-94 08:49:37", -1, 0},
    {"RFC 850, no comma", "Sunday 06-Nov-94 08:49:37 GMT", -1, 0},
    {"asctime, two digits of a day", "Wed Nov 16 08:49:37 1994", 0, 784975777},
    {"asctime, another weekday", "Tue Nov 16 08:49:37 1994", -1, 0},
    {"asctime, one space before one digit", "Sun Nov 6 08:49:37 1994", -1, 0},
    {"asctime with a zone", "Sun Nov  6 08:49:37 1994 GMT", -1, 0},
    {"asctime cut", "Sun Nov  6 08:49:37 19", -1, 0},
    {"0, which servers send to say long ago", "0", -1, 0},
    {"empty", "", -1, 0},
};

Test(clock, sip_date)
{
    for (size_t i = 0; i < sizeof sip_cases / sizeof *sip_cases; i++) {
        int64_t time = 0;
        int result = parse(clock_parse_sip_date, sip_cases[i].text, &time);
        cr_expect_eq(result, sip_cases[i].result, "%s: %d", sip_cases[i].desc, result);
        if (result == 0)
            cr_expect_eq(time, sip_cases[i].time, "%s: %jd", sip_cases[i].desc, (intmax_t)time);
    }
}

static const struct {
    const char *desc, *text;
    int result;
    int64_t time;
} rfc3339_cases[] = {
    {"RFC 3339 section 5.8, first", "1985-04-12T23:20:50.52Z", 0, 482196050},
    {"second", "1996-12-19T16:39:57-08:00", 0, 851042397},
    {"a leap second", "1990-12-31T23:59:60Z", 0, 662688000},
    {"the same elsewhere", "1990-12-31T15:59:60-08:00", 0, 662688000},
    {"a leap second at another time", "1990-12-31T16:59:60-08:00", -1, 0},
    {"Amsterdam", "1937-01-01T12:00:27.87+00:20", 0, -1041337173},
    {"no zone", "1996-12-19T16:39:57", -1, 0},
    {"small letters", "1996-12-20t00:39:57z", 0, 851042397},
    {"a space for the T", "1996-12-20 00:39:57Z", -1, 0},
    {"a date alone", "1996-12-20", -1, 0},
    {"offset without colon", "1996-12-19T16:39:57-0800", -1, 0},
    {"offset of 24 hours", "1996-12-19T16:39:57-24:00", -1, 0},
    {"offset of 60 minutes", "1996-12-19T16:39:57-08:60", -1, 0},
    {"a point and no fraction", "1996-12-19T16:39:57.Z", -1, 0},
    {"month 13", "1996-13-19T16:39:57Z", -1, 0},
    {"month 0", "1996-00-19T16:39:57Z", -1, 0},
    {"30 February", "1996-02-30T16:39:57Z", -1, 0},
    {"something behind", "1996-12-20T00:39:57Z ", -1, 0},
    {"empty", "", -1, 0},
};

Test(clock, rfc3339)
{
    for (size_t i = 0; i < sizeof rfc3339_cases / sizeof *rfc3339_cases; i++) {
        const char *desc = rfc3339_cases[i].desc;
        int64_t time = 0;
        int result = parse(clock_parse_rfc3339, rfc3339_cases[i].text, &time);
        cr_expect_eq(result, rfc3339_cases[i].result, "%s: %d", desc, result);
        if (result == 0)
            cr_expect_eq(time, rfc3339_cases[i].time, "%s: %jd", desc, (intmax_t)time);
    }
}

static const struct {
    const char *desc, *text;
    int utc, generalized;
    int64_t time;
} x509_cases[] = {
    {"UTCTime", "150925191225Z", 0, -1, 1443208345},
    {"GeneralizedTime", "20150925191225Z", -1, 0, 1443208345},
    {"year 49 is 2049", "490101000000Z", 0, -1, 2493072000},
    {"year 50 is 1950", "500101000000Z", 0, -1, -631152000},
    {"year 2050", "20500101000000Z", -1, 0, 2524608000},
    {"the end of time", "99991231235959Z", -1, 0, 253402300799},
    {"no seconds", "1509251912Z", -1, -1, 0},
    {"an offset", "150925191225+0000", -1, -1, 0},
    {"no zone", "150925191225", -1, -1, 0},
    {"a small z", "150925191225z", -1, -1, 0},
    {"a fraction", "20150925191225.5Z", -1, -1, 0},
    {"31 September", "150931191225Z", -1, -1, 0},
    {"hour 24", "150925241225Z", -1, -1, 0},
    {"something behind", "150925191225Z0", -1, -1, 0},
    {"empty", "", -1, -1, 0},
};

Test(clock, x509)
{
    for (size_t i = 0; i < sizeof x509_cases / sizeof *x509_cases; i++) {
        const char *desc = x509_cases[i].desc;
        int64_t time = 0;
        int result = parse(clock_parse_utc_time, x509_cases[i].text, &time);
        cr_expect_eq(result, x509_cases[i].utc, "%s: %d", desc, result);
        if (result == 0)
            cr_expect_eq(time, x509_cases[i].time, "%s: %jd", desc, (intmax_t)time);
        result = parse(clock_parse_generalized_time, x509_cases[i].text, &time);
        cr_expect_eq(result, x509_cases[i].generalized, "%s: %d", desc, result);
        if (result == 0)
            cr_expect_eq(time, x509_cases[i].time, "%s: %jd", desc, (intmax_t)time);
    }
}

static const struct {
    const char *text;
    int result;
    int64_t time;
} any_cases[] = {
    {"1443208345", 0, 1443208345},
    {"0", 0, 0},
    {"2015-09-25T19:12:25Z", 0, 1443208345},
    {"Fri, 25 Sep 2015 19:12:25 GMT", 0, 1443208345},
    {"-1", -1, 0},
    {" 1443208345", -1, 0},
    {"1443208345.5", -1, 0},
    {"999999999999999999", 0, 999999999999999999},
    {"9999999999999999999", -1, 0},
    {"", -1, 0},
    {"now", -1, 0},
};

Test(clock, any)
{
    for (size_t i = 0; i < sizeof any_cases / sizeof *any_cases; i++) {
        int64_t time = 0;
        int result = parse(clock_parse_any, any_cases[i].text, &time);
        cr_expect_eq(result, any_cases[i].result, "%s: %d", any_cases[i].text, result);
        if (result == 0)
            cr_expect_eq(time, any_cases[i].time, "%s: %jd", any_cases[i].text, (intmax_t)time);
    }
}

static const struct {
    int64_t time;
    const char *rfc3339;
} texts[] = {
    {1443208345, "2015-09-25T19:12:25Z"},   {0, "1970-01-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59Z"},           {1709164800, "2024-02-29T00:00:00Z"},
    {-62167219200, "0000-01-01T00:00:00Z"}, {INT64_MIN, "0000-01-01T00:00:00Z"},
    {253402300799, "9999-12-31T23:59:59Z"}, {INT64_MAX, "9999-12-31T23:59:59Z"},
};

Test(clock, text)
{
    char text[CLOCK_TEXT_SIZE];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cr_expect_str_eq(clock_text(text, texts[i].time), texts[i].rfc3339, "%s", text);
    }
}

/* Every 97th hour of 800 years, there and back. */
Test(clock, there_and_back)
{
    char text[CLOCK_TEXT_SIZE];

    for (int64_t time = -12622780800; time < 12622780800; time += (int64_t)97 * 3600 + 1) {
        int64_t back = 0;
        clock_text(text, time);
        cr_assert_eq(clock_parse_rfc3339(text, strlen(text), &back), 0, "%s", text);
        cr_assert_eq(back, time, "%s", text);
    }
}

Test(clock, http_date)
{
    for (size_t i = 0; i < sizeof http_cases / sizeof *http_cases; i++) {
        int64_t time = 0;
        int result = parse(clock_parse_http_date, http_cases[i].text, &time);
        cr_expect_eq(result, http_cases[i].result, "%s: %d", http_cases[i].desc, result);
        if (result == 0)
            cr_expect_eq(time, http_cases[i].time, "%s: %lld", http_cases[i].desc,
                         (long long)time);
    }
}
