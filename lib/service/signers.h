/*
 * struct signers: which signers a verifier has seen, when, and what was decided about each by the
 * first_seen hook; kept in a file (policy signers_file) across restarts.
 *
 * A signer is its certificate, by SHA-256. Any number of threads may use it; looking one up
 * takes one of 16 locks. The file is read when the record is made and written by signers_save()
 * alone (stir_verifier_maintain(), and when the last reference goes), never in a call: as a
 * whole beside and renamed, under a lock of its own (FILE.lock), and what other processes put
 * there meanwhile is taken over. A process killed before has seen its newest signers for
 * nothing, and will see them again.
 *
 * Lines of the file, times as RFC 3339, the subject in its shown form and last:
 *
 *     SHA256 SPKI-SHA256 FIRST-SEEN LAST-SEEN NOT-AFTER accept|refuse|hold|- SUBJECT
 */
#ifndef STIR_SERVICE_SIGNERS_H
#define STIR_SERVICE_SIGNERS_H

#include "cert/certificate.h"
#include "rules/decisions.h"
#include "service/rows.h"
#include "service/signers_file.h"

struct signers;

/* Reads the file; path NULL or "": there is none, and nothing survives. A file that is not there
   yet is fine. NULL: STIR_E_NOMEM, STIR_E_FILE, STIR_E_SYNTAX (the line is named),
   STIR_E_LIMIT. */
struct signers *signers_new(const char *path, struct stir_error *error);
struct signers *signers_ref(struct signers *signers);
/* One reference; the last one saves, unless the process forked since. NULL is fine. */
void signers_free(struct signers *signers);
/* "" where it has none. */
const char *signers_path(const struct signers *signers);

/* What was decided; false: it was never seen. */
bool signers_find(struct signers *signers, const struct stir_certificate *signer,
                  enum signer_state *state);
/* It was seen now (seconds since 1970), and this was decided. What was accepted or refused before
   stays so, unless state is the other of the two. 0 or STIR_E_NOMEM. */
int signers_note(struct signers *signers, const struct stir_certificate *signer,
                 enum signer_state state, int64_t now);
/* Writes the file where there is something new. 0, or a failure, after which it is tried again
   the next time. */
int signers_save(struct signers *signers, struct stir_error *error);
/* STIR_LIST_SIGNERS, by first_seen: subject, sha256, spki_sha256, first_seen, decision. decision:
   allow or deny where a line names the certificate or its key, otherwise what the hook said.
   signers NULL: no rows. NULL: out of memory. */
struct stir_rows *signers_rows(struct signers *signers, const struct decisions *decisions);

#endif
