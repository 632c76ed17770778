/* cert/tnauthlist: RFC 8226 section 9, every constraint of it, strict DER. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/tnauthlist.h"
#include "tests/help.h"
#include "tests/mutate.h"

static void add_entry_words(struct text *text, const struct stir_scope *scope, size_t i)
{
    struct scope_entry entry = scope_entry_at(scope, i);
    char room[TN_SIZE];

    if (entry.first == SCOPE_SPC)
        text_addf(text, "spc %s", entry.text);
    else if (entry.first == SCOPE_LITERAL)
        text_add(text, entry.text);
    else if (entry.first == entry.last)
        text_add(text, tn_text(room, entry.first));
    else
        text_addf(text, "%s+%" PRIu64, tn_text(room, entry.first),
                  entry.last - entry.first + 1);
}

/* "spc 709J|5715551212+788|7035551212": the entries in wire order. */
static char *words(const struct stir_scope *scope)
{
    struct text text = {0};

    for (size_t i = 0; i < scope->n_entries; i++) {
        if (i > 0)
            text_add(&text, "|");
        add_entry_words(&text, scope, i);
    }
    return text_take(&text);
}

/* Parses from memory of exactly that size, so that the sanitizer sees a step too far. */
static int parse(const char *hex, struct stir_scope **scope, bool *extended,
                 struct stir_error *error)
{
    size_t len;
    uint8_t *der = help_unhex(hex, &len);

    der = realloc(der, len > 0 ? len : 1);
    int result = tnauthlist_parse((struct der){der, len}, scope, extended, error);
    free(der);
    return result;
}

static const struct {
    const char *desc, *hex, *words;
} good[] = {
    {"requirements 3.1, R8226-9-6: one SPC", "3008A00616043730394A", "spc 709J"},
    {"requirements 3.1: of RFC 9118's certificate", "3008A006160431323334", "spc 1234"},
    {"requirements 3.1: all three kinds",
     "302BA0071605626F677573A1123010160A3537313535353132313202020314A20C160A3730333535353132313"
     "2",
     "spc bogus|5715551212+788|7035551212"},
    {"made by openssl asn1parse -genconf (3.0.19)",
     "3024a00616043730394aa1133011160b313231353535353030303002022710a20516032a3637",
     "spc 709J|12155550000+10000|*67"},
    {"R8226-9-3: one character", "3005 a203 1601 31", "1"},
    {"R8226-9-3: 15 characters", "3013 a211 160f 313233343536373839303132333435",
     "123456789012345"},
    {"R8226-9-3, A-8: every character", "300e a20c 160a 303132333839 2a23 3131", "012389*#11"},
    {"R8226-9-4: # in a one", "3007 a205 1603 233132", "#12"},
    {"R8226-9-3: count 2", "300b a109 3007 1602 3130 020102", "10+2"},
    {"R8226-9-5, A-6: 10/89", "300b a109 3007 1602 3130 020159", "10+89"},
    {"R8226-9-5, A-6: 9990/9", "300d a10b 3009 1604 39393930 020109", "9990+9"},
    {"A-6: leading zeros stay", "300d a10b 3009 1604 30313030 020102", "0100+2"},
    {"A-6: nearly all numbers of 15 digits",
     "301e a11c 301a 160f 303030303030303030303030303030 0207 038d7ea4c67fff",
     "000000000000000+999999999999999"},
    {"A-9: no country code, none added", "300e a20c 160a 32313235353531323132", "2125551212"},
    {"A-30: an SPC of odd characters", "3009 a007 1605 20216a7e5c", "spc  !j~\\"},
    {"R8226-9-6: case matters", "3010 a006 1604 3730396a a006 1604 3730394a",
     "spc 709j|spc 709J"},
    {"A-7: duplicates", "3010 a006 1604 36363238 a006 1604 36363238", "spc 6628|spc 6628"},
    {"A-7: overlapping and out of order",
     "3016 a109 3007 1602 3330 020114 a109 3007 1602 3130 020119", "30+20|10+25"},
};

