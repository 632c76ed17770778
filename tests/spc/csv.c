/* spc/csv: what a file may look like, and its answers against a naive search. */
#include "spc/csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "spc/spc.h"

#define HEADER "spc,first,last\n"

static const struct {
    const char *desc, *text;
    const char *sentence; /* NULL: it is taken */
} files[] = {
    {"one row", HEADER "709J,12155550000,12155559999\n", NULL},
    {"no line feed at the end", HEADER "709J,12155550000,12155559999", NULL},
    {"CRLF", "spc,first,last\r\n709J,12155550000,12155559999\r\n", NULL},
    {"a blank line at the end", HEADER "709J,12155550000,12155559999\n\n", NULL},
    {"a blank line at the end, CRLF", HEADER "709J,12155550000,12155559999\r\n\r\n", NULL},
    {"two blank lines at the end", HEADER "\n\n", "line 2: three fields wanted, found \"\""},
    {"a blank line inside", HEADER "\n709J,1,2\n", "line 2: three fields wanted, found \"\""},
    {"only the header", HEADER, NULL},
    {"only the header, no line feed", "spc,first,last", NULL},
    {"nothing", "", "line 1: the header spc,first,last wanted, found \"\""},
    {"no header", "709J,1,2\n", "line 1: the header spc,first,last wanted, found \"709J,1,2\""},
    {"a header of more", "spc,first,last,x\n",
     "line 1: the header spc,first,last wanted, found \"spc,first,last,x\""},
    {"a header in capitals", "SPC,first,last\n",
     "line 1: the header spc,first,last wanted, found \"SPC,first,last\""},
    {"a byte order mark", "\xEF\xBB\xBFspc,first,last\n",
     "line 1: the header spc,first,last wanted, found \"\\xEF\\xBB\\xBFspc,first,last\""},
    {"two fields", HEADER "709J,1\n", "line 2: three fields wanted, found \"709J,1\""},
    {"four fields", HEADER "709J,1,2,3\n",
     "line 2: a last number of as many digits as the first wanted, found \"2,3\""},
    {"no SPC", HEADER ",1,2\n",
     "line 2: an SPC (printable ASCII without quotes) wanted, found \"\""},
    {"quotes", HEADER "\"709J\",1,2\n",
     "line 2: an SPC (printable ASCII without quotes) wanted, found \"\"709J\"\""},
    {"an SPC beyond ASCII", HEADER "70\xC3\xA9,1,2\n",
     "line 2: an SPC (printable ASCII without quotes) wanted, found \"70\xC3\xA9\""},
    {"an odd SPC", HEADER "a b~,1,2\n", NULL},
    {"line 3", HEADER "709J,1,2\n709J,1x,22\n709J,1,2\n",
     "line 3: a first number of 1 to 15 digits wanted, found \"1x\""},
    {"a space", HEADER "709J, 1,2\n",
     "line 2: a first number of 1 to 15 digits wanted, found \" 1\""},
    {"a plus", HEADER "709J,+1,+2\n",
     "line 2: a first number of 1 to 15 digits wanted, found \"+1\""},
    {"a star", HEADER "709J,*1,*2\n",
     "line 2: a first number of 1 to 15 digits wanted, found \"*1\""},
    {"15 digits", HEADER "709J,123456789012345,999999999999999\n", NULL},
    {"16 digits", HEADER "709J,1234567890123456,1234567890123457\n",
     "line 2: a first number of 1 to 15 digits wanted, found \"1234567890123456\""},
    {"another length", HEADER "709J,0998,999\n",
     "line 2: a last number of as many digits as the first wanted, found \"999\""},
    {"no last number", HEADER "709J,0998,\n",
     "line 2: a last number of as many digits as the first wanted, found \"\""},
    {"one number", HEADER "709J,0998,0998\n", NULL},
    {"backwards", HEADER "709J,0998,0997\n",
     "line 2: a last number not before the first wanted, found \"0997\""},
    {"the bad line is the last of many", HEADER "A,1,2\nA,1,2\nA,1,2\nB,2,1",
     "line 5: a last number not before the first wanted, found \"1\""},
};

