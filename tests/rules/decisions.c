/* rules/decisions: an operator's lines on signers (issue "Trust", key decisions): strictly read,
   deny beats allow, and what a line names. */
#include "rules/decisions.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define H "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define H2 "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct {
    const char *desc, *text;
    int rc;
    const char *sentence;
} texts[] = {
    {"nothing", "", 0, NULL},
    {"comments and empty lines", "# a\n\n   \n\t# b", 0, NULL},
    {"all subjects",
     "allow certificate " H "\ndeny key " H "\r\nallow spc 709J\nallow anchor " H " # ours\n",
     0, NULL},
    {"upper case digits",
     "deny key 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF", 0, NULL},
    {"others", "others hold", 0, NULL},
    {"an SPC with octets", "deny spc a\\x20b\\x5C\\x23", 0, NULL},
    {"one digit too few", "deny key 0011", STIR_E_SYNTAX, "line 1: wanted a SHA-256"},
    {"one digit too many", "\ndeny key " H "0", STIR_E_SYNTAX, "line 2: wanted a SHA-256"},
    {"no digit", "deny key g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
     STIR_E_SYNTAX, "SHA-256"},
    {"colons", "deny certificate 00:11:22", STIR_E_SYNTAX, "SHA-256"},
    {"another verb", "permit spc 709J", STIR_E_SYNTAX, "wanted allow or deny"},
    {"another case", "Deny spc 709J", STIR_E_SYNTAX, "wanted allow or deny"},
    {"another subject", "deny issuer X", STIR_E_SYNTAX, "certificate, key, spc or anchor"},
    {"no value", "deny spc", STIR_E_SYNTAX, "found \"deny spc\""},
    {"two values", "deny spc 709J 709K", STIR_E_SYNTAX, "found \"deny spc 709J 709K\""},
    {"an escape cut off", "deny spc a\\x2", STIR_E_SYNTAX, "printable ASCII"},
    {"a control character", "deny spc a\\x0A", STIR_E_SYNTAX, "printable ASCII"},
    {"a backslash alone", "deny spc a\\b", STIR_E_SYNTAX, "printable ASCII"},
    {"octets beyond ASCII", "deny spc \xC3\xA4", STIR_E_SYNTAX, "printable ASCII"},
    {"others and what not", "others perhaps", STIR_E_SYNTAX, "others allow, others hold"},
    {"others twice over", "others deny hold", STIR_E_SYNTAX, "wanted allow or deny"},
    {"the second line", "deny spc 1\nx\ndeny spc 2", STIR_E_SYNTAX, "line 2"},
};

Test(decisions, lines)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct decisions decisions = {0};
        struct stir_error error = {0};
        int rc = decisions_add_text(&decisions, texts[i].text, strlen(texts[i].text), &error);

        cr_expect_eq(rc, texts[i].rc, "%s: %d %s", texts[i].desc, rc, error.text);
        if (texts[i].sentence != NULL)
            cr_expect(strstr(error.text, texts[i].sentence) != NULL, "%s: %s", texts[i].desc,
                      error.text);
        decisions_free(&decisions);
    }
}

/* A path of a signer (01, key 11, SPC A), its issuer (02, key 12, SPCs B and C) and an anchor. */
static struct stir_certificate certificates[3];

static void make_path(struct path *path)
{
    static const char *const spcs[] = {"A", "B"};

    *path = (struct path){.n = 3, .anchored = true};
    for (size_t i = 0; i < 3; i++) {
        certificates[i].sha256[31] = (uint8_t)(i + 1);
        certificates[i].spki_sha256[31] = (uint8_t)(0x11 + i);
        path->certificates[i] = &certificates[i];
        if (i == 2)
            break;
        certificates[i].scope = scope_new();
        cr_assert_eq(scope_add_spc(certificates[i].scope, spcs[i], 1), 0);
        if (i == 1)
            cr_assert_eq(scope_add_spc(certificates[i].scope, "C", 1), 0);
        cr_assert_eq(scope_normalise(certificates[i].scope), 0);
    }
}

static void free_path(void)
{
    scope_free(certificates[0].scope);
    scope_free(certificates[1].scope);
}

#define Z "00000000000000000000000000000000000000000000000000000000000000"

