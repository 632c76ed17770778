/* stir issue: makes one certificate, and refuses one that claims too much. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "entries.h"
#include "files.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "trust.h"

/* Everything that one run holds. */
struct issue {
    const struct options *options;
    int64_t now;
    struct stir_verifier *verifier;
    struct stir_chain *chain; /* of the issuer; NULL: a root is made */
    struct stir_key *issuer_key;
    struct stir_key *key; /* made; NULL: the request is somebody's CSR */
    struct stir_request *request;
    struct stir_issuer *issuer;
    struct stir_result *result;
    struct stir_chain *issued;
};

static void issue_free(struct issue *issue)
{
    stir_chain_free(issue->issued);
    stir_result_free(issue->result);
    stir_issuer_free(issue->issuer);
    stir_request_free(issue->request);
    stir_key_free(issue->key);
    stir_key_free(issue->issuer_key);
    stir_chain_free(issue->chain);
    stir_verifier_free(issue->verifier);
}

/* ---- What goes together ---------------------------------------------------------------- */

static int need_one(const struct options *options, const char *a, const char *b)
{
    bool has_a = option_is_given(options, a), has_b = option_is_given(options, b);

    if (has_a && has_b)
        return complain("--%s and --%s exclude each other", a, b);
    if (!has_a && !has_b)
        return complain("--%s or --%s is missing; see stir issue --help", a, b);
    return 0;
}

static int exclude(const struct options *options, const char *a, const char *b)
{
    if (option_is_given(options, a) && option_is_given(options, b))
        return complain("--%s and --%s exclude each other", a, b);
    return 0;
}

static int check_files(const struct options *options)
{
    const char *out = option_value(options, "out"), *key = option_value(options, "key-out");

    if (options->json && strcmp(out, "-") == 0)
        return complain("--out -: standard output is for --json");
    if (key == NULL)
        return 0;
    if (strcmp(key, "-") == 0)
        return complain("--key-out -: a private key goes to a file of its own");
    if (strcmp(key, out) == 0)
        return complain("--key-out %s: the certificate goes there", key);
    return files_check_new(key);
}

static int check_options(const struct options *options)
{
    int rc = option_need(options, "out");

    if (rc == 0)
        rc = need_one(options, "root", "issuer");
    if (rc == 0)
        rc = exclude(options, "root", "csr");
    if (rc == 0)
        rc = need_one(options, "key-out", "csr");
    if (rc == 0)
        rc = exclude(options, "root", "issuer-key");
    if (rc == 0 && option_is_given(options, "issuer"))
        rc = option_need(options, "issuer-key");
    if (rc == 0)
        rc = exclude(options, "days", "not-after");
    return rc != 0 ? rc : check_files(options);
}

/* ---- The issuer ------------------------------------------------------------------------ */

static int load_issuer(struct issue *issue)
{
    const char *file = option_value(issue->options, "issuer");
    const char *key = option_value(issue->options, "issuer-key");
    struct stir_error error;

    if (file != NULL && (issue->chain = stir_chain_load(file, &error)) == NULL)
        return complain("--issuer: %s", error.text);
    if (file != NULL && stir_chain_certificate(issue->chain, 0) == NULL)
        return complain("--issuer %s: no list of certificates in PEM", file);
    if (key != NULL && (issue->issuer_key = stir_key_load(key, &error)) == NULL)
        return complain("--issuer-key: %s", error.text);
    issue->issuer = stir_issuer_new(issue->verifier, issue->chain,
                                    key != NULL ? issue->issuer_key : issue->key, &error);
    return issue->issuer == NULL ? complain("%s", error.text) : 0;
}

/* ---- The request ----------------------------------------------------------------------- */

static int load_csr(struct issue *issue, const char *file)
{
    struct stir_error error;
    char *data;
    size_t len;
    int rc = files_read(file, &data, &len);

    if (rc != 0)
        return rc;
    issue->request = stir_request_parse(data, len, &error);
    free(data);
    if (issue->request != NULL)
        return 0;
    complain("--csr %s: %s", file, error.text);
    return error.code > 0 ? EXIT_BAD : EXIT_USAGE;
}