Test(csv, files)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct csv *csv = NULL;
        struct stir_error error;
        error_clear(&error);
        int rc = csv_parse(files[i].text, strlen(files[i].text), &csv, &error);
        cr_expect_eq(rc, files[i].sentence == NULL ? 0 : STIR_E_SYNTAX, "%s: %s", files[i].desc,
                     error.text);
        cr_expect_eq(csv == NULL, rc != 0, "%s", files[i].desc);
        cr_expect_str_eq(error.text, files[i].sentence == NULL ? "" : files[i].sentence, "%s",
                         files[i].desc);
        csv_free(csv);
    }
}

Test(csv, a_line_has_a_limit)
{
    char text[sizeof HEADER + 300];
    struct csv *csv = NULL;
    struct stir_error error;

    for (int more = 0; more < 2; more++) {
        int spc = LIMIT_CSV_LINE - 4 + more;
        int len = sprintf(text, HEADER "%0*d,1,2\n", spc, 7);
        error_clear(&error);
        cr_expect_eq(csv_parse(text, (size_t)len, &csv, &error), more ? STIR_E_SYNTAX : 0, "%s",
                     error.text);
        csv_free(csv);
    }
    cr_expect_not_null(strstr(error.text, "line 2: a line of at most 256 octets wanted"));
    cr_expect_eq(csv_parse(HEADER "709J,1\0,2\n", sizeof HEADER + 9, &csv, NULL), STIR_E_SYNTAX,
                 "a NUL");
}

static const struct {
    const char *desc, *spc, *tn;
    enum stir_answer answer;
} lookups[] = {
    {"inside", "709J", "12155550500", STIR_YES},
    {"first", "709J", "12155550000", STIR_YES},
    {"last", "709J", "12155550999", STIR_YES},
    {"before", "709J", "12155549999", STIR_NO},
    {"in the second row", "709J", "12155552000", STIR_YES},
    {"between the rows", "709J", "12155551000", STIR_NO},
    {"behind", "709J", "12155552001", STIR_NO},
    {"A-34: a listed SPC, another length", "709J", "2155550500", STIR_NO},
    {"A-34: an SPC that is not in the file", "1234", "12155550500", STIR_UNKNOWN},
    {"R8226-9-6: another case", "709j", "12155550500", STIR_UNKNOWN},
    {"a part of an SPC", "709", "12155550500", STIR_UNKNOWN},
    {"a number that is another's", "A", "12155550500", STIR_NO},
};

static const char book[] = HEADER "709J,12155552000,12155552000\n"
                                  "A,12155551000,12155551999\n"
                                  "709J,12155550000,12155550500\n"
                                  "709J,12155550400,12155550999\n";

Test(csv, answer)
{
    struct csv *csv = NULL;

    cr_assert_eq(csv_parse(book, sizeof book - 1, &csv, NULL), 0);
    for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++)
        cr_expect_eq(
            csv_answer(csv, lookups[i].spc, tn_parse(lookups[i].tn, strlen(lookups[i].tn))),
            lookups[i].answer, "%s", lookups[i].desc);
    csv_free(csv);
    csv_free(NULL);
}

static const struct {
    const char *desc, *spc, *first, *last;
    enum stir_answer answer;
    const char *witness;
} questions[] = {
    {"A-2: a block", "709J", "12155550100", "12155550899", STIR_YES, NULL},
    {"over the end", "709J", "12155550900", "12155551100", STIR_NO, "12155551000-12155551100"},
    {"around everything", "709J", "00000000000", "99999999999", STIR_NO,
     "00000000000-12155549999"},
    {"A-34: not in the file", "1234", "12155550100", "12155550899", STIR_UNKNOWN,
     "12155550100-12155550899"},
};

