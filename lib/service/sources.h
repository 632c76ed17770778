/* The files of a source key (anchors, fetch_ca, ...): one, or every file of a folder. */
#ifndef STIR_SERVICE_SOURCES_H
#define STIR_SERVICE_SOURCES_H

#include "base/error.h"
#include "crypto/digest.h"

typedef int source_reader(void *arg, const char *data, size_t len, struct stir_error *error);

/*
 * Gives read what the file holds, or each file of the folder but hidden ones, in the order of
 * their names; a folder without any is an error, since nothing would come of it. Ends at the first
 * that read does not return 0 for, and returns that; the file is then named before the sentence.
 */
int sources_read(const char *path, size_t limit, source_reader *read, void *arg,
                 struct stir_error *error);

/* The files themselves. For source_files_free(), in any case. */
struct source_files {
    char **paths;
    size_t n;
};

int sources_list(const char *path, struct source_files *files, struct stir_error *error);
void source_files_free(struct source_files *files);

/* Something that is another one when a file, or a file in the folder, is another one or was
   written to. 0; STIR_E_FILE: it cannot be looked at, or is neither (a pipe). */
int sources_stamp(const char *path, uint8_t stamp[DIGEST_SHA256_SIZE],
                  struct stir_error *error);

#endif
