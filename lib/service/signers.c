/* Which signers were seen: a table by the certificate's SHA-256, in shards. */
#include "service/signers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

enum { SHARDS = 16, MOST = LIMIT_SIGNERS / SHARDS };

/* Sorted by digest. */
struct shard {
    pthread_mutex_t lock;
    struct signer **signers;
    size_t n, room;
};

struct signers {
    atomic_uint references;
    pid_t process;
    char *path;
    atomic_bool changed;
    struct shard shards[SHARDS];
};

/* ---- The table ----------------------------------------------------------------------------- */

static struct shard *shard_of(struct signers *signers, const uint8_t *sha256)
{
    return &signers->shards[sha256[31] % SHARDS];
}

static size_t place_of(const struct shard *shard, const uint8_t *sha256, bool *found)
{
    size_t low = 0, high = shard->n;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(shard->signers[middle]->sha256, sha256, 32);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
        *found |= order == 0;
    }
    return low;
}

static void take_out(struct shard *shard, size_t at)
{
    free(shard->signers[at]);
    shard->n--;
    memmove(shard->signers + at, shard->signers + at + 1,
            (shard->n - at) * sizeof *shard->signers);
}

static void drop_oldest(struct shard *shard)
{
    size_t oldest = 0;

    for (size_t i = 1; i < shard->n; i++)
        if (shard->signers[i]->last_seen < shard->signers[oldest]->last_seen)
            oldest = i;
    take_out(shard, oldest);
}

/* Takes signer, unless it fails. */
static int put_in(struct shard *shard, struct signer *signer)
{
    bool found;

    if (shard->n == MOST)
        drop_oldest(shard);
    if (shard->n == shard->room) {
        size_t room = shard->room == 0 ? 4 : 2 * shard->room;
        struct signer **more = realloc(shard->signers, room * sizeof *more);
        if (more == NULL)
            return STIR_E_NOMEM;
        shard->signers = more;
        shard->room = room;
    }
    size_t at = place_of(shard, signer->sha256, &found);
    memmove(shard->signers + at + 1, shard->signers + at,
            (shard->n - at) * sizeof *shard->signers);
    shard->signers[at] = signer;
    shard->n++;
    return 0;
}

/* ---- From and to the file ------------------------------------------------------------------ */

/* What a file says and the table may know already: the earliest and the latest sight, and a
   decision, ours first. Takes signer, also where it fails. */
static int take_over(void *arg, struct signer *signer)
{
    struct signers *signers = arg;
    struct shard *shard = shard_of(signers, signer->sha256);
    bool found;
    int rc = 0;

    pthread_mutex_lock(&shard->lock);
    size_t at = place_of(shard, signer->sha256, &found);
    if (found) {
        struct signer *ours = shard->signers[at];
        if (signer->first_seen < ours->first_seen)
            ours->first_seen = signer->first_seen;
        if (signer->last_seen > ours->last_seen)
            ours->last_seen = signer->last_seen;
        if (ours->state < SIGNER_ACCEPTED && signer->state > ours->state)
            ours->state = signer->state;
    } else if ((rc = put_in(shard, signer)) == 0) {
        signer = NULL;
    }
    pthread_mutex_unlock(&shard->lock);
    free(signer);
    return rc;
}

struct signers *signers_new(const char *path, struct stir_error *error)
{
    struct signers *signers = calloc(1, sizeof *signers);

    if (path == NULL)
        path = "";
    if (signers == NULL || (signers->path = text_copy(path, strlen(path))) == NULL) {
        free(signers);
        error_no_memory(error);
        return NULL;
    }
    atomic_init(&signers->references, 1);
    signers->process = getpid();
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&signers->shards[i].lock, NULL);
    if (*path == '\0' || signers_file_read(path, take_over, signers, error) == 0)
        return signers;
    signers_free(signers);
    return NULL;
}

struct signers *signers_ref(struct signers *signers)
{
    if (signers != NULL)
        atomic_fetch_add(&signers->references, 1);
    return signers;
}