Test(tnauthlist, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct stir_scope *scope;
        struct stir_error error = {0};
        bool extended = true;
        int result = parse(good[i].hex, &scope, &extended, &error);
        cr_expect_eq(result, 0, "%s: %s", good[i].desc, error.text);
        if (result != 0)
            continue;
        char *found = words(scope);
        cr_expect_str_eq(found, good[i].words, "%s: %s", good[i].desc, found);
        cr_expect(scope->normal, "%s", good[i].desc);
        cr_expect_not(extended, "%s", good[i].desc);
        free(found);
        scope_free(scope);
    }
}

/* Each differs in one thing from one above. */
static const struct {
    const char *desc, *hex, *sentence;
} bad[] = {
    {"no octets", "", "no octets, wanted a SEQUENCE"},
    {"R8226-9-3: an empty list", "3000", "no entry, wanted one or more (RFC 8226 section 9)"},
    {"a SET", "3108a00616043730394a", "tag 31, wanted a SEQUENCE"},
    {"A-25: an octet behind", "3008a00616043730394a00", "1 octets behind it"},
    {"A-25: BER, length in two octets", "308108a00616043730394a", "length is no DER"},
    {"A-25: BER, indefinite length", "3080a00616043730394a0000", "length is no DER"},
    {"A-25: BER, an entry's length", "3009a0810616043730394a",
     "entry 0: a TNEntry has a length"},
    {"A-25: BER, a string's length", "3009a007168104 3730394a",
     "entry 0: an IA5String has a length"},
    {"A-25: BER, a string in pieces", "300aa008 3606 1604 3730394a", "found tag 36"},
    {"cut short", "3008a006160437", "length is no DER, or exceeds"},
    {"an entry beyond the list", "3008a00716043730394a", "entry 0: a TNEntry has a length"},
    {"a string beyond its entry", "3008a00616053730394a", "entry 0: an IA5String has a length"},
    {"A-25: octets behind a string", "300aa00816043730394a0500",
     "entry 0: 2 octets behind an IA5String"},
    {"R8226-9-3: tag [3]", "3008a30616043730394a",
     "entry 0: tag A3, wanted A0 (spc), A1 (range) or A2 (one) (RFC 8226 section 9)"},
    {"no tag", "300616043730394a", "entry 0: tag 16"},
    {"A-25: implicit spc", "300680043730394a",
     "entry 0: implicit tag 80 for spc, wanted the explicit A0"},
    {"A-25: implicit range", "300b81091602 3130 020102 0500", "implicit tag 81 for range"},
    {"A-25: implicit range, constructed", "3009a107 1602 3130 020102",
     "entry 0: wanted a SEQUENCE (range) (tag 30), found tag 16"},
    {"A-25: implicit one", "3006820437303939", "implicit tag 82 for one"},
    {"an spc that is UTF8String", "3008a0060c043730394a",
     "entry 0: wanted an IA5String (tag 16), found tag 0C"},
    {"an spc with nothing in it", "3002a000", "wanted an IA5String, found nothing"},
    {"A-30: an empty spc", "3004a0021600", "entry 0: the SPC is empty"},
    {"A-30: an spc with a line feed", "3008a00616043730390a",
     "entry 0: SPC \"709\\x0A\" has octet 0A"},
    {"A-30: an spc with NUL", "3008a006160437303900", "SPC \"709\\x00\" has octet 00"},
    {"A-30: an spc with DEL", "3008a00616043730397f", "has octet 7F"},
    {"A-25: an spc beyond IA5", "3008a0061604373039e9", "SPC \"709\\xE9\" has octet E9"},
    {"R8226-9-3: an empty number", "3004a2021600", "entry 0: number \"\" is not 1 to 15"},
    {"R8226-9-3: 16 digits", "3014 a212 1610 31323334353637383930313233343536",
     "number \"1234567890123456\" is not 1 to 15 characters"},
    {"R8226-9-3, A-9: +", "3006 a204 1602 2b31", "entry 0: number \"+1\""},
    {"R8226-9-3: a letter", "3006 a204 1602 4131", "number \"A1\""},
    {"R8226-9-3: a space", "3006 a204 1602 2031", "number \" 1\""},
    {"R8226-9-3: a line feed", "3006 a204 1602 310a", "number \"1\\x0A\""},
    {"R8226-9-3: a number in UTF8String", "3005 a203 0c01 31", "found tag 0C"},
    {"R8226-9-3: a number in NumericString", "3005 a203 1201 31", "found tag 12"},
    {"R8226-9-4: range start *", "300b a109 3007 1602 2a30 020102",
     "entry 0: range start \"*0\" holds * or #"},
    {"R8226-9-4: range start #12", "300c a10a 3008 1603 233132 020102",
     "range start \"#12\" holds * or #, wanted digits"},
    {"R8226-9-3: range start +1", "300b a109 3007 1602 2b31 020102", "number \"+1\""},
    {"R8226-9-3: range start of 16 digits",
     "3019 a117 3015 1610 31323334353637383930313233343536 020102", "\"1234567890123456\""},
    {"R8226-9-3: count 1", "300b a109 3007 1602 3130 020101", "count is 1, wanted 2 or more"},
    {"R8226-9-3: count 0", "300b a109 3007 1602 3130 020100", "count is 0, wanted 2 or more"},
    {"R8226-9-3: a negative count", "300b a109 3007 1602 3130 0201fe", "count is negative"},
    {"A-25: a count with a zero too many", "300c a10a 3008 1602 3130 02020002",
     "count is no minimal INTEGER"},
    {"a count without octets", "300a a108 3006 1602 3130 0200", "count is no minimal INTEGER"},
    {"a count that is ENUMERATED", "300b a109 3007 1602 3130 0a0102",
     "wanted an INTEGER (count) (tag 02), found tag 0A"},
    {"no count", "3008 a106 3004 1602 3130", "wanted an INTEGER (count), found nothing"},
    {"count before start", "300b a109 3007 020102 1602 3130", "found tag 02"},
    {"no start", "3007 a105 3003 020102", "found tag 02"},
    {"an empty range", "3004 a102 3000", "wanted an IA5String (start), found nothing"},
    {"octets behind the range", "300d a10b 3007 1602 3130 020102 0500",
     "2 octets behind a SEQUENCE (range)"},
    {"R8226-9-5, A-6: 10/90", "300b a109 3007 1602 3130 02015a",
     "entry 0: range 10 +90: start + count is not below 10^2 (RFC 8226 section 9)"},
    {"R8226-9-5: 10/91", "300b a109 3007 1602 3130 02015b", "range 10 +91"},
    {"R8226-9-5, A-6: 9990/20", "300d a10b 3009 1604 39393930 020114", "range 9990 +20"},
    {"R8226-9-5, A-6: 9990/10", "300d a10b 3009 1604 39393930 02010a", "range 9990 +10"},
    {"A-6: one more of 15 digits",
     "301e a11c 301a 160f 303030303030303030303030303030 0207 038d7ea4c68000",
     "start + count is not below 10^15"},
    {"A-6: count 10^15 + 1", "3011 a10f 300d 1602 3130 0207 038d7ea4c68001",
     "count exceeds 10^15"},
    {"A-6: count 2^64 + 2", "3013 a111 300f 1602 3130 0209 010000000000000002",
     "count exceeds 10^15"},
    {"A-6: count 2^64 - 2", "3013 a111 300f 1602 3130 0209 00fffffffffffffffe",
     "count exceeds 10^15"},
    {"A-6: a count of 40 octets",
     "3032 a130 302e 1602 3130 0228 01000000000000000000000000000000000000000000000000000000"
     "000000000000000000000002",
     "count exceeds 10^15"},
    {"A-29: the last of three", "3018 a006 1604 3730394a a006 1604 3730394a a206 1604 2b313233",
     "TNAuthList entry 2: number \"+123\" is not 1 to 15 characters of 0-9, * and #"},
    {"A-29: the first of two", "3010 a206 1604 2b313233 a006 1604 3730394a",
     "TNAuthList entry 0:"},
};

