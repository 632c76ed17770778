/* stir verify: were these Identity headers signed by somebody with authority over the caller? */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "files.h"
#include "output.h"
#include "report.h"
#include "trust.h"

/* ---- The call -------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The end of a header that begins at text: behind it come a line end and no white space. */
static const char *header_end(const char *text, const char *end)
{
    const char *line_end = memchr(text, '\n', (size_t)(end - text));

    while (line_end != NULL && line_end + 1 < end && is_blank(line_end[1]))
        line_end = memchr(line_end + 1, '\n', (size_t)(end - line_end - 1));
    return line_end != NULL ? line_end : end;
}

static bool is_all_space(const char *text, const char *end)
{
    while (text < end && isspace((unsigned char)*text))
        text++;
    return text == end;
}

/* One Identity a line; how many there are. */
static size_t add_identities(struct stir_call *call, const char *data, size_t len)
{
    const char *end = data + len;
    size_t n = 0;

    while (data < end) {
        const char *stop = header_end(data, end);
        if (!is_all_space(data, stop)) {
            stir_call_add_header(call, "Identity", data, (size_t)(stop - data));
            n++;
        }
        data = stop + (stop < end);
    }
    return n;
}

static int read_identities(const struct options *options, struct stir_call *call)
{
    const char *file = options->operands[0];
    char *data;
    size_t len;
    int rc = files_read(file, &data, &len);

    if (rc == 0 && add_identities(call, data, len) == 0)
        rc = complain("%s has no Identity header in it", file);
    free(data);
    return rc;
}

/* --from, --to and the like. A URI may name nobody, which is for the verdict to say; but what
   is neither a URI nor a number was mistyped. */
static int add_identity_of(const struct options *options, const char *option,
                           const char *header, const struct stir_verifier *verifier,
                           struct stir_call *call)
{
    const char *value = option_value(options, option);
    struct stir_error error;

    if (value == NULL)
        return 0;
    char *canonical = stir_identity_canonical(verifier, value, STIR_NUL, &error);
    free(canonical);
    if (canonical == NULL && strchr(value, ':') == NULL)
        return complain("--%s: %s", option, error.text);
    stir_call_add_header(call, header, value, STIR_NUL);
    return 0;
}

static void time_text(char *text, size_t room, const char *format, int64_t time)
{
    const time_t seconds = (time_t)time;
    struct tm tm;

    strftime(text, room, format, gmtime_r(&seconds, &tm));
}

/* --date as the header has it: a SIP date is taken as it is, a time is written as one. */
static int add_date(const struct options *options, struct stir_call *call)
{
    const char *value = option_value(options, "date");
    char text[64];
    struct tm tm = {0};
    int64_t date;

    if (value == NULL)
        return 0;
    if (time_parse(value, &date)) {
        time_text(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", date);
        value = text;
    } else {
        const char *rest = strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &tm);
        if (rest == NULL || *rest != '\0')
            return complain(
                "--date %s: wanted a SIP date as \"Fri, 25 Sep 2015 19:12:25 GMT\", "
                "UNIX seconds or RFC 3339",
                value);
    }
    stir_call_add_header(call, "Date", value, STIR_NUL);
    return 0;
}

static int fill_call(const struct options *options, const struct stir_verifier *verifier,
                     struct stir_call *call)
{
    int rc = read_identities(options, call);

    if (rc == 0)
        rc = add_identity_of(options, "from", "From", verifier, call);
    if (rc == 0)
        rc = add_identity_of(options, "to", "To", verifier, call);
    if (rc == 0)
        rc = add_identity_of(options, "pai", "P-Asserted-Identity", verifier, call);
    if (rc == 0)
        rc = add_identity_of(options, "ruri", "Request-URI", verifier, call);
    if (rc == 0 && option_is_given(options, "call-id"))
        stir_call_add_header(call, "Call-ID", option_value(options, "call-id"), STIR_NUL);
    return rc == 0 ? add_date(options, call) : rc;
}

/* ---- The verifier ---------------------------------------------------------------------- */

/* Which option gives what a policy compares; NULL: it compares nothing. */
static const char *compares(const struct stir_config *config, const struct options *options,
                            const char *key)
{
    const char *with = stir_config_get(config, key);

    if (strcmp(with, "pai") == 0)
        return option_is_given(options, "pai") ? "pai" : "from";
    return strcmp(with, "from") == 0          ? "from"
           : strcmp(with, "to") == 0          ? "to"
           : strcmp(with, "request_uri") == 0 ? "ruri"
                                              : NULL;
}

/* What is not given is not compared; the report says so. */
static int leave_out(struct stir_config *config, const struct options *options, const char *key)
{
    const char *option = compares(config, options, key);

    return option == NULL || option_is_given(options, option)
               ? 0
               : trust_set(config, "set", key, "off");
}

static int stay_offline(struct stir_config *config, const struct options *options)
{
    struct stir_error error;

    if (!option_is_given(options, "offline"))
        return 0;
    return stir_config_set(config, "fetch", "off", &error) == 0 ? 0
                                                                : complain("%s", error.text);
}

static struct stir_verifier *make_verifier(const struct options *options)
{
    struct stir_config *config = trust_config(options);
    struct stir_verifier *verifier = NULL;
    struct stir_error error;

    if (config == NULL)
        return NULL;
    if (stay_offline(config, options) == 0 && leave_out(config, options, "orig_check") == 0
        && leave_out(config, options, "dest_check") == 0
        && (verifier = stir_verifier_new(config, &error)) == NULL)
        complain("%s", error.text);
    stir_config_free(config);
    return verifier;
}