static void free_shard(struct shard *shard)
{
    for (size_t i = 0; i < shard->n; i++)
        free(shard->signers[i]);
    free(shard->signers);
    pthread_mutex_destroy(&shard->lock);
}

void signers_free(struct signers *signers)
{
    if (signers == NULL || atomic_fetch_sub(&signers->references, 1) > 1)
        return;
    if (signers->process == getpid())
        signers_save(signers, NULL);
    for (size_t i = 0; i < SHARDS; i++)
        free_shard(&signers->shards[i]);
    free(signers->path);
    free(signers);
}

const char *signers_path(const struct signers *signers)
{
    return signers == NULL ? "" : signers->path;
}

/* All lines, shard after shard. */
static char *write_lines(struct signers *signers)
{
    struct text text = {0};

    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *shard = &signers->shards[i];
        pthread_mutex_lock(&shard->lock);
        for (size_t k = 0; k < shard->n; k++)
            signers_file_add_line(&text, shard->signers[k]);
        pthread_mutex_unlock(&shard->lock);
    }
    return text_take(&text);
}

static int merge_and_replace(struct signers *signers, struct stir_error *error)
{
    int rc = signers_file_read(signers->path, take_over, signers, error);

    if (rc < 0)
        return rc;
    char *lines = write_lines(signers);
    rc = lines == NULL ? error_no_memory(error)
                       : signers_file_replace(signers->path, lines, strlen(lines), error);
    free(lines);
    return rc;
}

int signers_save(struct signers *signers, struct stir_error *error)
{
    if (signers == NULL || signers->path[0] == '\0'
        || !atomic_exchange(&signers->changed, false))
        return 0;
    int lock, rc = signers_file_lock(signers->path, &lock, error);
    if (rc == 0) {
        rc = merge_and_replace(signers, error);
        close(lock);
    }
    if (rc < 0)
        atomic_store(&signers->changed, true);
    return rc;
}

/* ---- Asking and noting --------------------------------------------------------------------- */

bool signers_find(struct signers *signers, const struct stir_certificate *signer,
                  enum signer_state *state)
{
    struct shard *shard = shard_of(signers, signer->sha256);
    bool found;

    pthread_mutex_lock(&shard->lock);
    size_t at = place_of(shard, signer->sha256, &found);
    if (found)
        *state = shard->signers[at]->state;
    pthread_mutex_unlock(&shard->lock);
    return found;
}

static struct signer *signer_of(const struct stir_certificate *certificate,
                                enum signer_state state, int64_t now)
{
    const char *subject = stir_certificate_text(certificate, "subject");

    if (subject == NULL)
        subject = "";
    size_t len = strlen(subject);
    struct signer *signer = calloc(1, sizeof *signer + len + 1);
    if (signer == NULL)
        return NULL;
    memcpy(signer->sha256, certificate->sha256, sizeof signer->sha256);
    memcpy(signer->spki_sha256, certificate->spki_sha256, sizeof signer->spki_sha256);
    memcpy(signer->subject, subject, len);
    signer->first_seen = signer->last_seen = now;
    signer->not_after = certificate->not_after;
    signer->state = state;
    return signer;
}

/* Days alone are worth writing the file for. */
static bool is_another_day(int64_t before, int64_t now)
{
    return now / 86400 != before / 86400;
}

/* 1 where it was there. */
static int note_known(struct signers *signers, struct shard *shard, const uint8_t *sha256,
                      enum signer_state state, int64_t now)
{
    bool found;

    pthread_mutex_lock(&shard->lock);
    size_t at = place_of(shard, sha256, &found);
    if (found) {
        struct signer *known = shard->signers[at];
        if (is_another_day(known->last_seen, now))
            atomic_store(&signers->changed, true);
        if (now > known->last_seen)
            known->last_seen = now;
        if (state != known->state
            && (state >= SIGNER_ACCEPTED || known->state < SIGNER_ACCEPTED)) {
            known->state = state;
            atomic_store(&signers->changed, true);
        }
    }
    pthread_mutex_unlock(&shard->lock);
    return found;
}

