/* stir cache warm: every URL of a manifest fetched and validated before a call needs it. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "commands.h"
#include "entries.h"
#include "files.h"
#include "json.h"
#include "output.h"
#include "trust.h"

/* Operations at once; how many are fetched at once the library bounds itself. */
enum { AT_ONCE = 128, BAR = 40 };

/* A line of the manifest. */
struct line {
    const char *url, *file; /* file NULL: it is fetched */
};

struct manifest {
    char *text;
    struct line *lines;
    size_t n;
};

/* How far it got. */
struct warming {
    struct stir_verifier *verifier;
    const struct manifest *manifest;
    int64_t now;
    struct node *failed; /* NULL: lines for people */
    size_t done, good;
    bool bar, bar_is_drawn;
};

/* ---- The manifest ------------------------------------------------------------------------ */

/* URL=FILE: the first =, unless it is in a query. */
static void split(struct line *line, char *text)
{
    char *equals = text + strcspn(text, "=?");

    line->url = text;
    line->file = NULL;
    if (*equals == '=') {
        *equals = '\0';
        line->file = equals + 1;
    }
}

/* Without blanks around it. */
static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    for (size_t len = strlen(text); len > 0 && strchr(" \t\r", text[len - 1]) != NULL; len--)
        text[len - 1] = '\0';
    return text;
}

static int add_line(struct manifest *manifest, char *text)
{
    if (*text == '\0' || *text == '#')
        return 0;
    if ((manifest->n & (manifest->n + 1)) == 0) {
        struct line *more =
            realloc(manifest->lines, (2 * manifest->n + 1) * sizeof *manifest->lines);
        if (more == NULL)
            return complain_no_memory();
        manifest->lines = more;
    }
    split(&manifest->lines[manifest->n++], text);
    return 0;
}

/* Before the first line is printed: what cannot be read is wrong use. */
static int check_files(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->n; i++) {
        const char *file = manifest->lines[i].file;
        if (file != NULL && access(file, R_OK) != 0)
            return complain("%s: %s", file, strerror(errno));
    }
    return 0;
}

static int read_manifest(const char *path, struct manifest *manifest)
{
    size_t len;
    int rc = files_read(path, &manifest->text, &len);

    if (rc == 0 && strlen(manifest->text) != len)
        rc = complain("%s: wanted lines of text", path);
    for (char *text = manifest->text, *next; rc == 0 && text != NULL; text = next) {
        next = strchr(text, '\n');
        if (next != NULL)
            *next++ = '\0';
        rc = add_line(manifest, trim(text));
    }
    if (rc == 0 && manifest->n == 0)
        rc = complain("%s: there is no URL in it", path);
    return rc == 0 ? check_files(manifest) : rc;
}

static void manifest_free(struct manifest *manifest)
{
    free(manifest->lines);
    free(manifest->text);
}

/* ---- How far it is ----------------------------------------------------------------------- */

static void draw(struct warming *warming)
{
    const size_t n = warming->manifest->n, filled = warming->done * BAR / n;

    if (!warming->bar)
        return;
    fprintf(stderr, "\r[%.*s%*s] %zu of %zu", (int)filled,
            "########################################", (int)(BAR - filled), "", warming->done,
            n);
    warming->bar_is_drawn = true;
}

static void erase(struct warming *warming)
{
    if (warming->bar_is_drawn)
        fprintf(stderr, "\r%*s\r", BAR + 30, "");
    warming->bar_is_drawn = false;
}

static void tell_failure(struct warming *warming, const char *url,
                         const struct stir_result *result)
{
    const char *code = stir_code_name(stir_result_code(result));
    char *shown = shown_text(url);

    if (warming->failed != NULL) {
        struct node *object = node_object();
        node_set(object, "url", node_text(shown));
        node_set(object, "verdict", node_text(stir_verdict_name(stir_result_verdict(result))));
        node_set(object, "code", node_text(code));
        node_set(object, "detail", node_text(stir_result_detail(result)));
        node_append(warming->failed, object);
    } else {
        erase(warming);
        printf("%s: %s: %s\n", shown != NULL ? shown : "", code, stir_result_detail(result));
    }
    free(shown);
}

static void count(struct warming *warming, const char *url, const struct stir_result *result)
{
    warming->done++;
    if (stir_result_verdict(result) == STIR_VALID)
        warming->good++;
    else
        tell_failure(warming, url, result);
    draw(warming);
}

/* ---- Warming ----------------------------------------------------------------------------- */

static int put_files(struct warming *warming)
{
    for (size_t i = 0; i < warming->manifest->n; i++) {
        const struct line *line = &warming->manifest->lines[i];
        if (line->file == NULL)
            continue;
        struct stir_op *op =
            cache_put_file(warming->verifier, line->url, line->file, warming->now);
        if (op == NULL)
            return EXIT_USAGE;
        count(warming, line->url, stir_op_result(op));
        stir_op_free(op);
    }
    return 0;
}

