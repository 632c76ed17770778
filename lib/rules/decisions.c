/* Decisions about signers: lines of text, and what they say of a path. */
#include "rules/decisions.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void decisions_free(struct decisions *decisions)
{
    for (size_t i = 0; i < DECISION_SUBJECTS; i++)
        free(decisions->marks[i]);
    for (size_t i = 0; i < decisions->n_spcs; i++)
        free(decisions->spcs[i].spc);
    free(decisions->spcs);
    *decisions = (struct decisions){0};
}

/* What open_place() has made room for where there are n. */
static size_t room_of(size_t n)
{
    size_t room = 1;

    while (room < n)
        room *= 2;
    return room;
}

static int copy_marks(struct decisions *to, const struct decisions *from, size_t subject)
{
    size_t n = from->n_marks[subject], size = sizeof **from->marks;

    if (n == 0)
        return 0;
    if ((to->marks[subject] = malloc(room_of(n) * size)) == NULL)
        return STIR_E_NOMEM;
    memcpy(to->marks[subject], from->marks[subject], n * size);
    to->n_marks[subject] = n;
    return 0;
}

static int copy_spcs(struct decisions *to, const struct decisions *from)
{
    if (from->n_spcs == 0)
        return 0;
    if ((to->spcs = calloc(room_of(from->n_spcs), sizeof *to->spcs)) == NULL)
        return STIR_E_NOMEM;
    for (; to->n_spcs < from->n_spcs; to->n_spcs++) {
        struct decision_spc spc = from->spcs[to->n_spcs];
        if ((spc.spc = text_copy(spc.spc, strlen(spc.spc))) == NULL)
            return STIR_E_NOMEM;
        to->spcs[to->n_spcs] = spc;
    }
    return 0;
}

int decisions_copy(struct decisions *to, const struct decisions *from)
{
    int rc = 0;

    *to = (struct decisions){.others = from->others};
    for (size_t i = 0; rc == 0 && i < DECISION_SUBJECTS; i++)
        rc = copy_marks(to, from, i);
    if (rc == 0)
        rc = copy_spcs(to, from);
    if (rc < 0)
        decisions_free(to);
    return rc;
}

/* ---- Lines --------------------------------------------------------------------------------- */

struct field {
    const char *text;
    size_t len;
};

enum { FIELDS = 3 };

