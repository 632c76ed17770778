/* Prints the tables of codes, warnings and rules of profiles: as mdoc for stir(7), and the codes as plain lines for
   the check that holds them against the design. */
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "rules/profile_crl.h"
#include "rules/profile_rules.h"
#include "rules/profile_token.h"

/* Text for mdoc: a backslash would begin an escape, a leading dot a macro. */
static void put_text(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
    putchar('\n');
}

static void put_status(const struct code *code)
{
    if (code->sip_status == 0)
        printf("no SIP status");
    else
        printf("SIP %d %s", code->sip_status, code->sip_reason);
}

static void codes_mdoc(void)
{
    for (size_t i = 0; code_row(i) != NULL; i++) {
        const struct code *code = code_row(i);
        printf(".It Cm %s\n", code->name);
        put_text(code->meaning);
        printf(".br\n%d; %s; %s; ", code->code, stir_verdict_name(code->verdict),
               code->verstat);
        put_status(code);
        printf(".\n");
    }
}

static void warnings_mdoc(void)
{
    for (unsigned i = 0; i < WARNING_COUNT; i++) {
        printf(".It Cm %s\n", warning_name((enum warning)i));
        put_text(warning_meaning((enum warning)i));
    }
}

/* Severity under rfc, atis80 and atis92; then what is wanted. */
static void put_rule(const char *name, const char *wanted, const char *clause,
                     const enum severity severity[PROFILE_COUNT])
{
    printf(".It Cm %s\n", name);
    put_text(wanted);
    printf(".Pq %s\n.br\n", clause);
    for (int profile = 0; profile < PROFILE_COUNT; profile++)
        printf("%s%s", profile > 0 ? ", " : "",
               severity[profile] == SEVERITY_NONE ? "-" : severity_name(severity[profile]));
    putchar('\n');
}

static void rules_mdoc(void)
{
    const struct profile_rule *rule;
    const struct profile_crl_rule *of_crl;
    const struct profile_token_rule *of_token;

    for (size_t i = 0; (rule = profile_rule(i)) != NULL; i++)
        put_rule(rule->name, rule->wanted, rule->clause, rule->severity);
    for (size_t i = 0; (of_crl = profile_crl_rule(i)) != NULL; i++)
        put_rule(of_crl->name, of_crl->wanted, of_crl->clause, of_crl->severity);
    for (size_t i = 0; (of_token = profile_token_rule(i)) != NULL; i++)
        put_rule(of_token->name, of_token->wanted, of_token->clause, of_token->severity);
}

static void codes_plain(void)
{
    for (size_t i = 0; code_row(i) != NULL; i++) {
        const struct code *code = code_row(i);
        printf("%s|%s|%s|%d|%s\n", code->name, stir_verdict_name(code->verdict), code->verstat,
               code->sip_status, code->sip_reason != NULL ? code->sip_reason : "");
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } tables[] = {{"codes-mdoc", codes_mdoc},
                  {"warnings-mdoc", warnings_mdoc},
                  {"rules-mdoc", rules_mdoc},
                  {"codes", codes_plain}};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (argc == 2 && strcmp(argv[1], tables[i].name) == 0) {
            tables[i].print();
            return fflush(stdout) != 0;
        }
    fprintf(stderr, "usage: codes codes-mdoc|warnings-mdoc|rules-mdoc|codes\n");
    return 2;
}