/* The next URL that is to be fetched, from *i on. False: there is none. */
static bool begin_next(struct warming *warming, struct stir_fetcher *fetcher, size_t *i,
                       struct stir_error *error)
{
    const struct manifest *manifest = warming->manifest;

    while (*i < manifest->n && manifest->lines[*i].file != NULL)
        ++*i;
    if (*i == manifest->n)
        return false;
    const char *url = manifest->lines[(*i)++].url;
    struct stir_op *op = stir_op_new_url(warming->verifier, url, warming->now, error);
    if (op != NULL && stir_fetcher_add(fetcher, op, -1, (void *)url, error) == 0)
        return true;
    stir_op_free(op);
    return false;
}

/* Those that are done. How many. */
static size_t take_done(struct warming *warming, struct stir_fetcher *fetcher)
{
    struct stir_op *op;
    size_t n = 0;
    void *url;

    for (; (op = stir_fetcher_next(fetcher, &url)) != NULL; n++) {
        count(warming, url, stir_op_result(op));
        stir_op_free(op);
    }
    return n;
}

static int drive(struct warming *warming, struct stir_fetcher *fetcher)
{
    struct stir_error error = {0};
    size_t next = 0, under_way = 0;

    for (;;) {
        while (under_way < AT_ONCE && begin_next(warming, fetcher, &next, &error))
            under_way++;
        if (error.code != 0)
            break;
        if (under_way == 0)
            return 0;
        struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
        poll(&fd, 1, 1000);
        if (stir_fetcher_dispatch(fetcher, &error) < 0)
            break;
        under_way -= take_done(warming, fetcher);
    }
    erase(warming);
    return complain("%s", error.text);
}

static int fetch_urls(struct warming *warming)
{
    struct stir_error error;
    struct stir_fetcher *fetcher = stir_fetcher_new(warming->verifier, &error);

    if (fetcher == NULL)
        return complain("%s", error.text);
    int rc = drive(warming, fetcher);
    stir_fetcher_free(fetcher);
    return rc;
}

static int sum_up(struct warming *warming)
{
    const size_t n = warming->manifest->n;
    char text[32];

    erase(warming);
    if (warming->failed == NULL) {
        printf("%zu of %zu URLs are in the cache with a valid path\n", warming->good, n);
    } else {
        struct node *object = node_object();
        snprintf(text, sizeof text, "%zu", n);
        node_set(object, "urls", node_parse(text));
        snprintf(text, sizeof text, "%zu", warming->good);
        node_set(object, "good", node_parse(text));
        node_set(object, "failed", warming->failed);
        warming->failed = NULL;
        node_print(object);
    }
    return output_end(warming->good == n ? EXIT_DONE : EXIT_BAD);
}

static int warm_all(struct warming *warming)
{
    int rc = put_files(warming);

    if (rc == 0)
        rc = fetch_urls(warming);
    if (rc == 0)
        rc = cache_end(warming->verifier);
    erase(warming);
    return rc == 0 ? sum_up(warming) : rc;
}

static int warm(const struct options *options)
{
    struct manifest manifest = {0};
    struct warming warming = {.manifest = &manifest,
                              .bar = !options->json && isatty(STDERR_FILENO) == 1};
    int rc = trust_need_anchors(options);

    if (rc == 0)
        rc = option_now(options, &warming.now);
    if (rc == 0)
        rc = read_manifest(options->operands[0], &manifest);
    if (rc == 0 && (warming.verifier = cache_verifier(options)) == NULL)
        rc = EXIT_USAGE;
    if (rc == 0 && options->json)
        warming.failed = node_array();
    if (rc == 0)
        rc = warm_all(&warming);
    stir_verifier_free(warming.verifier);
    manifest_free(&manifest);
    return rc;
}

static const struct option table[] = {
    OPTION_ANCHORS, OPTION_SPC, OPTION_CRL, OPTION_CRL_ANCHORS, OPTION_PROFILE, {0},
};

const struct command command_cache_warm = {
    .name = "cache warm",
    .summary = "Fetch and validate what is at many URLs, before a call needs it",
    .operands = "MANIFEST",
    .least = 1,
    .most = 1,
    .clock = true,
    .options = table,
    .about =
        "MANIFEST (- is the standard input) has a URL a line, or URL=FILE where the body is\n"
        "at hand; lines that begin with # are comments. What was fetched before and is still\n"
        "fresh is not fetched again.\n",
    .notes = "Exit status: 0 every path is valid, 1 some is not, 2 wrong use.\n",
    .run = warm,
};