Test(csv, as_a_source)
{
    struct csv *csv = NULL;
    struct stir_resolver resolver;
    char room[TN_RANGE_SIZE];

    cr_assert_eq(csv_parse(book, sizeof book - 1, &csv, NULL), 0);
    csv_resolver(csv, &resolver);
    struct spc_source *source = spc_source_new(&resolver);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct spc_questions q = {0};
        struct tn_range witness,
            range = {tn_parse(questions[i].first, 11), tn_parse(questions[i].last, 11)};
        cr_assert_eq(spc_questions_add(&q, questions[i].spc, range, 0), 0);
        cr_assert_eq(spc_ask(source, &q, NULL), 0);
        cr_expect_eq(spc_judge(&q, &questions[i].spc, 1, range, 0, &witness),
                     questions[i].answer, "%s", questions[i].desc);
        if (questions[i].witness != NULL)
            cr_expect_str_eq(tn_range_text(room, witness), questions[i].witness, "%s",
                             questions[i].desc);
        spc_questions_free(&q);
    }
    spc_source_free(source);
}

Test(csv, load)
{
    char path[] = "/tmp/stir-csv-XXXXXX";
    int fd = mkstemp(path);
    struct csv *csv = NULL;
    struct stir_error error;

    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, book, sizeof book - 1), (ssize_t)sizeof book - 1);
    error_clear(&error);
    cr_expect_eq(csv_load(path, &csv, &error), 0, "%s", error.text);
    cr_expect_eq(csv_answer(csv, "A", tn_parse("12155551000", 11)), STIR_YES);
    csv_free(csv);
    cr_assert_eq(write(fd, "A,2,1\n", 6), 6);
    close(fd);
    cr_expect_eq(csv_load(path, &csv, &error), STIR_E_SYNTAX);
    cr_expect_null(csv);
    cr_expect_not_null(strstr(error.text, path), "%s", error.text);
    cr_expect_not_null(strstr(error.text, ": line 6: "), "%s", error.text);
    unlink(path);
    error_clear(&error);
    cr_expect_eq(csv_load(path, &csv, &error), STIR_E_FILE);
    cr_expect_null(csv);
}

/* ---- Against a naive search ---- */

static uint64_t seed = UINT64_C(0x2545F4914F6CDD1D);

static unsigned random_below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 32) % n);
}

enum { ROWS = 200, SPCS = 150 };

struct naive {
    unsigned spc, digits, first, last;
};

static void make_row(struct naive *row, unsigned n_spcs)
{
    static const unsigned powers[] = {1, 10, 100, 1000, 10000};
    unsigned digits = 1 + random_below(4), power = powers[digits];
    unsigned first = random_below(power), len = random_below(random_below(5) ? 5 : power);

    *row = (struct naive){random_below(n_spcs), digits, first,
                          first + len < power ? first + len : power - 1};
}

static enum stir_answer search(const struct naive *rows, unsigned n, unsigned spc,
                               unsigned digits, unsigned value)
{
    enum stir_answer answer = STIR_UNKNOWN;

    for (unsigned i = 0; i < n; i++) {
        if (rows[i].spc != spc)
            continue;
        if (rows[i].digits == digits && rows[i].first <= value && value <= rows[i].last)
            return STIR_YES;
        answer = STIR_NO;
    }
    return answer;
}

Test(csv, brute_force)
{
    static char text[ROWS * 40 + 40];
    static struct naive rows[ROWS];

    for (int round = 0; round < 300; round++) {
        unsigned n = random_below(ROWS), n_spcs = 1 + random_below(SPCS);
        int len = sprintf(text, HEADER);
        struct csv *csv = NULL;
        struct stir_error error;
        for (unsigned i = 0; i < n; i++) {
            make_row(&rows[i], n_spcs);
            len += sprintf(text + len, "S%u,%0*u,%0*u\n", rows[i].spc, (int)rows[i].digits,
                           rows[i].first, (int)rows[i].digits, rows[i].last);
        }
        error_clear(&error);
        cr_assert_eq(csv_parse(text, (size_t)len, &csv, &error), 0, "%s", error.text);
        for (int i = 0; i < 2000; i++) {
            struct naive ask;
            char spc[16];
            make_row(&ask, n_spcs + 2);
            snprintf(spc, sizeof spc, "S%u", ask.spc);
            cr_assert_eq(csv_answer(csv, spc, tn_make((int)ask.digits, ask.first)),
                         search(rows, n, ask.spc, ask.digits, ask.first), "%s %u", spc,
                         ask.first);
        }
        csv_free(csv);
    }
}