Test(tnauthlist, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct stir_scope *scope;
        struct stir_error error = {0};
        int result = parse(bad[i].hex, &scope, NULL, &error);
        cr_expect_eq(result, STIR_CODE_TNAUTHLIST_SYNTAX, "%s: %d", bad[i].desc, result);
        cr_expect_eq(error.code, STIR_CODE_TNAUTHLIST_SYNTAX, "%s", bad[i].desc);
        cr_expect_not_null(strstr(error.text, bad[i].sentence), "%s: %s", bad[i].desc,
                           error.text);
        cr_expect_null(scope, "%s", bad[i].desc);
    }
}

/* A-25: TelephoneNumberRange ends in "..."; the other types do not. */
static const struct {
    const char *desc, *hex;
    int result;
    bool extended;
} extensions[] = {
    {"openssl's, without",
     "3024a00616043730394aa1133011160b313231353535353030303002022710a20516032a"
     "3637",
     0, false},
    {"openssl's, with two",
     "302ea00616043730394aa11d301b160b313231353535353030303002022710a7050c03"
     "6e65770101ffa20516032a3637",
     0, true},
    {"an empty one", "300d a10b 3009 1602 3130 020102 0500", 0, true},
    {"one with a length that is no DER", "300e a10c 300a 1602 3130 020102 058100",
     STIR_CODE_TNAUTHLIST_SYNTAX, false},
    {"one that is cut", "300d a10b 3009 1602 3130 020102 0501", STIR_CODE_TNAUTHLIST_SYNTAX,
     false},
    {"end-of-contents", "300d a10b 3009 1602 3130 020102 0000", STIR_CODE_TNAUTHLIST_SYNTAX,
     false},
};

