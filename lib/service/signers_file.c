/* The file of struct signers: strictly read, since it decides who may sign. */
#include "service/signers_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"

static const char *const states[] = {"-", "hold", "accept", "refuse"};

enum { FIELDS = 6 }; /* the subject, which may hold blanks, stands behind them */

/* ---- Reading ------------------------------------------------------------------------------- */

/* The field up to a blank, and past it; false: there is no blank. */
static bool take_field(const char **at, const char *end, const char **field, size_t *len)
{
    const char *blank = memchr(*at, ' ', (size_t)(end - *at));

    if (blank == NULL)
        return false;
    *field = *at;
    *len = (size_t)(blank - *at);
    *at = blank + 1;
    return true;
}

static bool read_digest(const char *text, size_t len, uint8_t digest[32])
{
    static const char digits[] = "0123456789abcdef";

    if (len != 64)
        return false;
    for (size_t i = 0; i < 64; i++) {
        const char *digit = memchr(digits, text[i], 16);
        if (digit == NULL)
            return false;
        digest[i / 2] = (uint8_t)(digest[i / 2] << 4 | (digit - digits));
    }
    return true;
}

static bool read_state(const char *text, size_t len, enum signer_state *state)
{
    for (size_t i = 0; i < 4; i++)
        if (strlen(states[i]) == len && memcmp(states[i], text, len) == 0) {
            *state = (enum signer_state)i;
            return true;
        }
    return false;
}

static bool is_shown(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    return true;
}

/* What a field is called where it is wrong; NULL: the line is good. */
static const char *read_fields(const char *line, const char *end, struct signer *signer)
{
    static const char *const names[FIELDS] = {
        "a SHA-256 of 64 digits 0-9 and a-f", "a SHA-256 of 64 digits 0-9 and a-f",
        "the time it was first seen",         "the time it was last seen",
        "the time its certificate ends",      "accept, refuse, hold or -"};
    for (size_t i = 0; i < FIELDS; i++) {
        const char *field;
        size_t len;
        if (!take_field(&line, end, &field, &len))
            return names[i];
        bool good = i == 0   ? read_digest(field, len, signer->sha256)
                    : i == 1 ? read_digest(field, len, signer->spki_sha256)
                    : i == 2 ? clock_parse_rfc3339(field, len, &signer->first_seen) == 0
                    : i == 3 ? clock_parse_rfc3339(field, len, &signer->last_seen) == 0
                    : i == 4 ? clock_parse_rfc3339(field, len, &signer->not_after) == 0
                             : read_state(field, len, &signer->state);
        if (!good)
            return names[i];
    }
    size_t len = (size_t)(end - line);
    if (!is_shown(line, len))
        return "a subject without control characters";
    memcpy(signer->subject, line, len);
    return NULL;
}

static int read_line(const char *line, size_t len, size_t number,
                     int (*each)(void *arg, struct signer *signer), void *arg,
                     struct stir_error *error)
{
    struct signer *signer = calloc(1, sizeof *signer + len + 1);
    char room[SHOWN_SIZE];

    if (signer == NULL)
        return error_no_memory(error);
    const char *wanted = read_fields(line, line + len, signer);
    if (wanted == NULL) {
        int rc = each(arg, signer);
        return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
    }
    free(signer);
    return error_set(error, STIR_E_SYNTAX, "signers, line %zu: wanted %s, found \"%s\"", number,
                     wanted, shown(room, line, len));
}

int signers_file_parse(const char *text, size_t len,
                       int (*each)(void *arg, struct signer *signer), void *arg,
                       struct stir_error *error)
{
    size_t number = 0;
    int rc = 0;

    while (rc == 0 && len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end == NULL ? len : (size_t)(end - text);
        number++;
        if (line > 0 && text[0] != '#')
            rc = read_line(text, line, number, each, arg, error);
        line += end != NULL;
        text += line;
        len -= line;
    }
    return rc;
}

int signers_file_read(const char *path, int (*each)(void *arg, struct signer *signer),
                      void *arg, struct stir_error *error)
{
    struct stir_error inner;
    char *text = NULL, room[SHOWN_SIZE];
    size_t len = 0;

    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    int rc = file_read(path, LIMIT_SIGNERS_FILE, &text, &len, error);
    if (rc < 0)
        return rc;
    error_clear(&inner);
    rc = signers_file_parse(text, len, each, arg, &inner);
    if (rc < 0)
        error_set(error, rc, "%s: %s", shown(room, path, strlen(path)), inner.text);
    free(text);
    return rc;
}

/* ---- Writing ------------------------------------------------------------------------------- */

void signers_file_add_line(struct text *text, const struct signer *signer)
{
    char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE], end[CLOCK_TEXT_SIZE];

    if (text->len == 0)
        text_add(text,
                 "# certificate, key, first seen, last seen, not after, decision, subject\n");
    text_add_hex(text, signer->sha256, 32);
    text_add(text, " ");
    text_add_hex(text, signer->spki_sha256, 32);
    text_addf(text, " %s %s %s %s %s\n", clock_text(first, signer->first_seen),
              clock_text(last, signer->last_seen), clock_text(end, signer->not_after),
              states[signer->state], signer->subject);
}

static int system_failed(const char *path, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    return error_set(error, STIR_E_FILE, "%s: %s", shown(room, path, strlen(path)),
                     strerror(errno));
}

/* PATH and what follows; NULL: out of memory. */
static char *beside(const char *path, const char *suffix)
{
    struct text text = {0};

    text_add(&text, path);
    text_add(&text, suffix);
    return text_take(&text);
}

int signers_file_lock(const char *path, int *lock, struct stir_error *error)
{
    char *name = beside(path, ".lock");

    if (name == NULL)
        return error_no_memory(error);
    *lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int rc = *lock >= 0 && flock(*lock, LOCK_EX) == 0 ? 0 : system_failed(name, error);
    if (rc < 0 && *lock >= 0)
        close(*lock);
    free(name);
    return rc;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, text, len);
        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            text += done;
            len -= (size_t)done;
        }
    }
    return fsync(fd) == 0;
}

int signers_file_replace(const char *path, const char *text, size_t len,
                         struct stir_error *error)
{
    char *name = beside(path, ".XXXXXX");
    int rc = 0;

    if (name == NULL)
        return error_no_memory(error);
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0) {
        rc = system_failed(path, error);
    } else {
        if (!write_all(fd, text, len) || rename(name, path) != 0) {
            rc = system_failed(path, error);
            unlink(name);
        }
        close(fd);
    }
    free(name);
    return rc;
}