static const struct {
    const char *desc, *text;
    enum decision_line line;
    int depth;
    const char *sentence;
} cases[] = {
    {"nothing", "", DECISION_NONE, 0, NULL},
    {"another certificate", "deny certificate " Z "11", DECISION_NONE, 0, NULL},
    {"the signer denied", "deny certificate " Z "01", DECISION_DENY, 0,
     "the certificate is denied"},
    {"the signer allowed", "allow certificate " Z "01", DECISION_ALLOW, 0, NULL},
    {"its key", "deny key " Z "11", DECISION_DENY, 0, "its key is denied"},
    {"a key is no certificate", "deny key " Z "01", DECISION_NONE, 0, NULL},
    {"the issuer's key", "deny key " Z "12", DECISION_DENY, 1, "its key is denied"},
    {"its SPC", "deny spc A", DECISION_DENY, 0, "SPC A is denied"},
    {"its SPC in another case", "deny spc a", DECISION_NONE, 0, NULL},
    {"its issuer's SPC", "deny spc C", DECISION_DENY, 1, "SPC C is denied"},
    {"its issuer's SPC of many", "deny spc 1\ndeny spc 2\ndeny spc 3\nallow spc C",
     DECISION_ALLOW, 0, NULL},
    {"the anchor", "deny anchor " Z "03", DECISION_DENY, 2, "the trust anchor is denied"},
    {"what is no anchor", "deny anchor " Z "02", DECISION_NONE, 0, NULL},
    {"deny beats allow", "allow certificate " Z "01\ndeny spc A", DECISION_DENY, 0, "SPC A"},
    {"in any order", "deny spc A\nallow certificate " Z "01", DECISION_DENY, 0, "SPC A"},
    {"the same subject", "deny spc A\nallow spc A", DECISION_DENY, 0, "SPC A"},
    {"and the other way round", "allow spc A\ndeny spc A", DECISION_DENY, 0, "SPC A"},
    {"the same digest", "allow key " Z "11\ndeny key " Z "11", DECISION_DENY, 0, "its key"},
    {"above an allowed signer", "allow certificate " Z "01\ndeny key " Z "12", DECISION_DENY, 1,
     "its key"},
};

static void expect(size_t i, const struct decisions *decisions, const struct path *path)
{
    struct stir_error error = {0};

    cr_expect_eq(decisions_of_path(decisions, path, &error), cases[i].line, "%s: %s",
                 cases[i].desc, error.text);
    if (cases[i].sentence == NULL)
        return;
    cr_expect_eq(error.code, STIR_CODE_SIGNER_DENIED);
    cr_expect_eq(error.depth, cases[i].depth, "%s", cases[i].desc);
    cr_expect(strstr(error.text, cases[i].sentence) != NULL, "%s: %s", cases[i].desc,
              error.text);
}

Test(decisions, each)
{
    struct path path;

    make_path(&path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decisions decisions = {0}, copy;
        cr_assert_eq(decisions_add_text(&decisions, cases[i].text, strlen(cases[i].text), NULL),
                     0);
        expect(i, &decisions, &path);
        cr_assert_eq(decisions_copy(&copy, &decisions), 0);
        decisions_free(&decisions);
        expect(i, &copy, &path);
        cr_expect_eq(decisions_add_text(&copy, "deny spc zz", 11, NULL), 0);
        expect(i, &copy, &path);
        decisions_free(&copy);
    }
    free_path();
}

Test(decisions, stricter_of_others)
{
    struct decisions decisions = {0};

    cr_assert_eq(decisions_add_text(&decisions, "others hold\nothers allow", 24, NULL), 0);
    cr_expect_eq(decisions.others, DECISION_HOLD);
    cr_assert_eq(decisions_add_text(&decisions, "others deny", 11, NULL), 0);
    cr_expect_eq(decisions.others, DECISION_DENY);
    decisions_free(&decisions);
}

/* Many, in an order that sorts badly, and copied at every size: each is found. */
Test(decisions, many)
{
    enum { MANY = 300 };
    struct decisions decisions = {0};
    char line[128];

    for (unsigned i = 0; i < MANY; i++) {
        struct decisions copy;
        int len = snprintf(line, sizeof line, "%s key %064x\ndeny spc S%u",
                           i % 2 == 0 ? "deny" : "allow", (MANY - i) * 7919 % 65536, MANY - i);
        cr_assert_eq(decisions_copy(&copy, &decisions), 0);
        decisions_free(&decisions);
        decisions = copy;
        cr_assert_eq(decisions_add_text(&decisions, line, (size_t)len, NULL), 0);
    }
    cr_expect_eq(decisions.n_spcs, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        uint8_t none[32] = {0}, key[32] = {0};
        unsigned number = (MANY - i) * 7919 % 65536;
        key[30] = (uint8_t)(number >> 8);
        key[31] = (uint8_t)number;
        cr_expect_eq(decisions_of_certificate(&decisions, none, key),
                     i % 2 == 0 ? DECISION_DENY : DECISION_ALLOW, "%u", i);
    }
    decisions_free(&decisions);
}