Test(tnauthlist, range_extensions)
{
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        struct stir_scope *scope;
        struct stir_error error = {0};
        bool extended = false;
        int result = parse(extensions[i].hex, &scope, &extended, &error);
        cr_expect_eq(result, extensions[i].result, "%s: %s", extensions[i].desc, error.text);
        if (result == 0)
            cr_expect_eq(extended, extensions[i].extended, "%s", extensions[i].desc);
        scope_free(scope);
    }
}

/* Written by @peculiar/asn1-rfc8226 2.5.0 (asn1-schema 2.11.1, npm) from random entries, which it
   also read back. */
static const struct {
    const char *hex, *words;
} peculiar[] = {
    {"3007a00516034e5838", "spc NX8"},
    {"3014a112301016083230333735363830020404b5da65", "20375680+79026789"},
    {"300da20b1609323938323430383139", "298240819"},
    {"3020a1163014160c31383137333933363637343502042f97a221a0061604364e4335",
     "181739366745+798466593|spc 6NC5"},
    {"3015a20716053438393332a00416023137a20416023530", "48932|spc 17|50"},
    {"3036a1153013160b3931323636323637363239020439db854ba10f300d1606373336343132020300c22f"
     "a00416024162a006160434576a4a",
     "91266267629+970687819|736412+49711|spc Ab|spc 4WjJ"},
    {"304ba00716055758556859a2041602352aa20a16083036333030323735a1183016160e39393630373739"
     "32353938373933020428c5ffaea1143012160a38363035373633333938020400d63af7",
     "spc WXUhY|5*|06300275|99607792598793+684064686|8605763398+14039799"},
    {"305da10c300a16043139303202020bd6a20f160d30323233362334392a39303835a0061604612f2d52a1"
     "0f300d16063737363235300203031a2aa20b1609303838392337323232a20b1609373836393930373739"
     "a003160151a20416023133",
     "1902+3030|02236#49*9085|spc a/-R|776250+203306|0889#7222|786990779|spc Q|13"},
    {"306ba1183016160e343533303638323932393335363402042e929f2da2081606373136383633a1093007"
     "1602383002010ea00616045656495fa0071605365448442ea209160736333338382a34a111300f160835"
     "303839353233310203688ab0a0041602392fa005160362202f",
     "45306829293564+781360941|716863|80+14|spc VVI_|spc 6THD.|63388*4|50895231+6851248|sp"
     "c 9/|spc b /"},
    {"30818fa0818c168189674757454d2e5a2e5f3050354358594354572d2f48385831652d444a674648522e"
     "5847324b4c6332474d6a5156584c5f4a376747622f53304b4d6a44335a374264384039634c4561613320"
     "382f66204e4a424e6336676435673336594c5940414a366a34472e394c4f6547674e5247625541316659"
     "554a41384d384333684f2f494665405f405a435a",
     "spc gGWEM.Z._0P5CXYCTW-/H8X1e-DJgFHR.XG2KLc2GMjQVXL_J7gGb/S0KMjD3Z7Bd8@9cLEaa3 8/f N"
     "JBNc6gd5g36YLY@AJ6j4G.9LOeGgNRGbUA1fYUJA8M8C3hO/IFe@_@ZCZ"},
    {"3007a0051603583168", "spc X1h"},
    {"301da11330111609333233373532363434020414b59a96a006160440663166",
     "323752644+347445910|spc @f1f"},
    {"3035a1193017160f303938353738353632333034353234020432b7c49da1183016160e35393636323231"
     "31323435333530020422e3c6ec",
     "098578562304524+850904221|59662211245350+585352940"},
    {"3031a1193017160f393732383832313434373235383333020403114666a203160133a20f160d34323539"
     "363238363132303533",
     "972882144725833+51463782|3|4259628612053"},
    {"303fa110300e160731333434303333020303417aa20716053739383535a1133011160937333231363239"
     "38310204030478caa20d160b3039363134323034343238",
     "1344033+213370|79855|732162981+50624714|09614204428"},
    {"3064a20f160d31392a34333038323638373530a1173015160d32373832363836353735373831020402be"
     "b298a10e300c1605313937373202030102d6a209160734393237353733a10e300c160530373634360203"
     "00e0b9a20d160b3232333531303132343138",
     "19*4308268750|2782686575781+46051992|19772+66262|4927573|07646+57529|22351012418"},
    {"3079a0081606425648326354a2081606393936373639a1153013160b333337313436363734353302040c"
     "9621e0a0081606484958395269a0041602644ea00716053940662f4ea109300716023234020147a00416"
     "025347a00716053548205868a003160164a109300716023835020106a209160734373331373132",
     "spc BVH2cT|996769|33714667453+211165664|spc HIX9Ri|spc dN|spc 9@f/N|24+71|spc SG|spc"
     " 5H Xh|spc d|85+6|4731712"},
    {"3081fca10a30081603363832020163a00616044c39505fa1153013160b35353333313434373235300204"
     "202bbf85a00316014da00316014da00516034e354ea20f160d36343635383933313737363830a2061604"
     "23372335a0051603564845a20e160c383738323838343332383330a1143012160a373337383632333032"
     "3602040cf45c83a0041602424ca00316014fa00716052053574452a1163014160c343937313236363936"
     "3436360204229d78b7a1173015160d39343433373839353238343534020425c9c0a9a1143012160a3736"
     "323538393037343802040d961375a00516032f6a20a10d300b160530323038360202312ba00716054a37"
     "4c636a",
     "682+99|spc L9P_|55331447250+539737989|spc M|spc M|spc N5N|6465893177680|#7#5|spc VHE"
     "|878288432830|7378623026+217341059|spc BL|spc O|spc  SWDR|497126696466+580745399|944"
     "3789528454+633979049|7625890748+227939189|spc /j |02086+12587|spc J7Lcj"},
};