static int make_key(struct issue *issue)
{
    struct stir_error error;

    issue->key = stir_key_generate(&error);
    if (issue->key == NULL)
        return complain("%s", error.text);
    issue->request = stir_request_new(issue->key);
    return issue->request == NULL ? complain_no_memory() : 0;
}

static int set(struct issue *issue, const char *option, const char *part, const char *value)
{
    struct stir_error error;

    if (stir_request_set(issue->request, part, value, &error) == 0)
        return 0;
    return complain("--%s: %s", option, error.text);
}

static int set_parts(struct issue *issue)
{
    static const struct {
        const char *option, *part;
    } parts[] = {
        {"subject", "subject"},
        {"spc", "spc"},
        {"range", "range"},
        {"tn", "tn"},
        {"path-length", "path_length"},
        {"days", "days"},
        {"not-before", "not_before"},
        {"not-after", "not_after"},
        {"must-include", "must_include"},
        {"must-exclude", "must_exclude"},
        {"permit", "permit"},
        {"tnauthlist-url", "tnauthlist_url"},
        {"crl-url", "crl_url"},
        {"crl-issuer", "crl_issuer"},
        {"policy", "policy"},
        {"serial", "serial"},
    };
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof parts / sizeof *parts; i++) {
        const char *value;
        size_t at = 0;
        while (rc == 0 && (value = option_next(issue->options, parts[i].option, &at)) != NULL)
            rc = set(issue, parts[i].option, parts[i].part, value);
    }
    if (rc == 0 && option_is_given(issue->options, "ca"))
        rc = set(issue, "ca", "ca", "yes");
    return rc;
}

/* Letters, digits and white space need no escape in a name. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (!isalnum((unsigned char)*text))
            return false;
    return true;
}

/* A name by what the certificate is for, where none is given: a CA and what it issues for one
   SPC must not have the same. */
static char *usual_name(const struct options *options)
{
    const char *spc = option_value(options, "spc"), *range = option_value(options, "range");
    const char *tn = option_value(options, "tn"), *kind = "delegate";
    bool ca = option_is_given(options, "ca");
    char *name = NULL;
    int len;

    if (ca)
        kind = spc != NULL ? "SHAKEN CA" : "delegate CA";
    else if (spc != NULL)
        kind = "SHAKEN";
    if (option_is_given(options, "root"))
        len = asprintf(&name, "CN=STIR root");
    else if (spc != NULL && is_plain(spc))
        len = asprintf(&name, "CN=%s %s", kind, spc);
    else if (range != NULL || (tn != NULL && is_plain(tn)))
        len = asprintf(&name, "CN=%s %.*s", kind, (int)strcspn(range != NULL ? range : tn, "+"),
                       range != NULL ? range : tn);
    else
        len = asprintf(&name, "CN=STIR %s", ca ? "CA" : "end entity");
    return len < 0 ? NULL : name;
}

static int set_usual_name(struct issue *issue)
{
    const char *above =
        stir_certificate_text(stir_chain_certificate(issue->chain, 0), "subject");
    char *name = usual_name(issue->options), *other = NULL;
    int rc;

    if (name == NULL)
        return complain_no_memory();
    /* One name for both would make it look self-issued. */
    if (above != NULL && strcmp(above, name) == 0 && asprintf(&other, "%s delegate", name) < 0)
        other = NULL;
    rc = set(issue, "subject", "subject", other != NULL ? other : name);
    free(other);
    free(name);
    return rc;
}

static int make_request(struct issue *issue)
{
    const char *csr = option_value(issue->options, "csr");
    int rc = csr != NULL ? load_csr(issue, csr) : make_key(issue);

    if (rc == 0 && csr == NULL && !option_is_given(issue->options, "subject"))
        rc = set_usual_name(issue);
    return rc != 0 ? rc : set_parts(issue);
}

/* ---- Saying what came of it ------------------------------------------------------------ */

static struct node *warnings_node(const struct issue *issue, bool forced)
{
    struct node *warnings = node_array();
    const char *warning;

