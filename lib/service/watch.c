/* Files of lists that change. */
#include "service/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/text.h"
#include "service/hooks.h"
#include "service/retrieval.h"

enum { PIECE = 64 * 1024 };

void watch_init(struct watch *watch, struct stir_verifier *verifier)
{
    *watch = (struct watch){.verifier = verifier, .fd = -1};
}

bool watch_is_busy(const struct watch *watch)
{
    return watch->source != NULL;
}

static struct feeds *feeds_of(const struct watch *watch)
{
    return &watch->verifier->memory->feeds;
}

/* What was under way of the present file is over. */
static void drop_file(struct watch *watch)
{
    if (watch->fd >= 0)
        close(watch->fd);
    watch->fd = -1;
    body_drop(&watch->octets);
    feed_arrival_free(watch->arrival);
    watch->arrival = NULL;
}

void watch_close(struct watch *watch)
{
    drop_file(watch);
    source_files_free(&watch->files);
    free(watch->source);
    watch->source = NULL;
    watch->next = 0;
}

/* ---- Looking ------------------------------------------------------------------------------- */

/* The log hears of it once. */
static void refuse(const struct watch *watch, enum fetch_kind kind, const char *path,
                   const char *why)
{
    struct snapshot *snapshot = verifier_snapshot(watch->verifier, NULL);
    char source[SHOWN_SIZE];

    if (feeds_refuse(feeds_of(watch), kind, path, why, memory_now(watch->verifier->memory)))
        hooks_log(snapshot->hooks, STIR_LOG_WARNING, "%s: no %s can be read: %s",
                  shown(source, path, strlen(path)), feed_kind_of(kind)->name, why);
    snapshot_free(snapshot);
}

static void begin(struct watch *watch, const struct feed_url *url)
{
    struct stir_error error;

    error_clear(&error);
    watch->kind = url->kind;
    watch->source = text_copy(url->url, strlen(url->url));
    int rc = watch->source == NULL ? error_no_memory(&error)
                                   : sources_list(url->url, &watch->files, &error);
    if (rc == 0)
        return;
    refuse(watch, url->kind, url->url, error.text);
    watch_close(watch);
}

static void look_at(struct watch *watch, const struct feed_url *url)
{
    uint8_t stamp[DIGEST_SHA256_SIZE];
    struct stir_error error;

    error_clear(&error);
    if (sources_stamp(url->url, stamp, &error) != 0)
        refuse(watch, url->kind, url->url, error.text);
    else if (feeds_is_changed(feeds_of(watch), url, stamp))
        begin(watch, url);
}

void watch_look(struct watch *watch)
{
    struct snapshot *snapshot = verifier_snapshot(watch->verifier, NULL);
    const struct feed_urls *urls = &snapshot->urls;
    const int64_t now = memory_now(watch->verifier->memory);

    for (size_t i = 0; i < urls->n && !watch_is_busy(watch); i++)
        if (urls->list[i].file && feeds_due(feeds_of(watch), &urls->list[i], now))
            look_at(watch, &urls->list[i]);
    snapshot_free(snapshot);
}

/* ---- Reading ------------------------------------------------------------------------------- */

static const char *path_of(const struct watch *watch)
{
    return watch->files.paths[watch->next];
}

/* The one under way is of no use; why NULL: it is done. */
static void end_file(struct watch *watch, const char *why)
{
    if (why != NULL)
        refuse(watch, watch->kind, path_of(watch), why);
    drop_file(watch);
    if (++watch->next == watch->files.n)
        watch_close(watch);
}

static void open_file(struct watch *watch)
{
    if (feeds_open_file(feeds_of(watch), watch->kind, path_of(watch), watch->source) < 0)
        end_file(watch, "out of memory");
    else if ((watch->fd = open(path_of(watch), O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
        end_file(watch, strerror(errno));
}

static void arrive(struct watch *watch)
{
    struct body *body = body_finish(&watch->octets);

    if (body != NULL)
        watch->arrival =
            feed_arrival_put_file(watch->verifier, watch->kind, path_of(watch), body);
    if (watch->arrival == NULL)
        end_file(watch, body == NULL ? "out of memory" : NULL);
    body_free(body);
}

static void read_piece(struct watch *watch)
{
    char piece[PIECE];
    ssize_t got = read(watch->fd, piece, sizeof piece);

    if (got < 0 && errno == EINTR)
        return;
    if (got < 0)
        end_file(watch, strerror(errno));
    else if (got == 0)
        arrive(watch);
    else if (body_added(&watch->octets) + (size_t)got > retrieval_limit(watch->kind))
        end_file(watch, "it is larger than a list may be");
    else
        body_add(&watch->octets, piece, (size_t)got);
}

bool watch_step(struct watch *watch)
{
    if (!watch_is_busy(watch))
        return false;
    if (watch->next == watch->files.n) /* a folder that holds nothing any more */
        watch_close(watch);
    else if (watch->arrival != NULL && !feed_arrival_step(watch->arrival, BUDGET_SLICE))
        end_file(watch, NULL);
    else if (watch->arrival == NULL && watch->fd < 0)
        open_file(watch);
    else if (watch->arrival == NULL)
        read_piece(watch);
    return watch_is_busy(watch);
}