Test(tnauthlist, another_implementation_wrote)
{
    for (size_t i = 0; i < sizeof peculiar / sizeof *peculiar; i++) {
        struct stir_scope *scope;
        struct stir_error error = {0};
        int result = parse(peculiar[i].hex, &scope, NULL, &error);
        cr_expect_eq(result, 0, "%s: %s", peculiar[i].words, error.text);
        if (result != 0)
            continue;
        char *found = words(scope);
        cr_expect_str_eq(found, peculiar[i].words, "%s", found);
        free(found);
        scope_free(scope);
    }
}

/* The corpus: "policy" there is an SPC that is empty (malformed for us, A-30) or there twice. */
static char *corpus_words(const json_t *entries)
{
    struct text text = {0};
    json_t *entry;
    size_t i;

    json_array_foreach(entries, i, entry)
    {
        const char *kind = json_string_value(json_array_get(entry, 0));
        text_addf(&text, "%s%s%s", i > 0 ? "|" : "", strcmp(kind, "spc") == 0 ? "spc " : "",
                  json_string_value(json_array_get(entry, 1)));
        if (strcmp(kind, "range") == 0)
            text_addf(&text, "+%jd", (intmax_t)json_integer_value(json_array_get(entry, 2)));
    }
    return text_take(&text);
}