    for (size_t i = 0; (warning = stir_result_warning(issue->result, i)) != NULL; i++)
        node_append(warnings, node_text(warning));
    if (forced) {
        char *line = NULL;
        if (asprintf(&line, "%s: %s", stir_code_name(stir_result_code(issue->result)),
                     stir_result_detail(issue->result))
            < 0)
            exit(complain_no_memory());
        node_append(warnings, node_text(line));
        free(line);
    }
    return warnings;
}

static void print_json(const struct issue *issue, bool refused)
{
    bool forced = !refused && stir_result_verdict(issue->result) == STIR_INVALID;
    struct node *node = node_object();

    node_set(node, "certificate",
             node_text(refused ? NULL : option_value(issue->options, "out")));
    node_set(node, "key", node_text(refused ? NULL : option_value(issue->options, "key-out")));
    node_set(node, "warnings", warnings_node(issue, forced));
    if (refused) {
        node_set(node, "code", node_text(stir_code_name(stir_result_code(issue->result))));
        node_set(node, "detail", node_text(stir_result_detail(issue->result)));
    }
    node_print(node);
}

static void report_warnings_of(const struct issue *issue)
{
    const char *warning;

    for (size_t i = 0; (warning = stir_result_warning(issue->result, i)) != NULL; i++)
        report("warning", "%s%s%s", paint(PAINT_UNSURE), warning, paint(PAINT_NONE));
}

static int refused(const struct issue *issue)
{
    if (issue->options->json) {
        print_json(issue, true);
        return EXIT_BAD;
    }
    report("refused", "%s%s%s", paint(PAINT_BAD),
           stir_code_name(stir_result_code(issue->result)), paint(PAINT_NONE));
    report("because", "%s", stir_result_detail(issue->result));
    report_warnings_of(issue);
    return EXIT_BAD;
}

static void report_certificate(const struct stir_certificate *certificate)
{
    const struct stir_scope *scope = stir_certificate_scope(certificate);
    char *words = scope == NULL ? NULL : scope_words(scope, 8);

    report("subject", "%s", stir_certificate_text(certificate, "subject"));
    report("serial", "%s", stir_certificate_text(certificate, "serial"));
    report("valid", "%s to %s", stir_certificate_text(certificate, "not_before"),
           stir_certificate_text(certificate, "not_after"));
    if (words != NULL)
        report("scope", "%s", words);
    free(words);
}

static int issued(const struct issue *issue)
{
    const struct options *options = issue->options;

    if (options->json) {
        print_json(issue, false);
        return EXIT_DONE;
    }
    if (strcmp(option_value(options, "out"), "-") == 0)
        return EXIT_DONE;
    report("issued", "%s", option_value(options, "out"));
    if (issue->key != NULL)
        report("key", "%s", option_value(options, "key-out"));
    report_certificate(stir_chain_certificate(issue->issued, 0));
    if (stir_result_verdict(issue->result) == STIR_INVALID)
        report("forced", "%s%s%s: %s", paint(PAINT_BAD),
               stir_code_name(stir_result_code(issue->result)), paint(PAINT_NONE),
               stir_result_detail(issue->result));
    report_warnings_of(issue);
    return EXIT_DONE;
}

/* ---- Issuing --------------------------------------------------------------------------- */

/* The key first: a certificate whose key was lost is worth nothing. */
static int write_both(const struct issue *issue)
{
    const char *key_out = option_value(issue->options, "key-out");
    struct stir_error error;
    char *pem = stir_chain_pem(issue->issued, &error), *key_pem = NULL;
    int rc = pem == NULL ? complain("%s", error.text) : 0;

    if (rc == 0 && issue->key != NULL) {
        key_pem = stir_key_pem(issue->key, &error);
        rc = key_pem == NULL ? complain("%s", error.text)
                             : files_write_key(key_out, key_pem, strlen(key_pem));
    }
    if (rc == 0) {
        rc = files_write(option_value(issue->options, "out"), pem, strlen(pem));
        if (rc != 0 && issue->key != NULL)
            unlink(key_out);
    }
    if (key_pem != NULL)
        explicit_bzero(key_pem, strlen(key_pem));
    free(key_pem);
    free(pem);
    return rc;
}

