/* Dates as text. No clock is read here. */
#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Text that is read from its front; one that does not fit empties it and stays bad. */
struct reader {
    const char *text;
    size_t len;
    bool bad;
};

static bool fail(struct reader *reader)
{
    reader->bad = true;
    reader->len = 0;
    return false;
}

/* ASCII letters match in any case: the ABNF of RFC 3261 and RFC 3339 quotes them. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same_letters(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

static void skip(struct reader *reader, size_t octets)
{
    reader->text += octets;
    reader->len -= octets;
}

static bool take(struct reader *reader, const char *literal)
{
    size_t len = strlen(literal);

    if (reader->len < len || !same_letters(reader->text, literal, len))
        return fail(reader);
    skip(reader, len);
    return true;
}

static int take_digits(struct reader *reader, size_t count)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        if (i >= reader->len || reader->text[i] < '0' || reader->text[i] > '9') {
            fail(reader);
            return 0;
        }
        value = value * 10 + (reader->text[i] - '0');
    }
    skip(reader, count);
    return value;
}

/* Which of the three-letter names comes next. */
static int take_name(struct reader *reader, const char *names)
{
    for (int i = 0; reader->len >= 3 && names[3 * i] != '\0'; i++) {
        if (same_letters(reader->text, names + 3 * i, 3)) {
            skip(reader, 3);
            return i;
        }
    }
    fail(reader);
    return 0;
}

static void take_time_of_day(struct reader *reader, struct tm *tm)
{
    tm->tm_hour = take_digits(reader, 2);
    take(reader, ":");
    tm->tm_min = take_digits(reader, 2);
    take(reader, ":");
    tm->tm_sec = take_digits(reader, 2);
}

/* What the fields say, taken as GMT; -1: there is no such date. */
static int seconds_of(struct tm tm, int *weekday, int64_t *seconds)
{
    if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 || tm.tm_hour > 23 || tm.tm_min > 59
        || tm.tm_sec > 60)
        return -1;
    struct tm date = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday};
    time_t midnight = timegm(&date);
    if (date.tm_mday != tm.tm_mday) /* 31 April became 1 May */
        return -1;
    *weekday = date.tm_wday;
    *seconds = (int64_t)midnight + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    return 0;
}

/* Leap seconds are inserted at the end of a day in GMT, and only there. */
static bool is_leap_second_misplaced(const struct tm *tm, int64_t seconds)
{
    return tm->tm_sec == 60 && seconds % 86400 != 0;
}