static void check_corpus_vector(const json_t *vector)
{
    const char *hex = json_string_value(json_object_get(vector, "hex"));
    const char *expected = json_string_value(json_object_get(vector, "expected"));
    char *wanted = corpus_words(json_object_get(vector, "entries"));
    bool good_one = strcmp(expected, "accept") == 0
                    || (strcmp(expected, "policy") == 0 && strcmp(wanted, "spc ") != 0);
    struct stir_scope *scope;
    struct stir_error error = {0};
    int result = parse(hex, &scope, NULL, &error);

    cr_expect_eq(result, good_one ? 0 : STIR_CODE_TNAUTHLIST_SYNTAX, "%s: %s", hex, error.text);
    if (scope != NULL) {
        char *found = words(scope);
        cr_expect_str_eq(found, wanted, "%s: %s", hex, found);
        free(found);
    }
    scope_free(scope);
    free(wanted);
}

Test(tnauthlist, corpus)
{
    help_need_corpora();
    char *path = help_corpus("tnauthlist/vectors.json");
    json_t *file = json_load_file(path, 0, NULL), *vector;
    size_t i;

    cr_assert_geq(json_array_size(file), 7);
    json_array_foreach(file, i, vector) check_corpus_vector(vector);
    json_decref(file);
    free(path);
}

/* No strict prefix of a good list is good, and nothing good has an octet behind it. */
Test(tnauthlist, prefixes)
{
    size_t len;
    uint8_t *der = help_unhex(good[2].hex, &len);

    for (size_t i = 0; i < len; i++) {
        struct stir_scope *scope;
        uint8_t *front = malloc(i > 0 ? i : 1);
        memcpy(front, der, i);
        cr_expect_eq(tnauthlist_parse((struct der){front, i}, &scope, NULL, NULL),
                     STIR_CODE_TNAUTHLIST_SYNTAX, "%zu octets", i);
        free(front);
    }
    free(der);
}

static char *encoded(const struct stir_scope *scope)
{
    struct text text = {0};
    struct stir_error error = {0};
    size_t len;
    uint8_t *der = tnauthlist_encode(scope, &len, &error);

    cr_assert_not_null(der, "%s", error.text);
    text_add_hex(&text, der, len);
    free(der);
    return text_take(&text);
}

static const struct {
    const char *desc, *hex, *words;
} canonical[] = {
    {"already so",
     "302BA0071605626F677573A1123010160A3537313535353132313202020314A20C160A3730333535"
     "3531323132",
     "spc bogus|5715551212+788|7035551212"},
    {"A-7: SPCs sorted by octets and unique",
     "3018 a006 1604 3730396a a006 1604 3730394a a006 1604 3730396a", "spc 709J|spc 709j"},
    {"SPCs, numbers, literals", "3011 a203 1601 23 a205 1603 313233 a003 1601 31",
     "spc 1|123|#"},
    {"A-7: ranges merged", "3016 a109 3007 1602 3330 020114 a109 3007 1602 3130 020119",
     "10+40"},
    {"A-7: numbers joined to a range", "300c a204 1602 3130 a204 1602 3131", "10+2"},
    {"A-6: the last number of its length", "300c a204 1602 3938 a204 1602 3939", "98|99"},
    {"A-6: a range and the last number", "3011 a109 3007 1602 3130 020159 a204 1602 3939",
     "10+89|99"},
    {"A-6: the last number alone", "3006 a204 1602 3939", "99"},
    {"A-6: two lengths stay apart", "300d a204 1602 3939 a205 1603 313030", "99|100"},
};