static int judge_and_issue(struct issue *issue)
{
    bool force = option_is_given(issue->options, "force");
    struct stir_error error;
    int rc;

    issue->result = stir_issuer_precheck(issue->issuer, issue->request, issue->now, -1, &error);
    if (issue->result == NULL)
        return complain("%s", error.text);
    if (stir_result_verdict(issue->result) == STIR_INVALID && !force)
        return refused(issue);
    issue->issued = stir_issuer_issue(issue->issuer, issue->request, issue->now,
                                      force ? STIR_FORCE : 0, &error);
    if (issue->issued == NULL && error.code > 0)
        return refused(issue);
    if (issue->issued == NULL)
        return complain("%s", error.text);
    rc = write_both(issue);
    return rc != 0 ? rc : issued(issue);
}

static int run(const struct options *options)
{
    struct issue issue = {.options = options};
    int rc = check_options(options);

    if (rc == 0)
        rc = option_now(options, &issue.now);
    if (rc == 0 && (issue.verifier = trust_verifier(options)) == NULL)
        rc = EXIT_USAGE;
    if (rc == 0 && option_is_given(options, "root"))
        rc = make_request(&issue);
    if (rc == 0)
        rc = load_issuer(&issue);
    if (rc == 0 && issue.request == NULL)
        rc = make_request(&issue);
    if (rc == 0)
        rc = judge_and_issue(&issue);
    issue_free(&issue);
    return rc;
}

static const struct option options[] = {
    {"out", "CERT", false, "write the certificate, and its issuer's chain, to CERT"},
    {"key-out", "KEY", false, "make a P-256 key and write it to KEY, a new file"},
    {"csr", "FILE", false, "issue for the key and the wishes in a PKCS #10 request"},
    {"root", NULL, false, "make a self-signed root"},
    {"issuer", "CERT", false, "issue from this certificate; what follows it\nis its chain"},
    {"issuer-key", "KEY", false, "the issuer's private key: PEM, or pkcs11:..."},
    {"ca", NULL, false, "the certificate is a CA's"},
    {"path-length", "N", false, "allow at most N CAs below it"},
    OPTION_ENTRY_SPC,
    OPTION_ENTRY_RANGE,
    OPTION_ENTRY_TN,
    {"subject", "DN", false,
     "its name, such as \"CN=ACME,O=ACME,C=US\"\n(otherwise by its scope)"},
    {"days", "N", false,
     "valid for N days (otherwise 365, a root 3650,\nbut no longer than "
     "its issuer)"},
    {"not-before", "TIME", false, "valid from TIME (otherwise now)"},
    {"not-after", "TIME", false, "valid until TIME"},
    {"must-include", "NAME", true, "a PASSporT must have this claim"},
    {"must-exclude", "NAME", true, "a PASSporT must not have this claim"},
    {"permit", "NAME=VALUE", true, "the claim, if there is one, may be VALUE"},
    {"tnauthlist-url", "URL", false, "where its TNAuthList is to be had, https"},
    {"crl-url", "URL", false, "where the CRL is that has it if it is revoked"},
    {"crl-issuer", "DN", false, "who signs that CRL, if not its issuer"},
    {"policy", "OID", true, "a certificate policy"},
    {"serial", "HEX", false, "its serial number (otherwise 16 random octets)"},
    {"spc-db", "SPEC", false, "whose numbers an SPC's are: csv:FILE (spc,first,last)"},
    {"force", NULL, false, "issue what would be refused, for tests"},
    {0},
};

const struct command command_issue = {
    .name = "issue",
    .summary = "Make a certificate, and refuse one that claims too much",
    .operands = "",
    .clock = true,
    .options = options,
    .about =
        "Makes one certificate: a root (--root), or one below --issuer, whose TNAuthList must\n"
        "encompass the new one's (RFC 9060 section 4). Numbers below an issuer with SPCs are\n"
        "looked up with --spc-db: where it says no, the certificate is refused; where nothing\n"
        "is known, it is issued with a warning.\n",
    .notes =
        "A request that asks to be a CA takes --ca to become one. CERT is replaced if it is\n"
        "there, KEY never. Exit status: 0 issued, 1 refused, 2 wrong use.\n",
    .run = run,
};