int clock_parse_sip_date(const char *text, size_t len, int64_t *time)
{
    struct reader reader = {text, len, false};
    struct tm tm = {0};
    int named, weekday;

    named = take_name(&reader, days);
    take(&reader, ", ");
    tm.tm_mday = take_digits(&reader, 2);
    take(&reader, " ");
    tm.tm_mon = take_name(&reader, months);
    take(&reader, " ");
    tm.tm_year = take_digits(&reader, 4) - 1900;
    take(&reader, " ");
    take_time_of_day(&reader, &tm);
    take(&reader, " GMT");
    if (reader.bad || reader.len > 0 || seconds_of(tm, &weekday, time) != 0 || weekday != named
        || is_leap_second_misplaced(&tm, *time))
        return -1;
    return 0;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT", behind the first three letters. */
static void take_rfc850_date(struct reader *reader, struct tm *tm)
{
    while (reader->len > 0 && reader->text[0] != ',')
        skip(reader, 1);
    take(reader, ", ");
    tm->tm_mday = take_digits(reader, 2);
    take(reader, "-");
    tm->tm_mon = take_name(reader, months);
    take(reader, "-");
    tm->tm_year = take_digits(reader, 2);
    if (tm->tm_year < 70)
        tm->tm_year += 100;
    take(reader, " ");
    take_time_of_day(reader, tm);
    take(reader, " GMT");
}

/* "Sun Nov  6 08:49:37 1994" */
static void take_asctime_date(struct reader *reader, struct tm *tm)
{
    take(reader, " ");
    tm->tm_mon = take_name(reader, months);
    take(reader, " ");
    if (reader->len > 0 && reader->text[0] == ' ') {
        skip(reader, 1);
        tm->tm_mday = take_digits(reader, 1);
    } else {
        tm->tm_mday = take_digits(reader, 2);
    }
    take(reader, " ");
    take_time_of_day(reader, tm);
    take(reader, " ");
    tm->tm_year = take_digits(reader, 4) - 1900;
}

int clock_parse_http_date(const char *text, size_t len, int64_t *time)
{
    struct reader reader = {text, len, false};
    struct tm tm = {0};
    int named, weekday;

    if (clock_parse_sip_date(text, len, time) == 0)
        return 0;
    named = take_name(&reader, days);
    if (reader.len > 0 && reader.text[0] == ' ')
        take_asctime_date(&reader, &tm);
    else
        take_rfc850_date(&reader, &tm);
    if (reader.bad || reader.len > 0 || seconds_of(tm, &weekday, time) != 0 || weekday != named
        || is_leap_second_misplaced(&tm, *time))
        return -1;
    return 0;
}

static void skip_fraction(struct reader *reader)
{
    if (reader->len == 0 || reader->text[0] != '.')
        return;
    skip(reader, 1);
    take_digits(reader, 1);
    while (reader->len > 0 && reader->text[0] >= '0' && reader->text[0] <= '9')
        skip(reader, 1);
}

/* Seconds that local time is ahead of GMT. */
static int take_offset(struct reader *reader)
{
    if (reader->len == 0 || (reader->text[0] != '+' && reader->text[0] != '-')) {
        take(reader, "Z");
        return 0;
    }
    int sign = reader->text[0] == '-' ? -1 : 1;
    skip(reader, 1);
    int hours = take_digits(reader, 2);
    take(reader, ":");
    int minutes = take_digits(reader, 2);
    if (hours > 23 || minutes > 59)
        fail(reader);
    return sign * (hours * 3600 + minutes * 60);
}

int clock_parse_rfc3339(const char *text, size_t len, int64_t *time)
{
    struct reader reader = {text, len, false};
    struct tm tm = {0};
    int weekday;

    tm.tm_year = take_digits(&reader, 4) - 1900;
    take(&reader, "-");
    tm.tm_mon = take_digits(&reader, 2) - 1;
    take(&reader, "-");
    tm.tm_mday = take_digits(&reader, 2);
    take(&reader, "T");
    take_time_of_day(&reader, &tm);
    skip_fraction(&reader);
    int offset = take_offset(&reader);
    if (reader.bad || reader.len > 0 || seconds_of(tm, &weekday, time) != 0)
        return -1;
    *time -= offset;
    return is_leap_second_misplaced(&tm, *time) ? -1 : 0;
}

/* MMDDHHMMSSZ, of that year. */
static int parse_x509(struct reader *reader, int year, int64_t *time)
{
    struct tm tm = {.tm_year = year - 1900};
    int weekday;

    tm.tm_mon = take_digits(reader, 2) - 1;
    tm.tm_mday = take_digits(reader, 2);
    tm.tm_hour = take_digits(reader, 2);
    tm.tm_min = take_digits(reader, 2);
    tm.tm_sec = take_digits(reader, 2);
    if (reader->bad || reader->len != 1 || reader->text[0] != 'Z'
        || seconds_of(tm, &weekday, time) != 0)
        return -1;
    return is_leap_second_misplaced(&tm, *time) ? -1 : 0;
}

int clock_parse_utc_time(const char *text, size_t len, int64_t *time)
{
    struct reader reader = {text, len, false};
    int year = take_digits(&reader, 2);

    return parse_x509(&reader, year < 50 ? year + 2000 : year + 1900, time);
}

int clock_parse_generalized_time(const char *text, size_t len, int64_t *time)
{
    struct reader reader = {text, len, false};
    int year = take_digits(&reader, 4);

    return parse_x509(&reader, year, time);
}

int clock_parse_x509(uint8_t tag, const char *text, size_t len, int64_t *time)
{
    if (tag == CLOCK_UTC_TIME)
        return clock_parse_utc_time(text, len, time);
    return tag == CLOCK_GENERALIZED_TIME ? clock_parse_generalized_time(text, len, time) : -1;
}

static int parse_seconds(const char *text, size_t len, int64_t *time)
{
    int64_t seconds = 0;

    if (len == 0 || len > 18) /* what int64_t holds for certain */
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        seconds = seconds * 10 + (text[i] - '0');
    }
    *time = seconds;
    return 0;
}

int clock_parse_any(const char *text, size_t len, int64_t *time)
{
    if (parse_seconds(text, len, time) == 0 || clock_parse_rfc3339(text, len, time) == 0)
        return 0;
    return clock_parse_sip_date(text, len, time);
}

/* The fields of a time, which is brought into the years 0 to 9999. */
static struct tm fields_of(int64_t time)
{
    static const int64_t year_0 = -62167219200, last_of_9999 = 253402300799;
    time_t shown = time < year_0 ? year_0 : time > last_of_9999 ? last_of_9999 : time;
    struct tm tm = {0};

    gmtime_r(&shown, &tm);
    return tm;
}

const char *clock_text(char room[CLOCK_TEXT_SIZE], int64_t time)
{
    struct tm tm = fields_of(time);

    strftime(room, CLOCK_TEXT_SIZE, "0000-%m-%dT%H:%M:%SZ", &tm);
    for (int i = 3, year = tm.tm_year + 1900; i >= 0; i--, year /= 10)
        room[i] = (char)('0' + year % 10);
    return room;
}