Test(tnauthlist, encodes_canonically)
{
    for (size_t i = 0; i < sizeof canonical / sizeof *canonical; i++) {
        struct stir_scope *scope, *again;
        struct stir_error error = {0};
        cr_assert_eq(parse(canonical[i].hex, &scope, NULL, &error), 0, "%s: %s",
                     canonical[i].desc, error.text);
        char *hex = encoded(scope);
        cr_assert_eq(parse(hex, &again, NULL, &error), 0, "%s: %s", hex, error.text);
        char *found = words(again);
        cr_expect_str_eq(found, canonical[i].words, "%s: %s", canonical[i].desc, found);
        if (i == 0)
            cr_expect_eq(strcasecmp(hex, canonical[i].hex), 0, "%s", hex);
        free(found);
        free(hex);
        scope_free(scope);
        scope_free(again);
    }
}

Test(tnauthlist, encodes_no_empty_list)
{
    struct stir_scope *scope = scope_new();
    struct stir_error error = {0};
    size_t len = 1;

    cr_assert_eq(scope_normalise(scope), 0);
    cr_assert_null(tnauthlist_encode(scope, &len, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_eq(len, 0);
    scope_free(scope);
}

static void add_random_entry(struct stir_scope *scope)
{
    static const char alphabet[] = "0123456789*#";
    char text[TN_SIZE];
    int len = 1 + rand() % 3;
    struct tn_range range;

    for (int i = 0; i < len; i++)
        text[i] = alphabet[rand() % (rand() % 4 == 0 ? 12 : 10)];
    text[len] = '\0';
    switch (rand() % 3) {
    case 0:
        cr_assert_eq(scope_add_spc(scope, text, (size_t)len), 0);
        break;
    case 1:
        cr_assert_eq(scope_add_tn(scope, text, (size_t)len), 0);
        break;
    default:
        if (tn_range_make(text, (size_t)len, 2 + (uint64_t)rand() % 50, &range))
            cr_assert_eq(scope_add_range(scope, range), 0);
        else
            cr_assert_eq(scope_add_spc(scope, "X", 1), 0);
    }
}

/* Random scopes of short numbers, so that they meet: what is read is the same set as what was
   written, and writing that again changes nothing. */
Test(tnauthlist, round_trip)
{
    srand(8226);
    for (int round = 0; round < 5000; round++) {
        struct stir_scope *made = scope_new(), *read, *rest;
        struct stir_error error = {0};
        for (int i = rand() % 40; i >= 0; i--)
            add_random_entry(made);
        cr_assert_eq(scope_normalise(made), 0);
        char *hex = encoded(made);
        cr_assert_eq(parse(hex, &read, NULL, &error), 0, "%s: %s", hex, error.text);
        cr_assert_eq(scope_subtract(made, read, &rest), 0);
        cr_assert_null(rest, "%s", hex);
        cr_assert_eq(scope_subtract(read, made, &rest), 0);
        cr_assert_null(rest, "%s", hex);
        char *again = encoded(read);
        cr_assert_str_eq(hex, again);
        free(hex);
        free(again);
        scope_free(made);
        scope_free(read);
    }
}

/* ---- In slices ----------------------------------------------------------------------------- */

static int read_in_slices(struct der der, size_t slice, struct stir_scope **scope,
                          bool *extended, struct stir_error *error)
{
    struct tnauthlist_reader *reader = tnauthlist_reader_new(der);
    int rc = 0;

    *scope = NULL;
    error_clear(error);
    while (rc == 0 && !tnauthlist_reader_is_done(reader)) {
        size_t budget = slice;
        rc = tnauthlist_reader_step(reader, &budget, error);
    }
    if (rc == 0)
        *scope = tnauthlist_reader_take(reader, extended);
    tnauthlist_reader_free(reader);
    return rc;
}

static bool same_texts(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
    bool same = n_a == n_b;

    for (size_t i = 0; same && i < n_a; i++)
        same = strcmp(a[i], b[i]) == 0;
    return same;
}

static void expect_same_scope(const struct stir_scope *a, const struct stir_scope *b,
                              const char *desc)
{
    char *of_a = words(a), *of_b = words(b);

    cr_expect_str_eq(of_a, of_b, "%s", desc);
    cr_expect(same_texts(a->spc_set, a->n_spc_set, b->spc_set, b->n_spc_set), "%s", desc);
    cr_expect(same_texts(a->literal_set, a->n_literal_set, b->literal_set, b->n_literal_set),
              "%s", desc);
    cr_assert_eq(a->n_ranges, b->n_ranges, "%s", desc);
    if (a->n_ranges > 0)
        cr_expect_eq(memcmp(a->ranges, b->ranges, a->n_ranges * sizeof *a->ranges), 0, "%s",
                     desc);
    free(of_a);
    free(of_b);
}

static void expect_same(void *arg, const struct mutation *mutation)
{
    static const size_t slices[] = {1, 7, 4096};
    struct der der = {mutation->data, mutation->len};
    struct stir_scope *whole, *sliced;
    struct stir_error wanted, found;
    bool one, other;

    error_clear(&wanted);
    int rc = tnauthlist_parse(der, &whole, &one, &wanted);
    for (size_t i = 0; i < sizeof slices / sizeof *slices; i++) {
        cr_expect_eq(read_in_slices(der, slices[i], &sliced, &other, &found), rc, "%s, %s %zu",
                     (const char *)arg, mutation->what, mutation->at);
        cr_expect_str_eq(found.text, wanted.text, "%s", (const char *)arg);
        if (rc == 0) {
            cr_expect_eq(one, other, "%s", (const char *)arg);
            expect_same_scope(whole, sliced, arg);
        }
        scope_free(sliced);
    }
    scope_free(whole);
}

/* Entries of every kind, some of them twice, in an order that is none. */
static uint8_t *many_entries(size_t n, size_t *len)
{
    struct der_writer writer = {0};
    char text[32];

    for (size_t i = 0; i < n; i++) {
        size_t from = writer.len, k = i * 7919 % (n * 3 / 4);
        snprintf(text, sizeof text, i % 3 == 0 ? "S%zu" : i % 3 == 1 ? "12%07zu" : "*%zu", k);
        der_write(&writer, DER_IA5_STRING, text, strlen(text));
        der_wrap(&writer, i % 3 == 0 ? DER_CONTEXT(0) : DER_CONTEXT(2), from);
    }
    der_wrap(&writer, DER_SEQUENCE, 0);
    return der_writer_take(&writer, len);
}

/* R8226-9-6: a list that is read in slices is the list that it is read whole, or is wrong in
   the same way. */
Test(tnauthlist, in_slices_it_is_the_same)
{
    size_t len;
    uint8_t *many = many_entries(1000, &len);

    expect_same((void *)(uintptr_t) "a thousand entries",
                &(struct mutation){"as it is", 0, many, len});
    free(many);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint8_t *der = help_unhex(good[i].hex, &len);
        expect_same((void *)(uintptr_t)good[i].desc,
                    &(struct mutation){"as it is", 0, der, len});
        if (i == 2)
            mutate_each(der, len, expect_same, (void *)(uintptr_t)good[i].desc);
        free(der);
    }
}

/* An entry is looked at in one go: one that is longer than 64 KiB is not. */
Test(tnauthlist, long_entries_are_refused)
{
    static const struct {
        size_t octets;
        int rc;
    } cases[] = {{65536 - 8, 0}, {65536, STIR_CODE_TNAUTHLIST_SYNTAX}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct der_writer writer = {0};
        struct stir_scope *scope;
        struct stir_error error;
        size_t len;
        char *spc = malloc(cases[i].octets);
        memset(spc, 'A', cases[i].octets);
        der_write(&writer, DER_IA5_STRING, spc, cases[i].octets);
        der_wrap(&writer, DER_CONTEXT(0), 0);
        der_wrap(&writer, DER_SEQUENCE, 0);
        uint8_t *der = der_writer_take(&writer, &len);
        error_clear(&error);
        cr_expect_eq(tnauthlist_parse((struct der){der, len}, &scope, NULL, &error),
                     cases[i].rc, "%zu octets: %s", cases[i].octets, error.text);
        cr_expect(cases[i].rc == 0 || strstr(error.text, "are not looked at") != NULL, "%s",
                  error.text);
        scope_free(scope);
        free(der);
        free(spc);
    }
}
