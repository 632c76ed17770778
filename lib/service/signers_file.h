/* The file of struct signers: lines read, written, and put in place as a whole. */
#ifndef STIR_SERVICE_SIGNERS_FILE_H
#define STIR_SERVICE_SIGNERS_FILE_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* What the hook said of one. SIGNER_UNDECIDED: it was seen, and nothing was asked. */
enum signer_state { SIGNER_UNDECIDED, SIGNER_HELD, SIGNER_ACCEPTED, SIGNER_REFUSED };

struct signer {
    uint8_t sha256[32], spki_sha256[32];
    int64_t first_seen, last_seen, not_after;
    enum signer_state state;
    char subject[]; /* shown form */
};

/* each takes the signer over, also where it fails. A file that is not there has no lines. 0,
   STIR_E_FILE, STIR_E_SYNTAX (the line is named), STIR_E_LIMIT, or what each returned. */
int signers_file_read(const char *path, int (*each)(void *arg, struct signer *signer),
                      void *arg, struct stir_error *error);
/* The same of text. */
int signers_file_parse(const char *text, size_t len,
                       int (*each)(void *arg, struct signer *signer), void *arg,
                       struct stir_error *error);
void signers_file_add_line(struct text *text, const struct signer *signer);
/* Holds PATH.lock for this process until *lock is closed. */
int signers_file_lock(const char *path, int *lock, struct stir_error *error);
/* Beside, synced, and renamed. Mode 0600. */
int signers_file_replace(const char *path, const char *text, size_t len,
                         struct stir_error *error);

#endif