int signers_note(struct signers *signers, const struct stir_certificate *certificate,
                 enum signer_state state, int64_t now)
{
    struct shard *shard = shard_of(signers, certificate->sha256);

    if (note_known(signers, shard, certificate->sha256, state, now) == 1)
        return 0;
    struct signer *signer = signer_of(certificate, state, now);
    if (signer == NULL)
        return STIR_E_NOMEM;
    atomic_store(&signers->changed, true);
    return take_over(signers, signer); /* another thread may have been first */
}

/* ---- The listing --------------------------------------------------------------------------- */

enum { SUBJECT, SHA256, SPKI_SHA256, FIRST_SEEN, DECISION };

static const char *decision_of(const struct signer *signer, const struct decisions *decisions)
{
    static const char *const names[] = {"", "hold", "accept", "refuse"};
    enum decision_line line =
        decisions_of_certificate(decisions, signer->sha256, signer->spki_sha256);

    return line == DECISION_DENY    ? "deny"
           : line == DECISION_ALLOW ? "allow"
                                    : names[signer->state];
}

static int set_hex(struct stir_rows *rows, size_t column, const uint8_t sha256[32])
{
    struct text hex = {0};

    text_add_hex(&hex, sha256, 32);
    char *text = text_take(&hex);
    int rc = text == NULL ? STIR_E_NOMEM : rows_set(rows, column, text);
    free(text);
    return rc;
}

static int add_row(struct stir_rows *rows, const struct signer *signer,
                   const struct decisions *decisions)
{
    char time[CLOCK_TEXT_SIZE];
    int rc = rows_add(rows);

    if (rc == 0)
        rc = rows_set(rows, SUBJECT, signer->subject);
    if (rc == 0)
        rc = set_hex(rows, SHA256, signer->sha256);
    if (rc == 0)
        rc = set_hex(rows, SPKI_SHA256, signer->spki_sha256);
    if (rc == 0)
        rc = rows_set(rows, FIRST_SEEN, clock_text(time, signer->first_seen));
    return rc != 0 ? rc : rows_set(rows, DECISION, decision_of(signer, decisions));
}

static int compare_first_seen(const void *a, const void *b)
{
    const struct signer *one = *(struct signer *const *)a, *other = *(struct signer *const *)b;

    if (one->first_seen != other->first_seen)
        return one->first_seen < other->first_seen ? -1 : 1;
    return memcmp(one->sha256, other->sha256, sizeof one->sha256);
}

static void lock_all(struct signers *signers, bool lock)
{
    for (size_t i = 0; i < SHARDS; i++)
        (lock ? pthread_mutex_lock : pthread_mutex_unlock)(&signers->shards[i].lock);
}

static int add_rows(struct stir_rows *rows, struct signers *signers,
                    const struct decisions *decisions)
{
    struct signer **all = calloc(LIMIT_SIGNERS, sizeof *all);
    size_t n = 0;
    int rc = 0;

    if (all == NULL)
        return STIR_E_NOMEM;
    lock_all(signers, true);
    for (size_t i = 0; i < SHARDS; i++)
        for (size_t k = 0; k < signers->shards[i].n; k++)
            all[n++] = signers->shards[i].signers[k];
    qsort(all, n, sizeof *all, compare_first_seen);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_row(rows, all[i], decisions);
    lock_all(signers, false);
    free(all);
    return rc;
}

struct stir_rows *signers_rows(struct signers *signers, const struct decisions *decisions)
{
    static const char *const columns[] = {"subject",    "sha256",   "spki_sha256",
                                          "first_seen", "decision", NULL};
    struct stir_rows *rows = rows_new(columns);

    if (rows == NULL || signers == NULL || add_rows(rows, signers, decisions) == 0)
        return rows;
    stir_rows_free(rows);
    return NULL;
}
