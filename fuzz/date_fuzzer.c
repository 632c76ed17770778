/* base/clock: dates as text; what is read is written and read again. */
#include "base/clock.h"

#include <string.h>

#include "fuzz/fuzz.h"

const size_t fuzz_most = 256;

/* Of the years that RFC 3339 can write. */
static bool is_writable(int64_t time)
{
    return time >= INT64_C(-62167219200) && time <= INT64_C(253402300799);
}

static void expect_written(int64_t time)
{
    char room[CLOCK_TEXT_SIZE];
    const char *text = clock_text(room, time);
    int64_t again;

    FUZZ_ALWAYS(fuzz_is_line(text));
    if (!is_writable(time))
        return;
    FUZZ_ALWAYS(clock_parse_rfc3339(text, strlen(text), &again) == 0 && again == time);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    static int (*const parsers[])(const char *, size_t, int64_t *) = {
        clock_parse_sip_date, clock_parse_rfc3339, clock_parse_utc_time,
        clock_parse_generalized_time, clock_parse_any};
    int64_t time = 0;
    int found = 0;

    for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++)
        if (parsers[i]((const char *)data, len, &time) == 0) {
            expect_written(time);
            found++;
        }
    return found == 0;
}