struct reader {
    struct decisions *decisions;
    size_t line;
    struct stir_error *error;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The fields of a line before a comment; how many there are, at most one more than FIELDS. */
static size_t split(const char *line, size_t len, struct field fields[FIELDS])
{
    size_t n = 0;

    for (size_t i = 0; i < len;) {
        size_t start = i;
        if (is_blank(line[i])) {
            i++;
            continue;
        }
        if (line[i] == '#')
            break;
        while (i < len && !is_blank(line[i]) && line[i] != '#')
            i++;
        if (n == FIELDS)
            return FIELDS + 1;
        fields[n++] = (struct field){line + start, i - start};
    }
    return n;
}

static bool is(const struct field *field, const char *word)
{
    return field->len == strlen(word) && memcmp(field->text, word, field->len) == 0;
}

static int refuse(const struct reader *reader, const char *wanted, const struct field *found)
{
    char room[SHOWN_SIZE];

    return error_set(reader->error, STIR_E_SYNTAX,
                     "decisions, line %zu: wanted %s, found \"%s\"", reader->line, wanted,
                     shown(room, found->text, found->len));
}

static int nibble(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

static bool read_hex(const char *text, size_t octets, uint8_t *to)
{
    for (size_t i = 0; i < octets; i++) {
        int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Where the mark is, or would be. */
static size_t find_mark(const struct decisions *decisions, enum decision_subject subject,
                        const uint8_t *sha256, bool *found)
{
    size_t low = 0, high = decisions->n_marks[subject];

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(decisions->marks[subject][middle].sha256, sha256, 32);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
        *found |= order == 0;
    }
    return low;
}

static size_t find_spc(const struct decisions *decisions, const char *spc, bool *found)
{
    size_t low = 0, high = decisions->n_spcs;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(decisions->spcs[middle].spc, spc);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
        *found |= order == 0;
    }
    return low;
}

/* Room for one more at that place. Arrays grow when their size reaches a power of two. */
static int open_place(void **array, size_t n, size_t at, size_t size)
{
    if ((n & (n - 1)) == 0) {
        void *more = realloc(*array, (n == 0 ? 1 : 2 * n) * size);
        if (more == NULL)
            return STIR_E_NOMEM;
        *array = more;
    }
    char *place = (char *)*array + at * size;
    memmove(place + size, place, (n - at) * size);
    return 0;
}

static int add_mark(const struct reader *reader, enum decision_subject subject,
                    const struct field *what, bool denied)
{
    struct decisions *decisions = reader->decisions;
    struct decision_mark mark = {.denied = denied};
    bool found;

    if (what->len != 64 || !read_hex(what->text, 32, mark.sha256))
        return refuse(reader, "a SHA-256 of 64 hexadecimal digits", what);
    size_t at = find_mark(decisions, subject, mark.sha256, &found);
    if (found) {
        decisions->marks[subject][at].denied |= denied;
        return 0;
    }
    if (open_place((void **)&decisions->marks[subject], decisions->n_marks[subject], at,
                   sizeof mark)
        < 0)
        return error_no_memory(reader->error);
    decisions->marks[subject][at] = mark;
    decisions->n_marks[subject]++;
    return 0;
}

/* As texts of the library show it: \xNN is an octet. False: it is no SPC. */
static bool read_spc(const struct field *what, char *to)
{
    for (size_t i = 0; i < what->len; i++) {
        uint8_t octet = (uint8_t)what->text[i];
        if (octet == '\\') {
            if (what->len - i < 4 || what->text[i + 1] != 'x'
                || !read_hex(what->text + i + 2, 1, &octet))
                return false;
            i += 3;
        }
        if (octet < 0x20 || octet > 0x7E)
            return false;
        *to++ = (char)octet;
    }
    *to = '\0';
    return true;
}

static int add_spc(const struct reader *reader, const struct field *what, bool denied)
{
    struct decisions *decisions = reader->decisions;
    char *spc = malloc(what->len + 1);
    bool found;

    if (spc == NULL)
        return error_no_memory(reader->error);
    if (!read_spc(what, spc)) {
        free(spc);
        return refuse(reader, "an SPC of printable ASCII, other octets as \\xNN", what);
    }
    size_t at = find_spc(decisions, spc, &found);
    if (found) {
        decisions->spcs[at].denied |= denied;
        free(spc);
        return 0;
    }
    if (open_place((void **)&decisions->spcs, decisions->n_spcs, at, sizeof *decisions->spcs)
        < 0) {
        free(spc);
        return error_no_memory(reader->error);
    }
    decisions->spcs[at] = (struct decision_spc){spc, denied};
    decisions->n_spcs++;
    return 0;
}

static int add_others(const struct reader *reader, const struct field *what)
{
    enum decision_line line = is(what, "allow")  ? DECISION_ALLOW
                              : is(what, "hold") ? DECISION_HOLD
                              : is(what, "deny") ? DECISION_DENY
                                                 : DECISION_NONE;

    if (line == DECISION_NONE)
        return refuse(reader, "others allow, others hold or others deny", what);
    if (line > reader->decisions->others)
        reader->decisions->others = line;
    return 0;
}

static int add_line(const struct reader *reader, const char *line, size_t len)
{
    static const char *const subjects[] = {"certificate", "key", "spc", "anchor"};
    struct field fields[FIELDS], whole = {line, len};
    size_t n = split(line, len, fields), subject = 0;

    if (n == 0)
        return 0;
    if (n == 2 && is(&fields[0], "others"))
        return add_others(reader, &fields[1]);
    if (n != FIELDS || (!is(&fields[0], "allow") && !is(&fields[0], "deny")))
        return refuse(reader, "allow or deny, a subject, and which; or others, and what",
                      &whole);
    while (subject < DECISION_SUBJECTS && !is(&fields[1], subjects[subject]))
        subject++;
    if (subject == DECISION_SUBJECTS)
        return refuse(reader, "certificate, key, spc or anchor", &fields[1]);
    bool denied = is(&fields[0], "deny");
    return subject == DECISION_SPC
               ? add_spc(reader, &fields[2], denied)
               : add_mark(reader, (enum decision_subject)subject, &fields[2], denied);
}

int decisions_add_text(struct decisions *decisions, const char *text, size_t len,
                       struct stir_error *error)
{
    struct reader reader = {decisions, 0, error};
    int rc = 0;

    while (rc == 0 && len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end == NULL ? len : (size_t)(end - text);
        reader.line++;
        rc = add_line(&reader, text, line);
        line += end != NULL;
        text += line;
        len -= line;
    }
    return rc;
}

/* ---- What they say ------------------------------------------------------------------------- */

static enum decision_line by_mark(const struct decisions *decisions,
                                  enum decision_subject subject, const uint8_t *sha256)
{
    bool found;
    size_t at = find_mark(decisions, subject, sha256, &found);

    if (!found)
        return DECISION_NONE;
    return decisions->marks[subject][at].denied ? DECISION_DENY : DECISION_ALLOW;
}

static enum decision_line stricter(enum decision_line a, enum decision_line b)
{
    return a > b ? a : b;
}

enum decision_line decisions_of_certificate(const struct decisions *decisions,
                                            const uint8_t sha256[32],
                                            const uint8_t spki_sha256[32])
{
    return stricter(by_mark(decisions, DECISION_CERTIFICATE, sha256),
                    by_mark(decisions, DECISION_KEY, spki_sha256));
}

/* By the SPCs of a list; the fewer are looked up among the others. *spc is one that decided. */
static enum decision_line by_spcs(const struct decisions *decisions,
                                  const struct stir_scope *scope, const char **spc)
{
    enum decision_line line = DECISION_NONE;
    bool few = decisions->n_spcs < scope->n_spc_set;
    size_t n = few ? decisions->n_spcs : scope->n_spc_set;

    for (size_t i = 0; i < n && line != DECISION_DENY; i++) {
        bool found = true;
        size_t at = i;
        if (few)
            found = scope_has_spc(scope, decisions->spcs[i].spc);
        else
            at = find_spc(decisions, scope->spc_set[i], &found);
        if (!found)
            continue;
        *spc = decisions->spcs[at].spc;
        line = decisions->spcs[at].denied ? DECISION_DENY : DECISION_ALLOW;
    }
    return line;
}

/* Of one certificate of the path; what names what decided, in room. */
static enum decision_line of_member(const struct decisions *decisions, const struct path *path,
                                    size_t depth, const char **what, char room[SHOWN_SIZE])
{
    const struct stir_certificate *certificate = path->certificates[depth];
    const char *spc = NULL;
    enum decision_line line,
        worst = by_mark(decisions, DECISION_CERTIFICATE, certificate->sha256);

    *what = "the certificate";
    line = by_mark(decisions, DECISION_KEY, certificate->spki_sha256);
    if (line > worst)
        *what = "its key";
    worst = stricter(worst, line);
    line = certificate->scope == NULL ? DECISION_NONE
                                      : by_spcs(decisions, certificate->scope, &spc);
    if (line > worst)
        *what = shown(room, spc, strlen(spc));
    worst = stricter(worst, line);
    line = depth + 1 == path->n && path->anchored
               ? by_mark(decisions, DECISION_ANCHOR, certificate->sha256)
               : DECISION_NONE;
    if (line > worst)
        *what = "the trust anchor";
    return stricter(worst, line);
}

enum decision_line decisions_of_path(const struct decisions *decisions, const struct path *path,
                                     struct stir_error *error)
{
    enum decision_line worst = DECISION_NONE;
    char name[CERTIFICATE_NAME_SIZE], room[SHOWN_SIZE];

    for (size_t i = 0; i < path->n; i++) {
        const char *what;
        enum decision_line line = of_member(decisions, path, i, &what, room);
        if (line == DECISION_DENY) {
            error_set_at(error, STIR_CODE_SIGNER_DENIED, (int)i,
                         "%s: %s%s is denied by the operator (key decisions)",
                         certificate_name(name, path->certificates[i], (int)i),
                         what == room ? "SPC " : "", what);
            return line;
        }
        worst = stricter(worst, line);
    }
    return worst;
}