/* ---- The report ------------------------------------------------------------------------ */

static void report_side(const struct stir_result *result, const char *label, const char *claim)
{
    const char *with = stir_result_compared(result, claim);

    if (with != NULL)
        report(label, "%s", with);
    else
        report(label, "%snot compared%s", paint(PAINT_UNSURE), paint(PAINT_NONE));
}

/* The claims are worth something only where the verdict is valid. */
static void report_token(const struct stir_result *result)
{
    const char *ppt = stir_result_ppt(result), *x5u = stir_result_x5u(result);
    const char *attest = stir_result_unverified_claim(result, "/attest");
    const char *iat = stir_result_unverified_claim(result, "/iat");
    char signed_at[32] = "";
    int64_t seconds;

    if (iat != NULL && time_parse(iat, &seconds))
        time_text(signed_at, sizeof signed_at, "%Y-%m-%dT%H:%M:%SZ", seconds);
    if (ppt != NULL)
        report("token", "%s%s%s%s%s%s", *ppt == '\0' ? "base" : ppt,
               attest != NULL ? ", attest " : "", attest != NULL ? attest : "",
               *signed_at != '\0' ? ", of " : "", signed_at,
               stir_result_verdict(result) == STIR_VALID ? "" : " (not verified)");
    if (x5u != NULL)
        report("x5u", "%s", x5u);
}

/* Where there are several, each in a line. */
static void report_identities(const struct stir_result *result)
{
    const struct stir_result *one;

    if (stir_result_identity(result, 1) == NULL)
        return;
    for (size_t i = 0; (one = stir_result_identity(result, i)) != NULL; i++) {
        const char *detail = stir_result_detail(one);
        report("identity", "%zu %s%s: %s%s%s", i,
               (int)i == stir_result_decided_by(result) ? "(decided) " : "",
               stir_verdict_name(stir_result_verdict(one)),
               stir_code_name(stir_result_code(one)),
               detail != NULL && *detail != '\0' ? ": " : "", detail != NULL ? detail : "");
    }
}

static int print(const struct options *options, const struct stir_result *result)
{
    struct stir_error error;

    if (options->json) {
        int rc = print_text(stir_result_json(result, &error), &error);
        return rc == EXIT_DONE ? verdict_exit(stir_result_verdict(result)) : rc;
    }
    report_verdict(result);
    report_side(result, "caller", "orig");
    report_side(result, "called", "dest");
    report_token(result);
    report_in_spc(result);
    report_warnings(result);
    report_identities(result);
    report_path(result);
    return verdict_exit(stir_result_verdict(result));
}

/* ---- The command ----------------------------------------------------------------------- */

static int verify(const struct options *options, struct stir_verifier *verifier,
                  struct stir_call *call, int64_t now)
{
    struct stir_error error;
    int rc = fill_call(options, verifier, call);

    if (rc == 0)
        rc = trust_supply(options, verifier);
    if (rc != 0)
        return rc;
    struct stir_result *result = stir_verify(verifier, call, now, -1, &error);
    rc = result != NULL ? print(options, result) : complain("%s", error.text);
    stir_result_free(result);
    return rc;
}

static int run(const struct options *options)
{
    struct stir_verifier *verifier = NULL;
    struct stir_call *call = NULL;
    int64_t now;
    int rc = trust_need_anchors(options);

    if (rc == 0)
        rc = option_now(options, &now);
    if (rc != 0)
        return rc;
    verifier = make_verifier(options);
    call = verifier == NULL ? NULL : stir_call_new();
    if (verifier == NULL)
        rc = EXIT_USAGE;
    else
        rc = call == NULL ? complain_no_memory() : verify(options, verifier, call, now);
    stir_call_free(call);
    stir_verifier_free(verifier);
    return rc;
}

static const struct option table[] = {
    OPTION_ANCHORS,
    {"certs", "[URL=]FILE", true, "the body at URL, or at every x5u"},
    OPTION_SPC,
    {"from", "ID", false, "the caller, as in From"},
    {"pai", "ID", false, "as in P-Asserted-Identity: compared instead"},
    {"to", "ID", false, "the called, as in To"},
    {"ruri", "URI", false, "the Request-URI, for policy dest_check=request_uri"},
    {"call-id", "ID", false, "the Call-ID, for policy replay=on"},
    {"date", "T", false, "the call's Date: a SIP date or a TIME"},
    {"offline", NULL, false, "fetch nothing: what no --certs gives is x5u-unreachable"},
    OPTION_PROFILE,
    {"batch", "FILE", false, NULL},
    OPTION_CRL,
    OPTION_CRL_ANCHORS,
    OPTION_TNAUTHLIST,
    {0},
};

const struct command command_verify = {
    .name = "verify",
    .summary = "Verify the Identity headers of a call",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .clock = true,
    .options = table,
    .about = "FILE (- is the standard input) has one Identity header a line, with or without\n"
             "Identity: or y: before it; folded lines are joined. ID is a number (+ and\n"
             "separators allowed) or a SIP or tel URI. What is not given (--from or --pai,\n"
             "--to) is not compared, and the report says so. An x5u that no --certs gives is\n"
             "fetched, within the limits of fetches.\n",
    .notes = "Exit status: 0 valid, 1 invalid, 3 indeterminate, 2 wrong use.\n",
    .run = run,
};
